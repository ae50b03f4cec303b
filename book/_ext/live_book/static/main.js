// Where the page's life begins. unsupported.js says so if it never does.
import { make } from "./dom.js";
import { reachWide } from "./focusable_equations.js";
import { offerMine } from "./notebook.js";
import { Page } from "./page.js";
import * as progress from "./progress.js";
import { settings, WITHOUT_PYTHON } from "./settings.js";
import { onOtherTab } from "./storage.js";

function addRunAllButton(page) {
  const first = page.cells.find((cell) => !cell.exercise);
  if (!first) return;
  const button = make("button", {
    type: "button",
    textContent: "Run all",
    "aria-label": "Run all cells of this page",
  });
  button.addEventListener("click", () => page.runner.runAll());
  first.run.after(button);
}

// CodeMirror for the exercises as they come near; other cells get it when they are touched.
function enrichEditorsNearby(page) {
  const near = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        page.cellAt(target).editor.enrich();
      }
    },
    { rootMargin: "300px" },
  );
  for (const cell of page.exercises) near.observe(cell.element);
}

function begin() {
  const page = new Page();
  if (page.cells.length) {
    addRunAllButton(page);
    offerMine(page.exercises);
    if (!settings.python)
      page.cells[0].element.before(make("p", { className: "live-note", textContent: WITHOUT_PYTHON }));
    enrichEditorsNearby(page);
    onOtherTab((key, text) => {
      page.cells.find((cell) => cell.key === key)?.heard(text);
      progress.show();
    });
    // Leaving frees Python's memory; coming back starts from what is shown.
    addEventListener("pagehide", () => page.leave());
  }
  progress.show();
}

const NEEDED = ["Worker", "WebAssembly", "DecompressionStream", "IntersectionObserver"];
if (NEEDED.every((name) => name in window)) {
  begin();
  document.documentElement.dataset.livePage = "";
}
reachWide();
