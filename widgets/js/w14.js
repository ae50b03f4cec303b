// W14: the error of finite differences against the step h, a V.

import { select, slider } from "./shared/controls.js";
import { claim, pythonLayers, pythonMatrix, small } from "./shared/format.js";
import { widget } from "./shared/frame.js";
import { axes, curve, dot, grab, guide, legend, svg, text } from "./shared/plot.js";
import { initialise, uniform } from "./shared/random.js";
import { backprop, forward, loss, map, zeros } from "./shared/recipe.js";
import { _ } from "./shared/words.js";

const SIZES = [3, 4, 2];
const STEPS = Array.from({ length: 45 }, (_item, i) => -0.5 - i * 0.25);
const cache = new Map();

function net(seed) {
  const { W, b } = initialise(SIZES, seed, 1.4);
  const draw = uniform(seed + 9);
  const X = map(zeros(3, 4), () => Number((draw() * 2 - 1).toFixed(2)));
  const Y = zeros(2, 4);
  for (let e = 0; e < 4; e++) Y.data[(e % 2) * 4 + e] = 1;
  return { W, b, X, Y };
}

// The median over W[1]'s entries of the relative error (9.3), for one step.
function errorAt(seed, exponent, method) {
  const { W, b, X, Y } = net(seed);
  const J = () => loss("softmax", forward(W, b, X, "tanh", "softmax").Z[2], Y);
  const { Z, A } = forward(W, b, X, "tanh", "softmax");
  const exact = backprop(W, Z, A, Y, "tanh", "softmax").dW[1];
  const step = 10 ** exponent;
  const w = W[1].data;
  const base = J();
  const errors = Array.from(w, (kept, i) => {
    w[i] = kept + step;
    const up = J();
    w[i] = kept - step;
    const down = method === "central" ? J() : base;
    w[i] = kept;
    const slope = (up - down) / (method === "central" ? 2 * step : step);
    return Math.abs(slope - exact.data[i]) / Math.max(1e-8, Math.abs(slope) + Math.abs(exact.data[i]));
  }).sort((a, c) => a - c);
  return (errors[5] + errors[6]) / 2;
}

function curveOf(seed, method) {
  const key = `${seed} ${method}`;
  if (!cache.has(key))
    cache.set(
      key,
      STEPS.map((e) => errorAt(seed, e, method)),
    );
  return cache.get(key);
}

