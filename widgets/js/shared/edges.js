// The arrows of a network: each as wide as its weight is large, dashed if it is negative. On the arrows of the unit
// in focus stand the numbers that they carry.

import { factorOf, weightOf } from "./bugs.js";
import { dash, signClass } from "./colours.js";
import { h } from "./dom.js";
import { brief, number, plain, plainSigned, signed } from "./format.js";
import { along, curveOf, eased, mix } from "./geometry.js";
import { text } from "./plot.js";
import { at } from "./recipe.js";
import { sumOf } from "./story.js";
import { _ } from "./words.js";

// Where on an arrow, from the left, the product stands.
const TERM_AT = 0.64;
// A travelling delta has arrived, and the products stay.
const ARRIVED = 0.55;

// The term that unit j of layer l + 1 sends back to unit i of layer l (6.1).
function term(p, hidden, l, i, j) {
  const w = weightOf(p.bug, at(p.W[l + 1], j, i));
  return w * at(p.delta[l + 1], j) * factorOf(p.bug, at(p.Z[l], i), at(p.A[l], i), hidden);
}

// How the weights stand in the middle of an update: the new ones, but each a little beyond on the way, so that one
// sees which grow and which shrink.
function weightNow(p, now, l, i, j) {
  const old = at(p.W[l + 1], i, j);
  if (now.phase !== "update") return { w: old, wide: Math.abs(old) };
  const w = mix(old, at(p.next.W[l + 1], i, j), eased(now.share, 0.1, 0.75));
  const swing = Math.sin(Math.PI * Math.min(1, now.share / 0.85)) * 1.6;
  const most = Math.max(1e-12, ...Object.values(p.dW).flatMap((m) => Array.from(m.data, Math.abs)));
  const way = -Math.sign(w) * (at(p.dW[l + 1], i, j) / most);
  return { w, wide: Math.max(0, Math.abs(w) + way * swing) };
}

// What the arrow between unit i of layer l + 1 and unit j of layer l carries for the unit in focus, or null.
function carried(state, p, now, act, l, i, j) {
  const [layer, unit] = act.unit;
  // The loss looks at the outputs alone.
  if (now.phase === "loss" && !act.pinned) return null;
  const sum = sumOf(now, act.unit);
  if (sum === "delta" && layer < p.N)
    return layer === l && unit === j
      ? { kind: "back", name: _("term"), index: i, value: term(p, state.hidden, l, j, i) }
      : null;
  if (layer !== l + 1 || unit !== i) return null;
  if (sum === "gradient") return { kind: "grad", name: "∂L/∂W", index: j, value: at(p.dW[l + 1], i, j) };
  if (sum !== "forward") return null;
  return { kind: "fore", name: "W·a", index: j, value: at(p.W[l + 1], i, j) * at(p.A[l], j) };
}

function head([[x1, y1], [x2, y2]], size, value, backward) {
  const long = 5 + size;
  const [tip, y, way] = backward ? [x1, y1, 1] : [x2, y2, -1];
  const half = (long * 0.55).toFixed(1);
  const d = `M${tip.toFixed(1)} ${y.toFixed(1)}l${(way * long).toFixed(1)} ${-half}v${2 * half}Z`;
  return h("path", { d, class: `head ${signClass(value)}` });
}

// The number that an arrow carries, on the arrow.
function chip([x, y], v, kind) {
  const words = Math.abs(v) < 0.095 && v !== 0 ? brief(v) : plainSigned(v);
  const wide = 7.4 * words.length + 8;
  return h(
    "g",
    { class: `flow ${kind} ${signClass(v)}`, "aria-hidden": "true" },
    h("rect", {
      ...{ x: (x - wide / 2).toFixed(1), y: (y - 9).toFixed(1), width: wide.toFixed(1) },
      ...{ height: 18, rx: 5 },
    }),
    text(x, y + 4, words, { "text-anchor": "middle" }),
  );
}

