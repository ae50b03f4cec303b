// Where the page's life begins. unsupported.js says so if it never does.
import { make } from "./dom.js";
import { reachWide } from "./wide.js";
import { offerMine } from "./notebook.js";
import { Page } from "./page.js";
import * as progress from "./progress.js";
import { settings, WITHOUT_PYTHON } from "./settings.js";
import { onOtherTab } from "./storage.js";
import { _, n_ } from "./words.js";

function addRunAllButton(page) {
  const first = page.cells.find((cell) => !cell.exercise);
  if (!first) return;
  const button = make("button", {
    type: "button",
    textContent: _("Run all"),
    "aria-label": _("Run all cells of this page"),
  });
  const words = make("span", { className: "live-report", role: "status" });
  button.addEventListener("click", async () => {
    words.replaceChildren();
    report(words, await page.runner.runAll());
  });
  const bar = make("div", { className: "live-all" }, button, page.folds.switch() ?? "", words);
  first.element.before(bar);
}

// What came of Run all, with a link to the cell that stopped it.
function report(words, { ran, failed, left }) {
  words.dataset.state = failed ? "failed" : "done";
  if (!failed) {
    words.textContent = n_("The cell ran.", "All {n} cells ran.", ran);
    return;
  }
  const link = make("a", {
    href: `#${failed.element.id}`,
    textContent: _("Cell [{number}]", { number: failed.number }),
  });
  const rest = left
    ? n_("failed, so the cell after it did not run.", "failed, so the {n} cells after it did not run.", left)
    : _("failed.");
  words.replaceChildren(link, ` ${rest}`);
  failed.element.scrollIntoView({ block: "center" });
}

// CodeMirror for the exercises as they come near, and Python; other cells get both when they are touched.
function prepareNearby(page) {
  const near = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        page.cellAt(target).editor.enrich();
        page.startAhead();
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
    prepareNearby(page);
    onOtherTab((key, text) => {
      page.cells.find((cell) => cell.key === key)?.heard(text);
      progress.show();
      page.folds.update();
    });
    // Leaving frees Python's memory; coming back starts from what is shown.
    addEventListener("pagehide", () => page.leave());
  }
  progress.show();
  progress.watchQuestions(page.name);
  const place = document.querySelector("[data-my-progress]");
  if (place) import("./progress_page.js").then(({ showProgress }) => showProgress(place));
}

const NEEDED = ["Worker", "WebAssembly", "DecompressionStream", "IntersectionObserver"];
if (NEEDED.every((name) => name in window)) {
  begin();
  document.documentElement.dataset.livePage = "";
  // Where a catalogue came late, unsupported.js has given the page up too early.
  const note = document.querySelector("[data-live-unsupported]");
  if (note) document.documentElement.dataset.liveStatus = "off";
  note?.remove();
}
reachWide();
if (document.querySelector(".question[data-kind]"))
  import("./questions/index.js").then(({ showQuestions }) => showQuestions(settings.page));
