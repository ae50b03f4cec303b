// The live page: finds its cells, keeps them in order, and gives them one Python.
import { Cell } from "./cell.js";
import { make } from "./dom.js";
import { onOtherTab } from "./storage.js";
import { Models, savedModels } from "./widget_models.js";
import { Output, addLines } from "./outputs.js";
import { Python } from "./interpreter.js";
import { givenCells, offerMine } from "./notebook.js";
import * as progress from "./progress.js";

const settings = JSON.parse(document.getElementById("live-settings").textContent);
const here = new URL(".", import.meta.url);
const root = document.documentElement;
const base = new URL(`${settings.static}pyodide/`, location.href).href;
const VIEW = "application/vnd.jupyter.widget-view+json";
const WITHOUT = "This copy of the book was built without Python in the page, so its cells can't be run.";
const STOPPED = "Stopped. Python was restarted; what the cells had computed is gone.";

const GROUPS = { matplotlib: /matplotlib|pyplot|figures/, ipywidgets: /ipywidgets|interact/ };

class Page {
  constructor() {
    this.name = settings.page;
    this.richEditor = settings.editor;
    this.turn = Promise.resolve(); // runs and checks, one after the other
    this.python = new Python({
      workerUrl: new URL("worker.js", here),
      base,
      manifest: settings.python,
      groups: () => this.groups(this.cells.map((cell) => cell.source)), // fetched while Python starts
      onStatus: (status) => this.status(status),
      onProgress: (p) => this.progress(p),
      onLines: addLines,
    });
    this.controls = new Models({
      python: this.python,
      wake: (place) => this.wake(this.cellAt(place)),
      route: (place) => this.callbacks(this.cellAt(place)),
    });
    this.cells = [...document.querySelectorAll("[data-live-cell]")].map((element) => new Cell(element, this));
    this.exercises = this.cells.filter((cell) => cell.exercise);
    this.showSaved();
  }

  cellAt(place) {
    return this.cells.find((cell) => cell.element === place);
  }

  groups(sources) {
    const text = sources.join("\n");
    return Object.keys(GROUPS).filter((group) => GROUPS[group].test(text));
  }

  status(status) {
    root.dataset.liveStatus = status;
    if (status === "ready" || status === "failed") this.bar?.remove();
  }

  progress({ loaded, total }) {
    if (root.dataset.liveStatus !== "loading" || !this.active) return;
    if (!this.bar?.isConnected) {
      this.bar = make("progress", { className: "live-progress-bar", "aria-label": "Loading Python" });
      this.active.bar.after(this.bar);
    }
    this.bar.max = total;
    this.bar.value = Math.min(loaded, total);
    this.active.words.textContent = `loading Python: ${(loaded / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB`;
  }

  // ---- running ----

