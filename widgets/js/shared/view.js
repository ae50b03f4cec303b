// A widget's view where there is no page: for the still on paper, and for tests.

import { markup } from "./dom.js";
import { clean } from "./state.js";
import { _ } from "./words.js";

export const cleanState = (spec, given) =>
  spec.clean ? spec.clean(given ?? {}) : clean(spec.defaults, given, spec.ranges, spec.choices);

// The view of a state, which may be incomplete, at a width in pixels.
export function viewOf(spec, given = {}, width = 680) {
  const nothing = () => {};
  return spec.view({
    state: cleanState(spec, given),
    width,
    still: true,
    local: {},
    setPath: nothing,
    setState: nothing,
    setLocal: nothing,
    play: nothing,
  });
}

// The picture on paper and where JavaScript is off. Its text alternative: type, data (the words), conclusion.
export function still(spec) {
  const view = viewOf(spec, spec.still ?? {});
  const { role, ...attributes } = view.picture.attributes;
  const label = _("{kind}: {title}. {words} In short: {why}", {
    kind: spec.kind,
    title: spec.title,
    words: view.words,
    why: spec.question.why,
  });
  const picture = { ...view.picture, attributes: { ...attributes, "data-widget-still": true } };
  return markup(picture).replace(
    "<svg",
    `<svg role="img" aria-label="${label.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;")}"`,
  );
}

// A costly table is a function, asked for only while somebody looks at it.
export const tableOf = (view) => (typeof view.table === "function" ? view.table() : view.table);
