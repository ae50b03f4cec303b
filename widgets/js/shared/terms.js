// One unit's sum, term by term: the equation, the numbers under it, and the line of the library that computes
// it. W, delta (or a) and g' carry the same mark in all three, so the eye can go from one to the other.

import { BUGS, RECIPE, factorOf, weightOf } from "./bugs.js";
import { signClass } from "./colours.js";
import { h } from "./dom.js";
import { number, signed } from "./format.js";
import { disagrees } from "./network.js";
import { at } from "./recipe.js";
import { sumOf } from "./story.js";
import { _ } from "./words.js";

const sub = (name, lower, upper) => [
  h("i", {}, name),
  lower === null ? null : h("sub", {}, lower),
  h("sup", {}, `[${upper}]`),
];
const mark = (kind, ...words) => h("span", { class: `bpw-mark ${kind}` }, words);

function columns(ui, terms, kinds) {
  const most = Math.max(1e-12, ...terms.map((t) => Math.abs(t.value)));
  return h(
    "ul",
    { class: "bpw-terms" },
    terms.map((t, k) =>
      h(
        "li",
        { class: ui.local.term === k ? "hot" : "" },
        h(
          "button",
          {
            type: "button",
            class: "term",
            title: t.words,
            onpointerenter: () => ui.setLocal({ term: k }),
            onfocus: () => ui.setLocal({ term: k }),
            onpointerleave: () => ui.setLocal({ term: null }),
            onblur: () => ui.setLocal({ term: null }),
          },
          h(
            "span",
            { class: "symbols" },
            t.symbols.map((s, n) => mark(kinds[n], s)),
          ),
          h(
            "span",
            { class: "numbers" },
            t.factors.map((v, n) => [
              n ? "·" : "",
              mark(kinds[n], `${v < 0 ? "(" : ""}${number(v)}${v < 0 ? ")" : ""}`),
            ]),
          ),
          h("span", { class: `product ${signClass(t.value)}` }, `${signed(t.value, 3)}`),
          h(
            "span",
            { class: "gauge", "aria-hidden": "true" },
            h("span", {
              class: signClass(t.value),
              style: `width:${(50 * Math.abs(t.value)) / most}%;${t.value < 0 ? "right" : "left"}:50%`,
            }),
          ),
        ),
      ),
    ),
  );
}

const line = (...words) => h("p", { class: "bpw-equation" }, words);
const code = (where, ...words) =>
  h("figure", { class: "bpw-line" }, h("pre", { tabindex: 0 }, h("code", {}, words)), h("p", {}, where));

function forwardTerms(ui, p, l, i) {
  const { hidden, output } = ui.state;
  const W = p.W[l];
  const terms = Array.from({ length: W.cols }, (_item, j) => ({
    symbols: [sub("W", `${i + 1}${j + 1}`, l), sub("a", j + 1, l - 1)],
    factors: [at(W, i, j), at(p.A[l - 1], j)],
    value: at(W, i, j) * at(p.A[l - 1], j),
    words: _("weight {W} times activation {A} is {W2}", {
      W: number(at(W, i, j)),
      A: number(at(p.A[l - 1], j)),
      W2: number(at(W, i, j) * at(p.A[l - 1], j), 3),
    }),
  }));
  const name = l === p.N ? output : hidden;
  return [
    line(
      sub("z", i + 1, l),
      " = ∑",
      h("sub", {}, "j"),
      " ",
      mark("w", sub("W", `${i + 1}j`, l)),
      " ",
      mark("a", sub("a", "j", l - 1)),
      " + ",
      sub("b", i + 1, l),
    ),
    code(
      _("affine, then g: backprop/network.py"),
      "return ",
      mark("w", "W"),
      " @ ",
      mark("a", "a_prev"),
      " + b  # (1.1)",
    ),
    columns(ui, terms, ["w", "a"]),
    line(
      _("sum "),
      signed(at(p.Z[l], i) - at(p.b[l], i), 3),
      _(", with the bias "),
      signed(at(p.b[l], i)),
      ": ",
      sub("z", i + 1, l),
      ` = ${number(at(p.Z[l], i), 3)}`,
      h("b", {}, _(",  {name} makes it ", { name }), sub("a", i + 1, l), ` = ${number(at(p.A[l], i), 3)}`),
    ),
  ];
}

