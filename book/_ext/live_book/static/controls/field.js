// What most controls are made of: a label, a native form element, and the value in words.
import { make } from "../dom.js";
import { _ } from "../words.js";

let serial = 0;
export const fresh = (kind) => `live-${kind}-${++serial}`;

export function field(input, state, ...more) {
  input.id = fresh("control");
  input.disabled = Boolean(state.disabled);
  if (state.tooltip || state.description_tooltip) input.title = state.tooltip || state.description_tooltip;
  const label = make("label", { textContent: state.description || _("value") });
  if (!state.description) label.className = "live-unseen";
  label.htmlFor = input.id;
  return make("div", { className: "live-control" }, label, input, ...more);
}

export function group(inputs, state, words = _("choice")) {
  const legend = make("legend", { textContent: state.description || words });
  return make(
    "fieldset",
    { className: "live-control", disabled: Boolean(state.disabled) },
    legend,
    ...inputs,
  );
}

// A number as the control's readout_format (".2f", "d", ".1e", ".0%", ".3g") wants it.
export function readout(value, format = "") {
  if (typeof value !== "number") return String(value);
  const [, comma, digits, kind] = /^(,?)(?:\.(\d+))?([defg%]?)$/.exec(format ?? "") ?? [];
  const places = digits === undefined ? undefined : Number(digits);
  if (kind === "d") return String(Math.round(value));
  if (kind === "f")
    return comma
      ? value.toLocaleString("en", { minimumFractionDigits: places, maximumFractionDigits: places })
      : value.toFixed(places ?? 6);
  if (kind === "e") return value.toExponential(places ?? 6);
  if (kind === "%") return `${(100 * value).toFixed(places ?? 6)}%`;
  if (kind === "g") return String(Number(value.toPrecision(Math.max(places ?? 6, 1))));
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}
