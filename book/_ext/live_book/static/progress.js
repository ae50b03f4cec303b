// What a reader has done, kept in this browser: exercises and questions by page, and marks in the sidebar.
//
// {right: [ids], total, tries: {id: n}, help: {id: level}, wrong: {id: codes}, questions: {id: "right" | "wrong"}}
import { make } from "./dom.js";
import { keep, recall } from "./storage.js";
import { _ } from "./words.js";

const PREFIX = "progress:";
const EMPTY = { right: [], total: 0, tries: {}, help: {}, wrong: {}, questions: {} };

export function read(page) {
  try {
    const found = JSON.parse(recall(PREFIX + page));
    return { ...structuredClone(EMPTY), ...found };
  } catch {
    return structuredClone(EMPTY);
  }
}

function write(page, progress) {
  keep(PREFIX + page, JSON.stringify(progress));
  show();
}

// A check is over. verdict: "right", "wrong" or "error"; codes: of the named mistakes.
export function note(page, exercises, exercise, verdict, codes = "") {
  const progress = read(page);
  const names = exercises.map((cell) => cell.exercise);
  const right = new Set(progress.right);
  if (verdict === "right") {
    right.add(exercise);
    delete progress.wrong[exercise];
  } else {
    progress.tries[exercise] = (progress.tries[exercise] ?? 0) + 1;
    if (verdict === "wrong") progress.wrong[exercise] = codes;
  }
  progress.right = names.filter((name) => right.has(name));
  progress.total = names.length;
  write(page, progress);
}

// So many steps of help were opened.
export function noteHelp(page, exercise, level) {
  const progress = read(page);
  progress.help[exercise] = Math.max(progress.help[exercise] ?? 0, level);
  write(page, progress);
}

function noteQuestion(page, question, state) {
  const progress = read(page);
  if (state === "right" || state === "wrong") progress.questions[question] = state;
  write(page, progress);
}

export const isRight = (page, exercise) => read(page).right.includes(exercise);
export const tries = (page, exercise) => read(page).tries[exercise] ?? 0;

// Questions say of themselves what became of them.
export function watchQuestions(page) {
  const seen = new MutationObserver((changes) => {
    for (const { target } of changes)
      noteQuestion(page, target.dataset.question, target.dataset.questionState);
  });
  for (const question of document.querySelectorAll("[data-question]"))
    seen.observe(question, { attributeFilter: ["data-question-state"] });
}

export function pageOf(link) {
  const here = link.getAttribute("href") === "#";
  const path = here ? location.pathname : new URL(link.href).pathname;
  return path
    .split("/")
    .pop()
    .replace(/\.html$/, "");
}

export function show() {
  for (const link of document.querySelectorAll(".bd-sidebar-primary .toctree-l1 > a")) {
    const { right, total } = read(pageOf(link));
    let badge = link.querySelector(".live-progress");
    if (!total) {
      badge?.remove();
      continue;
    }
    if (!badge) link.append(" ", (badge = make("span", { className: "live-progress" })));
    badge.textContent = `${right.length}/${total}`;
    badge.title = _("{right} of {total} exercises passed their check in this browser", {
      right: right.length,
      total,
    });
    badge.toggleAttribute("data-done", right.length === total);
  }
}
