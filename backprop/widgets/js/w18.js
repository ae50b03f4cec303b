// W18: a computational graph, one gate at a time; a value that is used twice collects two gradients.

import { button, slider } from "./shared/controls.js";
import { h } from "./shared/dom.js";
import { claim, number, signed } from "./shared/format.js";
import { widget } from "./shared/frame.js";
import { svg, text } from "./shared/plot.js";

// f = 1/2 (tanh(w x + b) - y)^2 + 1/2 lambda w^2. Each gate: name, inputs, place, value, and what it sends to each input.
const GATES = [
  {
    id: "p",
    label: "×",
    of: ["w", "x"],
    at: [1, 0.6],
    f: (v) => v.w * v.x,
    back: (v) => [v.x, v.w],
    rule: "× sends each input the other one",
  },
  {
    id: "z",
    label: "+",
    of: ["p", "b"],
    at: [2, 1.1],
    f: (v) => v.p + v.b,
    back: () => [1, 1],
    rule: "+ hands the gradient on unchanged",
  },
  {
    id: "a",
    label: "tanh",
    of: ["z"],
    at: [3, 1.1],
    f: (v) => Math.tanh(v.z),
    back: (v) => [1 - v.a ** 2],
    rule: "tanh multiplies by 1 − a²",
  },
  {
    id: "L",
    label: "½(a−y)²",
    of: ["a", "y"],
    at: [4, 1.1],
    f: (v) => (v.a - v.y) ** 2 / 2,
    back: (v) => [v.a - v.y, v.y - v.a],
    rule: "the squared error sends a − y",
  },
  {
    id: "r",
    label: "½λw²",
    of: ["w"],
    at: [3, 0],
    f: (v) => (v.lambda * v.w ** 2) / 2,
    back: (v) => [v.lambda * v.w],
    rule: "the penalty sends λw",
  },
  {
    id: "f",
    label: "+",
    of: ["L", "r"],
    at: [5, 0.55],
    f: (v) => v.L + v.r,
    back: () => [1, 1],
    rule: "+ hands the gradient on unchanged",
  },
];
const INPUTS = { w: [0, 0], x: [0, 0.9], b: [1, 1.8], y: [3, 1.95] };
const ORDER = ["f", "r", "L", "a", "z", "p"]; // the backward order
const LAST = GATES.length + 1 + ORDER.length;

function run(state) {
  const v = { ...state };
  for (const gate of GATES) v[gate.id] = gate.f(v);
  const done = Math.max(0, state.step - GATES.length - 1);
  const grad = state.step > GATES.length ? { f: 1 } : {};
  const sent = {};
  ORDER.slice(0, done).forEach((id) => {
    const gate = GATES.find((other) => other.id === id);
    gate.back(v).forEach((local, k) => {
      const term = local * grad[id];
      sent[`${gate.of[k]}>${id}`] = term;
      grad[gate.of[k]] = (grad[gate.of[k]] ?? 0) + term; // fan-out adds (12.1)
    });
  });
  return { v, grad, sent, gate: done ? GATES.find((g) => g.id === ORDER[done - 1]) : null };
}

