// Plays a network's story: how long each step takes, play and pause, forward and back, keys, and the start by itself
// when the picture is scrolled to.

import { lessMotion } from "./dom.js";
import { pass, updated } from "./net.js";
import { lastStep, nextStop, partsOf, seen, stopBefore, tidy } from "./story.js";

// Milliseconds of one part of a step.
const LONG = {
  input: 500,
  forward: 520,
  loss: 700,
  output: 800,
  backward: 1450,
  gradient: 850,
  update: 2200,
};
// The longest story, from the inputs to the new weights.
const CYCLE = 14000;
// Without motion: from one part to the next.
const PAUSE = 1400;
// The share of the picture that is on the screen when it starts.
const SEEN = 0.6;
// A loss that small has nothing more to teach.
const LEARNT = 0.005;

function partTime(whole, sizes) {
  const N = sizes.length - 1;
  const { phase, layer } = seen(whole, sizes);
  return LONG[phase === "backward" && layer === N ? "output" : phase];
}

// Of a network with these sizes: the milliseconds of each step.
export function times(sizes) {
  const steps = Array.from({ length: lastStep(sizes.length - 1) + 1 }, (_, k) => k);
  const natural = steps.map((k) => partTime(k, sizes) * partsOf(k, sizes));
  const faster = Math.min(1, CYCLE / natural.reduce((s, v) => s + v, 0));
  return natural.map((v) => v * faster);
}

// The weights have moved, and the story begins again.
function again(state) {
  const p = pass(state);
  return { ...updated(state, p), history: [...state.history, p.L].slice(-60), step: 0 };
}

// To the end of the next part; from the end of the story to the next pass.
function onward(state) {
  const { step, sizes } = state;
  return step >= lastStep(sizes.length - 1) ? again(state) : { step: nextStop(step, sizes) };
}

export const forwards = (ui) => ui.setState(onward(ui.state));
export const backwards = (ui) => ui.setState({ step: stopBefore(ui.state.step, ui.state.sizes) });

function stop(ui) {
  const playing = ui.local.playing;
  ui.play(null);
  // Where it stands now is worth telling: to Python, and to the address unless it began by itself.
  if (playing) ui.setState({ step: tidy(ui.state.step) });
}

function start(ui) {
  // How long the present step has lasted, or the beginning.
  let waited = 0;
  const learnt = () => {
    const p = pass(ui.state);
    return ui.state.step >= lastStep(p.N) && p.next.L < LEARNT;
  };
  ui.animate((milliseconds) => {
    const speed = ui.local.speed ?? 1;
    const { step, sizes } = ui.state;
    const last = lastStep(sizes.length - 1);
    if (lessMotion()) {
      waited += milliseconds * speed;
      if (waited < PAUSE) return;
      waited = 0;
      ui.tell(onward(ui.state));
      if (learnt()) ui.play(null);
      return;
    }
    const each = times(sizes);
    if (step === 0 && (waited += milliseconds * speed) < each[0]) return;
    waited = 0;
    if (step >= last) return ui.tell(again(ui.state));
    const whole = Math.floor(step + 1e-9);
    const to = step + (milliseconds * speed) / each[whole + 1];
    // Python hears of each step as it is done.
    if (to >= whole + 1) {
      ui.glide({ step: whole + 1 });
      ui.tellPython();
      if (learnt()) ui.play(null);
    } else ui.glide({ step: to });
  });
}

export function toggle(ui) {
  ui.local.chosen = true;
  if (ui.local.playing) stop(ui);
  else start(ui);
}

// A move by hand: the story stands still there.
export function by(ui, move) {
  ui.local.chosen = true;
  ui.play(null);
  move(ui);
}

// What has a use of its own for Space, or for the arrows.
const OWN = "input:not([type=range]), select, textarea, summary, button";

function keys(ui, event) {
  if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
  const { target, key } = event;
  // Who goes on by keys goes from unit to unit by them.
  if (key === "Tab") ui.local.pointed = false;
  const range = target.matches("input[type=range]");
  if (range && !target.matches("[data-scrub]")) return;
  const moves = { ArrowRight: forwards, ArrowLeft: backwards };
  // A button is pressed by Space, a menu opened; a unit passes Space on.
  if (key === " " && !target.matches("button, select, summary, input:not([type=range]), textarea"))
    toggle(ui);
  else if (moves[key] && !range && !target.matches(OWN)) by(ui, moves[key]);
  else return;
  event.preventDefault();
}

// What the story asks of the page: keys, and in a book's page a start when it is seen, a rest when it is not.
export function attend(ui, root) {
  const pressed = (event) => keys(ui, event);
  // Where nothing is in focus, the keys belong to what the pointer is over.
  const elsewhere = (event) => {
    if (event.target === document.body && root.matches(":hover")) keys(ui, event);
  };
  root.addEventListener("keydown", pressed);
  document.addEventListener("keydown", elsewhere);
  const leave = () => {
    root.removeEventListener("keydown", pressed);
    document.removeEventListener("keydown", elsewhere);
  };
  if (!ui.inPage || ui.linked) return leave;
  const watch = new IntersectionObserver(
    ([{ intersectionRatio }]) => {
      const here = intersectionRatio >= SEEN;
      if (ui.local.chosen || lessMotion() || here === ui.local.playing) return;
      if (here) start(ui);
      else ui.play(null);
    },
    { threshold: SEEN },
  );
  watch.observe(root.querySelector(".bpw-picture"));
  return () => {
    watch.disconnect();
    leave();
  };
}
