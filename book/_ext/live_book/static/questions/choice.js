// One of several answers.
import { make } from "../dom.js";
import { reason } from "./reason.js";
import { SAYS } from "./says.js";

export function choice(element, changed) {
  const name = element.dataset.question;
  const list = element.querySelector(".question-options");
  const items = [...list.children];
  const inputs = items.map((item, i) => {
    const input = make("input", { type: "radio", name, value: String(i), id: `${name}-${i}` });
    // An equation alone is no name for the ear; the letter is that of the answer below.
    const letter = make("span", { className: "visually-hidden", textContent: `${item.dataset.letter}: ` });
    const label = make("label", { htmlFor: input.id }, letter, ...item.querySelector("p").childNodes);
    item.replaceChildren(input, label);
    input.addEventListener("change", changed);
    return input;
  });
  const field = make("fieldset", { "aria-labelledby": `${name}-asked` }, list);
  const chosen = () => inputs.findIndex((input) => input.checked);
  return {
    field,
    value: () => String(chosen()),
    restore: (answer) => {
      const input = inputs[Number(answer)];
      if (input) input.checked = true;
    },
    judge: () => {
      const i = chosen();
      if (i < 0) return { state: "open", why: [SAYS.choose] };
      const right = "right" in items[i].dataset;
      return { state: right ? "right" : "wrong", why: reason(element, i) };
    },
  };
}
