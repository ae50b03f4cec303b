// Lines to put in order: by buttons, by the arrow keys on them, or by dragging a line at its grip.
import { make } from "../dom.js";
import { reason } from "./reason.js";
import { SAYS } from "./says.js";

const button = (className, text, label) =>
  make("button", { type: "button", className, textContent: text, "aria-label": label });

export function order(element, changed) {
  const list = element.querySelector(".question-options");
  const lines = [...list.children];
  const told = make("p", { className: "question-moved", role: "status" });
  const placeOf = new Map(lines.map((line, i) => [line, i]));
  const spare = lines.some((line) => line.dataset.place === "-1");

  function moved(line) {
    const now = [...list.children];
    now.forEach((each, i) => {
      each.querySelector(".question-up").disabled = i === 0;
      each.querySelector(".question-down").disabled = i === now.length - 1;
    });
    if (!line) return;
    told.textContent = SAYS.moved(line.dataset.letter, now.indexOf(line) + 1, now.length);
    changed();
  }

  function move(line, by, pressed) {
    const beside = by < 0 ? line.previousElementSibling : line.nextElementSibling;
    if (!beside) return;
    if (by < 0) beside.before(line);
    else beside.after(line);
    moved(line);
    // A button at the end of its way gives the focus to the other one.
    const other = line.querySelector(by < 0 ? ".question-down" : ".question-up");
    (pressed.disabled ? other : pressed).focus();
  }

  // The page is listened to, not the grip: a line that is put elsewhere loses the pointer.
  function drag(grip, line) {
    grip.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const stop = new AbortController();
      const { signal } = stop;
      line.classList.add("question-held");
      document.addEventListener("pointermove", ({ clientY }) => follow(line, clientY), { signal });
      for (const end of ["pointerup", "pointercancel"])
        document.addEventListener(
          end,
          () => {
            line.classList.remove("question-held");
            stop.abort();
          },
          { signal },
        );
    });
  }

  function follow(line, y) {
    const middle = (other) => other.getBoundingClientRect().top + other.offsetHeight / 2;
    const { previousElementSibling: before, nextElementSibling: after } = line;
    if (before && y < middle(before)) before.before(line);
    else if (after && y > middle(after)) after.after(line);
    else return;
    moved(line);
    follow(line, y);
  }

  for (const line of lines) {
    const { letter } = line.dataset;
    const up = button("question-up", "↑", SAYS.up(letter));
    const down = button("question-down", "↓", SAYS.down(letter));
    up.addEventListener("click", () => move(line, -1, up));
    down.addEventListener("click", () => move(line, 1, down));
    const grip = make("span", { className: "question-grip", textContent: "⠿", "aria-hidden": "true" });
    drag(grip, line);
    const moves = make("span", { className: "question-moves" }, up, down);
    if (spare) {
      const out = button("question-out", "✕", SAYS.out(letter));
      out.setAttribute("aria-pressed", "false");
      out.addEventListener("click", () => {
        leaveOut(line, !("out" in line.dataset));
        changed();
      });
      moves.append(out);
    }
    line.addEventListener("keydown", (event) => {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!by || !event.target.closest(".question-moves")) return;
      event.preventDefault();
      move(line, by, event.target);
    });
    const words = make("span", { className: "question-line" }, ...line.querySelector("p").childNodes);
    line.replaceChildren(
      grip,
      make("span", { className: "question-letter", textContent: letter }),
      words,
      moves,
    );
  }
  moved(null);

  function leaveOut(line, out) {
    line.toggleAttribute("data-out", out);
    line.querySelector(".question-out")?.setAttribute("aria-pressed", String(out));
  }

  function judge() {
    const used = [...list.children].filter((line) => !("out" in line.dataset));
    const wanted = lines.filter((line) => line.dataset.place !== "-1").length;
    for (const [i, line] of used.entries()) {
      const { place, letter } = line.dataset;
      if (Number(place) === i) continue;
      const says = place === "-1" ? SAYS.unneeded(letter) : (missing(used) ?? SAYS.tooEarly(letter, i + 1));
      return { state: "wrong", why: [`${says} `, ...reason(element, placeOf.get(line))] };
    }
    if (used.length < wanted) return { state: "wrong", why: [missing(used)] };
    return { state: "right", why: [] };
  }

  // A line that belongs and is left out.
  function missing(used) {
    const left = lines.find((line) => line.dataset.place !== "-1" && !used.includes(line));
    return left && SAYS.needed(left.dataset.letter);
  }

  return {
    field: make("fieldset", { "aria-labelledby": `${element.dataset.question}-asked` }, list, told),
    value: () =>
      [...list.children].map(({ dataset }) => ("out" in dataset ? "-" : "") + dataset.letter).join(" "),
    restore: (answer) => {
      for (const entry of answer.split(" ")) {
        const line = lines.find(({ dataset }) => dataset.letter === entry.replace("-", ""));
        if (!line) continue;
        list.append(line);
        leaveOut(line, spare && entry.startsWith("-"));
      }
      moved(null);
    },
    judge,
  };
}
