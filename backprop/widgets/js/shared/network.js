// The picture of a network: activations filled forward, delta's arrows backward.

import { factorOf, weightOf } from "./bugs.js";
import { dash, signClass } from "./colours.js";
import { h } from "./dom.js";
import { number, signed } from "./format.js";
import { text } from "./plot.js";
import { at } from "./recipe.js";

export function layout(sizes, width) {
  const N = sizes.length - 1;
  const narrow = width < 480;
  const r = Math.max(13, Math.min(25, width / ((N + 1) * 4.4)));
  const edge = r + 10;
  const targets = narrow ? 38 : 74;
  const gap = 2 * r + 30;
  const top = 46;
  const rows = Math.max(...sizes);
  const height = top + rows * gap + 6;
  const x = (l) => edge + (l * (width - 2 * edge - targets)) / N;
  const y = (l, i) => top + (rows * gap) / 2 + (i - (sizes[l] - 1) / 2) * gap - 10;
  return { N, r, gap, width, height, x, y, narrow, digits: r < 19 ? 1 : 2 };
}

// Where the story stands: 0 inputs; 1..N forward; N+1 the loss; N+2..2N+1 delta[N]..delta[1]; then gradients; then update.
export function moment(step, N) {
  if (step === 0) return { phase: "input", layer: 0 };
  if (step <= N) return { phase: "forward", layer: step };
  if (step === N + 1) return { phase: "loss", layer: N };
  if (step <= 2 * N + 1) return { phase: "backward", layer: 2 * N + 2 - step };
  return { phase: step === 2 * N + 2 ? "gradient" : "update", layer: 0 };
}
export const lastStep = (N) => 2 * N + 3;

export function seen(step, N) {
  const now = moment(step, N);
  const late = ["gradient", "update"].includes(now.phase);
  return {
    ...now,
    forward: (l) => l === 0 || step >= l,
    delta: (l) => l > 0 && (late || (now.phase === "backward" && l >= now.layer)),
  };
}

// The term that unit j of layer l + 1 sends back to unit i of layer l (6.1).
export function term(p, hidden, l, i, j) {
  const w = weightOf(p.bug, at(p.W[l + 1], j, i));
  return w * at(p.delta[l + 1], j) * factorOf(p.bug, at(p.Z[l], i), at(p.A[l], i), hidden);
}

function filled(cx, cy, r, share, attributes) {
  const t = Math.min(0.999, Math.max(0, share));
  if (t < 0.01) return null;
  const level = cy + r - 2 * r * t;
  const half = Math.sqrt(Math.max(0, r * r - (level - cy) ** 2));
  const large = t > 0.5 ? 1 : 0;
  const n = (v) => v.toFixed(1);
  return h("path", {
    d: `M${n(cx - half)} ${n(level)}A${n(r)} ${n(r)} 0 ${large} 0 ${n(cx + half)} ${n(level)}Z`,
    ...attributes,
  });
}

function edgeShape(from, to, size, value, classes) {
  const [x1, y1] = from;
  const [x2, y2] = to;
  const way = Math.sign(x2 - x1);
  const head = size > 0.7 ? 3 + size * 1.7 : 0;
  const end = x2 - way * head;
  const mid = (x1 + end) / 2;
  const n = (v) => v.toFixed(1);
  const line = `M${n(x1)} ${n(y1)}C${n(mid)} ${n(y1)} ${n(mid)} ${n(y2)} ${n(end)} ${n(y2)}`;
  return [
    h("path", {
      d: line,
      class: `edge ${signClass(value)} ${classes}`,
      "stroke-width": size.toFixed(2),
      "stroke-dasharray": dash(value),
      fill: "none",
    }),
    head
      ? h("path", {
          d: `M${n(x2)} ${n(y2)}l${n(-way * head)} ${n(-head / 2)}v${n(head)}Z`,
          class: `head ${signClass(value)} ${classes}`,
        })
      : null,
    line,
  ];
}

