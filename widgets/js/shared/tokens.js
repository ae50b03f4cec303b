// What travels along the arrows in the middle of a step: activations forward, delta backward. A token is multiplied
// by the weight where the weight stands, meets the others at the unit, and passes the gate g'.

import { factorOf, weightOf } from "./bugs.js";
import { signClass } from "./colours.js";
import { h } from "./dom.js";
import { brief, plain, plainSigned } from "./format.js";
import { along, eased, mix } from "./geometry.js";
import { text } from "./plot.js";
import { at } from "./recipe.js";

// The times of a hidden unit's delta, as shares of its part: arrive, be added, come to the gate, become the pill.
const TIMES = { arrive: 0.5, add: 0.62, gate: 0.8 };

function token([x, y], value, most, kind, key, spent = false) {
  const size = 8.5 + 6.5 * Math.sqrt(Math.min(1, Math.abs(value) / Math.max(1e-12, most)));
  const exact = kind === "back" ? plainSigned(value) : plain(value);
  const words = exact.length > 5 ? brief(value) : exact;
  const half = Math.max(size, 3.6 * words.length + 4);
  const rect = (grown, name) =>
    h("rect", {
      ...{ x: (-half - grown).toFixed(1), y: (-size - grown).toFixed(1), class: name },
      ...{ width: (2 * (half + grown)).toFixed(1), height: (2 * (size + grown)).toFixed(1) },
      rx: (size + grown).toFixed(1),
    });
  return h(
    "g",
    {
      key: `t${key}`,
      class: `traveller ${kind} ${spent ? "spent" : signClass(value)}`,
      "data-token": kind === "back" ? plain(value, 4).replace("−", "-") : null,
      "aria-hidden": "true",
      transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`,
    },
    rect(3, "rim-of"),
    rect(0, "core"),
    text(0, 4, words, { "text-anchor": "middle" }),
  );
}

function forwardTokens(p, box, { layer: l, unit: i, share }) {
  const { x, y, r } = box;
  const a = p.A[l - 1];
  const most = Math.max(
    ...a.data.map(Math.abs),
    ...Array.from(a.data, (v, j) => Math.abs(v * at(p.W[l], i, j))),
  );
  if (share < 0.5)
    return Array.from(a.data, (v, j) => {
      const t = mix(0.02, 0.86, eased(share, 0, 0.5));
      const value = t < box.weightAt ? v : v * at(p.W[l], i, j);
      return token(along(box.arrow(l - 1, i, j), t), value, most, "fore", j);
    });
  const near = x(l) - r - (box.narrow ? 20 : 30);
  const spot = mix(near, x(l), eased(share, 0.62, 0.8));
  return share < 0.8 ? [token([spot, y(l, i)], at(p.Z[l], i), most, "fore", "sum")] : [];
}

// Step 1: y_hat - y leaves the loss, beside the target, and comes to the output.
function outputToken(p, box, { layer: l, unit: i, share }) {
  if (share >= 0.9) return [];
  const { x, y, r } = box;
  const from = x(l) + r + (box.narrow ? 28 : 74);
  const spot = [mix(from, x(l), eased(share, 0.1, 0.6)), y(l, i) + (r + 11) * eased(share, 0.65, 0.9)];
  return [token(spot, at(p.delta[l], i), Math.max(...p.delta[l].data.map(Math.abs)), "back", "out")];
}

// Step 2 at one unit.
function backwardTokens(state, p, box, { layer: l, unit: i, share }) {
  const { x, y, r } = box;
  const next = p.delta[l + 1];
  const terms = Array.from(next.data, (d, j) => d * weightOf(p.bug, at(p.W[l + 1], j, i)));
  const sum = terms.reduce((s, v) => s + v, 0);
  const slope = factorOf(p.bug, at(p.Z[l], i), at(p.A[l], i), state.hidden);
  const most = Math.max(...next.data.map(Math.abs), ...terms.map(Math.abs), Math.abs(sum));
  const meet = [x(l) + r + (box.narrow ? 27 : 40), y(l, i)];
  if (share < TIMES.add)
    return terms.map((value, j) => {
      const ends = box.arrow(l, j, i);
      const stop = Math.min(0.25, (meet[0] - ends[0][0]) / (ends[1][0] - ends[0][0]));
      const t = mix(0.97, stop, eased(share, 0, TIMES.arrive));
      const [px, py] = along(ends, t);
      const joined = eased(share, TIMES.arrive, TIMES.add);
      const spot = [mix(px, meet[0], joined), mix(py, meet[1], joined)];
      return token(spot, t > Math.max(box.weightAt, stop + 0.02) ? next.data[j] : value, most, "back", j);
    });
  if (share >= 0.9) return [];
  const door = x(l) + r + 13;
  const stopped = slope === 0;
  const inside = eased(share, TIMES.add + 0.06, TIMES.gate);
  const spot = mix(meet[0], stopped ? door + 12 : x(l), inside);
  const through = spot < door || (stopped && inside > 0.9);
  const down = stopped ? 0 : (r + 11) * eased(share, TIMES.gate, 0.9);
  const value = through ? sum * slope : sum;
  return [token([spot, y(l, i) + down], value, most, "back", "sum", stopped && through)];
}

// The gate g' before a hidden unit: open as far as the slope is large.
export function gate(state, p, box, [l, i]) {
  const slope = factorOf(p.bug, at(p.Z[l], i), at(p.A[l], i), state.hidden);
  const [gx, cy] = [box.x(l) + box.r + 13, box.y(l, i)];
  const half = Math.min(17, box.gap * 0.3);
  const open = half * 0.62 * Math.min(1, Math.abs(slope));
  const bar = (from, to) =>
    h("line", { x1: gx.toFixed(1), x2: gx.toFixed(1), y1: from.toFixed(1), y2: to.toFixed(1) });
  return h(
    "g",
    { key: "gate", class: `gate ${slope === 0 ? "closed" : ""}`, "aria-hidden": "true" },
    bar(cy - half, cy - open),
    bar(cy + open, cy + half),
    // Where it would hide an arrow's number, the line of arithmetic says it.
    box.narrow ? null : text(gx + 1, cy - half - 5, `g′ = ${plain(slope)}`, { "text-anchor": "middle" }),
  );
}

export function travellers(state, p, box, now) {
  if (now.share >= 1) return [];
  if (now.phase === "forward") return forwardTokens(p, box, now);
  if (now.phase !== "backward") return [];
  return now.layer === p.N ? outputToken(p, box, now) : backwardTokens(state, p, box, now);
}
