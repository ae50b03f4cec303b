// W12: Step 3 as an outer product.

import { button, slider } from "./shared/controls.js";
import { claim, factor, list, number, python } from "./shared/format.js";
import { widget } from "./shared/frame.js";
import { grid, svg, text } from "./shared/plot.js";
import { column, layerGradients } from "./shared/recipe.js";
import { _ } from "./shared/words.js";

function view(ui) {
  const { delta, a } = ui.state;
  const { dW, db } = layerGradients(column(delta), column(a));
  const cell = Math.min(90, (ui.width - 34) / 5);
  const tall = 44;
  const x = cell + 24;
  const still = a.flatMap((v, j) => (v === 0 ? [j + 1] : []));
  const note = still.length
    ? _("column {still} stays still, as a = 0 there", { still: still.join(", ") })
    : _("every weight moves; point at one to see what makes it");
  const over = ui.local.over ?? null;
  const act = (i, j) => ({
    onpointerenter: () => ui.setLocal({ over: [i, j] }),
    onpointerleave: () => ui.setLocal({ over: null }),
  });
  const hot = (test) => (i, j) => (over && test(i, j) ? "hot" : "");
  const product = over
    ? `∂L/∂W${over[0] + 1}${over[1] + 1} = ${factor(delta[over[0]])}·${factor(a[over[1]])} = ${number(dW.data[over[0] * 4 + over[1]])}`
    : note;
  const row = { rows: 1, cols: a.length, data: Float64Array.from(a) };
  return {
    picture: svg(
      x + 4 * cell + 8,
      146 + 3 * tall,
      _("The outer product of delta {delta} and a {a}", { delta: list(delta), a: list(a) }),
      text(x, 16, _("aᵀ: what each weight carried"), { class: "fore" }),
      grid(row, { x, y: 26, cell, height: tall, top: 2, mark: hot((_item, j) => j === over[1]) }),
      text(6, 96, "δ", { class: "back" }),
      grid(column(delta), { x: 4, y: 104, cell, height: tall, top: 2, mark: hot((i) => i === over[0]) }),
      text(x, 96, "∇W = δ aᵀ", { class: "strong" }),
      grid(dW, {
        ...{ x, y: 104, cell, height: tall, top: 2, act },
        mark: hot((i, j) => i === over[0] && j === over[1]),
      }),
      text(4, 128 + 3 * tall, product, { class: over ? "strong" : "faint" }),
    ),
    controls: [
      a.map((_item, j) => slider(ui, `a.${j}`, { label: `a${j + 1}`, min: -2, max: 2, step: 0.1 })),
      delta.map((_item, i) => slider(ui, `delta.${i}`, { label: `δ${i + 1}`, min: -2, max: 2, step: 0.1 })),
      button(_("Set a2 to 0"), () => ui.setPath("a.1", 0)),
    ],
    words: _("δ = {delta} times a = {a} gives a (3, 4) gradient; its row 1 is {subarray}.{more}", {
      delta: list(delta),
      a: list(a),
      subarray: list(dW.data.subarray(0, 4)),
      more: still.length
        ? _(" As a{still} = 0, every weight that leaves it stays still.", { still: still.join(" and a") })
        : "",
    }),
    table: {
      caption: _("∇W = δ aᵀ and ∇b = δ"),
      columns: [_("row"), ...a.map((_item, j) => _("column {j}", { j: j + 1 })), "∇b"],
      rows: delta.map((_item, i) => [
        String(i + 1),
        ...a.map((__, j) => number(dW.data[i * 4 + j], 3)),
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
  defaults: { delta: [0.8, -0.5, 0.3], a: [1, 0, -0.6, 1.5] },
  ranges: { delta: [-2, 2], a: [-2, 2] },
  view,
});
