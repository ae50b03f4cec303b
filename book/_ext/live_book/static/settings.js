// What the build wrote into the page for its scripts: the page's name, the way to the static files, the hash
// of the list of Python's files (empty if the book was built without Python), and whether there is an editor.
import { _ } from "./words.js";

export const settings = JSON.parse(document.getElementById("live-settings").textContent);
export const pyodideFolder = new URL(`${settings.static}pyodide/`, location.href).href;
export const WITHOUT_PYTHON = _(
  "This copy of the book was built without Python in the page, so its cells can't be run.",
);
