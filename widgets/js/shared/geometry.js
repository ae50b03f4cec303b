// Where the units of a network stand in its picture, and the arrows between them. The picture's height depends on its
// width alone, so nothing under it moves.

export function geometry({ sizes, y: target }, width) {
  const N = sizes.length - 1;
  const narrow = width < 480;
  const height = narrow ? 326 : 390;
  const [top, foot] = [40, 52];
  const gap = Math.min(narrow ? 84 : 106, (height - top - foot) / Math.max(...sizes));
  const r = Math.max(10, Math.min(narrow ? 20 : 26, gap * 0.29, width / ((N + 1) * 4.4)));
  const edge = r + (narrow ? 6 : 22);
  // No column for a target that isn't given.
  const targets = target ? (narrow ? 50 : 96) : 0;
  const x = (l) => edge + (l * (width - 2 * edge - targets)) / N;
  const y = (l, i) => top + (height - top - foot) / 2 - 8 + (i - (sizes[l] - 1) / 2) * gap;
  const between = x(1) - x(0) - 2 * r;
  const weights = between > 80 && gap * 0.216 > 14 && sizes.slice(1).every((n, l) => n * sizes[l] <= 8);
  return {
    ...{ N, r, gap, width, height, x, y, narrow },
    // Room for the number on an arrow; for the weights of all arrows.
    chips: between > 58,
    weights,
    // Where on an arrow its weight stands and multiplies: apart from the other arrows' where all have theirs, else
    // clear of the gate of the unit at its left.
    weightAt: weights || !narrow ? 0.3 : 0.45,
    // The arrow of W[l + 1] from unit j of layer l to unit i of layer l + 1.
    arrow: (l, i, j) => [
      [x(l) + r + 3, y(l, j)],
      [x(l + 1) - r - 3, y(l + 1, i)],
    ],
  };
}

const n = (v) => v.toFixed(1);

export function curveOf([[x1, y1], [x2, y2]]) {
  const mid = n((x1 + x2) / 2);
  return `M${n(x1)} ${n(y1)}C${mid} ${n(y1)} ${mid} ${n(y2)} ${n(x2)} ${n(y2)}`;
}

// The point of the same curve at t from 0 (left) to 1.
export function along([[x1, y1], [x2, y2]], t) {
  const s = t * t * (3 - 2 * t);
  const mid = (x1 + x2) / 2;
  return [x1 * (1 - t) ** 3 + 3 * mid * t * (1 - t) + x2 * t ** 3, y1 * (1 - s) + y2 * s];
}

export const mix = (a, b, t) => a + (b - a) * t;
// The share of [from, to] that t has passed, eased at both ends.
export function eased(t, from = 0, to = 1) {
  const s = Math.min(1, Math.max(0, (t - from) / (to - from)));
  return s * s * (3 - 2 * s);
}
