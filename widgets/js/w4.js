// W4: a constant added to every logit changes nothing.

import { slider } from "./shared/controls.js";
import { h } from "./shared/dom.js";
import { claim, list, number, python } from "./shared/format.js";
import { widget } from "./shared/frame.js";
import { bar, svg, text } from "./shared/plot.js";
import { column, softmax } from "./shared/recipe.js";
import { _ } from "./shared/words.js";

// From one row to the next, in pixels.
const PITCH = 42;

function view(ui) {
  const { z, shift } = ui.state;
  const moved = z.map((v) => v + shift);
  const a = softmax(column(moved)).data;
  const naive = moved.map((v) => Math.exp(v));
  const broken = naive.some((v) => !Number.isFinite(v)) || naive.every((v) => v === 0);
  const [beside, after] = [94, 50];
  const half = (ui.width - beside - after) / 2;
  const [zero, start] = [beside + half / 2 - 10, beside + half];
  const most = Math.max(3, ...moved.map(Math.abs));
  const rows = z.map((_item, i) => {
    const y = 34 + i * PITCH;
    return [
      text(4, y + 18, `z${i + 1}`, { class: "strong" }),
      text(beside - 14, y + 18, number(moved[i], 1), { "text-anchor": "end" }),
      bar(zero, y, (half / 2 - 10) * (Math.abs(moved[i]) / most), 26, moved[i]),
      bar(start, y, half * a[i], 26, a[i]),
      text(ui.width - 4, y + 18, number(a[i], 3), { "text-anchor": "end" }),
    ];
  });
  return {
    picture: svg(
      ui.width,
      34 + PITCH * z.length,
      _("Logits {moved} and their softmax {a}", { moved: list(moved, 1), a: list(a, 3) }),
      text(zero, 16, "z + t", { class: "strong", "text-anchor": "middle" }),
      text(start, 16, "softmax(z + t)", { class: "strong" }),
      h("line", { x1: zero, x2: zero, y1: 26, y2: 30 + PITCH * z.length, class: "guide" }),
      h("g", { class: "gliding" }, rows),
    ),
    controls: [
      slider(ui, "shift", {
        label: _("Constant t"),
        min: -1000,
        max: 1000,
        step: 10,
        show: (v) => number(v, 0),
      }),
      z.map((_item, i) => slider(ui, `z.${i}`, { label: `z${i + 1}`, min: -5, max: 5, step: 0.1 })),
    ],
    words: _("With t = {shift} added to every logit, softmax gives {a}: the same as without it.{more}", {
      shift: number(shift, 0),
      a: list(a, 3),
      more: broken
        ? _(" exp(z) by itself {more} here; taking off the maximum first saves it.", {
            more: shift > 0 ? _("overflows") : _("is 0 everywhere"),
          })
        : "",
    }),
    table: {
      caption: _("Logits and outputs"),
      columns: [_("class"), "z", "z + t", "softmax", _("exp(z + t) alone")],
      rows: z.map((v, i) => [
        `${i + 1}`,
        number(v, 1),
        number(moved[i], 1),
        number(a[i], 4),
        number(naive[i], 2),
      ]),
    },
    numpy: [
      "import numpy as np",
      "from backprop import softmax",
      "",
      `z, t = np.array([${python(z)}], dtype=float).T, ${shift}`,
      claim("softmax(z + t)", column(a)),
      claim("softmax(z)", column(a)),
      "print(softmax(z + t).ravel())",
      "",
    ].join("\n"),
  };
}

export default widget({
  id: "W4",
  kind: _("Bar charts"),
  title: _("Softmax sees differences only"),
  question: {
    ask: _("100 is added to every logit. What becomes of softmax?"),
    options: [_("The largest output grows"), _("Nothing changes"), _("All outputs become equal")],
    answer: 1,
    why: "exp(z + t) = exp(t)·exp(z), and exp(t) cancels in the fraction.",
  },
  defaults: { z: [2, 1, -0.5], shift: 0 },
  ranges: { z: [-5, 5], shift: [-1000, 1000] },
  view,
});
