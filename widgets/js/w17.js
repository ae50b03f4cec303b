// W17: how much of delta is left at layer 1, by depth and by the scale of the weights.

import { select, slider } from "./shared/controls.js";
import { h } from "./shared/dom.js";
import { claim, number, small } from "./shared/format.js";
import { widget } from "./shared/frame.js";
import { colourBar, contour, heatmap } from "./shared/maps.js";
import { axes, dot, grab, svg, text } from "./shared/plot.js";
import { normal } from "./shared/random.js";
import { SCALAR, SLOPE } from "./shared/recipe.js";
import { _ } from "./shared/words.js";

const WIDTH = 10;
const DEPTHS = 20;
const SCALES = Array.from({ length: 20 }, (_item, i) => Number((0.2 * 15 ** (i / 19)).toFixed(3)));
const NAMES = ["tanh", "sigmoid", "relu"];
const [LOW, HIGH] = [-6, 3]; // the powers of ten at the ends of the colour scale
const maps = new Map();

// A network's weights before they are scaled, and its input: the same for every scale.
const drawn = new Map();
function drawOf(seed) {
  if (!drawn.has(seed)) {
    const draw = normal(seed);
    const base = Float64Array.from({ length: DEPTHS * WIDTH * WIDTH }, () => draw() / Math.sqrt(WIDTH));
    drawn.set(seed, { base, x: Float64Array.from({ length: WIDTH }, draw) });
  }
  return drawn.get(seed);
}

// The slopes of each layer at this scale.
function slopesOf(hidden, seed, scale) {
  const { base, x } = drawOf(seed);
  let a = x;
  return Array.from({ length: DEPTHS }, (_item, l) => {
    const z = new Float64Array(WIDTH);
    for (let i = 0; i < WIDTH; i++)
      for (let j = 0; j < WIDTH; j++) z[i] += scale * base[(l * WIDTH + i) * WIDTH + j] * a[j];
    a = z.map(SCALAR[hidden]);
    return z.map(SLOPE[hidden]);
  });
}

// |delta[l]| / |delta[d]| for l = d, ..., 1 in a network of d layers, with delta[d] = (1, ..., 1).
function chainOf(seed, scale, slopes, d) {
  const { base } = drawOf(seed);
  const size = (delta) => Math.sqrt(delta.reduce((q, v) => q + v * v, 0) / WIDTH);
  let delta = new Float64Array(WIDTH).fill(1);
  const sizes = [1];
  for (let l = d - 1; l > 0; l--) {
    const back = new Float64Array(WIDTH);
    for (let j = 0; j < WIDTH; j++)
      for (let i = 0; i < WIDTH; i++) back[i] += scale * base[(l * WIDTH + j) * WIDTH + i] * delta[j];
    delta = back.map((v, i) => v * slopes[l - 1][i]); // (6.1)
    sizes.push(size(delta));
  }
  return sizes;
}

// ratios[(d - 1) * 20 + s] = |delta[1]| / |delta[d]| for every depth and scale.
function ratiosOf(hidden, seed) {
  const key = `${hidden} ${seed}`;
  if (maps.has(key)) return maps.get(key);
  const ratios = new Float64Array(DEPTHS * SCALES.length);
  SCALES.forEach((scale, s) => {
    const slopes = slopesOf(hidden, seed, scale);
    for (let d = 1; d <= DEPTHS; d++)
      ratios[(d - 1) * SCALES.length + s] = chainOf(seed, scale, slopes, d).at(-1);
  });
  if (maps.size > 30) maps.clear();
  maps.set(key, ratios);
  return ratios;
}

// The sizes of delta from layer N down to 1 as bars, by powers of ten: right of 1 grown, left of it shrunk.
function chainPicture(sizes, { x, y, width, height }) {
  const thick = Math.min(22, height / sizes.length);
  const [from, to] = [-8, 4];
  const place = (power) => x + ((Math.min(to, Math.max(from, power)) - from) / (to - from)) * width;
  return h(
    "g",
    { class: "bpw-axes" },
    [-6, -3, 0, 3].map((power) => [
      h("line", {
        ...{ x1: place(power), x2: place(power), y1: y, y2: y + height },
        class: power === 0 ? "zero" : "grid",
      }),
      text(place(power), y + height + 15, power === 0 ? "1" : `1e${power}`.replace("-", "−"), {
        "text-anchor": "middle",
      }),
    ]),
    text(x, y - 8, _("‖δ[l]‖, from layer N down to 1"), { class: "name" }),
    sizes.map((size, k) => {
      const power = size > 0 ? Math.log10(size) : from;
      const [left, right] = [Math.min(place(0), place(power)), Math.max(place(0), place(power))];
      return [
        h("rect", {
          ...{ x: left.toFixed(1), y: (y + k * thick + 2).toFixed(1), height: (thick - 3).toFixed(1) },
          width: Math.max(2, right - left).toFixed(1),
          class: "chain",
        }),
        text(x - 5, y + (k + 0.5) * thick + 4, String(sizes.length - k), { "text-anchor": "end" }),
      ];
    }),
  );
}

const PYTHON_RANDOM = `def uniform(seed):  # mulberry32, as the widget draws its weights
    s = seed
    while True:
        s = (s + 0x6D2B79F5) % 2**32
        t = (s ^ (s >> 15)) * (1 | s) % 2**32
        t ^= (t + (t ^ (t >> 7)) * (61 | t)) % 2**32
        yield (t ^ (t >> 14)) / 2**32

def normal(u):
    return np.sqrt(-2 * np.log(1 - next(u))) * np.cos(2 * np.pi * next(u))`;

