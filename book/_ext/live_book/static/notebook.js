// The exercise notebook with the reader's code in its solution cells, ready to hand in.
import { make } from "./dom.js";
import { _ } from "./words.js";

async function fetched(url) {
  const answer = await fetch(url).catch(() => {
    throw new Error(_("The exercise notebook could not be fetched. Is the network gone?"));
  });
  if (!answer.ok)
    throw new Error(
      _("The exercise notebook could not be fetched (the server answered {status}).", {
        status: answer.status,
      }),
    );
  return answer.json();
}

function withMine(notebook, cells) {
  const written = new Map(cells.map((cell) => [`${cell.exercise}_solution`, cell.source]));
  for (const cell of notebook.cells) {
    const source = written.get(cell.metadata?.nbgrader?.grade_id);
    if (source !== undefined) Object.assign(cell, { source, outputs: [], execution_count: null });
  }
  return notebook;
}

async function downloadMine(link, cells) {
  const notebook = withMine(await fetched(link.href), cells);
  const url = URL.createObjectURL(
    new Blob([`${JSON.stringify(notebook, null, 1)}\n`], { type: "application/x-ipynb+json" }),
  );
  make("a", { href: url, download: `${link.dataset.notebook}.ipynb` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

// The notebook's own code cells, without exercises and tests: [[name, source], …].
export async function givenCells(url) {
  const own = (await fetched(url)).cells.filter((cell) => {
    const role = cell.metadata?.nbgrader ?? {};
    return cell.cell_type === "code" && !role.grade && !role.solution;
  });
  return own.map((cell, i) => [`given-${i + 1}`, [cell.source].flat().join("")]);
}

export function offerMine(exercises) {
  if (!exercises.length) return;
  for (const link of document.querySelectorAll("a[data-notebook]")) {
    const words = make("span", { role: "status", className: "live-state" });
    const button = make("button", {
      type: "button",
      className: "live-download",
      textContent: _("Download my notebook"),
      title: _("The same notebook, with what you wrote on this page"),
    });
    button.addEventListener("click", () => {
      words.textContent = "";
      downloadMine(link, exercises).catch((error) => (words.textContent = error.message));
    });
    link.after(" ", button, " ", words);
  }
}
