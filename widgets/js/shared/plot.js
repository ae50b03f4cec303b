// Axes, curves, bars and grids, as views.

import { dash, signClass } from "./colours.js";
import { dragging, h } from "./dom.js";
import { number } from "./format.js";

export const svg = (width, height, label, ...children) =>
  h(
    "svg",
    {
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      class: "bpw-svg",
      role: "img",
      "aria-label": label,
      xmlns: "http://www.w3.org/2000/svg",
    },
    ...children,
  );

export const text = (x, y, words, attributes = {}) =>
  h("text", { x: x.toFixed(1), y: y.toFixed(1), ...attributes }, words);

function ticks(low, high, wanted) {
  const raw = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((s) => s * power).find((s) => s >= raw);
  const values = [];
  for (let v = Math.ceil(low / step - 1e-9) * step; v <= high + 1e-9 * step; v += step)
    values.push(Math.abs(v) < step / 1e6 ? 0 : v);
  return values;
}

// A plot's frame: { x, y } turn data into pixels, unx undoes x; axes is its drawing.
export function axes({
  left = 44,
  top = 12,
  width,
  height,
  x: [x0, x1],
  y: [y0, y1],
  xLabel = "",
  yLabel = "",
  xTick = (v) => shorten(v),
  yTick = (v) => shorten(v),
  yTicks = ticks(y0, y1, Math.max(3, height / 50)),
}) {
  const x = (v) => left + ((v - x0) / (x1 - x0)) * width;
  const y = (v) =>
    top + height - ((Math.min(y1 + (y1 - y0), Math.max(y0 - (y1 - y0), v)) - y0) / (y1 - y0)) * height;
  const drawing = h(
    "g",
    { class: "bpw-axes" },
    h("rect", { x: left, y: top, width, height, class: "frame" }),
    ticks(x0, x1, Math.max(3, width / 90)).map((v) => [
      h("line", {
        x1: x(v).toFixed(1),
        x2: x(v).toFixed(1),
        y1: top,
        y2: top + height,
        class: v === 0 ? "zero" : "grid",
      }),
      text(x(v), top + height + 15, xTick(v), { "text-anchor": "middle" }),
    ]),
    yTicks.map((v) => [
      h("line", {
        x1: left,
        x2: left + width,
        y1: y(v).toFixed(1),
        y2: y(v).toFixed(1),
        class: v === 0 ? "zero" : "grid",
      }),
      text(left - 5, y(v) + 4, yTick(v), { "text-anchor": "end" }),
    ]),
    text(left + width, top + height + 31, xLabel, { "text-anchor": "end", class: "name" }),
    text(left, top - 7, yLabel, { class: "name" }),
  );
  return {
    x,
    y,
    unx: (px) => x0 + ((px - left) / width) * (x1 - x0),
    uny: (py) => y0 + ((top + height - py) / height) * (y1 - y0),
    axes: drawing,
    left,
    top,
    width,
    height,
  };
}

const shorten = (v) =>
  number(v, Math.abs(v) >= 10 || Number.isInteger(v) ? 0 : Math.abs(v) < 0.1 && v !== 0 ? 2 : 1);

export function curve(plot, f, [from, to], attributes = {}, points = 121) {
  const path = [];
  let joined = false;
  for (let i = 0; i < points; i++) {
    const v = from + ((to - from) * i) / (points - 1);
    const y = plot.y(f(v));
    const inside = y >= plot.top - 0.5 && y <= plot.top + plot.height + 0.5; // the curve ends at the frame
    if (inside) path.push(`${joined ? "L" : "M"}${plot.x(v).toFixed(1)} ${y.toFixed(1)}`);
    joined = inside;
  }
  return h("path", { d: path.join(""), class: "curve", fill: "none", ...attributes });
}

export const dot = (cx, cy, attributes = {}) =>
  h("circle", { cx: cx.toFixed(1), cy: cy.toFixed(1), r: 7, class: "dot", ...attributes });

// What each kind of line means: [class, words] by turns; words at the right of a short piece of the line. It begins
// at x, or as far left of it as its longest words need to end before right.
const LETTER = 6.6;
export function legend(x, y, entries, right = Number.POSITIVE_INFINITY) {
  const longest = Math.max(...entries.map(([, words]) => words.length)) * LETTER + 38;
  const from = Math.min(x, right - longest);
  return entries.map(([kind, words], i) => [
    h("line", { x1: from, x2: from + 30, y1: y + 18 * i, y2: y + 18 * i, class: kind }),
    text(from + 38, y + 4 + 18 * i, words, { class: "halo" }),
  ]);
}

// The plot itself as a control for mouse and finger: move(x, y) in the plot's own numbers. A slider does the
// same by keys.
export const grab = (plot, move) =>
  h("rect", {
    x: plot.left,
    y: plot.top,
    width: plot.width,
    height: plot.height,
    fill: "transparent",
    class: "grab",
    ...dragging((x, y) => move(plot.unx(x), plot.uny(y))),
  });

export const guide = (x, from, to) =>
  h("line", { x1: x.toFixed(1), x2: x.toFixed(1), y1: from, y2: to, class: "guide" });

// A bar from zero, right or left: the sign is in its direction, its colour and its dashes.
export function bar(x, y, length, height, value) {
  const left = value < 0 ? x - length : x;
  return h("rect", {
    x: left.toFixed(1),
    y: y.toFixed(1),
    width: Math.max(0.5, length).toFixed(1),
    height,
    class: `bar ${signClass(value)}`,
    "stroke-dasharray": dash(value),
  });
}

// A signed matrix as a grid of squares with their numbers: paper is 0, blue is positive, orange (with a dashed rim)
// negative, the deeper the larger. top is the size of the deepest; mark(i, j) gives a cell a class, act(i, j) what a pointer does.
export function grid(
  m,
  { x, y, cell, height = cell, digits = 2, top = null, mark = () => "", act = () => ({}), value = true },
) {
  const most = top ?? Math.max(1e-12, ...m.data.map(Math.abs));
  const cells = [];
  for (let i = 0; i < m.rows; i++) {
    for (let j = 0; j < m.cols; j++) {
      const v = m.data[i * m.cols + j];
      cells.push(
        h(
          "g",
          act(i, j),
          h("rect", {
            x: x + j * cell + 1,
            y: y + i * height + 1,
            width: cell - 2,
            height: height - 2,
            rx: 3,
            "fill-opacity": (0.64 * Math.min(1, Math.abs(v) / most)).toFixed(3),
            class: `cell ${signClass(v)} ${mark(i, j)}`,
            "stroke-dasharray": dash(v),
          }),
          value && (value === true || value(v))
            ? text(x + (j + 0.5) * cell, y + (i + 0.5) * height + 4, number(v, digits), {
                "text-anchor": "middle",
                class: "in-cell",
              })
            : null,
        ),
      );
    }
  }
  return h("g", { class: "bpw-grid" }, cells);
}
