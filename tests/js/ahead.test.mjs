// Python comes before the first press over a connection that is known to be fast and not metered, and no other.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isFast } from "../../book/_ext/live_book/static/ahead.js";

const fast = { effectiveType: "4g", downlink: 10, saveData: false };

test("fast and not metered", () => {
  assert.equal(isFast(fast), true);
  assert.equal(isFast({ ...fast, type: "wifi" }), true);
});

test("slow, metered or unknown", () => {
  for (const more of [
    { saveData: true },
    { type: "cellular" },
    { effectiveType: "3g" },
    { downlink: 1.5 },
    { downlink: undefined },
  ])
    assert.equal(isFast({ ...fast, ...more }), false, JSON.stringify(more));
  assert.equal(isFast(undefined), false);
});
