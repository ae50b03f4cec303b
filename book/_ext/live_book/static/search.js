// The search page: sections, best first, each with the sentence that answers best.
import { make } from "./dom.js";
import { settings } from "./settings.js";
import { _, n_ } from "./words.js";

const MOST = 30;
const MOST_OF_A_PAGE = 3;
const EXCERPT = 240;
const REST = 0.25;
// They are in every section, or ask
const COMMON = new Set(
  "a an and are as at be but by can do does for from has have how i if in into is it not of on or so that the then there this to was we what when where which why with you al como con cual cuando de del donde el en es la las lo los para por que se son un una y".split(
    " ",
  ),
);
const GREEK = { δ: "delta", η: "eta", θ: "theta", κ: "kappa", λ: "lambda", σ: "sigma" };
const CODE = /^k\d+$/;
const WORD = /[\p{L}\p{N}]+/gu;

// A word as it is compared: divide, divided and dividing are one.
function stem(word) {
  const plain = word.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  if (COMMON.has(plain)) return null;
  if (plain in GREEK) return GREEK[plain];
  return plain.length > 4 ? plain.replace(/(?:ations?|ings?|ed|es|s|e)$/, "") : plain;
}

const tokens = (text) => text.match(WORD) ?? [];

// The sections that answer a question, best first: those with all its words, or else with any.
function found(index, question) {
  const options = {
    boost: { title: 2, page: 1.5 },
    // A chapter explains, and comes before catalogues and appendices; a mistake's code is looked up there.
    boostDocument: (_uri, term, { chapter }) => (chapter || CODE.test(term) ? 1 : REST),
    prefix: (term) => term.length > 3,
    fuzzy: (term) => (term.length > 5 ? 0.2 : false),
  };
  const all = index.search(question, { ...options, combineWith: "AND" });
  const results = all.length ? all : index.search(question, options);
  const pages = new Map();
  return results
    .filter(({ page }) => {
      pages.set(page, (pages.get(page) ?? 0) + 1);
      return pages.get(page) <= MOST_OF_A_PAGE;
    })
    .slice(0, MOST);
}

// The sentences of a text that have most of the words, from the best one on.
function excerpt(text, terms) {
  const sentences = text.match(/[^.!?]+[.!?]*\s*/g) ?? [text];
  const score = (sentence) =>
    new Set(
      tokens(sentence)
        .map(stem)
        .filter((word) => terms.has(word)),
    ).size;
  const scores = sentences.map(score);
  const best = scores.indexOf(Math.max(...scores));
  let shown = sentences[best] ?? "";
  for (const more of sentences.slice(best + 1)) {
    if (shown.length + more.length > EXCERPT) break;
    shown += more;
  }
  return shown.length > 2 * EXCERPT ? `${shown.slice(0, 2 * EXCERPT)} …` : shown.trim();
}

// A text with its matching words marked, whole words alone.
function marked(text, terms) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(WORD)) {
    if (!terms.has(stem(match[0]))) continue;
    parts.push(text.slice(end, match.index), make("mark", { textContent: match[0] }));
    end = match.index + match[0].length;
  }
  return [...parts, text.slice(end)];
}

function item({ uri, title, page, text, terms }) {
  const known = new Set(terms);
  return make(
    "li",
    {},
    make("a", { href: uri }, ...marked(title, known)),
    page.endsWith(title) ? "" : make("span", { className: "search-page", textContent: page }),
    make("p", {}, ...marked(excerpt(text, known), known)),
  );
}

const indexOf = (MiniSearch, sections) => {
  const index = new MiniSearch({
    fields: ["title", "page", "text"],
    storeFields: ["uri", "title", "page", "text", "chapter"],
    idField: "uri",
    tokenize: tokens,
    processTerm: stem,
  });
  index.addAll(sections);
  return index;
};

async function show(place, question) {
  const status = make("p", { role: "status", textContent: _("Searching…") });
  place.replaceChildren(status);
  try {
    const [{ default: MiniSearch }, answer] = await Promise.all([
      import("../../vendor/minisearch/dist/es/index.js"),
      fetch(`${settings.static}search-sections.json`),
    ]);
    const results = found(indexOf(MiniSearch, await answer.json()), question);
    status.textContent = results.length
      ? n_("One section answers best.", "{n} sections, the best first.", results.length)
      : _("No section has these words. Try fewer, or others.");
    place.append(make("ol", { className: "search-list" }, ...results.map(item)));
  } catch {
    status.textContent = _(
      "The search could not be fetched. Is the network gone? Reload the page to try again.",
    );
  }
}

const place = globalThis.document?.getElementById("search-results");
if (place) {
  const question = new URLSearchParams(location.search).get("q")?.trim() ?? "";
  for (const field of document.querySelectorAll("form.bd-search input")) field.value = question;
  if (question) show(place, question);
}
