// One live cell on the page: its buttons, its text, its output.
import { make } from "./dom.js";
import { Editor } from "./editor.js";
import { recall, keep, forget } from "./storage.js";
import { Output, errorBox } from "./outputs.js";
import { N_, _ } from "./words.js";

const WORDS = { waiting: N_("waiting…"), running: N_("running…"), done: "", failed: "", saved: "" };

export class Cell {
  constructor(element, page) {
    this.element = element;
    this.page = page;
    this.name = element.dataset.liveCell;
    this.exercise = element.dataset.exercise ?? "";
    this.number = element.dataset.liveNumber ?? "";
    this.follows = null; // the exercise that runs before this cell, if it is a case of one
    this.tags = (element.dataset.tags ?? "").split(" ");
    this.code = element.querySelector(".cell_input") ?? element.querySelector("pre");
    this.original = (this.code.querySelector("pre") ?? this.code).textContent.replace(/\n$/, "");
    // A plain cell is known by its content: when the book's own text changes, what was written for the old
    // one doesn't stand in its place. An exercise stays the same exercise.
    this.key = `${page.name}:${this.exercise || element.dataset.liveVersion}`;
    this.output = new Output(element.querySelector("[data-live-output]"), page.controls);
    this.ranIn = -1; // the Python session in which this text last ran
    this.build();
  }

  build() {
    const label = this.exercise ? _("exercise {id}", { id: this.exercise }) : this.name.replaceAll("-", " ");
    this.editor = new Editor({
      label: _("Code of {label}. Tab indents; Escape, then Tab, leaves.", { label }),
      text: recall(this.key) ?? this.original,
      rich: this.page.richEditor,
      onChange: () => this.changedText(),
      onRun: () => this.page.run(this),
    });
    const button = (text, hook, press, title) =>
      make("button", {
        type: "button",
        textContent: text,
        title,
        onclick: press,
        [hook]: "",
        "aria-label": `${text} ${label}`,
      });
    this.run = button(_("Run"), "data-live-run", () => this.page.run(this), _("Run this cell (Shift+Enter)"));
    this.open = button(_("Edit"), "data-live-open", () => this.edit().focus());
    this.reset = button(_("Reset"), "data-live-reset", () => this.restore(), _("Back to the book's version"));
    this.stop = button(
      _("Stop"),
      "data-live-stop",
      () => this.page.stop(),
      _("Stop Python and start it again"),
    );
    this.stop.hidden = true;
    this.words = make("span", { className: "live-state", role: "status" });
    this.bar = make("div", { className: "live-bar" }, this.run);
    if (this.number)
      this.bar.prepend(make("span", { className: "live-number", textContent: `[${this.number}]` }));
    if (this.exercise) {
      this.check = button(
        _("Check"),
        "data-live-check",
        () => this.page.check(this),
        _("Try it on the book's public inputs"),
      );
      this.bar.append(this.check);
      this.feedback = make("div", {
        className: "live-feedback",
        "data-live-feedback": "",
        "aria-live": "polite",
      });
      this.element.append(this.feedback);
    }
    this.bar.append(this.open, this.reset, this.stop, this.words);
    this.code.after(this.editor.element);
    (this.code.closest(".cell") ?? this.code).after(this.bar);
    if (this.exercise || this.changed) this.edit();
    this.mark();
    for (const kind of ["pointerenter", "focusin"]) this.element.addEventListener(kind, () => this.intent());
  }

  // The reader is about to use this cell.
  intent() {
    this.page.prefetch();
    this.editor.enrich();
  }

  edit() {
    this.editor.element.hidden = false;
    this.code.hidden = true;
    this.open.hidden = true;
    const fold = this.code.closest("details");
    if (fold && !this.changed) fold.open = true;
    return this.editor;
  }

  remove() {
    this.page.cells.splice(this.page.cells.indexOf(this), 1);
    this.element.remove();
  }

  restore() {
    this.editor.text = this.original;
    this.changedText();
  }

  changedText() {
    this.ranIn = -1;
    if (!this.changed) forget(this.key);
    else if (!keep(this.key, this.editor.text)) this.words.textContent = _("kept until this page closes");
    this.mark();
  }

  // Another tab changed this cell.
  heard(text) {
    if (this.editor.busy || (text ?? this.original) === this.editor.text) return;
    this.editor.text = text ?? this.original;
    if (this.changed) this.edit();
    this.ranIn = -1;
    this.mark();
  }

  get changed() {
    return this.editor.text !== this.original;
  }

  get source() {
    return this.editor.text;
  }

  mark() {
    this.reset.hidden = !this.changed;
  }

  get state() {
    return this.element.dataset.liveState;
  }

  set state(state) {
    this.element.dataset.liveState = state;
    this.stop.hidden = state !== "waiting" && state !== "running";
    this.words.textContent = WORDS[state];
    this.element.setAttribute("aria-busy", String(!this.stop.hidden));
  }

  // What went wrong outside the cell's own code, and a way to try again.
  fail(text, again) {
    this.state = "failed";
    const where = again && this.feedback && again === "check" ? this.feedback : this.output.element;
    where.replaceChildren(errorBox({ summary: text, text: "" }));
    if (!again) return;
    const retry = make("button", { type: "button", className: "live-retry", textContent: _("Try again") });
    retry.addEventListener("click", () => this.page[again](this));
    where.firstElementChild.append(retry);
  }
}
