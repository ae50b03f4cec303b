// A small data set of three classes in the plane.

import { normal } from "./random.js";
import { zeros } from "./recipe.js";

const CLASSES = 3;
const EACH = 20;

// Three arms that bend: a straight line can't part them.
function points() {
  const draw = normal(11);
  const m = CLASSES * EACH;
  const [X, Y] = [zeros(2, m), zeros(CLASSES, m)];
  for (let e = 0; e < m; e++) {
    const c = e % CLASSES;
    const t = Math.floor(e / CLASSES) / EACH;
    const angle = (c * 2 * Math.PI) / CLASSES + 2.1 * t;
    X.data[e] = Number(((0.3 + 1.5 * t) * Math.cos(angle) + 0.1 * draw()).toFixed(2));
    X.data[m + e] = Number(((0.3 + 1.5 * t) * Math.sin(angle) + 0.1 * draw()).toFixed(2));
    Y.data[c * m + e] = 1;
  }
  return { X, Y };
}

const all = points();
export const X = all.X;
export const Y = all.Y;
