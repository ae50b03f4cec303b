// W19's graph: from left to right, or, on a small screen, from top to bottom; values forward, gradients back, and
// where these are wrong, what is right.

import { RIGHT, VALUES } from "./exchanged.js";
import { h } from "./dom.js";
import { plain } from "./format.js";
import { text } from "./plot.js";
import { _, between } from "./words.js";

const GATES = { p: "w * x + b", a: "max(p, 0)", q: "w * a", e: "q − y", L: "mean(e²/2)" };
const INPUTS = ["w", "x", "b", "y"];
// The wires forward; what goes back over one arrives with this step of the way back.
const WIRES = [
  { from: "e", to: "L", step: 1 },
  { from: "q", to: "e", step: 2 },
  { from: "a", to: "q", step: 3 },
  { from: "w", to: "q", step: 3 },
  { from: "p", to: "a", step: 4 },
  { from: "w", to: "p", step: 5 },
  { from: "b", to: "p", step: 5 },
  { from: "x", to: "p", step: null },
  { from: "y", to: "e", step: null },
];
export const ARRIVES = { e: 1, q: 2, a: 3, p: 4, w: 5, b: 5 };
export const LAST = 5;
const NARROW = 560;

export const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
export const shown = (value) =>
  Array.isArray(value) ? `(${value.map((v) => plain(v)).join(between())})` : plain(value);
// Where the boxes stand: from left to right, or, on a small screen, from top to bottom.
function places(width) {
  if (width >= NARROW) {
    const [gate, pill] = [88, 88];
    const start = pill + 38;
    const pitch = (width - 4 - gate - start) / 4;
    const at = (k) => ({ x: start + k * pitch, y: 122, w: gate, h: 34 });
    const input = (x, y) => ({ x, y, w: pill, h: 28 });
    return {
      height: 270,
      ...{ p: at(0), a: at(1), q: at(2), e: at(3), L: at(4) },
      ...{ w: input(4, 44), x: input(4, 125), b: input(4, 206), y: input(at(3).x + gate - 48, 44) },
    };
  }
  const gate = 98;
  const middle = (width - gate) / 2;
  const at = (k) => ({ x: middle, y: 112 + 62 * k, w: gate, h: 34 });
  const input = (x, y, w) => ({ x, y, w, h: 26 });
  return {
    height: 426,
    ...{ p: at(0), a: at(1), q: at(2), e: at(3), L: at(4) },
    ...{ w: input(4, 42, 56), x: input(middle + 8, 42, gate - 16), b: input(width - 60, 42, 56) },
    y: input(20, at(2).y + 37, 82),
  };
}

