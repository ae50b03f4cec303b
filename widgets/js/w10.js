// W10: delta stepped backward through the network, the book's centrepiece.

import { BUGS, DISAGREES, bugOptions, disagreement } from "./shared/bugs.js";
import { button, group, select, slider } from "./shared/controls.js";
import { h } from "./shared/dom.js";
import { list, number, signed } from "./shared/format.js";
import { widget } from "./shared/frame.js";
import { builder, editor, oneNumber } from "./shared/lab.js";
import { cleanNet, freshNet, pass, pythonNet } from "./shared/net.js";
import { networkPicture } from "./shared/network.js";
import { at } from "./shared/recipe.js";
import { lastStep, seen } from "./shared/story.js";
import { sumInWords, unitTerms } from "./shared/terms.js";

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
  ui.setState(ui.state.step >= lastStep(N) ? updated(ui.state) : { step: ui.state.step + 1 });
}

const SAYS = {
  input: () => "The inputs stand ready.",
  forward: (l) => `Forward: layer ${l} adds up W[${l}] a[${l - 1}] + b[${l}] and applies g.`,
  loss: (l, p) => `The loss compares ŷ with y: L = ${number(p.L, 3)}.`,
  backward: (l, p) =>
    l === p.N
      ? `Step 1: δ[${l}] = ŷ − y.`
      : `Step 2: δ[${l}] comes back through W[${l + 1}]ᵀ, times g′(z[${l}]).`,
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
  const { step } = ui.state;
  const go = (to) => {
    ui.play(null);
    ui.setState({ step: Math.max(0, Math.min(lastStep(N), to)) });
  };
  const next = () => {
    ui.play(null);
    advance(ui);
  };
  const stages = {
    forward: "Forward",
    loss: "Loss",
    backward: "Backward",
    gradient: "Gradients",
    update: "Update",
  };
  return h(
    "div",
    { class: "bpw-story", key: "story" },
    h(
      "div",
      { class: "bpw-buttons" },
      button("◀ Back", () => go(step - 1), { disabled: step === 0 }),
      button(
        ui.local.playing ? "❚❚ Pause" : "▶ Play",
        () => ui.play(ui.local.playing ? null : () => advance(ui)),
        {
          key: "play",
          class: "bpw-button bpw-primary",
        },
      ),
      button("Next ▶", next),
      slider(ui, "step", {
        label: "Step",
        min: 0,
        max: lastStep(N),
        step: 1,
        show: (s) => `${s} of ${lastStep(N)}`,
      }),
      oneNumber(ui),
    ),
    h(
      "ol",
      { class: "bpw-stages", "aria-hidden": "true" },
      Object.entries(stages).map(([phase, name]) =>
        h("li", { class: phase === now.phase ? "on" : "" }, name),
      ),
      sparkline(ui.state, p),
    ),
    h("p", { class: "bpw-says" }, SAYS[now.phase](now.layer, p, ui.state)),
  );
}

const focusUnit = (l, i) => {
  const look = () =>
    document.activeElement?.closest?.("svg")?.querySelector(`[data-unit="${l}.${i}"]`)?.focus();
  requestAnimationFrame(() => requestAnimationFrame(look)); // after the drawing that the move asked for
};

// What the picture does when it is pressed, hovered, or moved through by keys.
function actions(ui, p, now) {
  const unit = ui.local.hover ?? ui.state.unit;
  const act = {
    unit,
    term: ui.local.term ?? null,
    backward: unit[0] > 0 && unit[0] < p.N && now.delta(unit[0]) && !now.late,
    label: `A network with layers of ${ui.state.sizes.join(", ")} units. Arrow keys go from unit to unit, Enter takes the next step.`,
  };
  if (ui.still) return act;
  return {
    ...act,
    choose: (l, i) => {
      if (l === 0) ui.setLocal({ cell: `x.${i}` });
      ui.setState({ unit: [l, i] });
    },
    hover: (over, term) => ui.setLocal({ hover: over, term }),
    edit: (l, i, j) => {
      ui.setLocal({ cell: `W.${l}.${i}.${j}` });
      ui.setState({ edit: `W${l + 1}` });
    },
    target: (i) => {
      ui.setLocal({ cell: `y.${i}` });
      ui.setState({ edit: "y" });
    },
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
      const row = Math.max(0, Math.min(ui.state.sizes[layer] - 1, i + way[1]));
      ui.setState({ unit: [layer, row] });
      focusUnit(layer, row);
    },
  };
}

function inWords(state, p, now) {
  const layers = Array.from({ length: p.N }, (_, k) => p.N - k).filter((k) => now.delta(k));
  const deltas = layers.map((k) => `δ[${k}] = ${list(p.delta[k].data)}`).join("; ");
  const [l, i] = state.unit;
  const name = l === 0 ? `input ${i + 1}` : `layer ${l}, unit ${i + 1}`;
  const what = now.delta(l) ? `δ = ${signed(at(p.delta[l], i), 3)}` : `a = ${number(at(p.A[l], i), 3)}`;
  return `${SAYS[now.phase](now.layer, p, state)} ${deltas && `${deltas}. `}Chosen: ${name}, ${what}.${bugWords(p)}`;
}

function numbers(state, p) {
  const gap = (d, m) => number(disagreement({ data: [d] }, { data: [m] }), 4);
  const rows = state.sizes.flatMap((size, l) =>
    Array.from({ length: size }, (_, i) => {
      const name = `layer ${l}, unit ${i + 1}`;
      if (l === 0) return [name, "–", number(at(p.A[0], i), 4), "–", "–", "–"];
      const [d, m] = [at(p.delta[l], i), at(p.measured[l], i)];
      return [
        name,
        number(at(p.Z[l], i), 4),
        number(at(p.A[l], i), 4),
        number(d, 4),
        number(m, 4),
        gap(d, m),
      ];
    }),
  );
  return {
    caption: "Every unit's z, a, δ, and δ by finite differences",
    columns: ["unit", "z", "a", "δ", "δ measured", "relative gap"],
    rows,
  };
}

function view(ui) {
  const { state } = ui;
  const p = pass(state);
  const now = seen(state.step, p.N);
  const act = actions(ui, p, now);
  const sum = ui.still && act.backward ? sumInWords(p, state.hidden, ...state.unit) : null;
  return {
    picture: networkPicture(state, p, ui.width, act, sum),
    notes: [story(ui, p, now), unitTerms(ui, p, now, act.unit)],
    controls: [
      group(
        "Plant a bug",
        select(ui, "bug", { label: "The code has", options: bugOptions() }),
        slider(ui, "rate", { label: "Learning rate", min: 0, max: 2, step: 0.1 }),
        h(
          "p",
          { class: "bpw-hint" },
          p.bug === "none" ? "Finite differences agree with every δ." : bugWords(p).trim(),
        ),
      ),
      editor(ui),
      builder(ui),
    ],
    words: inWords(state, p, now),
    table: () => numbers(state, p),
    numpy: pythonNet(state, p),
  };
}

export default widget({
  id: "W10",
  kind: "Network diagram",
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
