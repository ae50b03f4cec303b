// W7: a nudge of one z, the change of L it makes, and what delta predicted.

import { select, slider } from "./shared/controls.js";
import { h } from "./shared/dom.js";
import { claim, number, python, pythonMatrix, signed, small } from "./shared/format.js";
import { widget } from "./shared/frame.js";
import { axes, curve, dot, grab, legend, svg } from "./shared/plot.js";
import { BOOK } from "./shared/net.js";
import { affine, column, g, hiddenDelta, losses, matrix, outputDelta } from "./shared/recipe.js";
import { _ } from "./shared/words.js";

// The network of the book: three hidden units (1 to 3) and two outputs (4 and 5). Its z[1] are the state's, so what
// is nudged is the z of any unit; targets are such as each output can reach.
const Y = { identity: BOOK.y, sigmoid: [1, 0], softmax: [1, 0] };
const [W, b] = [matrix(BOOK.W[1]), column(BOOK.b[1])];
const HIDDEN = 3;
const unitName = (unit) =>
  unit <= HIDDEN ? _("layer 1, unit {unit}", { unit }) : _("layer 2, unit {unit}", { unit: unit - HIDDEN });
const nameOf = (unit) => (unit <= HIDDEN ? `z${unit}[1]` : `z${unit - HIDDEN}[2]`);

function numbers({ z, unit, nudge, output }) {
  const y = column(Y[output]);
  const moved = (m, k, dz) => ({ ...m, data: m.data.map((v, i) => v + (i === k ? dz : 0)) });
  const second = (z1) => affine(W, g("relu", z1), b);
  const z1 = column(z);
  const L = (dz) =>
    losses(
      output,
      unit <= HIDDEN ? second(moved(z1, unit - 1, dz)) : moved(second(z1), unit - HIDDEN - 1, dz),
      y,
    )[0];
  const last = outputDelta(output, second(z1), y);
  const deltas = [...hiddenDelta(W, last, z1, "relu").data, ...last.data];
  const delta = deltas[unit - 1];
  const error = (dz) => L(dz) - L(0) - delta * dz;
  return { L, delta, error, change: L(nudge) - L(0) };
}

