// A small network as a widget's state (nested lists, so that it is JSON), and one pass through it.

import { BUGS, buggyBackprop, pythonPass } from "./bugs.js";
import { claim, pythonLayers, pythonMatrix } from "./format.js";
import {
  at,
  column,
  forward,
  loss,
  losses,
  matrix,
  nested,
  numericalDeltas,
  numericalGradients,
} from "./recipe.js";
import { initialise, uniform } from "./random.js";

export const HIDDEN = ["tanh", "sigmoid", "relu"];
export const OUTPUTS = ["softmax", "sigmoid", "identity"];

// The network that goes with the reader from chapter 1 to chapter 9: whole numbers, to be followed with a pencil.
export const BOOK = {
  sizes: [2, 3, 2],
  hidden: "relu",
  output: "identity",
  seed: 0,
  W: [
    [
      [1, 1],
      [2, -1],
      [-1, 0],
    ],
    [
      [1, -1, 2],
      [0, 2, 3],
    ],
  ],
  b: [
    [0, 1, 0],
    [0, -1],
  ],
  x: [1, 2],
  y: [1, 3],
};

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

// A net from a link or from Python: up to 4 layers of 6. What doesn't fit its sizes is the defaults' if they have
// the same sizes and seed, and drawn anew from the seed if not.
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
  const same = seed === defaults.seed && String(sizes) === String(defaults.sizes);
  const { W, b, x, y } = structuredClone(defaults);
  const net = same
    ? { sizes, hidden, output, seed, W, b, x, y: legal(y, output) }
    : freshNet({ sizes, hidden, output, seed });
  if (isList(given.x, sizes[0])) net.x = given.x;
  if (isList(given.y, sizes.at(-1))) net.y = legal(given.y, output);
  for (let l = 1; l < sizes.length; l++) {
    if (isMatrix(given.W?.[l - 1], sizes[l], sizes[l - 1])) net.W[l - 1] = given.W[l - 1];
    if (isList(given.b?.[l - 1], sizes[l])) net.b[l - 1] = given.b[l - 1];
  }
  return net;
}

const LARGEST = 100;
const rounded = (v) => Number(Math.min(LARGEST, Math.max(-LARGEST, v)).toFixed(4));

// W and b after one step of gradient descent (10.1), rounded to four digits.
export function updated(state, p) {
  const less = (m, d) => m.map((v, j) => rounded(v - state.rate * d[j]));
  const row = (k, w, i) =>
    less(
      w,
      Array.from(w, (_, j) => at(p.dW[k + 1], i, j)),
    );
  return {
    W: state.W.map((w, k) => w.map((values, i) => row(k, values, i))),
    b: state.b.map((b, k) => less(b, Array.from(p.db[k + 1].data))),
  };
}

function passOf(state) {
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
  const column1 = (m, i) => ({ rows: 1, cols: 1, data: Float64Array.of(at(m, i)) });
  return {
    ...{ N, W, b, X, Y, Z, A, bug, ...back, L: loss(output, Z[N], Y) },
    // What finite differences say: asked for only where it is shown.
    get measured() {
      this.differences ??= numericalDeltas(W, b, Z, Y, hidden, output);
      return this.differences;
    },
    get measuredW() {
      this.slopes ??= numericalGradients(W, b, X, Y, hidden, output).dW;
      return this.slopes;
    },
    // Each output's part of the loss; softmax's outputs share theirs, so their parts are y log y_hat.
    get each() {
      if (output === "softmax")
        return Array.from(A[N].data, (a, i) => (at(Y, i) ? -at(Y, i) * Math.log(a) : 0));
      return Array.from(Y.data, (_, i) => losses(output, column1(Z[N], i), column1(Y, i))[0]);
    },
    // The pass after an update.
    get next() {
      this.after ??= passOf({ ...state, ...updated(state, this) });
      return this.after;
    },
  };
}

// One pass through a network, its gradients, and what finite differences say of them. The last one is kept: a story
// is drawn sixty times a second, and its numbers change once an update.
let kept = { key: [], pass: null };
export function pass(state) {
  const { W, b, x, y, hidden, output, bug, rate } = state;
  const key = [W, b, x, y, hidden, output, bug, rate];
  if (key.some((v, k) => v !== kept.key[k])) kept = { key, pass: passOf(state) };
  return kept.pass;
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
