// Checks an exercise as its notebook does: the given cells, the reader's other functions, then this one.
import { make } from "./dom.js";
import { enliven } from "./help.js";
import { aboutName } from "./names.js";
import { givenCells } from "./notebook.js";
import { Output } from "./outputs.js";
import * as progress from "./progress.js";
import { settings } from "./settings.js";
import { _ } from "./words.js";

// A call of the reader's function that takes longer has a loop without an end.
const SECONDS = 10;
const TOO_LONG = _(
  "Your function did not return within {seconds} seconds, so it was stopped. Is there a loop that never ends? Python was restarted; what the cells had computed is gone.",
  { seconds: SECONDS },
);

export class Checker {
  // cells: those of the page. judged(cell): a check is over. toCell(cell, code): a case is wanted as a cell.
  constructor({ cells, exercises, python, turns, controls, judged, toCell }) {
    Object.assign(this, { cells, exercises, python, turns, controls, judged, toCell });
    this.preparedIn = null;
  }

  // What the exercise notebook gives besides the exercises: its imports and helper functions.
  given() {
    // A chapter of the book's own has its notebook's name; another says which in its link.
    const name = document.querySelector("[data-notebook]")?.dataset.notebook ?? settings.page;
    const url = new URL(`${settings.static}notebooks/${name}.ipynb`, location.href);
    this.givenCells ??= givenCells(url).catch((error) => {
      this.givenCells = undefined;
      throw error;
    });
    return this.givenCells;
  }

  // Run the given cells, once in each Python; resolves to them.
  async prepare() {
    const cells = await this.given();
    if (this.preparedIn === this.python.session) return cells;
    this.preparedIn = this.python.session;
    for (const [cell, source] of cells) this.python.submit({ type: "run", cell, source, space: "exercises" });
    return cells;
  }

  check(cell) {
    if (cell.state !== "waiting") {
      cell.feedback.replaceChildren();
      delete cell.feedback.dataset.verdict;
      delete cell.feedback.dataset.codes;
    }
    return this.turns
      .take(cell, "check", () => this.judge(cell))
      .then(() => {
        // Also when Python could not be had: a check that is over says so.
        if (cell.feedback.dataset.verdict || cell.state === "waiting") return;
        cell.feedback.dataset.codes = "";
        cell.feedback.dataset.verdict = "error";
      });
  }

  // A name that the function's own calls missed stands in the card; where it is made stands below it.
  tellNames(cell, before) {
    const card = cell.feedback.querySelector('[role="group"]');
    const name = /NameError: name '(\w+)' is not defined/.exec(card?.textContent ?? "")?.[1];
    if (!name) return;
    const sources = before.map(([, source]) => source);
    card.append(
      make("p", { className: "live-note", textContent: aboutName(name, cell, this.cells, sources) }),
    );
  }

  async judge(cell) {
    const output = new Output(cell.feedback, this.controls);
    const others = this.exercises.filter((c) => c !== cell).map((c) => [c.name, c.source]);
    const before = [...(await this.given()), ...others];
    let verdict = { verdict: "error", codes: "" };
    let limit;
    const done = progress.read(settings.page).right;
    const result = await this.python.submit(
      { type: "check", cell: cell.name, exercise: cell.exercise, source: cell.source, before, done },
      {
        started: () => (cell.state = "running"),
        output: (message) => {
          if (message.type === "calling" || message.type === "returned") clearTimeout(limit);
          if (message.type === "calling")
            limit = setTimeout(() => this.python.stop(TOO_LONG), SECONDS * 1000);
          if (message.target === "nowhere") return;
          if (message.name === "NameError" && message.missing)
            message.hint = aboutName(
              message.missing,
              cell,
              this.cells,
              before.map(([, source]) => source),
            );
          if (message.type === "verdict") verdict = message;
          else output.add(message);
        },
      },
    );
    clearTimeout(limit);
    if (result.stopped) cell.fail(result.reason, "check");
    else cell.state = result.ok ? "done" : "failed";
    cell.feedback.dataset.codes = verdict.codes;
    cell.feedback.dataset.verdict = verdict.verdict;
    if (!result.stopped || result.reason === TOO_LONG)
      progress.note(settings.page, this.exercises, cell.exercise, verdict.verdict, verdict.codes);
    enliven(cell.feedback, {
      note: (level) => progress.noteHelp(settings.page, cell.exercise, level),
      toCell: (code) => this.toCell(cell, code),
    });
    this.tellNames(cell, before);
    output.box();
    this.judged(cell);
  }
}
