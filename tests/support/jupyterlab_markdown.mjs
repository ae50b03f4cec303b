// The Markdown parser that JupyterLab ships, run by itself: [[kind, text], …] of what each source's tokens could do.
// Arguments: the file of JupyterLab's with the parser; standard input: a JSON list of sources.
import { readFileSync } from "node:fs";

globalThis.self = {};
new Function(readFileSync(process.argv[2], "utf8"))();
const [, modules] = Object.values(globalThis.self)[0][0];
const found = {};
const loader = {
  r() {},
  d(_, getters) {
    if (getters.marked) Object.assign(found, { marked: getters.marked, walk: getters.walkTokens });
  },
};
for (const make of Object.values(modules)) make({}, {}, loader);

const acts = (token) => {
  if (["link", "image", "html", "def"].includes(token.type)) return [token.type, token.raw];
  if (token.type === "code" && token.lang) return ["code", token.lang];
  if (token.type === "heading") return ["heading", token.text];
  return null;
};
const sources = JSON.parse(readFileSync(0, "utf8"));
const told = sources.map((source) => {
  const acting = [];
  const marked = found.marked();
  marked.walkTokens(marked.lexer(source, { gfm: true }), (token) => {
    const what = acts(token);
    if (what) acting.push(what);
  });
  return acting;
});
console.log(JSON.stringify(told));