// "+0.215 −0.353", as a sum is written.
const summed = (terms) => terms.map((t) => signed(t.value, 3).replace(/^(?=\d)/, "+")).join(" ");

function deltaTerms(ui, p, l, i) {
  const { hidden } = ui.state;
  const next = p.W[l + 1];
  const factor = factorOf(p.bug, at(p.Z[l], i), at(p.A[l], i), hidden);
  const terms = Array.from({ length: next.rows }, (_item, j) => {
    const w = weightOf(p.bug, at(next, j, i));
    const d = at(p.delta[l + 1], j);
    return {
      symbols: [sub("W", `${j + 1}${i + 1}`, l + 1), sub("δ", j + 1, l + 1), [h("i", {}, "g"), "′"]],
      factors: [w, d, factor],
      value: w * d * factor,
      words:
        _("weight {w} times delta {d} of unit {j} in layer {l} ", {
          w: number(w),
          d: number(d, 3),
          j: j + 1,
          l: l + 1,
        }) +
        _("times the slope {factor} is {w}", { factor: number(factor, 3), w: number(w * d * factor, 3) }),
    };
  });
  const before = terms.reduce((s, t) => s + t.factors[0] * t.factors[1], 0); // dL/da
  const bug = BUGS[p.bug];
  return [
    line(
      sub("δ", i + 1, l),
      " = ( ∑",
      h("sub", {}, "j"),
      " ",
      mark("w", sub("W", `j${i + 1}`, l + 1)),
      " ",
      mark("d", sub("δ", "j", l + 1)),
      " ) · ",
      mark("g", h("i", {}, "g"), "′(", sub("z", i + 1, l), ")"),
    ),
    bug.step2
      ? code(
          _("the bug {bug}: {name}. The book has: {step2}", {
            bug: p.bug,
            name: bug.name,
            step2: RECIPE.step2,
          }),
          `delta[l] = ${bug.step2}`,
        )
      : code(
          "hidden_delta: backprop/recipe.py",
          "return (",
          mark("w", "W_next.T"),
          " @ ",
          mark("d", "delta_next"),
          ") * ",
          mark("g", "g_prime(hidden, z)"),
          "  # (6.1)",
        ),
    columns(ui, terms, ["w", "d", "g"]),
    line(
      `${summed(terms)} = `,
      h("b", {}, sub("δ", i + 1, l), ` = ${signed(at(p.delta[l], i), 3)}`),
      bug.factor ? [_("  with "), mark("g", bug.name)] : "",
      h("span", { class: "bpw-aside" }, _("  ({before} before the slope)", { before: signed(before, 3) })),
    ),
  ];
}

function outputTerms(p, i) {
  const { N, bug } = p;
  const a = at(p.A[N], i);
  const y = at(p.Y, i);
  return [
    line(
      sub("δ", i + 1, N),
      " = ",
      mark("w", "ŷ", h("sub", {}, i + 1)),
      " − ",
      mark("d", "y", h("sub", {}, i + 1)),
    ),
    BUGS[bug].step1
      ? code(
          _("the bug {bug}: {name}. The book has: {step1}", {
            bug,
            name: BUGS[bug].name,
            step1: RECIPE.step1,
          }),
          `delta[N] = ${BUGS[bug].step1}`,
        )
      : code(
          "output_delta: backprop/recipe.py",
          "return ",
          mark("w", "g(output, z)"),
          " - ",
          mark("d", "Y"),
          "  # (5.1)",
        ),
    line(
      mark("w", number(a, 3)),
      " − ",
      mark("d", number(y, 3)),
      h("b", {}, " = ", signed(a - y, 3)),
      BUGS[bug].step1 ? _(" but the bug makes it {delta}", { delta: signed(at(p.delta[N], i), 3) }) : "",
    ),
  ];
}

