// W6: the loss over two weights of y_hat = w2 tanh(w1 x).

import { button, slider } from "./shared/controls.js";
import { h } from "./shared/dom.js";
import { claim, number } from "./shared/format.js";
import { widget } from "./shared/frame.js";
import { colourBar, contour, heatmap } from "./shared/maps.js";
import { axes, dot, grab, svg, text } from "./shared/plot.js";
import { _ } from "./shared/words.js";

const X = [-1.5, -0.5, 0.5, 1.5];
const Y = [-1.2, -0.6, 0.6, 1.2];
const SIDE = 41;
const J = (w1, w2) => X.reduce((s, x, i) => s + (w2 * Math.tanh(w1 * x) - Y[i]) ** 2 / 2, 0) / X.length;

function gradient(w1, w2) {
  let [g1, g2] = [0, 0];
  X.forEach((x, i) => {
    const a = Math.tanh(w1 * x);
    const delta = (w2 * a - Y[i]) / X.length;
    g2 += delta * a;
    g1 += delta * w2 * (1 - a * a) * x;
  });
  return [g1, g2];
}

const values = new Float64Array(SIDE * SIDE);
for (let r = 0; r < SIDE; r++)
  for (let c = 0; c < SIDE; c++)
    values[r * SIDE + c] = Math.log1p(J(-3 + (6 * c) / 40, 3 - (6 * r) / 40)) / Math.log1p(J(3, -3));

const LEVELS = [0.1, 0.2, 0.3, 0.45, 0.6, 0.75, 0.9];

function path({ w, rate, steps }) {
  const points = [[...w]];
  for (let t = 0; t < steps; t++) {
    const [a, b] = points.at(-1);
    const [g1, g2] = gradient(a, b);
    points.push([a - rate * g1, b - rate * g2]);
  }
  return points;
}

