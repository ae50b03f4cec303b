import assert from "node:assert/strict";
import test from "node:test";

import { Python } from "../../book/_ext/live_book/static/interpreter.js";

globalThis.Worker = class {
  constructor() {
    this.sent = [];
    Python.made = this;
  }
  postMessage(message) {
    this.sent.push(message);
  }
  terminate() {}
};

function python() {
  const made = new Python({ workerUrl: "", base: "", groups: () => [], onStatus() {}, onProgress() {} });
  made.start();
  made.receive({ type: "ready" });
  return made;
}

test("while Python is busy only the newest value of a control is kept, and it is known to wait", () => {
  const page = python();
  for (const value of [4, 5, 6]) page.control({ model: "m", state: { value } }, {});
  const values = () => Python.made.sent.filter((m) => m.type === "control").map((m) => m.state.value);
  assert.deepEqual(values(), [4]);
  assert.equal(page.waits("m", "value"), true); // so the echo of 4 must not move the slider back
  assert.equal(page.waits("m", "max"), false);
  assert.equal(page.waits("other", "value"), false);
  page.receive({ type: "end", ok: true });
  assert.deepEqual(values(), [4, 6]);
  assert.equal(page.waits("m", "value"), false);
});
