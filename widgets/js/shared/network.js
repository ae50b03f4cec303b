// The picture of a network at a moment of its story: activations, arrows, what travels on them, delta, the loss, and
// the sum of the unit in focus in one line of numbers.

import { arithmetic, shouldBe } from "./arithmetic.js";
import { signClass } from "./colours.js";
import { h } from "./dom.js";
import { edges } from "./edges.js";
import { brief, number, plain, plainSigned } from "./format.js";
import { eased, geometry, mix } from "./geometry.js";
import { text } from "./plot.js";
import { at } from "./recipe.js";
import { formula, sumOf } from "./story.js";
import { gate, travellers } from "./tokens.js";
import { _ } from "./words.js";

const MIDDLE = { "text-anchor": "middle" };
const END = { "text-anchor": "end" };
const n = (v) => v.toFixed(1);

// The lower share of a unit's circle.
function filled(cx, cy, r, share, attributes) {
  const t = Math.min(0.999, Math.max(0, share));
  if (t < 0.01) return null;
  const level = cy + r - 2 * r * t;
  const half = Math.sqrt(Math.max(0, r * r - (level - cy) ** 2));
  const d = `M${n(cx - half)} ${n(level)}A${n(r)} ${n(r)} 0 ${t > 0.5 ? 1 : 0} 0 ${n(cx + half)} ${n(level)}Z`;
  return h("path", { d, ...attributes });
}

export const disagrees = (d, measured) => Math.abs(d - measured) > 1e-6 + 1e-4 * Math.abs(d);

// delta under its unit: a pill with its number, and a bar from the middle for its size and sign.
function pill(cx, cy, r, d, most, wrong) {
  const w = r + 6;
  const long = ((w - 4) * Math.abs(d)) / most;
  return h(
    "g",
    { class: `delta ${wrong ? "wrong" : ""}` },
    h("rect", { x: n(cx - w), y: n(cy + r + 3), width: n(2 * w), height: 16, rx: 8 }),
    h("rect", {
      ...{ x: n(d < 0 ? cx - long : cx), y: n(cy + r + 18), width: n(long), height: 3 },
      class: signClass(d),
    }),
  );
}

// A number as it fits into w pixels: its words and the size of its letters.
function fitting(value, w, sign = false) {
  const exact = sign ? plainSigned(value) : plain(value);
  const words = exact.length * 5.4 > w ? (sign ? brief(value) : plain(value, 1)) : exact;
  return [words, Math.max(8, Math.min(13, w / (0.58 * words.length)))];
}

