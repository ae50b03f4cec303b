// Where the page's life begins. unsupported.js says so if it never does.
import { begin } from "./page.js";
import { reachWide } from "./focusable_equations.js";

if (
  ["Worker", "WebAssembly", "DecompressionStream", "IntersectionObserver"].every((name) => name in window)
) {
  begin();
  document.documentElement.dataset.livePage = "";
}
reachWide();
