// Controls that hold others, and the Output widget.
import { make } from "../dom.js";
import { fresh } from "./field.js";

const children = (state, context) =>
  state.children.map((child) => context.showControl(child.replace("IPY_MODEL_", "")));
const title = (state, i) => state.titles?.[i] || state._titles?.[i] || String(i + 1);

function box(className) {
  return (state, _send, context) => ({
    element: make("div", { className }, ...children(state, context)),
    update() {},
  });
}

function accordion(state, send, context) {
  const parts = children(state, context).map((child, i) =>
    make(
      "details",
      { open: state.selected_index === i },
      make("summary", { textContent: title(state, i) }),
      child,
    ),
  );
  const update = ({ selected_index: open }) =>
    parts.forEach((part, i) => part.open !== (i === open) && (part.open = i === open));
  parts.forEach((part, i) =>
    part.addEventListener("toggle", () => {
      if (part.open && state.selected_index !== i) {
        send({ selected_index: i });
        update({ selected_index: i });
      } else if (!part.open && state.selected_index === i) send({ selected_index: null });
    }),
  );
  return { element: make("div", { className: "live-vbox" }, ...parts), update };
}

function tabs(state, send, context) {
  const panels = children(state, context).map((child) =>
    make("div", { role: "tabpanel", id: fresh("panel") }, child),
  );
  const buttons = panels.map((panel, i) => {
    const button = make("button", {
      type: "button",
      role: "tab",
      id: fresh("tab"),
      textContent: title(state, i),
      "aria-controls": panel.id,
    });
    panel.setAttribute("aria-labelledby", button.id);
    button.addEventListener("click", () => choose(i));
    return button;
  });
  const update = ({ selected_index: at }) =>
    panels.forEach((panel, i) => {
      panel.hidden = i !== (at ?? 0);
      buttons[i].setAttribute("aria-selected", String(i === (at ?? 0)));
      buttons[i].tabIndex = i === (at ?? 0) ? 0 : -1;
    });
  const choose = (i) => {
    update({ selected_index: i });
    send({ selected_index: i });
  };
  const row = make("div", { role: "tablist", className: "live-hbox" }, ...buttons);
  row.addEventListener("keydown", ({ key }) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (!step) return;
    const next = (buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length;
    buttons[next].focus();
    choose(next);
  });
  update(state);
  return { element: make("div", { className: "live-vbox" }, row, ...panels), update };
}

function stack(state, _send, context) {
  const parts = children(state, context).map((child) => make("div", {}, child));
  const update = ({ selected_index: at }) => parts.forEach((part, i) => (part.hidden = i !== at));
  update(state);
  return { element: make("div", {}, ...parts), update };
}

function output(state, _send, context, id) {
  const element = make("div", { className: "live-widget-output" });
  const view = context.outputAt(id, element);
  // Its outputs trait grows by append_stdout and the like; what was displayed in it stands there already.
  let known = 0;
  const update = ({ outputs }) => {
    if (outputs.length < known) element.replaceChildren();
    for (const one of outputs.slice(outputs.length < known ? 0 : known)) view.addSaved(one);
    known = outputs.length;
  };
  if (state.outputs?.length) update(state);
  return { element, update };
}

export const BOXES = {
  BoxModel: box("live-vbox"),
  VBoxModel: box("live-vbox"),
  HBoxModel: box("live-hbox"),
  GridBoxModel: box("live-hbox"),
  AccordionModel: accordion,
  TabModel: tabs,
  StackModel: stack,
  OutputModel: output,
};
