// Native controls bound to a place in the state ("h", "x.0"): mouse, touch and arrow keys come with them.

import { h } from "./dom.js";
import { number } from "./format.js";
import { valueAt } from "./state.js";

export function slider(ui, path, { label, min, max, step = 0.1, show = (v) => number(v) }) {
  const value = valueAt(ui.state, path);
  return h(
    "label",
    { class: "bpw-control bpw-slider", key: `slider ${path}` },
    h("span", { class: "bpw-label" }, label),
    h("input", {
      type: "range",
      min,
      max,
      step,
      value,
      "aria-label": label,
      "aria-valuetext": show(value),
      oninput: (event) => ui.setPath(path, Number(event.target.value)),
    }),
    h("span", { class: "bpw-value", "aria-hidden": "true" }, show(value)),
  );
}

export function field(
  ui,
  path,
  { label, min = -100, max = 100, step = 0.1, hidden = false, onfocus = null },
) {
  const value = Number(valueAt(ui.state, path).toFixed(6));
  return h(
    "label",
    { class: "bpw-field", key: `field ${path}` },
    hidden ? null : h("span", { class: "bpw-label" }, label),
    h("input", {
      type: "number",
      min,
      max,
      step,
      value,
      "aria-label": label,
      onfocus,
      oninput: (event) => {
        const typed = event.target.valueAsNumber;
        if (Number.isFinite(typed)) ui.setPath(path, Math.min(max, Math.max(min, typed)));
      },
    }),
  );
}

export function select(ui, path, { label, options, onchange }) {
  const value = valueAt(ui.state, path);
  const change = onchange ?? ((chosen) => ui.setPath(path, chosen));
  return h(
    "label",
    { class: "bpw-control", key: `select ${path}` },
    h("span", { class: "bpw-label" }, label),
    h(
      "select",
      {
        value,
        "aria-label": label,
        onchange: (event) =>
          change(typeof value === "number" ? Number(event.target.value) : event.target.value),
      },
      options.map(([option, text]) => h("option", { value: option, key: `option ${option}` }, text)),
    ),
  );
}

export function check(ui, path, { label }) {
  return h(
    "label",
    { class: "bpw-control bpw-check", key: `check ${path}` },
    h("input", {
      type: "checkbox",
      checked: valueAt(ui.state, path),
      onchange: (event) => ui.setPath(path, event.target.checked),
    }),
    h("span", {}, label),
  );
}

export function button(label, onclick, attributes = {}) {
  return h(
    "button",
    { type: "button", class: "bpw-button", key: `button ${label}`, onclick, ...attributes },
    label,
  );
}

export const group = (label, ...children) =>
  h(
    "fieldset",
    { class: "bpw-group", key: `group ${label}` },
    h("legend", {}, label),
    h("div", { class: "bpw-fields" }, ...children),
  );
