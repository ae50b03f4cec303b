"""Compares what a student's gradient_check says: its verdict, and the relative errors of equation (9.3)."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.exercises.cases import Case
from autograder.exercises.expected import Target
from autograder.exercises.rounding import U64
from autograder.facts import Fact
from autograder.judging.comparison import CaseResult, LeafResult, Problem, summary_of


def compare_check(case: Case, target: Target, answer: Any) -> CaseResult:
    """The answer (ok, errors) beside what is expected: True or False, either being right at a kink.

    errors, of theta's shape, must be within what rounding explains; the target asks for ok alone where they
    mean nothing.
    """
    leaves = target.template
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        problem = Problem("kind", (), summary_of(answer), Fact("ok_and_errors"))
        return CaseResult(tuple(LeafResult(leaf, "shape") for leaf in leaves), (problem,))
    ok, errors = answer
    problems = []
    verdict = np.asarray(ok) if isinstance(ok, (bool, int, np.generic, np.ndarray)) else np.zeros(2)
    if verdict.size != 1 or verdict.dtype.kind != "b":
        countable = verdict.size == 1 and verdict.dtype.kind in "iu"
        problems.append(Problem("kind", "ok", summary_of(ok), Fact("truth"), countable))
    if verdict.size != 1 or verdict.dtype.kind not in "biu":
        first = LeafResult(leaves[0], "shape")
    else:
        agrees = "either" in case.tags or bool(verdict.reshape(())) == bool(leaves[0].expected)
        first = LeafResult(leaves[0], "right" if agrees else "wrong")
    if len(leaves) == 1:
        return CaseResult((first,), tuple(problems))
    expected = leaves[1].expected
    values = np.asarray(errors) if isinstance(errors, (np.ndarray, np.generic, float)) else np.zeros(0)
    if values.shape != expected.shape or values.dtype.kind not in "fiu":
        problems.append(Problem("kind", "errors", summary_of(errors), Fact("like_theta", (expected.shape,))))
        second = LeafResult(leaves[1], "shape")
    elif not np.isfinite(values).all():
        second = LeafResult(leaves[1], "nonfinite")
    else:
        close = np.abs(values - expected) <= leaves[1].error_units * U64 + 1e-6 * expected
        second = LeafResult(leaves[1], "right" if bool(close.all()) else "wrong")
    return CaseResult((first, second), tuple(problems))


def says_always_the_same(answers: Sequence[tuple[Target, Any]]) -> bool:
    """Is the verdict the same for right and for planted wrong gradients? Such a checker has looked at none.

    Wrong shapes and nan, of which no errors are asked, don't count: they are told without a look at f.
    """
    verdicts = set()
    for target, answer in answers:
        if len(target.template) > 1 and isinstance(answer, (tuple, list)) and answer:
            ok = answer[0]
            if isinstance(ok, (bool, int, np.generic, np.ndarray)) and np.size(ok) == 1:
                verdicts.add(bool(np.asarray(ok).reshape(())))
    return len(verdicts) == 1
