// Mails a letter to many readers with nodemailer's pool, each message made for its reader, for `benches/delivery.rs`:
// `node nodemailer_send.cjs MODULE PORT MESSAGES CONNECTIONS LETTER_HTML LETTER_TXT`. It keeps no record of who got it.
const fs = require("fs");
const [module_, port, messages, connections, html, text] = process.argv.slice(2);
const nodemailer = require(module_);

const pool = nodemailer.createTransport({
  pool: true,
  host: "127.0.0.1",
  port: Number(port),
  secure: false,
  ignoreTLS: true,
  maxConnections: Number(connections),
  maxMessages: Infinity,
});
const letter = { html: fs.readFileSync(html, "utf8"), text: fs.readFileSync(text, "utf8") };
let next = 0;
async function line() {
  while (next < Number(messages)) {
    const reader = next++;
    await pool.sendMail({
      from: "The Desk <letter@example.org>",
      to: `reader${reader}@d${reader % 7}.example`,
      subject: "A river rises",
      list: { unsubscribe: `https://example.org/leave?t=${reader}` },
      html: letter.html,
      text: letter.text,
    });
  }
}
// As many are made ahead as lines are open: a queue of all would only take memory.
Promise.all(Array.from({ length: Number(connections) * 2 }, line)).then(() => pool.close());
