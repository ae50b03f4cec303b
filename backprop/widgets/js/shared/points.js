// A small data set of three classes in the plane, and training on it with a right or a buggy backward pass.

import { buggyBackprop, pythonPass } from "./bugs.js";
import { python, pythonLayers, pythonMatrix } from "./format.js";
import { initialise, normal } from "./random.js";
import { depth, forward, loss, map, zeros, zip } from "./recipe.js";

export const CLASSES = 3;
const EACH = 20;

// Three arms that bend: a straight line can't part them.
function points() {
  const draw = normal(11);
  const m = CLASSES * EACH;
  const [X, Y] = [zeros(2, m), zeros(CLASSES, m)];
  for (let e = 0; e < m; e++) {
    const c = e % CLASSES;
    const t = Math.floor(e / CLASSES) / EACH;
    const angle = (c * 2 * Math.PI) / CLASSES + 2.1 * t;
    X.data[e] = Number(((0.3 + 1.5 * t) * Math.cos(angle) + 0.1 * draw()).toFixed(2));
    X.data[m + e] = Number(((0.3 + 1.5 * t) * Math.sin(angle) + 0.1 * draw()).toFixed(2));
    Y.data[c * m + e] = 1;
  }
  return { X, Y };
}

const all = points();
export const X = all.X;
export const Y = all.Y;
export const start = (sizes, seed) => initialise(sizes, seed, 1);

export function classes(A) {
  const picked = new Uint8Array(A.cols);
  for (let e = 0; e < A.cols; e++)
    for (let c = 1; c < A.rows; c++) if (A.data[c * A.cols + e] > A.data[picked[e] * A.cols + e]) picked[e] = c;
  return picked;
}

export function confusion(A) {
  const counts = zeros(CLASSES, CLASSES);
  classes(A).forEach((c, e) => (counts.data[(e % CLASSES) * CLASSES + c] += 1));
  return counts;
}

const cache = new Map();

// Every epoch's parameters and scores: full-batch gradient descent, remembered so that a slider can go back.
export function training({ sizes, seed, bug, rate }, epochs) {
  const key = JSON.stringify([sizes, seed, bug, rate]);
  if (cache.size > 12) cache.clear();
  if (!cache.has(key)) cache.set(key, { ...start(sizes, seed), rows: [] });
  const run = cache.get(key);
  while (run.rows.length <= epochs) {
    const { W, b } = run;
    const { Z, A } = forward(W, b, X, "tanh", "softmax");
    const N = depth(W);
    const hits = classes(A[N]).reduce((s, c, e) => s + (c === e % CLASSES), 0);
    run.rows.push({ W, b, J: loss("softmax", Z[N], Y), accuracy: hits / X.cols, A: A[N] });
    const { dW, db } = buggyBackprop(bug, W, Z, A, Y, "tanh", "softmax");
    const less = (p, d) => zip(p, d, (v, s) => v - rate * s);
    run.W = Object.fromEntries(Object.keys(W).map((l) => [l, less(W[l], dW[l])]));
    run.b = Object.fromEntries(Object.keys(b).map((l) => [l, less(b[l], db[l])]));
  }
  return run.rows;
}

export function pythonTraining({ sizes, seed, bug, rate }, epochs) {
  const { W, b } = start(sizes, seed);
  return [
    "import numpy as np",
    "from backprop import accuracy, central_difference, forward, g, g_prime, layer_gradients, loss",
    "",
    `hidden, output, N = "tanh", "softmax", ${sizes.length - 1}`,
    `X = ${pythonMatrix(X)}`,
    `Y = ${pythonMatrix(map(Y, (v) => v))}`,
    `W = ${pythonLayers(W)}`,
    `b = ${pythonLayers(b)}`,
    "",
    `for epoch in range(${epochs}):`,
    "    Z, A = forward(W, b, X, hidden, output)",
    ...pythonPass(bug)
      .split("\n")
      .map((line) => `    ${line}`),
    `    W = {l: W[l] - ${rate} * dW[l] for l in W}  # (10.1)`,
    `    b = {l: b[l] - ${rate} * db[l] for l in b}  # (10.1)`,
    "Z, A = forward(W, b, X, hidden, output)",
  ];
}

// The check of W15: the largest relative gap of each layer between this backward pass and central differences.
export function pythonCheck({ sizes, seed, bug }, gaps) {
  const { W, b } = start(sizes, seed);
  return [
    "X, Y = X[:, :6], Y[:, :6]",
    `W = ${pythonLayers(W)}`,
    `b = ${pythonLayers(b)}`,
    "Z, A = forward(W, b, X, hidden, output)",
    pythonPass(bug),
    "gaps = []",
    "for l in W:",
    "    J = lambda w: loss(output, forward({**W, l: w}, b, X, hidden, output)[0][N], Y)",
    "    measured = central_difference(J, W[l])",
    "    apart = np.abs(dW[l] - measured)",
    "    worst = apart / np.maximum(1e-8, np.abs(dW[l]) + np.abs(measured))  # (9.3)",
    "    gaps.append(np.max(worst[apart > 1e-8], initial=0))",
    `np.testing.assert_allclose(gaps, ${python(gaps)}, rtol=1e-3, atol=1e-4)`,
  ];
}
