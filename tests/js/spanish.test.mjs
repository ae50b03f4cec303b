// The widgets in another language: its words, its numbers, and the stills made of them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { numbers } from "../../tools/widget_numbers.mjs";
import { bugOptions } from "../../widgets/js/shared/bugs.js";
import { speak } from "../../widgets/js/shared/words.js";

speak(await import("../../widgets/js/locale/es.js"));
const { list, number, plain, python } = await import("../../widgets/js/shared/format.js");
const { still, viewOf } = await import("../../widgets/js/shared/view.js");

test("numbers are written as the language writes them, and Python's as Python does", () => {
  assert.equal(number(-0.5), "−0,50");
  assert.equal(plain(1.5), "1,5");
  assert.equal(list([0.5, 1]), "0,50; 1,00");
  assert.equal(python(0.5), "0.5");
});

test("the bugs' names are in the language, though their module was read before it was known", () => {
  assert.deepEqual(bugOptions(["none"]), [["none", "sin error"]]);
});

for (const n of numbers)
  test(`W${n}: its Spanish still is up to date (node tools/stills.mjs es writes it)`, async () => {
    const { default: widget } = await import(`../../widgets/js/w${n}.js`);
    const file = new URL(`../../widgets/stills/es/W${n}.svg`, import.meta.url);
    assert.equal(`${still(widget.spec)}\n`, readFileSync(file, "utf-8"));
    assert.doesNotMatch(viewOf(widget.spec).words, /\b(the|of|and|with|is)\b/);
  });
