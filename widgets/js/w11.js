// W11: a bug switched on; finite differences of J disagree, and where.

import {
  BUGS,
  DISAGREES,
  RECIPE,
  bugOptions,
  buggyBackprop,
  disagreement,
  pythonPass,
} from "./shared/bugs.js";
import { select, slider } from "./shared/controls.js";
import { h } from "./shared/dom.js";
import { claim, python, pythonLayers, pythonMatrix, small } from "./shared/format.js";
import { widget } from "./shared/frame.js";
import { colourBar } from "./shared/maps.js";
import { HIDDEN, OUTPUTS } from "./shared/net.js";
import { svg, text } from "./shared/plot.js";
import { initialise, uniform } from "./shared/random.js";
import { forward, map, numericalGradients, zeros } from "./shared/recipe.js";
import { _ } from "./shared/words.js";

const SIZES = [3, 5, 4, 2];
const M = 4;

function numbers({ bug, hidden, output, seed, h: exponent }) {
  const { W, b } = initialise(SIZES, seed, 1.4);
  const draw = uniform(seed + 5);
  const X = map(zeros(SIZES[0], M), () => Number((draw() * 2 - 1).toFixed(2)));
  const Y = zeros(SIZES[3], M);
  for (let e = 0; e < M; e++) Y.data[(e % SIZES[3]) * M + e] = 1;
  const { Z, A } = forward(W, b, X, hidden, output);
  const claimed = buggyBackprop(bug, W, Z, A, Y, hidden, output);
  const measured = numericalGradients(W, b, X, Y, hidden, output, 10 ** exponent);
  return { W, b, X, Y, claimed, measured };
}

const relative = (p, q) =>
  Math.abs(p - q) < 1e-8 ? 0 : Math.abs(p - q) / Math.max(1e-8, Math.abs(p) + Math.abs(q));

// The larger a gap, the more colour; a sign is read on the most of it, on white and on black.
const shade = (t) => ({ "fill-opacity": (0.45 * t).toFixed(2) });

function layerGrid(p, l, x, y, cell) {
  const { dW, db } = { dW: p.claimed.dW[l], db: p.claimed.db[l] };
  const cells = [];
  for (let i = 0; i < dW.rows; i++) {
    for (let j = 0; j <= dW.cols; j++) {
      const bias = j === dW.cols;
      const k = i * dW.cols + j;
      const gap = bias
        ? relative(db.data[i], p.measured.db[l].data[i])
        : relative(dW.data[k], p.measured.dW[l].data[k]);
      const t = Math.min(1, Math.max(0, (Math.log10(Math.max(gap, 1e-10)) + 10) / 10));
      const left = x + j * cell + (bias ? 5 : 0);
      cells.push(
        h(
          "g",
          {},
          h("rect", {
            x: left + 1,
            y: y + i * cell + 1,
            width: cell - 2,
            height: cell - 2,
            rx: 3,
            ...shade(t),
            class: `cell shade ${gap > DISAGREES ? "neg" : ""}`,
            "stroke-dasharray": gap > DISAGREES ? "5 3" : null,
          }),
          text(left + cell / 2, y + (i + 0.5) * cell + 4, gap > DISAGREES ? "✗" : "✓", {
            "text-anchor": "middle",
            class: gap > DISAGREES ? "in-cell strong" : "in-cell",
          }),
        ),
      );
    }
  }
  return cells;
}

// The wrong line, and what the book has in its place.
function wrongLine(bug) {
  const { step, name } = BUGS[bug];
  const left = ["delta[N]", "delta[l]", "dW[l], db[l]"][step - 1];
  return h(
    "figure",
    { class: "bpw-line" },
    h("pre", { tabindex: 0 }, h("code", {}, `${left} = ${BUGS[bug][`step${step}`]}`)),
    h(
      "p",
      {},
      _("the bug {bug}, {name}. The book has: {RECIPE}", { bug, name, RECIPE: RECIPE[`step${step}`] }),
    ),
  );
}

