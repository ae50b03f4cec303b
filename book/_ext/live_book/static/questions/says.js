// All that questions say by themselves.
import { _ } from "../words.js";

export const SAYS = {
  check: _("Check"),
  right: _("✓ Right."),
  wrong: _("✗ Not yet."),
  answers: _("Answers to the questions"),
  choose: _("Choose one of the answers first."),
  yourNumber: _("Your answer"),
  noNumber: _("Write a number: −5, 0.75 or 3/4, for example."),
  up: (letter) => _("Move line {letter} up", { letter }),
  down: (letter) => _("Move line {letter} down", { letter }),
  out: (letter) => _("Leave line {letter} out", { letter }),
  moved: (letter, place, of) => _("Line {letter} is number {place} of {of} now.", { letter, place, of }),
  tooEarly: (letter, place) => _("Line {letter} comes too early, as number {place}.", { letter, place }),
  needed: (letter) => _("Line {letter} is left out, but it is needed.", { letter }),
  unneeded: (letter) => _("Line {letter} does not belong here.", { letter }),
};
