// Shows each letter in a frame of each width, one after the other, and leaves what was seen as JSON in `#found`.
const place = (element) => {
  if (!element) return null;
  const { left, right, height } = element.getBoundingClientRect();
  return { left, right, height };
};
const look = (letter, width) =>
  new Promise((seen) => {
    const frame = document.createElement("iframe");
    frame.style.cssText = `display:block;border:0;width:${width}px;height:800px`;
    frame.srcdoc = letters[letter];
    frame.onload = () => {
      const { contentDocument: page, contentWindow: view } = frame;
      const root = page.documentElement;
      const wide = [...page.querySelectorAll("body *")].filter((element) => element.getBoundingClientRect().right > width);
      seen({
        letter,
        width,
        inner: view.innerWidth,
        scroll: Math.max(root.scrollWidth, page.body.scrollWidth),
        wide: wide.map((element) => `${element.localName}: ${element.textContent.trim().slice(0, 40)}`),
        unsubscribe: place(page.querySelector('a[href^="mailto:leave@"]')),
        listen: place(page.querySelector("a.button")),
        text: page.body.innerText,
      });
      frame.remove();
    };
    document.body.append(frame);
  });
(async () => {
  const found = [];
  for (const letter of letters.keys()) for (const width of widths) found.push(await look(letter, width));
  const out = document.createElement("pre");
  out.id = "found";
  out.textContent = JSON.stringify(found);
  document.body.replaceChildren(out);
})();
