// Cividis for magnitudes that have no sign; for a sign a class and a dash. The colours by meaning are in widget.css.
// Never colour alone: a sign and a dash say it too.

// Nine stops of Matplotlib's cividis, straight lines between them.
const STOPS = [
  [0, 34, 78],
  [24, 53, 109],
  [63, 72, 107],
  [93, 92, 108],
  [123, 113, 116],
  [155, 135, 116],
  [189, 158, 108],
  [223, 184, 90],
  [254, 232, 56],
];

export function cividisBytes(t) {
  const x = Math.min(1, Math.max(0, Number.isFinite(t) ? t : 0)) * (STOPS.length - 1);
  const k = Math.min(STOPS.length - 2, Math.floor(x));
  return STOPS[k].map((low, c) => Math.round(low + (x - k) * (STOPS[k + 1][c] - low)));
}

export const cividis = (t) => `rgb(${cividisBytes(t).join(",")})`;
export const signClass = (value) => (value > 0 ? "pos" : value < 0 ? "neg" : "nil");
// A negative line is dashed as well as orange.
export const dash = (value) => (value < 0 ? "5 3" : null);
