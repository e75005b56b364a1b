// What the terminal of textual-serve leaves to its page. Runs before textual.js, which sets window.onload.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const terminal = document.getElementById("terminal");
  const begin = window.onload;
  const ended = new MutationObserver(() => {
    if (document.body.classList.contains("-closed")) {
      // Browsers open a window only just after a key or click, and a long export outlasts that; a link saves at any time.
  const open = window.open.bind(window);
  window.open = (url, ...rest) => {
    if (!url.startsWith(`${window.location.origin}/download/`)) {
      return open(url, ...rest);
    }
    const link = document.createElement("a");
    link.href = url;
    link.download = "";
    link.click();
    return null;
  };

  document.getElementById("again").focus();
    }
  });

  // The visit is at this page's own address, whatever a proxy in front of the server is called.
  const visit = new URL("ws", window.location.href);
  visit.protocol = visit.protocol === "https:" ? "wss:" : "ws:";
  visit.search = "";
  terminal.dataset.sessionWebsocketUrl = visit.href;

  // The terminal measures its letters once, so the font must be there before it begins.
  window.onload = async (event) => {
    const size = `${terminal.dataset.fontSize}px "Roboto Mono"`;
    await Promise.allSettled([document.fonts.load(size), document.fonts.load(`bold ${size}`)]);
    begin(event);
    document.querySelector(".xterm-helper-textarea").focus();
  };

  document.getElementById("again").addEventListener("click", () => window.location.reload());
  ended.observe(document.body, { attributeFilter: ["class"] });
});
