// W2: which matrices fit, and what shape comes out.

import { select, slider } from "./shared/controls.js";
import { h } from "./shared/dom.js";
import { widget } from "./shared/frame.js";
import { svg, text } from "./shared/plot.js";
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

// One matrix: its cells, its name, its shape with the number that must meet its neighbour's (inner: 0 rows, 1
// columns).
const block = (x, y, shape, unit, name, inner, fits) => {
  const [rows, cols] = shape;
  const [w, tall] = [cols * unit, rows * unit];
  const line = (x1, x2, y1, y2) => h("line", { x1, x2, y1, y2, class: "guide" });
  const part = (n, k) => (k === inner ? h("tspan", { class: fits ? "meets" : "clashes" }, n) : String(n));
  return h(
    "g",
    {},
    h("rect", { x, y, width: w, height: tall, class: `box ${fits ? "" : "bad"}` }),
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
  const [a, b] = product.split(" @ ");
  const cells = left[1] + right[1] + (fits ? result[1] : 2);
  const unit = Math.min(34, (Math.min(ui.width, 640) - 150) / cells);
  const y = 34;
  const tall = Math.max(left[0], right[0], fits ? result[0] : 0) * unit;
  const x1 = 30;
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
      x3 + (fits ? result[1] * unit : 20) + 30,
      y + tall + 34,
      `${product}: ${verdict}`,
      block(x1, y, left, unit, a, 1, fits),
      text(x2 - 22, middle, "@", { class: "strong", "text-anchor": "middle" }),
      block(x2, y, right, unit, b, 0, fits),
      text(x3 - 23, middle, fits ? "=" : "≠", { class: "strong", "text-anchor": "middle" }),
      fits
        ? block(x3, y, result, unit, _("result"), null, true)
        : text(x3, middle, "✗", { class: "strong clashes", "text-anchor": "middle" }),
    ),
    controls: [
      select(ui, "product", { label: _("Product"), options: Object.keys(PRODUCTS).map((p) => [p, p]) }),
      slider(ui, "p", { label: "n[l−1]", min: 1, max: 6, step: 1, show: String }),
      slider(ui, "n", { label: "n[l]", min: 1, max: 6, step: 1, show: String }),
      slider(ui, "m", { label: _("Examples m"), min: 1, max: 6, step: 1, show: String }),
    ],
    words: `${product}: ${verdict}.${chance}`,
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
      `left, right = np.ones((${left.join(", ")})), np.ones((${right.join(", ")}))`,
      "try:",
      "    shape = (left @ right).shape",
      "except ValueError as error:",
      "    shape = None",
      "    print(error)",
      `assert shape == ${fits ? `(${result.join(", ")})` : "None"}`,
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
  defaults: { product: "W @ a_prev", p: 3, n: 4, m: 5 },
  ranges: { p: [1, 6, "integer"], n: [1, 6, "integer"], m: [1, 6, "integer"] },
  choices: { product: Object.keys(PRODUCTS) },
  view,
});
