// One live cell on the page: its buttons, its text, its output.
import { recall, keep, forget } from "./memory.js";
import { Output, errorBox } from "./outputs.js";

function button(text, hook, title) {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = text;
  element.setAttribute(hook, "");
  if (title) element.title = title;
  return element;
}

export class Cell {
  constructor(element, page) {
    this.element = element;
    this.page = page;
    this.name = element.dataset.liveCell;
    this.exercise = element.dataset.exercise ?? "";
    this.key = `${page.name}:${this.name}`;
    this.code = element.querySelector(".cell_input") ?? element.querySelector("pre");
    this.original = (this.code.querySelector("pre") ?? this.code).textContent.replace(/\n$/, "");
    this.output = new Output(element.querySelector("[data-live-output]"), page.controls);
    this.ranIn = -1; // the Python session in which this text last ran
    this.build();
  }

  build() {
    const label = this.exercise ? `exercise ${this.exercise}` : this.name.replace("-", " ");
    this.editor = document.createElement("textarea");
    Object.assign(this.editor, { className: "live-editor", spellcheck: false, autocomplete: "off", hidden: true });
    this.editor.setAttribute("data-live-edit", "");
    this.editor.setAttribute("autocapitalize", "off");
    this.editor.setAttribute("aria-label", `Code of ${label}. Tab indents; Escape, then Tab, leaves.`);
    this.editor.value = recall(this.key) ?? this.original;

    this.run = button("Run", "data-live-run", "Run this cell (Shift+Enter)");
    this.open = button("Edit", "data-live-open");
    this.reset = button("Reset", "data-live-reset", "Back to the book's version");
    this.stop = button("Stop", "data-live-stop", "Stop Python and start it again");
    for (const [b, what] of [[this.run, "Run"], [this.open, "Edit"], [this.reset, "Reset"], [this.stop, "Stop"]]) b.setAttribute("aria-label", `${what} ${label}`);
    this.stop.hidden = true;
    this.words = document.createElement("span");
    this.words.className = "live-state";
    this.words.setAttribute("role", "status");
    const bar = document.createElement("div");
    bar.className = "live-bar";
    bar.append(this.run);
    if (this.exercise) {
      this.check = button("Check", "data-live-check", "Try it on the book's public inputs");
      this.check.setAttribute("aria-label", `Check ${label}`);
      bar.append(this.check);
      this.check.addEventListener("click", () => this.page.check(this));
    }
    bar.append(this.open, this.reset, this.stop, this.words);
    this.code.after(this.editor);
    (this.code.closest(".cell") ?? this.code).after(bar);
    if (this.exercise) {
      this.feedback = document.createElement("div");
      this.feedback.className = "live-feedback";
      this.feedback.setAttribute("data-live-feedback", "");
      this.feedback.setAttribute("aria-live", "polite");
      this.element.append(this.feedback);
    }
    this.listen();
    if (this.exercise || this.changed) this.edit();
    this.mark();
  }

  listen() {
    this.run.addEventListener("click", () => this.page.run(this));
    this.open.addEventListener("click", () => {
      this.edit();
      this.editor.focus();
    });
    this.reset.addEventListener("click", () => {
      forget(this.key);
      this.editor.value = this.original;
      this.changedText();
    });
    this.stop.addEventListener("click", () => this.page.stop());
    this.editor.addEventListener("input", () => this.changedText());
    let leaving = false;
    this.editor.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.shiftKey || event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.page.run(this);
      } else if (event.key === "Escape") leaving = true;
      else if (event.key === "Tab" && !leaving && !event.shiftKey) {
        event.preventDefault();
        this.insert("    ");
      } else if (event.key === "Enter") {
        event.preventDefault();
        const line = this.editor.value.slice(0, this.editor.selectionStart).split("\n").pop();
        this.insert("\n" + /^ */.exec(line)[0] + (/:\s*(#.*)?$/.test(line) ? "    " : ""));
      } else if (event.key !== "Shift" && event.key !== "Tab") leaving = false;
    });
    this.editor.addEventListener("blur", () => (leaving = false));
    for (const kind of ["pointerenter", "focusin"]) this.element.addEventListener(kind, () => this.page.prefetch(), { once: true });
  }

  insert(text) {
    // execCommand alone keeps the browser's undo.
    if (!document.execCommand?.("insertText", false, text)) this.editor.setRangeText(text, this.editor.selectionStart, this.editor.selectionEnd, "end");
    this.changedText();
  }

  changedText() {
    this.ranIn = -1;
    if (this.changed) keep(this.key, this.editor.value);
    else forget(this.key);
    this.mark();
  }

  get changed() {
    return this.editor.value !== this.original;
  }

  get source() {
    return this.editor.value;
  }

  mark() {
    this.reset.hidden = !this.changed;
    this.editor.rows = Math.max(3, this.editor.value.split("\n").length);
  }

  edit() {
    this.editor.hidden = false;
    this.code.hidden = true;
    this.open.hidden = true;
  }

  set state(state) {
    this.element.dataset.liveState = state;
    this.stop.hidden = state !== "waiting" && state !== "running";
    this.words.textContent = { waiting: "waiting…", running: "running…", done: "", failed: "", saved: "" }[state];
    this.element.setAttribute("aria-busy", String(!this.stop.hidden));
  }

  show(text) {
    this.output.element.append(errorBox({ summary: text, text: "" }));
  }
}