function view(ui) {
  const { step } = ui.state;
  const { v, grad, sent, gate } = run(ui.state);
  const narrow = ui.width < 520;
  const box = narrow ? 40 : 66;
  const gap = (ui.width - box - 6) / 5;
  const place = ([c, r]) => [3 + c * gap, 34 + r * 96];
  const known = (id) => id in INPUTS || GATES.findIndex((g) => g.id === id) < step;
  const spots = { ...INPUTS, ...Object.fromEntries(GATES.map((g) => [g.id, g.at])) };
  const digits = narrow ? 1 : 2;
  const wires = GATES.flatMap((g) =>
    g.of.map((from) => {
      const [x1, y1] = place(spots[from]);
      const [x2, y2] = place(g.at);
      const term = sent[`${from}>${g.id}`];
      const hot = gate === g;
      return h("path", {
        d: `M${x1 + box} ${y1 + 17}C${x1 + box + 20} ${y1 + 17} ${x2 - 20} ${y2 + 17} ${x2} ${y2 + 17}`,
        class: "wire",
        ...(term !== undefined && {
          style: `stroke:${hot ? "var(--focus)" : "var(--back)"};stroke-width:${hot ? 4 : 2.5}`,
          "stroke-dasharray": term < 0 ? "6 3" : null,
        }),
      });
    }),
  );
  const nodes = Object.entries(spots).map(([id, spot]) => {
    const [x, y] = place(spot);
    const label = GATES.find((g) => g.id === id)?.label ?? id;
    return h(
      "g",
      {},
      h("rect", {
        x,
        y,
        width: box,
        height: 34,
        rx: id in INPUTS ? 17 : 5,
        class: `box ${gate?.id === id || (step <= GATES.length && step > 0 && GATES[step - 1].id === id) ? "on" : ""}`,
      }),
      text(x + box / 2, y + 22, narrow && label.length > 4 ? id : label, { "text-anchor": "middle", class: "strong" }),
      known(id)
        ? text(x + box / 2, y - 5, number(v[id], digits), { "text-anchor": "middle", class: "fore halo" })
        : null,
      grad[id] !== undefined
        ? text(x + box / 2, y + 50, signed(grad[id], digits), { "text-anchor": "middle", class: "back halo" })
        : null,
    );
  });
  const says =
    step === 0
      ? "Only the inputs are known."
      : step <= GATES.length
        ? `Forward: gate ${GATES[step - 1].label} gives ${number(v[GATES[step - 1].id], 3)}.`
        : !gate
          ? "Backward begins with ∂f/∂f = 1."
          : `Backward: ${gate.rule}; ${gate.of.map((from, k) => `${from} gets ${signed(gate.back(v)[k] * grad[gate.id], 3)}`).join(", ")}.`;
  const fan =
    grad.w !== undefined && sent["w>p"] !== undefined
      ? ` w feeds two gates, so its gradients add: ${signed(sent["w>r"], 3)} and ${signed(sent["w>p"], 3)} make ${signed(grad.w, 3)}.`
      : "";
  const go = (to) => ui.set({ step: Math.max(0, Math.min(LAST, to)) });
  return {
    picture: svg(
      ui.width,
      296,
      `A graph of f = ½(tanh(wx + b) − y)² + ½λw². ${says}`,
      wires,
      nodes,
      text(3, 290, "above a box: value (forward)   below: gradient of f (backward)", { class: "faint" }),
    ),
    controls: [
      button("◀ Back", () => go(step - 1), { disabled: step === 0 }),
      button("Next gate ▶", () => go(step + 1), { disabled: step === LAST, class: "bpw-button bpw-primary" }),
      slider(ui, "step", { label: "Step", min: 0, max: LAST, step: 1, show: (s) => `${s} of ${LAST}` }),
      ["w", "x", "b", "y"].map((n) => slider(ui, n, { label: n, min: -2, max: 2, step: 0.1 })),
      slider(ui, "lambda", { label: "λ", min: 0, max: 1, step: 0.05 }),
    ],
    words: `${says}${fan}`,
    table: {
      caption: "Values and gradients so far",
      columns: ["node", "value", "∂f/∂node"],
      rows: Object.keys(spots).map((id) => [
        id,
        known(id) ? number(v[id], 4) : "–",
        grad[id] === undefined ? "–" : number(grad[id], 4),
      ]),
    },
    numpy: [
      "import numpy as np",
      "",
      `w, x, b, y, lam = ${v.w}, ${v.x}, ${v.b}, ${v.y}, ${v.lambda}`,
      "z = w * x + b",
      "a = np.tanh(z)",
      "f = (a - y) ** 2 / 2 + lam * w ** 2 / 2",
      claim("f", v.f),
      "dz = (a - y) * (1 - a ** 2)",
      "dw = dz * x + lam * w  # two ways from w to f: they add (12.1)",
      ...(grad.w !== undefined && step === LAST
        ? [claim("[dw, dz * w, dz, y - a]", [grad.w, grad.x, grad.b, grad.y])]
        : []),
      'print("f =", f, " df/dw =", dw)',
      "",
    ].join("\n"),
  };
}

export default widget({
  id: "W18",
  title: "A graph’s backward pass, gate by gate",
  question: {
    ask: "w is used by two gates. What is its gradient?",
    options: ["The larger of the two that come back", "Their sum", "Their product"],
    answer: 1,
    why: "f changes along both ways at once: reverse mode adds over a node's children.",
  },
  defaults: { w: 0.8, x: 1.5, b: -0.4, y: 1, lambda: 0.2, step: LAST },
  ranges: { w: [-2, 2], x: [-2, 2], b: [-2, 2], y: [-2, 2], lambda: [0, 1], step: [0, LAST, "integer"] },
  view,
});
