// W5: three losses of one output, and their slopes.

import { select, slider } from "./shared/controls.js";
import { claim, number } from "./shared/format.js";
import { widget } from "./shared/frame.js";
import { axes, curve, dot, grab, guide, legend, svg } from "./shared/plot.js";
import { _ } from "./shared/words.js";

const LOSSES = {
  squared: {
    name: _("squared error"),
    L: (a, y) => (a - y) ** 2 / 2,
    slope: (a, y) => a - y,
    line: "curve",
    python: ["(a - y) ** 2 / 2", "a - y"],
  },
  bce: {
    name: _("binary cross entropy"),
    L: (a, y) => -y * Math.log(a) - (1 - y) * Math.log(1 - a),
    slope: (a, y) => (a - y) / (a * (1 - a)),
    line: "curve two",
    python: ["-y * np.log(a) - (1 - y) * np.log(1 - a)", "(a - y) / (a * (1 - a))"],
  },
  ce: {
    name: _("cross entropy of class 1"),
    L: (a, y) => -y * Math.log(a),
    slope: (a, y) => -y / a,
    line: "curve three",
    python: ["-y * np.log(a)", "-y / a"],
  },
};

// Slopes from -1 to 1 as they are, beyond by powers of ten: 1, 10 and 100 are as far from each other.
const squeezed = (s) => (Math.abs(s) <= 1 ? s : Math.sign(s) * (1 + Math.log10(Math.abs(s))));
const asTick = (v) => (v < 0 ? "−" : "") + (v === 0 ? 0 : 10 ** (Math.abs(v) - 1));
const [NEAREST, FARTHEST] = [0.005, 0.995];

function view(ui) {
  const { a, y } = ui.state;
  const inner = ui.width - 58;
  const top = axes({
    width: inner,
    height: 190,
    top: 24,
    x: [0, 1],
    y: [0, 5.5],
    yLabel: _("L(ŷ) for y = {y}", { y }),
  });
  const low = axes({
    width: inner,
    height: 150,
    top: 262,
    x: [0, 1],
    y: [-3.4, 3.4],
    yTicks: [-3, -2, -1, 0, 1, 2, 3],
    yTick: asTick,
    xLabel: "ŷ",
    yLabel: _("slope dL/dŷ, by powers of ten"),
  });
  const each = Object.values(LOSSES).map((o) => ({ ...o, value: o.L(a, y), steep: o.slope(a, y) }));
  // For y = 1 the two cross entropies are one curve.
  const [squared, binary, single] = each;
  const drawn =
    y === 1 ? [squared, { ...binary, name: _("cross entropy, both kinds") }] : [squared, binary, single];
  return {
    picture: svg(
      ui.width,
      448,
      _("Three losses and their slopes against the output for y = {y}, at ŷ = {a}", { y, a: number(a) }),
      [top, low].map((plot) => plot.axes),
      drawn.map((o) => curve(top, (v) => o.L(v, y), [NEAREST, FARTHEST], { class: o.line }, 241)),
      drawn.map((o) =>
        curve(low, (v) => squeezed(o.slope(v, y)), [NEAREST, FARTHEST], { class: o.line }, 241),
      ),
      [top, low].map((plot) => guide(plot.x(a), plot.top, plot.top + plot.height)),
      drawn.map((o) => [
        dot(top.x(a), top.y(o.value), { r: 6 }),
        dot(low.x(a), low.y(squeezed(o.steep)), { r: 6 }),
      ]),
      legend(
        top.x(y ? 0.36 : 0.08),
        42,
        drawn.map((o) => [o.line, o.name]),
        ui.width - 14,
      ),
      [top, low].map((plot) => grab(plot, (v) => ui.setState({ a: Math.round(v * 200) / 200 }))),
    ),
    controls: [
      slider(ui, "a", {
        label: _("Output ŷ"),
        min: NEAREST,
        max: FARTHEST,
        step: 0.005,
        show: (v) => number(v, 3),
      }),
      select(ui, "y", {
        label: _("Target y"),
        options: [
          [1, "1"],
          [0, "0"],
        ],
      }),
    ],
    words: _("At ŷ = {a} with y = {y}: {each}.{more}", {
      a: number(a, 3),
      y,
      each: each
        .map((o) =>
          _("{name} {value} with slope {steep}", {
            name: o.name,
            value: number(o.value),
            steep: number(o.steep),
          }),
        )
        .join("; "),
      more:
        Math.abs(a - y) > 0.9
          ? _(" Confidently wrong: the logarithm explodes, squared error's slope cannot pass 1.")
          : "",
    }),
    table: {
      caption: _("The losses and their slopes in ŷ"),
      columns: [_("loss"), "L", "dL/dŷ"],
      rows: each.map((o) => [o.name, number(o.value, 4), number(o.steep, 4)]),
    },
    numpy: [
      "import numpy as np",
      "",
      `a, y = ${a}, ${y}`,
      ...each.flatMap((o) => [claim(o.python[0], o.value), claim(o.python[1], o.steep)]),
      `print(${each.map((o) => o.python[0]).join(", ")})`,
      "",
    ].join("\n"),
  };
}

export default widget({
  id: "W5",
  kind: _("Line plots"),
  title: _("Three losses and their slopes"),
  question: {
    ask: _("the output is confidently wrong. Whose slope explodes?"),
    options: [_("Squared error's"), _("Cross entropy's"), _("Neither's")],
    answer: 1,
    why: _("−log ŷ has slope −1/ŷ, without bound as ŷ → 0; squared error's slope stays within 1."),
  },
  defaults: { a: 0.2, y: 1 },
  ranges: { a: [NEAREST, FARTHEST], y: [0, 1, "integer"] },
  view,
});
