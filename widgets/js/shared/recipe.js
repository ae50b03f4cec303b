// The book's recipe in JavaScript, checked against backprop by golden vectors. Examples are columns.
// A matrix is { rows, cols, data: Float64Array }, row by row; layers are objects keyed by the layer's number.

export function zeros(rows, cols) {
  return { rows, cols, data: new Float64Array(rows * cols) };
}

export function matrix(nested) {
  const m = zeros(nested.length, nested[0].length);
  nested.forEach((row, i) => row.forEach((value, j) => (m.data[i * m.cols + j] = value)));
  return m;
}

export const column = (values) => ({ rows: values.length, cols: 1, data: Float64Array.from(values) });
export const at = (m, i, j = 0) => m.data[i * m.cols + j];
export const nested = (m) =>
  Array.from({ length: m.rows }, (_, i) => Array.from(m.data.subarray(i * m.cols, (i + 1) * m.cols)));
export const map = (m, f) => ({ ...m, data: m.data.map(f) });
export const zip = (p, q, f) => ({ ...p, data: p.data.map((v, i) => f(v, q.data[i])) });

export function transpose(m) {
  const t = zeros(m.cols, m.rows);
  for (let i = 0; i < m.rows; i++)
    for (let j = 0; j < m.cols; j++) t.data[j * m.rows + i] = m.data[i * m.cols + j];
  return t;
}

export function multiply(p, q) {
  if (p.cols !== q.rows)
    throw new Error(`multiply: (${p.rows}, ${p.cols}) does not fit (${q.rows}, ${q.cols})`);
  const r = zeros(p.rows, q.cols);
  const [left, right, sum, n] = [p.data, q.data, r.data, q.cols]; // locals: this is the inner loop of training
  for (let i = 0; i < p.rows; i++) {
    for (let k = 0; k < p.cols; k++) {
      const v = left[i * p.cols + k];
      for (let j = 0; j < n; j++) sum[i * n + j] += v * right[k * n + j];
    }
  }
  return r;
}

export function affine(W, aPrev, b) {
  const z = multiply(W, aPrev); // (1.1)
  for (let i = 0; i < z.rows; i++) for (let j = 0; j < z.cols; j++) z.data[i * z.cols + j] += b.data[i];
  return z;
}

export function softmax(z) {
  const a = zeros(z.rows, z.cols);
  for (let j = 0; j < z.cols; j++) {
    let top = -Infinity;
    for (let i = 0; i < z.rows; i++) top = Math.max(top, at(z, i, j));
    let sum = 0;
    for (let i = 0; i < z.rows; i++) sum += a.data[i * z.cols + j] = Math.exp(at(z, i, j) - top);
    for (let i = 0; i < z.rows; i++) a.data[i * z.cols + j] /= sum; // (2.5)
  }
  return a;
}

export const SCALAR = {
  identity: (z) => z, // (2.4)
  sigmoid: (z) => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z))), // (2.1)
  tanh: Math.tanh, // (2.2)
  relu: (z) => Math.max(0, z), // (2.3)
};
export const SLOPE = {
  identity: () => 1,
  sigmoid: (z) => Math.exp(-Math.abs(z)) / (1 + Math.exp(-Math.abs(z))) ** 2, // (2.6)
  tanh: (z) => (4 * Math.exp(-2 * Math.abs(z))) / (1 + Math.exp(-2 * Math.abs(z))) ** 2, // (2.7)
  relu: (z) => (z > 0 ? 1 : 0), // (2.8)
};
export const g = (name, z) => (name === "softmax" ? softmax(z) : map(z, SCALAR[name]));
export const gPrime = (name, z) => map(z, SLOPE[name]);

export function losses(output, z, Y) {
  const L = new Float64Array(z.cols);
  for (let j = 0; j < z.cols; j++) {
    let top = -Infinity;
    for (let i = 0; i < z.rows; i++) top = Math.max(top, at(z, i, j));
    let sum = 0;
    for (let i = 0; i < z.rows; i++) sum += Math.exp(at(z, i, j) - top);
    const lse = top + Math.log(sum); // (3.6)
    for (let i = 0; i < z.rows; i++) {
      const v = at(z, i, j);
      const y = at(Y, i, j);
      if (output === "identity")
        L[j] += (v - y) ** 2 / 2; // (3.1)
      else if (output === "sigmoid")
        L[j] += Math.max(v, 0) - y * v + Math.log1p(Math.exp(-Math.abs(v))); // (3.5)
      else L[j] += y * (lse - v); // (3.7)
    }
  }
  return L;
}