function edges(state, p, box, act) {
  const { x, y, r, N } = box;
  const now = seen(state.step, N);
  const [selectedLayer, selected] = act.unit;
  const drawn = [];
  for (let l = 0; l < N; l++) {
    const W = p.W[l + 1];
    const back = now.delta(l) && l > 0 && now.delta(l + 1);
    const gradient = ["gradient", "update"].includes(now.phase) && l === 0;
    const ahead = now.forward(l + 1);
    const value = (i, j) => {
      if (back) return term(p, state.hidden, l, j, i);
      if (gradient) return at(p.delta[1], i) * at(p.A[0], j);
      return at(W, i, j) * (ahead ? at(p.A[l], j) : 1);
    };
    let most = 1e-12;
    for (let i = 0; i < W.rows; i++) for (let j = 0; j < W.cols; j++) most = Math.max(most, Math.abs(value(i, j)));
    for (let i = 0; i < W.rows; i++) {
      for (let j = 0; j < W.cols; j++) {
        const v = value(i, j);
        const mine = back
          ? selectedLayer === l && selected === j && act.backward
          : selectedLayer === l + 1 && selected === i && !act.backward;
        const hot = mine && act.term === (back ? i : j);
        const size = 0.5 + 5 * (Math.abs(v) / most) * (ahead || back ? 1 : 0.5);
        const left = [x(l) + r + 2, y(l, j)];
        const right = [x(l + 1) - r - 2, y(l + 1, i)];
        const classes = [
          back ? "back" : gradient ? "grad" : ahead ? "fore" : "rest",
          mine ? "mine" : "",
          hot ? "hot" : "",
        ].join(" ");
        const [line, head, path] = edgeShape(back ? right : left, back ? left : right, size, v, classes);
        const what = back ? "term" : gradient ? "∂L/∂W" : ahead ? "W·a" : "W";
        const tip = `W[${l + 1}] row ${i + 1}, column ${j + 1} = ${number(at(W, i, j))}${what === "W" ? "" : `; ${what} = ${signed(v, 3)}`}. Press to change it.`;
        drawn.push([
          mine ? 1 : 0,
          h(
            "g",
            { key: `e${l}.${i}.${j}` },
            h("title", {}, tip),
            line,
            head,
            act.edit ? h("path", { d: path, class: "hit", fill: "none", onclick: () => act.edit(l + 1, i, j) }) : null,
          ),
        ]);
      }
    }
  }
  return drawn.sort((a, b) => a[0] - b[0]).map(([, view]) => view);
}

