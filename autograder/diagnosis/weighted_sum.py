"""Answers that are a sum of given terms with other weights than are right: which weights are they?

Differences are sums of quotients, a batch's gradient one of gradients: what is got wrong there are the
weights. An exercise says what its terms are, and never with which weights a right answer has them.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import product

import numpy as np

from autograder._language import _
from autograder.diagnosis.derived_mistakes import DerivedMistake
from autograder.exercises.exercise import Exercise
from autograder.judging.evidence import Evidence
from autograder.slips.kinds import VALUE
from autograder.slips.sentences import listed
from autograder.trees import Array

# Numbers that people weigh with, each in words
CONSTANTS = tuple(
    dict.fromkeys(Fraction(a, b) for b in (1, 2, 3, 4) for a in (0, 1, -1, 2, -2, 3, -3, 4, -4, 8, -8))
)
OF_A_COUNT: Mapping[str, Callable[[int], float]] = {
    "{m}": lambda m: m,
    "({m} - 1)": lambda m: m - 1,
    "({m} + 1)": lambda m: m + 1,
    "1 / {m}": lambda m: 1 / m,
    "1 / ({m} - 1)": lambda m: 1 / (m - 1),
    "1 / ({m} + 1)": lambda m: 1 / (m + 1),
    "{m} / ({m} - 1)": lambda m: m / (m - 1),
    "{m} / ({m} + 1)": lambda m: m / (m + 1),
    "({m} - 1) / {m}": lambda m: (m - 1) / m,
    "({m} + 1) / {m}": lambda m: (m + 1) / m,
    "({m} - 1) / ({m} + 1)": lambda m: (m - 1) / (m + 1),
    "({m} + 1) / ({m} - 1)": lambda m: (m + 1) / (m - 1),
    "1 / {m}²": lambda m: 1 / m**2,
    "1 / ({m} * ({m} - 1))": lambda m: 1 / (m * (m - 1)),
    "1 / ({m} * ({m} + 1))": lambda m: 1 / (m * (m + 1)),
}
# In proportion to an array's largest number
WITHIN_TERMS = 1e-6
CASES_WEIGHED = 12
TAGS_UNWEIGHED = frozenset({"extreme", "single", "large"})

# A weight: how it is written, and its value in a case
Weight = tuple[str, Callable[[Evidence], float]]
Terms = Mapping[str, Array]


def weighted_sum(exercise: Exercise, evidence: Sequence[Evidence]) -> tuple[DerivedMistake, ...]:
    """The answer as a sum of the exercise's terms, where its weights are the same in every case."""
    if exercise.terms is None or len(exercise.results) != 1:
        return ()
    cases = [e for e in evidence if e.error is None and not e.case.tags & TAGS_UNWEIGHED]
    cases = sorted(cases, key=lambda e: -np.size(e.answer))[:CASES_WEIGHED]
    if not cases or not all(_is_plain(e) for e in cases):
        return ()
    counts = [name for name, value in exercise.given(cases[0].case).items() if isinstance(value, int)]
    weights = _weights(exercise, counts)
    with np.errstate(all="ignore"):
        choices = [exercise.terms(e.case) for e in cases]
        for together in zip(*choices, strict=True):
            found = _fitting(cases, together, weights, bool(counts))
            if found is not None:
                words = _(
                    "Your {result} is {sum}", result=listed([exercise.results[0].name]), sum=f"`{found}`"
                )
                return (DerivedMistake.of_kind(VALUE, words, exercise.assignment),)
    return ()


def _is_plain(e: Evidence) -> bool:
    try:
        answer = np.asarray(e.answer, dtype=float)
    except (TypeError, ValueError):
        return False
    return answer.shape == np.shape(e.expected) and bool(np.isfinite(answer).all())


def _weights(exercise: Exercise, counts: Sequence[str]) -> list[Weight]:
    """Constants, and functions of the one argument that is a count."""

    def constant(c: Fraction) -> Callable[[Evidence], float]:
        return lambda e: float(c)

    found: list[Weight] = [(str(c), constant(c)) for c in CONSTANTS]
    if len(counts) == 1:
        name = counts[0]
        for form, f in OF_A_COUNT.items():
            for sign, times in (("", 1.0), ("-", -1.0)):

                def value(e: Evidence, f: Callable[[int], float] = f, times: float = times) -> float:
                    m = exercise.given(e.case)[name]
                    try:
                        return times * f(m)
                    except ZeroDivisionError:
                        return np.nan

                found.append((sign + form.format(m=name), value))
    return found


def _fitting(
    cases: Sequence[Evidence], terms: Sequence[Terms], weights: Sequence[Weight], vary: bool
) -> str | None:
    """The sum in words, whose weights give every case's answer. vary: from case to case, with a count."""
    first, names = cases[0], list(terms[0])
    looked_at = 1 if vary else len(cases)
    columns = np.concatenate(
        [np.stack([np.ravel(at[name]) for name in names], axis=1) for at in terms[:looked_at]]
    )
    answers = np.concatenate([np.ravel(np.asarray(e.answer, dtype=float)) for e in cases[:looked_at]])
    if not np.isfinite(columns).all():
        return None
    found, _residual, rank, _sizes = np.linalg.lstsq(columns, answers, rcond=None)
    if rank < len(names):
        return None
    likely = [[w for w in weights if abs(w[1](first) - x) <= 1e-5 * max(1.0, abs(x))] for x in found.tolist()]
    for chosen in product(*likely):
        if all(_gives(e, at, names, chosen) for e, at in zip(cases, terms, strict=True)):
            return _written(names, chosen)
    return None


def _gives(e: Evidence, terms: Terms, names: Sequence[str], chosen: Sequence[Weight]) -> bool:
    total = sum(weight(e) * terms[name] for name, (_words, weight) in zip(names, chosen, strict=True))
    size = max(float(np.max(np.abs(terms[name]), initial=0)) for name in names)
    off = np.max(np.abs(np.asarray(e.answer, dtype=float) - total), initial=0)
    return bool(off <= WITHIN_TERMS * max(size, 1e-290))


def _written(names: Sequence[str], chosen: Sequence[Weight]) -> str:
    """ "2 * D(h) - D(h/2)"."""
    text = ""
    for name, (words, _value) in zip(names, chosen, strict=True):
        if words == "0":
            continue
        minus, bare = words.startswith("-"), words.removeprefix("-")
        weight = f"({bare})" if "/" in bare else bare
        term = name if bare == "1" else f"{weight} * {name}"
        text += (" - " if minus else " + ") + term if text else ("-" if minus else "") + term
    return text or "0"
