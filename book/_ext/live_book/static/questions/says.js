// All that questions say by themselves.
export const SAYS = {
  check: "Check",
  right: "✓ Right.",
  wrong: "✗ Not yet.",
  answers: "Answers to the questions",
  choose: "Choose one of the answers first.",
  yourNumber: "Your answer",
  noNumber: "Write a number: −5, 0.75 or 3/4, for example.",
  up: (letter) => `Move line ${letter} up`,
  down: (letter) => `Move line ${letter} down`,
  out: (letter) => `Leave line ${letter} out`,
  moved: (letter, place, of) => `Line ${letter} is number ${place} of ${of} now.`,
  tooEarly: (letter, place) => `Line ${letter} comes too early, as number ${place}.`,
  needed: (letter) => `Line ${letter} is left out, but it is needed.`,
  unneeded: (letter) => `Line ${letter} does not belong here.`,
};
