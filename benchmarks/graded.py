"""What is said of wrong answers to the graded set, which are made when they are asked for.

    python benchmarks/graded.py [--seed S] [--most N] [--list] [exercise …]

For each exercise whose gradients are asked, or whose given code is to be rewritten: how many right answers lose
a point, and of the wrong ones how many earn everything, are told a cause, a place, a pattern, an error, or nothing.
Whether a sentence is true of the change is for a reader: --list prints both. Exercises that undo a step, and
differences, aren't here: nothing makes a wrong answer to them without knowing a right one.
"""

import argparse
import os
import random
import sys
import warnings
from collections import Counter
from itertools import islice
from multiprocessing import Pool
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from slipped_steps import right, wrong  # noqa: E402

from autograder.diagnosis.assess import Judgement, assess  # noqa: E402
from autograder.exercises.graded import GRADED  # noqa: E402
from autograder.sandbox.calls import LocalCaller  # noqa: E402

COLUMNS = ("right", "lose", "wrong", "accepted", "cause", "place", "pattern", "error", "nothing")


def asked() -> list[str]:
    """The exercises to which answers can be made."""
    return [id for id, e in GRADED.items() if e.forward or (e.given_code and not e.given_code.unknown)]


def told(found: Judgement) -> str:
    """Of what kind what is said of a wrong answer is."""
    if found.fraction == 1:
        return "accepted"
    if found.codes:
        return "place" if set(found.codes) == {"D-place"} else "cause"
    if found.pattern:
        return "pattern"
    shape = any(not check.passed and check.kind == "shape" for check in found.checks)
    return "error" if shape or found.error is not None else "nothing"


def measured(job: tuple[str, str, int]) -> tuple[str, Counter[str], list[str]]:
    """An exercise's figures, and a line for each wrong answer."""
    id, seed, most = job
    warnings.simplefilter("ignore")
    exercise, figures, lines = GRADED[id], Counter[str](), []
    cases = list(exercise.probes(seed.encode()))
    for answer in right(exercise, cases):
        found = assess(exercise, LocalCaller(answer.call, id), seed.encode())
        figures["right"] += 1
        figures["lose"] += found.fraction < 1
    answers = list(wrong(exercise, cases))
    random.Random(id).shuffle(answers)
    for answer in islice(answers, most):
        found = assess(exercise, LocalCaller(answer.call, id), seed.encode())
        figures["wrong"] += 1
        figures[told(found)] += 1
        words = "; ".join(found.sentences) or found.pattern or "-"
        lines.append(f"    {answer.what:70} {told(found):8} {words}")
    return id, figures, lines


def main() -> int:
    """Print the figures; 1 where a right answer loses a point or a wrong one earns everything."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", default="1")
    parser.add_argument("--most", type=int, default=40, help="wrong answers for each exercise (default: 40)")
    parser.add_argument("--list", action="store_true", help="print what every wrong answer is told")
    parser.add_argument("exercises", nargs="*", default=[], help="only these")
    options = parser.parse_args()
    ids = options.exercises or asked()
    total: Counter[str] = Counter()
    print(f"{'':24}", *(f"{name:>8}" for name in COLUMNS))
    with Pool(os.cpu_count()) as pool:
        for id, figures, lines in pool.imap(measured, [(id, options.seed, options.most) for id in ids]):
            print(f"{id:24}", *(f"{figures[name]:8}" for name in COLUMNS))
            total += figures
            if options.list:
                print("\n".join(lines))
    print(f"{'all':24}", *(f"{total[name]:8}" for name in COLUMNS))
    return 1 if total["lose"] or total["accepted"] else 0


if __name__ == "__main__":
    sys.exit(main())