function view(ui) {
  const { z, unit, nudge, output } = ui.state;
  const { L, delta, error, change } = numbers(ui.state);
  const base = L(0);
  const k = (unit - 1) % HIDDEN;
  const inner = ui.width - 58;
  const span = 2.2;
  const ys = [-span, span, 0].map(L).concat([base - Math.abs(delta) * span, base + Math.abs(delta) * span]);
  const plot = axes({
    width: inner,
    height: 250,
    top: 22,
    x: [-span, span],
    y: [Math.min(...ys) - 0.1, Math.max(...ys) + 0.1],
    xLabel: `Δ${nameOf(unit)}`,
    yLabel: _("L after the nudge"),
  });
  const [x, line, real] = [plot.x(nudge), plot.y(base + delta * nudge), plot.y(base + change)];
  const aside = x + (nudge > 1.7 ? -16 : 16);
  const halves = [1, 2, 4, 8].map((d) => [nudge / d, error(nudge / d)]);
  const ratio = Math.abs(error(nudge / 2)) > 1e-14 ? error(nudge) / error(nudge / 2) : NaN;
  const ratioWords = Number.isFinite(ratio)
    ? _(" Half the nudge leaves an error {ratio} times smaller.", { ratio: number(ratio, 1) })
    : "";
  return {
    picture: svg(
      ui.width,
      316,
      _("L against the nudge of {nameOf}, and the straight line that delta predicts", {
        nameOf: nameOf(unit),
      }),
      plot.axes,
      curve(plot, L, [-span, span]),
      curve(plot, (v) => base + delta * v, [-span, span], { class: "tangent" }, 2),
      // Beside the two markers, which would hide a short one.
      h("path", { d: `M${x} ${line}H${aside}M${x} ${real}H${aside}`, class: "guide", fill: "none" }),
      h("line", { x1: aside, x2: aside, y1: line, y2: real, class: "gap" }),
      dot(plot.x(0), plot.y(base), { r: 4 }),
      dot(x, real),
      h("rect", { x: (x - 5).toFixed(1), y: (line - 5).toFixed(1), width: 10, height: 10, class: "dot" }),
      legend(
        plot.left + (delta < 0 ? inner - 150 : 14),
        42,
        [
          ["curve", _("L itself")],
          ["tangent", "L + δ·Δz"],
          ["gap", _("error {error}", { error: small(error(nudge)) })],
        ],
        ui.width - 14,
      ),
      grab(plot, (dz) => ui.setState({ nudge: Math.round(dz * 50) / 50 })),
    ),
    controls: [
      slider(ui, "nudge", { label: _("Nudge Δz"), min: -2, max: 2, step: 0.02 }),
      select(ui, "unit", { label: _("Unit"), options: [1, 2, 3, 4, 5].map((n) => [n, unitName(n)]) }),
      select(ui, "output", { label: _("Output"), options: Object.keys(Y).map((n) => [n, n]) }),
      [0, 1, 2].map((i) => slider(ui, `z.${i}`, { label: nameOf(i + 1), min: -4, max: 4, step: 0.1 })),
    ],
    words: _(
      "Nudging {nameOf} by {nudge} changes L by {change}; δ·Δz = {delta} · {nudge} = {delta2}. The error is {error}.{ratioWords}",
      {
        nameOf: nameOf(unit),
        nudge: number(nudge),
        change: signed(change, 4),
        delta: signed(delta, 3),
        delta2: signed(delta * nudge, 4),
        error: small(error(nudge)),
        ratioWords,
      },
    ),
    table: {
      caption: _("The error as the nudge halves"),
      columns: ["Δz", "ΔL", "δ·Δz", _("error")],
      rows: halves.map(([d, e]) => [number(d, 4), number(L(d) - base, 6), number(delta * d, 6), small(e)]),
    },
    numpy: [
      "import numpy as np",
      "from backprop import g, hidden_delta, losses, output_delta",
      "",
      `W, b = ${pythonMatrix(W)}, ${pythonMatrix(b)}`,
      `z, Y = np.array([${python(z)}], dtype=float).T, np.array([${python(Y[output])}], dtype=float).T`,
      'z2 = W @ g("relu", z) + b',
      `delta = output_delta("${output}", z2, Y)`,
      ...(unit <= HIDDEN
        ? ['delta = hidden_delta(W, delta, z, "relu")', "nudge = np.zeros((3, 1))", `nudge[${k}] = ${nudge}`]
        : ["nudge = np.zeros((2, 1))", `nudge[${k}] = ${nudge}`]),
      unit <= HIDDEN ? 'after = W @ g("relu", z + nudge) + b' : "after = z2 + nudge",
      `change = (losses("${output}", after, Y) - losses("${output}", z2, Y))[0]`,
      claim(`delta[${k}, 0]`, delta),
      claim("change", change),
      'print("dL =", change, " delta dz =", np.sum(delta * nudge))',
      "",
    ].join("\n"),
  };
}

export default widget({
  id: "W7",
  kind: _("Line plot"),
  title: _("δ is a promise about small nudges"),
  question: {
    ask: _("you halve the nudge Δz. What happens to the error of δ·Δz?"),
    options: [_("It halves"), _("It becomes about a quarter"), _("It stays the same")],
    answer: 1,
    why: _("What δ leaves out begins with ½ L″ (Δz)²: half the nudge, a quarter of the error."),
  },
  defaults: { z: [3, 1, -1], unit: 2, nudge: 1, output: "identity" },
  ranges: { z: [-4, 4], unit: [1, 5, "integer"], nudge: [-2, 2] },
  choices: { output: Object.keys(Y) },
  view,
});
