// Mistakes that keep every shape, so only numbers can tell them from the recipe (the catalogue's codes).

import { depth, g, gPrime, layerGradients, map, multiply, outputDelta, transpose, zip } from "./recipe.js";

const times = (p, q) => zip(p, q, (x, y) => x * y);
const spread = (o) => multiply(transpose(o.WNext), o.deltaNext);

export const BUGS = {
  none: { name: "no bug", where: "" },
  K4: { name: "an extra g′ at the output", where: "Step 1", output: (o) => times(o.delta, map(o.A, (a) => a * (1 - a))) },
  K5: { name: "Y − A for A − Y", where: "Step 1", output: (o) => map(o.delta, (v) => -v) },
  K6: { name: "a factor 2 in Step 1", where: "Step 1", output: (o) => map(o.delta, (v) => 2 * v) },
  K12: { name: "g′(a) for g′(z)", where: "Step 2", hidden: (o) => times(spread(o), gPrime(o.hidden, o.A)) },
  K13: { name: "g′ left out", where: "Step 2", hidden: (o) => spread(o) },
  K14: { name: "g for g′", where: "Step 2", hidden: (o) => times(spread(o), g(o.hidden, o.Z)) },
  K17: {
    name: "|W| for W",
    where: "Step 2",
    hidden: (o) => times(multiply(transpose(map(o.WNext, Math.abs)), o.deltaNext), gPrime(o.hidden, o.Z)),
  },
  K18: { name: "g′ twice", where: "Step 2", hidden: (o) => times(times(spread(o), gPrime(o.hidden, o.Z)), gPrime(o.hidden, o.Z)) },
  K19: { name: "a(1 − a) for every g", where: "Step 2", hidden: (o) => times(spread(o), map(o.A, (a) => a * (1 - a))) },
  K26: { name: "the sum for the mean", where: "Step 3", gradients: (o) => ({ dW: map(o.dW, (v) => v * o.m), db: map(o.db, (v) => v * o.m) }) },
  K34: { name: "layer 1 left out", where: "Step 3", gradients: (o) => (o.l === 1 ? { dW: map(o.dW, () => 0), db: map(o.db, () => 0) } : o) },
};

// The backward pass as a reader with this bug would write it.
export function buggyBackprop(bug, W, Z, A, Y, hidden, output) {
  const wrong = BUGS[bug];
  const N = depth(W);
  const right = outputDelta(output, Z[N], Y);
  const delta = { [N]: wrong.output ? wrong.output({ delta: right, A: A[N] }) : right };
  for (let l = N - 1; l > 0; l--) {
    const o = { WNext: W[l + 1], deltaNext: delta[l + 1], Z: Z[l], A: A[l], hidden };
    delta[l] = wrong.hidden ? wrong.hidden(o) : times(spread(o), gPrime(hidden, Z[l]));
  }
  const dW = {};
  const db = {};
  for (let l = 1; l <= N; l++) {
    const fair = layerGradients(delta[l], A[l - 1]);
    const given = wrong.gradients ? wrong.gradients({ ...fair, l, m: Y.cols }) : fair;
    [dW[l], db[l]] = [given.dW, given.db];
  }
  return { dW, db, delta };
}

// The largest |claimed - measured| relative to |claimed| + |measured|, as in (9.3).
export function disagreement(claimed, measured) {
  let worst = 0;
  claimed.data.forEach((v, i) => {
    const scale = Math.max(1e-8, Math.abs(v) + Math.abs(measured.data[i]));
    const gap = Math.abs(v - measured.data[i]);
    worst = Math.max(worst, gap < 1e-9 ? 0 : gap / scale);
  });
  return worst;
}
