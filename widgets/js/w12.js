// W12: Step 3 as an outer product.

import { button, slider } from "./shared/controls.js";
import { claim, factor, list, number, python } from "./shared/format.js";
import { widget } from "./shared/frame.js";
import { grid, svg, text } from "./shared/plot.js";
import { at, column, layerGradients } from "./shared/recipe.js";
import { _ } from "./shared/words.js";

// Of a and of δ.
const LARGEST = 3;

function view(ui) {
  const { delta, a } = ui.state;
  const { dW, db } = layerGradients(column(delta), column(a));
  const cell = Math.min(90, (ui.width - 34) / 4);
  const tall = 44;
  const x = cell + 24;
  const still = a.flatMap((v, j) => (v === 0 ? [j + 1] : []));
  const note = still.length
    ? _("column {still} stays still, as a = 0 there", { still: still.join(", ") })
    : _("every weight moves");
  // The chosen weight, or the one under the pointer.
  const over = ui.local.over ?? [ui.state.row - 1, ui.state.column - 1];
  const act = (i, j) => ({
    onpointerenter: () => ui.setLocal({ over: [i, j] }),
    onpointerleave: () => ui.setLocal({ over: null }),
    onclick: () => ui.setState({ row: i + 1, column: j + 1 }),
  });
  const hot = (test) => (i, j) => (test(i, j) ? "hot" : "");
  const product = `∂L/∂W${over[0] + 1}${over[1] + 1} = ${factor(delta[over[0]])}·${factor(a[over[1]])} = ${number(at(dW, ...over))}`;
  const row = { rows: 1, cols: a.length, data: Float64Array.from(a) };
  return {
    picture: svg(
      x + 3 * cell + 8,
      166 + 2 * tall,
      _("The outer product of delta {delta} and a {a}", { delta: list(delta), a: list(a) }),
      text(x, 16, _("aᵀ: what each weight carried"), { class: "fore" }),
      grid(row, { x, y: 26, cell, height: tall, top: LARGEST, mark: hot((_item, j) => j === over[1]) }),
      text(6, 96, "δ", { class: "back" }),
      grid(column(delta), {
        x: 4,
        y: 104,
        cell,
        height: tall,
        top: LARGEST,
        mark: hot((i) => i === over[0]),
      }),
      text(x, 96, "∇W = δ aᵀ", { class: "strong" }),
      grid(dW, {
        ...{ x, y: 104, cell, height: tall, top: 2 * LARGEST, act },
        mark: hot((i, j) => i === over[0] && j === over[1]),
      }),
      text(4, 130 + 2 * tall, product, { class: "strong" }),
      text(4, 151 + 2 * tall, note, { class: "faint" }),
    ),
    controls: [
      a.map((_item, j) =>
        slider(ui, `a.${j}`, { label: `a${j + 1}`, min: -LARGEST, max: LARGEST, step: 0.1 }),
      ),
      delta.map((_item, i) =>
        slider(ui, `delta.${i}`, { label: `δ${i + 1}`, min: -LARGEST, max: LARGEST, step: 0.1 }),
      ),
      slider(ui, "row", { label: _("Row of ∇W"), min: 1, max: 2, step: 1, show: String }),
      slider(ui, "column", { label: _("Column of ∇W"), min: 1, max: 3, step: 1, show: String }),
      button(_("Set a2 to 0"), () => ui.setPath("a.1", 0)),
    ],
    words: _("δ = {delta} times a = {a} gives a (2, 3) gradient; {product}.{more}", {
      delta: list(delta),
      a: list(a),
      product,
      more: still.length
        ? _(" As a{still} = 0, every weight that leaves it stays still.", { still: still.join(" and a") })
        : "",
    }),
    table: {
      caption: _("∇W = δ aᵀ and ∇b = δ"),
      columns: [_("row"), ...a.map((_item, j) => _("column {j}", { j: j + 1 })), "∇b"],
      rows: delta.map((_item, i) => [
        String(i + 1),
        ...a.map((__, j) => number(at(dW, i, j), 3)),
        number(db.data[i], 3),
      ]),
    },
    numpy: [
      "import numpy as np",
      "from backprop import layer_gradients",
      "",
      `delta, a_prev = np.array([${python(delta)}], dtype=float).T, np.array([${python(a)}], dtype=float).T`,
      "dW, db = layer_gradients(delta, a_prev)",
      claim("dW", dW),
      claim("db", db),
      "print(dW)",
      "",
    ].join("\n"),
  };
}

export default widget({
  id: "W12",
  kind: _("Heat map"),
  title: _("∇W is an outer product"),
  question: {
    ask: _("an activation aⱼ is 0. Which weights stay still?"),
    options: [_("Those that feed unit j"), _("Those that leave unit j"), _("None")],
    answer: 1,
    why: _(
      "∂L/∂Wᵢⱼ = δᵢ aⱼ: the whole column j is 0. What unit j sent was nothing, so its weights earn no blame.",
    ),
  },
  // The last layer of the book's network: its third hidden unit is off.
  defaults: { delta: [1, -2], a: [3, 1, 0], row: 2, column: 1 },
  ranges: {
    ...{ delta: [-LARGEST, LARGEST], a: [-LARGEST, LARGEST] },
    ...{ row: [1, 2, "integer"], column: [1, 3, "integer"] },
  },
  view,
});
