// W3: a nonlinearity, its tangent, and its slope.

import { select, slider } from "./shared/controls.js";
import { claim, number } from "./shared/format.js";
import { widget } from "./shared/frame.js";
import { axes, curve, dot, grab, guide, svg, text } from "./shared/plot.js";
import { SCALAR, SLOPE } from "./shared/recipe.js";
import { _ } from "./shared/words.js";

const NAMES = ["sigmoid", "tanh", "relu"];
const round = (v) => Math.round(v * 20) / 20;

function picture(ui, a, slope) {
  const { z, g } = ui.state;
  const narrow = ui.width < 480;
  const height = 400;
  const inner = ui.width - 58;
  const top = axes({
    width: inner,
    height: 180,
    top: 24,
    x: [-6, 6],
    y: g === "relu" ? [-1, 6] : [-1.2, 1.2],
    yLabel: _("g(z) = {g}, with its tangent", { g }),
  });
  const low = axes({
    width: inner,
    height: 110,
    top: 244,
    x: [-6, 6],
    y: [-0.1, 1.1],
    yLabel: _("g′(z), the tangent's slope"),
    xLabel: "z",
  });
  const reach = narrow ? 1.6 : 2;
  return svg(
    ui.width,
    height,
    _("The function {g} and its slope at z = {z}: g = {a}, slope = {slope}", {
      g,
      z: number(z),
      a: number(a, 3),
      slope: number(slope, 3),
    }),
    top.axes,
    low.axes,
    curve(top, SCALAR[g], [-6, 6]),
    curve(low, SLOPE[g], [-6, 6], { class: "curve two" }, 241),
    curve(
      top,
      (v) => a + slope * (v - z),
      [Math.max(-6, z - reach), Math.min(6, z + reach)],
      { class: "tangent" },
      2,
    ),
    [top, low].map((plot) => guide(plot.x(z), plot.top, plot.top + plot.height)),
    dot(top.x(z), top.y(a)),
    dot(low.x(z), low.y(slope)),
    text(top.x(z) + (z > 3 ? -12 : 12), top.y(a) + 18, `a = ${number(a, 3)}`, {
      class: "halo strong",
      "text-anchor": z > 3 ? "end" : "start",
    }),
    text(low.x(z) + (z > 3 ? -12 : 12), low.y(slope) - 8, `g′ = ${number(slope, 3)}`, {
      class: "halo strong",
      "text-anchor": z > 3 ? "end" : "start",
    }),
    [top, low].map((plot) => grab(plot, (v) => ui.setState({ z: round(v) }))),
  );
}

function view(ui) {
  const { z, g } = ui.state;
  const a = SCALAR[g](z);
  const slope = SLOPE[g](z);
  const flat = slope < 0.05 ? _(" The unit is saturated here: almost nothing of δ would pass.") : "";
  return {
    picture: picture(ui, a, slope),
    controls: [
      slider(ui, "z", { label: "z", min: -6, max: 6, step: 0.05 }),
      select(ui, "g", { label: "g", options: NAMES.map((n) => [n, n]) }),
    ],
    words: _("At z = {z}, {g} gives a = {a} with slope {slope}.{flat}", {
      z: number(z),
      g,
      a: number(a, 3),
      slope: number(slope, 3),
      flat,
    }),
    table: {
      caption: _("{g} and its slope", { g }),
      columns: ["z", _("g(z)"), "g′(z)"],
      rows: [-4, -2, -1, 0, 1, 2, 4, z].map((v, i) => [
        i === 7 ? `z = ${number(v)}` : number(v),
        number(SCALAR[g](v), 4),
        number(SLOPE[g](v), 4),
      ]),
    },
    numpy: [
      "import numpy as np",
      "from backprop import g, g_prime",
      "",
      `z = np.array([[${z}]])`,
      claim(`g("${g}", z)`, [[a]]),
      claim(`g_prime("${g}", z)`, [[slope]]),
      `print(g("${g}", z), g_prime("${g}", z))`,
      "",
    ].join("\n"),
  };
}

export default widget({
  id: "W3",
  kind: _("Line plots"),
  title: _("A nonlinearity and its slope"),
  question: {
    ask: _("what is the largest slope the sigmoid ever has?"),
    options: ["1", "1/2", "1/4"],
    answer: 2,
    why: _(
      "σ′ = σ(1 − σ) is largest at z = 0: 1/4. Each sigmoid layer shrinks δ at least fourfold before W.",
    ),
  },
  defaults: { z: 1, g: "sigmoid" },
  ranges: { z: [-6, 6] },
  choices: { g: NAMES },
  view,
});
