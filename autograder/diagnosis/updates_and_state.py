"""Mistakes outside the formulas: W updated inside the backward loop, or returned for its gradient; answers remembered.

The learning rate is the student's own; it is solved for on one network, and must then fit all others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from autograder.diagnosis.matching import flat, is_right, largest, same, same_array
from autograder.judging.evidence import Evidence
from autograder.misconceptions.backward_loop import updated_deltas
from autograder.misconceptions.slots import Top


@dataclass(eq=False)
class Net:
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
    def of(e: Evidence, answer: Any) -> "Net":
        """The network of a case's arguments, with what is used of the answer."""
        W, Z, A, Y, hidden, output = e.case.args[:6]
        return Net(W, Z, A, Y, hidden, output, answer, e)

    @property
    def bound(self) -> Any:
        """How far rounding reaches in the right answer."""
        return self.evidence.bound

    @cached_property
    def top(self) -> Top:
        return Top(self.output, self.Z[self.N], self.Y, self.hidden)

    @cached_property
    def slack(self) -> tuple[dict[int, float], ...]:
        """How far rounding reaches in each dW[l] and each db[l]."""
        return tuple({l: largest(b) for l, b in part.items()} for part in self.bound)

    @property
    def N(self) -> int:
        return max(self.W)

    @property
    def args(self) -> tuple[Any, Any, Any, Any, str, str]:
        return self.W, self.Z, self.A, self.Y, self.hidden, self.output


def w_updated_deltas(nets: Sequence[Net]) -> bool:
    """Is every delta the right one for weights that have stepped already, at one learning rate?"""
    return any(
        _rates_agree(nets, by_m, lambda net, d: [(net.answer.get(l), d[l]) for l in d])
        for by_m in (True, False)
    )


def w_updated_gradients(nets: Sequence[Net]) -> bool:
    def pairs(net: Net, d: dict[int, Any]) -> list[tuple[Any, Any]]:
        return [(net.answer[0].get(l), d[l] @ net.A[l - 1].T / net.Y.shape[1]) for l in d]

    return any(_rates_agree(nets, by_m, pairs) for by_m in (True, False))


def _rates_agree(nets: Sequence[Net], by_m: bool, pairs: Any) -> bool:
    rate = None
    for net in nets:
        if net.N == 1:
            continue
        by = 1 / net.Y.shape[1] if by_m else 1.0
        try:
            if rate is None:
                l = net.N - 1  # delta[N-1], and so dW[N-1], is linear in the rate
                at = [
                    dict(zip(net.W, pairs(net, updated_deltas(*net.args, r, by)), strict=False))
                    for r in (0.0, 1.0)
                ]
                place = list(updated_deltas(*net.args, 0.0)).index(l)
                answer, start = list(at[0].values())[place]
                slope = list(at[1].values())[place][1] - start
                rate = float(np.sum(slope * (answer - start)) / np.sum(slope * slope))
                if abs(rate) < 1e-12:
                    return False
            if not all(same(a, v) for a, v in pairs(net, updated_deltas(*net.args, rate, by))):
                return False
        except Exception:  # other shapes or keys than expected
            return False
    return rate is not None


def remembers(exercise_id: str, evidence: Sequence[Evidence]) -> bool:
    """Is every wrong answer the answer to an earlier call again, to the last bit, which was right there?"""
    earlier: set[tuple[Any, ...]] = set()
    found = False
    for e in evidence:
        try:
            answer = tuple((a.shape, a.tobytes()) for a in flat(e.answer))
        except (TypeError, ValueError):
            return False
        if is_right(e):
            if any(a.size > 1 and np.ptp(a) > 0 for a in flat(e.answer)):
                earlier.add(answer)
        elif answer not in earlier:
            return False
        else:
            found = True
    return found


def returns_updates(evidence: Sequence[Evidence]) -> bool:
    """Is dW everywhere W - rate dW, or -rate dW, at one rate for all, and db right or its step?"""
    try:
        if any(np.iscomplexobj(array) for e in evidence for array in flat(e.answer)):
            return False  # no step of real weights
    except (TypeError, ValueError):
        return False
    return _returns_weights(evidence) or _returns_steps(evidence)


def _returns_steps(evidence: Sequence[Evidence]) -> bool:
    """Is every answer -rate times the gradient, at one rate below 1 that is no plain half?"""
    rate = None
    for e in evidence:
        try:
            pairs = list(zip(flat(e.answer), flat(e.expected), strict=True))
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
        except (TypeError, ValueError, LookupError, ArithmeticError):  # no pair of dicts of such arrays
            return False
    return rate is not None
