// W10: delta stepped backward through the network, the book's centrepiece.

import { BUGS, DISAGREES, bugOptions, disagreement } from "./shared/bugs.js";
import { button, field, group, select, slider } from "./shared/controls.js";
import { h } from "./shared/dom.js";
import { list, number, signed } from "./shared/format.js";
import { widget } from "./shared/frame.js";
import { HIDDEN, OUTPUTS, cleanNet, freshNet, pass, pythonNet } from "./shared/net.js";
import { lastStep, networkPicture, seen } from "./shared/network.js";
import { at } from "./shared/recipe.js";
import { unitTerms } from "./shared/terms.js";

const defaults = {
  ...freshNet({ sizes: [3, 4, 3, 2] }),
  step: 6,
  unit: [2, 0],
  bug: "none",
  rate: 0.5,
  history: [],
  edit: "x",
};

function clean(given) {
  const net = cleanNet(given, defaults);
  const N = net.sizes.length - 1;
  const whole = (v, high, otherwise) => (Number.isInteger(v) ? Math.min(high, Math.max(0, v)) : otherwise);
  const l = whole(given.unit?.[0], N, Math.min(2, N));
  const places = ["x", "y", ...net.W.flatMap((_, k) => [`W${k + 1}`, `b${k + 1}`])];
  return {
    ...net,
    step: whole(given.step, lastStep(N), Math.min(defaults.step, lastStep(N))),
    unit: [l, whole(given.unit?.[1], net.sizes[l] - 1, 0)],
    bug: Object.hasOwn(BUGS, given.bug) ? given.bug : "none",
    rate: Number.isFinite(given.rate) ? Math.min(2, Math.max(0, given.rate)) : defaults.rate,
    history: Array.isArray(given.history) ? given.history.filter(Number.isFinite).slice(-60) : [],
    edit: places.includes(given.edit) ? given.edit : "x",
  };
}

const round = (v) => Number(v.toFixed(4));

// One step of gradient descent (10.1), then the story begins again.
function updated(state) {
  const p = pass(state);
  const less = (m, d) => m.map((v, j) => round(v - state.rate * d[j]));
  return {
    W: state.W.map((w, k) =>
      w.map((row, i) =>
        less(
          row,
          row.map((_, j) => at(p.dW[k + 1], i, j)),
        ),
      ),
    ),
    b: state.b.map((b, k) => less(b, Array.from(p.db[k + 1].data))),
    history: [...state.history, p.L].slice(-60),
    step: 0,
  };
}

function advance(ui) {
  const N = ui.state.sizes.length - 1;
  ui.set(ui.state.step >= lastStep(N) ? updated(ui.state) : { step: ui.state.step + 1 });
}

function resized(ui, sizes, more = {}) {
  const { hidden, output, seed } = { ...ui.state, ...more };
  const net = freshNet({ sizes, hidden, output, seed });
  ui.set({
    ...net,
    unit: [Math.min(1, sizes.length - 1), 0],
    step: Math.min(ui.state.step, lastStep(sizes.length - 1)),
    history: [],
    edit: "x",
  });
}

const SAYS = {
  input: () => "The inputs stand ready.",
  forward: (l) => `Forward: layer ${l} adds up W[${l}] a[${l - 1}] + b[${l}] and applies g.`,
  loss: (l, p) => `The loss compares ŷ with y: L = ${number(p.L, 3)}.`,
  backward: (l, p) =>
    l === p.N ? `Step 1: δ[${l}] = ŷ − y.` : `Step 2: δ[${l}] comes back through W[${l + 1}]ᵀ, times g′(z[${l}]).`,
  gradient: () => "Step 3: each weight's gradient is δ of the unit it feeds times the activation it carries.",
  update: (l, p, state) => `Update: every weight moves by −${number(state.rate)} times its gradient.`,
};

function firstDisagreement(p) {
  for (let l = p.N; l > 0; l--) if (disagreement(p.delta[l], p.measured[l]) > DISAGREES) return l;
  return 0;
}

function bugWords(p) {
  if (p.bug === "none") return "";
  const l = firstDisagreement(p);
  if (BUGS[p.bug].step === 3)
    return ` The bug “${BUGS[p.bug].name}” is in Step 3: every δ is right, look at the gradients.`;
  if (!l) return ` The bug “${BUGS[p.bug].name}” is on, and here finite differences cannot see it.`;
  return ` The bug “${BUGS[p.bug].name}” is on: coming back from the loss, finite differences first disagree at δ[${l}]${l > 1 ? ", and all below inherit it" : ""}.`;
}

