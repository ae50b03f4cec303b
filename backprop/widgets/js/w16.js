// W16: training, live.

import { button, select, slider } from "./shared/controls.js";
import { h } from "./shared/dom.js";
import { claim, number } from "./shared/format.js";
import { widget } from "./shared/frame.js";
import { heatmap } from "./shared/maps.js";
import { axes, curve, dot, grid, svg, text } from "./shared/plot.js";
import { CLASSES, X, classes, confusion, pythonTraining, training } from "./shared/points.js";
import { at, forward, zeros } from "./shared/recipe.js";

const SIDE = 41;
const EPOCHS = 300;
const raster = zeros(2, SIDE * SIDE);
for (let r = 0; r < SIDE; r++) {
  for (let c = 0; c < SIDE; c++) {
    raster.data[r * SIDE + c] = -2.2 + (4.4 * c) / (SIDE - 1);
    raster.data[SIDE * SIDE + r * SIDE + c] = 2.2 - (4.4 * r) / (SIDE - 1);
  }
}

// Each class its own sign, so that it is told by form as well as by colour.
function sign(c, x, y, wrong) {
  const d = [`M${x - 4} ${y}h8M${x} ${y - 4}v8`, `M${x - 4} ${y - 4}h8v8h-8Z`, `M${x} ${y - 5}l5 9h-10Z`][c];
  const halo = c === 0 ? h("path", { d, fill: "none", stroke: "#fff", "stroke-width": 5 }) : null;
  return [
    halo,
    h("path", {
      d,
      fill: c === 0 ? "none" : "#fff",
      stroke: wrong ? "#D55E00" : "#111",
      "stroke-width": wrong ? 3 : 1.8,
    }),
  ];
}

function view(ui) {
  const { epoch, rate, units, seed } = ui.state;
  const setting = { sizes: [2, units, CLASSES], seed, bug: "none", rate };
  const rows = training(setting, epoch);
  const here = rows[epoch];
  const shares = forward(here.W, here.b, raster, "tanh", "softmax").A[2];
  const winner = classes(shares);
  const values = Float64Array.from(winner, (c, i) => 0.15 + 0.35 * c + 0.12 * (at(shares, c, i) - 0.66));
  const narrow = ui.width < 560;
  const side = narrow ? Math.min(ui.width - 8, 300) : 300;
  const left = narrow ? 0 : side + 20;
  const down = narrow ? side + 30 : 0;
  const inner = ui.width - left - 56;
  const plot = axes({
    left: left + 44,
    width: inner,
    height: 110,
    top: down + 22,
    x: [0, Math.max(20, epoch)],
    y: [0, 1.3],
    xLabel: "epoch",
    yLabel: "loss (line), accuracy (dashes)",
  });
  const counts = confusion(here.A);
  const picked = classes(here.A);
  const px = (v) => 4 + ((v + 2.2) / 4.4) * side;
  const py = (v) => 20 + ((2.2 - v) / 4.4) * side;
  const last = (f) => (v) => f(rows[Math.min(epoch, Math.round(v))]);
  const points = Math.max(2, epoch + 1);
  return {
    picture: svg(
      ui.width,
      narrow ? side + 330 : 330,
      `Training after ${epoch} epochs: loss ${number(here.J, 3)}, accuracy ${number(here.accuracy, 3)}`,
      text(4, 13, "what the network says, place by place", { class: "strong" }),
      heatmap(values, SIDE, SIDE, { x: 4, y: 20, width: side, height: side }),
      Array.from({ length: X.cols }, (_, e) =>
        sign(e % CLASSES, Math.round(px(at(X, 0, e))), Math.round(py(at(X, 1, e))), picked[e] !== e % CLASSES),
      ),
      plot.axes,
      curve(
        plot,
        last((r) => r.J),
        [0, epoch],
        {},
        points,
      ),
      curve(
        plot,
        last((r) => r.accuracy),
        [0, epoch],
        { class: "curve two" },
        points,
      ),
      dot(plot.x(epoch), plot.y(here.J), { r: 5 }),
      text(left + 44, down + 190, "confusion: rows true, columns said", { class: "strong" }),
      grid(counts, { x: left + 44, y: down + 200, cell: 44, height: 34, digits: 0, top: 20 }),
    ),
    controls: [
      button(
        ui.local.playing ? "❚❚ Pause" : "▶ Train",
        () =>
          ui.play(
            ui.local.playing
              ? null
              : () => (ui.state.epoch >= EPOCHS ? ui.play(null) : ui.set({ epoch: ui.state.epoch + 1 })),
            80,
          ),
        { key: "train", class: "bpw-button bpw-primary" },
      ),
      slider(ui, "epoch", { label: "Epoch", min: 0, max: EPOCHS, step: 1, show: String }),
      slider(ui, "rate", { label: "Learning rate", min: 0.1, max: 3, step: 0.1 }),
      select(ui, "units", { label: "Hidden units", options: [1, 2, 4, 8, 12].map((n) => [n, n]) }),
      slider(ui, "seed", { label: "Start number", min: 1, max: 20, step: 1, show: String }),
    ],
    words: `After ${epoch} epochs with ${units} hidden units: loss ${number(here.J, 3)}, accuracy ${number(here.accuracy, 3)} on ${X.cols} points; wrong ones have a thick orange outline.`,
    table: {
      caption: "The confusion matrix",
      columns: ["true class", "said 1", "said 2", "said 3"],
      rows: [0, 1, 2].map((i) => [
        `${i + 1} (${["plus", "square", "triangle"][i]})`,
        ...[0, 1, 2].map((j) => String(at(counts, i, j))),
      ]),
    },
    numpy: [
      ...pythonTraining(setting, epoch),
      claim("loss(output, Z[N], Y)", here.J),
      claim("accuracy(W, b, X, Y, hidden, output)", here.accuracy),
      "counts = np.zeros((3, 3))",
      "np.add.at(counts, (np.argmax(Y, axis=0), np.argmax(A[N], axis=0)), 1)",
      claim("counts", counts),
      "print(counts)",
      "",
    ].join("\n"),
  };
}

export default widget({
  id: "W16",
  kind: "Training dashboard",
  title: "Training, live",
  question: {
    ask: "the three arms bend. Can a network with one hidden unit part them?",
    options: ["Yes, it needs only more epochs", "No", "Only with a larger learning rate"],
    answer: 1,
    why: "One hidden unit sees the plane along one direction; the arms overlap along each of them.",
  },
  defaults: { epoch: 100, rate: 1, units: 8, seed: 2 },
  ranges: { epoch: [0, EPOCHS, "integer"], rate: [0.1, 3], units: [1, 12, "integer"], seed: [1, 20, "integer"] },
  view,
});
