// A Chromium without a window, driven over a pipe by the DevTools protocol, which needs no package:
// `browse(chromium, async (page) => ...)` gives what the visit gives, and ends the browser.
const { spawn } = require("child_process");
const fs = require("fs");
const os = require("os");
const path = require("path");

const FLAGS = [
  "--headless",
  "--remote-debugging-pipe",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--hide-scrollbars",
  // The pictures of a letter lead nowhere: a test asks nobody but this machine.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

async function browse(chromium, visit) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "griot-chromium-"));
  const browser = spawn(chromium, [...FLAGS, `--user-data-dir=${profile}`, "about:blank"], {
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    // A group of its own, so that its helpers end with it.
    detached: true,
  });
  const ended = new Promise((done) => browser.on("exit", done));
  try {
    return await visit(await firstPage(connection(browser, ended)));
  } finally {
    try {
      process.kill(-browser.pid, "SIGKILL");
    } catch (error) {
      if (error.code !== "ESRCH") throw error;
    }
    await ended;
    // Whoever was about to write into the profile is given time to end.
    fs.rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/// Commands out, replies and events in, each a JSON text that ends with a NUL.
function connection(browser, ended) {
  const [, , , commands, replies] = browser.stdio;
  const waiting = new Map();
  const listeners = [];
  let number = 0;
  let rest = Buffer.alloc(0);
  replies.on("data", (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    for (let end; (end = rest.indexOf(0)) >= 0; rest = rest.subarray(end + 1)) {
      const message = JSON.parse(rest.subarray(0, end).toString("utf8"));
      const reply = waiting.get(message.id);
      waiting.delete(message.id);
      if (reply && message.error) reply.reject(new Error(`${reply.method}: ${message.error.message}`));
      else if (reply) reply.resolve(message.result);
      else listeners.forEach((listener) => listener(message));
    }
  });
  ended.then(() => waiting.forEach(({ method, reject }) => reject(new Error(`${method}: the browser ended`))));
  const send = (method, params = {}, sessionId) =>
    new Promise((resolve, reject) => {
      number += 1;
      waiting.set(number, { method, resolve, reject });
      commands.write(JSON.stringify({ id: number, method, params, sessionId }) + "\0");
    });
  return { send, listeners };
}

async function firstPage({ send, listeners }) {
  const { targetId } = await send("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
  const page = { ...sight(send, sessionId), listeners };
  const event = (method) =>
    new Promise((come) => {
      listeners.push(function listener(message) {
        if (message.method !== method || message.sessionId !== sessionId) return;
        listeners.splice(listeners.indexOf(listener), 1);
        come(message.params);
      });
    });
  // Frames that may do nothing live in processes of their own.
  const frames = new Map();
  listeners.push(({ method, params }) => {
    if (method === "Target.attachedToTarget") frames.set(params.sessionId, sight(send, params.sessionId));
    if (method === "Target.detachedFromTarget") frames.delete(params.sessionId);
  });
  await page.tell("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: true });
  await page.tell("Page.enable");
  return {
    ...page,
    frames: () => [...frames.values()],
    /// The next time that the page has loaded, by whatever it is made to.
    loaded: () => event("Page.loadEventFired"),
    /// Opens an address and waits until all of it has loaded or failed to.
    async open(url) {
      const loaded = event("Page.loadEventFired");
      const { errorText } = await page.tell("Page.navigate", { url });
      if (errorText) throw new Error(`${url}: ${errorText}`);
      await loaded;
    },
    /// A window of so many CSS pixels, by day or by night.
    async screen(width, height, scheme, scale = 1) {
      await page.tell("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: scale, mobile: false });
      await page.tell("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
    },
    async press(key, code) {
      const about = { key, code: key, windowsVirtualKeyCode: code, text: key === "Enter" ? "\r" : undefined };
      await page.tell("Input.dispatchKeyEvent", { type: about.text ? "keyDown" : "rawKeyDown", ...about });
      await page.tell("Input.dispatchKeyEvent", { type: "keyUp", ...about });
    },
    /// A picture of the page, as base64 of a PNG.
    async screenshot(options = {}) {
      const { data } = await page.tell("Page.captureScreenshot", { format: "png", captureBeyondViewport: true, ...options });
      return data;
    },
  };
}

/// A page or a frame of it.
function sight(send, sessionId) {
  const tell = (method, params) => send(method, params, sessionId);
  return {
    tell,
    /// The value of an expression, or of the promise that it is.
    async evaluate(expression) {
      const told = await tell("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
      const { exceptionDetails: failed, result } = told;
      if (failed) throw new Error(failed.exception?.description ?? failed.text);
      return result.value;
    },
  };
}

/// What `look` sees of a file by day and by night, at each of these widths, with a script of the test's own in the page.
async function onScreens(page, file, widths, script, look) {
  const seen = [];
  await page.screen(widths[0], 900, "light");
  await page.open(`file://${file}`);
  await page.evaluate(`${script}; true`);
  for (const mode of ["light", "dark"]) {
    for (const width of widths) {
      await page.screen(width, 900, mode);
      seen.push({ file, mode, width, ...(await look(page)) });
    }
  }
  return seen;
}

module.exports = { browse, onScreens };
