"""Exercises known by their forward pass: a few lines of NumPy, and nobody writes their gradient.

    traced_exercise(
        "layer_norm_backward",             # the student's function: layer_norm_backward(dout, x, gamma, beta)
        "13-norms",
        forward=layer_norm,                # a function of x, gamma and beta
        arguments={"x": ("n", "d"), "gamma": ("d",), "beta": ("d",)},  # letters, numbers, or "4*n + 1"
        upstream=("dout",),                # one gradient for each result of forward
        gradients=("x", "gamma", "beta"),  # what the student returns, in this order
    )

The pass is traced: its tape gives the gradients, which are certified case by case by the complex step or by
differences, how far rounding may move them, and the mistakes that people make in deriving them. What can't
be traced works as a stated loss does.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np

from autograder.exercises.cases import Case
from autograder.exercises.exercise import Exercise
from autograder.exercises.exercise_help import NO_HELP, ExerciseHelp
from autograder.exercises.expected import ExpectedArray, Target
from autograder.exercises.forward_pass import ForwardPass, TracedCase
from autograder.exercises.from_loss import (
    DTYPES_AND_ZEROS,
    ROUNDING,
    Slopes,
    gradient_with_units,
    is_analytic,
)
from autograder.exercises.sampling import (
    NO_EXAMPLE,
    Calls,
    Plan,
    Shape,
    declared,
    dims_of,
    example_call,
    given_tags,
    letters_of,
    plans,
    plans_of,
    values_of,
    wide,
)
from autograder.exercises.versions import PUBLIC_SEED, generator
from autograder.tracing.error_units import error_units
from autograder.tracing.lists import in_form_of, is_layered, like
from autograder.tracing.tape import NotTraceable
from autograder.trees import Array, leaves, map_leaves

# draw(rng, shape, sizes) gives an argument that is no array of normal numbers
Draw = Callable[[np.random.Generator, tuple[int, ...], Mapping[str, int]], Any]
DRAWS = 50


@dataclass(frozen=True)
class Solved:
    """The expected gradients of one case by name, and how far rounding may move them, in units of u."""

    expected: Mapping[str, Array]
    units: Callable[[str], Array]
    run: TracedCase | None


def traced_exercise(
    id: str,
    assignment: str,
    *,
    forward: Callable[..., Any],
    arguments: Mapping[str, Shape],
    gradients: Sequence[str],
    upstream: Sequence[str] = (),
    values: Mapping[str, Draw] | None = None,
    sizes: Sequence[Mapping[str, int]] = (),
    signature: Sequence[str] = (),
    results: Sequence[str] = (),
    example: Mapping[str, Any] = NO_EXAMPLE,
    fixed: Callable[[np.random.Generator], Calls] = lambda rng: (),
    regions: Callable[..., Mapping[str, Array]] | None = None,
    parts: Mapping[str, float] | None = None,
    per_example: bool = False,
    bonus: bool = False,
    lists: Sequence[str] = (),
    dicts: Sequence[str] = (),
    help: ExerciseHelp = NO_HELP,
) -> Exercise:
    """An exercise that asks for gradients of forward(**arguments), given a gradient for each of its results.

    arguments: forward's own without defaults, each with the sizes of its shape, or (low, high) for a
    number. upstream: the names of the gradients that come in, in the order of the results; () where forward
    is a loss. gradients: the arguments whose gradients the student returns: a tuple in this order, one
    alone as an array. values: how arguments are drawn that are no arrays of normal numbers (integers,
    masks). sizes: what the letters stand for, case by case, where any number won't do. signature: the
    student's arguments in order; else upstream, then forward's. What it leaves out is not given. results:
    what the diagnosis calls the gradients, else dx for x. example: the call that the statement prints, its
    arrays as lists. fixed: other calls that every version makes, such as edges. regions(*arguments as
    given): where one gradient's entries belong to several parts of the credit, a mask for each. parts: each
    part's share of the points; without it the gradients' are alike. lists, dicts: arguments that are lists
    or dicts of arrays, one for each layer, and so are their gradients; values draws them. help: see
    exercise_help.py.

    ValueError where these don't fit together, and, when the exercise is asked, where forward fails on drawn
    values.
    """
    drawn = dict(values or {})
    names = results or [f"d{name}" for name in gradients]
    layered = (*lists, *dicts)
    shaped = {name: shape for name, shape in arguments.items() if name not in layered}
    given = tuple(signature) or (*upstream, *arguments)
    _check(id, forward, arguments, gradients, upstream, drawn, given, names)
    letters = letters_of(shaped)

    def planned(rng: np.random.Generator) -> Iterator[Plan]:
        found = plans_of(sizes, rng, DTYPES_AND_ZEROS) if sizes else plans(letters, rng, DTYPES_AND_ZEROS)
        return (
            plan for plan in found if all(n > 0 for shape in shaped.values() for n in dims_of(shape, plan))
        )

    def values_at(rng: np.random.Generator, plan: Plan) -> dict[str, Any]:
        normal = {name: shape for name, shape in arguments.items() if name not in drawn}
        found = plan.held(values_of(rng, normal, plan))
        for name, draw in drawn.items():
            found[name] = draw(rng, dims_of(shaped.get(name, ()), plan), plan.sizes)
            if name in gradients and is_layered(found[name]) and name not in layered:
                kind = type(found[name]).__name__
                raise ValueError(
                    f"traced {id}: values draws a {kind} for {name}; say so: {kind}s=({name!r},)"
                )
        return {name: found[name] for name in arguments}

    def try_out() -> tuple[Mapping[str, Any], Mapping[str, int]]:
        rng = generator(PUBLIC_SEED, f"{id} try out")
        plan = next(
            plan
            for plan in planned(rng)
            if plan.scale == 1 and not plan.tags and (sizes or len(set(plan.sizes.values())) == len(letters))
        )
        return values_at(rng, plan), plan.sizes

    passed = ForwardPass(forward, tuple(upstream), tuple(gradients), tuple(names), try_out, layered)

    def draw(seed: bytes) -> list[Case]:
        rng = generator(seed, id)
        cases = [case for plan in planned(rng) if (case := _case(rng, plan)) is not None]
        calls = [*fixed(generator(seed, f"{id} fixed")), *example_call(example, lists)]
        return cases + [_fixed(label, call) for label, call in calls]

    def _fixed(label: str, call: Mapping[str, Any]) -> Case:
        rng = generator(PUBLIC_SEED, f"{id} fixed")
        numbers = {name: map_leaves(wide, v) for name, v in call.items()}
        dims: dict[str, int] = {}
        for name in set(numbers) & set(shaped):
            dims |= {str(d): n for d, n in zip(arguments[name], np.shape(numbers[name]), strict=False)}
        plan = Plan(dims, 1.0, 0.5)
        for name in set(drawn) - set(numbers):
            numbers[name] = drawn[name](rng, dims_of(shaped.get(name, ()), plan), dims)
        coming = tuple(numbers[name] for name in upstream) if upstream else (np.ones(()),)
        found = _solved(passed, {name: numbers[name] for name in arguments}, coming, dims)
        if found is None:
            raise ValueError(
                f"traced {id}: the gradient has no value for {label}; leave the call out of fixed"
            )
        args = tuple(call[name] for name in given)
        return Case(
            label,
            args,
            "gradient",
            given_tags(leaves(list(call.values()))),
            {"solved": found, "run": found.run},
        )

    def _case(rng: np.random.Generator, plan: Plan) -> Case | None:
        for _ in range(DRAWS):
            at = values_at(rng, plan)
            try:
                coming = passed.draw_upstream(rng, at)
            except (ValueError, IndexError, TypeError) as error:
                raise ValueError(
                    f"traced {id}: the forward pass fails for {plan.label}: {error}; "
                    "if it needs other sizes, give them in sizes=[…]"
                ) from error
            coming = tuple(plan.held({"": g})[""] for g in coming)
            found = _solved(passed, at, coming, plan.sizes)
            if found is not None or plan.scale == 0:
                break
        # One entry has no spread, large numbers no exponential, and at a kink nothing has a slope.
        if found is None and (plan.scale != 1 or plan.may_be_left_out or 1 in plan.sizes.values()):
            return None
        if found is None:
            raise ValueError(
                f"traced {id}: {DRAWS} draws gave no input whose gradient differences could resolve, for "
                f"{plan.label}; is the forward pass smooth almost everywhere?"
            )
        handed = {**at, **dict(zip(upstream, coming, strict=False))}
        args = tuple(handed[name] if name in drawn else plan.given(handed[name]) for name in given)
        return Case(plan.label, args, "gradient", plan.case_tags, {"solved": found, "run": found.run})

    def target(case: Case) -> Target:
        found: Solved = case.hidden["solved"]
        several = len(gradients) > 1
        masks = {} if regions is None else regions(*case.args)
        templates = tuple(
            _by_layer(found, name, x, case.args[given.index(x)])
            if x in layered
            else ExpectedArray(
                name,
                found.expected[x],
                partial(found.units, x),
                name if several else case.part,
                regions=masks,
            )
            for name, x in zip(names, gradients, strict=True)
        )
        return Target(templates if several else templates[0], single="single" in case.tags)

    shapes: dict[str, Shape] = {**dict.fromkeys(upstream, ()), **arguments}
    return Exercise(
        id,
        assignment,
        draw,
        target,
        arguments=declared({name: shapes[name] for name in given}, lists, dicts),
        results=declared(
            {name: arguments[x] for name, x in zip(names, gradients, strict=True)},
            [name for name, x in zip(names, gradients, strict=True) if x in lists],
            [name for name, x in zip(names, gradients, strict=True) if x in dicts],
        ),
        square=" = ".join(letters),
        parts=parts or {},
        per_example=per_example,
        bonus=bonus,
        help=help,
        one_by_one=tuple(names) if len(gradients) > 1 else (),
        forward=passed,
    )


def _by_layer(found: Solved, name: str, x: str, given: Any) -> Any:
    """What is expected of a list or dict of gradients, array by array; given: the arrays that they are by."""
    expected = like(given, found.expected[x])

    def units(place: Any) -> Array:
        return np.asarray(like(given, found.units(x))[place])

    places = sorted(given) if isinstance(given, dict) else range(len(given))
    return in_form_of(
        given,
        [ExpectedArray(f"{name}[{l}]", expected[l], partial(units, l), name) for l in places],
    )


def _check(
    id: str,
    forward: Callable[..., Any],
    arguments: Mapping[str, Shape],
    gradients: Sequence[str],
    upstream: Sequence[str],
    drawn: Mapping[str, Draw],
    given: Sequence[str],
    names: Sequence[str],
) -> None:
    """Do the declarations fit the function, and one another?"""
    parameters = inspect.signature(forward).parameters.values()
    needed = [p.name for p in parameters if p.default is inspect.Parameter.empty]
    wrong = {
        "arguments": [*(set(needed) - set(arguments)), *(set(arguments) - {p.name for p in parameters})],
        "gradients": [name for name in gradients if name not in arguments],
        "values": [name for name in drawn if name not in arguments],
        "signature": [name for name in given if name not in arguments and name not in upstream],
        "upstream": [name for name in upstream if name in arguments],
    }
    for what, odd in wrong.items():
        if odd:
            raise ValueError(
                f"traced {id}: {what} and the arguments of {forward.__name__}({', '.join(needed)}) don't fit "
                f"together: {', '.join(sorted(odd))}"
            )
    if not gradients or len(names) != len(gradients):
        raise ValueError(f"traced {id}: {len(gradients)} gradients are asked, and {len(names)} results named")


def _solved(
    passed: ForwardPass, at: Mapping[str, Any], coming: tuple[Array, ...], sizes: Mapping[str, int]
) -> Solved | None:
    """The gradients of one case; None where no independent way resolves them: a kink is near."""
    if passed.problem:
        return _without_tape(passed, at, coming)
    try:
        run = passed.trace(at, sizes, coming)
    except NotTraceable:
        # Another branch of the code than in the ordinary case
        return _without_tape(passed, at, coming)
    found = passed.gradients_of(run)
    if not all(np.isfinite(array).all() for array in found.values()) or not passed.gap(at, run)[0] <= 1:
        return None

    measured: dict[str, Array] = {}

    def units(name: str) -> Array:
        if not measured:
            measured.update(error_units(run.tape, run.upstream, passed.gradients))
        return measured[name] + ROUNDING * max(1.0, float(np.max(np.abs(found[name]), initial=0)))

    return Solved(found, units, run)


def _without_tape(passed: ForwardPass, at: Mapping[str, Any], coming: tuple[Array, ...]) -> Solved | None:
    """The same without a tape, as for a stated loss; None at a kink too: no one number is the gradient."""
    found: dict[str, Slopes] = {}
    for name in passed.gradients:

        def along(x: Array, name: str = name) -> Any:
            return passed.loss({**at, name: x}, coming)

        value = np.asarray(at[name], dtype=float)
        slopes = gradient_with_units(along, value, _is_analytic(passed, name))
        if slopes is None or slopes.kink is not None or not np.isfinite(slopes.gradient).all():
            return None
        found[name] = slopes
    gradients = {name: slopes.gradient for name, slopes in found.items()}
    return Solved(gradients, lambda name: found[name].units, None)


@cache
def _is_analytic(passed: ForwardPass, name: str) -> bool:
    """Does the complex step hold for this argument? Asked of ordinary numbers: small ones hide it."""
    at, _ = passed.try_out()
    coming = passed.draw_upstream(np.random.Generator(np.random.PCG64(3)), at)
    return is_analytic(lambda x: passed.loss({**at, name: x}, coming), np.asarray(at[name], dtype=float))
