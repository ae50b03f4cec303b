// In a page the modules of shared/ are one file, which is there before the page's language is: none of their
// sentences may be said while they load.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import test from "node:test";
import { speak } from "../../widgets/js/shared/words.js";

const shared = new URL("../../widgets/js/shared/", import.meta.url);

test("no module of shared/ says a sentence before it is asked", async () => {
  const early = [];
  speak({
    default: new Proxy({}, { get: (_, sentence) => void early.push(sentence) }),
    decimal: ".",
    list: ", ",
  });
  for (const name of readdirSync(shared)) await import(new URL(name, shared));
  assert.deepEqual(early, []);
});
