// Gradient descent with a right or a buggy backward pass, remembered epoch by epoch, and the same as Python.

import { buggyBackprop, pythonPass } from "./bugs.js";
import { python, pythonLayers } from "./format.js";
import { initialise } from "./random.js";
import { depth, forward, loss, zeros, zip } from "./recipe.js";

export const start = (sizes, seed) => initialise(sizes, seed, 1);

export function classes(A) {
  const picked = new Uint8Array(A.cols);
  for (let e = 0; e < A.cols; e++)
    for (let c = 1; c < A.rows; c++)
      if (A.data[c * A.cols + e] > A.data[picked[e] * A.cols + e]) picked[e] = c;
  return picked;
}

// Rows: the true class; columns: the class said.
export function confusion(A, Y) {
  const counts = zeros(A.rows, A.rows);
  const [said, truth] = [classes(A), classes(Y)];
  said.forEach((c, e) => (counts.data[truth[e] * A.rows + c] += 1));
  return counts;
}

export function accuracy(A, Y) {
  const [said, truth] = [classes(A), classes(Y)];
  return said.reduce((s, c, e) => s + (c === truth[e]), 0) / A.cols;
}

const cache = new Map();

// Every epoch's parameters and scores: full-batch gradient descent, remembered so that a slider can go back.
// data: { name, X, Y }. It stops at the epoch wanted or when the time (milliseconds) is up: the rows say how
// far it came.
export function training(data, { sizes, seed, bug, rate }, epochs, milliseconds = Infinity) {
  const key = JSON.stringify([data.name, sizes, seed, bug, rate]);
  if (cache.size > 12) cache.clear();
  if (!cache.has(key)) cache.set(key, { ...start(sizes, seed), rows: [] });
  const run = cache.get(key);
  const end = performance.now() + milliseconds;
  while (run.rows.length <= epochs && (run.rows.length === 0 || performance.now() < end)) {
    const { W, b } = run;
    const { Z, A } = forward(W, b, data.X, "tanh", "softmax");
    const N = depth(W);
    run.rows.push({
      W,
      b,
      J: loss("softmax", Z[N], data.Y),
      accuracy: accuracy(A[N], data.Y),
      A: A[N],
      A1: A[1],
    });
    const { dW, db } = buggyBackprop(bug, W, Z, A, data.Y, "tanh", "softmax");
    const less = (p, d) => zip(p, d, (v, s) => v - rate * s);
    run.W = Object.fromEntries(Object.keys(W).map((l) => [l, less(W[l], dW[l])]));
    run.b = Object.fromEntries(Object.keys(b).map((l) => [l, less(b[l], db[l])]));
  }
  return run.rows;
}

// data: the lines of Python that make X and Y.
export function pythonTraining(data, { sizes, seed, bug, rate }, epochs) {
  const { W, b } = start(sizes, seed);
  return [
    "import numpy as np",
    "from backprop import accuracy, central_difference, forward, g, g_prime, layer_gradients, loss",
    "",
    `hidden, output, N = "tanh", "softmax", ${sizes.length - 1}`,
    ...data,
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

// The check of W15: the largest relative gap of each layer between this backward pass and central
// differences.
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
