"""Gradients that are right, of another forward pass than the stated one: by which change of its code?"""

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograder._language import _
from autograder.diagnosis.changed_code import FAILURES, changes_with_arguments
from autograder.diagnosis.closeness import is_right
from autograder.diagnosis.derived_mistakes import UNTRACED_TAGS, DerivedMistake, run_of
from autograder.exercises.exercise import Exercise
from autograder.exercises.forward_pass import ForwardPass, TracedCase
from autograder.judging.evidence import Evidence
from autograder.slips.kinds import VALUE
from autograder.slips.rows import same_rows
from autograder.slips.sentences import listed
from autograder.tracing.gradient import gradients
from autograder.tracing.lists import flat
from autograder.tracing.trace import traced_run
from autograder.trees import leaves


def changed_forward(exercise: Exercise, evidence: Sequence[Evidence]) -> tuple[DerivedMistake, ...]:
    """The change of the forward pass whose gradients these answers are, or nothing."""
    passed = exercise.forward
    if passed is None:
        return ()
    cases = [e for e in evidence if run_of(e.case) is not None and not e.case.tags & UNTRACED_TAGS]
    cases = sorted(cases, key=_smallest_size, reverse=True)
    given = [_given(exercise, passed, e) for e in cases]
    # A change that alters no gradient explains what is right.
    if all(is_right(e) for e in cases) or any(found is None for found in given):
        return ()
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        at = given[0][1] if given[0] is not None else {}
        for change, function, changed in changes_with_arguments(passed.function, at):
            if all(
                _is_gradient(passed, function, run, changed(at), answers)
                for run, at, answers in filter(None, given)
            ):
                words = _(
                    "Your {asked} would be right if in the given code {change}",
                    asked=listed(passed.results),
                    change=change,
                )
                return (DerivedMistake.of_kind(VALUE, words, exercise.assignment),)
    return ()


def _smallest_size(e: Evidence) -> int:
    run = run_of(e.case)
    return min((n for n in run.sizes.values()), default=0) if run is not None else 0


def _given(
    exercise: Exercise, passed: ForwardPass, e: Evidence
) -> tuple[TracedCase, dict[str, Any], Mapping[str, Any]] | None:
    """The run, the forward pass's arguments and the answer's gradients by name; None for another answer."""
    run = run_of(e.case)
    parts = (e.answer,) if len(passed.gradients) == 1 else e.answer
    if run is None or e.error is not None or not isinstance(parts, (tuple, list)):
        return None
    if len(parts) != len(passed.gradients):
        return None
    try:
        answers = {
            name: flat(part) if name in passed.layered else np.asarray(part, dtype=float)
            for name, part in zip(passed.gradients, parts, strict=True)
        }
        if [np.shape(x) for x in leaves(list(parts))] != [np.shape(x) for x in leaves([e.expected])]:
            return None
    except (TypeError, ValueError):
        return None
    at = {name: value for name, value in exercise.given(e.case).items() if name not in passed.upstream}
    # What the student isn't given (a W that no gradient depends on) stands on the tape.
    at |= {name: run.tape.nodes[i].out for name, i in run.tape.inputs.items() if name not in at}
    return run, at, answers


def _is_gradient(
    passed: ForwardPass, function: Any, run: TracedCase, at: Mapping[str, Any], answers: Mapping[str, Any]
) -> bool:
    try:
        tape, _author = traced_run(function, at, [n for n in passed.gradients if n in at])
        found = gradients(tape, run.upstream, passed.gradients)
    except FAILURES:
        return False
    outputs = [tape.nodes[index].out.shape for index in tape.outputs]
    return outputs == [g.shape for g in run.upstream] and all(
        same_rows(found[name], answers[name]) for name in passed.gradients
    )
