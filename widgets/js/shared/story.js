// Where the story of one example stands. A step is a real number: 4 is the moment at which step 4 is done, 4.5 the
// middle of step 5. Steps: 0 inputs; 1..N forward; N+1 the loss; N+2..2N+1 delta[N]..delta[1]; then gradients, then
// update. A step has parts, one after another: the units of its layer; the layers where gradients are read off.

import { number, plain } from "./format.js";
import { _ } from "./words.js";

const ROUNDING = 1e-9;
// A part's end, rounded by tidy, is its end all the same.
const END = 1e-3;
export const lastStep = (N) => 2 * N + 3;

function moment(step, N) {
  if (step === 0) return { phase: "input", layer: 0 };
  if (step <= N) return { phase: "forward", layer: step };
  if (step === N + 1) return { phase: "loss", layer: N };
  if (step <= 2 * N + 1) return { phase: "backward", layer: 2 * N + 2 - step };
  return { phase: step === 2 * N + 2 ? "gradient" : "update", layer: 0 };
}

export function partsOf(step, sizes) {
  const N = sizes.length - 1;
  const { phase, layer } = moment(step, N);
  if (phase === "gradient") return N;
  return phase === "input" || phase === "update" ? 1 : sizes[layer];
}

// What is done by then: forward(l, i) and delta(l, i) say whether unit i of layer l (without i: the whole layer) has
// its a, its delta. share in (0, 1] is how much of the present part is done.
export function seen(step, sizes) {
  const N = sizes.length - 1;
  const whole = Math.ceil(step - ROUNDING);
  const parts = partsOf(whole, sizes);
  const passed = (step - whole + 1) * parts;
  const part = Math.min(parts - 1, Math.max(0, Math.ceil(passed - END) - 1));
  const share = Math.min(1, passed - part);
  const { phase, layer } = moment(whole, N);
  const late = phase === "gradient" || phase === "update";
  const here = { layer: phase === "gradient" ? N - part : layer, unit: late ? 0 : part };
  const reached = (l, i, from) => {
    const unit = i ?? sizes[l] - 1;
    return l !== layer || unit < part || (unit === part && share >= from);
  };
  return {
    ...{ phase, ...here, share, late, whole },
    backward: late || phase === "backward",
    forward: (l, i) => l === 0 || (whole >= l && (phase !== "forward" || reached(l, i, 0.8))),
    delta: (l, i) => l > 0 && (late || (phase === "backward" && l >= layer && reached(l, i, 0.9))),
    gradient: (l) => phase === "update" || (phase === "gradient" && l >= N - part),
  };
}

// The end of the next part, and of the one before.
export function nextStop(step, sizes) {
  const whole = Math.floor(step + ROUNDING);
  if (whole >= lastStep(sizes.length - 1)) return whole;
  const parts = partsOf(whole + 1, sizes);
  return tidy(whole + Math.min(1, (Math.floor((step - whole) * parts + END) + 1) / parts));
}

export function stopBefore(step, sizes) {
  if (step <= 0) return 0;
  const whole = Math.ceil(step - ROUNDING);
  const parts = partsOf(whole, sizes);
  return tidy(whole - 1 + Math.max(0, Math.ceil((step - whole + 1) * parts - END) - 1) / parts);
}

// Five digits; a whole number stays one.
export const tidy = (step) => Number(step.toFixed(5));

// Which sum a unit shows: of its gradients, of its delta, or of its z; null if it has none yet.
export function sumOf(now, [l, i]) {
  if (l === 0) return null;
  if (now.gradient(l)) return "gradient";
  const mine = now.layer === l && now.unit === i;
  if (now.delta(l, i) || (now.phase === "backward" && mine)) return "delta";
  return now.forward(l, i) || (now.phase === "forward" && mine) ? "forward" : null;
}

export function formula({ phase, layer: l }, { N, output, narrow = false }) {
  if (phase === "input") return "a[0] = x";
  if (phase === "forward") return `z[${l}] = W[${l}] a[${l - 1}] + b[${l}],  a[${l}] = g(z[${l}])`;
  if (phase === "loss")
    return {
      identity: "L = ½‖ŷ − y‖²",
      sigmoid: "L = −∑ y log ŷ + (1 − y) log(1 − ŷ)",
      softmax: "L = −∑ y log ŷ",
    }[output];
  if (phase === "backward")
    return l === N ? `δ[${N}] = ŷ − y` : `δ[${l}] = (W[${l + 1}]ᵀ δ[${l + 1}]) ∘ g′(z[${l}])`;
  if (phase === "gradient") return "∇W[l] = δ[l] a[l−1]ᵀ,  ∇b[l] = δ[l]";
  // On a phone the loss stands in the same line
  return narrow ? "W ← W − η ∇W,  b ← b − η ∇b" : "W[l] ← W[l] − η ∇W[l],  b[l] ← b[l] − η ∇b[l]";
}

// The sentence of a step. p is the pass, next the loss after the update.
export function sentence({ phase, layer: l }, p, rate, next) {
  if (phase === "input") return _("The inputs stand ready.");
  if (phase === "forward")
    return _("Forward: layer {l} adds up W[{l}] a[{l2}] + b[{l}] and applies g.", { l, l2: l - 1 });
  if (phase === "loss") return _("The loss compares ŷ with y: L = {L}.", { L: number(p.L, 3) });
  if (phase === "backward")
    return l === p.N
      ? _("Step 1: δ[{l}] = ŷ − y leaves the loss.", { l })
      : _("Step 2: δ[{l}] comes back, times the weights; each sum, times g′, is δ[{l2}].", {
          l: l + 1,
          l2: l,
        });
  if (phase === "gradient") return _("Step 3: a weight's gradient is the δ it feeds times the a it carries.");
  return _("Update: each weight moves by −{rate} times its gradient; L: {L} → {next}.", {
    rate: plain(rate),
    L: number(p.L, 3),
    next: number(next, 3),
  });
}
