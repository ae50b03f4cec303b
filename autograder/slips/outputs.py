"""What is done with whole gradients: a sign, a factor, another order, another variable's, nothing at all."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from autograder.slips.slip import COMMON, FAR_FETCHED, SELDOM, USUAL, Slip, TracedRun
from autograder.tracing.gradient import Contribution, Exchange
from autograder.tracing.tape import PRIMITIVES, Node, Tape

Gradients = dict[str, Any]


def slips(run: TracedRun) -> Iterator[Slip]:
    """Every slip of this family in a run."""
    several = len(run.wanted) > 1
    groups: list[tuple[str, ...]] = [(name,) for name in run.wanted]
    if several:
        groups.insert(0, tuple(run.wanted))
    for group in groups:
        yield from _factors(run, group)
    for name in run.wanted:
        yield from _of_one(run, name)
    for one, other in combinations(run.wanted, 2):
        names = {"one": one, "other": other}
        yield Slip("exchanged_results", names, _after(_swap(one, other)), COMMON)
    yield from _other_variable(run)
    yield from _no_upstream(run)
    yield from _as_if_matched(run)
    yield from _by_saved_values(run)
    yield from _values_handed_back(run)
    yield from _by_constants(run)


def _after(change: Callable[[Gradients], Gradients]) -> Callable[[Tape], Exchange]:
    return lambda tape: Exchange(after=(change,))


def _each(names: Sequence[str], f: Callable[[Any], Any]) -> Callable[[Gradients], Gradients]:
    def change(found: Gradients) -> Gradients:
        return {name: f(value) if name in names else value for name, value in found.items()}

    return change


def _swap(one: str, other: str) -> Callable[[Gradients], Gradients]:
    def change(found: Gradients) -> Gradients:
        return {**found, one: found[other], other: found[one]}

    return change


def _factors(run: TracedRun, group: tuple[str, ...]) -> Iterator[Slip]:
    of = ", ".join(group)
    all_of_them = {"of": of}
    yield Slip("minus", all_of_them, _after(_each(group, lambda v: -v)), COMMON, code="K5")
    yield Slip("twice", all_of_them, _after(_each(group, lambda v: 2 * v)), COMMON, code="K6")
    yield Slip("half", all_of_them, _after(_each(group, lambda v: v / 2)), COMMON, code="K6")
    for letter in run.letters:
        for kind, rank, f in (
            ("times_n", COMMON, lambda v, n: v * n),
            ("over_n", COMMON, lambda v, n: v / n),
            ("minus_over_n", SELDOM, lambda v, n: -v / n),
            ("over_n_squared", SELDOM, lambda v, n: v / n**2),
            ("over_root_n", SELDOM, lambda v, n: v / np.sqrt(n)),
            ("times_root_n", SELDOM, lambda v, n: v * np.sqrt(n)),
            ("twice_over_n", SELDOM, lambda v, n: 2 * v / n),
            ("n_over_n_minus_one", SELDOM, lambda v, n: v * n / (n - 1)),
        ):
            # J's mean over the examples forgotten: the mistake of Step 3.
            code = "K26" if kind == "times_n" and letter == "m" and _is_a_mean(run) else ""
            yield Slip(kind, {"of": of, "n": letter}, _by_length(group, letter, f), rank, code=code)
    for one, other in combinations(run.letters, 2):
        pair = {"of": of, "n": one, "other": other}
        yield Slip("over_both", pair, _by_lengths(group, (one, other), lambda v, a, b: v / (a * b)), SELDOM)
        yield Slip(
            "one_n_for_other",
            pair,
            _by_lengths(group, (one, other), lambda v, a, b: v * a / b),
            USUAL,
            code="K28",
        )
        swapped = {"of": of, "n": other, "other": one}
        yield Slip(
            "one_n_for_other",
            swapped,
            _by_lengths(group, (one, other), lambda v, a, b: v * b / a),
            USUAL,
            code="K28",
        )


def _is_a_mean(run: TracedRun) -> bool:
    """Is the result one number that is a mean, or divided last?"""
    results = [run.tape.nodes[index] for index in run.tape.outputs]
    return len(results) == 1 and not results[0].out.shape and results[0].op in ("mean", "divide")


def _by_length(
    group: tuple[str, ...], letter: str, f: Callable[[Any, float], Any]
) -> Callable[[Tape], Exchange]:
    def exchange(tape: Tape) -> Exchange:
        n = float(tape.lengths[letter])
        return Exchange(after=(_each(group, lambda v: f(v, n)),))

    return exchange


def _by_lengths(
    group: tuple[str, ...], letters: tuple[str, str], f: Callable[[Any, float, float], Any]
) -> Callable[[Tape], Exchange]:
    def exchange(tape: Tape) -> Exchange:
        a, b = (float(tape.lengths[letter]) for letter in letters)
        return Exchange(after=(_each(group, lambda v: f(v, a, b)),))

    return exchange


def _of_one(run: TracedRun, name: str) -> Iterator[Slip]:
    of = {"of": name}
    shape = run.tape.nodes[run.tape.inputs[name]].out.shape
    yield Slip("zero", of, _after(_each([name], lambda v: np.zeros(np.shape(v)))), USUAL)
    yield Slip("sizes", of, _after(_each([name], np.abs)), USUAL)
    yield Slip("signs", of, _after(_each([name], np.sign)), FAR_FETCHED)
    if run.is_list(name):
        # All arrays in a row: that has no shape to be got wrong.
        return
    if len(shape) == 2:
        yield Slip("transposed", of, _after(_each([name], np.transpose)), COMMON, code="K24")
    if len(shape) > 1:
        yield Slip("flattened", of, _after(_each([name], np.ravel)), USUAL)
    if len(shape) == 1:
        yield Slip("as_row", of, _after(_each([name], lambda v: np.reshape(v, (1, -1)))), USUAL)
        yield Slip("as_column", of, _after(_each([name], lambda v: np.reshape(v, (-1, 1)))), USUAL)
    for axis in range(len(shape)):
        n = run.length(shape[axis])
        told = {"of": name, "n": n}
        for kind, f in (("summed", np.sum), ("averaged", np.mean)):

            def taken(v: Any, f: Any = f, axis: int = axis) -> Any:
                return f(v, axis=axis)

            def taken_kept(v: Any, f: Any = f, axis: int = axis) -> Any:
                return f(v, axis=axis, keepdims=True)

            yield Slip(kind, told, _after(_each([name], taken)), USUAL)
            yield Slip(kind, told, _after(_each([name], taken_kept)), USUAL)

    for other in run.wanted:
        if other != name:

            def copied(found: Gradients, other: str = other) -> Gradients:
                return {**found, name: found[other]}

            yield Slip("another_gradient", {"of": name, "other": other}, _after(copied), USUAL)


def _other_variable(run: TracedRun) -> Iterator[Slip]:
    """The gradient in an intermediate value handed back for that in an argument."""
    for name in run.wanted:
        shape = run.tape.nodes[run.tape.inputs[name]].out.shape
        seen: set[str] = set()
        for node in run.tape.nodes:
            told = run.name(node)
            if node.is_input or node.index not in run.live or not run.is_named(node) or told in seen:
                continue
            if node.index in run.tape.outputs and len(run.tape.outputs) == 1 and node.out.shape != shape:
                continue
            seen.add(told)
            rank = USUAL if node.out.shape == shape else SELDOM
            yield Slip("gradient_of_other", {"of": name, "other": told}, _jump(name, node), rank, code="K1")


def _jump(name: str, node: Node) -> Callable[[Tape], Exchange]:
    def exchange(tape: Tape) -> Exchange:
        nodes = [n.index for n in tape.nodes if n.site == node.site]
        kept: dict[int, Any] = {}

        def keep(index: int) -> Any:
            def rule(n: Node, parts: Sequence[Contribution], later: Mapping[int, Any]) -> Any:
                total = parts[0].value
                for part in parts[1:]:
                    total = total + part.value
                kept[index] = total
                return total

            return rule

        def change(found: Gradients) -> Gradients:
            there = [kept[i] for i in sorted(kept)]
            if not there:
                raise ValueError("no gradient arrives there")
            return {**found, name: there[0]}

        return Exchange(sums={index: keep(index) for index in nodes}, after=(change,))

    return exchange


def _by_saved_values(run: TracedRun) -> Iterator[Slip]:
    """A whole gradient multiplied or divided by a value of the forward pass, once too often."""
    for name in run.wanted:
        shape = run.tape.nodes[run.tape.inputs[name]].out.shape
        seen: set[str] = set()
        for node in run.tape.nodes:
            told = run.name(node)
            try:
                fits = np.broadcast_shapes(node.out.shape, shape) == shape
            except ValueError:
                fits = False
            if not fits or not told or told in seen:
                continue
            seen.add(told)
            named = {"of": name, "other": told}
            rank = USUAL if run.is_named(node) else SELDOM
            # A factor of the variable itself is one in some line first
            rank = FAR_FETCHED if told == name else rank
            yield Slip("times_value_of", named, _scaled(name, node, np.multiply), rank)
            yield Slip("over_value_of", named, _scaled(name, node, np.divide), rank)


def _by_constants(run: TracedRun) -> Iterator[Slip]:
    """A whole gradient multiplied or divided by a number among the arguments, once too often."""
    for node in run.sites():
        for place, parent in enumerate(node.parents):
            called = run.operand(node, place)
            if parent is None and called.isidentifier() and not np.ndim(node.values[place]):
                for name in run.wanted:
                    named = {"of": name, "other": called}
                    yield Slip("times_value_of", named, _by_number(name, node, place, np.multiply), SELDOM)
                    yield Slip("over_value_of", named, _by_number(name, node, place, np.divide), SELDOM)


def _by_number(name: str, node: Node, place: int, f: Any) -> Callable[[Tape], Exchange]:
    def exchange(tape: Tape) -> Exchange:
        number = next(n.values[place] for n in tape.nodes if n.site == node.site)
        return Exchange(after=(_each([name], lambda v: f(v, number)),))

    return exchange


def _scaled(name: str, node: Node, f: Any) -> Callable[[Tape], Exchange]:
    def exchange(tape: Tape) -> Exchange:
        value = next(
            n.out
            for n in tape.nodes
            if n.site == node.site and n.options.get("name") == node.options.get("name")
        )
        return Exchange(after=(_each([name], lambda v: f(v, value)),))

    return exchange


def _values_handed_back(run: TracedRun) -> Iterator[Slip]:
    """A value of the forward pass in the gradient's place, over the number of entries where J is a mean."""
    last = run.tape.nodes[run.tape.outputs[-1]]
    for name in run.wanted:
        shape = run.tape.nodes[run.tape.inputs[name]].out.shape
        for node in run.alike(shape):
            if node.index not in run.live or node.is_input:
                continue
            names = {"of": name, "other": run.name(node)}
            yield Slip("value_for_gradient", names, _handed_back(name, node, lambda value: value), SELDOM)
            if last.op == "mean":
                letters = [run.length(n) for n in shape]
                told = {**names, "n": " * ".join(letters) if all(letters) else ""}
                over_n = _handed_back(name, node, lambda value: value / value.size)
                yield Slip("mean_value_for_gradient", told, over_n, SELDOM)


