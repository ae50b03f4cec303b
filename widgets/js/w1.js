// W1: numbers flowing forward through a small network.

import { check, slider } from "./shared/controls.js";
import { h } from "./shared/dom.js";
import { claim, list, number, pythonLayers, pythonMatrix } from "./shared/format.js";
import { widget } from "./shared/frame.js";
import { BOOK, pass } from "./shared/net.js";
import { networkPicture } from "./shared/network.js";
import { seen } from "./shared/story.js";
import { unitTerms } from "./shared/terms.js";
import { _ } from "./shared/words.js";

const base = BOOK;
const SIZES = base.sizes;

function net({ x, w, bias, double, step }) {
  const W = structuredClone(base.W);
  const b = structuredClone(base.b);
  W[0][0][0] = w;
  b[0][0] = bias;
  return { ...base, W, b, x: double ? x.map((v) => 2 * v) : x, step, bug: "none" };
}

function view(ui) {
  const state = net(ui.state);
  const p = pass(state);
  const plain = pass(net({ ...ui.state, double: false }));
  const { step, double } = ui.state;
  const [layer, row] = ui.state.unit;
  const unit = [layer, Math.min(row, SIZES[layer] - 1)];
  const now = seen(step, SIZES);
  const chosen = ui.local.hover ?? unit;
  const act = {
    unit: chosen,
    term: ui.local.term ?? null,
    label: _("A network of 2 inputs, 3 hidden and 2 output units; {more}", {
      more: step === 0 ? _("only the inputs are known") : _("layers up to {step} are computed", { step }),
    }),
    choose: ui.still ? null : (l, i) => ui.setState({ unit: [l, i] }),
    hover: ui.still ? null : (u, term) => ui.setLocal({ hover: u, term }),
    key: (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        ui.setState({ unit: event.currentTarget.dataset.unit.split(".").map(Number) });
      }
    },
  };
  const doubled = double
    ? _(" With x doubled, z[1] went from {data} to {data2}: doubled only where b is 0.", {
        data: list(plain.Z[1].data),
        data2: list(p.Z[1].data),
      })
    : "";
  // The terms are those of the network that is shown, with x doubled if it is.
  const shown = { state, local: ui.local, setLocal: (change) => ui.setLocal(change) };
  return {
    picture: networkPicture({ ...state, y: null }, p, ui.width, act, now),
    notes: [
      h(
        "p",
        { class: "bpw-hint" },
        _(
          "Shapes: W[1] (3, 2) @ a[0] (2, 1) + b[1] (3, 1) → z[1] (3, 1);  W[2] (2, 3) @ a[1] (3, 1) + b[2] (2, 1) → z[2] (2, 1)",
        ).replace(/, (?=\d\))/g, ",\u00a0"),
      ),
      unitTerms(shown, p, now, chosen),
    ],
    controls: [
      check(ui, "double", { label: _("Double x") }),
      slider(ui, "x.0", { label: _("Input x1"), min: -2, max: 2, step: 0.1 }),
      slider(ui, "x.1", { label: _("Input x2"), min: -2, max: 2, step: 0.1 }),
      slider(ui, "w", { label: _("Weight W[1] 1,1"), min: -3, max: 3, step: 0.1 }),
      slider(ui, "bias", { label: _("Bias b[1] 1"), min: -2, max: 2, step: 0.1 }),
      slider(ui, "step", { label: _("Layers computed"), min: 0, max: 2, step: 1, show: String }),
    ],
    words: `x = ${list(p.X.data)}; z[1] = ${list(p.Z[1].data)}; a[1] = ${list(p.A[1].data)}; ŷ = ${list(p.A[2].data)}.${doubled}`,
    table: {
      caption: _("The forward pass"),
      columns: [_("what"), _("shape"), _("numbers")],
      rows: [
        ["a[0] = x", "(2, 1)", list(p.X.data, 3)],
        ["z[1]", "(3, 1)", list(p.Z[1].data, 3)],
        ["a[1]", "(3, 1)", list(p.A[1].data, 3)],
        ["z[2]", "(2, 1)", list(p.Z[2].data, 3)],
        ["a[2] = ŷ", "(2, 1)", list(p.A[2].data, 3)],
        [_("W[1] 1,1 and b[1] 1"), "", `${number(ui.state.w)}, ${number(ui.state.bias)}`],
      ],
    },
    numpy: [
      "import numpy as np",
      "from backprop import forward",
      "",
      `W = ${pythonLayers(p.W)}`,
      `b = ${pythonLayers(p.b)}`,
      `X = ${pythonMatrix(p.X)}`,
      'Z, A = forward(W, b, X, "relu", "identity")',
      claim("Z[1]", p.Z[1]),
      claim("A[1]", p.A[1]),
      claim("A[2]", p.A[2]),
      "print(Z, A)",
      "",
    ].join("\n"),
  };
}

export default widget({
  id: "W1",
  kind: _("Network diagram"),
  title: _("Numbers flow forward"),
  question: {
    ask: _("you double every input x. Does z[1] double?"),
    options: [_("Yes, always"), _("Only where the bias is 0"), _("Never")],
    answer: 1,
    why: _("W(2x) + b is not 2(Wx + b): the bias does not double."),
  },
  defaults: { x: [...base.x], w: base.W[0][0][0], bias: base.b[0][0], double: false, step: 2, unit: [1, 0] },
  ranges: { x: [-2, 2], w: [-3, 3], bias: [-2, 2], step: [0, 2, "integer"], unit: [0, 2, "integer"] },
  view,
});
