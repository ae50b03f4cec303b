// Shows what Python sends: text, errors, pictures, HTML, controls.
import { showControl } from "./controls.js";

export class Output {
  constructor(element, context) {
    this.element = element;
    this.context = context; // {models, change(model, state)}
    this.pending = false;
  }

  clear(wait = false) {
    if (wait) this.pending = true;
    else this.element.replaceChildren();
  }

  add(message) {
    if (this.pending) {
      this.pending = false;
      // Keep the height while the new picture comes, or the page would jump with every move of a slider.
      this.element.style.minHeight = this.element.offsetHeight + "px";
      this.element.replaceChildren();
      clearTimeout(this.settle);
      this.settle = setTimeout(() => (this.element.style.minHeight = ""), 400);
    }
    if (message.type === "stream") this.stream(message);
    else if (message.type === "error") this.element.append(errorBox(message));
    else if (message.type === "display") this.display(message.data);
    if (message.tall) this.element.style.minHeight = "";
  }

  stream({ text, stream }) {
    const last = this.element.lastElementChild;
    if (last?.dataset.stream === stream) last.append(text);
    else {
      const pre = document.createElement("pre");
      pre.dataset.stream = stream;
      pre.tabIndex = 0;
      pre.textContent = text;
      this.element.append(pre);
    }
  }

  display(data) {
    const view = data["application/vnd.jupyter.widget-view+json"];
    if (view) this.element.append(showControl(view.model_id, this.context));
    else if (data["text/html"] !== undefined) {
      const box = document.createElement("div");
      box.innerHTML = data["text/html"];
      this.element.append(box);
    } else if (data["image/svg+xml"]) {
      const box = document.createElement("div");
      box.innerHTML = data["image/svg+xml"];
      this.element.append(box);
    } else if (data["image/png"]) {
      const image = new Image();
      image.src = "data:image/png;base64," + data["image/png"];
      image.alt = data["text/plain"] || "The figure this cell draws";
      this.element.append(image);
    } else {
      const pre = document.createElement("pre");
      pre.tabIndex = 0;
      pre.textContent = data["text/plain"] ?? "";
      this.element.append(pre);
    }
  }
}

export function errorBox({ summary, text }) {
  const box = document.createElement("div");
  box.className = "live-error";
  box.setAttribute("role", "alert");
  const head = document.createElement("strong");
  head.textContent = summary;
  const pre = document.createElement("pre");
  pre.tabIndex = 0;
  pre.textContent = text;
  box.append(head, pre);
  return box;
}
