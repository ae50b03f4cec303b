// One or several of a list; yes or no.
import { make } from "../dom.js";
import { field, fresh, group } from "./field.js";
import { _ } from "../words.js";

const items = (state) =>
  state._options_labels.map((text, i) => make("option", { value: String(i), textContent: text }));

function select(rows) {
  return (state, send) => {
    const input = make("select", { size: rows ? (state.rows ?? 5) : null }, ...items(state));
    const update = ({ index }) => (input.value = index ?? "");
    input.addEventListener("change", () => send({ index: Number(input.value) }));
    update(state);
    return { element: field(input, state), update };
  };
}

function several(state, send) {
  const input = make("select", { multiple: true, size: state.rows ?? 5 }, ...items(state));
  const update = ({ index }) =>
    [...input.options].forEach((option, i) => (option.selected = index.includes(i)));
  input.addEventListener("change", () =>
    send({ index: [...input.selectedOptions].map((option) => Number(option.value)) }),
  );
  update(state);
  return { element: field(input, state), update };
}

function radios(state, send) {
  const name = fresh("radio");
  const inputs = state._options_labels.map(() => make("input", { type: "radio", name }));
  const labels = inputs.map((input, i) => {
    input.addEventListener("change", () => send({ index: i }));
    return make("label", {}, input, ` ${state._options_labels[i]}`);
  });
  const update = ({ index }) => inputs.forEach((input, i) => (input.checked = i === index));
  update(state);
  return { element: group(labels, state), update };
}

function checkbox(state, send) {
  const input = make("input", { type: "checkbox" });
  const update = ({ value }) => (input.checked = Boolean(value));
  input.addEventListener("change", () => send({ value: input.checked }));
  update(state);
  return { element: field(input, state), update };
}

function toggle(state, send) {
  const button = make("button", {
    type: "button",
    className: "live-toggle",
    textContent: state.description || _("on or off"),
    disabled: Boolean(state.disabled),
  });
  const update = ({ value }) => button.setAttribute("aria-pressed", String(Boolean(value)));
  button.addEventListener("click", () => {
    const value = button.getAttribute("aria-pressed") !== "true";
    update({ value });
    send({ value });
  });
  update(state);
  return { element: make("div", { className: "live-control" }, button), update };
}

function valid(state) {
  const mark = make("output");
  const update = ({ value }) =>
    (mark.textContent = value ? _("✓ valid") : `✗ ${state.readout || _("invalid")}`);
  update(state);
  return { element: field(mark, state), update };
}

function press(state, _send, context, id) {
  const button = make("button", {
    type: "button",
    className: "live-press",
    textContent: state.description || _("Press"),
    disabled: Boolean(state.disabled),
    title: state.tooltip,
  });
  button.addEventListener("click", () => context.change(id, {}, { event: "click" }));
  return { element: make("div", { className: "live-control" }, button), update() {} };
}

export const CHOICES = {
  DropdownModel: select(false),
  SelectModel: select(true),
  SelectMultipleModel: several,
  RadioButtonsModel: radios,
  ToggleButtonsModel: radios,
  CheckboxModel: checkbox,
  ToggleButtonModel: toggle,
  ValidModel: valid,
  ButtonModel: press,
};
