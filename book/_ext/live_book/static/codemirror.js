// CodeMirror as this book uses it. Tab indents; Escape, then Tab, leaves (CodeMirror's own way out for the
// keyboard).
import { closeBrackets, closeBracketsKeymap } from "./codemirror/codemirror-autocomplete.js";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "./codemirror/codemirror-commands.js";
import { python } from "./codemirror/codemirror-lang-python.js";
import {
  bracketMatching,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "./codemirror/codemirror-language.js";
import { EditorState, Prec } from "./codemirror/codemirror-state.js";
import { EditorView, keymap } from "./codemirror/codemirror-view.js";
import { classHighlighter } from "./codemirror/lezer-highlight.js";

// Also where Escape has something else to do, such as ending a selection.
function leaving(view) {
  view.setTabFocusMode(5000);
  return false;
}

export function show({ parent, text, selection, label, onChange, onRun }) {
  const run = () => {
    onRun();
    return true;
  };
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      selection: { anchor: selection[0], head: selection[1] },
      extensions: [
        Prec.highest(
          keymap.of([
            ...["Shift-Enter", "Mod-Enter"].map((key) => ({ key, run })),
            { key: "Escape", run: leaving },
          ]),
        ),
        history(),
        indentUnit.of("    "),
        EditorState.tabSize.of(4),
        python(),
        syntaxHighlighting(classHighlighter),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
        EditorView.contentAttributes.of({
          "aria-label": label,
          "data-live-edit": "",
          tabindex: "0",
          spellcheck: "false",
          autocapitalize: "off",
        }),
        EditorView.updateListener.of((update) => update.docChanged && onChange()),
      ],
    }),
  });
  return {
    get text() {
      return view.state.doc.toString();
    },
    set text(insert) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert } });
    },
    focus: () => view.focus(),
  };
}
