// What html-validate says of letters and pages: `node markup.cjs FILE...` prints a JSON object, file by file a list of findings.
const { HtmlValidate } = require("html-validate");

const validator = new HtmlValidate({
  root: true,
  extends: ["html-validate:recommended", "html-validate:document"],
  rules: {
    // Mail programs drop style sheets, Outlook lays out by attributes and reads comments of its own.
    "no-inline-style": "off",
    "no-deprecated-attr": "off",
    "no-conditional-comment": "off",
    // Webmail drops <html>, <body> and <article>: their language and role stand on a <div>.
    "prefer-native-element": ["error", { exclude: ["article"] }],
    // The title is the subject, whose length is the desk's affair.
    "long-title": "off",
    // Fields of one name are several answers to one question.
    "form-dup-name": "off",
    // Taste: each parses the same.
    "prefer-tbody": "off",
    "doctype-style": "off",
  },
});

async function main() {
  const out = {};
  for (const file of process.argv.slice(2)) {
    const { results } = await validator.validateFile(file);
    out[file] = results.flatMap(({ messages }) =>
      messages.map(({ ruleId, line, message }) => `${ruleId} in line ${line}: ${message}`),
    );
  }
  process.stdout.write(JSON.stringify(out));
}

main();
