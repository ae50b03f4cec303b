// One unit's sum in one line, in numbers: pieces [words, class] for a text of the picture.

import { BUGS, factorOf, weightOf } from "./bugs.js";
import { factor, plain, plainSigned } from "./format.js";
import { at } from "./recipe.js";
import { sumOf } from "./story.js";
import { _ } from "./words.js";

const below = (i) => String(i + 1).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]);
const long = (pieces) => pieces.reduce((s, [words]) => s + words.length, 0);

// Terms with + between them; those in the middle become "…" where there is no room for them.
function joined(terms, room) {
  const all = terms.flatMap((term, k) => (k ? [[" + "], ...term] : term));
  if (long(all) <= room || terms.length < 3) return all;
  return [...terms[0], [" + … + "], ...terms.at(-1)];
}

const result = (value) => [plainSigned(value), `result ${value < 0 ? "neg" : value > 0 ? "pos" : ""}`];

function forwardLine(state, p, l, i, room) {
  const terms = Array.from(p.A[l - 1].data, (a, j) => [[`${plain(at(p.W[l], i, j))}·${factor(a)}`]]);
  if (at(p.b[l], i) !== 0) terms.push([[factor(at(p.b[l], i))]]);
  const name = l === p.N ? state.output : state.hidden;
  const [z, a] = [plain(at(p.Z[l], i)), plain(at(p.A[l], i))];
  const then = name === "identity" ? [[`,  a = ${a}`, "strong"]] : [[`,  ${name} → `], [a, "strong"]];
  return [[`z${below(i)}[${l}] = `], ...joined(terms, room - 28), [` = ${z}`], ...then];
}

function lossLine(state, p, room) {
  const terms = Array.from(p.A[p.N].data, (a, i) => {
    const y = at(p.Y, i);
    if (state.output === "identity") return [[`½(${plain(a)} − ${factor(y)})²`]];
    const mine = `${plain(y)}·log ${plain(a)}`;
    return [
      [
        state.output === "softmax"
          ? mine
          : _("{mine} + {y}·log {a}", { mine, y: plain(1 - y), a: plain(1 - a) }),
      ],
    ];
  });
  const sum = joined(terms, room - 20);
  const inside = state.output === "identity" ? sum : [["−("], ...sum, [")"]];
  return [["L = "], ...inside, [` = ${plain(p.L, 3)}`, "strong"]];
}

function outputLine(p, l, i) {
  const wrong = BUGS[p.bug].step1;
  const right = at(p.A[l], i) - at(p.Y, i);
  const [a, y] = [plain(at(p.A[l], i)), factor(at(p.Y, i))];
  const head = [[`δ${below(i)}[${l}] = ŷ${below(i)} − y${below(i)} = ${a} − ${y} = `]];
  if (!wrong) return [...head, result(at(p.delta[l], i))];
  return [...head, [plainSigned(right)], [_(", but the code gives ")], result(at(p.delta[l], i))];
}

function deltaLine(state, p, l, i, room) {
  const slope = factorOf(p.bug, at(p.Z[l], i), at(p.A[l], i), state.hidden);
  const parts = Array.from(p.delta[l + 1].data, (d, j) => [weightOf(p.bug, at(p.W[l + 1], j, i)), d]);
  const sum = parts.reduce((s, [w, d]) => s + w * d, 0);
  const terms = parts.map(([w, d]) => [[`${plain(w)}·`], [factor(d), "delta"]]);
  const name = BUGS[p.bug].factor ? "factor" : `g′(${plain(at(p.Z[l], i))})`;
  const line = (inside, gate) => [
    [`δ${below(i)}[${l}] = (`],
    ...inside,
    [") · "],
    [gate, "slope"],
    [` = ${plain(sum)} · `],
    [factor(slope), "slope"],
    [" = "],
    result(at(p.delta[l], i)),
  ];
  const all = line(joined(terms, Infinity), name);
  if (long(all) <= room) return all;
  const few = line(joined(terms, 0), name);
  return long(few) <= room ? few : line([[_("∑ of {length} terms", { length: terms.length })]], "g′");
}

function gradientLine(state, p, l, i, room) {
  const d = at(p.delta[l], i);
  const terms = Array.from(
    p.A[l - 1].data,
    (a, j) => `${plain(d)}·${factor(a)} = ${plain(at(p.dW[l], i, j))}`,
  );
  const head = `∂L/∂W${below(i)}ⱼ[${l}] = δ${below(i)} aⱼ:  `;
  while (terms.length > 1 && head.length + terms.join(",  ").length > room) terms.pop();
  const rest = terms.length < p.A[l - 1].rows ? ", …" : "";
  return [[head], [`${terms.join(",  ")}${rest}`, "strong"]];
}

function updateLine(state, p, l, i) {
  const sizes = Array.from({ length: p.W[l].cols }, (_item, j) => Math.abs(at(p.dW[l], i, j)));
  const j = sizes.indexOf(Math.max(...sizes));
  const [old, slope] = [at(p.W[l], i, j), at(p.dW[l], i, j)];
  return [
    [`W${below(i)}${below(j)}[${l}]:  ${plain(old)} − ${plain(state.rate)}·${factor(slope)} = `],
    [plain(at(p.next.W[l], i, j), 3), "strong"],
  ];
}

// The line of the unit in focus; room is the number of letters that fit.
export function arithmetic(state, p, now, [l, i], room) {
  if (now.phase === "loss") return lossLine(state, p, room);
  if (now.phase === "update" && l > 0) return updateLine(state, p, l, i);
  const sum = sumOf(now, [l, i]);
  if (l === 0) return [[`a${below(i)}[0] = x${below(i)} = ${plain(at(p.X, i))}`]];
  if (sum === "gradient") return gradientLine(state, p, l, i, room);
  if (sum === "delta") return l === p.N ? outputLine(p, l, i) : deltaLine(state, p, l, i, room);
  return sum === "forward" ? forwardLine(state, p, l, i, room) : [[_("not computed yet")]];
}

// What finite differences say of a delta that is wrong.
export const shouldBe = (measured) => `≠ ${plainSigned(measured)}`;
