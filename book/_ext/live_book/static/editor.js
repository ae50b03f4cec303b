// The text of a cell: a plain field at once, CodeMirror in its place when the reader is about to edit.
import { make } from "./dom.js";

let modules; // CodeMirror, fetched once a page

function bring() {
  modules ??= import("./codemirror.js").catch((error) => {
    modules = undefined; // the next time may be luckier
    throw error;
  });
  return modules;
}

export class Editor {
  constructor({ label, text, rich, onChange, onRun }) {
    Object.assign(this, { label, rich, onChange, onRun });
    this.field = make("textarea", {
      className: "live-plain",
      value: text,
      spellcheck: false,
      autocomplete: "off",
      autocapitalize: "off",
      "aria-label": label,
      "data-live-edit": "",
    });
    this.element = make("div", { className: "live-editor", hidden: true }, this.field);
    this.view = null;
    this.size();
    this.field.addEventListener("input", () => this.changed());
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("blur", () => (this.leaving = false));
  }

  get text() {
    return this.view ? this.view.text : this.field.value;
  }

  set text(text) {
    if (this.view) this.view.text = text;
    else {
      this.field.value = text;
      this.size();
    }
  }

  get busy() {
    return this.element.contains(document.activeElement);
  }

  focus() {
    (this.view ?? this.field).focus();
  }

  // CodeMirror takes the field's place, its selection and its focus. Where it can't be had, the field stays.
  async enrich() {
    if (!this.rich || this.view) return;
    let show;
    try {
      ({ show } = await bring());
    } catch {
      return;
    }
    if (this.view) return;
    const { value, selectionStart, selectionEnd } = this.field;
    const focused = document.activeElement === this.field;
    this.view = show({
      parent: this.element,
      text: value,
      selection: [selectionStart, selectionEnd],
      label: this.label,
      onChange: () => this.onChange(),
      onRun: () => this.onRun(),
    });
    this.field.remove();
    if (focused) this.view.focus();
  }

  changed() {
    this.size();
    this.onChange();
  }

  size() {
    this.field.rows = Math.max(3, this.field.value.split("\n").length);
  }

  key(event) {
    if (event.key === "Enter" && (event.shiftKey || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.onRun();
    } else if (event.key === "Escape") this.leaving = true;
    else if (event.key === "Tab" && !this.leaving && !event.shiftKey) {
      event.preventDefault();
      this.insert("    ");
    } else if (event.key === "Enter") {
      event.preventDefault();
      const line = this.field.value.slice(0, this.field.selectionStart).split("\n").pop();
      this.insert(`\n${/^ */.exec(line)[0]}${/:\s*(#.*)?$/.test(line) ? "    " : ""}`);
    } else if (event.key !== "Shift" && event.key !== "Tab") this.leaving = false;
  }

  insert(text) {
    // execCommand alone keeps the browser's undo; it fires "input" by itself.
    if (document.execCommand?.("insertText", false, text)) return;
    this.field.setRangeText(text, this.field.selectionStart, this.field.selectionEnd, "end");
    this.changed();
  }
}
