// The live page: finds its cells, keeps them in order, and gives them one Python.
import { Cell } from "./cell.js";
import { errorBox, Output } from "./outputs.js";
import { Python } from "./python.js";
import { givenCells, offerMine } from "./notebook.js";
import * as progress from "./progress.js";

const settings = JSON.parse(document.getElementById("live-settings").textContent);
const here = new URL(".", import.meta.url);
const root = document.documentElement;
const base = new URL(settings.static + "pyodide/", location.href).href;

const GROUPS = { matplotlib: /matplotlib|pyplot|figures/, ipywidgets: /ipywidgets|interact/, digits: /sklearn/ };

class Page {
  constructor() {
    this.name = settings.page;
    this.models = new Map();
    this.outputs = new Map(); // Output widgets, by model id
    this.controls = {
      models: this.models,
      change: (model, state, more = {}) => this.change(model, state, more),
      outputAt: (id, element) => this.outputAt(id, element),
    };
    this.python = new Python({
      workerUrl: new URL("worker.js", here),
      base,
      groups: () => this.groups(this.cells.map((cell) => cell.source)), // fetched while Python starts
      onStatus: (status, text) => this.status(status, text),
      onProgress: (p) => this.progress(p),
    });
    this.cells = [...document.querySelectorAll("[data-live-cell]")].map((element) => new Cell(element, this));
    if (!settings.python) for (const cell of this.cells) cell.run.title = "This copy of the book was built without Python in the page";
  }

  groups(sources) {
    const text = sources.join("\n");
    return Object.keys(GROUPS).filter((group) => GROUPS[group].test(text));
  }

  status(status, text = "") {
    root.dataset.liveStatus = status;
    if (status === "ready") this.bar?.remove();
    if (status === "failed") {
      this.bar?.remove();
      this.failure = text;
    }
  }

  progress({ loaded, total }) {
    if (root.dataset.liveStatus !== "loading" || !this.active) return;
    if (!this.bar?.isConnected) {
      this.bar = document.createElement("progress");
      this.bar.className = "live-progress-bar";
      this.bar.setAttribute("aria-label", "Loading Python");
      this.active.element.append(this.bar);
    }
    this.bar.max = total;
    this.bar.value = Math.min(loaded, total);
    this.active.words.textContent = `loading Python: ${(loaded / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB`;
  }

  // The cells before this one that have not run yet, then this one.
  async run(cell) {
    const before = cell.exercise ? [] : this.cells.slice(0, this.cells.indexOf(cell)).filter((c) => !c.exercise && c.ranIn !== this.python.session);
    const all = [...before, cell];
    this.active = cell;
    for (const c of all) c.state = "waiting";
    let failed = null;
    for (const c of all) {
      if (failed) {
        c.state = c === cell ? "failed" : "saved";
        if (c === cell) {
          c.output.clear();
          c.show(failed.stopped ? failed.reason : `An earlier cell (${failed.name}) failed, so this one did not run.`);
        }
        continue;
      }
      const result = await this.runOne(c);
      if (!result.ok && c !== cell && !/raises-exception|mistake/.test(c.element.dataset.tags)) failed = { name: c.name, ...result };
    }
  }

  async runOne(cell) {
    if (cell.exercise) await this.prepare();
    const session = this.python.session;
    const text = cell.source;
    let cleared = false;
    const result = await this.python.submit(
      { type: "run", cell: cell.name, source: text, space: cell.exercise ? "exercises" : "page", groups: this.groups([text]) },
      {
        started: () => {
          cell.state = "running";
          cell.output.clear();
          cleared = true;
        },
        output: (message) => this.route(message, cell),
      },
    );
    if (result.stopped) {
      if (!cleared) cell.output.clear();
      cell.show(result.reason);
    }
    if (result.ok && cell.source === text) cell.ranIn = session;
    cell.state = result.ok ? "done" : "failed";
    return result;
  }

