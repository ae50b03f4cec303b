// W10: delta carried backward through the network, the book's centrepiece: a story that plays by itself.

import { BUGS, DISAGREES, bugOptions, disagreement } from "./shared/bugs.js";
import { group, slider } from "./shared/controls.js";
import { h } from "./shared/dom.js";
import { list, number, signed } from "./shared/format.js";
import { widget } from "./shared/frame.js";
import { builder, editor, oneNumber } from "./shared/lab.js";
import { BOOK, cleanNet, pass, pythonNet } from "./shared/net.js";
import { networkPicture } from "./shared/network.js";
import { attend, forwards } from "./shared/player.js";
import { at } from "./shared/recipe.js";
import { row } from "./shared/row.js";
import { lastStep, seen, sentence, tidy } from "./shared/story.js";
import { unitTerms } from "./shared/terms.js";
import { _ } from "./shared/words.js";

// unit is [layer, row] of the one that the reader pinned; null: the one that is computed.
const defaults = {
  ...BOOK,
  step: 0,
  unit: null,
  bug: "none",
  rate: 0.01,
  history: [],
  edit: "x",
};

function clean(given) {
  const net = cleanNet(given, defaults);
  const N = net.sizes.length - 1;
  const within = (v, high) => Number.isInteger(v) && v >= 0 && v <= high;
  const [l, i] = Array.isArray(given.unit) ? given.unit : [];
  const pinned = within(l, N) && within(i, net.sizes[l] - 1);
  const places = ["x", "y", ...net.W.flatMap((_item, k) => [`W${k + 1}`, `b${k + 1}`])];
  return {
    ...net,
    step: Number.isFinite(given.step) ? tidy(Math.min(lastStep(N), Math.max(0, given.step))) : defaults.step,
    unit: pinned ? [l, i] : null,
    bug: Object.hasOwn(BUGS, given.bug) ? given.bug : "none",
    rate: Number.isFinite(given.rate) ? Math.min(2, Math.max(0, given.rate)) : defaults.rate,
    history: Array.isArray(given.history) ? given.history.filter(Number.isFinite).slice(-60) : [],
    edit: places.includes(given.edit) ? given.edit : "x",
  };
}

// The unit that is computed. Gradients are those of the unit with the largest delta.
function computed(now, p) {
  if (!now.late) return [now.layer, now.unit];
  const layer = now.phase === "update" ? 1 : now.layer;
  const sizes = Array.from(p.delta[layer].data, Math.abs);
  return [layer, sizes.indexOf(Math.max(...sizes))];
}

const toldOf = (p, now) => Array.from({ length: p.N }, (_item, k) => p.N - k).filter((k) => now.delta(k));

function bugWords(p, now) {
  const told = toldOf(p, now);
  if (p.bug === "none") return told.length ? _("Finite differences agree with every δ so far.") : "";
  const name = _("The bug “{name}”", { name: BUGS[p.bug].name });
  if (!told.length) return `${name} is on.`;
  if (BUGS[p.bug].step === 3)
    return _("{name} is in Step 3: every δ is right, look at the gradients.", { name });
  const first = told.find((l) => disagreement(p.delta[l], p.measured[l]) > DISAGREES);
  if (!first) return _("{name} is on, and so far finite differences cannot see it.", { name });
  const below = first > 1 ? _(", and all below inherit it") : "";
  return _(
    "{name} is on: coming back from the loss, finite differences first disagree at δ[{first}]{below}.",
    { name, first, below },
  );
}

const focusUnit = (l, i) => {
  const look = () =>
    document.activeElement?.closest?.("svg")?.querySelector(`[data-unit="${l}.${i}"]`)?.focus();
  requestAnimationFrame(() => requestAnimationFrame(look)); // after the drawing that the move asked for
};

