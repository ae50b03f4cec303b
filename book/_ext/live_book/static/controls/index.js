// ipywidgets' own controls as native form elements. The state lives in context.models, by model id.
import { make } from "../dom.js";
import { BOXES } from "./boxes.js";
import { CHOICES } from "./choices.js";
import { NUMBERS } from "./numbers.js";
import { TEXTS } from "./texts.js";
import { _ } from "../words.js";

const KINDS = { ...NUMBERS, ...CHOICES, ...TEXTS, ...BOXES };
// A change of these alone is written into the element; any other makes it anew (a slider's limits, a list's
// options).
const VALUES = new Set(["value", "index", "outputs", "selected_index", "msg_id", "_playing", "playing"]);

function placed(element, state, context) {
  const layout = context.models.get(state.layout?.replace("IPY_MODEL_", ""));
  if (!layout) return;
  const place = () => {
    element.hidden = layout.display === "none";
    element.style.visibility = layout.visibility ?? "";
    element.style.width = layout.width ?? "";
  };
  place();
  layout.views = [...(layout.views ?? []), place];
}

export function showControl(id, context) {
  const state = context.models.get(id);
  const kind = KINDS[state?._model_name];
  if (!kind) {
    const name = state?._model_name?.replace("Model", "") ?? "widget";
    return make("p", {
      className: "live-note",
      textContent: _("This page can't show the control {name}; in Jupyter it works.", { name }),
    });
  }
  const send = (change) => context.change(id, change);
  let shown = kind(state, send, context, id);
  const update = (now, names) => {
    if (names.every((name) => VALUES.has(name))) shown.update(now);
    else {
      const again = kind(state, send, context, id);
      shown.element.replaceWith(again.element);
      shown = again;
      placed(shown.element, state, context);
    }
  };
  state.views = [...(state.views ?? []), update];
  placed(shown.element, state, context);
  return shown.element;
}
