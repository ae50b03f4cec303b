// States in which each widget is looked at: its defaults, others, and what nobody should send.

const deeper = { sizes: [3, 4, 3, 2], hidden: "tanh", output: "softmax", seed: 7 };
const base = {
  1: [
    { x: [2, -2], double: true },
    { step: 0, unit: [2, 1] },
    { w: -3, bias: 2, step: 1 },
  ],
  2: [
    { product: "a_prev @ W" },
    { product: "delta @ a_prev.T", m: 1, row: 6, column: 6 },
    { product: "a_prev @ delta.T", n: 6, p: 6, m: 6 },
  ],
  3: [
    { z: -6, g: "tanh" },
    { z: 0, g: "relu" },
  ],
  4: [{ shift: 1000 }, { shift: -1000, z: [-5, 5, 0] }],
  5: [{ a: 0.005 }, { a: 0.995, y: 0 }],
  6: [{ w: [0, 0] }, { w: [-3, 3], rate: 2, steps: 60 }],
  7: [
    { nudge: 0 },
    { unit: 5, z: [1, 2, 0.5], output: "softmax" },
    { unit: 4, nudge: 0.5 },
    { nudge: -2, unit: 3, output: "identity" },
    { nudge: 0.02, unit: 2, output: "sigmoid" },
  ],
  8: [
    { z: [5, -5, 0, 0], target: 4 },
    { z: [0, 0, 0, 0], target: 1 },
  ],
  9: [{ z: 10, y: 0 }, { z: 0 }],
  10: [
    ...Array.from({ length: 10 }, (_, step) => ({ ...deeper, step, unit: [1, 0] })),
    // The book's network, at every quarter of a step: what travels is in some of them.
    ...Array.from({ length: 29 }, (_, k) => ({ step: k / 4 })),
    ...["K4", "K5", "K6", "K12", "K13", "K14", "K17", "K18", "K19", "K26", "K34"].map((bug) => ({
      ...deeper,
      bug,
      step: 9,
      output: "sigmoid",
      unit: [1, 1],
    })),
    { sizes: [6, 6, 6, 6, 6], hidden: "relu", output: "identity", step: 8, seed: 3 },
    { sizes: [1, 1], step: 3, unit: [1, 0] },
    { sizes: [2, 6, 1], output: "sigmoid", hidden: "sigmoid", step: 5, unit: [1, 5] },
  ],
  11: [
    { bug: "none" },
    { bug: "K26", seed: 9 },
    { bug: "K17", hidden: "sigmoid", output: "identity", h: -2 },
    { bug: "K34", hidden: "relu", output: "sigmoid" },
  ],
  12: [{ a: [0, 0, 0] }, { delta: [-3, 3], row: 1, column: 3 }, { delta: [-2, 2, 0], row: 9 }],
  13: [{ added: 0 }, { added: 6 }, { added: 12, twice: true }, { added: 7, twice: true, seed: 4 }],
  14: [{ h: -1 }, { h: -9, method: "forward" }, { h: -11.5, seed: 8 }],
  15: [
    { bug: "none", epoch: 0 },
    { bug: "K5", epoch: 30 },
    { bug: "K34", epoch: 80 },
  ],
  16: [{ epoch: 0 }, { epoch: 30, digit: 200 }, { epoch: 40, units: 1, rate: 0.5 }, { epoch: 120, seed: 5 }],
  17: [
    { depth: 20, hidden: "sigmoid" },
    { depth: 1, scale: 0 },
    { depth: 20, scale: 19, hidden: "relu", seed: 7 },
  ],
  18: Array.from({ length: 14 }, (_, step) => ({ step, w: -1.3 })),
  19: [
    ...["none", "half", "mean", "minus", "factor", "own", "path", "sum", "write"].map((rule) => ({ rule })),
    ...Array.from({ length: 5 }, (_, step) => ({ rule: "sum", step })),
  ],
};

export const statesOf = (n) => [{}, ...base[n]];
export const junk = [
  null,
  7,
  "x",
  [],
  { z: "a" },
  { z: [1] },
  { sizes: [9, 9] },
  { sizes: [2] },
  { W: [[1]], x: [NaN] },
  { step: 1e9, unit: [99, -1] },
  { bug: "constructor", g: "__proto__" },
  { h: 1e300, seed: -4.5 },
  { epoch: 0.5, depth: -3, scale: 1e9 },
];