function unit(state, p, box, act, now, l, i) {
  const { x, y, r } = box;
  const [cx, cy] = [x(l), y(l, i)];
  const a = at(p.A[l], i);
  const top = Math.max(1e-9, ...p.A[l].data.map(Math.abs), l > 0 && state.hidden !== "relu" ? 1 : 0);
  const known = now.forward(l, i);
  const chosen = act.unit[0] === l && act.unit[1] === i;
  // Another may be in focus for as long as the pointer is over it.
  const pinned = String(act.pinned) === `${l},${i}`;
  const shown = now.delta(l, i);
  const d = l > 0 ? at(p.delta[l], i) : 0;
  const wrong = shown && disagrees(d, at(p.measured[l], i));
  const most = l > 0 ? Math.max(1e-9, ...p.delta[l].data.map(Math.abs)) : 1;
  const measured = wrong
    ? _(", but finite differences say {measured}", { measured: number(at(p.measured[l], i), 3) })
    : "";
  const label =
    `${l === 0 ? _("input") : _("layer {l}, unit", { l })} ${i + 1}: ${known ? `a = ${number(a, 3)}` : _("not reached yet")}` +
    (shown ? _(", delta = {d}{measured}", { d: number(d, 3), measured }) : "") +
    (pinned ? _(", pinned") : "");
  const live = act.choose && {
    role: "button",
    tabindex: chosen ? 0 : -1,
    "aria-pressed": String(pinned),
    "aria-label": label,
    "data-unit": `${l}.${i}`,
    onclick: () => act.choose(l, i),
    onpointerenter: () => act.hover?.([l, i], null),
    onpointerleave: () => act.hover?.(null, null),
    onkeydown: act.key,
  };
  const fill = shown ? [Math.abs(d) / most, "fill blamed"] : [Math.abs(a) / top, `fill ${signClass(a)}`];
  const rim = `rim ${a < 0 && known ? "minus" : ""}`;
  const shapes = h(
    "g",
    {
      key: `u${l}.${i}`,
      class: `unit ${known ? "" : "empty"} ${pinned ? "pinned" : ""}`,
      ...live,
    },
    // Always there in a page: a node that comes or goes while a pointer is down on the unit would swallow the click.
    chosen || act.choose
      ? h("circle", { cx: n(cx), cy: n(cy), r: n(r + 5), class: chosen ? "ring" : "ring away" })
      : null,
    h("circle", { cx: n(cx), cy: n(cy), r: n(r), class: "shell" }),
    known ? filled(cx, cy, r, fill[0], { class: fill[1] }) : null,
    h("circle", { cx: n(cx), cy: n(cy), r: n(r), class: rim, fill: "none" }),
    shown ? pill(cx, cy, r, d, most, wrong) : null,
  );
  // The figures are no part of the button: its label says them in full.
  const [words, size] = known ? fitting(a, 2 * r - 5) : ["?", 13];
  const [amount, small] = fitting(d, 2 * r + 6, true);
  const figures = h(
    "g",
    { key: `t${l}.${i}`, class: `figures ${known ? "" : "empty"}`, "aria-hidden": "true" },
    text(cx, cy + 4, words, { ...MIDDLE, class: "act", style: `font-size:${n(size)}px` }),
    shown
      ? text(cx, cy + r + 15, amount, {
          ...MIDDLE,
          class: "amount",
          style: `font-size:${n(Math.min(12, small))}px`,
        })
      : null,
    wrong ? text(cx + r + 9, cy + r + 15, shouldBe(at(p.measured[l], i)), { class: "truth halo" }) : null,
  );
  return [shapes, figures];
}

// Over each layer its number and its g; with a bug on, what finite differences say of its delta.
function heads(state, p, box, now) {
  const { N, x, narrow } = box;
  return state.sizes.map((_item, l) => {
    const wrong = l > 0 && Array.from(p.delta[l].data).some((d, i) => disagrees(d, p.measured[l].data[i]));
    const current = now.layer === l && now.phase !== "update";
    const judged = p.bug !== "none" && now.delta(l);
    const says = `${wrong ? "✗" : "✓"} δ[${l}]${narrow ? "" : wrong ? _(" is off") : _(" is right")}`;
    return h(
      "g",
      { class: "layer-name" },
      text(x(l), 13, narrow ? `[${l}]` : _("layer {l}", { l }), { ...MIDDLE, class: current ? "now" : "" }),
      judged
        ? text(x(l), 28, says, { ...MIDDLE, class: wrong ? "off" : "fine" })
        : text(x(l), 28, l === 0 ? _("input") : l === N ? state.output : state.hidden, {
            ...MIDDLE,
            class: "kind",
          }),
    );
  });
}

// The targets beside the outputs. While they are compared, a line joins the two.
function targets(state, p, box, act, now) {
  const { N, x, y, r, narrow } = box;
  const wide = narrow ? 36 : 50;
  const left = box.width - wide - 4;
  return h(
    "g",
    { class: `target ${now.phase === "loss" ? "now" : ""}` },
    text(left + wide / 2, 13, narrow ? "y" : _("target y"), { ...MIDDLE, class: "name" }),
    state.y.map((t, i) => [
      h("line", {
        ...{ x1: n(x(N) + r + 4), x2: n(left - 3), y1: n(y(N, i)), y2: n(y(N, i)) },
        class: now.phase === "loss" && i <= now.unit ? "compared" : "guide",
      }),
      h("rect", {
        ...{ x: n(left), y: n(y(N, i) - 12), width: wide, height: 24, rx: 4 },
        class: `box ${act.target ? "press" : ""}`,
        onclick: act.target && (() => act.target(i)),
      }),
      text(left + wide / 2, y(N, i) + 4, plain(t, narrow ? 1 : 2), MIDDLE),
    ]),
  );
}

