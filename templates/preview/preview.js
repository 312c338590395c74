// Asks once a second whether the letter is still the one on the page, and loads the page again where it is not.
const state = document.documentElement.dataset.state;
const line = document.getElementById("line");
const ask = async () => {
  try {
    const reply = await fetch("/state");
    if ((await reply.text()) !== state) return location.reload();
    line.textContent = "";
  } catch {
    line.textContent = "griot has ended: what you see may be old";
  }
  setTimeout(ask, 1000);
};
setTimeout(ask, 1000);
