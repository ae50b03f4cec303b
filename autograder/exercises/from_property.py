"""Exercises whose answer a property settles: what went into a given step, what a given code comes to.

Nobody writes the answer down. restored_exercise draws what is asked for, does the given step with it, and
hands out what came: a right answer is what was drawn. rewritten_exercise asks for the numbers of a given
code in another form: from the logits, in another layout, without its overflow.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from autograder.exercises.cases import Case
from autograder.exercises.exercise import Exercise
from autograder.exercises.expected import ExpectedArray, Target
from autograder.exercises.from_forward import Draw
from autograder.exercises.from_loss import ROUNDING
from autograder.exercises.from_solution import INPUT_NUDGE
from autograder.exercises.given_code import GivenCode
from autograder.exercises.sampling import (
    Calls,
    Plan,
    Shape,
    declared,
    dims_of,
    example_call,
    letters_of,
    plans,
    plans_of,
    values_of,
)
from autograder.exercises.versions import generator
from autograder.trees import Array, copy_value, map_leaves

NUDGES = 4
# Of the largest singular value: below, the step doesn't see a direction, as softmax none of (1, ..., 1).
LEAST_SINGULAR = 1e-6

# Arguments by name to a step's results, a tuple of them or one.
Given: TypeAlias = Callable[..., Any]


@dataclass(frozen=True)
class DrawnInputs:
    """What an exercise's arguments are: shapes by letter, how those are drawn that are no normal numbers.

    lists: arguments, and results, that are lists of arrays. sizes: what the letters stand for, case by case,
    where any number won't do.
    """

    shapes: Mapping[str, Shape]
    values: Mapping[str, Draw]
    lists: Sequence[str] = ()
    sizes: Sequence[Mapping[str, int]] = ()

    @property
    def shaped(self) -> dict[str, Shape]:
        return {name: shape for name, shape in self.shapes.items() if name not in self.lists}

    @property
    def letters(self) -> list[str]:
        return letters_of(self.shaped)

    def plans(self, rng: np.random.Generator) -> Iterable[Plan]:
        return plans_of(self.sizes, rng) if self.sizes else plans(self.letters, rng)

    def draw(self, rng: np.random.Generator, plan: Plan) -> dict[str, Any]:
        """One case's values by name."""
        normal = {name: shape for name, shape in self.shaped.items() if name not in self.values}
        found = values_of(rng, normal, plan)
        for name, draw in self.values.items():
            found[name] = draw(rng, dims_of(self.shaped.get(name, ()), plan), plan.sizes)
        return {name: found[name] for name in self.shapes}


def well_conditioned(rng: np.random.Generator, shape: tuple[int, ...], sizes: Mapping[str, int]) -> Array:
    """A square matrix that can be undone: orthogonal, its columns between half and twice as long."""
    Q = np.linalg.qr(rng.normal(size=shape))[0]
    return np.asarray(Q * rng.uniform(0.5, 2, shape[-1]))


def _as_it_is(code: Given) -> Given:
    return code


def restored_exercise(
    id: str,
    assignment: str,
    *,
    step: Given,
    arguments: Mapping[str, Shape],
    unknown: str,
    outcomes: Sequence[str],
    signature: Sequence[str],
    values: Mapping[str, Draw] | None = None,
    sizes: Sequence[Mapping[str, int]] = (),
    example: Mapping[str, Any],
    per_example: bool = False,
    used: Callable[[Given], Given] = _as_it_is,
    kind: Callable[[Any], Any] | None = None,
) -> Exercise:
    """An exercise that asks for the argument `unknown` of used(step)(**arguments), given what came of it.

    step: the code that the statement prints. used: what is made of it, by default nothing. outcomes: the
    names of the step's results. signature: what the student is given, in order: outcomes and arguments.
    example: the arguments of the call that the statement prints. kind: see given_code.py.
    """
    whole = used(step)
    inputs = DrawnInputs(arguments, values or {}, (), sizes)

    def case_of(label: str, at: Mapping[str, Any], tags: frozenset[str] = frozenset()) -> Case:
        came = _results(whole, at)
        handed = {**at, **dict(zip(outcomes, came, strict=True))}
        hidden = {"at": at, "came": came}
        return Case(label, tuple(handed[name] for name in signature), unknown, tags, hidden)

    def draw(seed: bytes) -> list[Case]:
        rng = generator(seed, id)
        cases = [
            case_of(plan.label, inputs.draw(rng, plan), frozenset(plan.tags)) for plan in inputs.plans(rng)
        ]
        return cases + [case_of(label, at) for label, at in example_call(example)]

    def target(case: Case) -> Target:
        at, came = case.hidden["at"], case.hidden["came"]
        return Target(
            ExpectedArray(unknown, at[unknown], lambda: _condition(whole, at, unknown, came), unknown)
        )

    given = {name: arguments.get(name, ()) for name in signature}
    return Exercise(
        id,
        assignment,
        draw,
        target,
        arguments=declared(given),
        results=declared({unknown: arguments[unknown]}),
        square=" = ".join(inputs.letters),
        per_example=per_example,
        given_code=GivenCode(step, used, unknown, tuple(outcomes), kind),
    )


def _results(step: Given, at: Mapping[str, Any]) -> list[Array]:
    with np.errstate(all="ignore"):
        found = step(**copy_value(dict(at)))
    return [np.asarray(item) for item in (found if isinstance(found, tuple) else (found,))]


