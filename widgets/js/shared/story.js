// Where the story of one example stands, step by step, and which formula that step computes.

// 0 inputs; 1..N forward; N+1 the loss; N+2..2N+1 delta[N]..delta[1]; then gradients; then update.
export function moment(step, N) {
  if (step === 0) return { phase: "input", layer: 0 };
  if (step <= N) return { phase: "forward", layer: step };
  if (step === N + 1) return { phase: "loss", layer: N };
  if (step <= 2 * N + 1) return { phase: "backward", layer: 2 * N + 2 - step };
  return { phase: step === 2 * N + 2 ? "gradient" : "update", layer: 0 };
}
export const lastStep = (N) => 2 * N + 3;

// What has been computed by then: forward(l) and delta(l) say whether layer l has its a, its delta.
export function seen(step, N) {
  const now = moment(step, N);
  const late = ["gradient", "update"].includes(now.phase);
  return {
    ...now,
    late,
    backward: late || now.phase === "backward",
    forward: (l) => l === 0 || step >= l,
    delta: (l) => l > 0 && (late || (now.phase === "backward" && l >= now.layer)),
  };
}

export function formula({ phase, layer: l }, { N, output }) {
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
  return phase === "gradient"
    ? "∇W[l] = δ[l] a[l−1]ᵀ,  ∇b[l] = δ[l]"
    : "W[l] ← W[l] − η ∇W[l],  b[l] ← b[l] − η ∇b[l]";
}
