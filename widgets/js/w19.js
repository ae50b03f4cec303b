// W19: how a grader names a mistake: one rule of the way back exchanged, the wrong numbers, and what is said of
// them. Numbers and sentences are the grader's own (shared/exchanged.js).

import { button, slider } from "./shared/controls.js";
import { h, lessMotion } from "./shared/dom.js";
import { claim, python } from "./shared/format.js";
import { widget } from "./shared/frame.js";
import { BACKWARD, RIGHT, VALUES, rules } from "./shared/exchanged.js";
import { svg } from "./shared/plot.js";
import { ARRIVES, LAST, graph, same, shown } from "./shared/way_back.js";
import { _, between } from "./shared/words.js";

const RULES = rules();
const LABELS = {
  half: _("½ forgotten"),
  mean: _("1/m forgotten"),
  minus: _("sign flipped"),
  factor: _("factor w left out"),
  mask: _("mask left out"),
  own: _("w for x"),
  path: _("path left out"),
  sum: _("db not summed"),
  write: _("= for +="),
};
const PACE = 700;
const rulesOf = (gate) => RULES.filter((rule) => rule.gate === gate);

function facts({ rule: id, step }) {
  const rule = RULES.find((one) => one.id === id) ?? null;
  const now = rule ?? RIGHT;
  const wrong = Object.keys(ARRIVES).filter((name) => !same(now.grad[name], RIGHT.grad[name]));
  const known = (name) => ARRIVES[name] <= step;
  const rivals = RULES.filter(
    (other) => other !== rule && ["w", "b"].every((name) => same(other.grad[name], now.grad[name])),
  );
  return { rule, now, wrong, known, rivals };
}

// Words with `code` in them, as text and code.
const marked = (words) => words.split("`").map((part, i) => (i % 2 ? h("code", {}, part) : part));

// The line of the way back that gives these numbers, and the right one.
const line = ({ rule }) =>
  h(
    "figure",
    { class: "bpw-line" },
    h("pre", { tabindex: 0 }, h("code", {}, rule ? rule.wrong : BACKWARD.join("; "))),
    h(
      "p",
      {},
      rule
        ? _("a student’s line; right is: {line}", { line: rule.right })
        : _("the way back: every line is right"),
    ),
  );

function verdict({ rule, rivals }) {
  if (!rule) return h("p", { class: "bpw-verdict", key: "says" }, _("The grader says: right."));
  return h(
    "div",
    { class: "bpw-verdict", key: "says", "aria-live": "polite" },
    h(
      "p",
      {},
      _("The grader sees only dw = {dw} and db = {db}, and says:", {
        dw: shown(rule.grad.w),
        db: shown(rule.grad.b),
      }),
    ),
    h(
      "p",
      {},
      h("b", {}, marked(rule.says)),
      ` (${rule.name}${rule.code.startsWith("K") ? `${between()}${rule.code}` : ""})`,
    ),
    rivals.length
      ? h(
          "p",
          {},
          _("“{name}” gives the same numbers here, where m = 2. So the grader asks with other m too.", {
            name: LABELS[rivals[0].id],
          }),
        )
      : null,
  );
}

function inWords(state, all) {
  const { rule, now, wrong } = all;
  if (state.step < LAST) {
    const here = Object.keys(ARRIVES).filter((name) => ARRIVES[name] === state.step);
    if (!here.length) return _("Forward is done: L = {L}. The way back begins.", { L: shown(VALUES.L) });
    return here
      .map((name) =>
        wrong.includes(name)
          ? _("d{name} = {value} comes back; right is {right}.", {
              name,
              value: shown(now.grad[name]),
              right: shown(RIGHT.grad[name]),
            })
          : _("d{name} = {value} comes back, as it should.", { name, value: shown(now.grad[name]) }),
      )
      .join(" ");
  }
  if (!rule)
    return _("Every rule is right: dw = {dw}, db = {db}.", { dw: shown(now.grad.w), db: shown(now.grad.b) });
  return _("With “{name}” the way back is right up to the rule that is exchanged. Wrong: {wrong}.", {
    name: LABELS[rule.id],
    wrong: wrong
      .map((name) =>
        _("d{name} = {value}, not {right}", {
          name,
          value: shown(now.grad[name]),
          right: shown(RIGHT.grad[name]),
        }),
      )
      .join("; "),
  });
}