// L as it stands now: unknown, adding up over the outputs, known, or on its way to the next pass's.
function lossNow(p, now) {
  if (now.phase === "input" || now.phase === "forward") return null;
  if (now.phase === "update") return mix(p.L, p.next.L, eased(now.share, 0.1, 0.75));
  if (now.phase !== "loss") return p.L;
  const seenOnes = p.each.slice(0, now.unit + (now.share > 0.4 ? 1 : 0));
  return seenOnes.reduce((s, v) => s + v, 0);
}

// In the corner: L, and its course over the updates.
function counter(state, p, box, now) {
  const [right, y] = [box.width - 6, box.height - 32];
  const loss = lossNow(p, now);
  const before = state.history ?? [];
  const values = [...before, loss ?? before.at(-1) ?? p.L];
  const top = Math.max(...values, 1e-9);
  const [wide, tall] = box.narrow ? [44, 16] : [84, 22];
  const left = right - (box.narrow ? 74 : 88) - wide;
  const px = (k) => n(left + (k / Math.max(1, values.length - 1)) * wide);
  const course = values.map((v, k) => `${px(k)},${n(y + 2 - (v / top) * tall)}`).join(" ");
  return h(
    "g",
    { class: "counter", "aria-hidden": "true" },
    before.length ? h("polyline", { points: course, fill: "none" }) : null,
    text(right, y + 3, `L = ${loss === null ? "?" : plain(loss, loss < 0.1 ? 3 : 2)}`, {
      ...END,
      class: `loss ${loss === null ? "unknown" : ""}`,
    }),
  );
}

// act: { unit: the one in focus, pinned: a unit or null, computed, term, label }, and on a live page { choose, hover,
// edit, target, key }.
export function networkPicture(state, p, width, act, now) {
  const box = geometry(state, width);
  const units = state.sizes.flatMap((size, l) =>
    Array.from({ length: size }, (_item, i) => unit(state, p, box, act, now, l, i)),
  );
  const letters = Math.floor((width - 12) / (box.narrow ? 6.6 : 7.6));
  const gated = sumOf(now, act.unit) === "delta" && act.unit[0] < p.N;
  return h(
    "svg",
    {
      viewBox: `0 0 ${width} ${box.height}`,
      ...{ width, height: box.height },
      class: `bpw-svg bpw-net ${now.backward ? "backward" : "forward"} ${box.narrow ? "narrow" : ""}`,
      role: act.choose ? "group" : "img",
      "aria-label": act.label,
      xmlns: "http://www.w3.org/2000/svg",
    },
    edges(state, p, box, act, now),
    heads(state, p, box, now),
    state.y ? targets(state, p, box, act, now) : null,
    gated ? gate(state, p, box, act.unit) : null,
    h("g", { key: "units" }, units),
    h("g", { key: "travellers", class: "travellers" }, travellers(state, p, box, now)),
    text(6, box.height - 30, formula(now, { N: box.N, output: state.output, narrow: box.narrow }), {
      class: "formula",
    }),
    h(
      "text",
      { x: 6, y: box.height - 8, class: "arithmetic" },
      arithmetic(state, p, now, act.unit, letters).map(([words, kind]) =>
        h("tspan", { class: kind ?? "", "xml:space": "preserve" }, words),
      ),
    ),
    state.y ? counter(state, p, box, now) : null,
  );
}
