// The parts of a widget on the screen, from top to bottom: title, question, picture, controls, words, table, tools.

import { button } from "./controls.js";
import { h, patch } from "./dom.js";
import { save, standalone } from "./picture.js";
import { gate, verdict } from "./prediction.js";
import { writeFragment } from "./state.js";
import { tableOf, viewOf } from "./view.js";
import { _ } from "./words.js";

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
    h("summary", {}, _("The numbers as a table")),
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

// One button, "⋯", for what is needed now and then. Folded, the four stay in reach of the keyboard: they show
// themselves when they are in focus.
function tools(root, view, session) {
  const { spec, state, local } = session;
  const copyNumpy = () => session.copy(viewOf(spec, state).numpy, _("NumPy code copied."));
  const copyLink = () =>
    session.copy(location.href.split("#")[0] + writeFragment(spec.id, state, ""), _("Link copied."));
  const savePicture = () =>
    save(standalone(root.querySelector(".bpw-picture svg"), spec.title, view.words), `${spec.id}.svg`);
  const close = (event) => {
    if (event.key === "Escape" && local.tools) session.setLocal({ tools: false });
  };
  return h(
    "div",
    { class: `bpw-tools ${local.tools ? "open" : ""}`, key: "tools", onkeydown: close },
    button("⋯", () => session.setLocal({ tools: !local.tools }), {
      class: "bpw-button bpw-more",
      "aria-expanded": String(Boolean(local.tools)),
      "aria-label": _("Tools of {id}", { id: spec.id }),
      title: _("Copy, link, save, begin anew"),
    }),
    h(
      "div",
      { class: "bpw-tool-list" },
      button(_("Copy state as NumPy"), copyNumpy, { "data-widget-copy": true }),
      session.inPage ? button(_("Copy a link to this state"), copyLink) : null,
      button(_("Save the picture"), savePicture),
      button(_("Reset"), session.reset),
    ),
    h("span", { class: "bpw-message", role: "status" }, local.message),
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
    "aria-label": _("The text to copy"),
  });

// The state in words: for everybody, or, where a panel has them too, for a screen reader until it is open.
const words = (view, session, quiet) =>
  h(
    "p",
    {
      class: `bpw-words ${quiet ? "bpw-unseen" : ""}`,
      key: "words",
      "data-widget-words": true,
      "aria-live": session.local.playing ? "off" : "polite",
    },
    view.words,
  );

const controls = (view) => h("div", { class: "bpw-controls", key: "controls" }, view.controls);

// Picture, controls, words, table. A story's row of controls opens the rest.
function body(root, view, session) {
  const { spec, local } = session;
  const rest = [table(view, session), local.code ? codeToCopy(local.code) : null];
  const focusable = view.row && { tabindex: 0, role: "group", "aria-label": view.keys };
  const picture = h("div", { class: "bpw-picture", key: "picture", ...focusable }, view.picture);
  const notes = view.notes ? h("div", { class: "bpw-notes", key: "notes" }, view.notes) : null;
  if (!view.row)
    return h(
      "div",
      { class: "bpw-body", key: "body" },
      ...[verdict(spec, local.prediction), picture, notes, controls(view), words(view, session, false), rest],
    );
  const panel = { class: "bpw-panel", key: "panel", id: `bpw-panel-${spec.id}`, hidden: !local.panel };
  return h(
    "div",
    { class: "bpw-body bpw-told", key: "body" },
    h("p", { class: "bpw-says", key: "says", "aria-hidden": "true" }, view.says),
    ...[picture, view.row, words(view, session, !local.panel)],
    h("div", panel, notes, controls(view), rest),
  );
}

// Make root show the view of the session's state: the question first, the picture once it is answered.
export function layout(root, view, session) {
  const { spec, local } = session;
  const answer = (prediction) => {
    session.predict(prediction);
    root.querySelector("input, select, button, [tabindex]")?.focus({ preventScroll: true });
  };
  const asked = local.prediction === null;
  const title = h(
    "div",
    { class: "bpw-title", key: "title" },
    h("span", { class: "bpw-id" }, spec.id),
    h("span", { class: "bpw-name" }, spec.title),
    asked ? null : tools(root, view, session),
  );
  patch(root, [title, asked ? gate(spec, answer, session.asked) : body(root, view, session)]);
  root.dataset.words = view.words;
  Object.entries(view.marks ?? {}).forEach(([name, value]) => {
    const { dataset } = root.closest("[data-widget]") ?? root;
    if (value === null) delete dataset[name];
    else dataset[name] = value;
  });
  // The view asked for another drawing: these words aren't the last.
  root.setAttribute("aria-busy", String(session.queued));
}
