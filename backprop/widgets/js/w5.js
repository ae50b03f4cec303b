// W5: three losses of one output, and their slopes.

import { select, slider } from "./shared/controls.js";
import { dragging, h } from "./shared/dom.js";
import { claim, number } from "./shared/format.js";
import { widget } from "./shared/frame.js";
import { axes, curve, dot, svg, text } from "./shared/plot.js";

const LOSSES = {
  squared: {
    name: "squared error",
    L: (a, y) => (a - y) ** 2 / 2,
    slope: (a, y) => a - y,
    line: "curve",
    python: ["(a - y) ** 2 / 2", "a - y"],
  },
  bce: {
    name: "binary cross entropy",
    L: (a, y) => -y * Math.log(a) - (1 - y) * Math.log(1 - a),
    slope: (a, y) => (a - y) / (a * (1 - a)),
    line: "curve two",
    python: ["-y * np.log(a) - (1 - y) * np.log(1 - a)", "(a - y) / (a * (1 - a))"],
  },
  ce: {
    name: "cross entropy of class 1",
    L: (a, y) => -y * Math.log(a),
    slope: (a, y) => -y / a,
    line: "curve three",
    python: ["-y * np.log(a)", "-y / a"],
  },
};

function view(ui) {
  const { a, y } = ui.state;
  const inner = ui.width - 58;
  const plot = axes({
    width: inner,
    height: 250,
    top: 22,
    x: [0, 1],
    y: [0, 5],
    xLabel: "ŷ",
    yLabel: `L(ŷ, y = ${y})`,
  });
  const each = Object.values(LOSSES).map((o) => ({ ...o, value: o.L(a, y), steep: o.slope(a, y) }));
  return {
    picture: svg(
      ui.width,
      318,
      `Three losses against the output for y = ${y}, at ŷ = ${number(a)}`,
      plot.axes,
      each.map((o) => curve(plot, (v) => o.L(v, y), [0.003, 0.997], { class: o.line })),
      h("line", { x1: plot.x(a), x2: plot.x(a), y1: 22, y2: 272, class: "guide" }),
      each.map((o) => dot(plot.x(a), Math.max(22, plot.y(o.value)), { r: 6 })),
      each.map((o, i) => [
        h("line", { x1: plot.x(0.3), x2: plot.x(0.3) + 34, y1: 40 + 18 * i, y2: 40 + 18 * i, class: o.line }),
        text(plot.x(0.3) + 42, 44 + 18 * i, o.name, { class: "halo" }),
      ]),
      h("rect", {
        x: 44,
        y: 22,
        width: inner,
        height: 250,
        fill: "transparent",
        class: "grab",
        ...dragging((x) => ui.set({ a: Math.round(plot.unx(x) * 200) / 200 })),
      }),
    ),
    controls: [
      slider(ui, "a", { label: "Output ŷ", min: 0.005, max: 0.995, step: 0.005, show: (v) => number(v, 3) }),
      select(ui, "y", {
        label: "Target y",
        options: [
          [1, "1"],
          [0, "0"],
        ],
      }),
    ],
    words: `At ŷ = ${number(a, 3)} with y = ${y}: ${each.map((o) => `${o.name} ${number(o.value)} with slope ${number(o.steep)}`).join("; ")}.${Math.abs(a - y) > 0.9 ? " Confidently wrong: the logarithm explodes, squared error's slope cannot pass 1." : ""}`,
    table: {
      caption: "The losses and their slopes in ŷ",
      columns: ["loss", "L", "dL/dŷ"],
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
  title: "Three losses and their slopes",
  question: {
    ask: "the output is confidently wrong. Whose slope explodes?",
    options: ["Squared error's", "Cross entropy's", "Neither's"],
    answer: 1,
    why: "−log ŷ has slope −1/ŷ, without bound as ŷ → 0; squared error's slope stays within 1.",
  },
  defaults: { a: 0.2, y: 1 },
  ranges: { a: [0.005, 0.995], y: [0, 1, "integer"] },
  view,
});
