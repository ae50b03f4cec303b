// Equations, set while the book is built: MathJax in Node, a page a line.
//
//     node typeset.mjs FOLDER_OF_MATHJAX MATHJAX_SETTINGS
//
// in:   {"formulas": [[tex, display], ...], "letters": {"W": 3, ...}}
// out:  {"html": [one element a formula], "css": the rules that these formulas need, "errors": [[tex, why], ...]}
//
// Every symbol that the book's notation has gets data-symbol, its number there: symbols.js shows the notes.
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

async function page({ formulas, letters: known }) {
  letters = known;
  output.clearCache();
  output.chtmlStyles = null;
  const html = [];
  const errors = [];
  for (const [source, display] of formulas) {
    const node = await MathJax.tex2chtmlPromise(source, { display, em: 16, ex: 8, containerWidth: 800 });
    const text = adaptor.outerHTML(node);
    const [, why] = text.match(/data-mjx-error="([^"]*)"/) ?? [];
    if (why) errors.push([source, why]);
    html.push(text);
  }
  return { html, css: adaptor.textContent(MathJax.chtmlStylesheet()), errors };
}

for await (const line of createInterface({ input: process.stdin }))
  process.stdout.write(`${JSON.stringify(await page(JSON.parse(line)))}\n`);
