// ipywidgets' own controls as native form elements. The state lives in context.models, by model id.
let serial = 0;

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

const READ = {
  number: (input) => Number(input.value),
  text: (input) => input.value,
};

function field(input, state, children = []) {
  input.id = `live-control-${++serial}`;
  const label = make("label", { textContent: state.description || state.description_tooltip || "value" });
  label.htmlFor = input.id;
  if (state.disabled) input.disabled = true;
  return make("div", { className: "live-control" }, label, input, ...children);
}

function slider(state, send, { toValue = (x) => x, toPosition = (x) => x, min = state.min, max = state.max, step = state.step } = {}) {
  const input = make("input", { type: "range", min, max, step: step ?? "any" });
  const shown = make("output");
  const draw = (value) => {
    input.value = toPosition(value);
    shown.textContent = format(value);
    input.setAttribute("aria-valuetext", format(value));
  };
  input.addEventListener("input", () => {
    const value = toValue(Number(input.value));
    shown.textContent = format(value);
    input.setAttribute("aria-valuetext", format(value));
    send({ value });
  });
  draw(state.value);
  return { element: field(input, state, [shown]), update: (s) => draw(s.value) };
}

function format(value) {
  return typeof value === "number" && !Number.isInteger(value) ? String(Number(value.toPrecision(4))) : String(value);
}

function entry(type, read) {
  return (state, send) => {
    const input = make("input", { type, value: state.value });
    for (const name of ["min", "max", "step"]) if (state[name] != null) input[name] = state[name];
    input.addEventListener("change", () => send({ value: read(input) }));
    return { element: field(input, state), update: (s) => (input.value = s.value) };
  };
}

function choice(state, send) {
  const select = make("select", {}, ...state._options_labels.map((text, i) => make("option", { value: i, textContent: text })));
  select.value = state.index ?? "";
  select.addEventListener("change", () => send({ index: Number(select.value) }));
  return { element: field(select, state), update: (s) => (select.value = s.index ?? "") };
}

function radios(state, send) {
  const name = `live-radio-${++serial}`;
  const inputs = state._options_labels.map((_, i) => make("input", { type: "radio", name, checked: i === state.index }));
  const labels = inputs.map((input, i) => {
    input.addEventListener("change", () => send({ index: i }));
    return make("label", {}, input, " " + state._options_labels[i]);
  });
  const element = make("fieldset", { className: "live-control" }, make("legend", { textContent: state.description || "choice" }), ...labels);
  return { element, update: (s) => inputs.forEach((input, i) => (input.checked = i === s.index)) };
}

function options(state, send) {
  const input = make("input", { type: "range", min: 0, max: state._options_labels.length - 1, step: 1, value: state.index });
  const shown = make("output", { textContent: state._options_labels[state.index] });
  const draw = (i) => {
    shown.textContent = state._options_labels[i];
    input.setAttribute("aria-valuetext", state._options_labels[i]);
  };
  input.addEventListener("input", () => {
    draw(Number(input.value));
    send({ index: Number(input.value) });
  });
  draw(state.index);
  return {
    element: field(input, state, [shown]),
    update: (s) => {
      input.value = s.index;
      draw(s.index);
    },
  };
}

function box(className) {
  return (state, _send, context) => ({
    element: make("div", { className }, ...state.children.map((child) => showControl(child.replace("IPY_MODEL_", ""), context))),
    update() {},
  });
}

function words(tag, key = "textContent") {
  return (state) => {
    const element = make(tag, { className: "live-control" });
    element[key] = state.value;
    return { element, update: (s) => (element[key] = s.value) };
  };
}

const KINDS = {
  IntSliderModel: (s, send) => slider(s, send),
  FloatSliderModel: (s, send) => slider(s, send),
  FloatLogSliderModel: (s, send) =>
    slider(s, send, { toValue: (x) => s.base ** x, toPosition: (v) => Math.log(v) / Math.log(s.base) }),
  SelectionSliderModel: options,
  IntTextModel: entry("number", READ.number),
  FloatTextModel: entry("number", READ.number),
  BoundedIntTextModel: entry("number", READ.number),
  BoundedFloatTextModel: entry("number", READ.number),
  TextModel: entry("text", READ.text),
  DropdownModel: choice,
  SelectModel: choice,
  RadioButtonsModel: radios,
  ToggleButtonsModel: radios,
  LabelModel: words("span"),
  HTMLModel: words("div", "innerHTML"),
  HTMLMathModel: words("div", "innerHTML"),
  VBoxModel: box("live-vbox"),
  BoxModel: box("live-vbox"),
  HBoxModel: box("live-hbox"),
  CheckboxModel(state, send) {
    const input = make("input", { type: "checkbox", checked: state.value });
    input.addEventListener("change", () => send({ value: input.checked }));
    return { element: field(input, state), update: (s) => (input.checked = s.value) };
  },
  ToggleButtonModel(state, send) {
    const button = make("button", { type: "button", textContent: state.description });
    const draw = (on) => button.setAttribute("aria-pressed", String(on));
    button.addEventListener("click", () => send({ value: button.getAttribute("aria-pressed") !== "true" }));
    draw(state.value);
    return { element: button, update: (s) => draw(s.value) };
  },
  ButtonModel(state, send, context, id) {
    const button = make("button", { type: "button", textContent: state.description || "Press" });
    button.addEventListener("click", () => context.change(id, {}, { event: "click" }));
    return { element: button, update: (s) => (button.textContent = s.description) };
  },
  OutputModel(state, _send, context, id) {
    const element = make("div", { className: "live-widget-output" });
    context.outputAt(id, element);
    return { element, update() {} };
  },
};
KINDS.InteractiveModel = KINDS.VBoxModel;
KINDS.GridBoxModel = KINDS.VBoxModel;

export function showControl(id, context) {
  const state = context.models.get(id);
  const kind = KINDS[state?._model_name];
  if (!kind) return make("p", { className: "live-note", textContent: `This page can't show a ${state?._model_name?.replace("Model", "") ?? "widget"}; in Jupyter it works.` });
  const { element, update } = kind(state, (change) => {
    Object.assign(state, change);
    context.change(id, change);
  }, context, id);
  state.views = [...(state.views ?? []), update];
  return element;
}
