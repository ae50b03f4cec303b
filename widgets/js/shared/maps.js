// Heat maps, their scale, and lines of equal height.

import { cividis, cividisBytes } from "./colours.js";
import { h } from "./dom.js";
import { text } from "./plot.js";

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

// Palettes from [0, 1] to red, green and blue: ink on paper; orange for negative (0), white (0.5), blue for positive.
export const inkBytes = (t) => [255, 255, 255].map((v) => Math.round(v * (1 - t)));
export function signedBytes(t) {
  const far = t < 0.5 ? [213, 94, 0] : [0, 114, 178];
  return far.map((v) => Math.round(255 + (v - 255) * Math.abs(2 * t - 1)));
}

// A heat map of values in [0, 1] as a picture of one pixel a cell: a PNG made from typed arrays, the same in a
// browser, in a still, and in a test (a canvas exists in the first only). Row 0 is on top. kind is pixels, each a
// number of its own, or smooth, where they are samples of a surface.
export function heatmap(
  values,
  rows,
  cols,
  { x, y, width, height },
  bytesOf = cividisBytes,
  kind = "pixels",
) {
  const raw = new Uint8Array(rows * (cols + 1));
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < cols; j++)
      raw[i * (cols + 1) + 1 + j] = Math.round(255 * Math.min(1, Math.max(0, values[i * cols + j])));
  const palette = new Uint8Array(768);
  for (let t = 0; t < 256; t++) palette.set(bytesOf(t / 255), 3 * t);
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
    class: kind,
  });
}

// The scale of a heat map: dark to bright, with [share, words] written under it.
export function colourBar({ x, y, width, marks, paint = (t) => ({ fill: cividis(t) }) }) {
  const parts = 48;
  return h(
    "g",
    { class: "bpw-scale" },
    Array.from({ length: parts }, (_, i) =>
      h("rect", {
        x: (x + (i * width) / parts).toFixed(1),
        y,
        width: (width / parts + 0.6).toFixed(1),
        height: 10,
        ...paint((i + 0.5) / parts),
      }),
    ),
    marks.map(([share, words]) =>
      text(x + share * width, y + 24, words, {
        "text-anchor": share < 0.05 ? "start" : share > 0.95 ? "end" : "middle",
        class: "faint",
      }),
    ),
  );
}

// Where values (row by row, row 0 on top) pass through level: pieces of straight line in each square of four
// neighbours.
export function contour(values, rows, cols, level, { x, y, width, height }, attributes = {}) {
  const pieces = [];
  const px = (c) => (x + ((c + 0.5) * width) / cols).toFixed(1);
  const py = (r) => (y + ((r + 0.5) * height) / rows).toFixed(1);
  for (let r = 0; r + 1 < rows; r++) {
    for (let c = 0; c + 1 < cols; c++) {
      const corners = [
        [r, c],
        [r, c + 1],
        [r + 1, c + 1],
        [r + 1, c],
      ]; // prettier-ignore
      const crossed = corners.flatMap(([r1, c1], k) => {
        const [r2, c2] = corners[(k + 1) % 4];
        const [v1, v2] = [values[r1 * cols + c1] - level, values[r2 * cols + c2] - level];
        if (v1 < 0 === v2 < 0) return [];
        const t = v1 / (v1 - v2);
        return [`${px(c1 + t * (c2 - c1))} ${py(r1 + t * (r2 - r1))}`];
      });
      for (let k = 0; k + 1 < crossed.length; k += 2) pieces.push(`M${crossed[k]}L${crossed[k + 1]}`);
    }
  }
  return h("path", { d: pieces.join(""), class: "contour", fill: "none", ...attributes });
}
