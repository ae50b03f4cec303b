// What every widget has: a prediction asked first, its state kept in the page's address and in Python, words for
// screen readers, a table of its numbers, "Copy state as NumPy", a link, and a reset. A widget itself is
//   { id, title, kind, question: { ask, options, answer, why }, defaults, still?, ranges, choices, clean?, ungated?,
//     attend?(session, root), view(ui) }
// and view() is a pure function of a session's state, width and local that gives
//   { picture, controls, notes?, says?, row?, panel?, marks?, words, table, numpy }.
// kind says in a word what the picture is ("Line plot"); still is the state of the picture on paper, where it
// isn't the first one. A widget that tells a story (W10) has says over its picture and a row of controls under it;
// the rest stands in a panel, which "Change it" opens; marks are data attributes of its figure; it is ungated (shown
// at once), and attend may listen to the page.

import { layout } from "./layout.js";
import { Session } from "./session.js";

const NARROWEST = 280;
const WIDEST = 760;
const UNKNOWN = 680;
const paperWidth = (pixels) => Math.round(Math.max(NARROWEST, Math.min(WIDEST, pixels)));
// The width that a picture in root has: no drawing is scaled, so its letters keep their size.
function inside(root) {
  const { paddingLeft, paddingRight } = getComputedStyle(root);
  return root.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
}

// A widget as anywidget and host.js want it: render({ model, el }) shows it in el and returns how to end it.
export function widget(spec) {
  const render = ({ model, el }) => {
    const root = document.createElement("div");
    root.className = "bpw";
    // JupyterLab takes the arrow keys for itself unless the very element in focus says no.
    root.addEventListener("focusin", ({ target }) => (target.dataset.lmSuppressShortcuts = "true"));
    el.append(root);
    const session = new Session(spec, model, paperWidth(root.clientWidth ? inside(root) : UNKNOWN), (view) =>
      layout(root, view, session),
    );
    session.begin();
    const leave = spec.attend?.(session, root);
    const watch = new ResizeObserver(([entry]) => session.setWidth(paperWidth(entry.contentRect.width)));
    watch.observe(root);
    return () => {
      watch.disconnect();
      leave?.();
      session.end();
    };
  };
  return { spec, render };
}
