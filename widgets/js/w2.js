// W2: which matrices fit, and what shape comes out.

import { select, slider } from "./shared/controls.js";
import { h } from "./shared/dom.js";
import { claim, pythonMatrix } from "./shared/format.js";
import { widget } from "./shared/frame.js";
import { svg, text } from "./shared/plot.js";
import { at, map, multiply, zeros } from "./shared/recipe.js";
import { _ } from "./shared/words.js";

const PRODUCTS = {
  "W @ a_prev": ({ p, n, m }) => [
    [n, p],
    [p, m],
  ],
  "a_prev @ W": ({ p, n, m }) => [
    [p, m],
    [n, p],
  ],
  "W.T @ a_prev": ({ p, n, m }) => [
    [p, n],
    [p, m],
  ],
  "W.T @ delta": ({ p, n, m }) => [
    [p, n],
    [n, m],
  ],
  "delta @ a_prev.T": ({ p, n, m }) => [
    [n, m],
    [m, p],
  ],
  "a_prev @ delta.T": ({ p, n, m }) => [
    [p, m],
    [m, n],
  ],
};

// Small whole numbers, so that a row times a column can be followed by head.
const filled = ([rows, cols], start) =>
  map(zeros(rows, cols), (_item, k) => (start + 2 * Math.floor(k / cols) + 3 * (k % cols)) % 4);
// Room for two digits.
const WRITES = 19;

// One matrix: its cells with their numbers, its name, its shape with the number that must meet its neighbour's
// (inner: 0 rows, 1 columns). lit(i, j) tells the row or column that makes the chosen number.
const block = (x, y, m, unit, name, inner, fits, lit = () => false, act = () => ({})) => {
  const shape = [m.rows, m.cols];
  const [rows, cols] = shape;
  const [w, tall] = [cols * unit, rows * unit];
  const line = (x1, x2, y1, y2) => h("line", { x1, x2, y1, y2, class: "guide" });
  const part = (n, k) => (k === inner ? h("tspan", { class: fits ? "meets" : "clashes" }, n) : String(n));
  return h(
    "g",
    {},
    h("rect", { x, y, width: w, height: tall, class: `box ${fits ? "" : "bad"}` }),
    Array.from({ length: rows * cols }, (_item, k) => {
      const [i, j] = [Math.floor(k / cols), k % cols];
      const on = fits && lit(i, j);
      return h(
        "g",
        { class: "entry", ...act(i, j) },
        h("rect", {
          ...{ x: x + j * unit, y: y + i * unit, width: unit, height: unit },
          class: `slot ${on ? "lit" : ""}`,
        }),
        unit >= WRITES
          ? text(x + (j + 0.5) * unit, y + (i + 0.5) * unit + 4, String(at(m, i, j)), {
              "text-anchor": "middle",
              class: on ? "strong" : "faint",
            })
          : null,
      );
    }),
    Array.from({ length: rows - 1 }, (_item, i) => line(x, x + w, y + (i + 1) * unit, y + (i + 1) * unit)),
    Array.from({ length: cols - 1 }, (_item, j) => line(x + (j + 1) * unit, x + (j + 1) * unit, y, y + tall)),
    text(x + w / 2, y - 9, ["(", part(rows, 0), ", ", part(cols, 1), ")"], { "text-anchor": "middle" }),
    text(x + w / 2, y + tall + 18, name, { "text-anchor": "middle", class: "strong" }),
  );
};

