"""gradient_check: wrong checkers are seen, right ones earn the same by every seed."""

import numpy as np
import pytest

import backprop as recipe
from autograder.diagnosis.assess import assess
from autograder.exercises import EXERCISES
from autograder.misconceptions import CATALOGUE
from autograder.sandbox.calls import LocalCaller
from tests.support.seeded import SEEDS, flawless, fraction


def forward_difference(loss_of_z, z, h):
    out = np.zeros(z.shape)
    for i in np.ndindex(z.shape):
        e = np.zeros(z.shape)
        e[i] = h
        out[i] = (loss_of_z(z + e) - loss_of_z(z)) / h
    return out


def checker(numeric=recipe.central_difference, error=None, verdict=None, guard=True):
    def gradient_check(f, theta, grad, h):
        if guard and grad.shape != theta.shape:
            return False, np.zeros(theta.shape)
        n = numeric(f, theta, h)
        size = np.abs(n) + np.abs(grad)
        errors = np.abs(n - grad) / np.maximum(1e-8, size) if error is None else error(n, grad)
        return (bool(np.all(errors < 1e-6)) if verdict is None else bool(verdict(n, grad, errors))), errors

    return gradient_check


WRONG_CHECKERS = {
    "always": checker(verdict=lambda n, g, e: True),
    "never": checker(verdict=lambda n, g, e: False),
    "nan passes": checker(verdict=lambda n, g, e: not (e > 1e-6).any()),
    "mean of errors": checker(verdict=lambda n, g, e: e.mean() < 1e-5),
    "norms": checker(
        verdict=lambda n, g, e: np.linalg.norm(n - g) < 1e-7 * np.linalg.norm(n) + np.linalg.norm(g) * 1e-7
    ),
    "absolute": checker(verdict=lambda n, g, e: np.abs(n - g).max() < 1e-4),
    "too lax": checker(verdict=lambda n, g, e: (e < 1e-3).all()),
    "too strict": checker(verdict=lambda n, g, e: (e < 1e-15).all()),
    "forward differences": checker(numeric=forward_difference, verdict=lambda n, g, e: (e < 1e-4).all()),
    "no floor": checker(error=lambda n, g: np.abs(n - g) / (np.abs(n) + np.abs(g))),
    "another formula": checker(
        error=lambda n, g: np.abs(n - g) / np.maximum(np.maximum(np.abs(n), np.abs(g)), 1e-8)
    ),
    "signed": checker(error=lambda n, g: (n - g) / np.maximum(1e-8, np.abs(n) + np.abs(g))),
    "broadcasts": checker(guard=False),
    "one number": checker(error=lambda n, g: np.max(np.abs(n - g) / np.maximum(1e-8, np.abs(n) + np.abs(g)))),
}


@pytest.mark.parametrize("name", sorted(WRONG_CHECKERS))
def test_a_wrong_checker_is_seen(name):
    for seed in SEEDS[:5]:
        assert not flawless("gradient_check", WRONG_CHECKERS[name], seed)


def differences(up, down, tolerance):
    """gradient_check by (f(theta + up h) - f(theta - down h)) / ((up + down) h)."""

    def gradient_check(f, theta, grad, h):
        if np.shape(grad) != theta.shape:
            return False, np.full(theta.shape, np.inf)
        numeric = np.zeros(theta.shape)
        for i in np.ndindex(theta.shape):
            step = np.zeros(theta.shape)
            step[i] = h
            numeric[i] = (f(theta + up * step) - f(theta - down * step)) / ((up + down) * h)
        errors = np.abs(numeric - grad) / np.maximum(1e-8, np.abs(numeric) + np.abs(grad))
        return bool(np.all(errors < tolerance)), errors

    return gradient_check


def allowing(fixed, share, units):
    """gradient_check that allows a gap of fixed + share of the size + units of what rounding may do."""

    def gradient_check(f, theta, grad, h):
        if np.shape(grad) != theta.shape:
            return False, np.full(theta.shape, np.inf)
        n = recipe.central_difference(f, theta, h)
        gap, size = np.abs(n - grad), np.abs(n) + np.abs(grad)
        rounding = np.finfo(float).eps * abs(f(theta)) / h
        return bool(np.all(gap <= fixed + share * size + units * rounding)), gap / np.maximum(1e-8, size)

    return gradient_check


