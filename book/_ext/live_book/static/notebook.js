// The exercise notebook with the reader's code in its solution cells, ready to hand in.
export async function downloadMine(link, cells) {
  const answer = await fetch(link.href);
  if (!answer.ok) throw new Error(`The notebook could not be fetched (the server answered ${answer.status}).`);
  const notebook = await answer.json();
  const written = new Map(cells.filter((cell) => cell.exercise).map((cell) => [`${cell.exercise}_solution`, cell.source]));
  for (const cell of notebook.cells) {
    const source = written.get(cell.metadata?.nbgrader?.grade_id);
    if (source !== undefined) cell.source = source;
  }
  const url = URL.createObjectURL(new Blob([JSON.stringify(notebook, null, 1) + "\n"], { type: "application/x-ipynb+json" }));
  const save = document.createElement("a");
  save.href = url;
  save.download = link.dataset.notebook + ".ipynb";
  save.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

// The notebook's own code cells, without exercises and tests: [[name, source], …].
export async function givenCells(url) {
  const answer = await fetch(url);
  if (!answer.ok) return [];
  const notebook = await answer.json();
  const own = notebook.cells.filter((cell) => {
    const role = cell.metadata?.nbgrader ?? {};
    return cell.cell_type === "code" && !role.grade && !role.solution;
  });
  return own.map((cell, i) => [`given-${i + 1}`, [cell.source].flat().join("")]);
}

export function offerMine(cells) {
  for (const link of document.querySelectorAll("a[data-notebook]")) {
    if (!cells.some((cell) => cell.exercise)) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm live-download";
    button.textContent = "Download my notebook";
    button.title = "The same notebook, with what you wrote on this page";
    button.addEventListener("click", () => downloadMine(link, cells).catch((error) => (button.textContent = error.message)));
    link.after(" ", button);
  }
}
