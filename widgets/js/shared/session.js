// What a widget holds while it is shown: its state, kept in the page's address and in Python; what only this
// screen remembers (local: the prediction, an open table, a message); the width in pixels; and Play's timer.
// A view reads state, width and local, and changes them by setState, setPath, setLocal and play.

import { fromAddress, toAddress } from "./address.js";
import { recall, remember } from "./prediction.js";
import { withValueAt } from "./state.js";
import { cleanState } from "./view.js";
import { _ } from "./words.js";

export class Session {
  // model is anywidget's: get, set, save_changes, on, off. show(view, session) puts a view on the screen.
  constructor(spec, model, width, show) {
    Object.assign(this, { spec, model, width, show });
    this.inPage = model.get("in_page") === true;
    const linked = this.inPage ? fromAddress(spec.id) : null;
    this.linked = linked !== null;
    // The page's text asks already what the question asks.
    this.asked = model.get("asked") === true;
    this.state = cleanState(spec, linked ?? model.get("state"));
    this.local = { prediction: recall(spec.id), table: false, message: "", code: "", playing: false };
    // Who follows a link to a moment wants to see that moment; some widgets, and some pages, ask nothing.
    if (linked || spec.ungated || model.get("ungated")) this.local.prediction ??= "skipped";
    this.words = "";
    this.told = "";
    this.timer = null;
    this.frame = 0;
    // Another drawing was asked for, so the words on the screen aren't the last.
    this.queued = false;
  }

  begin() {
    this.model.on("change:state", this.fromPython);
    this.draw();
    this.tellPython();
  }

  end() {
    this.play(null);
    this.model.off?.("change:state", this.fromPython);
  }

  // ---- drawing ----

  draw() {
    const view = this.spec.view(this);
    this.words = view.words;
    this.show(view, this);
  }

  // Several events between two frames are one drawing; the state itself is never behind.
  drawLater() {
    if (this.queued) return;
    this.queued = true;
    requestAnimationFrame(() => {
      this.queued = false;
      this.draw();
      // What is worked out over several drawings has new words.
      if (this.words !== this.told) this.tellPython();
    });
  }

  setWidth(width) {
    if (width === this.width) return;
    this.width = width;
    this.drawLater();
  }

  // ---- the state ----

  // What the reader changes: Python hears of it, and the page's address.
  setState(change) {
    this.tell(change);
    if (this.inPage) toAddress(this.spec.id, this.state);
  }

  // What a story changes that goes on by itself: nobody's address is to follow it.
  tell(change) {
    this.state = cleanState(this.spec, { ...this.state, ...change });
    Object.assign(this.local, { message: "", code: "" });
    this.draw();
    this.tellPython();
  }

  // A change between two moments that count: drawn, but told neither to Python nor to the address.
  glide(change) {
    Object.assign(this.state, change);
    this.draw();
  }

  // One number or word of the state, at a path such as "W.0.1".
  setPath(path, value) {
    this.setState(withValueAt(this.state, path, value));
  }

  // What only this screen remembers: neither Python nor the address hears of it.
  setLocal(change) {
    Object.assign(this.local, change);
    this.drawLater();
  }

  reset = () => {
    this.play(null);
    this.setState(this.spec.defaults);
  };

  // Call step again and again until play(null).
  play(step, milliseconds = 900) {
    clearInterval(this.timer);
    cancelAnimationFrame(this.frame);
    this.timer = step ? setInterval(step, milliseconds) : null;
    this.local.playing = Boolean(step);
    this.draw();
  }

  // Call move(milliseconds since the last call) before each of the browser's drawings until play(null).
  animate(move) {
    this.play(null);
    this.local.playing = true;
    let last = null;
    const next = (now) => {
      // After a hidden tab the story goes on where it was.
      move(last === null ? 0 : Math.min(100, now - last));
      last = now;
      if (this.local.playing) this.frame = requestAnimationFrame(next);
    };
    this.frame = requestAnimationFrame(next);
    this.draw();
  }

  // ---- Python, the question, the clipboard ----

  tellPython() {
    this.told = this.words;
    this.model.set("state", this.state);
    this.model.set("words", this.words);
    this.model.save_changes();
  }

  fromPython = () => {
    const state = cleanState(this.spec, this.model.get("state"));
    if (JSON.stringify(state) === JSON.stringify(this.state)) return;
    this.state = state;
    this.draw();
    this.tellPython();
  };

  // The number of the option that the reader chose, or "skipped".
  predict(prediction) {
    remember(this.spec.id, prediction);
    this.local.prediction = prediction;
    this.draw();
  }

  async copy(text, message) {
    try {
      await navigator.clipboard.writeText(text);
      Object.assign(this.local, { message, code: "" });
    } catch {
      const closed = _("The clipboard is closed to this page. Select the text and copy it:");
      Object.assign(this.local, { message: closed, code: text });
    }
    this.draw();
  }
}
