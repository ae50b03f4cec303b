"""What students of ten layers are told, for whose mistakes nobody wrote a name: benchmarks/corpus/layers.py.

    python benchmarks/derived.py [--seed S] [--all]

Prints for each wrong answer what was done and what was said, for a reader to judge; right answers that lose a point or
are told anything; how many wrong ones are told a cause, a place, or nothing; and the times.
"""

import argparse
import sys
import warnings
from collections import Counter
from pathlib import Path
from time import process_time

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from corpus.layers import LAYERS, Layer  # noqa: E402

from autograder.course.own_exercises import BOOK  # noqa: E402
from autograder.diagnosis.assess import assess  # noqa: E402
from autograder.diagnosis.derived_mistakes import table_of  # noqa: E402
from autograder.exercises.exercise import Exercise  # noqa: E402
from autograder.exercises.from_forward import traced_exercise  # noqa: E402
from autograder.sandbox.calls import LocalCaller  # noqa: E402


def exercise_of(layer: Layer) -> Exercise:
    return traced_exercise(
        f"{layer.forward.__name__}_backward",
        "13-layers",
        forward=layer.forward,
        arguments=layer.arguments,
        upstream=layer.upstream,
        gradients=layer.gradients,
        **layer.more,
    )


def answer(source: str, name: str) -> LocalCaller:
    space = {"np": np}
    exec(source, space)
    return LocalCaller(space["f"], name)


def spoilt(layer: Layer, old: str, new: str) -> str:
    assert layer.right[0].count(old) == 1, (layer.forward.__name__, old)
    return layer.right[0].replace(old, new)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", default="1")
    parser.add_argument("--all", action="store_true", help="print what every wrong answer is told")
    options = parser.parse_args()
    seed = options.seed.encode()
    warnings.simplefilter("ignore")
    said: Counter[str] = Counter()
    for layer in LAYERS:
        exercise = exercise_of(layer)
        start = process_time()
        mistakes = table_of(exercise.forward, exercise.probes(seed))
        built = process_time() - start
        print(
            f"{exercise.id}: built in {built:.2f} s, {len(mistakes.slips)} slips, {exercise.forward.problem or 'traced'}"
        )
        for source in layer.right:
            found = assess(exercise, answer(source, exercise.id), seed)
            said["right"] += 1
            if found.fraction < 1 or found.codes or found.pattern:
                said["right ones hurt"] += 1
                print(f"    RIGHT, but {found.fraction:.0%}: {found.sentences} {found.pattern}")
                print([c for c in found.checks if not c.passed])
        spent = []
        for what, old, new in layer.wrong:
            call = answer(spoilt(layer, old, new), exercise.id)
            start = process_time()
            found = assess(exercise, call, seed, course=BOOK)
            spent.append(process_time() - start)
            kind = "place" if set(found.codes) == {"D-place"} else "cause" if found.codes else "nothing"
            said["wrong"] += 1
            said[kind] += 1
            said["accepted"] += found.fraction == 1
            words = "; ".join(found.sentences) or f"({found.status} {found.pattern})"
            if options.all or kind == "nothing":
                print(f"    {what:45} {' '.join(found.codes):8} {words}")
        print(f"    {1e3 * np.median(spent):.1f} ms a wrong answer, {1e3 * max(spent):.1f} at most")
    print(dict(said))


if __name__ == "__main__":
    main()
