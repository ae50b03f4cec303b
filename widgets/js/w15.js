// W15: the bug hunt: accuracy, or the gradient check? A game: eight codes without names, to be judged by their
// accuracy; then the check says what they are.

import { BUGS, DISAGREES, buggyBackprop, disagreement } from "./shared/bugs.js";
import { button, select, slider } from "./shared/controls.js";
import { h } from "./shared/dom.js";
import { claim, number, pythonMatrix, small } from "./shared/format.js";
import { widget } from "./shared/frame.js";
import { axes, curve, dot, grab, guide, legend, svg, text } from "./shared/plot.js";
import { X, Y } from "./shared/points.js";
import { forward, numericalGradients } from "./shared/recipe.js";
import { pythonCheck, pythonTraining, start, training } from "./shared/training.js";

const SIZES = [2, 6, 6, 3];
const EPOCHS = 80;
// Milliseconds of training in one drawing: the rest follows in the next ones.
const PATIENCE = 10;
const DATA = { name: "points", X, Y };
// The order in which the codes are numbered tells nothing.
const NUMBERED = ["K18", "K6", "none", "K13", "K34", "K12", "K5", "K4"];
const checks = new Map();

function check(bug) {
  if (!checks.has(bug)) {
    const { W, b } = start(SIZES, 2);
    const few = (m) => ({
      rows: m.rows,
      cols: 6,
      data: Float64Array.from({ length: m.rows * 6 }, (_, i) => m.data[Math.floor(i / 6) * m.cols + (i % 6)]),
    });
    const [x, y] = [few(X), few(Y)];
    const { Z, A } = forward(W, b, x, "tanh", "softmax");
    const claimed = buggyBackprop(bug, W, Z, A, y, "tanh", "softmax");
    const measured = numericalGradients(W, b, x, y, "tanh", "softmax");
    checks.set(
      bug,
      [1, 2, 3].map((l) => disagreement(claimed.dW[l], measured.dW[l])),
    );
  }
  return checks.get(bug);
}

function view(ui) {
  const { bug } = ui.state;
  const setting = { sizes: SIZES, seed: 2, bug, rate: 0.5 };
  const patience = ui.still ? Infinity : PATIENCE;
  const rows = training(DATA, setting, EPOCHS, patience);
  const right = training(DATA, { ...setting, bug: "none" }, EPOCHS, patience);
  const far = Math.min(rows.length, right.length) - 1;
  if (far < EPOCHS) ui.drawLater();
  const epoch = Math.min(ui.state.epoch, far);
  const gaps = check(bug);
  const caught = gaps.some((gap) => gap > DISAGREES);
  // Paper shows the end of the game.
  const judged = ui.local.judged ?? {};
  const open = ui.still || bug in judged;
  const known = (code) => ui.still || code in judged;
  const name = `code ${NUMBERED.indexOf(bug) + 1}`;
  const judge = (says) => ui.setLocal({ judged: { ...judged, [bug]: says } });
  const score = Object.entries(judged).filter(([code, says]) => says === (code === "none")).length;
  const inner = ui.width - 58;
  const plot = axes({
    width: inner,
    height: 200,
    top: 22,
    x: [0, EPOCHS],
    y: [0, 1.05],
    xLabel: "epoch",
    yLabel: "accuracy",
  });
  const by = (run) => (v) => run[Math.round(v)].accuracy;
  const here = rows[epoch];
  return {
    picture: svg(
      ui.width,
      310,
      `Accuracy by epoch of ${name} and of right code${open ? `; the gradient check says ${caught ? "wrong" : "right"}` : ""}`,
      plot.axes,
      curve(plot, by(right), [0, far], { class: "curve" }, Math.max(2, far + 1)),
      curve(plot, by(rows), [0, far], { class: "curve two" }, Math.max(2, far + 1)),
      guide(plot.x(epoch), plot.top, plot.top + plot.height),
      dot(plot.x(epoch), plot.y(here.accuracy)),
      legend(plot.x(EPOCHS) - 130, 188, [
        ["curve", "right code"],
        ["curve two", `${name}`],
      ]),
      grab(plot, (e) => ui.setState({ epoch: Math.round(e) })),
      h("rect", {
        x: 44,
        y: 268,
        width: inner,
        height: 36,
        rx: 6,
        class: `box ${open && caught ? "bad" : ""}`,
      }),
      text(
        56,
        291,
        open
          ? `Gradient check: ${caught ? "✗ wrong" : "✓ right"}${ui.width < 420 ? "" : ". Gaps by layer"}: ${gaps.map((gap) => small(gap)).join(", ")}`
          : "Gradient check: judge the code first",
        { class: "strong" },
      ),
    ),
    notes: h(
      "p",
      { class: "bpw-verdict", key: "game" },
      open
        ? `${bug in judged ? (judged[bug] === !caught ? "✓ " : "✗ ") : ""}${name}: ${bug === "none" ? "no bug, it is right" : `${BUGS[bug].name} (${bug})`}.`
        : `Is ${name} right? Judge by its accuracy; then the gradient check is run.`,
      Object.keys(judged).length ? ` Judged rightly: ${score} of ${Object.keys(judged).length}.` : "",
    ),
    controls: [
      select(ui, "bug", { label: "Code", options: NUMBERED.map((code, k) => [code, `code ${k + 1}`]) }),
      h(
        "div",
        { class: "bpw-pair" },
        button("It is right", () => judge(true), { disabled: open }),
        button("It has a bug", () => judge(false), { disabled: open }),
      ),
      slider(ui, "epoch", { label: "Epochs trained", min: 0, max: EPOCHS, step: 1, show: String }),
    ],
    words: `After ${epoch} epochs ${name}${open && bug !== "none" ? `, with ${BUGS[bug].name},` : ""} has accuracy ${number(here.accuracy, 3)} and loss ${number(here.J, 3)}; right code has ${number(right[epoch].accuracy, 3)} and ${number(right[epoch].J, 3)}.${open ? ` The gradient check says ${caught ? "wrong at once" : "right"}.` : ""}`,
    table: () => ({
      caption: "What each test says",
      columns: ["code", "accuracy", "loss", "largest gap of the check"],
      rows: NUMBERED.map((code, k) => {
        const run = training(DATA, { ...setting, bug: code }, EPOCHS)[epoch];
        const [says, gap] = known(code)
          ? [`code ${k + 1}: ${BUGS[code].name}`, small(Math.max(...check(code)))]
          : [`code ${k + 1}`, "judge it first"];
        return [says, number(run.accuracy, 3), number(run.J, 3), gap];
      }),
    }),
    numpy: [
      ...pythonTraining([`X = ${pythonMatrix(X)}`, `Y = ${pythonMatrix(Y)}`], setting, epoch),
      claim("accuracy(W, b, X, Y, hidden, output)", here.accuracy),
      claim("loss(output, Z[N], Y)", here.J),
      "",
      "# The gradient check, on six examples, before any training:",
      ...pythonCheck(setting, gaps),
      "print(gaps)",
      "",
    ].join("\n"),
  };
}

export default widget({
  id: "W15",
  kind: "Line plot",
  title: "Bug hunt: accuracy or the check?",
  question: {
    ask: "g′ is left out of Step 2, and the network learns digits. How many more of a hundred new ones does it get wrong?",
    options: ["About 50", "About 10", "About 1"],
    answer: 2,
    why: "A bug still learns, so accuracy does not catch it. Only the check compares the gradient with what it claims to be.",
  },
  defaults: { bug: "K13", epoch: 60 },
  ranges: { epoch: [0, EPOCHS, "integer"] },
  choices: { bug: NUMBERED },
  view,
});