  // Do `work` when what was asked for before is over. If Python was stopped meanwhile, this is stopped too.
  inTurn(cell, again, work) {
    if (cell.state === "waiting") return this.turn;
    if (!settings.python) return Promise.resolve(cell.fail(WITHOUT));
    cell.state = "waiting";
    this.active ??= cell;
    const session = this.python.session;
    const mine = async () => {
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
    this.turn = this.turn.then(mine);
    return this.turn;
  }

  run(cell) {
    return this.inTurn(cell, "run", () => this.runInOrder(cell));
  }

  // The cells before this one that have not run yet, then this one.
  async runInOrder(cell, { keep = false } = {}) {
    const earlier = this.cells.slice(0, this.cells.indexOf(cell));
    const before = cell.exercise ? [] : earlier.filter((c) => !c.exercise && c.ranIn !== this.python.session);
    const states = before.map((c) => c.state);
    for (const c of before) c.state = "waiting";
    for (const [i, c] of before.entries()) {
      const result = await this.runOne(c);
      if (result.ok || c.tags.includes("raises-exception") || c.tags.includes("mistake")) continue;
      before.slice(i + 1).forEach((late, j) => (late.state = states[i + 1 + j]));
      if (result.stopped) return cell.fail(result.reason, "run");
      return cell.fail(`An earlier cell (${c.name}) failed, so this one did not run.`);
    }
    return this.runOne(cell, keep);
  }

  // keep: the controls on the page stay, and become those that the cell makes now.
  async runOne(cell, keep = false) {
    if (cell.exercise) await this.prepare();
    const session = this.python.session;
    const text = cell.source;
    const kept = [];
    const result = await this.python.submit(
      {
        type: "run",
        cell: cell.name,
        source: text,
        space: cell.exercise ? "exercises" : "page",
        groups: this.groups([text]),
      },
      {
        started: () => {
          cell.state = "running";
          if (!keep) cell.output.clear();
        },
        output: (message) =>
          keep && !message.target && message.type !== "model"
            ? kept.push(message)
            : this.receive(message, cell),
      },
    );
    if (keep && !result.stopped) this.settle(cell, kept);
    if (result.stopped) cell.fail(result.reason, "run");
    else cell.state = result.ok ? "done" : "failed";
    if (result.ok && cell.source === text) {
      // What comes after a changed cell is computed from its new values.
      if (cell.ranText !== undefined && cell.ranText !== text)
        for (const late of this.cells.slice(this.cells.indexOf(cell) + 1)) late.ranIn = -1;
      cell.ranIn = session;
      cell.ranText = text;
    }
    return result;
  }

  async runAll() {
    for (const cell of this.cells) if (!cell.exercise) cell.ranIn = -1;
    const last = this.cells.filter((cell) => !cell.exercise).pop();
    if (last) await this.run(last);
  }

  stop() {
    this.python.stop(STOPPED);
  }

  // ---- exercises ----

  // What the exercise notebook gives besides the exercises: its imports and helper functions.
  given() {
    this.givenCells ??= givenCells(
      new URL(`${settings.static}notebooks/${this.name}.ipynb`, location.href),
    ).catch((error) => {
      this.givenCells = undefined;
      throw error;
    });
    return this.givenCells;
  }

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
    return this.inTurn(cell, "check", () => this.judge(cell)).then(() => {
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
    progress.note(this.name, this.exercises, cell.exercise, verdict.verdict);
  }

  // ---- what Python sends, and controls ----

  receive(message, cell) {
    if (message.type === "model") this.controls.receive(message);
    else if (message.target) this.controls.target(message);
    else if (cell) this.controls.into(cell.output, message);
  }

  // Handlers for a moved control: what its callbacks print stands under the cell's output, the last move's
  // only.
  callbacks(cell) {
    let said = null;
    const print = (message) => {
      if (message.type === "model" || message.target || !cell) return this.receive(message, cell);
      if (!said) {
        cell.output.element.querySelector(":scope > .live-said")?.remove();
        said = new Output(make("div", { className: "live-said" }), this.controls);
        cell.output.element.append(said.element);
      }
      return this.controls.into(said, message);
    };
    return { output: print };
  }

  showSaved() {
    for (const [id, model] of savedModels()) this.controls.models.set(id, model);
    for (const cell of this.cells) {
      for (const script of cell.element.querySelectorAll(`script[type="${VIEW}"]`)) {
        script.parentElement.querySelector(".live-still")?.remove();
        script.replaceWith(this.controls.showControl(JSON.parse(script.textContent).model_id));
      }
    }
  }

  // A control was moved that no Python knows of: its cell runs, and the value is replayed.
  wake(cell) {
    if (!cell || cell.waking) return;
    cell.waking = true;
    this.inTurn(cell, "run", () => this.runInOrder(cell, { keep: true })).then(() => (cell.waking = false));
  }

  // The cell of a woken control ran: the controls on the page go on if they are of the same make, or else the
  // new ones come.
  settle(cell, messages) {
    const now = messages.map((m) => m.data?.[VIEW]?.model_id).filter(Boolean);
    const shown = [...cell.output.element.querySelectorAll("[data-control]")].filter(
      (e) => !e.parentElement.closest("[data-control]"),
    );
    const ids = shown.map((e) => e.dataset.control);
    const present = (id) => this.controls.alias.get(id) ?? id;
    const same =
      now.length > 0 &&
      now.length === ids.length &&
      now.every((id, i) => this.controls.alike(present(ids[i]), id));
    if (same) {
      now.forEach((id, i) => this.controls.adopt(ids[i], id));
      this.controls.replay(cell.element);
    } else {
      cell.output.clear();
      this.controls.touched.clear();
      for (const message of messages) this.receive(message, cell);
    }
  }

  // ---- before and after ----

  async prefetch() {
    if (this.prefetched || !settings.python || navigator.connection?.saveData) return;
    this.prefetched = true;
    const answer = await fetch(`${base}live.json`).catch(() => null);
    if (!answer?.ok) return; // a run will say what is wrong
    const { groups } = await answer.json();
    const wanted = ["stdlib", "numpy", "deltabook", ...this.groups(this.cells.map((cell) => cell.source))];
    for (const file of [
      "pyodide.mjs",
      "pyodide.asm.js",
      "pyodide.asm.wasm",
      ...wanted.map((name) => groups[name].file),
    ])
      document.head.append(make("link", { rel: "prefetch", href: base + file }));
  }

  leave() {
    this.python.end("The page was left.");
    root.dataset.liveStatus = "off";
  }
}

function runAllButton(page) {
  const first = page.cells.find((cell) => !cell.exercise);
  if (!first) return;
  const button = make("button", {
    type: "button",
    textContent: "Run all",
    "aria-label": "Run all cells of this page",
  });
  button.addEventListener("click", () => page.runAll());
  first.run.after(button);
}

export function begin() {
  const page = new Page();
  if (page.cells.length) {
    runAllButton(page);
    offerMine(page.exercises);
    if (!settings.python)
      page.cells[0].element.before(make("p", { className: "live-note", textContent: WITHOUT }));
    // CodeMirror for the exercises as they come near; other cells get it when they are touched.
    const near = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, target } of entries) {
          if (!isIntersecting) continue;
          near.unobserve(target);
          page.cellAt(target).editor.enrich();
        }
      },
      { rootMargin: "300px" },
    );
    for (const cell of page.exercises) near.observe(cell.element);
    onOtherTab((key, text) => {
      page.cells.find((cell) => cell.key === key)?.heard(text);
      progress.show();
    });
    // Leaving frees Python's memory; coming back starts from what is shown.
    addEventListener("pagehide", () => page.leave());
  }
  progress.show();
}
