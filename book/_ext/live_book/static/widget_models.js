// The widgets' states, as Python and the page share them; what the reader changes goes back to Python.
import { showControl } from "./controls/index.js";
import { make } from "./dom.js";
import { Output } from "./outputs.js";

// A model's id, as it stands in another model's state.
export const bare = (id) => id?.replace("IPY_MODEL_", "");

export class Models {
  // python: the page's Python. wake(cell): run a cell whose controls no Python knows. cellAt(element): the
  // page's cell in that element.
  constructor({ python, wake, cellAt }) {
    Object.assign(this, { python, wake, cellAt });
    // Every widget's state, by model id; the session in it is the Python that knows the widget.
    this.models = new Map();
    // Output widgets, by model id; and what was shown in one before it was on the page.
    this.outputs = new Map();
    this.early = new Map();
    // A control that outlived its Python → its model in the present one; and changes that no Python has heard of.
    this.alias = new Map();
    this.touched = new Map();
  }

  // ---- what controls ask of the page ----

  showControl(id) {
    const element = showControl(id, this);
    element.dataset.control = id;
    return element;
  }

  outputAt(id, element) {
    const output = new Output(element, this);
    this.outputs.set(id, output);
    for (const message of this.early.get(id) ?? []) this.into(output, message);
    this.early.delete(id);
    return output;
  }

  busy() {
    return !this.python.ready || this.python.current !== null;
  }

  change(shownId, state, more = {}) {
    const id = this.alias.get(shownId) ?? shownId;
    const model = this.models.get(id);
    this.apply(id, state);
    const shown = document.querySelector(`[data-control="${shownId}"]`);
    const cell = this.cellAt(shown?.closest("[data-live-cell]"));
    if (model.session === this.python.session) this.tellPython(id, state, more, cell);
    else {
      this.touched.set(id, { state: { ...this.touched.get(id)?.state, ...state }, more });
      this.wake(cell);
    }
    this.follow(id, Object.keys(state));
  }

  tellPython(id, state, more, cell) {
    this.python.control({ model: id, state, ...more }, { output: this.callbackOutput(cell) });
  }

  // ---- messages of Python ----

  // A message goes to the models, into an Output widget, or into the output of the cell that is at work.
  receive(message, cell) {
    if (message.type === "model") this.receiveState(message);
    else if (message.target) this.intoOutputWidget(message);
    else if (cell) this.into(cell.output, message);
  }

  // Where a moved control's callbacks print: under the cell's output, what the last move said only.
  callbackOutput(cell) {
    let said = null;
    return (message) => {
      if (message.type === "model" || message.target || !cell) return this.receive(message, cell);
      if (!said) {
        cell.output.element.querySelector(":scope > .live-said")?.remove();
        said = new Output(make("div", { className: "live-said" }), this);
        cell.output.element.append(said.element);
      }
      return this.into(said, message);
    };
  }

  receiveState({ id, state }) {
    // Python echoes what it was told; an echo must not move a control back that the reader has moved on.
    const news = Object.entries(state).filter(([name]) => !this.python.waits(id, name));
    if (!this.models.has(id)) this.models.set(id, {});
    this.models.get(id).session = this.python.session;
    this.apply(id, Object.fromEntries(news));
    this.follow(
      id,
      news.map(([name]) => name),
    );
  }

  into(output, message) {
    if (message.type === "clear") output.clear(message.wait);
    else output.add(message);
  }

  // The Output widget may not be on the page yet.
  intoOutputWidget(message) {
    const output = this.outputs.get(message.target);
    if (output) this.into(output, message);
    else this.early.set(message.target, [...(this.early.get(message.target) ?? []), message]);
  }

  apply(id, change) {
    const model = this.models.get(id);
    const names = Object.keys(change).filter(
      (name) => JSON.stringify(model[name]) !== JSON.stringify(change[name]),
    );
    Object.assign(model, change);
    if (names.length) for (const update of model.views ?? []) update(model, names);
  }

  // jslink and jsdlink: what happens to one control happens to the other.
  follow(id, names) {
    for (const link of this.models.values()) {
      if (!/^(Directional)?LinkModel$/.test(link._model_name)) continue;
      const [from, to] = [link.source, link.target].map(([model, name]) => ({ id: bare(model), name }));
      const pairs =
        link._model_name === "LinkModel"
          ? [
              [from, to],
              [to, from],
            ]
          : [[from, to]];
      for (const [a, b] of pairs) {
        if (a.id !== id || !names.includes(a.name) || !this.models.has(b.id)) continue;
        const value = this.models.get(id)[a.name];
        if (JSON.stringify(this.models.get(b.id)[b.name]) !== JSON.stringify(value))
          this.change(b.id, { [b.name]: value });
      }
    }
  }
}