// What the picture does when it is pressed, hovered, or moved through by keys.
function actions(ui, p, now) {
  const own = computed(now, p);
  const hovered = ui.local.playing ? null : ui.local.hover;
  const unit = hovered ?? ui.state.unit ?? own;
  const act = {
    unit,
    pinned: ui.state.unit,
    computed: String(unit) === String(own),
    term: ui.local.term ?? null,
    label: _("A network with layers of {sizes} units. {sentence}", {
      sizes: ui.state.sizes.join(", "),
      sentence: sentence(now, p, ui.state.rate, p.next.L),
    }),
  };
  if (ui.still) return act;
  return {
    ...act,
    choose: (l, i) => {
      // Chosen by a pointer, a unit leaves the arrow keys to the story.
      ui.local.pointed = true;
      if (l === 0) ui.setLocal({ cell: `x.${i}`, panel: true });
      const again = String(ui.state.unit) === String([l, i]);
      ui.setState({ unit: again ? null : [l, i] });
    },
    hover: (over, term) => ui.setLocal({ hover: over, term }),
    edit: (l, i, j) => {
      ui.setLocal({ cell: `W.${l}.${i}.${j}`, panel: true });
      ui.setState({ edit: `W${l + 1}` });
    },
    target: (i) => {
      ui.setLocal({ cell: `y.${i}`, panel: true });
      ui.setState({ edit: "y" });
    },
    key: (event) => {
      const [l, i] = event.currentTarget.dataset.unit.split(".").map(Number);
      const way = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
      if (event.key === "Enter") forwards(ui);
      else if (event.key === "Escape") ui.setState({ unit: null });
      else if (!way || (ui.local.pointed && way[0])) return;
      event.preventDefault();
      if (!way) return;
      // The pointer may lie still over another unit.
      ui.local.hover = null;
      const layer = Math.max(0, Math.min(p.N, l + way[0]));
      const row = Math.max(0, Math.min(ui.state.sizes[layer] - 1, i + way[1]));
      ui.setState({ unit: [layer, row] });
      focusUnit(layer, row);
    },
  };
}

function inWords(state, p, now, [l, i]) {
  const deltas = toldOf(p, now).map((k) => `δ[${k}] = ${list(p.delta[k].data)}`);
  const name = l === 0 ? `input ${i + 1}` : _("layer {l}, unit {i}", { l, i: i + 1 });
  const a = now.forward(l, i) ? `a = ${number(at(p.A[l], i), 3)}` : _("not computed yet");
  const what = now.delta(l, i) ? `δ = ${signed(at(p.delta[l], i), 3)}` : a;
  return [
    sentence(now, p, state.rate, p.next.L),
    deltas.length ? `${deltas.join("; ")}.` : "",
    `${state.unit ? _("Pinned") : _("In focus")}: ${name}, ${what}.`,
    p.bug === "none" ? "" : bugWords(p, now),
  ]
    .filter(Boolean)
    .join(" ");
}

function numbers(state, p) {
  const gap = (d, m) => number(disagreement({ data: [d] }, { data: [m] }), 4);
  const rows = state.sizes.flatMap((size, l) =>
    Array.from({ length: size }, (_item, i) => {
      const name = _("layer {l}, unit {i}", { l, i: i + 1 });
      if (l === 0) return [name, "–", number(at(p.A[0], i), 4), "–", "–", "–"];
      const [d, m] = [at(p.delta[l], i), at(p.measured[l], i)];
      const shown = [at(p.Z[l], i), at(p.A[l], i), d, m].map((v) => number(v, 4));
      return [name, ...shown, gap(d, m)];
    }),
  );
  return {
    caption: _("Every unit's z, a, δ, and δ by finite differences"),
    columns: [_("unit"), "z", "a", "δ", _("δ measured"), _("relative gap")],
    rows,
  };
}

function view(ui) {
  const { state } = ui;
  const p = pass(state);
  const now = seen(state.step, state.sizes);
  const act = actions(ui, p, now);
  const [l, i] = act.unit;
  const open = ui.still || ui.local.panel;
  return {
    says: sentence(now, p, state.rate, p.next.L),
    keys: _("The story. Space plays or pauses it, the arrow keys go one moment on or back."),
    marks: { beat: now.phase, focus: `${l},${i + 1}`, playing: ui.local.playing ? "" : null },
    picture: networkPicture(state, p, ui.width, act, now),
    row: row(ui, bugOptions()),
    notes: open ? [h("p", { class: "bpw-hint" }, bugWords(p, now)), unitTerms(ui, p, now, act.unit)] : null,
    controls: open
      ? [
          group(
            _("Numbers in hand"),
            oneNumber(ui),
            slider(ui, "rate", { label: _("Learning rate"), min: 0, max: 2, step: 0.01 }),
          ),
          editor(ui),
          builder(ui),
        ]
      : [],
    words: inWords(state, p, now, act.unit),
    table: () => numbers(state, p),
    numpy: pythonNet(state, p),
  };
}

export default widget({
  id: "W10",
  kind: _("Network diagram"),
  title: _("Backpropagation, step by step"),
  question: {
    ask: _("a hidden unit feeds two units of the next layer. How do their δ reach it?"),
    options: [
      _("Only the larger of the two arrives"),
      _("Both arrive, each times its weight, and are added"),
      _("They are averaged"),
    ],
    answer: 1,
    why: _("Each δ comes back along its own weight; the terms are added, then multiplied once by g′(z)."),
  },
  ungated: true,
  defaults,
  // The second hidden unit's delta on its way.
  still: { step: 4.42 },
  clean,
  attend,
  view,
});
