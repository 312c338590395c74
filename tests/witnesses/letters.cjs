// What axe-core and the screen say of letters: `node letters.cjs CHROMIUM FILE...` prints a JSON list, with an object for
// each letter, width and mode.
const { browse, onScreens } = require("./chrome.cjs");
const axe = require("axe-core");

const WIDTHS = [320, 600, 1280];
// A mail is a fragment of somebody else's page.
const RULES = { region: { enabled: false }, "landmark-one-main": { enabled: false } };
const GRAVE = ["serious", "critical"];

async function look(page) {
  const { violations } = await page.evaluate(
    `axe.run(document, { resultTypes: ["violations"], rules: ${JSON.stringify(RULES)} })`,
  );
  const grave = violations.filter(({ impact }) => GRAVE.includes(impact));
  return {
    findings: grave.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`)),
    ...(await page.evaluate(`({
      inner: innerWidth,
      scroll: Math.max(document.documentElement.scrollWidth, document.body.scrollWidth),
      ground: (${ground})(document.querySelector("h1")),
    })`)),
  };
}

/// The colour that an element stands on, as three numbers.
function ground(element) {
  for (; element; element = element.parentElement) {
    const [red, green, blue, alpha = 1] = getComputedStyle(element).backgroundColor.match(/[\d.]+/g).map(Number);
    if (alpha === 1) return [red, green, blue];
  }
  return [255, 255, 255];
}

/// The least contrast between the darkest and the lightest pixel of a line of text, as a client shows it that turns light
/// letters dark by itself: Chromium does so to pages that do not say that they can be dark.
async function turned(page, file) {
  await page.screen(600, 900, "light", 2);
  await page.open(`file://${file}`);
  await page.evaluate(`{
    for (const meta of document.querySelectorAll("meta[name$=color-scheme],meta[name$=color-schemes]")) meta.remove();
    for (const style of document.querySelectorAll("style"))
      style.textContent = style.textContent.replaceAll("color-scheme:light dark", "").replaceAll("prefers-color-scheme", "x");
  }`);
  await page.tell("Emulation.setAutoDarkModeOverride", { enabled: true });
  const height = await page.evaluate("Math.min(document.documentElement.scrollHeight, 4000)");
  const picture = await page.screenshot({ clip: { x: 0, y: 0, width: 600, height, scale: 1 } });
  await page.tell("Emulation.setAutoDarkModeOverride", {});
  return page.evaluate(`(${contrast})("data:image/png;base64,${picture}", ${height})`);
}

async function contrast(url, height) {
  const image = await createImageBitmap(await (await fetch(url)).blob());
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const linear = (value) => (value <= 10 ? value / 3294 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let least = { ratio: 21 };
  let lines = 0;
  let ground = 1;
  while (texts.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    for (const { left, top, width, height: tall } of range.getClientRects()) {
      if (width < 8 || tall < 8 || left + width > 600 || top + tall > height || !texts.currentNode.data.trim()) continue;
      const { data } = context.getImageData(left * 2, top * 2, width * 2, tall * 2);
      let [dark, bright] = [1, 0];
      for (let at = 0; at < data.length; at += 4) {
        const found = light(data.subarray(at, at + 3));
        dark = Math.min(dark, found);
        bright = Math.max(bright, found);
      }
      lines += 1;
      ground = Math.min(ground, dark);
      const ratio = (bright + 0.05) / (dark + 0.05);
      if (ratio < least.ratio) least = { ratio, text: texts.currentNode.data.trim().slice(0, 60) };
    }
  }
  return { ...least, lines, ground };
}

async function main() {
  const [chromium, ...files] = process.argv.slice(2);
  const found = await browse(chromium, async (page) => {
    const out = [];
    for (const file of files) {
      out.push(...(await onScreens(page, file, WIDTHS, axe.source, look)));
      out.push({ file, mode: "turned", width: 600, ...(await turned(page, file)) });
    }
    return out;
  });
  process.stdout.write(JSON.stringify(found));
}

main();
