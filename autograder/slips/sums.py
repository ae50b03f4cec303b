"""Sums over axes: repeating not undone by adding up, a mean's 1/n, the place of a maximum."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from autograder.slips.factors import last_alone, right_rule
from autograder.slips.slip import COMMON, FAR_FETCHED, SELDOM, USUAL, Slip, TracedRun, at_edges, at_values
from autograder.tracing.elementwise import ELEMENTWISE
from autograder.tracing.reductions import axes_of, count, is_extreme, spread
from autograder.tracing.tape import PRIMITIVES, Node
from autograder.trees import Array


def slips(run: TracedRun) -> Iterator[Slip]:
    """Every slip of this family in a run."""
    for node in run.sites():
        for place in run.places(node):
            if node.op in ELEMENTWISE or node.op in ("where", "broadcast_to", "matmul"):
                yield from _repeated(run, node, place)
        if node.op in ("sum", "mean") and list(run.places(node)):
            yield from _of_a_sum(run, node)
        if node.op in ("max", "min") and list(run.places(node)):
            yield from _of_an_extreme(run, node)


# ---- an array that was repeated: its gradient is added up over the repetitions ----------------------------


def _full(node: Node, place: int, g: Array) -> Any:
    """What the rule gives before it is added up."""
    if node.op in ELEMENTWISE:
        return np.broadcast_to(g * ELEMENTWISE[node.op].slope(node, place), node.out.shape)
    if node.op == "where":
        mask = np.asarray(node.options["condition"], dtype=bool)
        return np.broadcast_to(np.where(mask if place == 0 else ~mask, g, 0.0), node.out.shape)
    return np.asarray(g)


def _axes(node: Node, place: int) -> tuple[int, ...]:
    """The axes of the result along which the input was repeated."""
    shape, full = np.shape(node.values[place]), node.out.shape
    missing = len(full) - len(shape)
    return tuple(i for i, n in enumerate(full) if i < missing or (shape[i - missing] == 1 and n != 1))


def _repeated(run: TracedRun, node: Node, place: int) -> Iterator[Slip]:
    if node.op == "matmul":
        return
    axes = _axes(node, place)
    if not axes:
        return
    letters = [run.length(node.out.shape[a]) for a in axes]
    over = " and ".join(letters) if all(letters) else ""
    names = {"of": run.operand(node, place), "text": run.text(node), "over": over}

    def rule(f: Any) -> Any:
        def backward(node: Node, place: int, g: Array) -> Any:
            return f(node, place, _full(node, place, g))

        return at_edges(node.site, place, backward)

    def shaped(node: Node, place: int, value: Any) -> Any:
        return np.reshape(value, np.shape(node.values[place]))

    yield Slip("not_summed", names, rule(lambda n, p, full: full), COMMON, code="K31")
    yield Slip(
        "mean_for_sum", names, rule(lambda n, p, full: shaped(n, p, full.mean(axis=_axes(n, p)))), COMMON
    )
    yield Slip("summed_to_one", names, rule(lambda n, p, full: full.sum()), USUAL, code="K33")
    yield Slip(
        "summed_and_spread",
        names,
        rule(lambda n, p, full: np.full(np.shape(n.values[p]), full.sum())),
        SELDOM,
    )
    yield Slip("flat", names, rule(lambda n, p, full: full.sum(axis=_axes(n, p))), COMMON, code="K32")
    yield Slip(
        "kept", names, rule(lambda n, p, full: full.sum(axis=_axes(n, p), keepdims=True)), USUAL, code="K32"
    )
    if len(axes) == 1:
        yield Slip(
            "last_only",
            names,
            rule(lambda n, p, full: shaped(n, p, full.take(-1, axis=_axes(n, p)[0]))),
            USUAL,
            code="K29",
        )
        yield Slip(
            "first_only",
            names,
            rule(lambda n, p, full: shaped(n, p, full.take(0, axis=_axes(n, p)[0]))),
            USUAL,
        )
        yield Slip("largest_only", names, rule(_largest), USUAL)
        for other in range(node.out.ndim):
            if other != axes[0]:
                for keepdims in (False, True):
                    wrong = partial(_over_axis, other, keepdims)
                    yield Slip("other_axis", names, rule(wrong), USUAL, code="K32")
    elif len(axes) > 1:
        for axis in axes:
            part = {**names, "over": run.length(node.out.shape[axis])}
            yield Slip("summed_over_one_only", part, rule(partial(_over_axis, axis, False)), USUAL)


def _over_axis(axis: int, keepdims: bool, node: Node, place: int, full: Any) -> Any:
    return full.sum(axis=axis, keepdims=keepdims)


def _largest(node: Node, place: int, full: Any) -> Any:
    """Of what is to be added up, the entry of the largest size."""
    axis = _axes(node, place)[0]
    at = np.expand_dims(np.argmax(np.abs(full), axis=axis), axis)
    return np.reshape(np.take_along_axis(full, at, axis=axis), np.shape(node.values[place]))


# ---- sums and means ---------------------------------------------------------------------------------------


def _of_a_sum(run: TracedRun, node: Node) -> Iterator[Slip]:
    lengths = [run.length(np.shape(node.values[0])[a]) for a in axes_of(node)]
    n = " ".join(lengths) if all(lengths) else ""
    names = {
        "text": run.path(node) if not run.is_named(node) else run.name(node),
        "n": n,
        "of": run.operand(node, 0),
    }

    def times(f: Any) -> Any:
        return at_edges(node.site, 0, lambda node, place, g: right_rule(node, place, g) * f(node))

    if node.op == "mean":
        yield Slip("no_one_over_n", names, times(count), COMMON, code="K26")
        yield Slip("one_over_n_twice", names, times(lambda node: 1 / count(node)), COMMON, code="K27")
        per_other = times(lambda node: count(node) / max(int(np.count_nonzero(node.values[0])), 1))
        yield Slip("mean_of_nonzero", names, per_other, SELDOM)
        yield Slip("n_minus_one", names, times(lambda node: count(node) / max(count(node) - 1, 1e-9)), COMMON)
        if len(axes_of(node)) == 1:
            for axis in range(np.ndim(node.values[0])):
                if axis not in axes_of(node):

                    def other(node: Node, axis: int = axis) -> Any:
                        return count(node) / np.shape(node.values[0])[axis]

                    told = {**names, "other": run.length(np.shape(node.values[0])[axis])}
                    yield Slip("other_n", told, times(other), USUAL, code="K28")
    else:
        yield Slip("mean_of_sum", names, times(lambda node: 1 / count(node)), USUAL)

    for axis in axes_of(node):
        told = {"of": names["of"], "over": run.length(np.shape(node.values[0])[axis])}

        def of_the_last(node: Node, place: int, g: Array, axis: int = axis) -> Any:
            return last_alone(right_rule(node, place, g), axis)

        yield Slip("last_of_all", told, at_edges(node.site, 0, of_the_last), USUAL, code="K29")

    # The forward value itself, taken over other axes: its mistake reaches whatever is made of it.
    ndim = np.ndim(node.values[0])
    if node.options["axis"] is not None and node.options["keepdims"] and ndim > 1:
        reduced = axes_of(node)
        candidates: list[Any] = [None] + [a for a in range(ndim) if (a,) != reduced]
        for axis in candidates:
            yield Slip("value_over_other_axis", names, _values_with_axis(node, axis), SELDOM, code="K8")
    if node.op == "mean":

        def unbiased(x: Any, *, axis: Any, keepdims: bool) -> Any:
            total = np.sum(x, axis=axis, keepdims=keepdims)
            n = np.size(x) / max(np.size(total), 1)
            return total / (n - 1) if n > 1 else total * np.nan

        yield Slip("value_n_minus_one", names, at_values(node.site, unbiased), SELDOM)

        def summed(x: Any, *, axis: Any, keepdims: bool) -> Any:
            return np.sum(x, axis=axis, keepdims=keepdims)

        yield Slip("value_no_one_over_n", names, at_values(node.site, summed), SELDOM)


def _values_with_axis(node: Node, chosen: Any) -> Any:
    op = node.op

    def over(x: Any, *, axis: Any, keepdims: bool) -> Any:
        return PRIMITIVES[op].forward(x, axis=chosen, keepdims=True)

    return at_values(node.site, over)


# ---- maxima -----------------------------------------------------------------------------------------------


def _of_an_extreme(run: TracedRun, node: Node) -> Iterator[Slip]:
    names = {"text": run.text(node), "of": run.operand(node, 0)}

    def rule(f: Any) -> Any:
        return at_edges(node.site, 0, f)

    yield Slip("all_get_it", names, rule(lambda n, p, g: spread(n, g)), COMMON)
    yield Slip("shared_evenly", names, rule(lambda n, p, g: spread(n, g) / count(n)), USUAL)
    yield Slip("times_value", names, rule(lambda n, p, g: spread(n, g * n.out) * is_extreme(n)), USUAL)
    yield Slip("all_others", names, rule(lambda n, p, g: spread(n, g) * (is_extreme(n) == 0)), SELDOM)
    yield Slip("ties_each", names, rule(all_that_tie), FAR_FETCHED)
    yield Slip(
        "value_of_each", names, rule(lambda n, p, g: all_that_tie(n, p, g * n.out)), SELDOM, code="K14"
    )
    yield Slip("other_extreme", names, rule(_other_extreme), USUAL)
    yield Slip("first_gets_it", names, rule(_first_gets_it), SELDOM)
    yield Slip("largest_in_size", names, rule(_largest_in_size), USUAL)


def all_that_tie(node: Node, place: int, g: Array) -> Any:
    """The whole gradient to each entry that is the maximum (or minimum)."""
    return spread(node, g) * (is_extreme(node) > 0)


def _hit(node: Node, numbers: Array, extreme: Any) -> Array:
    """1 where numbers are the extreme of their group, shared where several are."""
    hit = (numbers == extreme(numbers, axis=axes_of(node), keepdims=True)).astype(float)
    return np.asarray(hit / hit.sum(axis=axes_of(node), keepdims=True))


def _other_extreme(node: Node, place: int, g: Array) -> Any:
    other = np.min if node.op == "max" else np.max
    return spread(node, g) * _hit(node, np.asarray(node.values[0]), other)


def _largest_in_size(node: Node, place: int, g: Array) -> Any:
    extreme = np.max if node.op == "max" else np.min
    return spread(node, g) * _hit(node, np.abs(node.values[0]), extreme)


def _first_gets_it(node: Node, place: int, g: Array) -> Any:
    first = np.zeros(np.shape(node.values[0]))
    key = tuple(0 if axis in axes_of(node) else slice(None) for axis in range(first.ndim))
    first[key] = 1.0
    return spread(node, g) * first
