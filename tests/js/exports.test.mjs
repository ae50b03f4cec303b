// Each name that a module of the pages or the widgets exports is used by another module.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

function scripts(folder) {
  // A catalogue is read as a whole.
  const names = readdirSync(join(root, folder), { recursive: true }).filter(
    (name) => /\.m?js$/.test(name) && !name.startsWith("locale"),
  );
  return names.map((name) => {
    const path = join(root, folder, name);
    return { path, text: readFileSync(path, "utf-8") };
  });
}

test("nothing is exported that no other module imports", () => {
  const modules = [...scripts("widgets/js"), ...scripts("book/_ext")];
  const readers = [...modules, ...scripts("tests/js"), ...scripts("tools")];
  assert.ok(modules.length > 60, "the modules were found");
  const unused = [];
  const exported = /^export (?:async )?(?:function|class|const|let) (\w+)/gm;
  for (const { path, text } of modules) {
    const importers = readers.filter(
      (other) => other.path !== path && other.text.includes(`/${basename(path)}"`),
    );
    for (const [, name] of text.matchAll(exported)) {
      if (!importers.some((other) => new RegExp(`\\b${name}\\b`).test(other.text)))
        unused.push(`${path}: ${name}`);
    }
  }
  assert.deepEqual(unused, [], "remove these, or the word export in front of them");
});
