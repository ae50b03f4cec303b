"""Graded exercises without a gradient, and answers to them that were written before the diagnosis was read.

    python benchmarks/blind_graded.py [--seed S]

blind/graded.py holds them with what is right by the statement's own code in long double, which is held against each
answer first. Printed is what every wrong answer is told beside what was done, for a reader to judge; right answers that
lose points or are told anything; how many wrong ones are told a cause, a place, something else, or nothing.
"""

import argparse
import sys
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from blind_layers import function_of, load, said, spoilt

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

from autograder.course.own_exercises import BOOK  # noqa: E402
from autograder.diagnosis.assess import assess  # noqa: E402
from autograder.sandbox.calls import LocalCaller  # noqa: E402
from autograder.trees import arrays  # noqa: E402


def difference(truth: Any, inputs: Any, function: Any) -> float:
    """The largest difference from what is right, relative to the right array's size; inf where it has another form."""
    worst = 0.0
    for args in inputs(np.random.default_rng(20261201)):
        right = [np.asarray(a) for a in arrays(truth(*args))]
        try:
            given = [np.asarray(a, dtype=float) for a in arrays(function(*args))]
        except Exception:
            return np.inf
        if [a.shape for a in given] != [a.shape for a in right]:
            return np.inf
        for a, b in zip(given, right, strict=True):
            off = float(np.max(np.abs(a - b)) / max(1.0, float(np.max(np.abs(b)))))
            worst = max(worst, off if np.isfinite(off) else np.inf)
    return worst


def main() -> int:
    """Print the figures; 0."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", default="1")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    counted: Counter[str] = Counter()
    for name, (truth, inputs, right, wrong) in load(HERE / "blind" / "graded.py").SETS.items():
        exercise = BOOK.exercises[name]
        print(name)
        for style in right:
            assert difference(truth, inputs, style) < 1e-9, (name, style.__name__)
            found = assess(exercise, LocalCaller(style, name), options.seed.encode(), course=BOOK)
            counted["right"] += 1
            if found.fraction < 1 or found.codes or found.pattern:
                counted["right ones that lose points or are told something"] += 1
                print(f"    RIGHT, but {found.fraction:.0%}: {style.__name__} {said(found)}")
        for label, style, exchanges in wrong:
            function = function_of(spoilt(style, exchanges))
            assert not difference(truth, inputs, function) < 1e-5, (name, label)
            found = assess(exercise, LocalCaller(function, name), options.seed.encode(), course=BOOK)
            kind = "place" if set(found.codes) == {"D-place"} else "cause" if found.codes else "nothing"
            if not found.codes and (
                found.pattern or any(not c.passed and c.kind == "shape" for c in found.checks)
            ):
                kind = "pattern or shape"
            counted["wrong"] += 1
            counted["wrong ones with full points"] += found.fraction == 1
            counted[f"wrong: {kind}"] += 1
            print(f"    {found.fraction:4.0%} {label:45} {' '.join(found.codes):8} {said(found)}")
    for key, count in counted.items():
        print(f"{key}: {count}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