function view(ui) {
  const { bug } = ui.state;
  const p = numbers(ui.state);
  const layers = [1, 2, 3];
  const worst = layers.map((l) =>
    Math.max(
      disagreement(p.claimed.dW[l], p.measured.dW[l]),
      disagreement(p.claimed.db[l], p.measured.db[l]),
    ),
  );
  const badW = layers.filter((l) => disagreement(p.claimed.dW[l], p.measured.dW[l]) > DISAGREES);
  const bad = layers.filter((l) => worst[l - 1] > DISAGREES);
  const cell = Math.min(40, (ui.width - 58) / 15);
  let x = 4;
  const parts = layers.map((l) => {
    const here = x;
    x += (SIZES[l - 1] + 1) * cell + 5 + 16;
    const wrong = worst[l - 1] > DISAGREES;
    return [
      text(here, 16, _("layer {l}", { l }), { class: "strong" }),
      text(here, 33, `${wrong ? "✗" : "✓"} ${small(worst[l - 1])}`, { class: wrong ? "off" : "fine" }),
      layerGrid(p, l, here, 42, cell),
    ];
  });
  const wide = x - 12;
  const below = 42 + 5 * cell + 20;
  const where =
    bad.length === 0
      ? _("every gradient agrees")
      : _("the gradients of layer{more} {bad} disagree", {
          more: bad.length > 1 ? "s" : "",
          bad: bad.join(_(" and ")),
        });
  const story =
    bug === "none"
      ? ""
      : _(" The bug “{name}” sits in Step {step}.{more}", {
          name: BUGS[bug].name,
          step: BUGS[bug].step,
          more: bad.length === 0 ? _(" Here it can't be seen.") : "",
        });
  return {
    picture: svg(
      wide,
      below + 32,
      _("Relative gap between the claimed gradient and finite differences for each weight: {where}", {
        where,
      }),
      parts,
      colourBar({
        ...{ x: 4, y: below, width: wide - 8, paint: (t) => ({ ...shade(t), class: "shade" }) },
        marks: [
          [0, _("gap 1e−10")],
          [0.6, "1e−4"],
          [1, "1"],
        ],
      }),
    ),
    notes: [
      h("p", { class: "bpw-hint" }, _("✓ agrees, ✗ disagrees; the last column of each layer is its bias.")),
      bug === "none" ? null : wrongLine(bug),
    ],
    controls: [
      select(ui, "bug", { label: _("The code has"), options: bugOptions() }),
      select(ui, "hidden", { label: _("Hidden g"), options: HIDDEN.map((n) => [n, n]) }),
      select(ui, "output", { label: _("Output"), options: OUTPUTS.map((n) => [n, n]) }),
      slider(ui, "h", {
        label: _("Step h"),
        min: -9,
        max: -1,
        step: 1,
        show: (e) => `1e${e}`.replace("-", "−"),
      }),
      slider(ui, "seed", { label: _("Network number"), min: 1, max: 20, step: 1, show: String }),
    ],
    words: _("With {more}, and h = {h}, {where}. The largest relative gaps are {layers}.{story}", {
      more: bug === "none" ? _("no bug") : BUGS[bug].name,
      h: small(10 ** ui.state.h),
      where,
      layers: layers.map((l) => _("{worst} in layer {l}", { worst: small(worst[l - 1]), l })).join(", "),
      story,
    }),
    table: {
      caption: _("The largest relative gap in each layer"),
      columns: [_("layer"), _("shape of W"), _("gap"), _("verdict")],
      rows: layers.map((l) => [
        _("layer {l}", { l }),
        `(${SIZES[l]}, ${SIZES[l - 1]})`,
        small(worst[l - 1]),
        bad.includes(l) ? _("disagrees") : _("agrees"),
      ]),
    },
    numpy: [
      "import numpy as np",
      "from backprop import central_difference, forward, g, g_prime, layer_gradients, loss",
      "",
      `hidden, output, N = "${ui.state.hidden}", "${ui.state.output}", 3`,
      `W = ${pythonLayers(p.W)}`,
      `b = ${pythonLayers(p.b)}`,
      `X = ${pythonMatrix(p.X)}`,
      `Y = ${pythonMatrix(p.Y)}`,
      "Z, A = forward(W, b, X, hidden, output)",
      pythonPass(bug),
      "",
      "def J(w, l):",
      "    return loss(output, forward({**W, l: w}, b, X, hidden, output)[0][N], Y)",
      "",
      ...layers.map((l) => claim(`dW[${l}]`, p.claimed.dW[l])),
      "for l in dW:",
      `    measured = central_difference(lambda w: J(w, l), W[l], h=1e${ui.state.h})`,
      "    apart = np.abs(dW[l] - measured)",
      "    gap = np.max((apart / np.maximum(1e-8, np.abs(dW[l]) + np.abs(measured)))[apart > 1e-8], initial=0)  # (9.3)",
      `    assert (gap > ${DISAGREES}) == (l in ${python(badW)})`,
      '    print(f"layer {l}: largest gap {gap:.1e}")',
      "",
    ].join("\n"),
  };
}

export default widget({
  id: "W11",
  kind: _("Heat map"),
  title: _("A bug, and where finite differences see it"),
  question: {
    ask: _("g′ is left out of Step 2 of a three-layer network. Which layers get wrong gradients?"),
    options: [_("All three"), _("Layers 1 and 2"), _("Layer 3 only")],
    answer: 1,
    why: _("Layer 3 takes δ from Step 1, which is right; every δ below has gone through the wrong Step 2."),
  },
  defaults: { bug: "K13", hidden: "tanh", output: "softmax", seed: 3, h: -5 },
  ranges: { seed: [1, 20, "integer"], h: [-9, -1, "integer"] },
  choices: { bug: Object.keys(BUGS), hidden: HIDDEN, output: OUTPUTS },
  view,
});