// What finite differences of the loss say of these numbers.
function agreement(where, claimed, measured) {
  const apart = claimed.some((v, k) => disagrees(v, measured[k]));
  return h(
    "p",
    { class: "bpw-measured" },
    where,
    _(" say {measured}: ", { measured: measured.map((v) => signed(v, 4)).join(", ") }),
    apart ? h("b", {}, _("✗ they disagree.")) : _("✓ they agree."),
  );
}

function gradientTerms(ui, p, l, i, update) {
  const terms = Array.from({ length: p.W[l].cols }, (_item, j) => ({
    symbols: [sub("δ", i + 1, l), sub("a", j + 1, l - 1)],
    factors: [at(p.delta[l], i), at(p.A[l - 1], j)],
    value: at(p.dW[l], i, j),
    words: _("gradient at weight {i}, {j}: {dW}", { i: i + 1, j: j + 1, dW: number(at(p.dW[l], i, j), 3) }),
  }));
  return [
    line(
      "∂",
      h("i", {}, "L"),
      "/∂",
      sub("W", `${i + 1}j`, l),
      " = ",
      mark("d", sub("δ", i + 1, l)),
      " ",
      mark("g", sub("a", "j", l - 1)),
      ",   ∂",
      h("i", {}, "L"),
      "/∂",
      sub("b", i + 1, l),
      " = ",
      sub("δ", i + 1, l),
    ),
    update
      ? code(
          "step: backprop/training.py",
          "W = {l: W[l] - rate * ",
          mark("d", "dW[l]"),
          " for l in W}  # (10.1)",
        )
      : code(
          "layer_gradients: backprop/recipe.py",
          "dW = ",
          mark("d", "delta"),
          " @ ",
          mark("g", "a_prev.T"),
          " / m  # (7.1)",
        ),
    columns(ui, terms, ["d", "g"]),
    agreement(
      [_("Finite differences in "), sub("W", i + 1, l)],
      terms.map((t) => t.value),
      terms.map((_item, j) => at(p.measuredW[l], i, j)),
    ),
  ];
}

// The equation and its line of code stand side by side; the terms and their sum come under both.
// now is seen(step, sizes): what has been computed so far decides which sum is shown.
export function unitTerms(ui, p, now, [l, i]) {
  const title = l === 0 ? _("Input {i}", { i: i + 1 }) : _("Layer {l}, unit {i}", { l, i: i + 1 });
  const sum = sumOf(now, [l, i]);
  const measured =
    sum === "delta"
      ? agreement(
          [_("Finite differences in "), sub("z", i + 1, l)],
          [at(p.delta[l], i)],
          [at(p.measured[l], i)],
        )
      : null;
  let body;
  if (l === 0)
    body = [
      line(
        h("i", {}, "a"),
        h("sub", {}, i + 1),
        h("sup", {}, "[0]"),
        " = ",
        h("i", {}, "x"),
        h("sub", {}, i + 1),
        ` = ${number(at(p.X, i))}`,
        _(". An input has no δ in the recipe: nothing is learnt there."),
      ),
    ];
  else if (sum === "gradient") body = gradientTerms(ui, p, l, i, now.phase === "update");
  else if (sum === "delta") body = l === p.N ? outputTerms(p, i) : deltaTerms(ui, p, l, i);
  else if (sum === "forward") body = forwardTerms(ui, p, l, i);
  else body = [line(_("The forward pass has not reached this unit yet."))];
  return h(
    "section",
    { class: "bpw-unit", key: "unit", "aria-label": _("{title}, term by term", { title }) },
    h("p", { class: "bpw-unit-name" }, title),
    h("div", { class: "bpw-beside" }, body.slice(0, 2)),
    body.slice(2),
    measured,
  );
}
