// A story's one row of controls, under the line on which it can be moved to and fro.

import { button } from "./controls.js";
import { h } from "./dom.js";
import { backwards, by, forwards, toggle } from "./player.js";
import { lastStep, seen } from "./story.js";
import { _ } from "./words.js";

const SPEEDS = [0.5, 1, 2];

// Where the story stands, as a slider: dragged it is continuous, by keys it goes from step to step.
function scrubber(ui) {
  const { step, sizes } = ui.state;
  const last = lastStep(sizes.length - 1);
  const at = (to) => by(ui, () => ui.setState({ step: Math.max(0, Math.min(last, to)) }));
  const whole = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 2, PageDown: -2 };
  return h("input", {
    type: "range",
    class: "bpw-scrub",
    "data-scrub": true,
    min: 0,
    max: last,
    step: 0.01,
    value: step,
    style: `--done:${((100 * step) / last).toFixed(1)}%`,
    "aria-label": _("Step"),
    "aria-valuetext": _("{done} of {of}: {phase}", {
      done: Math.ceil(step - 1e-9),
      of: last,
      phase: _(seen(step, sizes).phase),
    }),
    oninput: (event) => at(Number(event.target.value)),
    onkeydown: (event) => {
      const way = whole[event.key];
      if (!way) return;
      event.preventDefault();
      at(way > 0 ? Math.floor(step + 1e-9) + way : Math.ceil(step - 1e-9) + way);
    },
  });
}

// The names of the phases, as wide as they are long.
function phases(ui, now) {
  const N = ui.state.sizes.length - 1;
  const narrow = ui.width < 480;
  const names = [
    ["forward", _("forward"), N],
    ["loss", narrow ? "L" : _("loss"), 1],
    ["backward", _("backward"), N],
    ["gradient", narrow ? "∇" : _("gradients"), 1],
    ["update", narrow ? "W" : _("update"), 1],
  ];
  return h(
    "ol",
    {
      class: "bpw-phases",
      "aria-hidden": "true",
      style: `grid-template-columns:${names.map(([, , n]) => `${n}fr`).join(" ")}`,
    },
    names.map(([phase, name]) => h("li", { class: phase === now.phase ? "on" : "" }, name)),
  );
}

const plainSelect = (label, value, options, change, kind = "") =>
  h(
    "select",
    {
      key: label,
      class: `bpw-in-row ${kind}`,
      value,
      "aria-label": label,
      title: label,
      onchange: (event) => change(event.target.value),
    },
    options.map(([option, words]) => h("option", { value: option, key: `option ${option}` }, words)),
  );

export function row(ui, bugs) {
  const { local, state } = ui;
  const narrow = ui.width < 480;
  const play = local.playing ? ["❚❚", _("Pause")] : ["▶", _("Play")];
  const press = (move) => () => by(ui, move);
  return h(
    "div",
    { class: "bpw-row", key: "row" },
    scrubber(ui),
    phases(ui, seen(state.step, state.sizes)),
    h(
      "div",
      { class: "bpw-buttons" },
      button(narrow ? play[0] : play.join(" "), () => toggle(ui), {
        key: "play",
        class: "bpw-button bpw-primary bpw-play",
        "aria-label": play[1],
      }),
      button("◀", press(backwards), { "aria-label": _("Back"), disabled: state.step === 0 }),
      button("▶", press(forwards), { "aria-label": _("Next"), key: "next" }),
      plainSelect(
        _("Speed"),
        String(local.speed ?? 1),
        SPEEDS.map((v) => [String(v), `${v === 0.5 ? "½" : v}×`]),
        (v) => ui.setLocal({ speed: Number(v) }),
      ),
      plainSelect(_("The code has"), state.bug, bugs, (bug) => ui.setState({ bug }), "bpw-bugs"),
      button(narrow ? _("Change") : _("Change it"), () => ui.setLocal({ panel: !local.panel }), {
        key: "change",
        class: `bpw-button bpw-change ${local.panel ? "open" : ""}`,
        "aria-expanded": String(Boolean(local.panel)),
        "aria-controls": "bpw-panel-W10",
        "aria-label": _("Change it"),
      }),
    ),
  );
}
