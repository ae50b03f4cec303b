// Runs cells in the page's order: a cell, and before it those above that have not run yet.
import { groupsOf } from "./loading.js";
import { aboutName } from "./names.js";
import { settle } from "./surviving_controls.js";
import { _ } from "./words.js";

const mayFail = (cell) => cell.tags.includes("raises-exception") || cell.tags.includes("mistake");

export class Runner {
  // prepareExercises(): runs what the exercise notebook gives besides its exercises, and resolves to its cells.
  constructor({ cells, python, turns, controls, prepareExercises }) {
    Object.assign(this, { cells, python, turns, controls, prepareExercises });
  }

  run(cell) {
    return this.turns.take(cell, "run", () => this.runInOrder(cell));
  }

  get plain() {
    return this.cells.filter((cell) => !cell.exercise && !cell.follows);
  }

  // Resolves to what came of it: {ran, failed, left}; failed is the cell that stopped it, or null.
  async runAll() {
    const all = this.plain;
    for (const cell of all) cell.ranIn = -1;
    if (all.length) await this.run(all.at(-1));
    const failed = all.find((cell) => cell.state === "failed" && !mayFail(cell)) ?? null;
    const ran = failed ? all.indexOf(failed) : all.length;
    return { ran, failed, left: all.length - ran - (failed ? 1 : 0) };
  }

  // A control was moved that no Python knows of: its cell runs, and the value is replayed.
  wake(cell) {
    if (!cell || cell.waking) return;
    cell.waking = true;
    this.turns
      .take(cell, "run", () => this.runInOrder(cell, { keep: true }))
      .then(() => (cell.waking = false));
  }

  after(cell) {
    return this.cells.slice(this.cells.indexOf(cell) + 1);
  }

  // The cells before this one that have not run in this Python; an exercise needs none of them.
  waitingBefore(cell) {
    if (cell.exercise) return [];
    if (cell.follows) return [cell.follows];
    const earlier = this.cells.slice(0, this.cells.indexOf(cell));
    return earlier.filter((c) => this.plain.includes(c) && c.ranIn !== this.python.session);
  }

  async runInOrder(cell, { keep = false } = {}) {
    const before = this.waitingBefore(cell);
    const states = before.map((c) => c.state);
    for (const c of before) c.state = "waiting";
    for (const [i, c] of before.entries()) {
      const result = await this.runOne(c);
      if (result.ok || mayFail(c)) continue;
      before.slice(i + 1).forEach((late, j) => (late.state = states[i + 1 + j]));
      if (result.stopped) return cell.fail(result.reason, "run");
      const why = c.exercise
        ? _("The exercise {id} failed, so this one did not run.", { id: c.exercise })
        : _("Cell [{number}], above, failed, so this one did not run.", { number: c.number });
      return cell.fail(why);
    }
    return this.runOne(cell, keep);
  }

  // keep: the controls on the page stay, and become those that the cell makes now.
  async runOne(cell, keep = false) {
    const apart = Boolean(cell.exercise || cell.follows);
    const given = apart ? await this.prepareExercises() : [];
    const session = this.python.session;
    const source = cell.source;
    const space = apart ? "exercises" : "page";
    const held = [];
    const result = await this.python.submit(
      { type: "run", cell: cell.name, source, space, groups: groupsOf([source]) },
      {
        started: () => {
          cell.state = "running";
          if (!keep) cell.output.clear();
        },
        output: (message) => {
          if (message.name === "NameError" && message.missing)
            message.hint = aboutName(
              message.missing,
              cell,
              this.cells,
              given.map(([, text]) => text),
            );
          if (keep && !message.target && message.type !== "model") held.push(message);
          else this.controls.receive(message, cell);
        },
      },
    );
    if (keep && !result.stopped) settle(this.controls, cell, held);
    if (result.stopped) cell.fail(result.reason, "run");
    else cell.state = result.ok ? "done" : "failed";
    cell.output.box();
    if (result.ok && cell.source === source) this.noteRun(cell, source, session);
    return result;
  }

  // What comes after a changed cell is computed from its new values.
  noteRun(cell, source, session) {
    if (cell.ranText !== undefined && cell.ranText !== source)
      for (const late of this.after(cell)) late.ranIn = -1;
    cell.ranIn = session;
    cell.ranText = source;
  }
}
