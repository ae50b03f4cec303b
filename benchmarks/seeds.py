"""What the seed decides: nothing should be told of a piece for one seed and not for another.

    python benchmarks/seeds.py [--seeds 40] [--one-of 1] [--exercise ID]

The corpora, the blind set and the catalogue's own wrong forms, each judged with every seed. Printed are the pieces
whose fraction, names or sentences differ, with what each seed said. It takes hours: --one-of 20
takes every twentieth piece.
"""

import argparse
import os
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, partial
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from blind import function_of, pieces  # noqa: E402
from corpus.variants import right_variants, wrong_variants  # noqa: E402

from autograder.diagnosis.assess import assess  # noqa: E402
from autograder.exercises import EXERCISES  # noqa: E402
from autograder.misconceptions import CATALOGUE  # noqa: E402
from autograder.sandbox.calls import LocalCaller  # noqa: E402

# What is told of a piece: its fraction, the names of its mistakes and their sentences, the sentence on errors
# without a name.
Told = tuple[float, tuple[str, ...], tuple[str, ...], str]


@cache
def corpus() -> dict[str, tuple[str, Callable[[], Callable[..., Any]]]]:
    """Every piece by name: its exercise, and what makes a fresh function of it."""
    return dict(_pieces())


def _pieces() -> Iterator[tuple[str, tuple[str, Callable[[], Callable[..., Any]]]]]:
    for variant in (*wrong_variants(), *right_variants()):
        yield (
            f"{variant.name} ({'right' if variant.right else 'wrong'})",
            (variant.exercise, variant.function),
        )
    for kind in pieces().values():
        for piece in kind:
            yield piece["id"], (piece["exercise"], partial(function_of, piece))
    for code, entry in CATALOGUE.items():
        for exercise in (id for id in EXERCISES if entry.forms(id)):
            for place, form in enumerate(entry.forms(exercise)):
                yield f"{code} in {exercise}, form {place}", (exercise, partial(_same, form))


def _same(form: Callable[..., Any]) -> Callable[..., Any]:
    return form


def told(name: str, seed: int) -> Told:
    """What the piece of this name is told for a seed."""
    exercise, make = corpus()[name]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        judgement = assess(EXERCISES[exercise], LocalCaller(make(), exercise), b"seed %d" % seed)
    return round(float(judgement.fraction), 9), judgement.codes, judgement.sentences, judgement.pattern or ""


def by_seed(job: tuple[str, int]) -> tuple[str, Counter[Told]]:
    """How many of the first seeds say what of a piece."""
    name, seeds = job
    return name, Counter(told(name, seed) for seed in range(seeds))


def main() -> int:
    """Print the pieces that seeds tell apart; 1 if there are any."""
    parser = argparse.ArgumentParser(description="pieces of which the seed decides something")
    parser.add_argument("--seeds", type=int, default=40, help="how many seeds (default: 40)")
    parser.add_argument("--one-of", type=int, default=1, help="take one piece of so many (default: 1)")
    parser.add_argument("--exercise", default="", help="the pieces of one exercise alone")
    given = parser.parse_args()
    names = [name for name, (id, _) in corpus().items() if given.exercise in ("", id)][:: given.one_of]
    differing = 0
    with Pool(os.cpu_count()) as pool:
        for name, said in pool.imap_unordered(by_seed, [(name, given.seeds) for name in names], chunksize=2):
            if len(said) > 1:
                differing += 1
                print(f"{name}:", *(f"    {n} × {t}" for t, n in said.most_common()), sep="\n", flush=True)
    print(f"{differing} of {len(names)} pieces differ over {given.seeds} seeds")
    return int(differing > 0)


if __name__ == "__main__":
    sys.exit(main())
