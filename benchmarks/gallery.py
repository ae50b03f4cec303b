"""Every message that a student can get, on one page, to be read: python benchmarks/gallery.py [--to FILE] [--golden]

The catalogue's entries, each on the first exercise it belongs to, and as many pieces of the corpus as it takes to see
every other sentence once. --golden writes the words of all cards to tests/golden/messages.md, which a test compares.
"""

import argparse
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
from markupsafe import Markup

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE), str(ROOT)]

from corpus.variants import Variant, right_variants, wrong_variants  # noqa: E402

from autograder.course.own_exercises import BOOK  # noqa: E402
from autograder.diagnosis.assess import Judgement, assess  # noqa: E402
from autograder.exercises import EXERCISES  # noqa: E402
from autograder.feedback.check import Feedback, feedback_on  # noqa: E402
from autograder.feedback.done import RIGHT_SO_FAR  # noqa: E402
from autograder.feedback.first_prints import FirstPrints  # noqa: E402
from autograder.feedback.words import check_summary, note_words  # noqa: E402
from autograder.misconceptions import CATALOGUE  # noqa: E402
from autograder.sandbox.calls import LocalCaller  # noqa: E402

GOLDEN = ROOT / "tests" / "golden" / "messages.md"
NUMBER = re.compile(r"[\d.]*\d(e[+-]?\d+)?")


def judged(exercise: str, function: Callable[..., Any]) -> Judgement:
    """The verdict of check() on a function, as its author would see it."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return assess(EXERCISES[exercise], LocalCaller(function, exercise), b"public", public=True)


def card(heading: str) -> Feedback:
    """The feedback behind a heading: "K13 in hidden_delta", or the name of a piece of the corpus."""
    entry = re.fullmatch(r"(K\d+) in (\w+)", heading)
    if entry is None:
        variant = corpus()[heading]
        return feedback(variant.exercise, variant.function())
    code, exercise = entry.groups()
    return feedback(exercise, lambda *args: CATALOGUE[code].wrong(exercise, *args))


def feedback(exercise: str, function: Callable[..., Any]) -> Feedback:
    """What check() says, each time as if it were the first exercise that is tried."""
    RIGHT_SO_FAR.clear()
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return feedback_on(BOOK, EXERCISES[exercise], FirstPrints(function, exercise))


def corpus() -> dict[str, Variant]:
    return {variant.name: variant for variant in wrong_variants() + right_variants()}


def headings() -> Iterator[str]:
    """One heading for each entry of the catalogue, then for each piece of the corpus that shows a new sentence."""
    for code, entry in CATALOGUE.items():
        if entry.exercises():
            yield f"{code} in {entry.exercises()[0]}"
    seen: set[str] = set()
    for name, variant in corpus().items():
        new = set(kinds(judged(variant.exercise, variant.function()))) - seen
        if new:
            seen |= new
            yield name


def kinds(verdict: Judgement) -> Iterator[str]:
    """The sentences of a verdict but for its numbers and names, so that two of one kind are one."""
    sentences = [verdict.pattern or "", *map(note_words, verdict.notes)]
    sentences += [check_summary(check) for check in verdict.checks if not check.passed]
    for sentence in filter(None, sentences):
        bare = re.sub(r"raised (\w+).*", r"raised \1", sentence)
        bare = re.sub(
            r"\b(Z|A|dW|db|delta\w*|errors|ok|item|the answer)\b(\[\d+\])?|'[^']*'|\([^)]*\)", "_", bare
        )
        yield re.sub(r"(except|with|layer) [-\w]+", r"\1 _", NUMBER.sub("0", bare))[:90]


def words(feedback: Feedback) -> str:
    """The card as text, without the rows of numbers, and below it the steps of help after the first."""
    lines = [line for line in feedback.text.splitlines() if not re.match(r" {4}[✓±×∅] +\S", line)]
    more = [step["text"] for step in feedback.to_json()["help"] if step["level"] > 1]
    return "\n".join([*lines, *more])


def golden() -> dict[str, str]:
    """What tests/golden/messages.md says: the words by their heading."""
    parts = re.split(r"^## (.+)\n\n```\n", GOLDEN.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {heading: body.split("\n```")[0] for heading, body in zip(parts[::2], parts[1::2], strict=True)}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--to", type=Path, default=ROOT / "_build" / "gallery.html")
    parser.add_argument("--golden", action="store_true")
    args = parser.parse_args()
    cards = [(heading, card(heading)) for heading in headings()]
    page = jinja2.Environment(autoescape=True).from_string(
        (HERE / "gallery.html").read_text(encoding="utf-8")
    )
    args.to.parent.mkdir(parents=True, exist_ok=True)
    args.to.write_text(page.render(cards=[(h, Markup(f.html)) for h, f in cards]), encoding="utf-8")
    print(f"{len(cards)} cards: {args.to}")
    if args.golden:
        body = "\n".join(f"## {heading}\n\n```\n{words(feedback)}\n```\n" for heading, feedback in cards)
        GOLDEN.write_text(
            f"# What check() says, card by card (benchmarks/gallery.py --golden)\n\n{body}", encoding="utf-8"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
