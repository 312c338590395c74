// What a reader does with the pages: `node life.cjs CHROMIUM subscribe URL ADDRESS` fills in the form and sends it off,
// `node life.cjs CHROMIUM press URL` opens a page and presses its button. Prints a JSON object: what stood there before and
// after, and the cookies that the browser has by then.
const { browse } = require("./chrome.cjs");

const [, , chromium, deed, url, address] = process.argv;
const pause = (millis) => new Promise((done) => setTimeout(done, millis));
const text = (page) => page.evaluate("document.querySelector('main').innerText");

browse(chromium, async (page) => {
  await page.open(url);
  const before = await text(page);
  if (deed === "subscribe") {
    await page.evaluate("document.querySelector('#email').focus()");
    await page.tell("Input.insertText", { text: address });
    // As long as a person takes at least.
    await pause(2500);
  } else {
    await page.evaluate("document.querySelector('main form button').focus()");
  }
  const loaded = page.loaded();
  await page.press("Enter", 13);
  await loaded;
  const { cookies } = await page.tell("Network.getCookies");
  return { before, after: await text(page), at: await page.evaluate("location.pathname"), cookies: cookies.length };
}).then(
  (seen) => console.log(JSON.stringify(seen)),
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
