// Shows what Python sends: text, errors, pictures, HTML, mathematics, controls.
import { make } from "./dom.js";
import { typeset } from "./latex.js";
import { settings } from "./settings.js";
import { _ } from "./words.js";

const PICTURES = ["image/png", "image/jpeg", "image/gif"];

export class Output {
  constructor(element, context) {
    this.element = element;
    this.context = context;
    this.pending = false;
  }

  // Long text scrolls in its box; a button shows all of it.
  box() {
    this.element.querySelector(".live-show-all")?.remove();
    this.element.classList.remove("live-all");
    const long = [...this.element.querySelectorAll(":scope > pre")].filter(
      (pre) => pre.scrollHeight > pre.clientHeight + 4,
    );
    if (!long.length) return;
    const lines = long.reduce((sum, pre) => sum + pre.textContent.trimEnd().split("\n").length, 0);
    const button = make("button", {
      type: "button",
      className: "live-show-all",
      textContent: _("Show all {lines} lines", { lines }),
    });
    button.addEventListener("click", () => {
      this.element.classList.add("live-all");
      button.remove();
    });
    long.at(-1).after(button);
  }

  clear(wait = false) {
    if (wait) this.pending = true;
    else this.element.replaceChildren();
  }

  add(message) {
    if (this.pending) {
      this.pending = false;
      // Keep the height while the new picture comes, or the page would jump with every move of a slider.
      this.element.style.minHeight = `${this.element.offsetHeight}px`;
      this.element.replaceChildren();
      clearTimeout(this.settle);
      this.settle = setTimeout(() => (this.element.style.minHeight = ""), 400);
    }
    if (message.type === "stream") this.stream(message);
    else if (message.type === "error") this.element.append(errorBox(message));
    else if (message.type === "note")
      this.element.append(make("p", { className: "live-note", textContent: message.text }));
    else if (message.type === "display") this.display(message);
  }

  stream({ text, stream }) {
    const last = this.element.lastElementChild;
    if (last?.dataset.stream === stream) last.append(text);
    else this.element.append(make("pre", { tabIndex: 0, textContent: text, "data-stream": stream }));
  }

  display({ data, id, update }) {
    const shown = render(data, this.context);
    if (id) shown.dataset.displayId = id;
    if (!update) this.element.append(shown);
    else
      for (const old of document.querySelectorAll(`[data-display-id="${CSS.escape(id)}"]`))
        old.replaceWith(shown);
  }

  // Output as a notebook file has it (an Output widget's saved state).
  addSaved({ output_type: kind, name, text, data, ename, evalue, traceback }) {
    if (kind === "stream") this.stream({ text: [text].flat().join(""), stream: name });
    else if (kind === "error")
      this.element.append(errorBox({ summary: `${ename}: ${evalue}`, text: plain(traceback.join("\n")) }));
    else if (data)
      this.display({
        data: Object.fromEntries(
          Object.entries(data).map(([type, value]) => [type, Array.isArray(value) ? value.join("") : value]),
        ),
      });
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence of a terminal begins with one
const plain = (text) => text.replace(/\u001b\[[\d;]*m/g, "");

function html(text) {
  const box = make("div", { className: "live-html", innerHTML: text });
  for (const wide of box.querySelectorAll("table, pre")) wide.tabIndex = 0; // they scroll on a small screen
  return box;
}

function words(text) {
  return make("pre", { tabIndex: 0, textContent: text });
}

// The richest of what a value offers that this page can show.
function render(data, context) {
  const view = data["application/vnd.jupyter.widget-view+json"];
  if (view) return context.showControl(view.model_id);
  if (data["text/html"] !== undefined) return html(data["text/html"]);
  if (data["image/svg+xml"]) return html(data["image/svg+xml"]);
  for (const type of PICTURES) {
    if (data[type])
      return make("img", {
        src: `data:${type};base64,${data[type]}`,
        alt: data["text/plain"] || _("The figure this cell draws"),
        width: data.width,
      });
  }
  if (data["text/latex"] && settings.mathjax) {
    const element = make("div", { className: "live-math", textContent: data["text/latex"] });
    // MathJax leaves alone what is not on the page yet.
    queueMicrotask(() => typeset(element));
    return element;
  }
  if (data["application/json"] !== undefined) return words(JSON.stringify(data["application/json"], null, 2));
  const text = data["text/markdown"] ?? data["text/latex"];
  if (text !== undefined) return words(text);
  const unknown = Object.keys(data).filter((type) => type !== "text/plain");
  if (unknown.length) {
    const note = make("p", {
      className: "live-note",
      textContent: _("This page can't show {what}; in Jupyter it works.", { what: unknown.join(", ") }),
    });
    return make("div", {}, note, words(data["text/plain"] ?? ""));
  }
  return words(data["text/plain"] ?? "");
}

export function errorBox({ summary, text, hint, error = "" }) {
  const box = make(
    "div",
    { className: "live-error", role: "alert" },
    make("strong", { textContent: summary }),
  );
  box.dataset.error = error;
  if (hint) box.append(make("p", { textContent: hint }));
  if (text) box.append(make("pre", { tabIndex: 0 }, ...withLinks(text)));
  return box;
}

// A traceback's text, each cell of the page in it a link.
function withLinks(text) {
  return text.split(/(<cell \[\d+\]>)/).map((part) => {
    const number = /^<cell \[(\d+)\]>$/.exec(part)?.[1];
    if (!number) return part;
    return make("a", { href: `#live-cell-${number}`, textContent: part });
  });
}

// The lines of a library, which came after the error that needs them.
export function addLines({ error, text }) {
  document.querySelector(`[data-error="${CSS.escape(error)}"] pre`)?.replaceChildren(...withLinks(text));
}
