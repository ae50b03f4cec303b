// Seeded numbers, so that a link shows everybody the same network.

import { zeros } from "./recipe.js";

export function uniform(seed) {
  let s = seed >>> 0;
  return () => {
    s = (s + 0x6d2b79f5) >>> 0; // mulberry32
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function normal(seed) {
  const u = uniform(seed);
  return () => Math.sqrt(-2 * Math.log(1 - u())) * Math.cos(2 * Math.PI * u());
}

// W[l] normal with variance scale^2 / n[l-1], b[l] = 0 (11.1), rounded so that it is pleasant to read.
export function initialise(sizes, seed, scale = 1, digits = 2) {
  const draw = normal(seed);
  const W = {};
  const b = {};
  for (let l = 1; l < sizes.length; l++) {
    W[l] = zeros(sizes[l], sizes[l - 1]);
    W[l].data.forEach((_, i) => {
      W[l].data[i] = Number(((draw() * scale) / Math.sqrt(sizes[l - 1])).toFixed(digits));
    });
    b[l] = zeros(sizes[l], 1);
  }
  return { W, b };
}