function view(ui) {
  const { product } = ui.state;
  const [left, right] = PRODUCTS[product](ui.state);
  const fits = left[1] === right[0];
  const result = [left[0], right[1]];
  const [first, second] = [filled(left, 1), filled(right, 2)];
  const value = fits ? multiply(first, second) : null;
  // The number of the result whose row and column are lit: the chosen one, or the one under the pointer.
  const [row, column] = ui.local.over ?? [
    Math.min(ui.state.row, result[0]) - 1,
    Math.min(ui.state.column, result[1]) - 1,
  ];
  const pointed = (i, j) => ({
    onpointerenter: () => ui.setLocal({ over: [i, j] }),
    onpointerleave: () => ui.setLocal({ over: null }),
    onclick: () => ui.setState({ row: i + 1, column: j + 1 }),
  });
  const terms = fits
    ? Array.from({ length: left[1] }, (_item, k) => `${at(first, row, k)}·${at(second, k, column)}`)
    : [];
  const made = fits
    ? _("row {row} · column {column}: {terms} = {value}", {
        row: row + 1,
        column: column + 1,
        terms: terms.join(" + "),
        value: at(value, row, column),
      })
    : "";
  const [a, b] = product.split(" @ ");
  const cells = left[1] + right[1] + (fits ? result[1] : 2);
  const unit = Math.min(38, (Math.min(ui.width, 720) - 132) / cells);
  const y = 34;
  const tall = Math.max(left[0], right[0], fits ? result[0] : 0) * unit;
  const x1 = 10;
  const x2 = x1 + left[1] * unit + 44;
  const x3 = x2 + right[1] * unit + 46;
  const middle = y + tall / 2;
  const verdict = fits
    ? _("({left}) @ ({right}) fits and gives ({result})", {
        left: left.join(", "),
        right: right.join(", "),
        result: result.join(", "),
      })
    : _("({left}) @ ({right}) does not fit: {left2} columns meet {right2} rows", {
        left: left.join(", "),
        right: right.join(", "),
        left2: left[1],
        right2: right[0],
      });
  const chance =
    fits && product !== "W @ a_prev" && product !== "W.T @ delta" && product !== "delta @ a_prev.T"
      ? _(" It fits, but it is not in the recipe: shapes alone don't prove a formula.")
      : "";
  return {
    picture: svg(
      Math.max(x3 + (fits ? result[1] * unit : 20) + 10, Math.min(ui.width, 280)),
      y + tall + (fits ? 56 : 34),
      `${product}: ${verdict}`,
      block(x1, y, first, unit, a, 1, fits, (i) => i === row),
      text(x2 - 22, middle, "@", { class: "strong", "text-anchor": "middle" }),
      block(x2, y, second, unit, b, 0, fits, (_item, j) => j === column),
      text(x3 - 23, middle, fits ? "=" : "≠", { class: "strong", "text-anchor": "middle" }),
      fits
        ? [
            block(
              ...[x3, y, value, unit, _("result"), null, true],
              (i, j) => i === row && j === column,
              pointed,
            ),
            text(x1, y + tall + 46, made, { class: "strong" }),
          ]
        : text(x3, middle, "✗", { class: "strong clashes", "text-anchor": "middle" }),
    ),
    controls: [
      select(ui, "product", { label: _("Product"), options: Object.keys(PRODUCTS).map((p) => [p, p]) }),
      slider(ui, "p", { label: "n[l−1]", min: 1, max: 6, step: 1, show: String }),
      slider(ui, "n", { label: "n[l]", min: 1, max: 6, step: 1, show: String }),
      slider(ui, "m", { label: _("Examples m"), min: 1, max: 6, step: 1, show: String }),
      ...(fits
        ? [
            slider(ui, "row", {
              label: _("Row of the result"),
              min: 1,
              max: result[0],
              step: 1,
              show: String,
            }),
            slider(ui, "column", {
              ...{ label: _("Column of the result"), min: 1, max: result[1], step: 1, show: String },
            }),
          ]
        : []),
    ],
    words: `${product}: ${verdict}.${chance}${made ? ` ${made[0].toUpperCase()}${made.slice(1)}.` : ""}`,
    table: {
      caption: _("Every product, with these widths"),
      columns: [_("product"), _("left factor"), _("right factor"), _("result")],
      rows: Object.entries(PRODUCTS).map(([name, f]) => {
        const [l, r] = f(ui.state);
        return [
          name,
          `(${l.join(", ")})`,
          `(${r.join(", ")})`,
          l[1] === r[0] ? `(${l[0]}, ${r[1]})` : _("does not fit"),
        ];
      }),
    },
    numpy: [
      "import numpy as np",
      "",
      `left, right = ${pythonMatrix(first)}, ${pythonMatrix(second)}`,
      "try:",
      "    shape = (left @ right).shape",
      "except ValueError as error:",
      "    shape = None",
      "    print(error)",
      `assert shape == ${fits ? `(${result.join(", ")})` : "None"}`,
      ...(fits ? [claim("left @ right", value)] : []),
      "print(shape)",
      "",
    ].join("\n"),
  };
}

export default widget({
  id: "W2",
  kind: _("Matrix shapes"),
  title: _("Which matrices fit?"),
  question: {
    ask: _("a 3-5-4 network: what shape is W[2]?"),
    options: ["(5, 4)", "(4, 5)", "(3, 5)"],
    answer: 1,
    why: _("W[2] maps 5 activations to 4 sums: (n[2], n[1]) = (4, 5)."),
  },
  defaults: { product: "W @ a_prev", p: 3, n: 4, m: 5, row: 2, column: 3 },
  ranges: Object.fromEntries(["p", "n", "m", "row", "column"].map((name) => [name, [1, 6, "integer"]])),
  choices: { product: Object.keys(PRODUCTS) },
  view,
});