function sparkline(state, p) {
  const values = [...state.history, p.L];
  if (values.length < 2) return null;
  const top = Math.max(...values, 1e-9);
  const points = values
    .map((v, i) => `${((i / (values.length - 1)) * 116 + 2).toFixed(1)},${(26 - (v / top) * 24).toFixed(1)}`)
    .join(" ");
  return h(
    "svg",
    {
      viewBox: "0 0 120 28",
      width: 120,
      height: 28,
      class: "bpw-spark",
      role: "img",
      "aria-label": `Loss over ${state.history.length} updates: from ${number(values[0], 3)} to ${number(p.L, 3)}`,
    },
    h("polyline", { points, fill: "none" }),
  );
}

function story(ui, p, now) {
  const N = p.N;
  const go = (step) => {
    ui.play(null);
    ui.set({ step: Math.max(0, Math.min(lastStep(N), step)) });
  };
  const { step } = ui.state;
  const stages = [
    ["Forward", step <= N && step > 0],
    ["Loss", now.phase === "loss"],
    ["Backward", now.phase === "backward"],
    ["Gradients", now.phase === "gradient"],
    ["Update", now.phase === "update"],
  ];
  return h(
    "div",
    { class: "bpw-story", key: "story" },
    h(
      "ol",
      { class: "bpw-stages", "aria-hidden": "true" },
      stages.map(([name, on]) => h("li", { class: on ? "on" : "" }, name)),
    ),
    h("p", { class: "bpw-says" }, SAYS[now.phase](now.layer, p, ui.state)),
    slider(ui, "step", { label: "Step", min: 0, max: lastStep(N), step: 1, show: (s) => `${s} of ${lastStep(N)}` }),
    h(
      "p",
      { class: "bpw-buttons" },
      button("◀ Back", () => go(step - 1), { disabled: step === 0 }),
      button(ui.local.playing ? "❚❚ Pause" : "▶ Play", () => ui.play(ui.local.playing ? null : () => advance(ui)), {
        key: "play",
        class: "bpw-button bpw-primary",
      }),
      button("Forward ▶", () => {
        ui.play(null);
        advance(ui);
      }),
      h("span", { class: "bpw-loss" }, `L = ${number(p.L, 3)}`),
      sparkline(ui.state, p),
    ),
  );
}

function editor(ui) {
  const { edit, sizes } = ui.state;
  const places = [
    ["x", "the input x"],
    ["y", "the target y"],
    ...sizes.slice(1).flatMap((_, k) => [
      [`W${k + 1}`, `W[${k + 1}]`],
      [`b${k + 1}`, `b[${k + 1}]`],
    ]),
  ];
  const layer = Number(edit.slice(1)) - 1;
  const path = edit.length > 1 ? `${edit[0]}.${layer}` : edit;
  const rows = edit[0] === "W" ? ui.state.W[layer] : edit[0] === "b" ? ui.state.b[layer] : ui.state[edit];
  const cells = rows.map((row, i) =>
    h(
      "tr",
      {},
      (Array.isArray(row) ? row : [row]).map((_, j) =>
        h(
          "td",
          {},
          field(ui, Array.isArray(row) ? `${path}.${i}.${j}` : `${path}.${i}`, {
            label: `${edit} ${i + 1}${Array.isArray(row) ? `, ${j + 1}` : ""}`,
            min: -10,
            max: 10,
            step: 0.05,
            hidden: true,
          }),
        ),
      ),
    ),
  );
  return group(
    "Change the numbers",
    select(ui, "edit", { label: "Which", options: places }),
    h(
      "div",
      { class: "bpw-scroll" },
      h("table", { class: "bpw-matrix", key: `matrix ${edit}` }, h("tbody", {}, cells)),
    ),
  );
}

function build(ui) {
  const { sizes } = ui.state;
  const N = sizes.length - 1;
  const layers = (n) =>
    resized(
      ui,
      Array.from({ length: n + 1 }, (_, l) => (l === n ? sizes[N] : l < N ? sizes[l] : 3)),
    );
  const one = (l, n) =>
    resized(
      ui,
      sizes.map((s, k) => (k === l ? n : s)),
    );
  const pick = (label, value, low, high, change) =>
    h(
      "label",
      { class: "bpw-control", key: label },
      h("span", { class: "bpw-label" }, label),
      h(
        "select",
        { value, "aria-label": label, onchange: (e) => change(Number(e.target.value)) },
        Array.from({ length: high - low + 1 }, (_, k) => h("option", { value: low + k }, low + k)),
      ),
    );
  return group(
    "Build the network",
    pick("Layers", N, 1, 4, layers),
    sizes.map((n, l) =>
      pick(l === 0 ? "Inputs" : l === N ? "Outputs" : `Units in layer ${l}`, n, 1, 6, (v) => one(l, v)),
    ),
    select(ui, "hidden", { label: "Hidden g", options: HIDDEN.map((n) => [n, n]) }),
    select(ui, "output", { label: "Output", options: OUTPUTS.map((n) => [n, n]) }),
    button("New random weights", () => resized(ui, sizes, { seed: ui.state.seed + 1 })),
  );
}

