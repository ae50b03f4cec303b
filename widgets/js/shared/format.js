// Numbers as people read them, and as NumPy reads them.

import { _, between, decimal } from "./words.js";

const MINUS = "−";

export const number = (value, digits = 2) => decimal(fixed(value, digits));

function fixed(value, digits) {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : value < 0 ? `${MINUS}∞` : _("not a number");
  if (value !== 0 && (Math.abs(value) < 0.5 * 10 ** -digits || Math.abs(value) >= 1e5)) return short(value);
  const text = value.toFixed(digits);
  return Number(text) === 0 ? (0).toFixed(digits) : text.replace("-", MINUS);
}

// Sizes from 1e-300 to 1e300: two digits, with an exponent only where plain decimals would be hard to read.
export const small = (value) => decimal(short(value));

function short(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 0.00095 && size < 1000) return Number(value.toPrecision(2)).toString().replace("-", MINUS);
  const [mantissa, exponent] = value.toExponential(1).split("e");
  return `${mantissa.replace(".0", "").replace("-", MINUS)}e${exponent.replace("+", "").replace("-", MINUS)}`;
}

// With its sign always there, as in a sum of signed terms.
export function signed(value, digits = 2) {
  const text = number(value, digits);
  return value > 0 && !text.startsWith(MINUS) ? `+${text}` : text;
}

// Without zeros at the end: "2", "−0.5", "1.25".
export function plain(value, digits = 2) {
  const text = fixed(value, digits);
  return decimal(text.includes(".") && !text.includes("e") ? text.replace(/\.?0+$/, "") : text);
}

export const plainSigned = (value, digits = 2) =>
  value > 0 ? `+${plain(value, digits)}` : plain(value, digits);

// In brackets if negative, as a factor is written.
export const factor = (value, digits = 2) => (value < 0 ? `(${plain(value, digits)})` : plain(value, digits));

// Where there is room for five characters: ".043", "−1.9".
export function brief(value) {
  const size = Math.abs(value);
  const text = size >= 0.995 ? size.toFixed(1) : size.toFixed(size < 0.095 ? 3 : 2).replace(/^0/, "");
  return decimal(`${value < 0 ? MINUS : "+"}${text}`);
}

export const list = (values, digits = 2) => Array.from(values, (v) => number(v, digits)).join(between());

// Python's spelling of a float: JavaScript's shortest round-trip text is Python's too.
export function python(value) {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return `[${Array.from(value, python).join(", ")}]`;
  if (Number.isNaN(value)) return "np.nan";
  if (!Number.isFinite(value)) return value > 0 ? "np.inf" : "-np.inf";
  return Object.is(value, -0) ? "0" : String(value);
}

export function pythonMatrix(m) {
  const rows = [];
  for (let i = 0; i < m.rows; i++) rows.push(python(m.data.subarray(i * m.cols, (i + 1) * m.cols)));
  return `np.array([${rows.join(", ")}], dtype=float)`;
}

export function pythonLayers(layers) {
  const entries = Object.keys(layers).map((l) => `    ${l}: ${pythonMatrix(layers[l])},`);
  return `{\n${entries.join("\n")}\n}`;
}

// One line of Python that fails if NumPy gets other numbers than the widget shows.
export const claim = (expression, value, within = "rtol=1e-6, atol=1e-9") =>
  `np.testing.assert_allclose(${expression}, ${value.data ? pythonMatrix(value) : python(value)}, ${within})`;
