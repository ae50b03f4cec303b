// A forward pass whose gradients nobody wrote down: its values, gradients, and those with one
// rule exchanged, with what the grader says of them. tools/widget_rules.py writes this file.

import { _ } from "./words.js";

export const VALUES = {
  w: 2,
  b: -1,
  x: [3, -1],
  y: [8, -4],
  p: [5, -3],
  a: [5, 0],
  q: [10, 0],
  e: [2, 4],
  L: 5,
};

// The student's way back, line by line
export const BACKWARD = [
  "de = e / m",
  "dq = de",
  "dw = np.sum(dq * a)",
  "da = dq * w",
  "dp = da * (p > 0)",
  "dw += np.sum(dp * x)",
  "db = np.sum(dp)",
];

export const RIGHT = {
  grad: { e: [1, 2], q: [1, 2], a: [2, 4], p: [2, 0], w: 11, b: 2 },
  sent: { q: 5, p: 6 },
};

// Asked for when the language is known
export const rules = () => [
  {
    id: "half",
    gate: "L",
    right: "de = e / m",
    wrong: "de = 2 * e / m",
    code: "K6",
    name: _("a factor 2 or ½"),
    says: _("Your dw and db are twice what they should be"),
    grad: { e: [2, 4], q: [2, 4], a: [4, 8], p: [4, 0], w: 22, b: 4 },
    sent: { q: 10, p: 12 },
  },
  {
    id: "mean",
    gate: "L",
    right: "de = e / m",
    wrong: "de = e",
    code: "K26",
    name: _("sum for mean"),
    says: _("The mean `(e**2 / 2).mean()` spreads its gradient evenly, and its 1/m is left out"),
    grad: { e: [2, 4], q: [2, 4], a: [4, 8], p: [4, 0], w: 22, b: 4 },
    sent: { q: 10, p: 12 },
  },
  {
    id: "minus",
    gate: "e",
    right: "dq = de",
    wrong: "dq = -de",
    code: "K5",
    name: _("the sign is flipped"),
    says: _("Your dw and db have the wrong sign"),
    grad: { e: [1, 2], q: [-1, -2], a: [-2, -4], p: [-2, 0], w: -11, b: -2 },
    sent: { q: -5, p: -6 },
  },
  {
    id: "factor",
    gate: "q",
    right: "da = dq * w",
    wrong: "da = dq",
    code: "D-factor",
    name: _("a factor that is wrong"),
    says: _("The way back through `w * a` to `a` lacks the other factor `w`"),
    grad: { e: [1, 2], q: [1, 2], a: [1, 2], p: [1, 0], w: 8, b: 1 },
    sent: { q: 5, p: 3 },
  },
  {
    id: "mask",
    gate: "a",
    right: "dp = da * (p > 0)",
    wrong: "dp = da",
    code: "K13",
    name: _("g' left out"),
    says: _("The mask of `np.maximum(p, 0)` is left out on the way back"),
    grad: { e: [1, 2], q: [1, 2], a: [2, 4], p: [2, 4], w: 7, b: 6 },
    sent: { q: 5, p: 2 },
  },
  {
    id: "own",
    gate: "p",
    right: "dw += np.sum(dp * x)",
    wrong: "dw += np.sum(dp * w)",
    code: "D-factor",
    name: _("a factor that is wrong"),
    says: _("The way back through `w * x` to `w` multiplies by `w` itself, not by the other factor"),
    grad: { e: [1, 2], q: [1, 2], a: [2, 4], p: [2, 0], w: 9, b: 2 },
    sent: { q: 5, p: 4 },
  },
  {
    id: "path",
    gate: "p",
    right: "dw += np.sum(dp * x)",
    wrong: "dw += 0",
    code: "D-path",
    name: _("a path left out"),
    says: _("Your dw leaves out the path through `p`"),
    grad: { e: [1, 2], q: [1, 2], a: [2, 4], p: [2, 0], w: 5, b: 2 },
    sent: { q: 5, p: null },
  },
  {
    id: "sum",
    gate: "p",
    right: "db = np.sum(dp)",
    wrong: "db = dp",
    code: "K31",
    name: _("db not summed"),
    says: _("The gradient of `b` is not summed over m, though `b` is repeated there"),
    grad: { e: [1, 2], q: [1, 2], a: [2, 4], p: [2, 0], w: 11, b: [2, 0] },
    sent: { q: 5, p: 6 },
  },
  {
    id: "write",
    gate: "w",
    right: "dw += np.sum(dp * x)",
    wrong: "dw = np.sum(dp * x)",
    code: "D-path",
    name: _("a path left out"),
    says: _("Your dw leaves out the path on which `w` goes straight into `w * a`"),
    grad: { e: [1, 2], q: [1, 2], a: [2, 4], p: [2, 0], w: 6, b: 2 },
    sent: { q: null, p: 6 },
  },
];
