// What every widget has: a prediction asked first, its state kept in the page's address and in Python, words
// for screen readers, a table of its numbers, "Copy state as NumPy", a link, and a reset. A widget itself is
//   { id, title, kind, question: { ask, options, answer, why }, defaults, still?, ranges, choices, clean?, view(ui) }
// and view() is a pure function of ui.state that gives { picture, controls, notes?, words, table, numpy }.
// kind says in a word what the picture is ("Line plot"); still is the state of the picture on paper, where it
// isn't the first one.

import { fromAddress, toAddress } from "./address.js";
import { button } from "./controls.js";
import { h, markup, patch } from "./dom.js";
import { save, standalone } from "./picture.js";
import { clean, set, writeFragment } from "./state.js";

const remembered = (id) => `deltabook-prediction-${id}`;

function recall(id) {
  try {
    return globalThis.localStorage?.getItem(remembered(id)) ?? null;
  } catch {
    return null; // storage is forbidden here: the question is asked again next time
  }
}

function remember(id, text) {
  try {
    globalThis.localStorage?.setItem(remembered(id), text);
  } catch {
    // forbidden, as above
  }
}

export const cleanState = (spec, given) =>
  spec.clean ? spec.clean(given ?? {}) : clean(spec.defaults, given, spec.ranges, spec.choices);

// The view outside a page: for stills and tests.
export function viewOf(spec, given = {}, width = 680) {
  const nothing = () => {};
  return spec.view({
    state: cleanState(spec, given),
    width,
    still: true,
    local: {},
    put: nothing,
    set: nothing,
    show: nothing,
    play: nothing,
  });
}

// The picture on paper and where JavaScript is off. Its text alternative: type, data (the words), conclusion.
export function still(spec) {
  const view = viewOf(spec, spec.still ?? {});
  const { role, ...attributes } = view.picture.attributes;
  const label = `${spec.kind}: ${spec.title}. ${view.words} In short: ${spec.question.why}`;
  const picture = { ...view.picture, attributes: { ...attributes, "data-widget-still": true } };
  return markup(picture).replace(
    "<svg",
    `<svg role="img" aria-label="${label.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;")}"`,
  );
}

function gate(spec, ui) {
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
        if (chosen) ui.open(chosen.value);
      },
    },
    h(
      "fieldset",
      {},
      h("legend", {}, `First predict: ${ask}`),
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
      h("button", { type: "submit", class: "bpw-button bpw-primary" }, "Predict, then see"),
      " ",
      button("Skip the question", () => ui.open("skipped"), { "data-widget-skip": true }),
    ),
  );
}

function verdict(spec, prediction) {
  const { ask, options, answer, why } = spec.question;
  const said = options[Number(prediction)];
  if (prediction === "skipped" || said === undefined) {
    return h(
      "details",
      { class: "bpw-answer", key: "answer" },
      h("summary", {}, `The question was: ${ask}`),
      h("p", {}, h("strong", {}, `${options[answer]}. `), why),
    );
  }
  const right = Number(prediction) === answer;
  return h(
    "p",
    { class: `bpw-verdict ${right ? "right" : "other"}`, key: "verdict" },
    h("strong", {}, right ? "✓ As you predicted. " : `✗ You predicted “${said}”. `),
    why,
  );
}

export const tableOf = (view) => (typeof view.table === "function" ? view.table() : view.table);

