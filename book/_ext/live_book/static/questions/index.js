// Questions that judge. In the page stand the question, its options and its answer, folded; here it becomes a
// form. What was answered is kept by the question's name, and shown again when the reader comes back.
import { make } from "../dom.js";
import { keep, recall } from "../storage.js";
import { choice } from "./choice.js";
import { number } from "./number.js";
import { order } from "./order.js";
import { reason } from "./reason.js";
import { SAYS } from "./says.js";

// Each makes a form of a question and gives { field, value(), restore(value), judge() }: judge() says
// { state: "right" | "wrong" | "open", why: [elements or text] }, "open" where there is nothing to judge yet.
const KINDS = { choice, number, order };

class Question {
  constructor(element, page) {
    this.element = element;
    this.key = `answer:${page}:${element.dataset.question}`;
    this.said = make("div", { className: "question-said", role: "status" });
    this.part = KINDS[element.dataset.kind](element, () => this.changed());
    const check = make("button", { type: "submit", className: "question-check", textContent: SAYS.check });
    const row = make("div", { className: "question-row" }, check);
    this.form = make(
      "form",
      { className: "question-form", noValidate: true },
      this.part.field,
      row,
      this.said,
    );
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.check();
    });
    element.querySelector(".question-answer").before(this.form);
    this.restore();
  }

  restore() {
    const answer = recall(this.key);
    if (answer === null) return;
    this.part.restore(answer);
    this.show(this.part.judge());
  }

  check() {
    keep(this.key, this.part.value());
    this.show(this.part.judge());
  }

  show({ state, why }) {
    this.element.dataset.questionState = state;
    const verdict = { right: SAYS.right, wrong: SAYS.wrong, open: "" }[state];
    const all = state === "right" ? [...why, ...reason(this.element, "end")] : why;
    this.said.replaceChildren(
      ...(verdict ? [make("p", { className: "question-verdict", textContent: verdict })] : []),
      ...all,
    );
  }

  // Another answer is being made, so what was said of the last one goes.
  changed() {
    if (this.said.childElementCount === 0 && !this.said.textContent) return;
    this.element.dataset.questionState = "open";
    this.said.replaceChildren();
  }
}

// On paper the answers stand together at the end of the page, not below each question.
function answersAtTheEnd(questions) {
  let list = null;
  addEventListener("beforeprint", () => {
    list = make("section", { className: "question-answers" }, make("h2", { textContent: SAYS.answers }));
    for (const element of questions) {
      const copy = element.querySelector(".question-answer").cloneNode(true);
      const title = element.querySelector(".question-title").cloneNode(true);
      title.removeAttribute("id");
      copy.querySelector("summary").remove();
      list.append(make("div", {}, title, ...copy.childNodes));
    }
    document.querySelector("article").append(list);
    document.documentElement.dataset.answersAtTheEnd = "";
  });
  addEventListener("afterprint", () => {
    list?.remove();
    delete document.documentElement.dataset.answersAtTheEnd;
  });
}

export function showQuestions(page) {
  const found = [...document.querySelectorAll(".question[data-kind]")];
  for (const element of found) new Question(element, page);
  if (found.length) answersAtTheEnd(found);
}
