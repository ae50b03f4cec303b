// W7: a nudge of one z, the change of L it makes, and what delta predicted.

import { select, slider } from "./shared/controls.js";
import { h } from "./shared/dom.js";
import { claim, number, python, signed, small } from "./shared/format.js";
import { widget } from "./shared/frame.js";
import { axes, curve, dot, grab, legend, svg } from "./shared/plot.js";
import { at, column, losses, outputDelta } from "./shared/recipe.js";

const Y = { identity: [1, 0, 0.5], sigmoid: [1, 0, 1], softmax: [1, 0, 0] };

function numbers({ z, unit, nudge, output }) {
  const y = column(Y[output]);
  const L = (dz) => losses(output, column(z.map((v, i) => v + (i === unit - 1 ? dz : 0))), y)[0];
  const delta = at(outputDelta(output, column(z), y), unit - 1);
  const error = (dz) => L(dz) - L(0) - delta * dz;
  return { L, delta, error, change: L(nudge) - L(0) };
}

function view(ui) {
  const { z, unit, nudge, output } = ui.state;
  const { L, delta, error, change } = numbers(ui.state);
  const base = L(0);
  const inner = ui.width - 58;
  const span = 2.2;
  const ys = [-span, span, 0].map(L).concat([base - Math.abs(delta) * span, base + Math.abs(delta) * span]);
  const plot = axes({
    width: inner,
    height: 250,
    top: 22,
    x: [-span, span],
    y: [Math.min(...ys) - 0.1, Math.max(...ys) + 0.1],
    xLabel: `Δz${unit}`,
    yLabel: "L after the nudge",
  });
  const [x, line, real] = [plot.x(nudge), plot.y(base + delta * nudge), plot.y(base + change)];
  const halves = [1, 2, 4, 8].map((d) => [nudge / d, error(nudge / d)]);
  const ratio = Math.abs(error(nudge / 2)) > 1e-14 ? error(nudge) / error(nudge / 2) : NaN;
  const ratioWords = Number.isFinite(ratio)
    ? ` Half the nudge leaves an error ${number(ratio, 1)} times smaller.`
    : "";
  return {
    picture: svg(
      ui.width,
      316,
      `L against the nudge of z${unit}, and the straight line that delta predicts`,
      plot.axes,
      curve(plot, L, [-span, span]),
      curve(plot, (v) => base + delta * v, [-span, span], { class: "tangent" }, 2),
      h("line", { x1: x, x2: x, y1: line, y2: real, class: "gap" }),
      dot(plot.x(0), plot.y(base), { r: 4 }),
      dot(x, real),
      h("rect", { x: (x - 5).toFixed(1), y: (line - 5).toFixed(1), width: 10, height: 10, class: "dot" }),
      legend(plot.left + (delta < 0 ? inner - 150 : 14), 42, [
        ["curve", "L itself"],
        ["tangent", "L + δ·Δz"],
        ["gap", `error ${small(error(nudge))}`],
      ]),
      grab(plot, (dz) => ui.setState({ nudge: Math.round(dz * 50) / 50 })),
    ),
    controls: [
      slider(ui, "nudge", { label: "Nudge Δz", min: -2, max: 2, step: 0.02 }),
      select(ui, "unit", { label: "Unit", options: [1, 2, 3].map((n) => [n, `z${n}`]) }),
      select(ui, "output", { label: "Output", options: Object.keys(Y).map((n) => [n, n]) }),
      [0, 1, 2].map((i) => slider(ui, `z.${i}`, { label: `z${i + 1}`, min: -4, max: 4, step: 0.1 })),
    ],
    words: `Nudging z${unit} by ${number(nudge)} changes L by ${signed(change, 4)}; δ·Δz = ${signed(delta, 3)} · ${number(nudge)} = ${signed(delta * nudge, 4)}. The error is ${small(error(nudge))}.${ratioWords}`,
    table: {
      caption: "The error as the nudge halves",
      columns: ["Δz", "ΔL", "δ·Δz", "error"],
      rows: halves.map(([d, e]) => [number(d, 4), number(L(d) - base, 6), number(delta * d, 6), small(e)]),
    },
    numpy: [
      "import numpy as np",
      "from backprop import losses, output_delta",
      "",
      `z, Y = np.array([${python(z)}]).T, np.array([${python(Y[output])}], dtype=float).T`,
      `nudge = np.zeros((3, 1)); nudge[${unit - 1}] = ${nudge}`,
      `delta = output_delta("${output}", z, Y)`,
      `change = (losses("${output}", z + nudge, Y) - losses("${output}", z, Y))[0]`,
      claim(`delta[${unit - 1}, 0]`, delta),
      claim("change", change),
      'print("dL =", change, " delta dz =", np.sum(delta * nudge))',
      "",
    ].join("\n"),
  };
}

export default widget({
  id: "W7",
  kind: "Line plot",
  title: "δ is a promise about small nudges",
  question: {
    ask: "you halve the nudge Δz. What happens to the error of δ·Δz?",
    options: ["It halves", "It becomes about a quarter", "It stays the same"],
    answer: 1,
    why: "What δ leaves out begins with ½ L″ (Δz)²: half the nudge, a quarter of the error.",
  },
  defaults: { z: [0.5, -0.3, 1], unit: 1, nudge: 1, output: "softmax" },
  ranges: { z: [-4, 4], unit: [1, 3, "integer"], nudge: [-2, 2] },
  choices: { output: Object.keys(Y) },
  view,
});