function route(spots, { from, to }, narrow) {
  const [one, other] = [spots[from], spots[to]];
  if (narrow) {
    if (from === "y")
      return `M${one.x + one.w} ${one.y + 13}Q${other.x} ${one.y + 13} ${other.x + 12} ${other.y}`;
    if (from === "w" && to === "q")
      return `M12 ${one.y + one.h}V${other.y - 10}Q12 ${other.y + 4} 26 ${other.y + 4}H${other.x}`;
    const [x1, x2] = [one.x + one.w / 2, other.x + other.w / 2];
    const end = from === "w" ? x2 - 30 : from === "b" ? x2 + 30 : x2;
    const [y1, y2] = [one.y + one.h, other.y];
    return `M${x1} ${y1}C${x1} ${y1 + 20} ${end} ${y2 - 20} ${end} ${y2}`;
  }
  if (from === "w" && to === "q") {
    const [x1, y1] = [one.x + one.w, one.y + 10];
    return `M${x1} ${y1}H${other.x - 16}Q${other.x + 4} ${y1} ${other.x + 4} ${other.y}`;
  }
  if (from === "y") return `M${one.x + one.w / 2} ${one.y + one.h}V${other.y}`;
  const [x1, y1] = [one.x + one.w, one.y + one.h / 2 + (from === "w" ? 6 : 0)];
  const [x2, y2] = [other.x, other.y + other.h / 2];
  const bend = (x2 - x1) / 2;
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

// What goes back over a wire: for w, which is used twice, one part of its gradient.
const over = (grads, { from, to }) => (from === "w" ? grads.sent[to] : grads.grad[from]);

// Is this what travels just now?
const moving = (ui, step) => ui.state.step === step && (ui.local.playing || step < LAST);

function wire(spots, one, narrow, { now }, ui) {
  const { step } = ui.state;
  const sent = one.step !== null && one.step <= step;
  const lost = sent && over(now, one) === null;
  const off = sent && !same(over(now, one), over(RIGHT, one));
  return h("path", {
    d: route(spots, one, narrow),
    class: `wire ${lost ? "lost" : off ? "off" : sent ? "sent" : ""} ${moving(ui, one.step) ? "hot" : ""}`,
  });
}

// The two parts of w's gradient, on their wires.
function parts(spots, narrow, { now }, step) {
  const [w, p, q] = [spots.w, spots.p, spots.q];
  const at = narrow
    ? { q: [20, (w.y + q.y) / 2 + 24], p: [w.x + w.w + 12, p.y - 12] }
    : { q: [(w.x + w.w + q.x) / 2, w.y + 4], p: [p.x - 20, (w.y + p.y) / 2 + 24] };
  return WIRES.filter((one) => one.from === "w" && one.step <= step).map((one) => {
    const [sent, right] = [now.sent[one.to], RIGHT.sent[one.to]];
    const wrong = !same(sent, right);
    return text(...at[one.to], sent === null ? _("✗ lost") : `${wrong ? "✗ " : ""}${shown(sent)}`, {
      class: `${wrong ? "off" : "back"} halo`,
      "text-anchor": narrow && one.to === "q" ? "start" : "middle",
    });
  });
}

// What has come back to a node; where that is wrong, what is right.
function gradient(spots, name, narrow, { now, wrong, known }) {
  if (!known(name)) return null;
  const off = wrong.includes(name);
  const { x, y, w, h: height } = spots[name];
  const input = INPUTS.includes(name);
  const above = name === "w" || (input && narrow);
  const anchor = input ? (narrow && name === "b" ? "end" : "start") : narrow ? "start" : "middle";
  const left = anchor === "end" ? x + w : anchor === "middle" ? x + w / 2 : input ? x : x + w + 8;
  const top = above ? y - (off ? 22 : 8) : input || !narrow ? y + height + 17 : y + (off ? 15 : 21);
  const both = ["q", "p"].map((to) => now.sent[to]).filter((sent) => sent !== null);
  const sum = name === "w" && both.length === 2 && !narrow ? `${both.map(shown).join(" + ")} = ` : "";
  return [
    text(left, top, `${off ? "✗ " : ""}d${name} = ${sum}${shown(now.grad[name])}`, {
      class: `${off ? "off" : "back"} halo`,
      "text-anchor": anchor,
    }),
    off
      ? text(left, top + 15, _("right: {value}", { value: shown(RIGHT.grad[name]) }), {
          class: "faint halo",
          "text-anchor": anchor,
        })
      : null,
  ];
}

function box(spots, name, narrow, { rule }, ui, flip) {
  const { x, y, w, h: height } = spots[name];
  const input = INPUTS.includes(name);
  const value = `${name} = ${shown(VALUES[name])}`;
  const arrives = moving(ui, ARRIVES[name]);
  return h(
    "g",
    flip ? { class: "press", onclick: flip } : {},
    h("rect", {
      ...{ x, y, width: w, height, rx: input ? height / 2 : 5 },
      class: `box ${rule?.gate === name ? "bad" : arrives ? "on" : ""}`,
    }),
    text(x + w / 2, y + height / 2 + 4, input ? value : GATES[name], {
      "text-anchor": "middle",
      class: "strong",
    }),
    input
      ? null
      : narrow
        ? text(x - 8, y + 21, value, { "text-anchor": "end", class: "fore halo" })
        : text(x + w / 2, y - 8, value, { "text-anchor": "middle", class: "fore halo" }),
  );
}

// The whole picture: its height and its parts. flips(name) is what a press on a box does, or null.
export function graph(all, ui, flips) {
  const { step } = ui.state;
  const narrow = ui.width < NARROW;
  const { height, ...spots } = places(ui.width);
  const right = { "text-anchor": "end", class: "faint" };
  return {
    height,
    parts: [
      WIRES.map((one) => wire(spots, one, narrow, all, ui)),
      [...INPUTS, ...Object.keys(GATES)].map((name) => box(spots, name, narrow, all, ui, flips(name))),
      parts(spots, narrow, all, step),
      Object.keys(ARRIVES).map((name) => gradient(spots, name, narrow, all)),
      narrow
        ? [
            text(4, height - 6, _("left: values, forward ↓"), { class: "faint" }),
            text(ui.width - 4, height - 6, _("↑ right: gradients, back"), right),
          ]
        : [
            text(ui.width - 4, 20, _("above a box: its value, forward →"), right),
            text(ui.width - 4, height - 8, _("← below: the gradient that comes back"), right),
          ],
    ],
  };
}
