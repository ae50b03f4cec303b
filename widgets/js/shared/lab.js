// What changes a network: one number by slider, a whole matrix by fields, sizes and activations by menus.

import { button, field, group, select, slider } from "./controls.js";
import { h } from "./dom.js";
import { HIDDEN, OUTPUTS, freshNet, withTarget } from "./net.js";
import { valueAt } from "./state.js";
import { lastStep } from "./story.js";
import { _ } from "./words.js";

// Numbers have paths: "x.0", "y.1", "W.0.2.1" (W[1], row 3, column 2), "b.0.2".
function nameOf(path) {
  const [what, ...at] = path.split(".").map((part, k) => (k ? Number(part) + 1 : part));
  if (what === "W") return _("W[{at}] row {at2}, column {at3}", { at: at[0], at2: at[1], at3: at[2] });
  return what === "b"
    ? _("b[{at}] of unit {at2}", { at: at[0], at2: at[1] })
    : `${what === "x" ? _("input x") : _("target y")}${at[0]}`;
}

// The number in hand: the one last chosen, if the network still has it.
function inHand(ui) {
  const { cell } = ui.local;
  try {
    if (cell && Number.isFinite(valueAt(ui.state, cell))) return cell;
  } catch {
    // the network has become smaller
  }
  return "W.0.0.0";
}

// What a slider asks of a session, where a target must obey its output.
const careful = (ui) => ({
  state: ui.state,
  setPath: (path, value) => {
    if (path[0] === "y") ui.setState({ y: withTarget(ui.state, Number(path.slice(2)), value) });
    else ui.setPath(path, value);
  },
});

export function oneNumber(ui) {
  const path = inHand(ui);
  const bounded = path[0] === "y" && ui.state.output !== "identity";
  const range = bounded ? { min: 0, max: 1 } : { min: -3, max: 3 };
  return h(
    "div",
    { class: "bpw-inhand", key: `in hand ${path}` },
    slider(careful(ui), path, { label: nameOf(path), ...range, step: 0.01 }),
  );
}

export function editor(ui) {
  const { edit, sizes } = ui.state;
  const places = [
    ["x", _("the input x")],
    ["y", _("the target y")],
    ...sizes.slice(1).flatMap((_item, k) => [
      [`W${k + 1}`, `W[${k + 1}]`],
      [`b${k + 1}`, `b[${k + 1}]`],
    ]),
  ];
  const layer = Number(edit.slice(1)) - 1;
  const base = edit.length > 1 ? `${edit[0]}.${layer}` : edit;
  const rows = valueAt(ui.state, base).map((row) => (Array.isArray(row) ? row : [row]));
  const flat = edit[0] !== "W";
  const cell = (i, j) => {
    const path = flat ? `${base}.${i}` : `${base}.${i}.${j}`;
    const label = `${edit} ${i + 1}${flat ? "" : `, ${j + 1}`}`;
    return h(
      "td",
      { class: inHand(ui) === path ? "hot" : "" },
      field(careful(ui), path, {
        ...{ label, min: -10, max: 10, step: 0.05, hidden: true },
        onfocus: () => ui.setLocal({ cell: path }),
      }),
    );
  };
  const hint = _("Or press an arrow, an input or a target in the picture: its slider stands above.");
  return group(
    _("Change the numbers"),
    h(
      "div",
      { class: "bpw-editor" },
      h(
        "div",
        {},
        select(ui, "edit", { label: _("Which"), options: places }),
        h("p", { class: "bpw-hint" }, hint),
      ),
      h(
        "div",
        { class: "bpw-scroll" },
        h(
          "table",
          { class: "bpw-matrix", key: `matrix ${edit}` },
          h(
            "tbody",
            {},
            rows.map((row, i) =>
              h(
                "tr",
                {},
                row.map((_item, j) => cell(i, j)),
              ),
            ),
          ),
        ),
      ),
    ),
  );
}

// A new network of these sizes, at the same moment of the story.
function rebuild(ui, sizes, more = {}) {
  const { hidden, output, seed } = { ...ui.state, ...more };
  ui.setState({
    ...freshNet({ sizes, hidden, output, seed }),
    unit: null,
    step: Math.min(Math.ceil(ui.state.step), lastStep(sizes.length - 1)),
    history: [],
    edit: "x",
  });
}

export function builder(ui) {
  const { sizes } = ui.state;
  const N = sizes.length - 1;
  const deep = (n) =>
    rebuild(
      ui,
      Array.from({ length: n + 1 }, (_item, l) => (l === n ? sizes[N] : l < N ? sizes[l] : 3)),
    );
  const wide = (l, n) => rebuild(ui, sizes.with(l, n));
  const pick = (label, value, high, change) =>
    h(
      "label",
      { class: "bpw-control", key: label },
      h("span", { class: "bpw-label" }, label),
      h(
        "select",
        { value, "aria-label": label, onchange: (e) => change(Number(e.target.value)) },
        Array.from({ length: high }, (_item, k) => h("option", { value: k + 1 }, k + 1)),
      ),
    );
  const nameOfLayer = (l) =>
    l === 0 ? _("Inputs") : l === N ? _("Outputs") : _("Units in layer {l}", { l });
  return group(
    _("Build the network"),
    pick(_("Layers"), N, 4, deep),
    sizes.map((n, l) => pick(nameOfLayer(l), n, 6, (v) => wide(l, v))),
    select(ui, "hidden", { label: _("Hidden g"), options: HIDDEN.map((n) => [n, n]) }),
    select(ui, "output", { label: _("Output"), options: OUTPUTS.map((n) => [n, n]) }),
    button(_("New weights"), () => rebuild(ui, sizes, { seed: ui.state.seed + 1 })),
  );
}