  // What the exercise notebook gives besides the exercises: its imports and helper functions.
  given() {
    this.givenCells ??= givenCells(new URL(`${settings.static}notebooks/${this.name}.ipynb`, location.href));
    return this.givenCells;
  }

  async prepare() {
    const cells = await this.given();
    if (this.preparedIn === this.python.session) return;
    this.preparedIn = this.python.session;
    for (const [cell, source] of cells) this.python.submit({ type: "run", cell, source, space: "exercises" });
  }

  async runAll() {
    for (const cell of this.cells) {
      if (cell.exercise) continue;
      cell.ranIn = -1;
    }
    const last = this.cells.filter((cell) => !cell.exercise).pop();
    if (last) await this.run(last);
  }

  async check(cell) {
    cell.feedback.replaceChildren();
    delete cell.feedback.dataset.verdict;
    delete cell.feedback.dataset.codes;
    this.active = cell;
    cell.state = "waiting";
    const output = new Output(cell.feedback, this.controls);
    const others = this.cells.filter((c) => c.exercise && c !== cell).map((c) => [c.name, c.source]);
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
    if (result.stopped) cell.feedback.append(errorBox({ summary: result.reason, text: "" }));
    cell.state = result.ok ? "done" : "failed";
    cell.feedback.dataset.codes = verdict.codes;
    cell.feedback.dataset.verdict = verdict.verdict;
    progress.note(this.name, this.cells.filter((c) => c.exercise), cell.exercise, verdict.verdict);
  }

  route(message, cell) {
    if (message.type === "model") {
      const model = this.models.get(message.id) ?? {};
      // Python echoes what it was told; an echo must not move a control back that the reader has moved on.
      const news = Object.entries(message.state).filter(([name]) => !this.python.waits(message.id, name));
      Object.assign(model, Object.fromEntries(news));
      this.models.set(message.id, model);
      for (const update of model.views ?? []) update(model);
      return;
    }
    const output = message.target ? this.outputs.get(message.target) : cell?.output;
    if (!output && message.target) {
      // Shown before its Output is on the page: kept until it is.
      const early = this.early ?? (this.early = new Map());
      early.set(message.target, [...(early.get(message.target) ?? []), message]);
    } else if (message.type === "clear") output?.clear(message.wait);
    else output?.add(message);
  }

  outputAt(id, element) {
    this.outputs.set(id, new Output(element, this.controls));
    for (const message of this.early?.get(id) ?? []) this.route(message, null);
    this.early?.delete(id);
  }

  change(model, state, more) {
    this.python.control({ model, state, ...more }, { output: (message) => this.route(message, null) });
  }

  stop() {
    this.python.stop();
  }

  prefetch() {
    if (this.prefetched || !settings.python || navigator.connection?.saveData) return;
    this.prefetched = true;
    for (const file of ["pyodide.asm.wasm", "pyodide.asm.js", "python_stdlib.zip", "pyodide.mjs"]) {
      const link = Object.assign(document.createElement("link"), { rel: "prefetch", href: base + file });
      document.head.append(link);
    }
  }
}

function runAllButton(page) {
  const first = page.cells.find((cell) => !cell.exercise);
  if (!first) return;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Run all";
  button.setAttribute("aria-label", "Run all cells of this page");
  button.addEventListener("click", () => page.runAll());
  first.element.querySelector(".live-bar [data-live-run]").after(button);
}

if (typeof Worker === "undefined" || typeof WebAssembly === "undefined" || typeof TransformStream === "undefined") {
  root.dataset.liveStatus = "failed";
} else {
  const page = new Page();
  runAllButton(page);
  offerMine(page.cells);
  // Leaving frees Python's memory; coming back starts from the saved outputs again.
  addEventListener("pagehide", () => {
    page.python.end("The page was left.");
    root.dataset.liveStatus = "off";
  });
}
progress.show();
