"""What comes in: another variable's gradient where one belongs, a result's own gradient left out, a factor
on the way.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.slips.factors import last_alone
from autograder.slips.slip import COMMON, SELDOM, USUAL, Slip, TracedRun, at_sums, next_after
from autograder.tracing.gradient import Contribution, Exchange, add_up
from autograder.tracing.tape import Node, Tape


def slips(run: TracedRun) -> Iterator[Slip]:
    """Every slip of this family in a run."""
    yield from _other_gradient(run)
    yield from _result_left_out(run)
    yield from _last_alone(run)
    yield from _factor_on_the_way(run)


def _other_gradient(run: TracedRun) -> Iterator[Slip]:
    """At one operation the gradient of a later (or earlier computed) variable of the same shape comes in."""
    for node in run.sites():
        shape = node.out.shape
        for place in run.places(node):
            seen = set()
            for other in run.tape.nodes:
                told = run.name(other)
                if other.index <= node.index or other.index not in run.live or other.out.shape != shape:
                    continue
                if not run.is_named(other) and other.index not in run.tape.outputs:
                    continue
                if told in seen or other.site == node.site:
                    continue
                seen.add(told)
                names = {"text": run.text(node), "of": run.operand(node, place), "other": told}
                yield Slip("other_upstream", names, _taken_from(node, place, other), USUAL)


def _taken_from(node: Node, place: int, other: Node) -> Callable[[Tape], Exchange]:
    def exchange(tape: Tape) -> Exchange:
        pairs = {}
        for here in tape.nodes:
            if here.site == node.site:
                pairs[here.index, place] = next_after(tape, other.site, here).index
        return Exchange(upstream=pairs)

    return exchange


def _result_left_out(run: TracedRun) -> Iterator[Slip]:
    """Of several results, or of a value that is a result and goes on too, one incoming gradient is left
    out.
    """
    for at, index in enumerate(run.tape.outputs):
        if len(run.tape.outputs) == 1:
            return

        def rule(node: Node, parts: Sequence[Contribution], later: Mapping[int, Any], at: int = at) -> Any:
            kept = [part for part in parts if not (part.consumer == -1 and part.place == at)]
            return add_up(node, kept, later) if kept else None

        names = {"path": run.name(run.tape.nodes[index])}

        def exchange(tape: Tape, at: int = at, rule: Any = rule) -> Exchange:
            return Exchange(sums={tape.outputs[at]: rule})

        yield Slip("result_left_out", names, exchange, COMMON)


def _last_alone(run: TracedRun) -> Iterator[Slip]:
    """Of what comes in for the results, the last entry along one axis alone: = stands where += is needed."""
    results = [run.tape.nodes[index] for index in run.tape.outputs]
    ndim = min(node.out.ndim for node in results)
    for axis in range(ndim):
        over = {run.length(node.out.shape[axis]) for node in results}
        if len(over) != 1 or not all(over):
            continue

        def rule(
            node: Node, parts: Sequence[Contribution], later: Mapping[int, Any], axis: int = axis
        ) -> Any:
            return last_alone(add_up(node, parts, later), axis)

        def exchange(tape: Tape, rule: Any = rule) -> Exchange:
            return Exchange(sums=dict.fromkeys(tape.outputs, rule))

        yield Slip("last_of_all", {"over": over.pop()}, exchange, USUAL, code="K29")


def _factor_on_the_way(run: TracedRun) -> Iterator[Slip]:
    """From one variable on, all that goes back is off by a factor."""
    for node in run.sites():
        if not run.is_named(node):
            continue
        names = {"path": run.name(node)}

        def times(f: Callable[[Tape, Any], Any], node: Node = node) -> Callable[[Tape], Exchange]:
            def exchange(tape: Tape) -> Exchange:
                def rule(at: Node, parts: Sequence[Contribution], later: Mapping[int, Any]) -> Any:
                    return f(tape, add_up(at, parts, later))

                return at_sums(node.site, rule)(tape)

            return exchange

        yield Slip("minus_from", names, times(lambda tape, g: -g), USUAL)
        yield Slip("twice_from", names, times(lambda tape, g: 2 * g), SELDOM)
        yield Slip("half_from", names, times(lambda tape, g: g / 2), SELDOM)
        yield Slip("sizes_from", names, times(lambda tape, g: np.abs(g)), SELDOM)
        for letter in run.letters:

            def over(tape: Tape, g: Any, letter: str = letter) -> Any:
                return g / tape.lengths[letter]

            def by(tape: Tape, g: Any, letter: str = letter) -> Any:
                return g * tape.lengths[letter]

            more = {**names, "n": letter}
            yield Slip("over_n_from", more, times(over), SELDOM)
            yield Slip("times_n_from", more, times(by), SELDOM)
