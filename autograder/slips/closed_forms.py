"""Closed forms of the fused operations: softmax's Jacobian, ŷ − y, a normalisation's three terms."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.slips.slip import COMMON, SELDOM, USUAL, Slip, TracedRun, at_edges, at_values
from autograder.tracing import fused
from autograder.tracing.tape import Node
from autograder.trees import Array

Rule = Callable[[Node, int, Array], Any]


def slips(run: TracedRun) -> Iterator[Slip]:
    """Every slip of this family in a run."""
    for node in run.sites():
        if not list(run.places(node)):
            continue
        for rank, kind, code, place, rule in SLIPS_BY_OPERATION.get(node.op, ()):
            if place in run.places(node):
                names = {"text": run.name(node), "of": run.operand(node, place)}
                yield Slip(kind, names, at_edges(node.site, place, rule), rank, code=code)
        if node.op in ("softmax", "log_softmax"):
            sigmoid = at_values(node.site, _sigmoid_in_place_of(node.op))
            yield Slip("sigmoid_for_softmax", {"text": run.name(node)}, sigmoid, SELDOM)
        if node.op == "softmax":
            twice = at_values(
                node.site, lambda z, *, axis: fused.softmax(fused.softmax(z, axis=axis), axis=axis)
            )
            yield Slip("softmax_twice", {"of": run.operand(node, 0)}, twice, SELDOM)
        if node.op in ("softmax", "log_softmax") and node.out.ndim > 1:
            for axis in [None, *range(node.out.ndim)]:
                if axis is None or axis != node.options["axis"] % node.out.ndim:
                    names = {"text": run.name(node), "of": run.operand(node, 0)}
                    for shift in (None, node.options["axis"]):
                        wrong = at_values(node.site, _over(node.op, axis, shift))
                        yield Slip("softmax_axis", names, wrong, USUAL, code="K8")
                    yield Slip(
                        "jacobian_axis", names, at_edges(node.site, 0, _jacobian_over(axis)), USUAL, code="K8"
                    )


def _over(op: str, chosen: Any, shift: int | None) -> Callable[..., Any]:
    """Softmax or its logarithm, summed over another axis; shift: along which the maxima were taken off."""

    def forward(z: Any, *, axis: int) -> Any:
        e = np.exp(z - np.max(z, axis=shift, keepdims=True))
        s = e / np.sum(e, axis=chosen, keepdims=True)
        return s if op == "softmax" else np.log(s)

    return forward


def _sigmoid_in_place_of(op: str) -> Callable[..., Any]:
    def forward(z: Any, *, axis: int) -> Any:
        s = fused.sigmoid(z)
        return s if op == "softmax" else np.log(s)

    return forward


def _jacobian_over(axis: Any) -> Rule:
    def rule(node: Node, place: int, g: Array) -> Any:
        s = node.out if node.op == "softmax" else np.exp(node.out)
        if node.op == "softmax":
            return s * (g - np.sum(g * s, axis=axis, keepdims=True))
        return g - s * np.sum(g, axis=axis, keepdims=True)

    return rule


def _sum(node: Node, x: Any) -> Any:
    return np.sum(x, axis=node.options["axis"], keepdims=True)


def _logits(node: Node) -> tuple[Any, Any, Any]:
    z, Y = (np.asarray(v, dtype=float) for v in node.values)
    return z, Y, fused.softmax(z, axis=node.options["axis"])


def _cross(formula: Callable[[Any, Any, Any, int], Any]) -> Rule:
    def rule(node: Node, place: int, g: Array) -> Any:
        axis = node.options["axis"]
        return np.expand_dims(g, axis) * formula(*_logits(node), axis)

    return rule


def _one_hot_of_argmax(s: Any, axis: int) -> Any:
    """1 at the largest entry, of several the first, as np.argmax has it."""
    found = np.zeros(np.shape(s))
    np.put_along_axis(found, np.expand_dims(np.argmax(s, axis=axis), axis), 1.0, axis)
    return found


def _over_a_wrong_axis(axis: int | None, shifted: bool) -> Callable[[Any, Any, Any, int], Any]:
    """softmax - Y with the sum over another axis than the loss's, over everything for None.

    axis counts from the loss's own. shifted: each column's maximum was taken off before, which then matters.
    """

    def formula(z: Any, Y: Any, s: Any, own: int) -> Any:
        e = np.exp(z - np.max(z, axis=own if shifted else None, keepdims=True))
        over = None if axis is None else (own % z.ndim) + axis
        return e / np.sum(e, axis=over, keepdims=True) - Y

    return formula


def _bce(formula: Callable[[Any, Any, Any], Any]) -> Rule:
    def rule(node: Node, place: int, g: Array) -> Any:
        z, Y = (np.asarray(v, dtype=float) for v in node.values)
        return g * formula(z, Y, fused.sigmoid(z))

    return rule


def _parts(node: Node, g: Any) -> tuple[Any, Any, Any, Any, int]:
    axis, x = node.options["axis"], np.asarray(node.values[0])
    off = x - np.mean(x, axis=axis, keepdims=True)
    spread = np.sqrt(np.mean(off * off, axis=axis, keepdims=True) + node.options["eps"])
    return (
        g,
        np.mean(g, axis=axis, keepdims=True),
        node.out * np.mean(g * node.out, axis=axis, keepdims=True),
        spread,
        axis,
    )


def _normal(formula: Callable[[Any, Any, Any, Any], Any]) -> Rule:
    def rule(node: Node, place: int, g: Array) -> Any:
        g, mean, projected, spread, _ = _parts(node, g)
        return formula(g, mean, projected, spread)

    return rule


def _with_extra_slope(node: Node, place: int, g: Array) -> Any:
    s = np.exp(node.out)
    return (g - s * _sum(node, g)) * s * (1 - s)


SLIPS_BY_OPERATION: dict[str, tuple[tuple[int, str, str, int, Rule], ...]] = {
    "softmax": (
        (COMMON, "softmax_diagonal", "K2", 0, lambda n, p, g: g * n.out * (1 - n.out)),
        (COMMON, "softmax_no_sum", "", 0, lambda n, p, g: g * n.out),
        (COMMON, "softmax_no_outer", "", 0, lambda n, p, g: g - _sum(n, g * n.out)),
        (USUAL, "softmax_handed_on", "K13", 0, lambda n, p, g: g),
        (USUAL, "softmax_plus", "", 0, lambda n, p, g: n.out * (g + _sum(n, g * n.out))),
        (USUAL, "softmax_unweighted", "", 0, lambda n, p, g: n.out * (g - _sum(n, g))),
        (USUAL, "softmax_sum_of_values", "", 0, lambda n, p, g: n.out * g - _sum(n, g * n.out)),
        (USUAL, "softmax_sum_of_softmax", "", 0, lambda n, p, g: n.out * (g - _sum(n, n.out))),
        (USUAL, "softmax_only_sum", "", 0, lambda n, p, g: -n.out * _sum(n, g * n.out)),
        (USUAL, "softmax_for_labels", "", 0, lambda n, p, g: n.out - g),
        (USUAL, "softmax_minus", "", 0, lambda n, p, g: n.out * (_sum(n, g * n.out) - g)),
        (
            USUAL,
            "softmax_mean",
            "",
            0,
            lambda n, p, g: n.out * (g - np.mean(g * n.out, axis=n.options["axis"], keepdims=True)),
        ),
        (SELDOM, "softmax_squared", "", 0, lambda n, p, g: g * n.out - n.out**2 * _sum(n, g)),
        (SELDOM, "softmax_diagonal_squared", "", 0, lambda n, p, g: g * (1 - n.out**2)),
        (SELDOM, "softmax_one_minus", "", 0, lambda n, p, g: g * (1 - n.out)),
        (SELDOM, "softmax_total", "", 0, lambda n, p, g: n.out * (g - np.sum(g * n.out))),
    ),
    "log_softmax": (
        (COMMON, "log_softmax_no_sum", "", 0, lambda n, p, g: g),
        (COMMON, "log_softmax_no_sum_of_g", "", 0, lambda n, p, g: g - np.exp(n.out)),
        (COMMON, "log_softmax_times_g", "", 0, lambda n, p, g: g * (1 - np.exp(n.out))),
        (COMMON, "log_softmax_logits", "K40", 0, lambda n, p, g: g - n.values[0] * _sum(n, g)),
        (USUAL, "log_softmax_exp", "", 0, lambda n, p, g: g - np.exp(n.values[0]) * _sum(n, g)),
        (USUAL, "log_softmax_extra_slope", "", 0, _with_extra_slope),
        (USUAL, "log_softmax_plus", "", 0, lambda n, p, g: g + np.exp(n.out) * _sum(n, g)),
        (
            USUAL,
            "log_softmax_weighted",
            "",
            0,
            lambda n, p, g: g - np.exp(n.out) * _sum(n, g * np.exp(n.out)),
        ),
        (USUAL, "log_softmax_of_log", "", 0, lambda n, p, g: g - n.out * _sum(n, g)),
        (
            USUAL,
            "log_softmax_mean",
            "",
            0,
            lambda n, p, g: g - np.exp(n.out) * np.mean(g, axis=n.options["axis"], keepdims=True),
        ),
        (SELDOM, "log_softmax_only_sum", "", 0, lambda n, p, g: -np.exp(n.out) * _sum(n, g)),
        (
            SELDOM,
            "softmax_rule_for_log",
            "",
            0,
            lambda n, p, g: np.exp(n.out) * (g - _sum(n, g * np.exp(n.out))),
        ),
    ),
    "log_sum_exp": (
        (
            COMMON,
            "log_sum_exp_one",
            "",
            0,
            lambda n, p, g: (
                _spread(n, g)
                * (np.asarray(n.values[0]) == np.max(n.values[0], axis=n.options["axis"], keepdims=True))
            ),
        ),
        (COMMON, "log_sum_exp_unnormalised", "", 0, lambda n, p, g: _spread(n, g) * np.exp(n.values[0])),
        (COMMON, "log_sum_exp_all", "", 0, lambda n, p, g: _spread(n, g) * np.ones(np.shape(n.values[0]))),
        (
            USUAL,
            "log_sum_exp_jacobian",
            "K2",
            0,
            lambda n, p, g: (
                _spread(n, g) * (lambda s: s * (1 - s))(fused.softmax(n.values[0], axis=n.options["axis"]))
            ),
        ),
        (
            USUAL,
            "log_sum_exp_minus",
            "",
            0,
            lambda n, p, g: -_spread(n, g) * fused.softmax(n.values[0], axis=n.options["axis"]),
        ),
        (
            USUAL,
            "log_sum_exp_axis",
            "K8",
            0,
            lambda n, p, g: (
                _spread(n, g) * fused.softmax(n.values[0], axis=n.options["axis"] % np.ndim(n.values[0]) - 1)
            ),
        ),
        (
            SELDOM,
            "log_sum_exp_over_sum",
            "",
            0,
            lambda n, p, g: (
                _spread(n, g) / np.sum(np.exp(n.values[0]), axis=n.options["axis"], keepdims=True)
                + 0 * n.values[0]
            ),
        ),
    ),
    "softmax_cross_entropy": (
        (COMMON, "z_for_yhat", "K40", 0, _cross(lambda z, Y, s, axis: z - Y)),
        (COMMON, "no_target", "K3", 0, _cross(lambda z, Y, s, axis: s)),
        (USUAL, "no_yhat", "", 0, _cross(lambda z, Y, s, axis: -Y)),
        (USUAL, "no_exp", "", 0, _cross(lambda z, Y, s, axis: z / np.sum(z, axis=axis, keepdims=True) - Y)),
        (COMMON, "target_minus", "K5", 0, _cross(lambda z, Y, s, axis: Y - s)),
        (COMMON, "only_true_row", "K3", 0, _cross(lambda z, Y, s, axis: (s - Y) * (Y > 0))),
        (COMMON, "argmax_for_yhat", "K7", 0, _cross(lambda z, Y, s, axis: _one_hot_of_argmax(s, axis) - Y)),
        (USUAL, "extra_slope", "K4", 0, _cross(lambda z, Y, s, axis: (s - Y) * s * (1 - s))),
        (USUAL, "gradient_of_yhat", "K1", 0, _cross(lambda z, Y, s, axis: -Y / s)),
        (USUAL, "diagonal_of_jacobian", "K2", 0, _cross(lambda z, Y, s, axis: -Y * (1 - s))),
        (USUAL, "log_for_yhat", "", 0, _cross(lambda z, Y, s, axis: np.log(s) - Y)),
        (
            USUAL,
            "softmax_axis_of_loss",
            "K8",
            0,
            _cross(lambda z, Y, s, axis: fused.softmax(z, axis=axis % z.ndim - 1) - Y),
        ),
        (USUAL, "softmax_axis_of_loss", "K8", 0, _cross(_over_a_wrong_axis(-1, shifted=True))),
        (USUAL, "softmax_over_all", "K8", 0, _cross(_over_a_wrong_axis(None, shifted=False))),
        (USUAL, "softmax_over_all", "K8", 0, _cross(_over_a_wrong_axis(None, shifted=True))),
        (USUAL, "only_true_row", "K3", 0, _cross(lambda z, Y, s, axis: np.where(Y > 0, s - 1, 0))),
        (SELDOM, "exp_for_yhat", "", 0, _cross(lambda z, Y, s, axis: np.exp(z) - Y)),
        (
            SELDOM,
            "exp_for_yhat",
            "",
            0,
            _cross(lambda z, Y, s, axis: s / s.max(axis=axis, keepdims=True) - Y),
        ),
        (SELDOM, "sigmoid_for_softmax", "", 0, _cross(lambda z, Y, s, axis: fused.sigmoid(z) - Y)),
        (SELDOM, "one_minus", "", 0, _cross(lambda z, Y, s, axis: s - (1 - Y))),
        (SELDOM, "sizes_of_difference", "", 0, _cross(lambda z, Y, s, axis: np.abs(s - Y))),
    ),
    "binary_cross_entropy": (
        (COMMON, "z_for_yhat", "K40", 0, _bce(lambda z, Y, s: z - Y)),
        (COMMON, "no_target", "", 0, _bce(lambda z, Y, s: s)),
        (COMMON, "target_minus", "K5", 0, _bce(lambda z, Y, s: Y - s)),
        (COMMON, "extra_slope", "K4", 0, _bce(lambda z, Y, s: (s - Y) * s * (1 - s))),
        (COMMON, "gradient_of_yhat", "K1", 0, _bce(lambda z, Y, s: (s - Y) / (s * (1 - s)))),
        (USUAL, "only_positive_part", "", 0, _bce(lambda z, Y, s: -Y * (1 - s))),
        (USUAL, "only_negative_part", "", 0, _bce(lambda z, Y, s: (1 - Y) * s)),
        (USUAL, "rounded_yhat", "K7", 0, _bce(lambda z, Y, s: (s > 0.5) - Y)),
        (SELDOM, "tanh_for_sigmoid", "", 0, _bce(lambda z, Y, s: np.tanh(z) - Y)),
    ),
    "normalise": (
        (COMMON, "normalise_only_scale", "", 0, _normal(lambda g, mean, projected, spread: g / spread)),
        (
            COMMON,
            "normalise_no_mean",
            "",
            0,
            _normal(lambda g, mean, projected, spread: (g - projected) / spread),
        ),
        (
            COMMON,
            "normalise_no_variance",
            "",
            0,
            _normal(lambda g, mean, projected, spread: (g - mean) / spread),
        ),
        (
            COMMON,
            "normalise_no_scale",
            "",
            0,
            _normal(lambda g, mean, projected, spread: g - mean - projected),
        ),
        (
            USUAL,
            "normalise_plus",
            "",
            0,
            _normal(lambda g, mean, projected, spread: (g - mean + projected) / spread),
        ),
        (
            USUAL,
            "normalise_plus_mean",
            "",
            0,
            _normal(lambda g, mean, projected, spread: (g + mean - projected) / spread),
        ),
        (
            USUAL,
            "normalise_variance",
            "",
            0,
            _normal(lambda g, mean, projected, spread: (g - mean - projected) / spread**2),
        ),
        (
            USUAL,
            "normalise_half_variance",
            "",
            0,
            _normal(lambda g, mean, projected, spread: (g - mean - projected / 2) / spread),
        ),
        (
            USUAL,
            "normalise_twice_variance",
            "",
            0,
            _normal(lambda g, mean, projected, spread: (g - mean - 2 * projected) / spread),
        ),
        (
            USUAL,
            "normalise_times_scale",
            "",
            0,
            _normal(lambda g, mean, projected, spread: (g - mean - projected) * spread),
        ),
        (USUAL, "normalise_handed_on", "K13", 0, _normal(lambda g, mean, projected, spread: g + 0 * spread)),
    ),
}


def _spread(node: Node, g: Any) -> Any:
    return g if node.options["keepdims"] else np.expand_dims(g, node.options["axis"])
