// The widgets' states, as Python and the page share them; what the reader changes goes back to Python.
import { showControl } from "./controls/index.js";
import { Output } from "./outputs.js";

const bare = (id) => id?.replace("IPY_MODEL_", "");
const parts = (model) => [...(model.children ?? []), ...(model.layout ? [model.layout] : [])].map(bare);

export class Models {
  // python: the page's Python. wake(cell): run a cell again whose controls no Python knows. said(cell): where
  // callbacks print.
  constructor({ python, wake, route }) {
    Object.assign(this, { python, wake, route });
    this.models = new Map();
    this.outputs = new Map(); // Output widgets, by model id
    this.early = new Map(); // what was shown in an Output widget before it was on the page
    this.alias = new Map(); // a control that outlived its Python → its model in the present one
    this.touched = new Map(); // changes that no Python has heard of yet
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
    const place = document.querySelector(`[data-control="${shownId}"]`)?.closest("[data-live-cell]");
    if (model.session === this.python.session)
      this.python.control({ model: id, state, ...more }, this.route(place));
    else {
      this.touched.set(id, { state: { ...this.touched.get(id)?.state, ...state }, more });
      this.wake(place);
    }
    this.follow(id, Object.keys(state));
  }

  // ---- messages of Python ----

  receive({ id, state }) {
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

  // A message for an Output widget, which may not be on the page yet.
  target(message) {
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

  // ---- controls that outlive their Python: saved in the page, or left by a Python that was stopped ----

  alike(a, b) {
    const [one, other] = [this.models.get(a), this.models.get(b)];
    if (one?._model_name !== other?._model_name) return false;
    const [mine, theirs] = [parts(one), parts(other)];
    return mine.length === theirs.length && mine.every((child, i) => this.alike(child, theirs[i]));
  }

  // The control on the page goes on as the view of Python's new model, with the reader's values.
  adopt(shownId, id) {
    const old = this.alias.get(shownId) ?? shownId;
    const [model, now] = [this.models.get(old), this.models.get(id)];
    parts(model).forEach((child, i) => this.adopt(child, parts(now)[i]));
    const { views } = model;
    const mine = this.touched.get(old)?.state;
    Object.assign(model, now, mine, { views, session: this.python.session });
    this.models.set(id, model);
    for (const [from, to] of this.alias) if (to === old) this.alias.set(from, id);
    this.alias.set(old, id);
    if (this.outputs.has(old)) this.outputs.set(id, this.outputs.get(old));
    this.early.delete(id);
    if (this.touched.has(old)) {
      this.touched.set(id, this.touched.get(old));
      this.touched.delete(old);
    }
  }

  // Python hears the values that the reader set meanwhile.
  replay(place) {
    for (const [id, { state, more }] of this.touched) {
      if (this.models.get(id)?.session !== this.python.session) continue;
      this.touched.delete(id);
      this.python.control({ model: id, state, ...more }, this.route(place));
    }
  }
}

// What the build saved in the page: {id: state}.
export function savedModels() {
  const found = [];
  for (const script of document.querySelectorAll(
    'script[type="application/vnd.jupyter.widget-state+json"]',
  )) {
    for (const [id, { model_name: name, state, buffers }] of Object.entries(
      JSON.parse(script.textContent).state,
    )) {
      for (const { path, data } of buffers ?? []) if (path.length === 1) state[path[0]] = { base64: data };
      found.push([id, { ...state, _model_name: name, session: -1 }]);
    }
  }
  return found;
}
