// The widgets' states in the page's address. It is written when the reader pauses (browsers refuse more than
// some hundred changes in half a minute), and when the page is left: going back finds it there. A reload asks
// for the address as it was when the reload began, so what the page last knew is left for it in the tab's own
// memory.

import { readFragment, writeFragment } from "./state.js";

const PAUSE = 300; // milliseconds
const LEFT = "deltabook-left";
const waiting = new Map(); // widget → its state, of which the address has not heard
let timer = null;
let started = false;
let written = false;

function write() {
  clearTimeout(timer);
  if (!waiting.size) return;
  const hash = [...waiting].reduce((h, [id, state]) => writeFragment(id, state, h), location.hash);
  waiting.clear();
  written = true;
  history.replaceState(history.state, "", hash);
}

function leave() {
  write();
  if (!written) return;
  try {
    sessionStorage.setItem(LEFT, JSON.stringify({ page: location.pathname, hash: location.hash }));
  } catch {
    // storage is forbidden here: a reload within the pause loses the last move
  }
}

function comeBack() {
  try {
    const { page, hash } = JSON.parse(sessionStorage.getItem(LEFT)) ?? {};
    sessionStorage.removeItem(LEFT);
    const [visit] = performance.getEntriesByType("navigation");
    if (visit?.type === "reload" && page === location.pathname) history.replaceState(history.state, "", hash);
  } catch {
    // as above
  }
}

// Once a page, by the first widget of it.
function start() {
  if (started) return;
  started = true;
  comeBack();
  addEventListener("pagehide", leave);
}

// The state that the page's address has for a widget, or null.
export function fromAddress(id) {
  start();
  return readFragment(id, location.hash);
}

export function toAddress(id, state) {
  waiting.set(id, state);
  clearTimeout(timer);
  timer = setTimeout(write, PAUSE);
}
