// A number to write: whole, decimal (with a point or a comma), or a fraction.
import { make } from "../dom.js";
import { reason } from "./reason.js";
import { SAYS } from "./says.js";

const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

// The value of -5, −5, 0,75, 1e-3 or 3/4; null for other text.
function parsed(text) {
  const parts = text.replace(/\s/g, "").replaceAll("−", "-").replaceAll(",", ".").split("/");
  if (parts.length > 2 || !parts.every((part) => PLAIN.test(part))) return null;
  const [above, below = 1] = parts.map(Number);
  return below === 0 ? null : above / below;
}

const near = (value, other, within) => Math.abs(value - other) <= within * Math.abs(other) + 1e-12;

export function number(element, changed) {
  const name = element.dataset.question;
  const input = make("input", { type: "text", autocomplete: "off", id: `${name}-number`, spellcheck: false });
  input.setAttribute("aria-describedby", `${name}-asked`);
  input.addEventListener("input", changed);
  const field = make(
    "p",
    { className: "question-number" },
    make("label", { htmlFor: input.id, textContent: SAYS.yourNumber }),
    " ",
    input,
  );
  const within = Number(element.dataset.within);
  const known = [...element.querySelectorAll("[data-why][data-value]")];
  return {
    field,
    value: () => input.value,
    restore: (answer) => {
      input.value = answer;
    },
    judge: () => {
      const value = parsed(input.value);
      if (value === null) return { state: "open", why: [SAYS.noNumber] };
      if (near(value, Number(element.dataset.answer), within)) return { state: "right", why: [] };
      const mistake = known.find(({ dataset }) => near(value, Number(dataset.value), within));
      return { state: "wrong", why: reason(element, mistake?.dataset.why ?? "else") };
    },
  };
}
