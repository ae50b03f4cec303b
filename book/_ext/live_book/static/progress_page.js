// The page on a reader's progress: a table by chapter, what went wrong last time, and a file to take along.
import { make } from "./dom.js";
import { pageOf, read, show } from "./progress.js";
import { kept, keep } from "./storage.js";
import { _ } from "./words.js";

const LONGEST = 110;
// Signs of MathML that stand for "applied to" and "times"
const INVISIBLE = /[\u2061-\u2064]/g;
// What is taken along: all of this book's but the texts of other people's books on the same host.
const KINDS = /^(progress|fold|folds|[\w-]+):/;

function chapters() {
  const links = [...document.querySelectorAll(".bd-sidebar-primary .toctree-l1 > a")];
  return links.map((link) => ({
    page: pageOf(link),
    href: link.href,
    title: [...link.childNodes]
      .filter((node) => !node.classList?.contains("live-progress"))
      .map((node) => node.textContent)
      .join("")
      .trim(),
    progress: read(pageOf(link)),
  }));
}

function row({ page, href, title, progress }) {
  const questions = Object.values(progress.questions);
  const right = questions.filter((state) => state === "right").length;
  const help = Object.values(progress.help).reduce((sum, level) => sum + level, 0);
  return make(
    "tr",
    { "data-progress-page": page },
    make("td", {}, make("a", { href, textContent: title })),
    make("td", {
      textContent: progress.total ? _("{n} of {of}", { n: progress.right.length, of: progress.total }) : "",
    }),
    make("td", { textContent: questions.length ? _("{n} of {of}", { n: right, of: questions.length }) : "" }),
    make("td", { textContent: help ? String(help) : "" }),
  );
}

// What a question asks, as its own page has it; "" where that page can't be had. An equation is its letters.
const pages = new Map();
async function asked(page, question) {
  const load = async () => {
    const answer = await fetch(page);
    return new DOMParser().parseFromString(answer.ok ? await answer.text() : "", "text/html");
  };
  if (!pages.has(page)) pages.set(page, load());
  try {
    const text = (await pages.get(page)).querySelector(`#${CSS.escape(question)}-asked p`)?.textContent ?? "";
    const line = text.replace(INVISIBLE, "").replace(/\s+/g, " ").trim();
    return line.length > LONGEST ? `${line.slice(0, line.lastIndexOf(" ", LONGEST))} …` : line;
  } catch {
    pages.delete(page);
    return "";
  }
}

function linkTo(page, question) {
  const link = make("a", { href: `${page}#${question}`, textContent: _("a question") });
  asked(page, question).then((text) => text && (link.textContent = text));
  return link;
}

function review(found) {
  const items = [];
  for (const { href, title, progress } of found) {
    for (const [exercise, codes] of Object.entries(progress.wrong))
      items.push(
        make(
          "li",
          { "data-review": exercise },
          make(
            "a",
            { href: `${href.split("#")[0]}#exercise-${exercise}` },
            make("code", { textContent: exercise }),
          ),
          " ",
          _("in {title}", { title }),
          codes ? _(", last time: {codes}", { codes }) : "",
        ),
      );
    for (const [question, state] of Object.entries(progress.questions))
      if (state === "wrong")
        items.push(
          make(
            "li",
            { "data-review": question },
            linkTo(href.split("#")[0], question),
            " ",
            _("in {title}", { title }),
          ),
        );
  }
  return items.length
    ? make("ul", {}, ...items)
    : make("p", { textContent: _("Nothing: whatever you tried was right in the end.") });
}

function save() {
  const texts = Object.fromEntries([...kept()].filter(([key]) => KINDS.test(key)));
  const data = JSON.stringify({ deltabook: 1, kept: texts }, null, 1);
  const url = URL.createObjectURL(new Blob([data], { type: "application/json" }));
  make("a", { href: url, download: "my-progress.json" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

// The texts of a file that was saved here. Error where it is another file.
function texts(data) {
  const found = JSON.parse(data);
  const entries = found?.deltabook === 1 && found.kept ? Object.entries(found.kept) : null;
  if (!entries?.every(([key, text]) => KINDS.test(key) && typeof text === "string"))
    throw new Error(_("This file was not saved by this page."));
  return entries;
}

export function showProgress(place) {
  const words = make("p", { role: "status", className: "live-state" });
  const table = make("tbody");
  const list = make("div", { "data-review-list": "" });
  const fill = () => {
    const found = chapters().filter(({ page }) => /^\d\d-/.test(page));
    table.replaceChildren(...found.map(row));
    list.replaceChildren(review(found));
  };
  const file = make("input", { type: "file", accept: "application/json", "data-progress-import": "" });
  file.addEventListener("change", async () => {
    try {
      const found = texts(await file.files[0].text());
      for (const [key, text] of found) keep(key, text);
      words.textContent = _("{count} entries were taken over.", { count: found.length });
    } catch (error) {
      words.textContent =
        error instanceof SyntaxError ? _("This file was not saved by this page.") : error.message;
    }
    fill();
    show();
  });
  const head = [_("Chapter"), _("Exercises"), _("Questions"), _("Steps of help")].map((text) =>
    make("th", { scope: "col", textContent: text }),
  );
  const button = make("button", {
    type: "button",
    className: "live-download",
    textContent: _("Save my progress as a file"),
    "data-progress-export": "",
  });
  button.addEventListener("click", save);
  place.replaceChildren(
    make(
      "table",
      { className: "live-progress-table", tabIndex: 0 },
      make("thead", {}, make("tr", {}, ...head)),
      table,
    ),
    make(
      "p",
      { className: "live-progress-files" },
      button,
      make("label", {}, `${_("Take a file over:")} `, file),
    ),
    words,
    make("h2", { textContent: _("What I got wrong last time") }),
    list,
  );
  fill();
}