function actions(ui, p) {
  const { sizes } = ui.state;
  const focus = (l, i) =>
    requestAnimationFrame(() =>
      requestAnimationFrame(() =>
        document.activeElement?.closest?.("svg")?.querySelector(`[data-unit="${l}.${i}"]`)?.focus(),
      ),
    );
  return {
    unit: ui.local.hover ?? ui.state.unit,
    term: ui.local.term ?? null,
    choose: ui.still ? null : (l, i) => ui.set({ unit: [l, i] }),
    hover: (unit) => ui.show({ hover: unit }),
    edit: ui.still ? null : (l) => ui.set({ edit: `W${l}` }),
    key: (event) => {
      const [l, i] = ui.state.unit;
      const way = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        advance(ui);
      }
      if (!way) return;
      event.preventDefault();
      const layer = Math.max(0, Math.min(p.N, l + way[0]));
      const row = Math.max(0, Math.min(sizes[layer] - 1, i + way[1]));
      ui.set({ unit: [layer, row] });
      focus(layer, row);
    },
  };
}

function view(ui) {
  const { state } = ui;
  const p = pass(state);
  const now = seen(state.step, p.N);
  const act = actions(ui, p);
  const [l] = act.unit;
  act.backward = l > 0 && l < p.N && now.delta(l);
  act.label = `A network with layers of ${state.sizes.join(", ")} units. Arrow keys go from unit to unit, Enter takes the next step.`;
  const deltas = Array.from({ length: p.N }, (_, k) => p.N - k)
    .filter((k) => now.delta(k))
    .map((k) => `δ[${k}] = ${list(p.delta[k].data)}`);
  const [sl, si] = state.unit;
  const chosen = sl === 0 ? `input ${si + 1}` : `layer ${sl}, unit ${si + 1}`;
  const words = `${SAYS[now.phase](now.layer, p, state)} ${deltas.length ? `${deltas.join("; ")}. ` : ""}Chosen: ${chosen}${sl > 0 && now.delta(sl) ? `, δ = ${signed(at(p.delta[sl], si), 3)}` : `, a = ${number(at(p.A[sl], si), 3)}`}.${bugWords(p)}`;
  const rows = [];
  state.sizes.forEach((n, k) => {
    for (let i = 0; i < n; i++)
      rows.push([
        `layer ${k}, unit ${i + 1}`,
        k ? number(at(p.Z[k], i), 4) : "–",
        number(at(p.A[k], i), 4),
        k ? number(at(p.delta[k], i), 4) : "–",
        k ? number(at(p.measured[k], i), 4) : "–",
        k ? number(disagreement({ data: [at(p.delta[k], i)] }, { data: [at(p.measured[k], i)] }), 4) : "–",
      ]);
  });
  return {
    picture: networkPicture(state, p, ui.width, act),
    notes: [story(ui, p, now), unitTerms(ui, p, now, act.unit)],
    controls: [
      group(
        "Plant a bug",
        select(ui, "bug", { label: "The backward pass has", options: bugOptions() }),
        h("p", { class: "bpw-hint" }, p.bug === "none" ? "Finite differences agree with every δ." : bugWords(p).trim()),
        slider(ui, "rate", { label: "Learning rate", min: 0, max: 2, step: 0.1 }),
      ),
      editor(ui),
      build(ui),
    ],
    words,
    table: {
      caption: "Every unit's z, a, δ, and δ by finite differences",
      columns: ["unit", "z", "a", "δ", "δ measured", "relative gap"],
      rows,
    },
    numpy: pythonNet(state, p),
  };
}

export default widget({
  id: "W10",
  title: "Backpropagation, step by step",
  question: {
    ask: "a hidden unit feeds two units of the next layer. How do their δ reach it?",
    options: [
      "Only the larger of the two arrives",
      "Both arrive, each times its weight, and are added",
      "They are averaged",
    ],
    answer: 1,
    why: "Each δ comes back along its own weight; the terms are added, then multiplied once by g′(z).",
  },
  defaults,
  clean,
  view,
});
