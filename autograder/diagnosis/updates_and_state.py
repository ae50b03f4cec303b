"""Mistakes outside the formulas: W updated inside the backward loop, or returned for dW; answers remembered.

The learning rate is the student's own; it is solved for on one network, and must then fit all others.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np

from autograder.diagnosis.closeness import is_right, largest, same, same_array
from autograder.judging.evidence import Evidence
from autograder.misconceptions.backward_loop import weights_updated
from autograder.misconceptions.slots import LayerContext, OutputContext, deltas, layer_context
from autograder.trees import arrays


@dataclass(eq=False)
class NetAnswer:
    """A probe network and the student's answer, a dict or a pair of dicts whose entries are arrays."""

    W: Any
    Z: Any
    A: Any
    Y: Any
    hidden: str
    output: str
    answer: Any
    evidence: Evidence

    @staticmethod
    def of(e: Evidence, answer: Any) -> "NetAnswer":
        """The network of a case's arguments, with what is used of the answer."""
        W, Z, A, Y, hidden, output = e.case.args[:6]
        return NetAnswer(W, Z, A, Y, hidden, output, answer, e)

    @property
    def N(self) -> int:
        return max(self.W)

    @property
    def args(self) -> tuple[Any, Any, Any, Any, str, str]:
        return self.W, self.Z, self.A, self.Y, self.hidden, self.output

    @property
    def bound(self) -> Any:
        """How far rounding reaches in the right answer."""
        return self.evidence.bound

    @cached_property
    def tolerance(self) -> tuple[dict[int, float], ...]:
        """How far rounding reaches in each dW[l] and each db[l]."""
        return tuple({l: largest(b) for l, b in part.items()} for part in self.bound)

    @cached_property
    def output_context(self) -> OutputContext:
        return OutputContext(self.output, self.Z[self.N], self.Y, self.hidden)

    def layer(self, l: int, **deltas: Any) -> LayerContext:
        """What stands around layer l; deltas are delta_next and, for Step 3, delta."""
        return layer_context(self.W, self.Z, self.A, self.hidden, self.output, l, **deltas)


# (net, delta) -> for each layer of delta what the student gave, and what delta would make of it.
StepsCompared: TypeAlias = Callable[[NetAnswer, Mapping[int, Any]], dict[int, tuple[Any, Any]]]


def w_updated_deltas(nets: Sequence[NetAnswer]) -> bool:
    """Is every delta the right one for weights that have stepped already, at one learning rate?"""
    return _stepped_at_one_rate(nets, lambda net, delta: {l: (net.answer.get(l), delta[l]) for l in delta})


def w_updated_gradients(nets: Sequence[NetAnswer]) -> bool:
    """Is every dW made of such deltas?"""

    def compared(net: NetAnswer, delta: Mapping[int, Any]) -> dict[int, tuple[Any, Any]]:
        m = net.Y.shape[1]
        return {l: (net.answer[0].get(l), delta[l] @ net.A[l - 1].T / m) for l in delta}

    return _stepped_at_one_rate(nets, compared)


def _stepped_at_one_rate(nets: Sequence[NetAnswer], compared: StepsCompared) -> bool:
    deep = [net for net in nets if net.N > 1]
    return any(_rates_agree(deep, compared, mean) for mean in (True, False))


def _rates_agree(nets: Sequence[NetAnswer], compared: StepsCompared, mean: bool) -> bool:
    """Does one learning rate, the gradient's with or without 1/m, explain every net's answer?"""

    def at(net: NetAnswer, rate: float) -> dict[int, tuple[Any, Any]]:
        return compared(net, deltas(weights_updated(rate, mean), *net.args))

    rate = None
    for net in nets:
        try:
            if rate is None:
                # delta[N-1], and so dW[N-1], is linear in the rate.
                answer, start = at(net, 0.0)[net.N - 1]
                slope = at(net, 1.0)[net.N - 1][1] - start
                rate = float(np.sum(slope * (answer - start)) / np.sum(slope * slope))
                if abs(rate) < 1e-12:
                    return False
            if not all(same(answer, value) for answer, value in at(net, rate).values()):
                return False
        except Exception:
            # Other shapes or keys than expected.
            return False
    return rate is not None


def remembers(exercise_id: str, evidence: Sequence[Evidence]) -> bool:
    """Is every wrong answer the answer to an earlier call again, to the last bit, which was right there?"""
    earlier: set[tuple[Any, ...]] = set()
    found = False
    for e in evidence:
        try:
            answer = tuple((a.shape, a.tobytes()) for a in arrays(e.answer))
        except (TypeError, ValueError):
            return False
        if is_right(e):
            if any(a.size > 1 and np.ptp(a) > 0 for a in arrays(e.answer)):
                earlier.add(answer)
        elif answer not in earlier:
            return False
        else:
            found = True
    return found


def returns_updates(evidence: Sequence[Evidence]) -> bool:
    """Is dW everywhere W - rate dW, or -rate dW, at one rate for all, and db right or its step?"""
    try:
        if any(np.iscomplexobj(array) for e in evidence for array in arrays(e.answer)):
            # No step of real weights.
            return False
    except (TypeError, ValueError):
        return False
    return _returns_weights(evidence) or _returns_steps(evidence)


def _returns_steps(evidence: Sequence[Evidence]) -> bool:
    """Is every answer -rate times the gradient, at one rate below 1 that is no plain half?"""
    rate = None
    for e in evidence:
        try:
            pairs = list(zip(arrays(e.answer), arrays(e.expected), strict=True))
            if rate is None:
                rate = -sum(float(np.sum(a * b)) for a, b in pairs) / sum(
                    float(np.sum(b * b)) for _, b in pairs
                )
                if not 1e-9 < rate < 0.99 or abs(rate - 0.5) < 1e-6:
                    return False
            if not all(same_array(a, -rate * b) for a, b in pairs):
                return False
        except (TypeError, ValueError, ArithmeticError):
            return False
    return rate is not None


def _returns_weights(evidence: Sequence[Evidence]) -> bool:
    rate = None
    for e in evidence:
        W = e.case.args[0]
        try:
            (dW, db), (right_W, right_b) = e.answer, e.expected
            if rate is None:
                rate = sum(float(np.sum((W[l] - dW[l]) * right_W[l])) for l in W)
                rate /= sum(float(np.sum(right_W[l] ** 2)) for l in W)
                if abs(rate) < 1e-9:
                    return False
            if not all(same(dW[l], W[l] - rate * right_W[l]) for l in W):
                return False
            if not same(db, right_b) and not same(db, {l: -rate * v for l, v in right_b.items()}):
                return False
        except (TypeError, ValueError, LookupError, ArithmeticError):
            # No pair of dicts of such arrays.
            return False
    return rate is not None