@pytest.mark.parametrize(
    ("fixed", "share", "units", "expected"),
    [
        # A threshold on the gap itself is too small for slopes of 1000, or too wide for slopes of 1e-3.
        (1e-9, 0, 16, 0.55),
        (1e-7, 0, 16, 0.1),
        (1e-5, 0, 0, 0.1),
        (1e-4, 0, 16, 0.55),
        # No room for rounding; a little of a fixed size, as np.allclose has; more than small slopes allow.
        (0, 1e-5, 0, 0.8875),
        (1e-9, 1e-5, 0, 1),
        (1e-8, 1e-5, 0, 1),
        (1e-7, 1e-5, 0, 0.55),
        # Too wide and too small a share; more room than rounding may need.
        (0, 1e-4, 16, 0.55),
        (0, 1e-9, 16, 0.55),
        (0, 1e-5, 1024, 0.55),
        (0, 1e-7, 1, 1),
        (0, 4e-5, 64, 1),
    ],
)
def test_a_threshold_of_any_size_earns_the_same_by_every_seed(fixed, share, units, expected):
    found = {fraction("gradient_check", allowing(fixed, share, units), seed) for seed in SEEDS[:5]}
    assert {round(each, 9) for each in found} == {expected}


def test_a_threshold_on_sums_earns_the_same_by_every_seed():
    sums = checker(verdict=lambda n, g, e: abs(np.sum(n) - np.sum(g)) < 1e-5)
    assert {fraction("gradient_check", sums, seed) for seed in SEEDS[:8]} == {0.1}


@pytest.mark.parametrize("form", [1, 2])
def test_an_entry_left_moved_is_named_by_every_seed(form):
    left = CATALOGUE["K118"].forms("gradient_check")[form]
    for seed in SEEDS[:6]:
        verdict = assess(EXERCISES["gradient_check"], LocalCaller(left, "gradient_check"), seed)
        assert (verdict.fraction, verdict.codes, verdict.pattern) == (0.45, ("K118",), None)


@pytest.mark.parametrize("tolerance", [3e-5, 1e-5, 5e-6, 1e-7])
@pytest.mark.parametrize("up", [0, 1])
def test_one_sided_differences_earn_the_same_by_every_seed_and_threshold(up, tolerance):
    one_sided = differences(up, 1 - up, tolerance)
    assert {fraction("gradient_check", one_sided, seed) for seed in SEEDS} == {0.45}
    assert fraction("gradient_check", differences(1, 1, tolerance), SEEDS[0]) == pytest.approx(0.8875)


@pytest.mark.parametrize("tolerance", [1e-5, 1e-7])
def test_no_room_for_rounding_where_the_slope_is_0_keeps_three_quarters_of_accepting(tolerance):
    """The statement says that ok must allow for it: "the hard part"."""
    for seed in SEEDS:
        verdict = assess(
            EXERCISES["gradient_check"], LocalCaller(differences(1, 1, tolerance), "gradient_check"), seed
        )
        assert verdict.fraction == pytest.approx(0.1 + 0.45 + 0.45 * 0.75)
        assert (verdict.codes, verdict.pattern) == (("K125",), None)
        right = assess(
            EXERCISES["gradient_check"],
            LocalCaller(EXERCISES["gradient_check"].reference, "gradient_check"),
            seed,
        )
        assert (right.fraction, right.notes) == (1, ())


@pytest.mark.parametrize(
    ("allowed", "right"),
    [
        ("abs(f(theta)) / h", True),
        ("f(theta) / h", False),
        ("f(up) / h", False),
        ("abs(f(theta)) / theta", False),
        ("abs(f(theta)) / up", False),
        ("abs(f(0.0)) / h", False),
    ],
)
def test_an_allowance_for_rounding_that_may_be_negative_or_of_another_f_is_seen(allowed, right):
    def gradient_check(f, theta, grad, h):
        numeric = np.zeros(theta.shape)
        if np.shape(grad) != theta.shape:
            return False, np.full(theta.shape, np.inf)
        for i in np.ndindex(theta.shape):
            up, down = theta.copy(), theta.copy()
            up[i] += h
            down[i] -= h
            numeric[i] = (f(up) - f(down)) / (2 * h)
        gap, size = np.abs(numeric - grad), np.abs(numeric) + np.abs(grad)
        rounding = 16 * 2.0**-53 * eval(allowed, {}, {"f": f, "theta": theta, "up": up, "h": h})
        return bool(np.all(gap <= 1e-5 * size + rounding)), gap / np.maximum(1e-8, size)

    for seed in range(8):
        verdict = assess(EXERCISES["gradient_check"], LocalCaller(gradient_check), b"%d" % seed)
        assert (verdict.fraction == 1) == right
