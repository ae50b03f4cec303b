// The picture of a network: activations filled forward, delta's arrows backward.

import { signClass } from "./colours.js";
import { h } from "./dom.js";
import { edges } from "./edges.js";
import { brief, number, signed } from "./format.js";
import { text } from "./plot.js";
import { at } from "./recipe.js";
import { formula, seen } from "./story.js";

const MIDDLE = { "text-anchor": "middle" };

function layout({ sizes, y: target }, width) {
  const N = sizes.length - 1;
  const narrow = width < 480;
  const r = Math.max(13, Math.min(25, width / ((N + 1) * 4.4)));
  const edge = r + 10;
  const targets = target ? (narrow ? 44 : 92) : 0; // no column for what isn't given
  const gap = 2 * r + 31;
  const top = 54;
  const rows = Math.max(...sizes);
  const bottom = top + rows * gap;
  const x = (l) => edge + (l * (width - 2 * edge - targets)) / N;
  const y = (l, i) => top + (rows * gap) / 2 + (i - (sizes[l] - 1) / 2) * gap - 12;
  return { N, r, width, bottom, x, y, narrow, digits: r < 19 ? 1 : 2 };
}

const n = (v) => v.toFixed(1);

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
  const w = r + 7;
  const long = ((w - 4) * Math.abs(d)) / most;
  return h(
    "g",
    { class: `delta ${wrong ? "wrong" : ""}` },
    h("rect", { x: n(cx - w), y: n(cy + r + 4), width: n(2 * w), height: 16, rx: 8 }),
    h("rect", {
      x: n(d < 0 ? cx - long : cx),
      y: n(cy + r + 19),
      width: n(long),
      height: 3,
      class: signClass(d),
    }),
  );
}

function unit(state, p, box, act, now, l, i) {
  const { x, y, r, digits } = box;
  const [cx, cy] = [x(l), y(l, i)];
  const a = at(p.A[l], i);
  const top = Math.max(1e-9, ...p.A[l].data.map(Math.abs), l > 0 && state.hidden !== "relu" ? 1 : 0);
  const known = now.forward(l);
  const chosen = act.unit[0] === l && act.unit[1] === i;
  const fresh = ["forward", "backward"].includes(now.phase) && now.layer === l;
  const shown = now.delta(l);
  const d = l > 0 ? at(p.delta[l], i) : 0;
  const wrong = shown && disagrees(d, at(p.measured[l], i));
  const most = l > 0 ? Math.max(1e-9, ...p.delta[l].data.map(Math.abs)) : 1;
  const measured = wrong ? `, but finite differences say ${number(at(p.measured[l], i), 3)}` : "";
  const label =
    `${l === 0 ? "input" : `layer ${l}, unit`} ${i + 1}: ${known ? `a = ${number(a, 3)}` : "not reached yet"}` +
    (shown ? `, delta = ${number(d, 3)}${measured}` : "");
  const live = act.choose && {
    role: "button",
    tabindex: chosen ? 0 : -1,
    "aria-pressed": String(chosen),
    "aria-label": label,
    "data-unit": `${l}.${i}`,
    onclick: () => act.choose(l, i),
    onpointerenter: () => act.hover?.([l, i], null),
    onpointerleave: () => act.hover?.(null, null),
    onkeydown: act.key,
  };
  const shapes = h(
    "g",
    { key: `u${l}.${i}`, class: `unit ${fresh ? "fresh" : ""} ${known ? "" : "empty"}`, ...live },
    chosen ? h("circle", { cx: n(cx), cy: n(cy), r: n(r + 5), class: "ring" }) : null,
    h("circle", { cx: n(cx), cy: n(cy), r: n(r), class: "shell" }),
    known ? filled(cx, cy, r, Math.abs(a) / top, { class: `fill ${signClass(a)}` }) : null,
    h("circle", {
      cx: n(cx),
      cy: n(cy),
      r: n(r),
      class: `rim ${a < 0 && known ? "minus" : ""}`,
      fill: "none",
    }),
    shown ? pill(cx, cy, r, d, most, wrong) : null,
  );
  // The figures are no part of the button: its label says them in full.
  const amount = box.narrow || r < 19 ? brief(d) : signed(d, Math.abs(d) < 0.095 ? 3 : 2);
  const figures = h(
    "g",
    { key: `t${l}.${i}`, class: `figures ${known ? "" : "empty"}`, "aria-hidden": "true" },
    text(cx, cy + 4, known ? number(a, digits) : "?", { ...MIDDLE, class: "act" }),
    shown ? text(cx, cy + r + 16, `${wrong ? "≠ " : ""}${amount}`, { ...MIDDLE, class: "amount" }) : null,
  );
  return [shapes, figures];
}

