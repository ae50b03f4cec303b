// Sliders, ranges, progress bars, number fields and the Play button.
import { make } from "../dom.js";
import { field, group, readout } from "./field.js";
import { _ } from "../words.js";

const same = (x) => x;

function track(state, { min = state.min, max = state.max, step = state.step } = {}) {
  return make("input", { type: "range", min, max, step: step ?? "any" });
}

// Fires while the control moves, or where continuous_update is off, when it is let go.
const moment = (state) => (state.continuous_update === false ? "change" : "input");

function slider(state, send, { toValue = same, toPosition = same, ...limits } = {}) {
  const input = track(state, limits);
  const shown = make("output", { hidden: state.readout === false });
  const words = (value) => {
    shown.textContent = readout(value, state.readout_format);
    input.setAttribute("aria-valuetext", shown.textContent);
  };
  const update = ({ value }) => {
    input.value = toPosition(value);
    words(value);
  };
  input.addEventListener("input", () => words(toValue(Number(input.value))));
  input.addEventListener(moment(state), () => send({ value: toValue(Number(input.value)) }));
  update(state);
  return { element: field(input, state, shown), update };
}

// Two tracks, a lower and an upper end, that can't pass each other.
function range(state, send, key = "value", limits = {}, word = (v) => readout(v, state.readout_format)) {
  const ends = [_("lower end"), _("upper end")].map((name) =>
    Object.assign(track(state, limits), { ariaLabel: `${state.description || _("range")}, ${name}` }),
  );
  const shown = make("output");
  const read = () => ends.map((end) => Number(end.value));
  const words = (values) => {
    shown.textContent = values.map(word).join(" – ");
    ends.forEach((end, i) => end.setAttribute("aria-valuetext", word(values[i])));
  };
  ends.forEach((end, i) => {
    end.addEventListener("input", () => {
      const [low, high] = read();
      if (low > high) ends[1 - i].value = end.value;
      words(read());
    });
    end.addEventListener(moment(state), () => send({ [key]: read() }));
  });
  const update = (s) => {
    ends.forEach((end, i) => (end.value = s[key][i]));
    words(s[key]);
  };
  update(state);
  return { element: group([...ends, shown], state, _("range")), update };
}

function selectionRange(state, send) {
  const labels = state._options_labels;
  return range(state, send, "index", { min: 0, max: labels.length - 1, step: 1 }, (i) => labels[i]);
}

function selection(state, send) {
  const labels = state._options_labels;
  const input = track(state, { min: 0, max: labels.length - 1, step: 1 });
  const shown = make("output");
  const words = (i) => {
    shown.textContent = labels[i];
    input.setAttribute("aria-valuetext", labels[i]);
  };
  const update = ({ index }) => {
    input.value = index;
    words(index);
  };
  input.addEventListener("input", () => words(Number(input.value)));
  input.addEventListener(moment(state), () => send({ index: Number(input.value) }));
  update(state);
  return { element: field(input, state, shown), update };
}

function number(state, send) {
  const input = make("input", { type: "number", min: state.min, max: state.max, step: state.step ?? "any" });
  input.addEventListener(
    state.continuous_update ? "input" : "change",
    () => input.value !== "" && send({ value: Number(input.value) }),
  );
  const update = ({ value }) => (input.value = value);
  update(state);
  return { element: field(input, state), update };
}

function progress(state) {
  const bar = make("progress", { max: state.max - state.min });
  const update = ({ value, min }) => (bar.value = value - min);
  update(state);
  return { element: field(bar, state), update };
}

function play(state, send, context) {
  let timer = null;
  const button = make("button", { type: "button" });
  const words = () => (button.textContent = timer === null ? _("Play") : _("Pause"));
  const pause = () => {
    clearInterval(timer);
    timer = null;
    words();
  };
  const tick = () => {
    if (!button.isConnected) return pause();
    if (context.busy()) return undefined; // the next tick will do
    let value = state.value + state.step;
    if (value > state.max) {
      if (!(state.repeat ?? state._repeat)) return pause();
      value = state.min;
    }
    return send({ value });
  };
  button.addEventListener("click", () => {
    if (timer !== null) return pause();
    if (state.value >= state.max) send({ value: state.min });
    timer = setInterval(tick, state.interval);
    return words();
  });
  const back = make("button", { type: "button", textContent: _("Back to start") });
  back.addEventListener("click", () => {
    pause();
    send({ value: state.min });
  });
  words();
  return { element: group([button, back], state, _("animation")), update() {} };
}

const logarithmic = (s, send) =>
  slider(s, send, { toValue: (x) => s.base ** x, toPosition: (v) => Math.log(v) / Math.log(s.base) });

export const NUMBERS = {
  IntSliderModel: (s, send) => slider(s, send),
  FloatSliderModel: (s, send) => slider(s, send),
  FloatLogSliderModel: logarithmic,
  IntRangeSliderModel: (s, send) => range(s, send),
  FloatRangeSliderModel: (s, send) => range(s, send),
  SelectionSliderModel: selection,
  SelectionRangeSliderModel: selectionRange,
  IntTextModel: number,
  FloatTextModel: number,
  BoundedIntTextModel: number,
  BoundedFloatTextModel: number,
  IntProgressModel: progress,
  FloatProgressModel: progress,
  PlayModel: play,
};