def _condition(step: Given, at: Mapping[str, Any], unknown: str, came: Sequence[Array]) -> Array:
    """How far rounding of what came may move what went in, in units of u: by the step's inverse Jacobian.

    Two steps of Newton's method would find the answer from there; one tells how the errors grow.
    """
    x = at[unknown]
    columns = []
    for place in np.ndindex(x.shape):
        h = INPUT_NUDGE * max(1.0, abs(x[place]))
        ahead, behind = x.copy(), x.copy()
        ahead[place] += h
        behind[place] -= h
        moved = zip(
            _results(step, {**at, unknown: ahead}), _results(step, {**at, unknown: behind}), strict=True
        )
        columns.append(np.concatenate([np.ravel(a - b) / (2 * h) for a, b in moved]))
    flat = np.concatenate([np.ravel(array) for array in came])
    rounding = ROUNDING * np.maximum(np.abs(flat), np.max(np.abs(flat), initial=0) / 2)
    errors = np.abs(np.linalg.pinv(np.array(columns).T, rcond=LEAST_SINGULAR)) @ rounding
    return np.asarray(errors.reshape(x.shape) + ROUNDING * max(1.0, float(np.max(np.abs(x), initial=0))))


def rewritten_exercise(
    id: str,
    assignment: str,
    *,
    given: Given,
    arguments: Mapping[str, Shape],
    results: Mapping[str, Shape],
    values: Mapping[str, Draw] | None = None,
    sizes: Sequence[Mapping[str, int]] = (),
    lists: Sequence[str] = (),
    extremes: Callable[[np.random.Generator], Calls] = lambda rng: (),
    example: Mapping[str, Any],
    wide: bool = False,
    signature: Mapping[str, Shape] | None = None,
    hand_out: Callable[[Mapping[str, Any]], tuple[Any, ...]] | None = None,
    terms: Callable[[Case], Sequence[Mapping[str, Array]]] | None = None,
    used: Callable[[Given], Given] = _as_it_is,
) -> Exercise:
    """An exercise that asks for the numbers of used(given)(**arguments) in another form.

    given: the code that the statement prints. used: what is made of it before it is called with a case's
    arguments, by default nothing. results: their names and shapes. extremes: calls for which the given code
    has no number, or a wrong one. wide: given is run in long double, whose range and digits it needs there.
    hand_out: what the student is given of the arguments where these are not handed over themselves, and
    signature the names and shapes of that. terms: what an answer may be a sum of (see exercise.py).
    """
    inputs = DrawnInputs(arguments, values or {}, lists, sizes)
    whole = used(given)
    several = len(results) > 1

    def draw(seed: bytes) -> list[Case]:
        rng = generator(seed, id)
        calls = [(plan.label, inputs.draw(rng, plan), frozenset(plan.tags)) for plan in inputs.plans(rng)]
        calls += [
            (label, dict(at), frozenset({"extreme"})) for label, at in extremes(generator(seed, f"{id} 2"))
        ]
        calls += [(label, dict(at), frozenset()) for label, at in example_call(example, lists)]
        return [Case(label, handed(at), "values", tags, {"at": at}) for label, at, tags in calls]

    def handed(at: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(at[name] for name in arguments) if hand_out is None else hand_out(at)

    def value(at: Mapping[str, Any]) -> list[Any]:
        precise = np.longdouble if wide else np.float64
        widened = map_leaves(lambda v: v.astype(precise) if _is_float(v) else v, dict(at))
        with np.errstate(all="ignore"):
            found = whole(**copy_value(widened))
        return [map_leaves(np.asarray, item) for item in (found if several else (found,))]

    def target(case: Case) -> Target:
        at = case.hidden["at"]
        expected = value(at)
        rng = generator(b"nudges", id)
        moved = [value(map_leaves(lambda v: _nudged(v, rng), dict(at))) for _ in range(NUDGES)]
        templates = tuple(
            _template(name, x, [item[i] for item in moved], name if several else case.part)
            for i, (name, x) in enumerate(zip(results, expected, strict=True))
        )
        return Target(templates if several else templates[0])

    return Exercise(
        id,
        assignment,
        draw,
        target,
        arguments=declared(signature or arguments, lists),
        results=declared(results, lists),
        square=" = ".join(inputs.letters),
        one_by_one=tuple(results) if several else (),
        # What the student is handed in place of the arguments belongs to no printed code.
        given_code=None if hand_out else GivenCode(given, used, "", tuple(results)),
        terms=terms,
    )


def _is_float(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


def _nudged(value: Any, rng: np.random.Generator) -> Any:
    return value * (1 + INPUT_NUDGE * rng.uniform(-1, 1, value.shape)) if _is_float(value) else value


def _template(name: str, expected: Any, moved: Sequence[Any], part: str) -> Any:
    """What is expected of one result, a list's array by array; moved: the same from inputs a little off."""
    if isinstance(expected, list):
        return [
            _template(f"{name}[{i}]", x, [item[i] for item in moved], part) for i, x in enumerate(expected)
        ]
    spread = np.max([np.abs(item - expected) for item in moved], axis=0) / INPUT_NUDGE
    size = float(np.max(np.abs(expected), initial=0))
    units = np.asarray(spread, dtype=float) + ROUNDING * max(1.0, size)
    return ExpectedArray(name, np.asarray(expected, dtype=float), units, part)
