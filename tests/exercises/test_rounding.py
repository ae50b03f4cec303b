import numpy as np
import pytest

from autograder.exercises import rounding
from autograder.exercises.probe_networks import suite
from backprop import all_deltas, g, g_prime, hidden_delta, layer_gradients
from benchmarks.running_error import given

SEEDS = [b"rounding %d" % i for i in range(8)]


@pytest.mark.parametrize("seed", SEEDS)
def test_float32_stays_within_its_bound_and_float64_within_a_tenth(seed):
    for net in suite(seed):
        net = net.wide
        if net.kink:
            continue
        single = [{l: np.float32(v) for l, v in d.items()} for d in (net.W, net.Z, net.A)]
        narrow = all_deltas(*single, np.float32(net.Y), net.hidden, net.output)
        exact = all_deltas(
            *[{l: v.astype(np.longdouble) for l, v in d.items()} for d in (net.W, net.Z, net.A)],
            net.Y.astype(np.longdouble),
            net.hidden,
            net.output,
        )
        for l, units in net.delta_units.items():
            assert np.all(np.abs(narrow[l] - exact[l]) <= rounding.ROUTES * rounding.U32 * units + 1e-37), (
                net.name
            )
            assert np.all(
                np.abs(net.delta[l] - exact[l]) <= rounding.ROUTES / 5 * rounding.U64 * units + 1e-290
            ), net.name


@pytest.mark.parametrize("seed", SEEDS[:3])
def test_bounds_are_no_looser_than_their_purpose(seed):
    """A millionth of the answer's size is far outside float64's bound."""
    for net in suite(seed):
        net = net.wide
        for l, delta in net.delta.items():
            dW, _ = layer_gradients(delta, net.A[l - 1])
            size = (np.abs(delta) @ np.abs(net.A[l - 1]).T / net.m).max()
            assert np.all(
                rounding.ROUTES * rounding.U64 * net.gradient_units[l][0] <= 1e-10 * max(size, dW.max(), 1)
            )


@pytest.mark.parametrize("seed", SEEDS)
def test_a_detour_leaves_less_than_its_bound_where_all_products_are_0(seed):
    """Behind units of ReLU that are off; in exact nets 1e-12 of the numbers involved is outside."""
    seen = 0
    for net in suite(seed):
        net = net.wide
        for l, delta in net.delta.items():
            a = net.A[l - 1]
            dW, units = net.gradients[l][0], net.gradient_units[l][0]
            mean_delta, mean_a = delta.mean(axis=1, keepdims=True), a.mean(axis=1, keepdims=True)
            detour = (delta - mean_delta) @ (a - mean_a).T / net.m + mean_delta @ mean_a.T
            bound = rounding.ROUTES * rounding.U64 * (units + net.dW_detours[l])
            assert np.all(np.abs(detour - dW) <= bound / 5 + 1e-290), net.name
            nothing = (np.abs(delta) @ np.abs(a).T == 0) & (detour != dW)
            seen += np.count_nonzero(nothing)
            if "exact" in net.tags and detour.any():
                assert np.all(bound <= 1e-12 * np.abs(delta).max() * np.abs(a).max())
    assert seen


def test_the_slope_of_a_saturated_unit_may_be_rounded_away():
    z = np.array([[40.0]])
    assert (
        rounding.ROUTES * rounding.U64 * rounding.slope("tanh", z, g_prime("tanh", z))[0, 0]
        > 1 - np.tanh(40.0) ** 2
    )


@pytest.mark.parametrize(("hidden", "slope"), [
    ("tanh", lambda z: 1 - np.tanh(z) ** 2),
    ("sigmoid", lambda z: g("sigmoid", z) * (1 - g("sigmoid", z))),
])  # fmt: skip
def test_a_bound_carried_through_one_formula_is_none_for_another_and_the_count_is_one_for_both(hidden, slope):
    """So the recipe's bounds are counted: a saturated unit, and a slope by the formula that cancels."""
    rng = np.random.default_rng(5)
    W, delta, z = rng.normal(size=(4, 3)), rng.normal(size=(4, 9)), rng.uniform(5, 12, (3, 9))
    carried = hidden_delta(given(W), given(delta), given(z), hidden)
    right = hidden_delta(W, delta, z, hidden)
    np.testing.assert_array_equal(carried.value, right)
    counted = rounding.hidden_delta(W, delta, np.abs(delta), z, hidden)
    narrow = [np.float32(x) for x in (W, delta, z)]
    ours = np.abs(hidden_delta(*narrow, hidden) - right) / rounding.U32
    cancels = np.abs((narrow[0].T @ narrow[1]) * slope(narrow[2]) - right) / rounding.U32
    assert np.all(ours <= carried.units)
    assert np.any(cancels > 100 * rounding.ROUTES * carried.units)
    assert np.all(cancels <= rounding.ROUTES * counted)
    with np.errstate(all="ignore"):
        far = 1 / (1 + np.exp(-given(np.array([-1000.0]))))
    assert np.isnan(far.units).all(), "and no bound goes through the formula that cancels"
