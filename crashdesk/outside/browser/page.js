// The terminal measures its letters once, when it opens: the fonts come first, then its script.

const here = window.location;
let connected = false;

class DeskSocket extends WebSocket {
  // the terminal's script says that a desk has ended, never why
  constructor(address) {
    super(address);
    this.addEventListener("open", () => {
      connected = true;
      takeKeys();
    });
    this.addEventListener("close", (event) => {
      connected = false;
      if (event.reason) document.getElementById("reason").textContent = event.reason;
    });
  }
}

function takeKeys() {
  // without a click
  if (connected) document.querySelector(".xterm-helper-textarea")?.focus();
}

function fitTerminal(terminal) {
  const folder = here.pathname.replace(/[^/]*$/, "");
  terminal.dataset.sessionWebsocketUrl = `${here.protocol === "https:" ? "wss" : "ws"}://${here.host}${folder}ws`;
  const size = new URLSearchParams(here.search).get("fontsize");
  if (size && /^([6-9]|[1-4][0-9])$/.test(size)) terminal.dataset.fontSize = size;
}

async function openDesk() {
  fitTerminal(document.getElementById("terminal"));
  document.getElementById("again").addEventListener("click", () => here.reload());
  window.addEventListener("focus", takeKeys);
  window.WebSocket = DeskSocket;
  await Promise.allSettled(["", "bold "].map((face) => document.fonts.load(`${face}16px "Roboto Mono"`)));
  const script = document.createElement("script");
  script.src = "static/textual.js";
  script.addEventListener("load", () => window.onload());
  document.head.append(script);
}

window.addEventListener("load", openDesk);
