// W16: training on real digits, live: loss, accuracy, and the confusion matrix.

import { button, select, slider } from "./shared/controls.js";
import { LABELS, PICTURES } from "./shared/digits.js";
import { claim, number } from "./shared/format.js";
import { widget } from "./shared/frame.js";
import { heatmap } from "./shared/maps.js";
import { axes, curve, dot, grab, grid, guide, legend, svg, text } from "./shared/plot.js";
import { at, forward, loss, zeros } from "./shared/recipe.js";
import { accuracy, classes, confusion, pythonTraining, training } from "./shared/training.js";

const CLASSES = 10;
const EPOCHS = 120;
const PATIENCE = 10; // milliseconds of training in one drawing: the rest follows in the next ones

// Pictures from one to another as columns of 64 numbers from 0 to 1, and their classes one-hot.
function digits(from, to) {
  const m = to - from;
  const [X, Y] = [zeros(64, m), zeros(CLASSES, m)];
  for (let e = 0; e < m; e++) {
    for (let i = 0; i < 64; i++) X.data[i * m + e] = parseInt(PICTURES[from + e][i], 17) / 16;
    Y.data[Number(LABELS[from + e]) * m + e] = 1;
  }
  return { X, Y };
}
const TRAIN = { name: "digits", ...digits(0, 200) };
const TEST = digits(200, 300);

// Scores on digits that were not trained on, kept beside each epoch's row.
function tested(row) {
  if (!row.test) {
    const { Z, A } = forward(row.W, row.b, TEST.X, "tanh", "softmax");
    row.test = { J: loss("softmax", Z[2], TEST.Y), accuracy: accuracy(A[2], TEST.Y), A: A[2] };
  }
  return row.test;
}

function curves(plot, rows, epoch) {
  const by = (f) => (v) => f(rows[Math.min(epoch, Math.round(v))]);
  const points = Math.max(2, epoch + 1);
  const line = (f, kind) => curve(plot, by(f), [0, epoch], { class: kind }, points);
  return [
    line((r) => r.J, "curve"),
    line((r) => r.accuracy, "curve two"),
    line((r) => tested(r).accuracy, "curve three"),
  ];
}

// The test digits that it gets wrong: each with what it is and what the network says.
function mistakes(test, x, y, size, most) {
  const [said, truth] = [classes(test.A), classes(TEST.Y)];
  const wrong = Array.from(said.keys()).filter((e) => said[e] !== truth[e]);
  return [
    text(
      x,
      y - 8,
      `${wrong.length} of ${TEST.X.cols} test digits are wrong${wrong.length > most ? `, ${most} of them:` : ":"}`,
      {
        class: "strong",
      },
    ),
    wrong.slice(0, most).map((e, k) => {
      const left = x + k * (size + 12);
      const pixels = Float64Array.from({ length: 64 }, (_, i) => at(TEST.X, i, e));
      return [
        heatmap(pixels, 8, 8, { x: left, y, width: size, height: size }),
        text(left + size / 2, y + size + 14, `${truth[e]} → ${said[e]}`, { "text-anchor": "middle" }),
      ];
    }),
  ];
}

function picture(ui, rows, epoch) {
  const narrow = ui.width < 560;
  const here = rows[epoch];
  const test = tested(here);
  const half = narrow ? ui.width : (ui.width - 30) / 2;
  const plot = axes({
    ...{
      left: 40,
      top: 24,
      width: half - 52,
      height: narrow ? 180 : 240,
      x: [0, Math.max(20, epoch)],
      y: [0, 2.5],
    },
    ...{ xLabel: "epoch", yLabel: "by epoch" },
  });
  const cell = Math.min(30, (half - 30) / CLASSES);
  const [left, top] = narrow ? [24, 272] : [half + 50, 38];
  const below = narrow ? top + CLASSES * cell + 60 : 394;
  const named = (c, x, y) => text(x, y, String(c), { "text-anchor": "middle", class: "faint" });
  const axis = Array.from({ length: CLASSES }, (_, c) => [
    named(c, left - 9, top + (c + 0.5) * cell + 4),
    named(c, left + (c + 0.5) * cell, top + CLASSES * cell + 14),
  ]);
  return svg(
    ui.width,
    below + 66,
    `After ${epoch} epochs: loss ${number(here.J, 3)}, accuracy ${number(test.accuracy)} on test digits, and their confusion matrix`,
    plot.axes,
    curves(plot, rows, epoch),
    guide(plot.x(epoch), plot.top, plot.top + plot.height),
    dot(plot.x(epoch), plot.y(here.J), { r: 5 }),
    dot(plot.x(epoch), plot.y(test.accuracy), { r: 5 }),
    legend(plot.left + plot.width - 178, 42, [
      ["curve", "loss, training digits"],
      ["curve two", "accuracy, training"],
      ["curve three", "accuracy, test digits"],
    ]),
    grab(plot, (v) => ui.setState({ epoch: Math.round(v) })),
    text(left, top - 12, "test digits: row is, column said", { class: "strong" }),
    grid(confusion(test.A, TEST.Y), { x: left, y: top, cell, digits: 0, top: 11, value: (v) => v > 0 }),
    axis,
    mistakes(test, 6, below, 36, Math.floor((ui.width - 6) / 48)),
  );
}

