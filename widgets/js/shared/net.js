// A small network as a widget's state (nested lists, so that it is JSON), and one pass through it.

import { BUGS, buggyBackprop, pythonPass } from "./bugs.js";
import { claim, pythonLayers, pythonMatrix } from "./format.js";
import { column, forward, loss, matrix, nested, numericalDeltas, numericalGradients } from "./recipe.js";
import { initialise, uniform } from "./random.js";

export const HIDDEN = ["tanh", "sigmoid", "relu"];
export const OUTPUTS = ["softmax", "sigmoid", "identity"];

export function freshNet({ sizes, hidden = "tanh", output = "softmax", seed = 7 }) {
  const { W, b } = initialise(sizes, seed, 1.4);
  const draw = uniform(seed + 1000);
  const round = (v) => Number(v.toFixed(2));
  const layers = Object.keys(W);
  return {
    sizes: [...sizes],
    hidden,
    output,
    seed,
    W: layers.map((l) => nested(W[l])),
    b: layers.map((l) => Array.from(b[l].data, () => round(draw() * 0.6 - 0.3))),
    x: Array.from({ length: sizes[0] }, () => round(draw() * 2 - 1)),
    y: Array.from({ length: sizes.at(-1) }, (_, i) => (i === 0 ? 1 : 0)),
  };
}

const isList = (value, length) =>
  Array.isArray(value) &&
  value.length === length &&
  value.every((v) => Number.isFinite(v) && Math.abs(v) <= 100);
const isMatrix = (value, rows, cols) =>
  Array.isArray(value) && value.length === rows && value.every((row) => isList(row, cols));

// delta[N] = y_hat - y holds for targets that their output can reach: in [0, 1], for softmax a column that
// sums to 1.
function legal(y, output) {
  if (output === "identity") return y;
  const inside = y.map((v) => Math.min(1, Math.max(0, v)));
  const sum = inside.reduce((s, v) => s + v, 0);
  if (output === "sigmoid" || Math.abs(sum - 1) < 1e-9) return inside;
  return sum > 0 ? inside.map((v) => v / sum) : inside.map((_, i) => (i === 0 ? 1 : 0));
}

// The targets with y[i] = v; for softmax the others share what is left, as they shared it before.
export function withTarget({ y, output }, i, v) {
  if (output !== "softmax" || y.length === 1) return y.map((old, k) => (k === i ? v : old));
  const mine = Math.min(1, Math.max(0, v));
  const rest = y.reduce((s, old, k) => s + (k === i ? 0 : old), 0);
  return y.map((old, k) => (k === i ? mine : (1 - mine) * (rest > 1e-9 ? old / rest : 1 / (y.length - 1))));
}

// A net from a link or from Python: up to 4 layers of 6. What doesn't fit its sizes is drawn anew from the
// seed.
export function cleanNet(given, defaults) {
  const right = (s) =>
    Array.isArray(s) &&
    s.length >= 2 &&
    s.length <= 5 &&
    s.every((n) => Number.isInteger(n) && n >= 1 && n <= 6);
  const sizes = right(given.sizes) ? given.sizes : defaults.sizes;
  const hidden = HIDDEN.includes(given.hidden) ? given.hidden : defaults.hidden;
  const output = OUTPUTS.includes(given.output) ? given.output : defaults.output;
  const seed = Number.isInteger(given.seed) ? Math.abs(given.seed) % 10000 : defaults.seed;
  const net = freshNet({ sizes, hidden, output, seed });
  if (isList(given.x, sizes[0])) net.x = given.x;
  if (isList(given.y, sizes.at(-1))) net.y = legal(given.y, output);
  for (let l = 1; l < sizes.length; l++) {
    if (isMatrix(given.W?.[l - 1], sizes[l], sizes[l - 1])) net.W[l - 1] = given.W[l - 1];
    if (isList(given.b?.[l - 1], sizes[l])) net.b[l - 1] = given.b[l - 1];
  }
  return net;
}

export function pass(state) {
  const N = state.sizes.length - 1;
  const W = {};
  const b = {};
  state.W.forEach((w, k) => ([W[k + 1], b[k + 1]] = [matrix(w), column(state.b[k])]));
  const X = column(state.x);
  const Y = column(state.y);
  const { hidden, output } = state;
  const { Z, A } = forward(W, b, X, hidden, output);
  const bug = Object.hasOwn(BUGS, state.bug) ? state.bug : "none";
  const back = buggyBackprop(bug, W, Z, A, Y, hidden, output);
  const measured = numericalDeltas(W, b, Z, Y, hidden, output);
  return {
    ...{ N, W, b, X, Y, Z, A, bug, ...back, measured, L: loss(output, Z[N], Y) },
    // Asked for only when Step 3 is on show.
    get measuredW() {
      this.slopes ??= numericalGradients(W, b, X, Y, hidden, output).dW;
      return this.slopes;
    },
  };
}

export function pythonNet(state, p) {
  return [
    "import numpy as np",
    "from backprop import central_difference, forward, g, g_prime, layer_gradients, loss",
    "",
    `hidden, output, N = "${state.hidden}", "${state.output}", ${p.N}`,
    `W = ${pythonLayers(p.W)}`,
    `b = ${pythonLayers(p.b)}`,
    `X = ${pythonMatrix(p.X)}`,
    `Y = ${pythonMatrix(p.Y)}`,
    "",
    "Z, A = forward(W, b, X, hidden, output)",
    pythonPass(p.bug),
    "",
    "# The numbers the widget shows:",
    claim("loss(output, Z[N], Y)", p.L),
    ...Object.keys(p.Z).flatMap((l) => [
      claim(`A[${l}]`, p.A[l]),
      claim(`delta[${l}]`, p.delta[l]),
      claim(`dW[${l}]`, p.dW[l]),
    ]),
    "",
    "def from_layer(l, z):  # the loss, if layer l had this z",
    "    for k in range(l + 1, N + 1):",
    "        z = W[k] @ g(hidden, z) + b[k]",
    "    return loss(output, z, Y)",
    "",
    "measured = {l: central_difference(lambda z: from_layer(l, z), Z[l]) for l in delta}",
    ...Object.keys(p.Z).map((l) => claim(`measured[${l}]`, p.measured[l], "rtol=1e-5, atol=1e-8")),
    'print("J =", loss(output, Z[N], Y))',
    "for l in delta:",
    '    print(f"delta[{l}] =", delta[l].ravel())',
    "",
  ].join("\n");
}