function view(ui) {
  const { depth, scale, hidden, seed } = ui.state;
  const ratios = ratiosOf(hidden, seed);
  const ratio = ratios[(depth - 1) * 20 + scale];
  const values = Float64Array.from({ length: 400 }, (_item, k) => {
    const r = ratios[(19 - Math.floor(k / 20)) * 20 + (k % 20)];
    return r > 0 ? (Math.log10(r) - LOW) / (HIGH - LOW) : 0;
  });
  // The chain stands beside the map where there is room, else under it.
  const beside = ui.width >= 600;
  const side = beside ? Math.round(ui.width * 0.5) : Math.min(ui.width - 60, 380);
  const left = beside ? 44 : (ui.width - side) / 2 + 12;
  const chain = chainOf(seed, SCALES[scale], slopesOf(hidden, seed, SCALES[scale]), depth);
  const chainBox = beside
    ? { x: left + side + 52, y: 22, width: ui.width - left - side - 64, height: 300 }
    : { x: left, y: 442, width: side, height: 200 };
  const plot = axes({
    left,
    width: side,
    height: 300,
    top: 22,
    x: [-0.5, 19.5],
    y: [0.5, 20.5],
    xLabel: _("scale of the weights"),
    yLabel: _("depth N"),
    xTick: (v) => (Number.isInteger(v) && SCALES[v] ? number(SCALES[v], 1) : ""),
  });
  const [x, y] = [plot.x(scale), plot.y(depth)];
  const box = { x: left, y: 22, width: side, height: 300 };
  const fate = ratio < 1e-3 ? _("has vanished") : ratio > 1e3 ? _("has exploded") : _("is still alive");
  return {
    picture: svg(
      ui.width,
      beside ? 402 : 664,
      _("Size of delta[1] against delta[N] by depth and scale, dark for vanished and bright for exploded"),
      plot.axes,
      heatmap(values, 20, 20, box),
      [-3, 0].map((power) => contour(values, 20, 20, (power - LOW) / (HIGH - LOW), box)),
      h("line", { x1: x, x2: x, y1: 22, y2: 322, stroke: "#fff", "stroke-dasharray": "4 3" }),
      h("line", { x1: left, x2: left + side, y1: y, y2: y, stroke: "#fff", "stroke-dasharray": "4 3" }),
      dot(x, y),
      chainPicture(chain, chainBox),
      grab(plot, (s, d) => ui.setState({ scale: Math.round(s), depth: Math.round(d) })),
      colourBar({
        ...{ x: left, y: 370, width: side },
        marks: [
          [0, "≤ 1e−6"],
          [1 / 3, "1e−3"],
          [2 / 3, "1"],
          [1, "≥ 1e3"],
        ],
      }),
    ),
    controls: [
      slider(ui, "depth", { label: _("Depth N"), min: 1, max: 20, step: 1, show: String }),
      slider(ui, "scale", { label: _("Scale"), min: 0, max: 19, step: 1, show: (s) => number(SCALES[s]) }),
      select(ui, "hidden", { label: _("Hidden g"), options: NAMES.map((n) => [n, n]) }),
      slider(ui, "seed", { label: _("Network number"), min: 1, max: 20, step: 1, show: String }),
    ],
    words: _(
      "{depth} layers of {WIDTH} {hidden} units with weights of scale {SCALES}: ‖δ[1]‖/‖δ[N]‖ = {ratio}. δ {fate}.",
      { depth, WIDTH, hidden, SCALES: number(SCALES[scale]), ratio: small(ratio), fate },
    ),
    table: {
      caption: _("‖δ[1]‖/‖δ[N]‖ at this depth, by scale"),
      columns: [_("scale"), _("ratio")],
      rows: SCALES.map((s, i) => [number(s), small(ratios[(depth - 1) * 20 + i])]),
    },
    numpy: [
      "import numpy as np",
      "from backprop import g, hidden_delta",
      "",
      PYTHON_RANDOM,
      "",
      `u, n, scale, depth = uniform(${seed}), ${WIDTH}, ${SCALES[scale]}, ${depth}`,
      `W = {l: scale * np.array([[normal(u) for _ in range(n)] for _ in range(n)]) / np.sqrt(n) for l in range(1, ${DEPTHS + 1})}`,
      "a = np.array([[normal(u)] for _ in range(n)])",
      "Z = {}",
      `for l in range(1, ${DEPTHS + 1}):`,
      "    Z[l] = W[l] @ a",
      `    a = g("${hidden}", Z[l])`,
      "delta = np.ones((n, 1))",
      "chain = [1.0]",
      "for l in range(depth - 1, 0, -1):",
      `    delta = hidden_delta(W[l + 1], delta, Z[l], "${hidden}")`,
      "    chain.append(np.linalg.norm(delta) / np.sqrt(n))",
      "ratio = np.linalg.norm(delta) / np.sqrt(n)",
      claim("ratio", ratio),
      claim("chain", chain),
      "print(ratio)",
      "",
    ].join("\n"),
  };
}

export default widget({
  id: "W17",
  kind: _("Heat map and bars"),
  title: _("Where δ vanishes, and where it explodes"),
  question: {
    ask: _("ten sigmoid layers with weights of scale 1. How large is δ[1] against δ[10]?"),
    options: [_("About as large"), _("About a thousandth"), _("About a millionth")],
    answer: 2,
    why: _(
      "Each layer multiplies by σ′ ≤ 1/4: nine such factors leave less than 4⁻⁹ of it, times the weights.",
    ),
  },
  defaults: { depth: 12, scale: 11, hidden: "tanh", seed: 1 },
  ranges: { depth: [1, 20, "integer"], scale: [0, 19, "integer"], seed: [1, 20, "integer"] },
  choices: { hidden: NAMES },
  view,
});