function unit(state, p, box, act, l, i) {
  const { x, y, r, digits } = box;
  const now = seen(state.step, box.N);
  const [cx, cy] = [x(l), y(l, i)];
  const a = at(p.A[l], i);
  const top = Math.max(1e-9, ...p.A[l].data.map(Math.abs), l > 0 && state.hidden !== "relu" ? 1 : 0);
  const known = now.forward(l);
  const chosen = act.unit[0] === l && act.unit[1] === i;
  const fresh = (now.phase === "forward" && now.layer === l) || (now.phase === "backward" && now.layer === l);
  const shown = now.delta(l);
  const d = l > 0 ? at(p.delta[l], i) : 0;
  const wrong = shown && Math.abs(d - at(p.measured[l], i)) > 1e-6 + 1e-4 * Math.abs(d);
  const most = l > 0 ? Math.max(1e-9, ...p.delta[l].data.map(Math.abs)) : 1;
  const label = `${l === 0 ? "input" : `layer ${l}, unit`} ${i + 1}: ${known ? `a = ${number(a, 3)}` : "not reached yet"}${shown ? `, delta = ${number(d, 3)}${wrong ? `, but finite differences say ${number(at(p.measured[l], i), 3)}` : ""}` : ""}`;
  const w = r + 6;
  const shapes = h(
    "g",
    {
      key: `u${l}.${i}`,
      class: `unit ${chosen ? "chosen" : ""} ${fresh ? "fresh" : ""} ${known ? "" : "empty"}`,
      ...(act.choose && {
        role: "button",
        tabindex: chosen ? 0 : -1,
        "aria-pressed": String(chosen),
        "aria-label": label,
        "data-unit": `${l}.${i}`,
        onclick: () => act.choose(l, i),
        onpointerenter: () => act.hover?.([l, i]),
        onpointerleave: () => act.hover?.(null),
        onkeydown: act.key,
      }),
    },
    chosen ? h("circle", { cx, cy, r: r + 5, class: "ring" }) : null,
    h("circle", { cx, cy, r, class: "shell" }),
    known ? filled(cx, cy, r, Math.abs(a) / top, { class: `fill ${signClass(a)}` }) : null,
    h("circle", { cx, cy, r, class: `rim ${a < 0 && known ? "minus" : ""}`, fill: "none" }),
    shown
      ? h(
          "g",
          { class: `delta ${wrong ? "wrong" : ""}` },
          h("rect", { x: cx - w, y: cy + r + 3, width: 2 * w, height: 16, rx: 8 }),
          h("rect", {
            x: d < 0 ? cx - (w * -d) / most : cx,
            y: cy + r + 17,
            width: (w * Math.abs(d)) / most,
            height: 3,
            class: signClass(d),
          }),
        )
      : null,
  );
  // The figures are no part of the button: its label says them in full.
  const figures = h(
    "g",
    { key: `t${l}.${i}`, class: `figures ${known ? "" : "empty"}`, "aria-hidden": "true" },
    text(cx, cy + 4, known ? number(a, digits) : "?", { "text-anchor": "middle", class: "act" }),
    shown
      ? text(cx, cy + r + 15, `${wrong ? "≠ " : ""}${signed(d, Math.abs(d) < 0.095 && r >= 19 ? 3 : digits)}`, {
          "text-anchor": "middle",
          class: "amount",
        })
      : null,
  );
  return [shapes, figures];
}

export function networkPicture(state, p, width, act) {
  const box = layout(state.sizes, width);
  const { N, x, y, r } = box;
  const now = seen(state.step, N);
  const heads = state.sizes.map((n, l) => {
    const name = l === 0 ? "input" : l === N ? state.output : state.hidden;
    return h(
      "g",
      { class: "layer-name" },
      text(x(l), 14, box.narrow ? `[${l}]` : l === 0 ? "layer 0" : `layer ${l}`, {
        "text-anchor": "middle",
        class: now.layer === l && now.phase !== "input" ? "now" : "",
      }),
      text(x(l), 29, name, { "text-anchor": "middle", class: "kind" }),
    );
  });
  const targets = state.y.map((t, i) =>
    h("g", { class: "target" }, text(x(N) + r + 9, y(N, i) + 4, box.narrow ? number(t, 1) : `y = ${number(t)}`)),
  );
  const units = state.sizes.flatMap((n, l) => Array.from({ length: n }, (_, i) => unit(state, p, box, act, l, i)));
  const backward = ["backward", "gradient", "update"].includes(now.phase);
  return h(
    "svg",
    {
      viewBox: `0 0 ${width} ${box.height}`,
      width,
      height: box.height,
      class: `bpw-svg bpw-net ${backward ? "backward" : "forward"}`,
      role: act.choose ? "group" : "img",
      "aria-label": act.label,
      xmlns: "http://www.w3.org/2000/svg",
    },
    h(
      "text",
      { x: width - 6, y: box.height - 6, "text-anchor": "end", class: `way ${backward ? "b" : "f"}` },
      backward ? "◀ δ goes backward" : "a goes forward ▶",
    ),
    h("g", { key: "edges" }, edges(state, p, box, act)),
    heads,
    targets,
    h("g", { key: "units" }, units),
  );
}
