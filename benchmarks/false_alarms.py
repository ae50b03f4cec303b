"""How often each test of small errors takes a right answer's rounding for a mistake.

    python benchmarks/false_alarms.py [--seeds 20]

Right answers are the reference's and those of the corpus, on every exercise's probes of many seeds: as they
are, from inputs rounded to float32, from inputs in float32, and from float32 handed back as float64. Of their
partial-credit groups those are counted that come to the tests: with errors between float64's bound and
float32's. Every test is asked of every group by itself.
"""

import argparse
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from corpus.variants import right_variants  # noqa: E402

from autograder.exercises import EXERCISES  # noqa: E402
from autograder.judging.comparison import LeafResult, compare_all  # noqa: E402
from autograder.judging.precision import one_epsilon  # noqa: E402
from autograder.judging.systematic_errors import TESTS, SmallErrors  # noqa: E402
from autograder.sandbox.calls import LocalCaller  # noqa: E402
from autograder.trees import map_leaves  # noqa: E402


def converted(value: Any, dtype: type) -> Any:
    """The same nested value with its float arrays in another dtype."""

    def convert(leaf: Any) -> Any:
        return leaf.astype(dtype) if isinstance(leaf, np.ndarray) and leaf.dtype.kind == "f" else leaf

    return map_leaves(convert, value)


def rounded(value: Any) -> Any:
    """The same nested value, each number rounded to the nearest that float32 holds."""
    return converted(converted(value, np.float32), np.float64)


def unchanged(value: Any) -> Any:
    return value


# What is done with the arguments, and with the answer.
FORMS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "as it is": (unchanged, unchanged),
    "rounded inputs": (rounded, unchanged),
    "float32": (lambda value: converted(value, np.float32), unchanged),
    "float32, handed back as float64": (
        lambda value: converted(value, np.float32),
        lambda value: converted(value, np.float64),
    ),
}


def groups(seed: bytes) -> Iterator[tuple[str, list[LeafResult]]]:
    """(form, answers of one part) of every right answer whose part comes to the tests."""
    functions = [(id, e.reference) for id, e in EXERCISES.items() if e.reference is not None]
    functions += [(variant.exercise, variant.function()) for variant in right_variants()]
    for id, function in functions:
        exercise = EXERCISES[id]
        if exercise.compared_as != "values":
            continue
        cases, targets = exercise.asked(seed)
        call = LocalCaller(function, id)
        for form, (before, after) in FORMS.items():
            many = [tuple(before(arg) for arg in case.args) for case in cases]
            outcomes = call.call_many(id, many)
            if any(outcome.error is not None for outcome in outcomes):
                continue
            answers = [after(outcome.value) for outcome in outcomes]
            parts: dict[str, list[LeafResult]] = {}
            for case, result in zip(
                cases, compare_all(list(zip(targets, answers, strict=True))), strict=True
            ):
                for leaf in result.leaves if not case.advisory else ():
                    parts.setdefault(leaf.leaf.part, []).append(leaf)
            for results in parts.values():
                gaps = [result for result in results if result.state == "gap"]
                settled = any(r.wrong or r.state == "epsilon" for r in results)
                if gaps and not settled and one_epsilon(results) is None:
                    yield form, gaps


def measured(seeds: Sequence[bytes]) -> tuple[Counter[str], dict[str, Counter[str]]]:
    """Groups that came to the tests, by form; and of them those that each test took for a mistake's."""
    asked: Counter[str] = Counter()
    alarms: dict[str, Counter[str]] = {type(test).__name__: Counter() for test in TESTS}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for seed in seeds:
            for form, results in groups(seed):
                asked[form] += 1
                errors = SmallErrors(results)
                for test in TESTS:
                    alarms[type(test).__name__][form] += bool(test(errors))
    return asked, alarms


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=20)
    number = parser.parse_args().seeds
    asked, alarms = measured([b"false alarms %d" % i for i in range(number)])
    total = sum(asked.values())
    print(f"{total} groups of right answers came to the tests, in {number} seeds")
    for form, count in asked.items():
        print(f"  {count:6} {form}")
    for test in TESTS:
        name = type(test).__name__
        found = sum(alarms[name].values())
        rate = found / max(total, 1)
        where = ", ".join(f"{count} {form}" for form, count in alarms[name].items() if count)
        print(f"{name:16} {found:4} of {total}: {rate:.5f}; said: {test.false_alarms:.5f}  {where}")


if __name__ == "__main__":
    main()
