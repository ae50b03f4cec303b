"""The judge on pieces that were written from the exercises' statements alone, without sight of it.

    python benchmarks/blind.py [--seeds 4] [--list]

blind/pieces.json, and pieces_2.json to pieces_6.json, hold right answers, wrong ones with what is wrong with
them, and borderline ones. Each was frozen before anybody looked at what the judge says of it. The judge has been mended by all since, by kind:
what an unseen piece is told needs another. Printed are
right answers that lose points, wrong ones with full points, wrong ones without a word, and what differs by seed.
Whether a name is true of its code is for a reader: --list prints each piece's label beside what was said.
"""

import argparse
import json
import os
import sys
import warnings
from collections.abc import Callable
from functools import cache
from multiprocessing import Pool
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from corpus.variants import make_function  # noqa: E402

from autograder.diagnosis.assess import assess  # noqa: E402
from autograder.exercises import EXERCISES  # noqa: E402
from autograder.sandbox.calls import LocalCaller  # noqa: E402

Piece = dict[str, Any]


@cache
def pieces() -> dict[str, list[Piece]]:
    """right, wrong and hard pieces."""
    found: dict[str, list[Piece]] = {"right": [], "wrong": [], "hard": []}
    for path in sorted((HERE / "blind").glob("pieces*.json")):
        for kind, some in json.loads(path.read_text(encoding="utf-8")).items():
            found[kind] += some
    return found


def function_of(piece: Piece) -> Callable[..., Any]:
    """The piece's function, in a namespace with what its notebook gives."""
    return make_function(piece["exercise"], piece["code"])


def judged(job: tuple[Piece, int]) -> tuple[str, list[tuple[float, tuple[str, ...], str]]]:
    """A piece's id, and for each seed its fraction, its names, and what was said where it has none."""
    piece, seeds = job
    warnings.filterwarnings("ignore")
    found = []
    for number in range(seeds):
        caller = LocalCaller(function_of(piece), piece["exercise"])
        judgement = assess(EXERCISES[piece["exercise"]], caller, b"blind %d" % number)
        shape = "its shape" if any(not c.passed and c.kind == "shape" for c in judgement.checks) else ""
        said = judgement.pattern or shape or ("" if judgement.error is None else "an error")
        found.append((float(judgement.fraction), tuple(judgement.codes), str(said)))
    return piece["id"], found


def main() -> int:
    """Print the figures; 0."""
    parser = argparse.ArgumentParser(description="the judge on pieces written without sight of it")
    parser.add_argument("--seeds", type=int, default=4, help="how many seeds for each piece (default: 4)")
    parser.add_argument("--list", action="store_true", help="each wrong piece's label and what was said")
    given = parser.parse_args()
    jobs = [(piece, given.seeds) for kind in pieces().values() for piece in kind]
    with Pool(os.cpu_count()) as pool:
        results = dict(pool.imap_unordered(judged, jobs, chunksize=4))
    right, wrong = pieces()["right"], pieces()["wrong"]
    singles = [piece for piece in wrong if not piece.get("double")]

    def some(piece: Piece, test: Callable[[float, tuple[str, ...], str], bool]) -> bool:
        return any(test(*result) for result in results[piece["id"]])

    figures = {
        "right ones that lose points": (right, lambda f, codes, said: f < 1),
        "wrong ones with full points": (wrong, lambda f, codes, said: f >= 1),
        "single mistakes with a name": (singles, lambda f, codes, said: bool(codes)),
        "single mistakes without a word": (singles, lambda f, codes, said: f < 1 and not codes and not said),
    }
    for name, (group, test) in figures.items():
        hit = [piece["id"] for piece in group if some(piece, test)]
        shown = f": {', '.join(hit)}" if len(hit) <= 60 and "with a name" not in name else ""
        print(f"{name}: {len(hit)} of {len(group)}{shown}")
    differ = [id for id, each in results.items() if len({(round(f, 9), codes) for f, codes, _ in each}) > 1]
    print(f"points or names that differ by seed: {len(differ)}: {', '.join(differ)}")
    if given.list:
        for piece in wrong:
            fraction, codes, said = results[piece["id"]][0]
            print(f"{piece['id']} | {fraction:.2f} | {'+'.join(codes) or said or '-'} | {piece['label']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
