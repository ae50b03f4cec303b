// The question that comes before the picture: asked once, remembered in this browser, answered afterwards.

import { button } from "./controls.js";
import { h } from "./dom.js";
import { _ } from "./words.js";

const keyOf = (id) => `deltabook-prediction-${id}`;

export function recall(id) {
  try {
    return globalThis.localStorage?.getItem(keyOf(id)) ?? null;
  } catch {
    return null; // storage is forbidden here: the question is asked again next time
  }
}

export function remember(id, text) {
  try {
    globalThis.localStorage?.setItem(keyOf(id), text);
  } catch {
    // forbidden, as above
  }
}

// The form that stands in the place of the picture; answer(prediction) takes the number of an option, or "skipped".
// unseen: the page has put the question in its own words, so these are for the ear alone.
export function gate(spec, answer, unseen) {
  const { ask, options } = spec.question;
  const name = `bpw-${spec.id}-prediction`;
  return h(
    "form",
    {
      class: "bpw-gate",
      key: "gate",
      onsubmit: (event) => {
        event.preventDefault();
        const chosen = event.target.querySelector("input:checked");
        if (chosen) answer(chosen.value);
      },
    },
    h(
      "fieldset",
      {},
      h("legend", { class: unseen ? "bpw-unseen" : "" }, _("First predict: {ask}", { ask })),
      options.map((text, i) =>
        h(
          "label",
          { class: "bpw-option" },
          h("input", { type: "radio", name, value: i, required: true }),
          ` ${text}`,
        ),
      ),
    ),
    h(
      "p",
      {},
      h("button", { type: "submit", class: "bpw-button bpw-primary" }, _("Predict, then see")),
      " ",
      button(_("Skip the question"), () => answer("skipped"), { "data-widget-skip": true }),
    ),
  );
}

// What the reader predicted, held against the answer.
export function verdict(spec, prediction) {
  const { ask, options, answer, why } = spec.question;
  const said = options[Number(prediction)];
  if (prediction === "skipped" || said === undefined) {
    return h(
      "details",
      { class: "bpw-answer", key: "answer" },
      h("summary", {}, _("The question was: {ask}", { ask })),
      h("p", {}, h("strong", {}, `${options[answer]}. `), why),
    );
  }
  const right = Number(prediction) === answer;
  return h(
    "p",
    { class: `bpw-verdict ${right ? "right" : "other"}`, key: "verdict" },
    h("strong", {}, right ? _("✓ As you predicted. ") : _("✗ You predicted “{said}”. ", { said })),
    why,
  );
}
