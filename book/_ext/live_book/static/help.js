// A card's help, one step after the other, and its small case, put into a cell.
import { make } from "./dom.js";
import { _ } from "./words.js";

// note(level): a step was opened. toCell(code): the case's button was pressed.
export function enliven(feedback, { note, toCell }) {
  for (const ladder of feedback.querySelectorAll("details[data-help]"))
    if (!ladder.parentElement.closest("details[data-help]")) ladder.replaceWith(oneByOne(ladder, note));
  for (const box of feedback.querySelectorAll("[data-case]")) {
    const button = make("button", {
      type: "button",
      textContent: _("Put this case into a cell"),
      "data-case-to-cell": "",
    });
    button.addEventListener("click", () => toCell(box.dataset.caseCode));
    box.append(button);
  }
}

function oneByOne(ladder, note) {
  const steps = [ladder, ...ladder.querySelectorAll("details[data-help]")].map((details) => ({
    title: details.querySelector(":scope > summary").textContent,
    step: details.querySelector(":scope > [data-help-level]"),
  }));
  const button = make("button", { type: "button", "data-help-next": "" });
  const box = make("div", { className: "live-help" }, button);
  let opened = 0;
  const label = () => (button.textContent = steps[opened]?.title ?? "");
  button.addEventListener("click", () => {
    const { title, step } = steps[opened];
    opened += 1;
    const heading = make("p", {
      className: "live-help-title",
      textContent: title.replace(/^[^:]*: /, ""),
    });
    step.prepend(heading);
    button.before(step);
    note(Number(step.dataset.helpLevel));
    if (opened < steps.length) return label();
    button.remove();
    step.tabIndex = -1;
    step.focus();
  });
  label();
  return box;
}
