// What a browser shows of the preview: `node preview.cjs CHROMIUM URL FILE PID` prints a JSON object. FILE is the page that
// the letter is made of, PID the process that shows it: both are changed along the way.
const { browse } = require("./chrome.cjs");
const fs = require("fs");
const axe = require("axe-core");

const pause = (millis) => new Promise((done) => setTimeout(done, millis));

/// Waits until an expression is true, whatever the page does meanwhile.
async function until(page, expression) {
  for (const begun = Date.now(); Date.now() - begun < 15000; await pause(50)) {
    if (await page.evaluate(expression).catch(() => false)) return;
  }
  throw new Error(`waited in vain for ${expression}`);
}

/// Each frame: how wide the letter finds it, what stands in it, on what ground.
async function frames(page, count) {
  for (const begun = Date.now(); page.frames().length < count && Date.now() - begun < 15000; ) await pause(50);
  const seen = page.frames().map(async (frame) => {
    await until(frame, `document.readyState === "complete" && document.querySelector("h1")`);
    return frame.evaluate(`({
      width: innerWidth,
      title: document.querySelector("h1").innerText,
      ground: getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number),
      scroll: document.documentElement.scrollWidth,
    })`);
  });
  return (await Promise.all(seen)).sort((one, other) => one.width - other.width);
}

/// Serious findings of axe-core in the page itself; what is in the frames is not its own.
async function findings(page) {
  await page.evaluate(`${axe.source}; true`);
  const { violations } = await page.evaluate(`axe.run(document, { iframes: false, resultTypes: ["violations"] })`);
  const grave = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
  return grave.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

/// Walks with the tabulator to a link, and follows it.
async function follow(page, words) {
  for (let steps = 0; steps < 40; steps += 1) {
    await page.press("Tab", 9);
    if ((await page.evaluate("document.activeElement.textContent")) !== words) continue;
    const loaded = page.loaded();
    await page.press("Enter", 13);
    return loaded;
  }
  throw new Error(`no way to ${words} by the keyboard`);
}

/// Which pictures a letter asks for, which it may not have, and how many pixels of ink stand where the first one would be.
async function pictures(page, url) {
  const [asked, kept] = [new Set(), new Set()];
  const names = new Map();
  const listener = ({ method, params }) => {
    if (method === "Network.requestWillBeSent" && params.type === "Image") names.set(params.requestId, params.request.url);
    if (method === "Network.loadingFailed" && names.has(params.requestId))
      (params.blockedReason === "csp" ? kept : asked).add(names.get(params.requestId));
  };
  page.listeners.push(listener);
  await page.tell("Network.enable");
  await page.open(url);
  await pause(300);
  await page.tell("Network.disable");
  page.listeners.splice(page.listeners.indexOf(listener), 1);
  const place = await page.evaluate(`{
    const { x, y, width, height } = document.querySelector("img").getBoundingClientRect();
    ({ x, y, width, height, scale: 1 })
  }`);
  const picture = await page.screenshot({ clip: place });
  await page.open("about:blank");
  const ink = await page.evaluate(`(${darkPixels})("data:image/png;base64,${picture}")`);
  return { asked: [...asked].sort(), kept: [...kept].sort(), ink };
}

async function darkPixels(url) {
  const image = await createImageBitmap(await (await fetch(url)).blob());
  const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  let dark = 0;
  for (let at = 0; at < data.length; at += 4) if (data[at] + data[at + 1] + data[at + 2] < 450) dark += 1;
  return dark;
}

const FACTS = `({
  title: document.title,
  text: document.querySelector("pre").innerText,
  headers: [...document.querySelectorAll(".headers dt")].map((name) => [name.innerText, name.nextElementSibling.innerText]),
  size: document.querySelector("section[aria-labelledby=size]").innerText,
  bar: Number(document.querySelectorAll(".bar rect")[1].getAttribute("width")),
  findings: document.querySelector("section[aria-labelledby=findings]").innerText,
  scroll: document.documentElement.scrollWidth,
})`;

/// The page with another title, and a link that readers cannot trust.
const again = (page) =>
  page.replaceAll("The night bus learns", "By noon the bus learns").replace("https://ferry.example/smoke", "https://bit.ly/smoke");

async function main() {
  const [chromium, url, file, pid] = process.argv.slice(2);
  const seen = await browse(chromium, async (page) => {
    const out = {};
    await page.screen(1440, 1400, "light");
    await page.open(url);
    out.facts = await page.evaluate(FACTS);
    out.light = await frames(page, 3);
    out.findings = await findings(page);
    await follow(page, "Dark");
    out.dark = await frames(page, 3);
    await follow(page, "No pictures");
    out.address = await page.evaluate("location.search");
    // The preview itself by night, and on a small screen.
    await page.screen(360, 800, "dark");
    await page.open(url);
    out.night = { findings: await findings(page), scroll: await page.evaluate("document.documentElement.scrollWidth") };
    await page.screen(800, 800, "light");
    out.shown = await pictures(page, `${url}letter`);
    out.hidden = await pictures(page, `${url}letter?pictures=off`);

    await page.open(url);
    const before = fs.readFileSync(file, "utf8");
    fs.writeFileSync(file, again(before));
    await until(page, `document.title.startsWith("By noon")`);
    out.again = await frames(page, 3);
    out.changed = await page.evaluate(FACTS);
    fs.writeFileSync(file, "");
    await until(page, `document.querySelector(".why") !== null`);
    out.trouble = await page.evaluate(`document.querySelector(".why").innerText`);
    out.troubleFindings = await findings(page);
    fs.writeFileSync(file, before);
    await until(page, `document.querySelector("iframe") !== null`);
    process.kill(Number(pid), "SIGINT");
    await until(page, `document.getElementById("line").textContent !== ""`);
    out.ended = await page.evaluate(`document.getElementById("line").innerText`);
    return out;
  });
  process.stdout.write(JSON.stringify(seen));
}

main();