function table(view, local, ui) {
  // A costly table is a function, asked for only while the table is open.
  const { columns, rows, caption } = !local.table ? {} : tableOf(view);
  return h(
    "details",
    {
      class: "bpw-table",
      key: "table",
      ontoggle: (event) => {
        local.table = event.target.open;
        ui.draw();
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

export function widget(spec) {
  const render = ({ model, el }) => {
    const inPage = model.get("in_page") === true;
    const root = document.createElement("div");
    root.className = "bpw";
    // JupyterLab takes the arrow keys for itself unless the very element in focus says no.
    root.addEventListener("focusin", ({ target }) => (target.dataset.lmSuppressShortcuts = "true"));
    el.append(root);
    const local = { prediction: recall(spec.id), table: false, message: "" };
    const linked = inPage ? fromAddress(spec.id) : null;
    if (linked) local.prediction ??= "skipped"; // who follows a link to a moment wants to see that moment
    let timer = null;
    let queued = false;
    const ui = { state: cleanState(spec, linked ?? model.get("state")), width: 680, local };

    ui.draw = () => {
      const view = spec.view(ui);
      const opened = local.prediction !== null;
      const tools = h(
        "p",
        { class: "bpw-tools", key: "tools" },
        button("Copy state as NumPy", () => copy(viewOf(spec, ui.state).numpy, "NumPy code copied."), {
          "data-widget-copy": true,
        }),
        inPage
          ? button("Copy a link to this state", () =>
              copy(location.href.split("#")[0] + writeFragment(spec.id, ui.state, ""), "Link copied."),
            )
          : null,
        button("Save the picture", () =>
          save(standalone(root.querySelector(".bpw-picture svg"), spec.title, view.words), `${spec.id}.svg`),
        ),
        button("Reset", ui.reset),
        h("span", { class: "bpw-message", role: "status" }, local.message),
      );
      const inside = h(
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
            "aria-live": timer ? "off" : "polite",
          },
          view.words,
        ),
        table(view, local, ui),
        tools,
        local.code
          ? h("textarea", {
              class: "bpw-code",
              key: "code",
              readonly: true,
              rows: 8,
              value: local.code,
              "aria-label": "The text to copy",
            })
          : null,
      );
      patch(root, [
        h(
          "p",
          { class: "bpw-title", key: "title" },
          h("span", { class: "bpw-id" }, spec.id),
          ` ${spec.title}`,
        ),
        opened ? inside : gate(spec, ui),
      ]);
      root.dataset.words = view.words;
      root.setAttribute("aria-busy", String(queued)); // the view asked for another drawing: these words aren't the last
    };
    // Several events between two frames are one drawing; the state itself is never behind.
    ui.later = () => {
      if (queued) return;
      queued = true;
      requestAnimationFrame(() => {
        queued = false;
        ui.draw();
        if (root.dataset.words !== told) tell(); // what is worked out over several drawings has new words
      });
    };
    ui.set = (change) => {
      ui.state = cleanState(spec, { ...ui.state, ...change });
      local.message = "";
      local.code = "";
      ui.draw();
      tell();
      if (inPage) toAddress(spec.id, ui.state);
    };
    let told = "";
    const tell = () => {
      told = root.dataset.words;
      model.set("state", ui.state);
      model.set("words", root.dataset.words);
      model.save_changes();
    };
    ui.put = (path, value) => ui.set(set(ui.state, path, value));
    ui.show = (change) => {
      Object.assign(local, change);
      ui.later();
    };
    ui.open = (prediction) => {
      remember(spec.id, prediction);
      local.prediction = prediction;
      ui.draw();
      root.querySelector("input, select, button, [tabindex]")?.focus({ preventScroll: true });
    };
    ui.reset = () => {
      ui.play(null);
      ui.set(spec.defaults);
    };
    ui.play = (step, milliseconds = 900) => {
      clearInterval(timer);
      timer = step ? setInterval(step, milliseconds) : null;
      local.playing = Boolean(step);
      ui.draw();
    };
    async function copy(text, message) {
      try {
        await navigator.clipboard.writeText(text);
        local.message = message;
        local.code = "";
      } catch {
        local.message = "The clipboard is closed to this page. Select the text and copy it:";
        local.code = text;
      }
      ui.draw();
    }
    const watch = new ResizeObserver(([entry]) => {
      const width = Math.round(Math.max(280, Math.min(760, entry.contentRect.width - 2)));
      if (width !== ui.width) {
        ui.width = width;
        ui.later();
      }
    });
    ui.width = Math.round(Math.max(280, Math.min(760, (el.clientWidth || 680) - 2)));
    const fromPython = () => {
      const state = cleanState(spec, model.get("state"));
      if (JSON.stringify(state) !== JSON.stringify(ui.state)) {
        ui.state = state;
        ui.draw();
        tell();
      }
    };
    model.on("change:state", fromPython);
    ui.draw();
    tell();
    watch.observe(el);
    return () => {
      clearInterval(timer);
      watch.disconnect();
      model.off?.("change:state", fromPython);
    };
  };
  return { spec, render };
}
