// The parts of a widget on the screen, from top to bottom: title, question, picture, controls, words, table, tools.

import { button } from "./controls.js";
import { h, patch } from "./dom.js";
import { save, standalone } from "./picture.js";
import { gate, verdict } from "./prediction.js";
import { writeFragment } from "./state.js";
import { tableOf, viewOf } from "./view.js";

function table(view, session) {
  const { local } = session;
  const { columns, rows, caption } = local.table ? tableOf(view) : {};
  return h(
    "details",
    {
      class: "bpw-table",
      key: "table",
      ontoggle: (event) => {
        local.table = event.target.open;
        session.draw();
      },
    },
    h("summary", {}, "The numbers as a table"),
    local.table
      ? h(
          "div",
          { class: "bpw-scroll", tabindex: 0, role: "region", "aria-label": caption },
          h(
            "table",
            {},
            h("caption", {}, caption),
            h(
              "thead",
              {},
              h(
                "tr",
                {},
                columns.map((c) => h("th", { scope: "col" }, c)),
              ),
            ),
            h(
              "tbody",
              {},
              rows.map(([head, ...cells]) =>
                h(
                  "tr",
                  {},
                  h("th", { scope: "row" }, head),
                  cells.map((c) => h("td", {}, c)),
                ),
              ),
            ),
          ),
        )
      : null,
  );
}

function tools(root, view, session) {
  const { spec, state } = session;
  const copyNumpy = () => session.copy(viewOf(spec, state).numpy, "NumPy code copied.");
  const copyLink = () =>
    session.copy(location.href.split("#")[0] + writeFragment(spec.id, state, ""), "Link copied.");
  const savePicture = () =>
    save(standalone(root.querySelector(".bpw-picture svg"), spec.title, view.words), `${spec.id}.svg`);
  return h(
    "p",
    { class: "bpw-tools", key: "tools" },
    button("Copy state as NumPy", copyNumpy, { "data-widget-copy": true }),
    session.inPage ? button("Copy a link to this state", copyLink) : null,
    button("Save the picture", savePicture),
    button("Reset", session.reset),
    h("span", { class: "bpw-message", role: "status" }, session.local.message),
  );
}

// Where the clipboard is closed, the text stands here to be copied by hand.
const codeToCopy = (text) =>
  h("textarea", {
    class: "bpw-code",
    key: "code",
    readonly: true,
    rows: 8,
    value: text,
    "aria-label": "The text to copy",
  });

function body(root, view, session) {
  const { spec, local } = session;
  return h(
    "div",
    { class: "bpw-body", key: "body" },
    verdict(spec, local.prediction),
    h("div", { class: "bpw-picture", key: "picture" }, view.picture),
    view.notes ? h("div", { class: "bpw-notes", key: "notes" }, view.notes) : null,
    h("div", { class: "bpw-controls", key: "controls" }, view.controls),
    h(
      "p",
      {
        class: "bpw-words",
        key: "words",
        "data-widget-words": true,
        "aria-live": local.playing ? "off" : "polite",
      },
      view.words,
    ),
    table(view, session),
    tools(root, view, session),
    local.code ? codeToCopy(local.code) : null,
  );
}

// Make root show the view of the session's state: the question first, the picture once it is answered.
export function layout(root, view, session) {
  const { spec, local } = session;
  const answer = (prediction) => {
    session.predict(prediction);
    root.querySelector("input, select, button, [tabindex]")?.focus({ preventScroll: true });
  };
  const title = h(
    "p",
    { class: "bpw-title", key: "title" },
    h("span", { class: "bpw-id" }, spec.id),
    ` ${spec.title}`,
  );
  patch(root, [title, local.prediction === null ? gate(spec, answer) : body(root, view, session)]);
  root.dataset.words = view.words;
  // The view asked for another drawing: these words aren't the last.
  root.setAttribute("aria-busy", String(session.queued));
}
