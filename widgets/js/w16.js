// W16: training on real digits, live: loss, accuracy, the confusion matrix, what each hidden unit looks for, and the
// delta of one digit.

import { dash, signClass } from "./shared/colours.js";
import { button, select, slider } from "./shared/controls.js";
import { LABELS, PICTURES } from "./shared/digits.js";
import { h } from "./shared/dom.js";
import { claim, list, number } from "./shared/format.js";
import { widget } from "./shared/frame.js";
import { heatmap, inkBytes, signedBytes } from "./shared/maps.js";
import { axes, curve, dot, grab, grid, svg, text } from "./shared/plot.js";
import { at, column, forward, loss, multiply, transpose, zeros, zip } from "./shared/recipe.js";
import { accuracy, classes, confusion, pythonTraining, training } from "./shared/training.js";
import { _ } from "./shared/words.js";

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

// The last of these epochs that is tested when the time (milliseconds) is up: the first one always is.
function testedTo(rows, epoch, milliseconds) {
  const end = performance.now() + milliseconds;
  for (let e = 0; e <= epoch; e++) {
    if (e > 0 && !rows[e].test && performance.now() > end) return e - 1;
    tested(rows[e]);
  }
  return epoch;
}

// delta of one training digit: at the outputs (5.1), and what comes back to the hidden units (6.1).
function deltasOf({ W, A1, A }, e) {
  const one = (m) => column(Array.from({ length: m.rows }, (_item, i) => at(m, i, e)));
  const last = zip(one(A), one(TRAIN.Y), (a, y) => a - y);
  const back = multiply(transpose(W[2]), last);
  return { last, back: zip(back, one(A1), (v, a) => v * (1 - a * a)) };
}

// One curve each on an axis of its own: the loss, and the two accuracies.
function plots(ui, rows, epoch, box) {
  const by = (f) => (v) => f(rows[Math.min(epoch, Math.round(v))]);
  const points = Math.max(2, epoch + 1);
  const frame = { left: box.x, width: box.width, height: 92, x: [0, Math.max(20, epoch)] };
  const losses = axes({ ...frame, top: box.y, y: [0, 2.5], yLabel: _("loss J, training digits") });
  const shares = axes({
    ...frame,
    ...{ top: box.y + 140, y: [0, 1.05], yLabel: _("accuracy: training, test (dashed)"), xLabel: _("epoch") },
  });
  const here = rows[epoch];
  const line = (plot, f, kind) => curve(plot, by(f), [0, epoch], { class: kind }, points);
  return [
    losses.axes,
    shares.axes,
    line(losses, (r) => r.J, "curve"),
    line(shares, (r) => r.accuracy, "curve"),
    line(shares, (r) => tested(r).accuracy, "curve two"),
    dot(losses.x(epoch), losses.y(here.J), { r: 5 }),
    dot(shares.x(epoch), shares.y(tested(here).accuracy), { r: 5 }),
    [losses, shares].map((plot) => grab(plot, (v) => ui.setState({ epoch: Math.round(v) }))),
  ];
}

function confusionPicture(test, box) {
  const cell = Math.min(24, box.width / (CLASSES + 1));
  const [left, top] = [box.x + 16, box.y];
  const named = (c, x, y) => text(x, y, String(c), { "text-anchor": "middle", class: "faint" });
  return [
    text(left, top - 8, _("test digits: row is, column said"), { class: "strong" }),
    grid(confusion(test.A, TEST.Y), { x: left, y: top, cell, digits: 0, top: 11, value: (v) => v > 0 }),
    Array.from({ length: CLASSES }, (_item, c) => [
      named(c, left - 9, top + (c + 0.5) * cell + 4),
      named(c, left + (c + 0.5) * cell, top + CLASSES * cell + 14),
    ]),
  ];
}

// A bar up or down from the middle of its place, for a signed number.
function upright(value, most, x, y, width, half) {
  const long = Math.max(0.5, half * Math.min(1, Math.abs(value) / most));
  return h("rect", {
    ...{ x: x.toFixed(1), y: (value > 0 ? y - long : y).toFixed(1), width: width.toFixed(1) },
    ...{ height: long.toFixed(1), class: `bar ${signClass(value)}`, "stroke-dasharray": dash(value) },
  });
}