def _handed_back(name: str, node: Node, f: Callable[[Any], Any]) -> Callable[[Tape], Exchange]:
    def exchange(tape: Tape) -> Exchange:
        value = next(n.out for n in tape.nodes if n.site == node.site)
        return Exchange(after=(lambda found: {**found, name: f(value)},))

    return exchange


def _as_if_matched(run: TracedRun) -> Iterator[Slip]:
    """The output less its target, which is right of an output that matches its loss."""
    inputs = [node for node in run.tape.nodes if node.is_input]
    if len(run.tape.outputs) != 1 or run.tape.nodes[run.tape.outputs[0]].out.shape:
        return
    for name in run.wanted:
        start = run.tape.inputs[name]
        for user, _place in run.taken_in[start]:
            if len(user.parents) != 1 or not run.is_named(user):
                continue
            for target in inputs:
                if target.index == start or target.out.shape != user.out.shape:
                    continue
                called = str(target.options["name"])
                names = {"value": run.name(user), "target": called}
                yield Slip("as_if_matched", names, _difference(name, user, called, False), COMMON)
                yield Slip("as_if_squared", names, _difference(name, user, called, True), COMMON)


def _difference(name: str, value: Node, target: str, with_slope: bool) -> Callable[[Tape], Exchange]:
    def exchange(tape: Tape) -> Exchange:
        node = next(node for node in tape.nodes if node.site == value.site)
        off = node.out - tape.nodes[tape.inputs[target]].out
        if with_slope:
            off = PRIMITIVES[node.op].backward(node, 0, off)
        return Exchange(after=(lambda found: {**found, name: off},))

    return exchange


def _no_upstream(run: TracedRun) -> Iterator[Slip]:
    def exchange(tape: Tape) -> Exchange:
        def ones(n: Node, parts: Sequence[Contribution], later: Mapping[int, Any]) -> Any:
            return np.ones(n.out.shape)

        return Exchange(sums=dict.fromkeys(tape.outputs, ones))

    yield Slip("no_upstream", {}, exchange, COMMON)

    def averaged(tape: Tape) -> Exchange:
        def mean(n: Node, parts: Sequence[Contribution], later: Mapping[int, Any]) -> Any:
            return np.full(n.out.shape, np.mean([np.mean(part.value) for part in parts]))

        return Exchange(sums=dict.fromkeys(tape.outputs, mean))

    yield Slip("mean_upstream", {}, averaged, FAR_FETCHED)