// What feels the pointer on an arrow, and says what it is; it belongs to the unit that it brings something.
function feeler(line, act, now, where, carries) {
  const [l, i, j, w] = where;
  const flows = carries ? `; ${carries.name} = ${signed(carries.value, 3)}` : "";
  const press = act.edit ? _(" Press to change it.") : "";
  const backward = sumOf(now, [l, j]) === "delta";
  return h(
    "path",
    {
      ...{ d: line, class: "hit", fill: "none" },
      onclick: () => act.edit?.(l, i, j),
      onpointerenter: () => act.hover([backward ? l : l + 1, backward ? j : i], backward ? i : j),
      onpointerleave: () => act.hover(null, null),
    },
    h(
      "title",
      {},
      _("W[{l}] row {i}, column {j} = {w}{flows}.{press}", {
        l: l + 1,
        i: i + 1,
        j: j + 1,
        w: number(w),
        flows,
        press,
      }),
    ),
  );
}

const rank = { e: 0, w: 1, v: 2 };

export function edges(state, p, box, act, now) {
  const most = Math.max(1e-12, ...Object.values(p.W).flatMap((m) => Array.from(m.data, Math.abs)));
  const blame = Math.max(1e-12, ...Object.values(p.dW).flatMap((m) => Array.from(m.data, Math.abs)));
  const below = [];
  const above = [];
  const hits = [];
  // In the middle of a part the products come when the numbers have arrived.
  const moving = now.share < ARRIVED && act.computed && now.phase !== "gradient";
  for (let l = 0; l < box.N; l++) {
    for (let i = 0; i < p.W[l + 1].rows; i++) {
      for (let j = 0; j < p.W[l + 1].cols; j++) {
        const ends = box.arrow(l, i, j);
        const line = curveOf(ends);
        const { w, wide } = weightNow(p, now, l, i, j);
        const size = 0.8 + 5.4 * Math.min(1.4, wide / most);
        const carries = carried(state, p, now, act, l, i, j);
        const hot = carries && act.term === carries.index ? "hot" : "";
        const part = carries ? above : below;
        const drawn = [
          h("path", {
            ...{ d: line, fill: "none", "stroke-width": size.toFixed(2), "stroke-dasharray": dash(w) },
            class: `edge ${signClass(w)} ${carries ? "mine" : ""} ${hot}`,
          }),
        ];
        if (now.gradient(l + 1)) {
          const left = now.phase === "update" ? 1 - eased(now.share, 0.1, 0.75) : 1;
          const glow = (left * 16 * Math.abs(at(p.dW[l + 1], i, j))) / blame;
          drawn.unshift(
            h("path", { d: line, fill: "none", class: "blame", "stroke-width": glow.toFixed(2) }),
          );
        }
        if (carries && carries.kind !== "grad") drawn.push(head(ends, size, w, carries.kind === "back"));
        part.push(h("g", { key: `e${l}.${i}.${j}` }, drawn));
        const short = !box.narrow || plain(w).length < 3;
        if (box.weights ? short || carries : carries && box.chips && moving)
          part.push(
            h(
              "g",
              { key: `w${l}.${i}.${j}`, class: `weight ${carries ? "mine" : ""}`, "aria-hidden": "true" },
              text(...along(ends, box.weightAt).map((v, k) => v + 4 * k), plain(w), {
                "text-anchor": "middle",
              }),
            ),
          );
        if (carries && box.chips && !moving) {
          const place = along(ends, box.weights ? TERM_AT : carries.kind === "back" ? 0.36 : 0.5);
          part.push(h("g", { key: `v${l}.${i}.${j}` }, chip(place, carries.value, carries.kind)));
        }
        if (act.hover) hits.push(feeler(line, act, now, [l, i, j, w], carries));
      }
    }
  }
  // The numbers on top of every arrow; what feels the pointer on top of all, and never moved under it.
  const order = (all) => all.sort((a, b) => rank[a.attributes.key[0]] - rank[b.attributes.key[0]]);
  return [h("g", { key: "edges" }, order([...below, ...above])), h("g", { key: "hits" }, hits)];
}
