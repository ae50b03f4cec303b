// Checks an exercise as its notebook does: the given cells, the reader's other functions, then this one.
import { givenCells } from "./notebook.js";
import { Output } from "./outputs.js";
import * as progress from "./progress.js";
import { settings } from "./settings.js";

export class Checker {
  constructor({ exercises, python, turns, controls }) {
    Object.assign(this, { exercises, python, turns, controls });
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

  // Run the given cells, once in each Python.
  async prepare() {
    const cells = await this.given();
    if (this.preparedIn === this.python.session) return;
    this.preparedIn = this.python.session;
    for (const [cell, source] of cells) this.python.submit({ type: "run", cell, source, space: "exercises" });
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

  async judge(cell) {
    const output = new Output(cell.feedback, this.controls);
    const others = this.exercises.filter((c) => c !== cell).map((c) => [c.name, c.source]);
    const before = [...(await this.given()), ...others];
    let verdict = { verdict: "error", codes: "" };
    const result = await this.python.submit(
      { type: "check", cell: cell.name, exercise: cell.exercise, source: cell.source, before },
      {
        started: () => (cell.state = "running"),
        output: (message) => {
          if (message.target === "nowhere") return;
          if (message.type === "verdict") verdict = message;
          else output.add(message);
        },
      },
    );
    if (result.stopped) cell.fail(result.reason, "check");
    else cell.state = result.ok ? "done" : "failed";
    cell.feedback.dataset.codes = verdict.codes;
    cell.feedback.dataset.verdict = verdict.verdict;
    progress.note(settings.page, this.exercises, cell.exercise, verdict.verdict);
  }
}
