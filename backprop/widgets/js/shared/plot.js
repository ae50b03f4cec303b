// Axes, curves, bars and heat maps, as views.

import { cividis, cividisBytes, dash, inkOn, signClass } from "./colours.js";
import { h } from "./dom.js";
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
}) {
  const x = (v) => left + ((v - x0) / (x1 - x0)) * width;
  const y = (v) => top + height - ((Math.min(y1 + (y1 - y0), Math.max(y0 - (y1 - y0), v)) - y0) / (y1 - y0)) * height;
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
    ticks(y0, y1, Math.max(3, height / 50)).map((v) => [
      h("line", {
        x1: left,
        x2: left + width,
        y1: y(v).toFixed(1),
        y2: y(v).toFixed(1),
        class: v === 0 ? "zero" : "grid",
      }),
      text(left - 5, y(v) + 4, yTick(v), { "text-anchor": "end" }),
    ]),
    text(left + width, top + height + 30, xLabel, { "text-anchor": "end", class: "name" }),
    text(left, top - 3, yLabel, { class: "name" }),
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

const shorten = (v) => number(v, Math.abs(v) >= 10 || Number.isInteger(v) ? 0 : Math.abs(v) < 0.1 && v !== 0 ? 2 : 1);

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

// A signed matrix as a grid of squares: area by magnitude, hatching by dashes, numbers written in.
export function grid(m, { x, y, cell, height = cell, digits = 2, top = null, mark = () => "", value = true }) {
  const most = top ?? Math.max(1e-12, ...m.data.map(Math.abs));
  const cells = [];
  for (let i = 0; i < m.rows; i++) {
    for (let j = 0; j < m.cols; j++) {
      const v = m.data[i * m.cols + j];
      const t = Math.abs(v) / most;
      cells.push(
        h(
          "g",
          {},
          h("rect", {
            x: x + j * cell + 1,
            y: y + i * height + 1,
            width: cell - 2,
            height: height - 2,
            fill: cividis(t),
            class: `cell ${signClass(v)} ${mark(i, j)}`,
            "stroke-dasharray": dash(v),
          }),
          value
            ? text(x + (j + 0.5) * cell, y + (i + 0.5) * height + 4, number(v, digits), {
                "text-anchor": "middle",
                fill: inkOn(t),
                class: "in-cell",
              })
            : null,
        ),
      );
    }
  }
  return h("g", { class: "bpw-grid" }, cells);
}

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});

function chunk(name, body) {
  const bytes = new Uint8Array(body.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, body.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = name.charCodeAt(i);
  bytes.set(body, 8);
  let crc = 0xffffffff;
  for (let i = 4; i < body.length + 8; i++) crc = CRC[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  view.setUint32(body.length + 8, (crc ^ 0xffffffff) >>> 0);
  return bytes;
}

// A heat map of values in [0, 1] as a picture of one pixel a cell: a PNG in cividis made from typed arrays, the same
// in a browser, in a still, and in a test (a canvas exists in the first only). Row 0 is on top.
export function heatmap(values, rows, cols, { x, y, width, height }) {
  const raw = new Uint8Array(rows * (cols + 1));
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < cols; j++)
      raw[i * (cols + 1) + 1 + j] = Math.round(255 * Math.min(1, Math.max(0, values[i * cols + j])));
  const palette = new Uint8Array(768);
  for (let t = 0; t < 256; t++) palette.set(cividisBytes(t / 255), 3 * t);
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, cols);
  view.setUint32(4, rows);
  header.set([8, 3, 0, 0, 0], 8);
  let [a, b] = [1, 0];
  for (const v of raw) [a, b] = [(a + v) % 65521, (b + a + v) % 65521];
  const zlib = new Uint8Array(raw.length + 11); // stored, not compressed
  zlib.set([0x78, 1, 1, raw.length & 255, raw.length >> 8, ~raw.length & 255, (~raw.length >> 8) & 255]);
  zlib.set(raw, 7);
  new DataView(zlib.buffer).setUint32(raw.length + 7, ((b << 16) | a) >>> 0);
  const parts = [
    Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10),
    chunk("IHDR", header),
    chunk("PLTE", palette),
    chunk("IDAT", zlib),
    chunk("IEND", new Uint8Array(0)),
  ];
  let binary = "";
  for (const part of parts) for (const byte of part) binary += String.fromCharCode(byte);
  return h("image", {
    href: `data:image/png;base64,${btoa(binary)}`,
    x,
    y,
    width,
    height,
    preserveAspectRatio: "none",
    class: "pixels",
  });
}
