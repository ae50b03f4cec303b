// The book's own answer to an exercise is folded until the reader has passed it, has tried it three times, or
// asks for it. Folded code still runs, is open on paper, and was never folded where no script runs.
import { make } from "./dom.js";
import * as progress from "./progress.js";
import { keep, recall } from "./storage.js";
import { _ } from "./words.js";

const TRIES = 3;

export class Folds {
  constructor(page) {
    this.page = page;
    this.cells = page.cells.filter((cell) => cell.element.dataset.fold);
    for (const cell of this.cells) cell.element.prepend(this.cover(cell));
    this.update();
    this.reach();
    addEventListener("hashchange", () => this.reach());
  }

  get all() {
    return recall(`folds:${this.page.name}`) === "open";
  }

  // What stands in the place of the code.
  cover(cell) {
    const name = cell.element.dataset.fold;
    const words = make(
      "span",
      {},
      `${_("Try")} `,
      make("code", { textContent: name }),
      ` ${_("first: it is an exercise of this chapter.")}`,
    );
    const open = make("button", {
      type: "button",
      textContent: _("Show the book's code"),
      "data-fold-open": "",
      "aria-label": _("Show the book's code of {name}", { name }),
    });
    open.addEventListener("click", () => {
      keep(`fold:${this.page.name}:${name}`, "open");
      this.update();
    });
    return make("div", { className: "live-fold" }, words, open);
  }

  isOpen(cell) {
    const { name } = this.page;
    const { fold } = cell.element.dataset;
    return (
      this.all ||
      cell.changed ||
      recall(`fold:${name}:${fold}`) === "open" ||
      progress.isRight(name, fold) ||
      progress.tries(name, fold) >= TRIES
    );
  }

  update() {
    for (const cell of this.cells) cell.element.dataset.foldState = this.isOpen(cell) ? "open" : "folded";
    if (this.button) this.button.textContent = this.label;
  }

  get label() {
    return this.all ? _("Fold the answers") : _("Show all answers");
  }

  // One switch for the page, for teachers and for paper.
  switch() {
    if (!this.cells.length) return null;
    this.button = make("button", { type: "button", textContent: this.label, "data-fold-all": "" });
    this.button.addEventListener("click", () => {
      keep(`folds:${this.page.name}`, this.all ? "folded" : "open");
      this.update();
    });
    return this.button;
  }

  // A link to a line of code that is folded leads to its cover.
  reach() {
    const id = decodeURIComponent(location.hash.slice(1));
    const cell = id && document.getElementById(id)?.closest('[data-fold-state="folded"]');
    if (cell) cell.scrollIntoView({ block: "center" });
  }
}
