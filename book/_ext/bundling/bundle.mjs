// Joins ES modules with Rollup.
//
//     node bundle.mjs FOLDER_OF_ROLLUP SOURCE TARGET '{"entries": ["main.js"], "chunks": {"main": "pattern"}}'
//
// Modules whose path within SOURCE fits a chunk's pattern are put into that one file, NAME.js.
import { createRequire } from "node:module";
import { relative } from "node:path";

const [rollup, source, target, asked] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const { entries, chunks } = JSON.parse(asked);
const patterns = Object.entries(chunks).map(([name, pattern]) => [name, new RegExp(pattern)]);

const joined = await require(`${rollup}/dist/rollup.js`).rollup({
  input: entries.map((name) => `${source}/${name}`),
  // The editor's modules lie beside the pages alone
  external: (name) => name.startsWith("./codemirror/"),
  makeAbsoluteExternalsRelative: false,
  onwarn: (warning) => {
    throw new Error(warning.message);
  },
});
await joined.write({
  dir: target,
  format: "es",
  entryFileNames: "[name].js",
  chunkFileNames: "[name].js",
  manualChunks: (id) => patterns.find(([, pattern]) => pattern.test(relative(source, id)))?.[0],
});
