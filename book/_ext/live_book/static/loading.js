// Fetching Python: which groups of packages a page needs, fetching them ahead, and a bar with the bytes so far.
import { make } from "./dom.js";
import { pyodideFolder, settings } from "./settings.js";
import { isShared } from "./shared_python.js";
import { _, decimal } from "./words.js";

const root = document.documentElement;
const GROUPS = { matplotlib: /matplotlib|pyplot|figures/, ipywidgets: /ipywidgets|interact/ };

// The groups of packages that these texts use, besides NumPy and the book's own.
export function groupsOf(sources) {
  const text = sources.join("\n");
  return Object.keys(GROUPS).filter((group) => GROUPS[group].test(text));
}

// Python's state, and the bar under the cell that waits for it.
export class LoadingBar {
  constructor() {
    this.bar = null;
  }

  status(status) {
    root.dataset.liveStatus = status;
    if (status === "ready" || status === "failed") this.bar?.remove();
  }

  progress({ loaded, total }, cell) {
    if (root.dataset.liveStatus !== "loading" || !cell) return;
    if (!this.bar?.isConnected) {
      this.bar = make("progress", { className: "live-progress-bar", "aria-label": _("Loading Python") });
      cell.bar.after(this.bar);
    }
    this.bar.max = total;
    this.bar.value = Math.min(loaded, total);
    const [now, all] = [loaded, total].map((bytes) => decimal(bytes / 1e6, 1));
    cell.words.textContent = _("loading Python: {now} of {all} MB", { now, all });
  }
}

let prefetched = false;

// Ask the browser to fetch, when it has nothing better to do, what a run of these cells will need.
export async function prefetch(cells) {
  if (prefetched || !settings.python || navigator.connection?.saveData) return;
  prefetched = true;
  const answer = await fetch(`${pyodideFolder}live.json`).catch(() => null);
  // A run will say what is wrong.
  if (!answer?.ok) return;
  const list = await answer.json();
  const needed = ["stdlib", "numpy", "deltabook", ...groupsOf(cells.map((cell) => cell.source))];
  const packages = needed.map((name) => list.groups[name].file);
  const folder = (file) => new URL(isShared(list, file) ? list.shared : "", pyodideFolder);
  for (const file of ["pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", ...packages])
    document.head.append(make("link", { rel: "prefetch", href: new URL(file, folder(file)).href }));
}