// Each hidden unit: its 64 weights as the picture it looks for, and under it its delta for the digit.
function unitsPicture({ W }, back, box) {
  const each = Math.min(60, box.width / box.across);
  const size = each - 10;
  const most = Math.max(...W[1].data.map(Math.abs));
  const blame = Math.max(1e-9, ...back.data.map(Math.abs));
  return [
    text(
      ...[box.x, box.y - 8],
      box.across < 12
        ? _("hidden units: weights; δ[1] of this digit")
        : _("each hidden unit’s 64 weights, and its δ[1] for this digit"),
      { class: "strong" },
    ),
    Array.from({ length: W[1].rows }, (_item, i) => {
      const [x, y] = [box.x + (i % box.across) * each, box.y + Math.floor(i / box.across) * (size + 50)];
      const weights = Float64Array.from({ length: 64 }, (__, k) => 0.5 + at(W[1], i, k) / (2 * most));
      const middle = y + size + 24;
      return [
        heatmap(weights, 8, 8, { x, y, width: size, height: size }, signedBytes),
        h("rect", { x: x.toFixed(1), y: y.toFixed(1), width: size, height: size, class: "frame-of" }),
        h("line", { x1: x, x2: x + size, y1: middle, y2: middle, class: "guide" }),
        upright(at(back, i), blame, x + size / 2 - 8, middle, 16, 16),
      ];
    }),
  ];
}

const pixelsOf = (X, e) => Float64Array.from({ length: 64 }, (_item, i) => at(X, i, e));

// The digit in hand, and delta at the ten outputs.
function digitPicture(e, last, box) {
  const wide = Math.min(26, (box.width - 82) / CLASSES);
  const middle = box.y + 32;
  return [
    text(box.x, box.y - 8, _("training digit {e}: {LABELS}", { e: e + 1, LABELS: LABELS[e] }), {
      class: "strong",
    }),
    heatmap(pixelsOf(TRAIN.X, e), 8, 8, { x: box.x, y: box.y, width: 64, height: 64 }, inkBytes),
    text(box.x + 132, box.y - 8, _("its δ[2] = ŷ − y"), { class: "strong" }),
    h("line", { x1: box.x + 80, x2: box.x + 80 + CLASSES * wide, y1: middle, y2: middle, class: "guide" }),
    Array.from({ length: CLASSES }, (_item, c) => [
      upright(at(last, c), 1, box.x + 80 + c * wide + 3, middle, wide - 6, 30),
      text(box.x + 80 + (c + 0.5) * wide, box.y + 78, String(c), { "text-anchor": "middle", class: "faint" }),
    ]),
  ];
}

// The test digits that it gets wrong: each with what it is and what the network says.
function mistakes(test, box) {
  const [said, truth] = [classes(test.A), classes(TEST.Y)];
  const wrong = Array.from(said.keys()).filter((e) => said[e] !== truth[e]);
  const most = Math.floor((box.width + 8) / 44);
  const more = wrong.length > most ? _("; {most} of them:", { most }) : ":";
  return [
    text(
      box.x,
      box.y - 8,
      _("{length} of {cols} test digits wrong{more}", { length: wrong.length, cols: TEST.X.cols, more }),
      { class: "strong" },
    ),
    wrong.slice(0, most).map((e, k) => {
      const left = box.x + k * 44;
      return [
        heatmap(pixelsOf(TEST.X, e), 8, 8, { x: left, y: box.y, width: 36, height: 36 }, inkBytes),
        text(left + 18, box.y + 50, `${truth[e]} → ${said[e]}`, { "text-anchor": "middle" }),
      ];
    }),
  ];
}

// What stands where: side by side, or one under the other on a narrow screen.
function places(width, units) {
  const across = width < 560 ? 6 : 12;
  const tall = Math.ceil(units / across) * (Math.min(60, (width - 12) / across) + 40);
  if (width < 560) {
    const under = 584 + tall;
    return {
      plots: { x: 40, y: 24, width: width - 52 },
      confusion: { x: 6, y: 316, width: width - 20 },
      units: { x: 6, y: 604, width: width - 12, across },
      digit: { x: 6, y: under + 40, width: width - 12 },
      mistakes: { x: 6, y: under + 158, width: width - 12 },
      height: under + 216,
    };
  }
  const half = width / 2;
  return {
    plots: { x: 40, y: 24, width: half - 52 },
    confusion: { x: half + 20, y: 24, width: half - 30 },
    units: { x: 6, y: 330, width: width - 12, across },
    digit: { x: 6, y: 350 + tall, width: half - 20 },
    mistakes: { x: half + 20, y: 350 + tall, width: half - 26 },
    height: 350 + tall + 84,
  };
}

