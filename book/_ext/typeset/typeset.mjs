// Equations, set while the book is built: MathJax in Node, a page a line.
//
//     node typeset.mjs FOLDER_OF_MATHJAX MATHJAX_SETTINGS
//
// in:   {"formulas": [[tex, display], ...], "letters": {"W": 3, ...}}
// out:  {"html": [one element a formula], "css": the rules that these formulas need, "errors": [[tex, why], ...]}
//
// Every symbol that the book's notation has gets data-symbol, its number there: symbols.js shows the notes.
// A displayed equation says how wide it is (--width, in its own em), so that the style sheet can fit it to a
// narrow screen, and one of several with \quad between them is set in parts that can go below one another.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [folder, settings] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const { tex = {}, chtml = {} } = JSON.parse(settings);
let letters = {};

const ACCENTS = {
  "^": "hat ",
  ˆ: "hat ",
  "\u0302": "hat ",
  "¯": "bar ",
  ˉ: "bar ",
  "‾": "bar ",
  "\u0304": "bar ",
  "~": "",
  "˜": "",
  "\u0303": "",
};

// ---- marking, inside MathJax's own tree --------------------------------------------------------------------
const textOf = (node) => (node.getText ? node.getText() : (node.childNodes ?? []).map(textOf).join(""));

// The outermost wrapper that holds nothing but this node; the row right under the root is no element of a page.
function wrapped(node) {
  while (
    node.parent &&
    !node.parent.parent?.isKind("math") &&
    node.parent.childNodes.length === 1 &&
    (node.parent.isInferred || node.parent.isKind("TeXAtom") || node.parent.isKind("mrow"))
  )
    node = node.parent;
  return node;
}

function markOne(node) {
  let letter = node.getText();
  let target = wrapped(node);
  let parent = target.parent;
  if (parent?.isKind("mover") && parent.childNodes[0] === target) {
    const accent = ACCENTS[textOf(parent.childNodes[1])];
    if (accent === undefined) return;
    letter = accent + letter;
    target = wrapped(parent);
    parent = target.parent;
  }
  const scripts =
    parent &&
    (parent.isKind("msup") || parent.isKind("msub") || parent.isKind("msubsup")) &&
    parent.childNodes[0] === target;
  if (scripts) {
    const above = parent.isKind("msub") ? "" : textOf(parent.childNodes[parent.childNodes.length - 1]);
    if (above.startsWith("′") && `${letter}'` in letters) letter += "'";
    target = parent;
  }
  if (letter in letters) target.attributes.set("data-symbol", String(letters[letter]));
}

function mark({ root }) {
  root.walkTree((node) => {
    if (node.isKind("mi") || node.isKind("mo")) markOne(node);
  });
}

// ---- MathJax -----------------------------------------------------------------------------------------------
globalThis.MathJax = {
  loader: {
    paths: { mathjax: folder },
    load: ["adaptors/liteDOM", "input/tex", "output/chtml", "a11y/assistive-mml"],
    require,
  },
  startup: { typeset: false },
  options: { renderActions: { symbols: [25, (all) => [...all.math].forEach(mark), mark] } },
  // The style sheet makes an equation as large as the text around it; an unknown command is an error here.
  chtml: { ...chtml, fontURL: "FONTS", matchFontHeight: false, adaptiveCSS: true },
  tex: { ...tex, packages: { "[-]": ["noundefined"] } },
};
require(`${folder}/startup.js`);
await globalThis.MathJax.startup.promise;
const { MathJax } = globalThis;
const { adaptor, output } = MathJax.startup;

// The width of the last formula in em: MathJax forgets its boxes when the formula is set
let width = 0;
output.processMath = (math, node) => {
  const box = output.factory.wrap(math);
  width = box.getOuterBBox().w;
  box.toCHTML(node);
};

// The parts of a displayed formula: what stands between spaces of \quad or more outside of all braces and fences.
// Sphinx puts all that has a row anywhere, if only in a matrix, into a split.
const SPLIT = /^\\begin\{split\}(.*)\\end\{split\}$/s;
const TOKEN = /\\(?:begin|end)\{[^}]*\}|\\[a-zA-Z]+|\\.|[{}&()]|[^\\{}&()]+/gs;

function parts(source) {
  const found = [""];
  let depth = 0;
  const [, inside = source] = source.trim().match(SPLIT) ?? [];
  for (const [token] of inside.matchAll(TOKEN)) {
    // Columns, rows and a number belong to the whole
    if (depth === 0 && /^(?:&|\\\\|\\tag|\\begin\{(?:align|gather)\*?\})$/.test(token)) return [source];
    if (/^(?:[{(]|\\left|\\begin\{.*)$/.test(token)) depth += 1;
    if (/^(?:[})]|\\right|\\end\{.*)$/.test(token)) depth -= 1;
    if (depth === 0 && /^\\q?quad$/.test(token)) found.push("");
    else found[found.length - 1] += token;
  }
  return found.map((part) => part.trim()).filter(Boolean);
}

async function set(source, display) {
  const node = await MathJax.tex2chtmlPromise(source, { display, em: 16, ex: 8, containerWidth: 800 });
  if (display) {
    adaptor.setAttribute(node, "style", `--width: ${width.toFixed(2)}`);
    // liteDOM writes an ampersand as it is
    adaptor.setAttribute(node, "data-tex", source.replaceAll("&", "&amp;"));
  }
  return adaptor.outerHTML(node);
}

async function page({ formulas, letters: known }) {
  letters = known;
  output.clearCache();
  output.chtmlStyles = null;
  const html = [];
  const errors = [];
  for (const [source, display] of formulas) {
    const rows = [];
    for (const part of display ? parts(source) : [source]) rows.push(await set(part, display));
    const text = rows.length > 1 ? `<span class="equation-parts">${rows.join("")}</span>` : rows[0];
    const [, why] = text.match(/data-mjx-error="([^"]*)"/) ?? [];
    if (why) errors.push([source, why]);
    html.push(text);
  }
  return { html, css: adaptor.textContent(MathJax.chtmlStylesheet()), errors };
}

for await (const line of createInterface({ input: process.stdin }))
  process.stdout.write(`${JSON.stringify(await page(JSON.parse(line)))}\n`);
