// A copy of what the page says of an option, without the letter that it has in the list of answers.
export function reason(element, of) {
  const found = element.querySelector(`.question-answer [data-why="${of}"]`);
  if (!found) return [];
  const copy = found.cloneNode(true);
  copy.hidden = false;
  copy.removeAttribute("data-why");
  for (const lead of copy.querySelectorAll(".question-lead")) lead.remove();
  return [copy];
}
