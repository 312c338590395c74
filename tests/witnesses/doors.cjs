// What axe-core and the screen say of the pages of readers: `node doors.cjs CHROMIUM URL FILE...` prints a JSON object, with
// an object for each file, width and mode, and what a browser makes of the page at the URL with all of its headers.
const { browse, onScreens } = require("./chrome.cjs");
const axe = require("axe-core");

const WIDTHS = [320, 1280];

async function look(page) {
  const { violations } = await page.evaluate(`axe.run(document, { resultTypes: ["violations"] })`);
  return {
    findings: violations.flatMap(({ id, impact, nodes }) => nodes.map(({ html }) => `${id} (${impact}): ${html.slice(0, 160)}`)),
    ...(await page.evaluate(`(${measures})()`)),
  };
}

/// What a finger has to hit and an eye has to read.
function measures() {
  const box = (element) => element.getBoundingClientRect();
  const shown = (selector) => [...document.querySelectorAll(selector)].filter((element) => !element.closest(".away"));
  const targets = shown("button, select, input[type=email], .choice");
  const letters = shown("button, select, input[type=email]");
  return {
    inner: innerWidth,
    scroll: Math.max(document.documentElement.scrollWidth, document.body.scrollWidth),
    ground: getComputedStyle(document.querySelector("main")).backgroundColor.match(/\d+/g).map(Number),
    targets: targets.map((element) => Math.min(box(element).height, box(element).width)),
    letters: letters.map((element) => parseFloat(getComputedStyle(element).fontSize)),
    scripts: document.scripts.length,
  };
}

async function main() {
  const [chromium, url, ...files] = process.argv.slice(2);
  const told = await browse(chromium, async (page) => {
    const looks = [];
    for (const file of files) {
      looks.push(...(await onScreens(page, file, WIDTHS, axe.source, look)));
    }
    const complaints = [];
    page.listeners.push(({ method, params }) => {
      if (method === "Log.entryAdded") complaints.push(params.entry.text);
    });
    await page.tell("Log.enable");
    await page.screen(WIDTHS[0], 900, "light");
    await page.open(url);
    return { looks, complaints, live: await page.evaluate(`(${measures})()`) };
  });
  process.stdout.write(JSON.stringify(told));
}

main();