function numpy({ rule, now }) {
  const at = rule ? BACKWARD.indexOf(rule.right) : -1;
  return [
    "import numpy as np",
    "",
    `w, b = ${VALUES.w}.0, ${VALUES.b}.0`,
    `x, y = np.array(${python(VALUES.x)}, dtype=float), np.array(${python(VALUES.y)}, dtype=float)`,
    "m = len(x)",
    "",
    "p = w * x + b",
    "a = np.maximum(p, 0)",
    "q = w * a",
    "e = q - y",
    "L = (e**2 / 2).mean()",
    "",
    ...BACKWARD.map((right, i) => (i === at ? `${rule.wrong}  # exchanged; right: ${right}` : right)),
    "",
    ...["e", "q", "a", "p", "w", "b"].map((name) => claim(`d${name}`, now.grad[name])),
    "print(dw, db)",
    "",
  ].join("\n");
}

function view(ui) {
  const { state } = ui;
  const all = facts(state);
  const onward = () => (ui.state.step >= LAST ? ui.play(null) : ui.setState({ step: ui.state.step + 1 }));
  const travel = () => {
    ui.setState({ step: 0 });
    ui.play(onward, PACE);
  };
  // A rule is flipped, and its number sets out from the loss.
  const choose = (rule) => {
    ui.play(null);
    ui.setState({ rule, step: lessMotion() ? LAST : 0 });
    if (!lessMotion()) ui.play(onward, PACE);
  };
  // A box that has rules goes through them, one a press.
  const flips = (gate) => {
    const ids = rulesOf(gate).map((rule) => rule.id);
    return ids.length ? () => choose(ids[ids.indexOf(state.rule) + 1] ?? "none") : null;
  };
  const drawn = graph(all, ui, flips);
  const says = inWords(state, all);
  const chip = (id, label) =>
    button(label, () => choose(id), {
      key: `rule ${id}`,
      class: `bpw-button ${state.rule === id ? "bpw-primary" : ""}`,
      "aria-pressed": String(state.rule === id),
    });
  return {
    picture: svg(
      ui.width,
      drawn.height,
      _("A graph of L = mean(½(w·max(w·x + b, 0) − y)²), forward and back. {says}", { says }),
      drawn.parts,
    ),
    notes: line(all),
    controls: [
      h(
        "fieldset",
        { class: "bpw-group", key: "rules" },
        h("legend", {}, _("Exchange one rule (or press a box)")),
        h(
          "div",
          { class: "bpw-chips" },
          chip("none", _("every rule right")),
          RULES.map((rule) => chip(rule.id, LABELS[rule.id])),
        ),
      ),
      button(
        ui.local.playing ? _("❚❚ Pause") : _("▶ Play"),
        () => (ui.local.playing ? ui.play(null) : travel()),
        { key: "play" },
      ),
      slider(ui, "step", {
        label: _("Step"),
        min: 0,
        max: LAST,
        step: 1,
        show: (step) => _("{done} of {of}", { done: step, of: LAST }),
      }),
      state.step < LAST
        ? h("p", { class: "bpw-verdict", key: "says" }, _("On its way back …"))
        : verdict(all),
    ],
    words: says,
    table: {
      caption: _("Values, and the gradients that come back"),
      columns: [_("node"), _("value"), _("gradient"), _("right")],
      rows: Object.keys(ARRIVES).map((name) => [
        name,
        shown(VALUES[name]),
        all.known(name) ? shown(all.now.grad[name]) : "–",
        shown(RIGHT.grad[name]),
      ]),
    },
    numpy: numpy(all),
  };
}

export default widget({
  id: "W19",
  kind: _("Graph"),
  title: _("One rule exchanged, and its name"),
  question: {
    ask: _("On the way back the mask of ReLU is left out. Which gradients come out wrong?"),
    options: [
      _("Those nearer to the loss: de and dq"),
      _("Those behind it: dp, dw and db"),
      _("All of them"),
    ],
    answer: 1,
    why: _(
      "Only what comes after the exchanged rule on the way back is wrong. Each rule spoils other numbers in another way, and so the numbers name it.",
    ),
  },
  defaults: { rule: "mask", step: LAST },
  ranges: { step: [0, LAST, "integer"] },
  choices: { rule: ["none", ...RULES.map((rule) => rule.id)] },
  view,
});
