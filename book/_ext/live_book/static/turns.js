// Runs and checks take turns: one after the other, in the order in which they were asked for.
import { settings, WITHOUT_PYTHON } from "./settings.js";

export class Turns {
  constructor(python) {
    this.python = python;
    this.last = Promise.resolve();
    // The cell whose turn it is, or the first that waits for Python.
    this.active = null;
  }

  // Do `work` for a cell when what was asked for before is over. If Python was stopped meanwhile, this is
  // stopped too. again: "run" or "check", what a press of Try again does.
  take(cell, again, work) {
    if (cell.state === "waiting") return this.last;
    if (!settings.python) return Promise.resolve(cell.fail(WITHOUT_PYTHON));
    cell.state = "waiting";
    this.active ??= cell;
    const session = this.python.session;
    const turn = async () => {
      if (session !== this.python.session) return cell.fail(this.python.reason, again);
      this.active = cell;
      try {
        return await work();
      } catch (error) {
        return cell.fail(error.message, again);
      } finally {
        this.active = null;
      }
    };
    this.last = this.last.then(turn);
    return this.last;
  }
}
