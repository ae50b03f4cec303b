// W10's story: where a step begins and ends, what is known by then, and how long it all takes.

import assert from "node:assert/strict";
import test from "node:test";
import { times } from "../../widgets/js/shared/player.js";
import { lastStep, nextStop, seen, stopBefore, sumOf } from "../../widgets/js/shared/story.js";
import { viewOf } from "../../widgets/js/shared/view.js";
import { markup } from "../../widgets/js/shared/dom.js";
import w10 from "../../widgets/js/w10.js";

const BOOK = [2, 3, 2];
const networks = [BOOK, [1, 1], [3, 4, 3, 2], [6, 6, 6, 6, 6]];

test("forward and back stop at the same moments, one for each unit", () => {
  for (const sizes of networks) {
    const N = sizes.length - 1;
    const there = [0];
    while (there.at(-1) < lastStep(N)) there.push(nextStop(there.at(-1), sizes));
    const units = sizes.slice(1).reduce((s, n) => s + n, 0);
    assert.equal(there.length, 1 + units + sizes[N] + units + N + 1, String(sizes));
    assert.equal(nextStop(lastStep(N), sizes), lastStep(N));
    const back = [lastStep(N)];
    while (back.at(-1) > 0) back.push(stopBefore(back.at(-1), sizes));
    assert.deepEqual(back.reverse(), there);
  }
});

test("a story lasts fifteen seconds at most", () => {
  for (const sizes of networks) {
    const total = times(sizes).reduce((s, v) => s + v, 0);
    assert.ok(total > 5000 && total <= 15000, `${sizes}: ${total}`);
  }
});

test("at every moment: no delta before the output has it, none lost, and the one computed is of its layer", () => {
  for (let step = 0; step <= 7; step = Number((step + 0.05).toFixed(2))) {
    const now = seen(step, BOOK);
    const known = (l) => Array.from({ length: BOOK[l] }, (_, i) => now.delta(l, i)).filter(Boolean).length;
    const expected = {
      input: ["input", 0],
      forward: ["forward", step <= 1 ? 1 : 2],
      loss: ["loss", 2],
      backward: ["backward", step <= 4 ? 2 : 1],
    }[now.phase];
    if (expected) assert.deepEqual([now.phase, now.layer], expected);
    if (step <= 3) assert.equal(known(1) + known(2), 0, `step ${step}`);
    if (step > 4) assert.equal(known(2), 2, `step ${step}`);
    if (known(1)) assert.ok(step > 4);
    if (step >= 5) assert.equal(known(1), 3);
    if (now.phase === "backward") assert.equal(sumOf(now, [now.layer, now.unit]), "delta");
  }
});

// The tokens of a picture: what each carries.
function tokens(state) {
  const below = (view) => [view, ...(view.children ?? []).flatMap(below)];
  const drawn = below(viewOf(w10.spec, state).picture).map((view) => view.attributes?.["data-token"]);
  return drawn.filter((value) => typeof value === "string").map(Number);
}

test("delta leaves the loss, is multiplied, added up, and stopped where g' is 0", () => {
  const unit = (i, share) => ({ step: 4 + (i + share) / 3 });
  assert.deepEqual(tokens({ step: 2.5 }), []);
  assert.deepEqual(tokens({ step: 3 }), []);
  assert.deepEqual(tokens({ step: 3.25 }), [1], "the first output's, from the loss");
  assert.deepEqual(tokens({ step: 3.75 }), [-2]);
  assert.deepEqual(tokens(unit(1, 0.1)), [1, -2], "as they leave layer 2");
  assert.deepEqual(tokens(unit(1, 0.48)), [-1, -4], "times -1 and times 2");
  assert.deepEqual(tokens(unit(1, 0.7)), [-5], "added");
  assert.deepEqual(tokens(unit(2, 0.65)), [-4]);
  assert.deepEqual(tokens(unit(2, 0.85)), [0], "unit 3 has z = -1: ReLU's slope is 0");
  for (const step of [4.3333, 5, 5.5, 6, 6.5, 7]) assert.deepEqual(tokens({ step }), [], `${step}`);
});

test("the line in the picture is the sum that is computed", () => {
  const line = (state) =>
    markup(viewOf(w10.spec, state).picture)
      .match(/class="arithmetic">(.*?)<\/text>/)[1]
      .replace(/<[^>]*>/g, "");
  assert.equal(line({ step: 4.5 }), "δ₂[1] = (−1·1 + 2·(−2)) · g′(1) = −5 · 1 = −5");
  assert.equal(line({ step: 4.9 }), "δ₃[1] = (2·1 + 3·(−2)) · g′(−1) = −4 · 0 = 0");
  assert.equal(line({ step: 3.9 }), "δ₂[2] = ŷ₂ − y₂ = 1 − 3 = −2");
  assert.equal(line({ step: 3 }), "L = ½(2 − 1)² + ½(1 − 3)² = 2.5");
  assert.equal(line({ step: 1 / 3 }), "z₁[1] = 1·1 + 1·2 = 3,  relu → 3");
  assert.equal(line({ step: 4.5, unit: [2, 0] }), "δ₁[2] = ŷ₁ − y₁ = 2 − 1 = +1", "the pinned unit's");
});

test("the picture is as high at every moment", () => {
  for (const width of [300, 340, 480, 760]) {
    const heights = new Set();
    for (let step = 0; step <= 7; step += 0.5)
      heights.add(viewOf(w10.spec, { step }, width).picture.attributes.height);
    for (const sizes of networks)
      heights.add(viewOf(w10.spec, { sizes, step: 3 }, width).picture.attributes.height);
    assert.equal(heights.size, 1, `at ${width}: ${[...heights]}`);
  }
});

test("the line in the picture fits it, whatever the network", () => {
  for (const [width, letters] of [
    [340, 51],
    [760, 100],
  ])
    for (const hidden of ["relu", "sigmoid"])
      for (let step = 0.05; step <= 11; step += 0.05) {
        const state = { sizes: [6, 6, 6, 6, 6], hidden, output: "softmax", seed: 7, step };
        const words = markup(viewOf(w10.spec, state, width).picture)
          .match(/class="arithmetic">(.*?)<\/text>/)[1]
          .replace(/<[^>]*>/g, "");
        assert.ok(words.length <= letters + 6, `${width}: ${words.length}: ${words}`);
      }
});
