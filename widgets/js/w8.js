// W8: softmax's Jacobian times the loss's gradient gives y_hat - y.

import { select, slider } from "./shared/controls.js";
import { h } from "./shared/dom.js";
import { claim, list, number, python } from "./shared/format.js";
import { widget } from "./shared/frame.js";
import { grid, svg, text } from "./shared/plot.js";
import { at, column, map, matrix, multiply, softmax, transpose } from "./shared/recipe.js";
import { _ } from "./shared/words.js";

function numbers({ z, target }) {
  const a = softmax(column(z));
  const jacobian = matrix(
    z.map((_item, i) => z.map((__, j) => (i === j ? at(a, i) : 0) - at(a, i) * at(a, j))),
  ); // (5.4)
  const slope = column(z.map((_item, i) => (i === target - 1 ? -1 / at(a, i) : 0)));
  return { a, jacobian, slope, delta: multiply(transpose(jacobian), slope) }; // (5.2)
}

function view(ui) {
  const { z, target } = ui.state;
  const { a, jacobian, slope, delta } = numbers(ui.state);
  // The Jacobian's four columns, then four single ones; on a narrow screen the last three stand in a second
  // row.
  const narrow = ui.width < 520;
  const cell = narrow ? Math.min(64, (ui.width - 36) / 5) : Math.min(70, (ui.width - 104) / 8);
  const [top, tall, room] = [36, narrow ? 34 : Math.max(34, cell * 0.72), 24];
  const x1 = 4;
  const x2 = x1 + 4 * cell + room;
  const [x3, x4, x5] = [0, 1, 2].map((k) => (narrow ? x1 + room : x2 + cell + room) + k * (cell + room));
  const second = narrow ? top + 4 * tall + 84 : top;
  const Y = map(a, (_item, i) => (i === target - 1 ? 1 : 0));
  const one = (m, x, y, name, most) => [
    text(x + cell / 2, y - 16, name, { "text-anchor": "middle", class: "strong" }),
    grid(m, { x, y, cell, height: tall, top: most }),
  ];
  const between = (x, y, sign) =>
    text(x - room / 2, y + 2 * tall + 5, sign, { "text-anchor": "middle", class: "strong" });
  const sums = z.map((_item, j) => z.reduce((s, __, i) => s + at(jacobian, i, j), 0));
  return {
    picture: svg(
      narrow ? x2 + cell + 6 : x5 + cell + 6,
      second + 4 * tall + (narrow ? 10 : 46),
      _("Softmax's Jacobian times the gradient at the outputs gives delta = {data}", {
        data: list(delta.data),
      }),
      text(x1, 20, "(∂ŷ/∂z)ᵀ = diag(ŷ) − ŷŷᵀ", { class: "strong" }),
      grid(jacobian, { x: x1, y: top, cell, height: tall, top: 0.25 }),
      one(slope, x2, top, "∇L", null),
      one(delta, x3, second, "δ", 1),
      one(a, x4, second, "ŷ", 1),
      one(Y, x5, second, "y", 1),
      [between(x2, top, "·"), between(x3, second, "="), between(x4, second, "="), between(x5, second, "−")],
      sums.map((s, j) =>
        text(x1 + (j + 0.5) * cell, top + 4 * tall + 18, `∑ = ${number(Math.abs(s) < 1e-12 ? 0 : s, 0)}`, {
          "text-anchor": "middle",
          class: "faint",
        }),
      ),
      text(x1, top + 4 * tall + 38, _("each column of the Jacobian adds up to 0"), { class: "faint" }),
    ),
    notes: h(
      "p",
      { class: "bpw-hint" },
      _("Blue is positive, orange negative: raising one logit lowers every other output."),
    ),
    controls: [
      z.map((_item, i) => slider(ui, `z.${i}`, { label: `z${i + 1}`, min: -5, max: 5, step: 0.1 })),
      select(ui, "target", { label: _("True class"), options: [1, 2, 3, 4].map((n) => [n, `class ${n}`]) }),
    ],
    words: _(
      "With class {target} true, ŷ = {data} and δ = {data2}: ŷ − y, with a share for every class. All four add up to 0.",
      { target, data: list(a.data), data2: list(delta.data) },
    ),
    table: {
      caption: _("Softmax's Jacobian, the gradient at ŷ, and δ"),
      columns: [_("row"), "1", "2", "3", "4", "∇ŷ L", "δ"],
      rows: z.map((_item, i) => [
        _("class {i}", { i: i + 1 }),
        ...z.map((__, j) => number(at(jacobian, i, j), 4)),
        number(at(slope, i), 3),
        number(at(delta, i), 4),
      ]),
    },
    numpy: [
      "import numpy as np",
      "from backprop import output_delta, softmax",
      "",
      `z = np.array([${python(z)}], dtype=float).T`,
      `Y = np.eye(4)[:, [${target - 1}]]`,
      "a = softmax(z)",
      "J = np.diag(a[:, 0]) - a @ a.T",
      claim("J", jacobian),
      claim("J.T @ (-Y / a)", delta),
      claim('output_delta("softmax", z, Y)', delta),
      'print(output_delta("softmax", z, Y).ravel())',
      "",
    ].join("\n"),
  };
}

export default widget({
  id: "W8",
  kind: _("Heat map"),
  title: _("Softmax’s Jacobian gives ŷ − y"),
  question: {
    ask: _("only the true class's output stands in the loss. Which logits get a δ?"),
    options: [_("Only the true class's"), _("All of them"), _("Only the wrong classes'")],
    answer: 1,
    why: _("Softmax couples all outputs: the wrong classes get δ = ŷⱼ, the true one ŷ − 1."),
  },
  defaults: { z: [2, 1, 0.1, -1], target: 2 },
  ranges: { z: [-5, 5], target: [1, 4, "integer"] },
  view,
});
