// The live page: its cells, one Python for all of them, and what each part of the page does for a cell.
import { isFast } from "./ahead.js";
import { putCase } from "./case_cell.js";
import { Cell } from "./cell.js";
import { Checker } from "./checker.js";
import { Folds } from "./fold.js";
import { Python } from "./interpreter.js";
import { groupsOf, LoadingBar, prefetch } from "./loading.js";
import { addLines } from "./outputs.js";
import { Runner } from "./runner.js";
import { pyodideFolder, settings } from "./settings.js";
import { showSaved } from "./surviving_controls.js";
import { Turns } from "./turns.js";
import { Models } from "./widget_models.js";
import { _ } from "./words.js";

const STOPPED = _("Stopped. Python was restarted; what the cells had computed is gone.");

export class Page {
  constructor() {
    this.name = settings.page;
    this.richEditor = settings.editor;
    this.loading = new LoadingBar();
    this.python = new Python({
      workerUrl: new URL(
        settings.language ? `worker.js?language=${settings.language}` : "worker.js",
        import.meta.url,
      ),
      base: pyodideFolder,
      manifest: settings.python,
      // What all cells of the page need is fetched while Python starts.
      groups: () => groupsOf(this.cells.map((cell) => cell.source)),
      onStatus: (status) => this.loading.status(status),
      onProgress: (bytes) => this.loading.progress(bytes, this.turns.active),
      onLines: addLines,
      language: settings.language,
    });
    this.turns = new Turns(this.python);
    this.controls = new Models({
      python: this.python,
      wake: (cell) => this.runner.wake(cell),
      cellAt: (element) => this.cellAt(element),
    });
    this.cells = [...document.querySelectorAll("[data-live-cell]")].map((element) => new Cell(element, this));
    this.exercises = this.cells.filter((cell) => cell.exercise);
    const { cells, exercises, python, turns, controls } = this;
    this.folds = new Folds(this);
    this.checker = new Checker({
      ...{ cells, exercises, python, turns, controls },
      judged: () => this.folds.update(),
      toCell: (cell, code) => putCase(this, cell, code),
    });
    this.runner = new Runner({
      ...{ cells, python, turns, controls },
      prepareExercises: () => this.checker.prepare(),
    });
    showSaved(controls, cells);
  }

  cellAt(element) {
    return this.cells.find((cell) => cell.element === element);
  }

  // ---- what a cell's buttons ask for ----

  run(cell) {
    return this.runner.run(cell);
  }

  check(cell) {
    return this.checker.check(cell);
  }

  stop() {
    this.python.stop(STOPPED);
  }

  prefetch() {
    return prefetch(this.cells);
  }

  // An exercise comes near: Python and what its notebook gives are ready when its Check is pressed. What goes
  // wrong is said at the press.
  startAhead() {
    if (settings.python && isFast(navigator.connection)) this.checker.prepare().catch(() => {});
  }

  leave() {
    this.python.end(_("The page was left."));
    document.documentElement.dataset.liveStatus = "off";
  }
}
