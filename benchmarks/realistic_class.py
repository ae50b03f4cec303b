"""A class as classes are: notebooks of any of the nine assignments, by what happens in them, drawn from a seed.

Every exercise of a notebook is of the notebook's kind. Answers are those of the corpus and of blind/, which were
written without sight of the judge: single mistakes and pairs of them as their authors labelled them, those without a
name as the judge finds none. No answer is a loop without an end.
"""

import json
import random
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE), str(ROOT)]

from corpus.variants import make_function, right_variants, wrong_variants  # noqa: E402

from autograder.diagnosis.assess import assess  # noqa: E402
from autograder.exercises import EXERCISES  # noqa: E402
from autograder.sandbox.calls import LocalCaller  # noqa: E402

# The mixed class, in hundredths: half right, a quarter wrong, a quarter not written.
SHARES = {
    "right": 40,
    "right, in loops": 5,
    "right, prints": 5,
    "one mistake": 12,
    "two mistakes": 4,
    "without a name": 5,
    "a crash": 4,
    "stub touched": 15,
    "stub untouched": 10,
}
KINDS = tuple(SHARES)
STUB = "    # YOUR CODE HERE"


@cache
def sources(kind: str, exercise: str) -> tuple[str, ...]:
    """The corpus's answers of a kind."""
    right = [v.source for v in right_variants() if v.exercise == exercise and not v.note]
    wrong = [v for v in wrong_variants() if v.exercise == exercise]
    blind = [piece for piece in _blind() if piece["exercise"] == exercise]
    if kind == "right":
        return (*right, *(p["code"] for p in blind if p["kind"] == "right"))
    if kind == "right, in loops":
        return tuple(source for source in right if re.search(r"^ +for ", source, re.MULTILINE)) or tuple(
            right
        )
    if kind == "one mistake":
        return tuple(v.source for v in wrong if v.codes)
    if kind == "two mistakes":
        doubles = [p["code"] for p in blind if p["kind"] == "wrong" and p["double"]]
        return (*(v.source for v in wrong if v.both), *doubles)
    if kind == "without a name":
        open_ones = [p["code"] for p in blind if p["kind"] == "wrong" and not p["code_label"]]
        return (*(v.source for v in wrong if not v.codes and not v.both), *open_ones)
    raise KeyError(kind)


@cache
def _blind() -> list[dict[str, Any]]:
    found = []
    for path in sorted((HERE / "blind").glob("pieces*.json")):
        for kind, pieces in json.loads(path.read_text(encoding="utf-8")).items():
            found += [{**piece, "kind": kind} for piece in pieces]
    return found


@cache
def _has_no_name(exercise: str, source: str) -> bool:
    """Does the judge see that the answer is wrong, and not why?"""
    judgement = assess(EXERCISES[exercise], LocalCaller(make_function(exercise, source), exercise), b"class")
    return judgement.status == "graded" and judgement.fraction < 1 and not judgement.codes


def _printing(exercise: str, source: str) -> str:
    """The answer with two prints in it, and one behind it."""
    head = re.search(rf"^def {exercise}\(.*\):\n", source, re.MULTILINE)
    if head is None:
        return f'{source}\nprint("done")\n'
    lines = '    print("called")\n    print(np.ones((2, 2)))\n'
    return f'{source[: head.end()]}{lines}{source[head.end() :]}\nprint("done")\n'


def _crashing(source: str) -> str:
    place = source.rindex("return ") + len("return ")
    return f"{source[:place]}not_defined + {source[place:]}"


def answer(kind: str, exercise: str, released: str, draw: random.Random) -> str:
    """The text of an exercise's cell."""
    if kind == "stub untouched":
        return released
    if kind == "stub touched":
        return released.replace(STUB, f"    # TODO {draw.randrange(1000)}\n{STUB}")
    if kind in ("right, prints", "a crash"):
        source = draw.choice(sources("right", exercise))
        return _printing(exercise, source) if kind == "right, prints" else _crashing(source)
    found = list(sources(kind, exercise))
    if kind == "without a name":
        draw.shuffle(found)
        open_one = next((source for source in found[:20] if _has_no_name(exercise, source)), None)
        return open_one or draw.choice(sources("one mistake", exercise))
    return draw.choice(found or sources("one mistake", exercise))


def notebook(assignment: str, kind: str, draw: random.Random) -> bytes:
    """One student's notebook of an assignment; an essay gets a sentence."""
    path = ROOT / "exercises" / assignment / f"{assignment}.ipynb"
    content = json.loads(path.read_text(encoding="utf-8"))
    for cell in content["cells"]:
        roles = cell["metadata"]["nbgrader"]
        if not roles["solution"]:
            continue
        exercise = roles["grade_id"].removesuffix("_solution")
        if exercise in EXERCISES:
            cell["source"] = answer(kind, exercise, "".join(cell["source"]), draw)
        elif not kind.startswith("stub"):
            cell["source"] = f"The output's g must fit the target ({draw.randrange(1000)})."
    return json.dumps(content, indent=1).encode()


def of_one_kind(assignment: str, kind: str, count: int, seed: int = 1) -> list[bytes]:
    """So many notebooks in which the same happens."""
    draw = random.Random(f"{seed} {assignment} {kind}")
    return [notebook(assignment, kind, draw) for _ in range(count)]


def mixed(assignment: str, count: int, seed: int = 1) -> list[bytes]:
    """A class of so many, of all kinds by their shares, in any order; of more than 400, each notebook again."""
    distinct = min(count, 400)
    kinds = [kind for kind, share in SHARES.items() for _ in range(share)]
    ordered = (
        [kinds[(place * len(kinds)) // distinct] for place in range(distinct)]
        if distinct < 100
        else ([kinds[place % len(kinds)] for place in range(distinct)])
    )
    draw = random.Random(f"{seed} {assignment}")
    draw.shuffle(ordered)
    drawn: dict[str, Callable[[], bytes]] = {}
    for kind in KINDS:
        again: Iterator[bytes] = iter(of_one_kind(assignment, kind, ordered.count(kind), seed))
        drawn[kind] = again.__next__
    notebooks = [drawn[kind]() for kind in ordered]
    return [notebooks[place % distinct] for place in range(count)]
