// Where the page's life begins. notes.js says so if it never does.
import { begin } from "./page.js";
import { reachWide } from "./wide.js";

if (["Worker", "WebAssembly", "DecompressionStream", "IntersectionObserver"].every((name) => name in window)) {
  begin();
  document.documentElement.dataset.livePage = "";
}
reachWide();
