// The arrows of a network: what flows along each weight now, drawn with its size as width and its sign as
// dashes.

import { factorOf, weightOf } from "./bugs.js";
import { dash, signClass } from "./colours.js";
import { h } from "./dom.js";
import { brief, number, signed } from "./format.js";
import { text } from "./plot.js";
import { at } from "./recipe.js";

// The term that unit j of layer l + 1 sends back to unit i of layer l (6.1).
function term(p, hidden, l, i, j) {
  const w = weightOf(p.bug, at(p.W[l + 1], j, i));
  return w * at(p.delta[l + 1], j) * factorOf(p.bug, at(p.Z[l], i), at(p.A[l], i), hidden);
}

// What flows between layer l and l + 1, from unit j there to unit i here or back: its kind, and the number
// for (i, j).
function flow(state, p, now, l) {
  if (now.late) return { kind: "grad", name: "∂L/∂W", value: (i, j) => at(p.dW[l + 1], i, j) };
  if (l > 0 && now.delta(l))
    return { kind: "back", name: "term", value: (i, j) => term(p, state.hidden, l, j, i) };
  if (now.forward(l + 1))
    return { kind: "fore", name: "W·a", value: (i, j) => at(p.W[l + 1], i, j) * at(p.A[l], j) };
  return { kind: "rest", name: "W", value: (i, j) => at(p.W[l + 1], i, j) };
}

function shape([x1, y1], [x2, y2], size, value, classes, pointed) {
  const way = Math.sign(x2 - x1);
  const head = pointed && size > 0.7 ? 3.5 + size * 1.7 : 0;
  const end = x2 - way * head;
  const mid = (x1 + end) / 2;
  const n = (v) => v.toFixed(1);
  const line = `M${n(x1)} ${n(y1)}C${n(mid)} ${n(y1)} ${n(mid)} ${n(y2)} ${n(end)} ${n(y2)}`;
  const drawn = { "stroke-width": size.toFixed(2), "stroke-dasharray": dash(value), fill: "none" };
  return {
    line,
    drawing: [
      h("path", { d: line, class: `edge ${signClass(value)} ${classes}`, ...drawn }),
      head
        ? h("path", {
            d: `M${n(x2)} ${n(y2)}l${n(-way * head)} ${n(-head / 2)}v${n(head)}Z`,
            class: `head ${signClass(value)} ${classes}`,
          })
        : null,
    ],
  };
}

// A point on the same curve, a share t of the way.
function along([x1, y1], [x2, y2], t) {
  const s = t * t * (3 - 2 * t);
  const mid = (x1 + x2) / 2;
  return [x1 * (1 - t) ** 3 + 3 * mid * t * (1 - t) + x2 * t ** 3, y1 * (1 - s) + y2 * s];
}

// The number that an arrow carries, on the arrow.
function chip([x, y], v) {
  const words = Math.abs(v) < 0.095 ? brief(v) : signed(v, 2);
  const wide = 7.4 * words.length + 6;
  return h(
    "g",
    { class: `flow ${signClass(v)}`, "aria-hidden": "true" },
    h("rect", {
      x: (x - wide / 2).toFixed(1),
      y: (y - 9).toFixed(1),
      width: wide.toFixed(1),
      height: 18,
      rx: 5,
    }),
    text(x, y + 4, words, { "text-anchor": "middle" }),
  );
}

export function edges(state, p, box, act, now) {
  const { x, y, r, N } = box;
  const [layer, unit] = act.unit;
  const room = x(1) - x(0) - 2 * r > 58;
  const below = [];
  const above = [];
  const hits = [];
  for (let l = 0; l < N; l++) {
    const W = p.W[l + 1];
    const { kind, name, value } = flow(state, p, now, l);
    const back = kind === "back";
    let most = 1e-12;
    for (let i = 0; i < W.rows; i++)
      for (let j = 0; j < W.cols; j++) most = Math.max(most, Math.abs(value(i, j)));
    for (let i = 0; i < W.rows; i++) {
      for (let j = 0; j < W.cols; j++) {
        const v = value(i, j);
        const mine = back
          ? layer === l && unit === j && act.backward
          : layer === l + 1 && unit === i && !act.backward;
        const index = back ? i : j;
        const hot = mine && act.term === index;
        const size = 0.5 + 5 * (Math.abs(v) / most) * (kind === "rest" ? 0.5 : 1);
        const ends = [
          [x(l) + r + 2, y(l, j)],
          [x(l + 1) - r - 2, y(l + 1, i)],
        ];
        if (back) ends.reverse();
        const { line, drawing } = shape(
          ...ends,
          size,
          v,
          `${kind} ${mine ? "mine" : ""} ${hot ? "hot" : ""}`,
          kind !== "grad",
        );
        (mine ? above : below).push(h("g", { key: `e${l}.${i}.${j}` }, drawing));
        const flows = kind === "rest" ? "" : `; ${name} = ${signed(v, 3)}`;
        const press = act.edit ? " Press to change it." : "";
        const tip = `W[${l + 1}] row ${i + 1}, column ${j + 1} = ${number(at(W, i, j))}${flows}.${press}`;
        if (act.hover)
          hits.push(
            h(
              "path",
              {
                d: line,
                class: "hit",
                fill: "none",
                onclick: () => act.edit?.(l, i, j),
                onpointerenter: () => act.hover([back ? l : l + 1, back ? j : i], index),
                onpointerleave: () => act.hover(null, null),
              },
              h("title", {}, tip),
            ),
          );
        if (mine && room && kind !== "rest")
          above.push(h("g", { key: `v${l}.${i}.${j}` }, chip(along(...ends, 0.3), v)));
      }
    }
  }
  // The numbers on top of every arrow; what feels the pointer on top of all, and never moved under it.
  const drawn = [
    ...below,
    ...above.sort((a, b) => (a.attributes.key[0] === "v") - (b.attributes.key[0] === "v")),
  ];
  return [h("g", { key: "edges" }, drawn), h("g", { key: "hits" }, hits)];
}
