// W13: a batch's gradient, one example after another.

import { button, check, slider } from "./shared/controls.js";
import { h } from "./shared/dom.js";
import { claim, list, number, pythonMatrix } from "./shared/format.js";
import { widget } from "./shared/frame.js";
import { grid, svg, text } from "./shared/plot.js";
import { uniform } from "./shared/random.js";
import { at, layerGradients, map, zeros } from "./shared/recipe.js";
import { _ } from "./shared/words.js";

const M = 6;

function batch(seed, twice) {
  const draw = uniform(seed + 40);
  const make = (rows) => map(zeros(rows, M), () => Math.round((draw() * 2 - 1) * 100) / 100);
  const [delta, a] = [make(2), make(3)];
  if (!twice) return { delta, a };
  const double = (p) => ({
    rows: p.rows,
    cols: 2 * M,
    data: Float64Array.from({ length: p.rows * 2 * M }, (_item, i) => at(p, Math.floor(i / (2 * M)), i % M)),
  });
  return { delta: double(delta), a: double(a) };
}

const first = (p, n) => ({
  rows: p.rows,
  cols: n,
  data: Float64Array.from({ length: p.rows * n }, (_item, i) => at(p, Math.floor(i / n), i % n)),
});

function view(ui) {
  const { twice, seed } = ui.state;
  const { delta, a } = batch(seed, twice);
  const m = delta.cols;
  const added = Math.min(m, ui.state.added);
  const sum = added
    ? map(layerGradients(first(delta, added), first(a, added)).dW, (v) => v * added)
    : zeros(2, 3);
  const mean = map(sum, (v) => v / m);
  const once = batch(seed, false);
  const whole = layerGradients(once.delta, once.a).dW;
  const now = added ? layerGradients(first(delta, added), first(a, added)) : null;
  const last = added
    ? map(zeros(2, 3), (_item, k) => at(delta, Math.floor(k / 3), added - 1) * at(a, k % 3, added - 1))
    : zeros(2, 3);
  const wide = Math.min(ui.width, 680);
  const narrow = wide < 480;
  const token = Math.min(46, (wide - 8) / m);
  const cell = narrow ? (wide - 34) / 6 : (wide - 56) / 9;
  const places = narrow
    ? [
        [4, 112],
        [3 * cell + 26, 112],
        [4, 226],
      ]
    : [0, 1, 2].map((k) => [4 + k * (3 * cell + 22), 112]);
  const block = (k, m, words, kind) => [
    text(places[k][0], places[k][1] - 9, words, { class: kind }),
    grid(m, { x: places[k][0], y: places[k][1], cell, height: 38, top: 1 }),
  ];
  return {
    picture: svg(
      wide,
      narrow ? 310 : 196,
      _("{added} of {m} examples added; the mean gradient so far is {data}", {
        added,
        m,
        data: list(mean.data),
      }),
      text(4, 16, _("the batch, one example after another"), { class: "faint" }),
      Array.from({ length: m }, (_item, e) => {
        const state = e === added - 1 ? "newest" : e < added ? "added" : "waiting";
        return [
          h("rect", {
            x: 4 + e * token,
            y: 26,
            width: token - 5,
            height: 34,
            rx: 6,
            class: `token ${state}`,
          }),
          text(4 + e * token + (token - 5) / 2, 48, `${(e % M) + 1}${e >= M ? "′" : ""}`, {
            "text-anchor": "middle",
            class: e < added ? "strong" : "faint",
          }),
        ];
      }),
      block(0, last, _("δ aᵀ of the newest"), "back"),
      block(1, mean, _("sum so far / {m}", { m }), "strong"),
      block(2, whole, _("∇J, each once"), "faint"),
    ),
    controls: [
      slider(ui, "added", { label: _("Examples added"), min: 0, max: m, step: 1, show: String }),
      check(ui, "twice", { label: _("Every example twice") }),
      slider(ui, "seed", { label: _("Batch number"), min: 1, max: 20, step: 1, show: String }),
      button(_("Add all"), () => ui.setState({ added: m })),
    ],
    words: _("{added} of {m} examples are added; (1/m)·Σ δaᵀ has first row {subarray}.{more}", {
      added,
      m,
      subarray: list(mean.data.subarray(0, 3), 3),
      more:
        added === m
          ? _(" That is ∇J{more}.", {
              more: twice ? _(": the same as with every example once, as m doubled too") : "",
            })
          : "",
    }),
    table: {
      caption: _("The sum of δaᵀ over the examples added, divided by m"),
      columns: [_("row"), _("column 1"), _("column 2"), _("column 3")],
      rows: [0, 1].map((i) => [String(i + 1), ...[0, 1, 2].map((j) => number(at(mean, i, j), 4))]),
    },
    numpy: [
      "import numpy as np",
      "from backprop import layer_gradients",
      "",
      `delta = ${pythonMatrix(delta)}`,
      `a_prev = ${pythonMatrix(a)}`,
      `added, m = ${added}, ${m}`,
      "mean = np.zeros((2, 3))",
      "for i in range(added):",
      "    mean += np.outer(delta[:, i], a_prev[:, i]) / m",
      claim("mean", mean),
      ...(now && added === m
        ? ["dW, db = layer_gradients(delta, a_prev)", claim("dW", now.dW), claim("dW", whole)]
        : []),
      "print(mean)",
      "",
    ].join("\n"),
  };
}

export default widget({
  id: "W13",
  kind: _("Heat map"),
  title: _("A batch adds up"),
  question: {
    ask: _("every example of the batch is put in twice. What becomes of ∇J?"),
    options: [_("It doubles"), _("It stays the same"), _("It halves")],
    answer: 1,
    why: _("J is a mean: twice the terms, divided by twice the m."),
  },
  defaults: { added: 3, twice: false, seed: 1 },
  ranges: { added: [0, 12, "integer"], seed: [1, 20, "integer"] },
  view,
});
