"""Explaining forward layer by layer, each z and each a judged given the student's own numbers before it."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from autograder.diagnosis.matching import Explanation, Group, Item, RunWith, common_codes, explain, that_raise
from autograder.judging.evidence import Evidence
from autograder.misconceptions import Catalogue
from autograder.misconceptions.forward_slots import (
    AFFINE,
    HIDDEN,
    LAST,
    START,
    ForwardContext,
    affine_at,
    forward_by,
    hidden_at,
    last_at,
    start_at,
)

# What of the way forward, and the nonlinearity's name where it has one.
Part = tuple[str, str]
EXERCISE = "forward"
STEPS: dict[str, tuple[tuple[str, ...], RunWith]] = {
    "X": (START, start_at),
    "z": (AFFINE, affine_at),
    "a": (HIDDEN, hidden_at),
    "y": (LAST, last_at),
}


def explain_forward(evidence: Sequence[Evidence], catalogue: Catalogue) -> tuple[str, ...] | None:
    """The mistakes in forward: in X, in the affine map of all layers, in g by its name."""
    items: dict[Part, list[Item]] = {}
    for e in evidence:
        if e.error is None:
            try:
                Z, A = (dict(part) for part in e.answer)
            except (TypeError, ValueError):
                # The answer is no pair of dicts
                return None
            for part, item in _items(e, Z, A):
                items.setdefault(part, []).append(item)
    groups = {}
    for part, group in items.items():
        slots, run = STEPS[part[0]]
        groups[part] = Group(group, catalogue.slot_changes(slots, EXERCISE), run)
    raised = [e for e in evidence if e.error is not None]
    explained = {
        part: that_raise(found, lambda o: all(_fails(o.changes, e) for e in raised))
        for part, found in explain(groups).items()
    }
    codes: set[str] = set()
    for step in STEPS:
        found = [explained[part] for part in groups if part[0] == step]
        if all(any(not o.codes for o in options) for options in found):
            continue
        named = common_codes(found)
        if named is None:
            return None
        codes |= set(named)
    if not codes or not _all_raise(evidence, explained):
        return None
    return tuple(code for code in catalogue if code in codes)


def _items(e: Evidence, Z: dict[int, Any], A: dict[int, Any]) -> list[tuple[Part, Item]]:
    """What each step of this network got from the student's own numbers, and what it gave."""
    W, b, X, hidden, output = e.case.args
    N = max(W)
    found: list[tuple[Part, Item]] = []

    def add(part: Part, inputs: Any, answer: Any) -> None:
        _, run = STEPS[part[0]]
        try:
            expected = run({}, inputs)
        except Exception:
            # The student's own numbers before it have another shape
            return
        found.append((part, Item(inputs, answer, expected, partial(float))))

    if 0 in A:
        add(("X", ""), (X, hidden), A[0])
    for l in range(1, N + 1):
        before = A.get(l - 1, X if l == 1 else None)
        c = ForwardContext(W[l], before, b[l], l, N, hidden, output, Z.get(l - 1))
        if l in Z and before is not None:
            add(("z", ""), c, Z[l])
        if l in Z and l in A:
            add(("y", output) if l == N else ("a", hidden), (Z[l], c), A[l])
    return found


def _all_raise(evidence: Sequence[Evidence], explained: dict[Part, list[Explanation]]) -> bool:
    """Where the student's code raised, does one of the explaining changes raise too?"""
    changes = [o.changes for options in explained.values() for o in options if o.changes]
    return all(e.error is None or any(_fails(change, e) for change in changes) for e in evidence)


def _fails(changes: Any, e: Evidence) -> bool:
    try:
        forward_by(changes, *e.case.args)
    except Exception:
        return True
    return False