function view(ui) {
  const { h: exponent, method, seed } = ui.state;
  const inner = ui.width - 66;
  const power = (v) => `1e${Math.round(v)}`.replace("-", "−");
  const plot = axes({
    left: 52,
    width: inner,
    height: 260,
    top: 22,
    x: [-11.5, -0.5],
    y: [-12, 0],
    xLabel: _("step h"),
    yLabel: _("median relative error"),
    xTick: power,
    yTick: power,
  });
  const path = (which) => {
    const values = curveOf(seed, which);
    return (v) =>
      Math.log10(Math.max(1e-13, values[Math.max(0, Math.min(44, Math.round((-0.5 - v) / 0.25)))]));
  };
  const error = errorAt(seed, exponent, method);
  const best = curveOf(seed, method).reduce((b, e, i, all) => (e < all[b] ? i : b), 0);
  const { W, b, X, Y } = net(seed);
  const side =
    exponent > STEPS[best] + 0.6
      ? _("truncation rules: a smaller step helps")
      : exponent < STEPS[best] - 0.6
        ? _("rounding rules: a larger step helps")
        : _("this is near the best step");
  const { Z, A } = forward(W, b, X, "tanh", "softmax");
  const exact = backprop(W, Z, A, Y, "tanh", "softmax").dW[1];
  const other = method === "central" ? "forward" : "central";
  return {
    picture: svg(
      ui.width,
      328,
      _("Error of {method} differences against the step: a V with its bottom near {power}", {
        method: _(method),
        power: power(STEPS[best]),
      }),
      plot.axes,
      curve(plot, path(other), [-11.5, -0.5], { class: "curve two thin" }, 45),
      curve(plot, path(method), [-11.5, -0.5], {}, 45),
      guide(plot.x(exponent), plot.top, plot.top + plot.height),
      dot(plot.x(exponent), plot.y(Math.log10(Math.max(1e-13, error)))),
      legend(66, 64, [
        ["curve", _("{method} differences", { method: _(method) })],
        ["curve two thin", _("{method} differences", { method: _(other) })],
      ]),
      text(66, 40, _("← rounding rules"), { class: "halo faint" }),
      text(52 + inner - 10, 40, _("truncation rules →"), { class: "halo faint", "text-anchor": "end" }),
      grab(plot, (e) => ui.setState({ h: Math.round(e * 4) / 4 })),
    ),
    controls: [
      slider(ui, "h", {
        label: _("log10 of h"),
        min: -11.5,
        max: -0.5,
        step: 0.25,
        show: (v) => small(10 ** v),
      }),
      select(ui, "method", {
        label: _("Differences"),
        options: [
          ["central", _("central")],
          ["forward", _("forward")],
        ],
      }),
      slider(ui, "seed", { label: _("Network number"), min: 1, max: 20, step: 1, show: String }),
    ],
    words: _(
      "With h = {exponent}, {method} differences have a median relative error of {error}: {side}. The best step seen is {STEPS}.",
      {
        exponent: small(10 ** exponent),
        method: _(method),
        error: small(error),
        side,
        STEPS: small(10 ** STEPS[best]),
      },
    ),
    table: {
      caption: _("Median relative error by step"),
      columns: ["h", _("central"), _("forward")],
      rows: [-1, -2, -3, -4, -5, -6, -7, -8, -9, -10].map((e) => [
        power(e),
        small(errorAt(seed, e, "central")),
        small(errorAt(seed, e, "forward")),
      ]),
    },
    numpy: [
      "import numpy as np",
      "from backprop import backprop, forward, loss",
      "",
      `W = ${pythonLayers(W)}`,
      `b = ${pythonLayers(b)}`,
      `X = ${pythonMatrix(X)}`,
      `Y = ${pythonMatrix(Y)}`,
      `h = 10.0 ** ${exponent}`,
      "",
      "def J(w):",
      '    return loss("softmax", forward({**W, 1: w}, b, X, "tanh", "softmax")[0][2], Y)',
      "",
      'Z, A = forward(W, b, X, "tanh", "softmax")',
      'dW, db = backprop(W, Z, A, Y, "tanh", "softmax")',
      claim("dW[1]", exact),
      "slopes = np.zeros(W[1].shape)",
      "for i in np.ndindex(W[1].shape):",
      "    e = np.zeros(W[1].shape); e[i] = h",
      method === "central"
        ? "    slopes[i] = (J(W[1] + e) - J(W[1] - e)) / (2 * h)"
        : "    slopes[i] = (J(W[1] + e) - J(W[1])) / h",
      "errors = np.abs(slopes - dW[1]) / np.maximum(1e-8, np.abs(slopes) + np.abs(dW[1]))",
      "# Rounding differs from machine to machine: it is allowed for, as J's last digits over h.",
      `np.testing.assert_allclose(np.median(errors), ${error}, rtol=1e-3, atol=20 * 2.2e-16 * J(W[1]) / h / np.median(np.abs(dW[1])))`,
      "print(h, np.median(errors))",
      "",
    ].join("\n"),
  };
}

export default widget({
  id: "W14",
  kind: _("Line plot on logarithmic axes"),
  title: _("The V of the step h"),
  question: {
    ask: _("you make h ever smaller, to 1e−11. What happens to the error?"),
    options: [_("It falls for ever"), _("It falls, then rises again"), _("It never changes")],
    answer: 1,
    why: _(
      "Truncation falls like h², but rounding grows like 1/h: the error is a V, with its bottom near 1e−5.",
    ),
  },
  defaults: { h: -5, method: "central", seed: 3 },
  ranges: { h: [-11.5, -0.5], seed: [1, 20, "integer"] },
  choices: { method: ["central", "forward"] },
  view,
});
