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
import { _ } from "./shared/words.js";

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
      data: Float64Array.from(
        { length: m.rows * 6 },
        (_item, i) => m.data[Math.floor(i / 6) * m.cols + (i % 6)],
      ),
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
  const said = caught ? _("✗ wrong") : _("✓ right");
  const layers = gaps.map((gap) => small(gap)).join(", ");
  // Paper shows the end of the game.
  const judged = ui.local.judged ?? {};
  const open = ui.still || bug in judged;
  const known = (code) => ui.still || code in judged;
  const name = _("code {k}", { k: NUMBERED.indexOf(bug) + 1 });
  const judge = (says) => ui.setLocal({ judged: { ...judged, [bug]: says } });
  const score = Object.entries(judged).filter(([code, says]) => says === (code === "none")).length;
  const inner = ui.width - 58;
  const plot = axes({
    width: inner,
    height: 200,
    top: 22,
    x: [0, EPOCHS],
    y: [0, 1.05],
    xLabel: _("epoch"),
    yLabel: _("accuracy"),
  });
  const by = (run) => (v) => run[Math.round(v)].accuracy;
  const here = rows[epoch];
  return {
    picture: svg(
      ui.width,
      310,
      _("Accuracy by epoch of {name} and of right code{more}", {
        name,
        more: open ? _("; the gradient check says {more}", { more: caught ? "wrong" : "right" }) : "",
      }),
      plot.axes,
      curve(plot, by(right), [0, far], { class: "curve" }, Math.max(2, far + 1)),
      curve(plot, by(rows), [0, far], { class: "curve two" }, Math.max(2, far + 1)),
      guide(plot.x(epoch), plot.top, plot.top + plot.height),
      dot(plot.x(epoch), plot.y(here.accuracy)),
      legend(plot.x(EPOCHS) - 130, 188, [
        ["curve", _("right code")],
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
          ? ui.width < 420
            ? `${said}: ${layers}`
            : _("Gradient check: {more}{more2}: {gaps}", {
                more: said,
                more2: _(". Gaps by layer"),
                gaps: layers,
              })
          : _("Gradient check: judge the code first"),
        { class: "strong" },
      ),
    ),
    notes: h(
      "p",
      { class: "bpw-verdict", key: "game" },
      open
        ? `${bug in judged ? (judged[bug] === !caught ? "✓ " : "✗ ") : ""}${name}: ${bug === "none" ? _("no bug, it is right") : `${BUGS[bug].name} (${bug})`}.`
        : _("Is {name} right? Judge by its accuracy; then the gradient check is run.", { name }),
      Object.keys(judged).length
        ? _(" Judged rightly: {score} of {length}.", { score, length: Object.keys(judged).length })
        : "",
    ),
    controls: [
      select(ui, "bug", {
        label: _("Code"),
        options: NUMBERED.map((code, k) => [code, _("code {k}", { k: k + 1 })]),
      }),
      h(
        "div",
        { class: "bpw-pair" },
        button(_("It is right"), () => judge(true), { disabled: open }),
        button(_("It has a bug"), () => judge(false), { disabled: open }),
      ),
      slider(ui, "epoch", { label: _("Epochs trained"), min: 0, max: EPOCHS, step: 1, show: String }),
    ],
    words: _(
      "After {epoch} epochs {name}{more} has accuracy {accuracy} and loss {J}; right code has {accuracy2} and {J2}.{more2}",
      {
        epoch,
        name,
        more: open && bug !== "none" ? _(", with {name},", { name: BUGS[bug].name }) : "",
        accuracy: number(here.accuracy, 3),
        J: number(here.J, 3),
        accuracy2: number(right[epoch].accuracy, 3),
        J2: number(right[epoch].J, 3),
        more2: open
          ? _(" The gradient check says {more}.", { more: caught ? _("wrong at once") : "right" })
          : "",
      },
    ),
    table: () => ({
      caption: _("What each test says"),
      columns: [_("code"), _("accuracy"), _("loss"), _("largest gap of the check")],
      rows: NUMBERED.map((code, k) => {
        const run = training(DATA, { ...setting, bug: code }, EPOCHS)[epoch];
        const [says, gap] = known(code)
          ? [_("code {k}: {name}", { k: k + 1, name: BUGS[code].name }), small(Math.max(...check(code)))]
          : [_("code {k}", { k: k + 1 }), _("judge it first")];
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
  kind: _("Line plot"),
  title: _("Bug hunt: accuracy or the check?"),
  question: {
    ask: _(
      "g′ is left out of Step 2, and the network learns digits. How many more of a hundred new ones does it get wrong?",
    ),
    options: [_("About 50"), _("About 10"), _("About 1")],
    answer: 2,
    why: _(
      "A bug still learns, so accuracy does not catch it. Only the check compares the gradient with what it claims to be.",
    ),
  },
  defaults: { bug: "K13", epoch: 60 },
  ranges: { epoch: [0, EPOCHS, "integer"] },
  choices: { bug: NUMBERED },
  view,
});
