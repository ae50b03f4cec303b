// Every widget as a pure function of its state: whole, honest in every state, and not to be broken by a bad
// link.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { numbers } from "../../tools/widget_numbers.mjs";
import { markup } from "../../widgets/js/shared/dom.js";
import { cleanState, still, tableOf, viewOf } from "../../widgets/js/shared/view.js";
import { readFragment, writeFragment } from "../../widgets/js/shared/state.js";
import { junk, statesOf } from "./states.mjs";

const load = async (n) => (await import(`../../widgets/js/w${n}.js`)).default;

function whole(view, what) {
  for (const [name, text] of [
    ["picture", markup(view.picture)],
    ["words", view.words],
    ["table", JSON.stringify(tableOf(view))],
    ["controls", view.controls.flat(9).map(markup).join("")],
  ]) {
    assert.doesNotMatch(text, /NaN|undefined|\[object|not a number/, `${what}: ${name}`);
  }
  assert.ok(view.words.length > 20, `${what}: words`);
  const table = tableOf(view);
  for (const row of table.rows) assert.equal(row.length, table.columns.length, `${what}: a row of the table`);
}

for (const n of numbers) {
  test(`W${n}: its views, at three widths`, async () => {
    const { spec } = await load(n);
    assert.equal(spec.id, `W${n}`);
    assert.ok(spec.question.options[spec.question.answer], "the prediction has an answer");
    for (const state of statesOf(n))
      for (const width of [280, 480, 760])
        whole(viewOf(spec, state, width), `W${n} ${JSON.stringify(state)} at ${width}`);
  });

  test(`W${n}: a state that isn't one becomes one`, async () => {
    const { spec } = await load(n);
    for (const given of junk) {
      const state = cleanState(spec, given);
      assert.deepEqual(Object.keys(state).sort(), Object.keys(spec.defaults).sort());
      assert.deepEqual(cleanState(spec, state), state, "cleaning twice changes nothing more");
      whole(viewOf(spec, given), `W${n} ${JSON.stringify(given)}`);
    }
  });

  test(`W${n}: its still is up to date (node tools/stills.mjs writes it)`, async () => {
    const { spec } = await load(n);
    const file = readFileSync(new URL(`../../widgets/stills/W${n}.svg`, import.meta.url), "utf-8");
    assert.equal(file, `${still(spec)}\n`);
    assert.match(file, /^<svg role="img" aria-label="[^"]{40,}/);
  });
}

test("a link holds each widget's state, and a broken one is ignored", () => {
  const hash = writeFragment("W3", { z: 2, g: "tanh" }, writeFragment("W10", { step: 4 }, "#section"));
  assert.deepEqual(readFragment("W3", hash), { z: 2, g: "tanh" });
  assert.deepEqual(readFragment("W10", hash), { step: 4 });
  assert.equal(readFragment("W1", hash), null);
  for (const bad of ["#W3=%7B", "#W3=%", "#W3=7", "#W3=[1]", "#W3=null"])
    assert.equal(readFragment("W3", bad), null);
});