function picture(ui, rows, epoch) {
  const here = rows[epoch];
  const test = tested(here);
  const e = ui.state.digit - 1;
  const { last, back } = deltasOf(here, e);
  const box = places(ui.width, ui.state.units);
  return svg(
    ui.width,
    box.height,
    _(
      "After {epoch} epochs: loss {J}, accuracy {accuracy} on test digits, their confusion matrix, the hidden units' weights as pictures, and the δ of one digit",
      { epoch, J: number(here.J, 3), accuracy: number(test.accuracy) },
    ),
    plots(ui, rows, epoch, box.plots),
    confusionPicture(test, box.confusion),
    unitsPicture(here, back, box.units),
    digitPicture(e, last, box.digit),
    mistakes(test, box.mistakes),
  );
}

function python(setting, epoch, here, digit) {
  const { last, back } = deltasOf(here, digit - 1);
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
    `e = ${digit - 1}  # the training digit whose delta is shown`,
    "delta = A[N][:, [e]] - Y[:, [e]]  # (5.1)",
    claim("delta", last),
    claim("(W[2].T @ delta) * g_prime(hidden, Z[1][:, [e]])", back),
    "print(counts)",
    "",
  ].join("\n");
}

function view(ui) {
  const { rate, units, seed, digit } = ui.state;
  const setting = { sizes: [64, units, CLASSES], seed, bug: "none", rate };
  const rows = training(TRAIN, setting, ui.state.epoch, ui.still ? Infinity : PATIENCE);
  const trained = Math.min(ui.state.epoch, rows.length - 1);
  const epoch = testedTo(rows, trained, ui.still ? Infinity : PATIENCE);
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
      button(
        ui.local.playing ? _("❚❚ Pause") : _("▶ Train"),
        () => (ui.local.playing ? ui.play(null) : from()),
        {
          ...{ key: "train", class: "bpw-button bpw-primary" },
        },
      ),
      slider(ui, "epoch", { label: _("Epoch"), min: 0, max: EPOCHS, step: 1, show: String }),
      slider(ui, "rate", { label: _("Learning rate"), min: 0.1, max: 3, step: 0.1 }),
      select(ui, "units", { label: _("Hidden units"), options: [1, 2, 4, 8, 12].map((n) => [n, n]) }),
      slider(ui, "digit", { label: _("Training digit"), min: 1, max: 200, step: 1, show: String }),
      slider(ui, "seed", { label: _("Start number"), min: 1, max: 20, step: 1, show: String }),
    ],
    words:
      _("After {epoch} epochs with {units} hidden units: loss {J} and accuracy {accuracy} ", {
        epoch,
        units,
        J: number(here.J, 3),
        accuracy: number(here.accuracy, 3),
      }) +
      _(
        "on the 200 training digits, accuracy {accuracy} on 100 test digits. Digit {digit}, a {LABELS}, has δ[2] = {data}.",
        {
          accuracy: number(test.accuracy),
          digit,
          LABELS: LABELS[digit - 1],
          data: list(deltasOf(here, digit - 1).last.data),
        },
      ),
    table: () => {
      const counts = confusion(test.A, TEST.Y);
      const all = Array.from({ length: CLASSES }, (_item, c) => c);
      return {
        caption: _("The confusion matrix of the test digits"),
        columns: [_("digit"), ...all.map((c) => _("said {c}", { c }))],
        rows: all.map((i) => [String(i), ...all.map((j) => String(at(counts, i, j)))]),
      };
    },
    numpy: ui.still ? python(setting, epoch, here, digit) : null,
  };
}

export default widget({
  id: "W16",
  kind: _("Line plots, a confusion matrix, weights as pictures and the mistaken digits"),
  title: _("Training, live"),
  question: {
    ask: _(
      "with a learning rate of 0.3 the loss falls. What does ten times that rate do in the first twenty epochs?",
    ),
    options: [
      _("The loss falls ten times as fast"),
      _("The loss falls a little faster"),
      _("The loss rises"),
    ],
    answer: 2,
    why: _("The loss curves upward along the step, so a step that long ends higher than it began."),
  },
  defaults: { epoch: 10, rate: 0.5, units: 12, seed: 2, digit: 2 },
  still: { epoch: 80 },
  ranges: {
    epoch: [0, EPOCHS, "integer"],
    rate: [0.1, 3],
    units: [1, 12, "integer"],
    seed: [1, 20, "integer"],
    digit: [1, 200, "integer"],
  },
  view,
});
