// Mistakes that keep every shape, so only numbers can tell them from the recipe (the catalogue's codes). Each
// says what it puts in the place of a step, in JavaScript (to compute) and in Python (to read, and to copy).

import {
  SCALAR,
  SLOPE,
  at,
  depth,
  hiddenDelta,
  layerGradients,
  map,
  outputDelta,
  zeros,
  zip,
} from "./recipe.js";
import { _ } from "./words.js";

const sumUp = "(W[l + 1].T @ delta[l + 1])";
export const RECIPE = {
  step1: "A[N] - Y",
  step2: `${sumUp} * g_prime(hidden, Z[l])`,
  step3: "layer_gradients(delta[l], A[l - 1])",
};

// A name is said when it is asked for: this module is read before the page's language is known.
export const BUGS = {
  none: {
    get name() {
      return _("no bug");
    },
    step: 0,
  },
  K13: {
    get name() {
      return _("g′ left out");
    },
    step: 2,
    factor: () => 1,
    step2: sumUp,
  },
  K12: {
    get name() {
      return _("g′(a) for g′(z)");
    },
    step: 2,
    factor: (z, a, g) => SLOPE[g](a),
    step2: `${sumUp} * g_prime(hidden, A[l])`,
  },
  K14: {
    get name() {
      return _("g for g′");
    },
    step: 2,
    factor: (z, a, g) => SCALAR[g](z),
    step2: `${sumUp} * g(hidden, Z[l])`,
  },
  K18: {
    get name() {
      return _("g′ twice");
    },
    step: 2,
    factor: (z, a, g) => SLOPE[g](z) ** 2,
    step2: `${sumUp} * g_prime(hidden, Z[l]) ** 2`,
  },
  K19: {
    get name() {
      return _("a(1 − a) for every g");
    },
    step: 2,
    factor: (z, a) => a * (1 - a),
    step2: `${sumUp} * A[l] * (1 - A[l])`,
  },
  K17: {
    get name() {
      return _("|W| for W");
    },
    step: 2,
    weight: Math.abs,
    step2: "(np.abs(W[l + 1]).T @ delta[l + 1]) * g_prime(hidden, Z[l])",
  },
  K4: {
    get name() {
      return _("an extra a(1 − a) at the output");
    },
    step: 1,
    output: (d, A) => zip(d, A, (v, a) => v * a * (1 - a)),
    step1: "(A[N] - Y) * A[N] * (1 - A[N])",
  },
  K5: {
    get name() {
      return _("Y − A for A − Y");
    },
    step: 1,
    output: (d) => map(d, (v) => -v),
    step1: "Y - A[N]",
  },
  K6: {
    get name() {
      return _("a factor 2");
    },
    step: 1,
    output: (d) => map(d, (v) => 2 * v),
    step1: "2 * (A[N] - Y)",
  },
  K26: {
    get name() {
      return _("the sum for the mean");
    },
    step: 3,
    gradients: ({ dW, db }, l, m) => ({ dW: map(dW, (v) => v * m), db: map(db, (v) => v * m) }),
    step3: "(delta[l] @ A[l - 1].T, np.sum(delta[l], axis=1, keepdims=True))",
  },
  K34: {
    get name() {
      return _("layer 1 left out");
    },
    step: 3,
    gradients: (given, l) => (l === 1 ? { dW: map(given.dW, () => 0), db: map(given.db, () => 0) } : given),
    step3: "(0 * W[l], 0 * b[l]) if l == 1 else layer_gradients(delta[l], A[l - 1])",
  },
};

export const bugOptions = (codes = Object.keys(BUGS)) =>
  codes.map((code) => [code, code === "none" ? BUGS.none.name : `${BUGS[code].name} (${code})`]);

// What multiplies W^T delta at a unit, and what stands for W, with this bug.
export const factorOf = (bug, z, a, hidden) =>
  BUGS[bug].factor ? BUGS[bug].factor(z, a, hidden) : SLOPE[hidden](z);
export const weightOf = (bug, w) => (BUGS[bug].weight ? BUGS[bug].weight(w) : w);

export function buggyBackprop(bug, W, Z, A, Y, hidden, output) {
  const wrong = BUGS[bug];
  const N = depth(W);
  const right = outputDelta(output, Z[N], Y);
  const delta = { [N]: wrong.output ? wrong.output(right, A[N]) : right };
  for (let l = N - 1; l > 0; l--) {
    if (!wrong.weight && !wrong.factor) {
      delta[l] = hiddenDelta(W[l + 1], delta[l + 1], Z[l], hidden);
      continue;
    }
    delta[l] = zeros(Z[l].rows, Y.cols);
    for (let i = 0; i < Z[l].rows; i++) {
      for (let e = 0; e < Y.cols; e++) {
        let sum = 0;
        for (let j = 0; j < W[l + 1].rows; j++)
          sum += weightOf(bug, at(W[l + 1], j, i)) * at(delta[l + 1], j, e);
        delta[l].data[i * Y.cols + e] = sum * factorOf(bug, at(Z[l], i, e), at(A[l], i, e), hidden);
      }
    }
  }
  const dW = {};
  const db = {};
  for (let l = 1; l <= N; l++) {
    const fair = layerGradients(delta[l], A[l - 1]);
    ({ dW: dW[l], db: db[l] } = wrong.gradients ? wrong.gradients(fair, l, Y.cols) : fair);
  }
  return { dW, db, delta };
}

// The backward pass with this bug, as Python.
export function pythonPass(bug) {
  const step = (name) => BUGS[bug][name] ?? RECIPE[name];
  return [
    `delta = {N: ${step("step1")}}  # Step 1${BUGS[bug].step1 ? `, with the bug ${bug}` : " (5.1)"}`,
    "for l in range(N - 1, 0, -1):",
    `    delta[l] = ${step("step2")}  # Step 2${BUGS[bug].step2 ? `, with the bug ${bug}` : " (6.1)"}`,
    "dW, db = {}, {}",
    "for l in range(1, N + 1):",
    `    dW[l], db[l] = ${step("step3")}  # Step 3${BUGS[bug].step3 ? `, with the bug ${bug}` : " (7.1), (7.2)"}`,
  ].join("\n");
}

// The largest |claimed - measured| / (|claimed| + |measured|) of a matrix (9.3); rounding near 0 is not
// counted.
export function disagreement(claimed, measured) {
  let worst = 0;
  claimed.data.forEach((v, i) => {
    const gap = Math.abs(v - measured.data[i]);
    if (gap > 1e-8) worst = Math.max(worst, gap / Math.max(1e-8, Math.abs(v) + Math.abs(measured.data[i])));
  });
  return worst;
}
export const DISAGREES = 1e-4;
