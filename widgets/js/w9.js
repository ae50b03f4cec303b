// W9: a confidently wrong sigmoid unit under two losses.

import { select, slider } from "./shared/controls.js";
import { claim, number } from "./shared/format.js";
import { widget } from "./shared/frame.js";
import { axes, curve, dot, grab, guide, legend, svg } from "./shared/plot.js";
import { SCALAR, SLOPE } from "./shared/recipe.js";
import { _ } from "./shared/words.js";

function view(ui) {
  const { z, y } = ui.state;
  const a = SCALAR.sigmoid(z);
  const squared = (v) => (SCALAR.sigmoid(v) - y) * SLOPE.sigmoid(v);
  const bce = (v) => SCALAR.sigmoid(v) - y;
  const inner = ui.width - 58;
  const plot = axes({
    width: inner,
    height: 240,
    top: 22,
    x: [-10, 10],
    y: [-1.05, 1.05],
    xLabel: "z",
    yLabel: _("δ when y = {y}", { y }),
  });
  const wrong = Math.abs(a - y) > 0.9;
  return {
    picture: svg(
      ui.width,
      300,
      _("delta of a sigmoid unit against z for two losses, with y = {y}", { y }),
      plot.axes,
      curve(plot, bce, [-10, 10]),
      curve(plot, squared, [-10, 10], { class: "curve two" }),
      guide(plot.x(z), plot.top, plot.top + plot.height),
      dot(plot.x(z), plot.y(bce(z))),
      dot(plot.x(z), plot.y(squared(z))),
      legend(
        62,
        y ? plot.y(0.85) : plot.y(-0.72),
        [
          ["curve", _("cross entropy: δ = ŷ − y")],
          ["curve two", _("squared error: δ = (ŷ − y) σ′(z)")],
        ],
        ui.width - 14,
      ),
      grab(plot, (v) => ui.setState({ z: Math.round(v * 10) / 10 })),
    ),
    controls: [
      slider(ui, "z", { label: "z", min: -10, max: 10, step: 0.1, show: (v) => number(v, 1) }),
      select(ui, "y", {
        label: _("Target y"),
        options: [
          [1, "1"],
          [0, "0"],
        ],
      }),
    ],
    words: _(
      "z = {z} makes ŷ = {a} while y = {y}. Cross entropy gives δ = {bce}, squared error {squared}.{more}",
      {
        z: number(z, 1),
        a: number(a, 3),
        y,
        bce: number(bce(z), 3),
        squared: number(squared(z), 4),
        more: wrong
          ? _(" The unit is confidently wrong, and with squared error it hardly learns: σ′ has vanished.")
          : "",
      },
    ),
    table: {
      caption: _("δ under the two losses"),
      columns: ["z", "ŷ", _("cross entropy's δ"), _("squared error's δ")],
      rows: [-8, -4, -2, 0, 2, 4, 8, z].map((v, i) => [
        i === 7 ? `z = ${number(v, 1)}` : number(v, 0),
        number(SCALAR.sigmoid(v), 4),
        number(bce(v), 4),
        number(squared(v), 4),
      ]),
    },
    numpy: [
      "import numpy as np",
      "from backprop import g_prime, output_delta, sigmoid",
      "",
      `z, y = np.array([[${z}]], dtype=float), ${y}`,
      claim('output_delta("sigmoid", z, np.array([[y]]))', [[bce(z)]]),
      claim('(sigmoid(z) - y) * g_prime("sigmoid", z)', [[squared(z)]]),
      'print(sigmoid(z) - y, (sigmoid(z) - y) * g_prime("sigmoid", z))',
      "",
    ].join("\n"),
  };
}

export default widget({
  id: "W9",
  kind: _("Line plot"),
  title: _("A confidently wrong unit"),
  question: {
    ask: _("y = 1 and z = −6. With which loss does δ nearly vanish?"),
    options: [_("Squared error"), _("Binary cross entropy"), _("Both")],
    answer: 0,
    why: _(
      "Squared error keeps the factor σ′(z), which is nearly 0 there; cross entropy's gradient cancels it.",
    ),
  },
  defaults: { z: -6, y: 1 },
  ranges: { z: [-10, 10], y: [0, 1, "integer"] },
  view,
});