export const loss = (output, z, Y) => losses(output, z, Y).reduce((s, v) => s + v, 0) / z.cols; // (3.4)
export const depth = (W) => Math.max(...Object.keys(W).map(Number));

export function forward(W, b, X, hidden, output) {
  const N = depth(W);
  const Z = {};
  const A = { 0: X };
  for (let l = 1; l <= N; l++) {
    Z[l] = affine(W[l], A[l - 1], b[l]); // (1.1)
    A[l] = g(l === N ? output : hidden, Z[l]); // (1.2)
  }
  return { Z, A };
}

export const outputDelta = (output, z, Y) => zip(g(output, z), Y, (a, y) => a - y); // (5.1)

export function hiddenDelta(WNext, deltaNext, z, hidden) {
  return zip(multiply(transpose(WNext), deltaNext), gPrime(hidden, z), (s, slope) => s * slope); // (6.1)
}

function allDeltas(W, Z, A, Y, hidden, output) {
  const N = depth(W);
  const delta = { [N]: outputDelta(output, Z[N], Y) }; // (5.1)
  for (let l = N - 1; l > 0; l--) delta[l] = hiddenDelta(W[l + 1], delta[l + 1], Z[l], hidden); // (6.1)
  return delta;
}

export function layerGradients(delta, aPrev) {
  const m = delta.cols;
  const dW = map(multiply(delta, transpose(aPrev)), (v) => v / m); // (7.1)
  const db = zeros(delta.rows, 1);
  for (let i = 0; i < delta.rows; i++) for (let j = 0; j < m; j++) db.data[i] += at(delta, i, j) / m; // (7.2)
  return { dW, db };
}

export function backprop(W, Z, A, Y, hidden, output) {
  const delta = allDeltas(W, Z, A, Y, hidden, output);
  const dW = {};
  const db = {};
  for (const l of Object.keys(delta)) ({ dW: dW[l], db: db[l] } = layerGradients(delta[l], A[l - 1]));
  return { dW, db, delta };
}

// dJ/dW[l] and dJ/db[l] by central differences of the loss alone (9.1).
export function numericalGradients(W, b, X, Y, hidden, output, h = 1e-5) {
  const N = depth(W);
  const J = () => loss(output, forward(W, b, X, hidden, output).Z[N], Y);
  const slope = (m) =>
    map(zeros(m.rows, m.cols), (_, i) => {
      const kept = m.data[i];
      m.data[i] = kept + h;
      const up = J();
      m.data[i] = kept - h;
      const down = J();
      m.data[i] = kept;
      return (up - down) / (2 * h); // (9.1)
    });
  const dW = {};
  const db = {};
  for (let l = 1; l <= N; l++) [dW[l], db[l]] = [slope(W[l]), slope(b[l])];
  return { dW, db };
}

// delta[l] of one batch by central differences in z[l], entry by entry (4.2).
export function numericalDeltas(W, b, Z, Y, hidden, output, h = 1e-5) {
  const N = depth(W);
  const total = (l, z) => {
    let a = z;
    let last = z;
    for (let k = l + 1; k <= N; k++) {
      last = affine(W[k], g(hidden, a), b[k]);
      a = last;
    }
    return losses(output, last, Y).reduce((s, v) => s + v, 0);
  };
  const delta = {};
  for (let l = 1; l <= N; l++) {
    const z = { ...Z[l], data: Z[l].data.slice() };
    delta[l] = map(Z[l], (value, i) => {
      z.data[i] = value + h;
      const up = total(l, z);
      z.data[i] = value - h;
      const down = total(l, z);
      z.data[i] = value;
      return (up - down) / (2 * h); // (4.2)
    });
  }
  return delta;
}
