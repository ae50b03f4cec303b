// W13: a batch's gradient, one example after another.

import { button, check, slider } from "./shared/controls.js";
import { dash, signClass } from "./shared/colours.js";
import { h } from "./shared/dom.js";
import { claim, list, number, pythonMatrix } from "./shared/format.js";
import { widget } from "./shared/frame.js";
import { svg, text } from "./shared/plot.js";
import { uniform } from "./shared/random.js";
import { at, layerGradients, map, zeros } from "./shared/recipe.js";
import { _ } from "./shared/words.js";

const M = 6;
// Between two plots, in pixels.
const GAP = 14;

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

// What each example adds to each entry of the mean gradient: for every entry a list, example by example.
const shares = (delta, a, m) =>
  Array.from({ length: 6 }, (_item, k) =>
    Array.from({ length: m }, (__, e) => (at(delta, Math.floor(k / 3), e) * at(a, k % 3, e)) / m),
  );

// The largest size on the way of any of the sums.
const highest = (each) =>
  Math.max(
    ...each.flatMap((parts) => {
      let sum = 0;
      return parts.map((part) => Math.abs((sum += part)));
    }),
  );

// One entry of the gradient: each example's share is a bar that stands where the last one ended, and the line is the
// gradient of the whole batch, where the last bar must end. most is the size at the top of all six.
function staircase(parts, added, goal, k, [x, y], { width, height, most }) {
  const level = (v) => y + height / 2 - (v / most) * (height / 2);
  const step = (width - 8) / parts.length;
  let sum = 0;
  const bars = parts.slice(0, added).map((part, e) => {
    const [from, to] = [level(sum), level(sum + part)];
    sum += part;
    return [
      bar(
        x + 4 + e * step,
        Math.min(from, to),
        step - 2,
        Math.max(1, Math.abs(to - from)),
        part,
        e === added - 1,
      ),
      e + 1 < parts.length
        ? h("line", { x1: x + 4 + e * step, x2: x + 4 + (e + 2) * step - 2, y1: to, y2: to, class: "guide" })
        : null,
    ];
  });
  return h(
    "g",
    {},
    h("rect", { x, y, width, height, class: "frame-of" }),
    h("line", { x1: x, x2: x + width, y1: level(0), y2: level(0), class: "axis" }),
    h("line", { x1: x, x2: x + width, y1: level(goal), y2: level(goal), class: "goal" }),
    bars,
    text(x, y - 7, `W${Math.floor(k / 3) + 1}${(k % 3) + 1}`, { class: "strong" }),
    text(x + width, y - 7, number(sum, 3), { "text-anchor": "end", class: "sum" }),
  );
}

const bar = (x, y, width, height, value, newest) =>
  h("rect", {
    ...{ x: x.toFixed(1), y: y.toFixed(1), width: width.toFixed(1), height: height.toFixed(1) },
    class: `share ${signClass(value)} ${newest ? "newest" : ""}`,
    "stroke-dasharray": dash(value),
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
  const wide = Math.min(ui.width, 720);
  const token = Math.min(46, (wide - 8) / m);
  const each = shares(delta, a, m);
  const box = {
    width: (wide - 8 - 2 * GAP) / 3,
    height: 92,
    most: 1.12 * highest(shares(once.delta, once.a, M)),
  };
  const place = (k) => [4 + (k % 3) * (box.width + GAP), 96 + Math.floor(k / 3) * (box.height + 40)];
  return {
    picture: svg(
      wide,
      96 + 2 * box.height + 40 + 6,
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
      each.map((parts, k) => staircase(parts, added, whole.data[k], k, place(k), box)),
    ),
    notes: h(
      "p",
      { class: "bpw-hint" },
      _(
        "Each bar is one example’s δᵢaⱼ/m and begins where the last one ended; the thick line is ∇J, every example once.",
      ),
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