function view(ui) {
  const { w, rate, steps } = ui.state;
  const side = Math.min(ui.width - 58, 380);
  const left = (ui.width - side) / 2 + 10;
  const plot = axes({
    left,
    width: side,
    height: side,
    top: 22,
    x: [-3, 3],
    y: [-3, 3],
    xLabel: "w1",
    yLabel: "w2",
  });
  const points = path(ui.state);
  const [e1, e2] = points.at(-1);
  const [g1, g2] = gradient(...w);
  const size = Math.hypot(g1, g2) || 1;
  const [x, y] = [plot.x(w[0]), plot.y(w[1])];
  const line = points
    .map(
      ([a, b]) =>
        `${plot.x(Math.max(-3, Math.min(3, a))).toFixed(1)},${plot.y(Math.max(-3, Math.min(3, b))).toFixed(1)}`,
    )
    .join(" ");
  const reach = Math.min(60, 20 + 60 * size);
  const downhill = h("line", {
    ...{ x1: x, y1: y, x2: x - (reach * g1) / size, y2: y + (reach * g2) / size },
    ...{ stroke: "#E69F00", "stroke-width": 3, "stroke-dasharray": "5 3" },
  });
  const box = { x: left, y: 22, width: side, height: side };
  const [ex, ey] = [plot.x(Math.max(-3, Math.min(3, e1))), plot.y(Math.max(-3, Math.min(3, e2)))];
  return {
    picture: svg(
      ui.width,
      side + (ui.width < 400 ? 110 : 92),
      _(
        "Loss over w1 and w2, dark low and bright high, with {steps} steps of gradient descent from ({w}, {w2})",
        { steps, w: number(w[0]), w2: number(w[1]) },
      ),
      plot.axes,
      heatmap(values, SIDE, SIDE, box, undefined, "smooth"),
      LEVELS.map((level) => contour(values, SIDE, SIDE, level, box)),
      h("polyline", { points: line, fill: "none", stroke: "#fff", "stroke-width": 5 }),
      h("polyline", { points: line, fill: "none", stroke: "#D55E00", "stroke-width": 2.5 }),
      downhill,
      dot(x, y),
      h("rect", { x: (ex - 5).toFixed(1), y: (ey - 5).toFixed(1), width: 10, height: 10, class: "dot" }),
      grab(plot, (...to) => ui.setState({ w: to.map((v) => Math.round(v * 20) / 20) })),
      text(left + side / 2, side + (ui.width < 400 ? 104 : 86), _("○ start   □ end   ┄ downhill"), {
        ...{ "text-anchor": "middle", class: "faint" },
      }),
      colourBar({
        x: left,
        y: side + 62,
        width: side,
        marks: [
          [0, _("low loss")],
          [1, _("high loss")],
        ],
      }),
    ),
    controls: [
      slider(ui, "w.0", { label: "w1", min: -3, max: 3, step: 0.05 }),
      slider(ui, "w.1", { label: "w2", min: -3, max: 3, step: 0.05 }),
      slider(ui, "rate", { label: _("Learning rate"), min: 0.05, max: 2, step: 0.05 }),
      slider(ui, "steps", { label: _("Steps"), min: 0, max: 60, step: 1, show: String }),
      button(_("Start here"), () => ui.setState({ w: [e1, e2].map((v) => Number(v.toFixed(2))), steps: 0 })),
    ],
    words: _(
      "At w = ({w}, {w2}) the loss is {J} and its gradient ({g1}, {g2}). After {steps} steps gradient descent is at ({e1}, {e2}) with loss {J2}.",
      {
        w: number(w[0]),
        w2: number(w[1]),
        J: number(J(...w), 4),
        g1: number(g1, 3),
        g2: number(g2, 3),
        steps,
        e1: number(e1),
        e2: number(e2),
        J2: number(J(e1, e2), 4),
      },
    ),
    table: {
      caption: _("The path of gradient descent"),
      columns: [_("step"), "w1", "w2", "J"],
      rows: points
        .filter((_item, i) => i % Math.max(1, Math.ceil(steps / 12)) === 0 || i === steps)
        .map(([a, b], i, all) => [
          String(i === all.length - 1 ? steps : i * Math.max(1, Math.ceil(steps / 12))),
          number(a, 3),
          number(b, 3),
          number(J(a, b), 4),
        ]),
    },
    numpy: [
      "import numpy as np",
      "from backprop import backprop, forward, loss",
      "",
      `X, Y = np.array([${JSON.stringify(X)}]), np.array([${JSON.stringify(Y)}])`,
      `W = {1: np.array([[${w[0]}]], dtype=float), 2: np.array([[${w[1]}]], dtype=float)}`,
      "b = {1: np.zeros((1, 1)), 2: np.zeros((1, 1))}",
      'Z, A = forward(W, b, X, "tanh", "identity")',
      claim('loss("identity", Z[2], Y)', J(...w)),
      'dW, _ = backprop(W, Z, A, Y, "tanh", "identity")',
      claim("[dW[1][0, 0], dW[2][0, 0]]", [g1, g2]),
      `for _ in range(${steps}):`,
      '    Z, A = forward(W, b, X, "tanh", "identity")',
      '    dW, _ = backprop(W, Z, A, Y, "tanh", "identity")',
      `    W = {l: W[l] - ${rate} * dW[l] for l in W}`,
      claim("[W[1][0, 0], W[2][0, 0]]", [e1, e2]),
      "print(W)",
      "",
    ].join("\n"),
  };
}

export default widget({
  id: "W6",
  kind: _("Heat map"),
  title: _("A loss surface"),
  question: {
    ask: _("ŷ = w2·tanh(w1·x). How many lowest points has the loss?"),
    options: [_("One"), _("Two"), _("None")],
    answer: 1,
    why: _("Turning the sign of both weights leaves ŷ as it was: every valley has a twin."),
  },
  defaults: { w: [2.5, -1], rate: 0.4, steps: 20 },
  ranges: { w: [-3, 3], rate: [0.05, 2], steps: [0, 60, "integer"] },
  view,
});