function python(setting, epoch, here) {
  const test = tested(here);
  return [
    ...pythonTraining(
      [
        "from sklearn.datasets import load_digits",
        "",
        "data, target = load_digits(return_X_y=True)",
        "X, Y = data[:200].T / 16, np.eye(10)[:, target[:200]]",
        "X_test, Y_test = data[200:300].T / 16, np.eye(10)[:, target[200:300]]",
      ],
      setting,
      epoch,
    ),
    claim("loss(output, Z[N], Y)", here.J),
    claim("accuracy(W, b, X, Y, hidden, output)", here.accuracy),
    claim("accuracy(W, b, X_test, Y_test, hidden, output)", test.accuracy),
    "said = forward(W, b, X_test, hidden, output)[1][N].argmax(axis=0)",
    "counts = np.zeros((10, 10))",
    "np.add.at(counts, (target[200:300], said), 1)",
    claim("counts", confusion(test.A, TEST.Y)),
    "print(counts)",
    "",
  ].join("\n");
}

function view(ui) {
  const { rate, units, seed } = ui.state;
  const setting = { sizes: [64, units, CLASSES], seed, bug: "none", rate };
  const rows = training(TRAIN, setting, ui.state.epoch, ui.still ? Infinity : PATIENCE);
  const epoch = Math.min(ui.state.epoch, rows.length - 1);
  if (epoch < ui.state.epoch) ui.drawLater();
  const here = rows[epoch];
  const test = tested(here);
  const onward = () =>
    ui.state.epoch >= EPOCHS ? ui.play(null) : ui.setState({ epoch: ui.state.epoch + 1 });
  const from = () => {
    if (ui.state.epoch >= EPOCHS) ui.setState({ epoch: 0 });
    ui.play(onward, 80);
  };
  return {
    picture: picture(ui, rows, epoch),
    controls: [
      button(ui.local.playing ? "❚❚ Pause" : "▶ Train", () => (ui.local.playing ? ui.play(null) : from()), {
        ...{ key: "train", class: "bpw-button bpw-primary" },
      }),
      slider(ui, "epoch", { label: "Epoch", min: 0, max: EPOCHS, step: 1, show: String }),
      slider(ui, "rate", { label: "Learning rate", min: 0.1, max: 3, step: 0.1 }),
      select(ui, "units", { label: "Hidden units", options: [1, 2, 4, 8, 12].map((n) => [n, n]) }),
      slider(ui, "seed", { label: "Start number", min: 1, max: 20, step: 1, show: String }),
    ],
    words:
      `After ${epoch} epochs with ${units} hidden units: loss ${number(here.J, 3)} and accuracy ${number(here.accuracy, 3)} ` +
      `on the 200 training digits, accuracy ${number(test.accuracy)} on 100 test digits.`,
    table: () => {
      const counts = confusion(test.A, TEST.Y);
      const all = Array.from({ length: CLASSES }, (_, c) => c);
      return {
        caption: "The confusion matrix of the test digits",
        columns: ["digit", ...all.map((c) => `said ${c}`)],
        rows: all.map((i) => [String(i), ...all.map((j) => String(at(counts, i, j)))]),
      };
    },
    numpy: ui.still ? python(setting, epoch, here) : null,
  };
}

export default widget({
  id: "W16",
  kind: "Line plots, a confusion matrix and the mistaken digits",
  title: "Training, live",
  question: {
    ask: "training goes on until every training digit is right. How is it on digits it never saw?",
    options: ["As good", "A little worse", "No better than a guess"],
    answer: 1,
    why: "The weights were fitted to the training digits; only digits left out of training show what was learnt.",
  },
  defaults: { epoch: 5, rate: 1, units: 12, seed: 2 },
  still: { epoch: 80 },
  ranges: {
    epoch: [0, EPOCHS, "integer"],
    rate: [0.1, 3],
    units: [1, 12, "integer"],
    seed: [1, 20, "integer"],
  },
  view,
});
