// A case of a card as a cell below the exercise: it runs with the reader's function.
import { Cell } from "./cell.js";
import { make } from "./dom.js";

export function putCase(page, exercise, code) {
  const name = `${exercise.name}-case`;
  page.cells.find((cell) => cell.name === name)?.remove();
  const cell = new Cell(bare(name, code), page);
  cell.follows = exercise;
  exercise.element.after(cell.element);
  page.cells.splice(page.cells.indexOf(exercise) + 1, 0, cell);
  cell.edit().focus();
  cell.element.scrollIntoView({ block: "nearest" });
  return cell;
}

function bare(name, code) {
  const text = make("div", { className: "cell_input" }, make("pre", { textContent: code }));
  return make(
    "div",
    {
      className: "live-cell",
      "data-live-cell": name,
      "data-live-state": "saved",
      "data-live-version": name,
      "data-tags": "case",
    },
    make("div", { className: "cell" }, text),
    make("div", { className: "live-output", "data-live-output": "" }),
  );
}
