// Controls that outlive their Python: saved in the page by the build, or left by a Python that was stopped.
import { bare } from "./widget_models.js";

const VIEW = "application/vnd.jupyter.widget-view+json";
const STATE = "application/vnd.jupyter.widget-state+json";
const parts = (model) => [...(model.children ?? []), ...(model.layout ? [model.layout] : [])].map(bare);

// What the build saved in the page: {id: state}.
function savedModels() {
  const found = [];
  for (const script of document.querySelectorAll(`script[type="${STATE}"]`)) {
    const saved = JSON.parse(script.textContent).state;
    for (const [id, { model_name: name, state, buffers }] of Object.entries(saved)) {
      for (const { path, data } of buffers ?? []) if (path.length === 1) state[path[0]] = { base64: data };
      found.push([id, { ...state, _model_name: name, session: -1 }]);
    }
  }
  return found;
}

// Put the saved controls in the place of their stills.
export function showSaved(controls, cells) {
  for (const [id, model] of savedModels()) controls.models.set(id, model);
  for (const cell of cells) {
    for (const script of cell.element.querySelectorAll(`script[type="${VIEW}"]`)) {
      script.parentElement.querySelector(".live-still")?.remove();
      script.replaceWith(controls.showControl(JSON.parse(script.textContent).model_id));
    }
  }
}

// Are two models of the same make, with all that is in them?
function alike(controls, a, b) {
  const [one, other] = [controls.models.get(a), controls.models.get(b)];
  if (one?._model_name !== other?._model_name) return false;
  const [mine, theirs] = [parts(one), parts(other)];
  return mine.length === theirs.length && mine.every((child, i) => alike(controls, child, theirs[i]));
}

// The control on the page goes on as the view of Python's new model, with the reader's values.
function adopt(controls, shownId, id) {
  const old = controls.alias.get(shownId) ?? shownId;
  const [model, now] = [controls.models.get(old), controls.models.get(id)];
  parts(model).forEach((child, i) => adopt(controls, child, parts(now)[i]));
  const { views } = model;
  const mine = controls.touched.get(old)?.state;
  Object.assign(model, now, mine, { views, session: controls.python.session });
  controls.models.set(id, model);
  for (const [from, to] of controls.alias) if (to === old) controls.alias.set(from, id);
  controls.alias.set(old, id);
  if (controls.outputs.has(old)) controls.outputs.set(id, controls.outputs.get(old));
  controls.early.delete(id);
  if (controls.touched.has(old)) {
    controls.touched.set(id, controls.touched.get(old));
    controls.touched.delete(old);
  }
}

// Python hears the values that the reader set meanwhile.
function replay(controls, cell) {
  for (const [id, { state, more }] of controls.touched) {
    if (controls.models.get(id)?.session !== controls.python.session) continue;
    controls.touched.delete(id);
    controls.tellPython(id, state, more, cell);
  }
}

// The cell of a moved control ran, and this is what it showed: the controls on the page go on if they are of
// the same make, or else the new ones come.
export function settle(controls, cell, messages) {
  const made = messages.map((m) => m.data?.[VIEW]?.model_id).filter(Boolean);
  const inside = [...cell.output.element.querySelectorAll("[data-control]")];
  const outermost = inside.filter((e) => !e.parentElement.closest("[data-control]"));
  const shown = outermost.map((e) => e.dataset.control);
  const present = (id) => controls.alias.get(id) ?? id;
  const same =
    made.length > 0 &&
    made.length === shown.length &&
    made.every((id, i) => alike(controls, present(shown[i]), id));
  if (same) {
    made.forEach((id, i) => adopt(controls, shown[i], id));
    replay(controls, cell);
  } else {
    cell.output.clear();
    controls.touched.clear();
    for (const message of messages) controls.receive(message, cell);
  }
}
