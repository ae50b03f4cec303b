// A small network as a widget's state (nested lists, so that it is JSON), and one pass through it.

import { BUGS, buggyBackprop, pythonPass } from "./bugs.js";
import { claim, pythonLayers, pythonMatrix } from "./format.js";
import { column, forward, loss, matrix, nested, numericalDeltas } from "./recipe.js";
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
  Array.isArray(value) && value.length === length && value.every((v) => Number.isFinite(v) && Math.abs(v) <= 100);
const isMatrix = (value, rows, cols) =>
  Array.isArray(value) && value.length === rows && value.every((row) => isList(row, cols));

// A net from a link or from Python: up to 4 layers of 6. What doesn't fit its sizes is drawn anew from the seed.
export function cleanNet(given, defaults) {
  const right = (s) =>
    Array.isArray(s) && s.length >= 2 && s.length <= 5 && s.every((n) => Number.isInteger(n) && n >= 1 && n <= 6);
  const sizes = right(given.sizes) ? given.sizes : defaults.sizes;
  const hidden = HIDDEN.includes(given.hidden) ? given.hidden : defaults.hidden;
  const output = OUTPUTS.includes(given.output) ? given.output : defaults.output;
  const seed = Number.isInteger(given.seed) ? Math.abs(given.seed) % 10000 : defaults.seed;
  const net = freshNet({ sizes, hidden, output, seed });
  if (isList(given.x, sizes[0])) net.x = given.x;
  if (isList(given.y, sizes.at(-1))) net.y = given.y;
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
  return { N, W, b, X, Y, Z, A, bug, ...back, measured, L: loss(output, Z[N], Y) };
}

export function pythonNet(state, p) {
  return [
    "import numpy as np",
    "from backprop import forward, g, g_prime, layer_gradients, loss",
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
    'print("J =", loss(output, Z[N], Y))',
    "for l in delta:",
    '    print(f"delta[{l}] =", delta[l].ravel())',
    "",
  ].join("\n");
}