// Over each layer its number and its g; with a bug on, what finite differences say of its delta.
function heads(state, p, box, now) {
  const { N, x, narrow } = box;
  return state.sizes.map((size, l) => {
    const wrong = l > 0 && Array.from(p.delta[l].data).some((d, i) => disagrees(d, p.measured[l].data[i]));
    return h(
      "g",
      { class: "layer-name" },
      text(x(l), 14, narrow ? `[${l}]` : `layer ${l}`, {
        ...MIDDLE,
        class: now.layer === l && ["forward", "loss", "backward"].includes(now.phase) ? "now" : "",
      }),
      text(x(l), 29, l === 0 ? "input" : l === N ? state.output : state.hidden, { ...MIDDLE, class: "kind" }),
      p.bug !== "none" && now.delta(l)
        ? text(x(l), 44, `${wrong ? "✗" : "✓"} δ[${l}]${narrow ? "" : wrong ? " is off" : " is right"}`, {
            ...MIDDLE,
            class: wrong ? "off" : "fine",
          })
        : null,
    );
  });
}

// The targets beside the outputs, and the loss under them.
function targets(state, p, box, act, now) {
  const { N, x, y, r, narrow, width } = box;
  const left = x(N) + r + (narrow ? 6 : 26);
  const wide = narrow ? 36 : 52;
  const last = y(N, state.sizes[N] - 1);
  const compared = now.phase === "loss" || now.backward;
  return h(
    "g",
    { class: `target ${now.phase === "loss" ? "now" : ""}` },
    text(left + wide / 2, 14, narrow ? "y" : "target", { ...MIDDLE, class: "name" }),
    state.y.map((t, i) => [
      narrow
        ? null
        : h("line", { x1: n(x(N) + r + 4), x2: n(left - 3), y1: n(y(N, i)), y2: n(y(N, i)), class: "guide" }),
      h("rect", {
        x: n(left),
        y: n(y(N, i) - 12),
        width: wide,
        height: 24,
        rx: 4,
        class: `box ${act.target ? "press" : ""}`,
        onclick: act.target && (() => act.target(i)),
      }),
      text(left + wide / 2, y(N, i) + 4, number(t, narrow ? 1 : 2), MIDDLE),
    ]),
    compared
      ? text(
          Math.min(width - 4, left + wide),
          last + r + (narrow ? 36 : 26),
          `L = ${number(p.L, narrow ? 2 : 3)}`,
          {
            "text-anchor": "end",
            class: "loss",
          },
        )
      : null,
  );
}

// sum: the chosen unit's sum in one line, where there is no panel beside the picture to show it.
export function networkPicture(state, p, width, act, sum = null) {
  const box = layout(state, width);
  const now = seen(state.step, box.N);
  const height = box.bottom + (sum ? 44 : 24);
  const units = state.sizes.flatMap((size, l) =>
    Array.from({ length: size }, (_, i) => unit(state, p, box, act, now, l, i)),
  );
  const way = now.backward ? "◀ δ goes backward" : "a goes forward ▶";
  return h(
    "svg",
    {
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      class: `bpw-svg bpw-net ${now.backward ? "backward" : "forward"}`,
      role: act.choose ? "group" : "img",
      "aria-label": act.label,
      xmlns: "http://www.w3.org/2000/svg",
    },
    edges(state, p, box, act, now),
    heads(state, p, box, now),
    state.y ? targets(state, p, box, act, now) : null,
    h("g", { key: "units" }, units),
    text(4, box.bottom + 16, formula(now, { N: box.N, output: state.output }), { class: "formula" }),
    box.narrow && width < 420 && now.phase !== "input"
      ? null
      : text(width - 6, box.bottom + 16, way, {
          "text-anchor": "end",
          class: `way ${now.backward ? "b" : "f"}`,
        }),
    sum ? text(4, box.bottom + 36, sum, { class: "formula" }) : null,
  );
}
