// W18: a computational graph, one gate at a time; a value that is used twice collects two gradients.

import { button, slider } from "./shared/controls.js";
import { h } from "./shared/dom.js";
import { claim, number, signed } from "./shared/format.js";
import { widget } from "./shared/frame.js";
import { svg, text } from "./shared/plot.js";
import { _ } from "./shared/words.js";

// f = 1/2 (tanh(w x + b) - y)^2 + 1/2 lambda w^2. Each gate: name, inputs, place, value, and what it sends to
// each input.
const GATES = [
  {
    id: "p",
    label: "×",
    of: ["w", "x"],
    at: [1, 0.6],
    f: (v) => v.w * v.x,
    back: (v) => [v.x, v.w],
    rule: _("× sends each input the other one"),
    python: [
      ["w", "x"],
      ["x", "w"],
    ],
  },
  {
    id: "z",
    label: "+",
    of: ["p", "b"],
    at: [2, 1.1],
    f: (v) => v.p + v.b,
    back: () => [1, 1],
    rule: _("+ hands the gradient on unchanged"),
    python: [
      ["p", "1"],
      ["b", "1"],
    ],
  },
  {
    id: "a",
    label: "tanh",
    of: ["z"],
    at: [3, 1.1],
    f: (v) => Math.tanh(v.z),
    back: (v) => [1 - v.a ** 2],
    rule: _("tanh multiplies by 1 − a²"),
    python: [["z", "1 - a**2"]],
  },
  {
    id: "L",
    label: "½(a−y)²",
    of: ["a", "y"],
    at: [4, 1.1],
    f: (v) => (v.a - v.y) ** 2 / 2,
    back: (v) => [v.a - v.y, v.y - v.a],
    rule: _("the squared error sends a − y"),
    python: [
      ["a", "a - y"],
      ["y", "y - a"],
    ],
  },
  {
    id: "r",
    label: "½λw²",
    of: ["w"],
    at: [3, 0],
    f: (v) => (v.lambda * v.w ** 2) / 2,
    back: (v) => [v.lambda * v.w],
    rule: _("the penalty sends λw"),
    python: [["w", "lam * w"]],
  },
  {
    id: "f",
    label: "+",
    of: ["L", "r"],
    at: [5, 0.55],
    f: (v) => v.L + v.r,
    back: () => [1, 1],
    rule: _("+ hands the gradient on unchanged"),
    python: [
      ["L", "1"],
      ["r", "1"],
    ],
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
  return { v, grad, sent, done, now: done ? GATES.find((g) => g.id === ORDER[done - 1]) : null };
}

const SPOTS = { ...INPUTS, ...Object.fromEntries(GATES.map((g) => [g.id, g.at])) };
const known = (id, step) => id in INPUTS || GATES.findIndex((g) => g.id === id) < step;
const middle = { "text-anchor": "middle" };

function wire(place, box, from, gate, k, { v, sent, now }) {
  const [x1, y1] = place(SPOTS[from]);
  const [x2, y2] = place(gate.at);
  const term = sent[`${from}>${gate.id}`];
  const hot = now === gate;
  const [left, bend] = [x1 + box, Math.min(20, (x2 - x1 - box) / 2)];
  return [
    h("path", {
      d: `M${left} ${y1 + 17}C${left + bend} ${y1 + 17} ${x2 - bend} ${y2 + 17} ${x2} ${y2 + 17}`,
      class: `wire ${term === undefined ? "" : hot ? "hot" : "sent"}`,
      "stroke-dasharray": term < 0 ? "6 3" : null,
    }),
    hot && x2 - left > 40
      ? text((left + x2) / 2, (y1 + y2) / 2 + 10, `·${number(gate.back(v)[k])}`, {
          ...middle,
          class: "halo strong",
        })
      : null,
  ];
}

function node(place, box, id, step, { v, grad, sent, now }) {
  const [x, y] = place(SPOTS[id]);
  const label = GATES.find((g) => g.id === id)?.label ?? id;
  const forward = step > 0 && GATES[step - 1]?.id === id;
  return h(
    "g",
    {},
    h("rect", {
      ...{ x, y, width: box, height: 34, rx: id in INPUTS ? 17 : 5 },
      class: `box ${now?.id === id || forward ? "on" : ""}`,
    }),
    text(x + box / 2, y + 22, box < 50 && label.length > 4 ? id : label, { ...middle, class: "strong" }),
    known(id, step) ? text(x + box / 2, y - 6, number(v[id]), { ...middle, class: "fore halo" }) : null,
    grad[id] === undefined
      ? null
      : (meeting(place, box, id, sent, grad) ??
          text(x + box / 2, y + 50, signed(grad[id]), { ...middle, class: "back halo" })),
  );
}

// What comes back to w along its two ways, and meets there.
function meeting(place, box, id, sent, grad) {
  const [above, below] = [sent["w>r"], sent["w>p"]];
  if (id !== "w" || above === undefined || below === undefined || box < 50) return null;
  const [x, y] = place(SPOTS.w);
  const sum = `${signed(above)} ${signed(below)
    .replace(/^−/, "− ")
    .replace(/^[+]?(?=\d)/, "+ ")}`;
  return text(x, y + 50, `${sum} = ${signed(grad.w)}`, { class: "back halo" });
}

// The gate's own sums: what came in, times the local slope, is what each input gets.
function sums({ v, grad, sent, now }) {
  const before = (from, term) => {
    const all = grad[from];
    return Math.abs(all - term) > 1e-12
      ? _(", added to {all} from its other gate: {all2}", {
          all: signed(all - term, 3),
          all2: signed(all, 3),
        })
      : "";
  };
  const lines = now.of.map((from, k) => {
    const term = sent[`${from}>${now.id}`];
    return h(
      "li",
      {},
      h("b", {}, `∂f/∂${from}`),
      _(" gets {grad} (came in) · {back} (slope here) = ", {
        grad: signed(grad[now.id], 3),
        back: number(now.back(v)[k], 3),
      }),
      h("b", {}, signed(term, 3)),
      before(from, term),
    );
  });
  return h("ul", { class: "bpw-sums", key: "sums" }, lines);
}

function inWords(step, { v, grad, sent, now }) {
  if (step === 0) return _("Only the inputs are known.");
  if (step <= GATES.length)
    return _("Forward: gate {label} gives {v}.", {
      label: GATES[step - 1].label,
      v: number(v[GATES[step - 1].id], 3),
    });
  if (!now) return _("Forward is done: f = {f}. Backward begins with ∂f/∂f = 1.", { f: number(v.f, 3) });
  const gets = now.of.map((from) => `${from} gets ${signed(sent[`${from}>${now.id}`], 3)}`).join(", ");
  const fan =
    sent["w>p"] === undefined
      ? ""
      : _(" w feeds two gates, so its gradients add: {w_r} and {w_p} make {w}.", {
          w_r: signed(sent["w>r"], 3),
          w_p: signed(sent["w>p"], 3),
          w: signed(grad.w, 3),
        });
  return _("Backward: {rule}; {gets}.{fan}", { rule: now.rule, gets, fan });
}

function python({ v, grad, done }, step) {
  const values = Object.keys(SPOTS).filter((id) => id.length === 1 && known(id, step));
  const slopes = Object.keys(grad);
  return [
    "import numpy as np",
    "",
    `w, x, b, y, lam = ${v.w}, ${v.x}, ${v.b}, ${v.y}, ${v.lambda}`,
    "p = w * x",
    "z = p + b",
    "a = np.tanh(z)",
    "L = (a - y) ** 2 / 2",
    "r = lam * w**2 / 2",
    "f = L + r",
    claim(
      `[${values.join(", ")}]`,
      values.map((id) => v[id]),
    ),
    "",
    'grad = dict.fromkeys("wxbypzaLrf", 0.0)',
    ...(slopes.length ? ['grad["f"] = 1.0'] : []),
    ...ORDER.slice(0, done).flatMap((id) =>
      GATES.find((g) => g.id === id).python.map(
        ([to, local]) => `grad["${to}"] += (${local}) * grad["${id}"]  # (12.1)`,
      ),
    ),
    claim(
      `[grad[name] for name in "${slopes.join("")}"]`,
      slopes.map((id) => grad[id]),
    ),
    "print(grad)",
    "",
  ].join("\n");
}

function view(ui) {
  const { step } = ui.state;
  const state = run(ui.state);
  const narrow = ui.width < 520;
  const box = narrow ? 42 : 72;
  const gap = (ui.width - box - 6) / 5;
  const place = ([c, r]) => [3 + c * gap, 26 + r * 96];
  const says = inWords(step, state);
  const go = (to) => ui.setState({ step: Math.max(0, Math.min(LAST, to)) });
  const onward = () => (ui.state.step >= LAST ? ui.play(null) : go(ui.state.step + 1));
  const play = () => {
    if (ui.state.step >= LAST) go(0);
    ui.play(onward, 1200);
  };
  const by = (to) => {
    ui.play(null);
    go(to);
  };
  const caption = [
    _("over a box: its value, forward"),
    _("under it: the slope of f in it, backward"),
    _("on a wire: the gate’s own slope"),
  ];
  return {
    picture: svg(
      ui.width,
      narrow ? 330 : 296,
      _("A graph of f = ½(tanh(wx + b) − y)² + ½λw². {says}", { says }),
      GATES.map((g) => g.of.map((from, k) => wire(place, box, from, g, k, state))),
      Object.keys(SPOTS).map((id) => node(place, box, id, step, state)),
      narrow
        ? caption.map((words, i) => text(3, 290 + 17 * i, words, { class: "faint" }))
        : text(3, 288, caption.join("  ·  "), { class: "faint" }),
    ),
    notes: state.now ? sums(state) : null,
    controls: [
      h(
        "div",
        { class: "bpw-pair" },
        button(
          ui.local.playing ? _("❚❚ Pause") : _("▶ Play"),
          () => (ui.local.playing ? ui.play(null) : play()),
          {
            ...{ key: "play", class: "bpw-button bpw-primary" },
          },
        ),
        button("◀", () => by(step - 1), { disabled: step === 0, "aria-label": _("Back") }),
        button("▶", () => by(step + 1), { disabled: step === LAST, "aria-label": _("Next"), key: "next" }),
      ),
      slider(ui, "step", {
        label: _("Step"),
        min: 0,
        max: LAST,
        step: 1,
        show: (s) => _("{done} of {of}", { done: s, of: LAST }),
      }),
      ["w", "x", "b", "y"].map((n) => slider(ui, n, { label: n, min: -2, max: 2, step: 0.1 })),
      slider(ui, "lambda", { label: "λ", min: 0, max: 1, step: 0.05 }),
    ],
    words: says,
    table: {
      caption: _("Values and gradients so far"),
      columns: [_("node"), _("value"), "∂f/∂node"],
      rows: Object.keys(SPOTS).map((id) => [
        id,
        known(id, step) ? number(state.v[id], 4) : "–",
        state.grad[id] === undefined ? "–" : number(state.grad[id], 4),
      ]),
    },
    numpy: python(state, step),
  };
}

export default widget({
  id: "W18",
  kind: _("Graph"),
  title: _("A graph’s backward pass, gate by gate"),
  question: {
    ask: _("w is used by two gates, and 12 comes back from each. What is its gradient?"),
    options: ["12", "24", "144"],
    answer: 1,
    why: _("f changes along both ways at once: reverse mode adds over a node's children."),
  },
  defaults: { w: 0.8, x: 1.5, b: -0.4, y: 1, lambda: 0.2, step: GATES.length + 1 },
  still: { step: LAST },
  ranges: { w: [-2, 2], x: [-2, 2], b: [-2, 2], y: [-2, 2], lambda: [0, 1], step: [0, LAST, "integer"] },
  view,
});
