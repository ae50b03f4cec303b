// Text, dates, colours; and what only shows something.
import { make } from "../dom.js";
import { field, fresh } from "./field.js";
import { _ } from "../words.js";

// read: the element's text → the trait's value; write: the other way.
function entry(type, { read = (text) => text, write = (value) => value ?? "", tag = "input" } = {}) {
  return (state, send, context, id) => {
    const input = make(tag, {
      type: tag === "input" ? type : null,
      placeholder: state.placeholder,
      rows: tag === "textarea" ? (state.rows ?? 4) : null,
    });
    const moment =
      state.continuous_update === false || type === "date" || type === "time" ? "change" : "input";
    input.addEventListener(moment, () => send({ value: read(input.value) }));
    if (type === "text")
      input.addEventListener(
        "keydown",
        (event) => event.key === "Enter" && context.change(id, {}, { event: "submit" }),
      );
    const update = ({ value }) => {
      if (input.value !== write(value)) input.value = write(value);
    };
    update(state);
    return { element: field(input, state), update, input };
  };
}

function combobox(state, send, context, id) {
  const made = entry("text")(state, send, context, id);
  const list = make(
    "datalist",
    { id: fresh("list") },
    ...state.options.map((value) => make("option", { value })),
  );
  made.input.setAttribute("list", list.id);
  made.element.append(list);
  return made;
}

const pad = (n, length = 2) => String(n).padStart(length, "0");
const date = {
  read: (text) =>
    (([year, month, day]) => (text ? { year, month: month - 1, date: day } : null))(
      text.split("-").map(Number),
    ),
  write: (v) => (v ? `${pad(v.year, 4)}-${pad(v.month + 1)}-${pad(v.date)}` : ""),
};
const time = {
  read: (text) =>
    (([hours, minutes, seconds = 0]) => (text ? { hours, minutes, seconds, milliseconds: 0 } : null))(
      text.split(":").map(Number),
    ),
  write: (v) => (v ? `${pad(v.hours)}:${pad(v.minutes)}:${pad(v.seconds)}` : ""),
};
const list = (read) => ({
  read: (text) =>
    text
      .split(",")
      .map((t) => t.trim())
      .filter(Boolean)
      .map(read),
  write: (values) => values.join(", "),
});

function shown(tag, key) {
  return (state) => {
    const element = make(tag, { className: "live-control" });
    const update = ({ value, description }) => {
      element[key] = value;
      if (description) element.prepend(make("strong", { textContent: `${description} ` }));
    };
    update(state);
    return { element, update };
  };
}

function image(state) {
  const element = make("img", { alt: state.description || _("picture"), width: state.width || null });
  const update = ({ value, format }) =>
    (element.src = value?.base64 ? `data:image/${format};base64,${value.base64}` : "");
  update(state);
  return { element, update };
}

export const TEXTS = {
  TextModel: entry("text"),
  PasswordModel: entry("password"),
  TextareaModel: entry("text", { tag: "textarea" }),
  ComboboxModel: combobox,
  ColorPickerModel: entry("color"),
  DatePickerModel: entry("date", date),
  TimeModel: entry("time", time),
  TagsInputModel: entry(
    "text",
    list((text) => text),
  ),
  IntsInputModel: entry("text", list(Number)),
  FloatsInputModel: entry("text", list(Number)),
  LabelModel: shown("span", "textContent"),
  HTMLModel: shown("div", "innerHTML"),
  HTMLMathModel: shown("div", "innerHTML"),
  ImageModel: image,
};
