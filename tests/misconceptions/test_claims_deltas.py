"""What an entry's sentence and hint claims holds for every form of it: Steps 1 to 3, and what is around."""

from itertools import product

import numpy as np
import pytest

import backprop as recipe
from autograder.misconceptions import CATALOGUE
from tests.support.claims import any_of, claims_hold, same
from tests.support.net_claims import (
    as_well_where_steep,
    by_stepped_weights,
    last_layer_shrunk,
    layer_below_top,
    slope_elsewhere,
)


def outcome(told):
    """δ where the answer is one array, δ_z of a residual layer."""
    return told.wrong[0] if isinstance(told.wrong, tuple) else told.wrong


def expected(told):
    return told.right[0] if isinstance(told.right, tuple) else told.right


def yhat(told):
    return recipe.g(told["output"], told["z"])


def back(told):
    """What comes back through the weights: Wᵀδ, or δ_a of a residual layer."""
    return told["delta_a"] if told.exercise == "residual_delta" else told["W_next"].T @ told["delta_next"]


def name_of(told):
    return told.given.get("hidden", told.given.get("name", "tanh"))


def slope_is(slope):
    """The claim that slope(name, z) stands where g'(z) should."""

    def claim(told):
        name, z = name_of(told), told.given.get("z")
        with np.errstate(all="ignore"):
            wrong = slope(name, z)
        if told.exercise == "g_prime":
            return same(told.wrong, wrong)
        return same(outcome(told), back(told) * wrong, 1e-6)

    return claim


def step_or_net(step, net):
    """One claim where the step stands alone, another in a whole network."""
    return lambda told: net(told) if told.exercise == "backprop" else step(told)


# ---- Step 1


def slope_in_yhat(told):
    """It is how a cross entropy changes with ŷ, by the complex step, but for ½ and a small epsilon."""
    Y, a = told["Y"], yhat(told)
    if not a.all():
        return told["output"] == "identity"
    entropies = (
        lambda p: -Y * np.log(p * np.sign(a)),
        lambda p: -Y * np.log(p * np.sign(a)) - (1 - Y) * np.log((1 - p) * np.sign(1 - a)),
    )
    found = [np.imag(L(a + 1e-30j)) / 1e-30 for L in entropies]
    # An epsilon of 1e-7 shows below.
    seen = (np.abs(a) > 1e-5) & (np.abs(1 - a) > 1e-5)
    return any(np.allclose(told.wrong[seen], f[seen] * k, rtol=2e-2) for f in found for k in (1, 0.5))


def diagonal_alone(told):
    """Each ŷ_j's slope in its own logit alone, by the complex step."""
    z, Y = told["z"], told["Y"]
    own = np.zeros(z.shape)
    for j, i in np.ndindex(z.shape):
        moved = z[:, i].astype(complex)
        moved[j] += 1e-30j
        e = np.exp(moved - z[:, i].max())
        own[j, i] = np.imag((e / e.sum())[j]) / 1e-30
    return same(told.wrong, -Y / yhat(told) * own)


def wrong_classes_silent(told):
    """With labels of 0 and 1 the wrong classes get nothing."""
    one_hot = np.eye(len(told["Y"]))[:, np.argmax(told["Y"], axis=0)]
    return told["output"] == "softmax" and not told.again(Y=one_hot)[one_hot == 0].any()


def another_slope(told):
    """ŷ - y times numbers from 0 to 1, or through softmax's Jacobian."""
    a, delta = yhat(told), yhat(told) - told["Y"]
    through = a * (delta - np.sum(a * delta, axis=0))
    with np.errstate(all="ignore"):
        share = np.where(delta == 0, 0, told.wrong / delta)
    if told["output"] == "identity":
        # a(1 - a) of a that is no probability.
        return same(told.wrong, delta * a * (1 - a)) or bool(((share >= 0) & (share <= 1)).all())
    return same(told.wrong, through) or bool(((share >= 0) & (share <= 1)).all())


def factor(*values):
    """Each number is the right one times one of these."""

    def claim(told):
        wrong, right = outcome(told), expected(told)
        parts = [(wrong[l], right[l]) for l in right] if isinstance(right, dict) else [(wrong, right)]
        return all(
            bool(np.any([np.isclose(w, v * r, rtol=1e-8, atol=1e-12) for v in values], axis=0).all())
            for w, r in parts
        )

    return claim


def classes_for_probabilities(told):
    """Surer logits of the same order change nothing."""
    return same(told.wrong, told.again(z=1.5 * told["z"]))


def right_for_the_other_label(told):
    """With 1 - y handed in it is right."""
    return same(told.again(Y=1 - told["Y"]), told.right)


def not_both_compared(told):
    """Another target or other logits change nothing, or a target that is larger makes more."""
    more = told.again(Y=told["Y"] + 0.1)
    return (
        same(told.wrong, more)
        or same(told.wrong, told.again(z=told["z"] / 2))
        or bool(((more - told.wrong) * np.sign(told["z"]) >= -1e-12).all() or (more >= told.wrong).all())
    )


def rounded(told):
    return same(told.wrong + told["Y"], np.rint(told.wrong + told["Y"]))


def over_examples(told):
    return same(outcome(told) * told["z"].shape[1], expected(told))


def over_layer_units(told):
    wrong = outcome(told)
    return same(wrong * len(wrong), expected(told))


def other_output(told):
    z = told["z" if "z" in told.given else "X"]
    if told.exercise == "forward":
        N = max(told["W"])
        Z, A = told.wrong
        return same(A[N], recipe.sigmoid(Z[N])) and told["output"] == "softmax"
    names = {"softmax": "sigmoid", "sigmoid": "softmax"}
    if told.exercise in names:
        over_all = recipe.softmax(z.reshape(-1, 1)).reshape(z.shape)
        return same(told.wrong, recipe.g(names[told.exercise], z)) or same(told.wrong, over_all)
    return same(told.wrong, recipe.g(names[told["output"]], z) - told["Y"])


def half_entropy(told):
    if told.exercise == "loss":
        return told["output"] == "sigmoid"
    nothing = [told.again(Y=np.full(told["Y"].shape, y)) for y in (0.0, 1.0)]
    return told["output"] == "sigmoid" and any(not n.any() for n in nothing)


def never_negative(told):
    return bool((told.wrong >= 0).all())


def within_and_beyond(told):
    near = np.abs(told["z"] - told["Y"]) <= told["kappa"]
    off = ~np.isclose(told.wrong, told.right, rtol=1e-9, atol=1e-12)
    return off[near].any(), off[~near].any()


# ---- Step 2


def untransposed(told):
    """With W's transpose handed in it is right: on square weights the two can be compared."""
    if told.exercise == "residual_delta":
        return same(told.wrong, told.again()) and same(told.wrong[0], told.right[0])
    W, turned = told["W_next"], told.again(W_next=told["W_next"].T)
    return W.shape != W.T.shape or same(turned, told.right)


def mixes(told):
    """A slope of one unit and example moves another entry, or the shape is another."""
    wrong, right = outcome(told), expected(told)
    if wrong.shape != right.shape or 1 in right.shape:
        return True
    for place in np.ndindex(right.shape):
        z = np.array(told["z"], dtype=float)
        z[place] += 0.5
        moved = told.again(z=z)
        moved = moved[0] if isinstance(moved, tuple) else moved
        changed = ~np.isclose(moved, wrong)
        changed[place] = False
        if changed.any():
            return True
    return False


def by_sign_of_delta(told):
    """Where all units are on, some blame is lost, or its size is."""
    on = told.again(z=np.abs(told["z"]) + 1)
    return told["hidden"] == "relu" and not same(on, back(told))


def divided_by_slope(told):
    """Times the slope it is what came back, wherever the slope is no rounding."""
    slope = recipe.g_prime(name_of(told), told["z"])
    steep = slope > 1e-3
    return np.allclose((outcome(told) * slope)[steep], back(told)[steep], rtol=1e-3)


def at_what_comes_back(told):
    slope = recipe.g_prime(told["hidden"], back(told))
    return told["hidden"] != "relu" and same(told.wrong, back(told) * slope)


def inside(told):
    slope = recipe.g_prime(told["hidden"], told["z"])
    return same(told.wrong, told["W_next"].T @ (told["delta_next"] * slope))


def independent_of(name):
    """Other numbers there change nothing."""

    def claim(told):
        argument = {"W": "W", "delta": "delta"}.get(name, name)
        if told.exercise == "residual_delta":
            argument = {"W_next": "W", "delta_next": "delta_a", "delta": "delta_a"}[name]
            one, other = told.wrong, told.again(**{argument: 2 * told[argument]})
            # δ_a goes along the shortcut as well, and W has no part in δ_z.
            rest = told["delta_a"] if argument == "delta_a" else 0
            return (same(one[0], other[0]) and same(one[1] - rest, other[1] - 2 * rest)) or same(
                one[1] - rest, other[1] - 2 * rest
            )
        if told.exercise == "layer_gradients":
            told = told.part(0)
            argument = "delta" if name == "delta_next" else name
        return same(told.wrong, told.again(**{argument: 2 * told[argument]}))

    return claim


def sum_or_difference(told):
    slope = recipe.g_prime(name_of(told), told["z"])
    gap = outcome(told) - back(told)
    return same(gap, slope) or same(gap, -slope)


def reshaped(told):
    """Read in the order of its numbers: the reshaped matrix gives what the transpose should."""
    if told.exercise == "affine":
        W, a, b = told["W"], told["a_prev"], told["b"]
        return same(told.wrong, W.reshape(W.shape[::-1]).T @ a + b)
    if told.exercise == "layer_gradients":
        d, a = told["delta"], told["a_prev"]
        m = d.shape[1]
        return same(told.wrong[0], d @ a.reshape(a.shape[::-1]) / m) or same(
            told.wrong[0].ravel(), (a @ d.T / m).ravel()
        )
    W, d = told["W_next"], told["delta_next"]
    slope = recipe.g_prime(told["hidden"], told["z"])
    return same(told.wrong, W.reshape(W.shape[::-1]) @ d * slope) or same(
        told.wrong, (d.T @ W).ravel().reshape(told.right.shape) * slope
    )


def one_column_of_slopes(told):
    """What multiplies the blame is the same for all examples."""
    slopes = outcome(told) / back(told)
    return np.allclose(slopes, slopes[:, :1], rtol=1e-6)


def nearly_the_slope(told):
    """It is off by little, but where z is as near to ReLU's kink as a step is long."""
    near = (name_of(told) == "relu") & (np.abs(told["z"]) < 0.02)
    gap = np.where(near, 0, outcome(told) - expected(told))
    return np.abs(gap).max() < 0.02 * np.abs(expected(told)).max()


def inverted(told):
    """W takes what came back to δ again, where it has an inverse on that side."""
    if told.exercise == "residual_delta":
        W, d = told["W"], told.wrong[0]
        return same(W @ (told.wrong[1] - told["delta_a"]), d, 1e-6)
    W, d = told["W_next"], told["delta_next"]
    slope = recipe.g_prime(told["hidden"], told["z"])
    if len(W) > len(W.T) or (np.abs(slope) < 1e-6).any():
        return True
    return same(W @ (told.wrong / slope), d, 1e-6)


def cut_off(told):
    for wrong, right in zip(arrays(told.wrong), arrays(told.right), strict=True):
        cap = np.abs(wrong).max()
        if not same(wrong, np.clip(right, -cap, cap)):
            return False
    return True


def arrays(value):
    return value if isinstance(value, tuple) else (value,)


def sign_forgotten(told):
    """The other sign of δ gives the same, or nothing is below 0."""
    names = [n for n in ("delta_next", "delta", "delta_a") if n in told.given]
    flipped = {n: -told[n] for n in names}
    other = told.again(**flipped) if flipped else None
    if told.exercise == "residual_delta":
        return same(told.wrong[0], other[0]) or bool((told.wrong[1] >= 0).all())
    if told.exercise == "layer_gradients" and same(told.wrong[1], told.right[1]):
        return bool((told.wrong[0] >= 0).all())
    return same(told.wrong, other) or all(bool((w >= 0).all()) for w in arrays(told.wrong))


def a_factor_too_many(told):
    """It is the right number times z, a or y."""
    factors = [told["z"], recipe.g(told.given.get("output") or name_of(told), told["z"])]
    factors += [told["Y"]] if "Y" in told.given else []
    return any(same(outcome(told), expected(told) * factor) for factor in factors)


def not_held(told):
    """One residual that grows is not followed to κ, nor stopped there, for any of the others."""
    t = np.linspace(-3, 3, 25) * told["kappa"]
    for others, place in product((told["z"], told["Y"]), np.ndindex(told["z"].shape)):
        for value in t:
            z = np.array(others, dtype=float)
            z[place] = told["Y"][place] + value
            if not np.isclose(told.again(z=z)[place], np.clip(value, -told["kappa"], told["kappa"])):
                return True
    return False


def rounded_corners(told):
    """Below κ at a residual of κ, and no straight line up to there."""
    kappa, Y = told["kappa"], told["Y"]
    half, whole = (told.again(z=Y + part * kappa) for part in (0.5, 1.0))
    return np.all(np.abs(whole) < kappa) and not same(2 * half, whole)


def residual_forms_bend_a_path(told):
    """δ_z is not through tanh alone, or δ_a_prev not Wᵀδ_z and δ_a added up."""
    delta_z, delta_a_prev = told.wrong
    slope = 1 - np.tanh(told["z"]) ** 2
    through = same(delta_z, told["delta_a"] * slope)
    return not through or not same(delta_a_prev, told["W"].T @ delta_z + told["delta_a"])


def wrong_on_a_side_of_0(told):
    """ReLU's, and with all z a little above 0, far above, or below, it is not 1 or not 0 there."""
    size = np.abs(told["z"]) + 1
    through = 1 if told.exercise == "g_prime" else back(told)
    sides = ((size / (2 * size.max()), 1), (size, 1), (-size, 0))
    return name_of(told) == "relu" and any(
        not same(told.again(z=z), np.zeros(z.shape) + slope * through) for z, slope in sides
    )


CLAIMS = {
    "K1": slope_in_yhat,
    "K2": diagonal_alone,
    "K3": wrong_classes_silent,
    "K4": step_or_net(another_slope, last_layer_shrunk),
    "K5": factor(-1),
    "K6": factor(1, 2, 0.5),
    "K7": classes_for_probabilities,
    "K119": rounded,
    "K10": untransposed,
    "K11": layer_below_top(lambda W, Z, A, N, d, hidden: (W[N - 1].T @ d) * recipe.g_prime(hidden, Z[N - 1])),
    "K12": slope_is(lambda name, z: recipe.g_prime(name, recipe.g(name, z))),
    "K13": step_or_net(slope_is(lambda name, z: np.ones(z.shape)), as_well_where_steep),
    "K14": slope_is(lambda name, z: recipe.g(name, z)),
    "K15": slope_elsewhere,
    "K16": mixes,
    "K18": step_or_net(
        slope_is(lambda name, z: recipe.g_prime(name, z) ** 2),
        any_of(
            layer_below_top(
                lambda W, Z, A, N, d, hidden: (
                    (W[N].T @ (d * recipe.g_prime(hidden, Z[N]))) * recipe.g_prime(hidden, Z[N - 1])
                )
            ),
            layer_below_top(
                lambda W, Z, A, N, d, hidden: (W[N].T @ d) * recipe.g_prime(hidden, Z[N - 1]) ** 2
            ),
        ),
    ),
    "K19": any_of(
        slope_is(lambda name, z: recipe.g(name, z) * (1 - recipe.g(name, z))),
        slope_is(lambda name, z: recipe.sigmoid(z) * (1 - recipe.sigmoid(z))),
    ),
    "K20": by_stepped_weights,
    "K21": by_sign_of_delta,
    "K39": over_examples,
    "K116": over_layer_units,
    "K40": lambda told: same(told.wrong, told["z"] - told["Y"]),
    "K41": other_output,
    "K42": lambda told: within_and_beyond(told) == (False, True),
    "K114": lambda told: within_and_beyond(told) == (True, False),
    "K115": not_held,
    "K134": rounded_corners,
    "K44": slope_is(lambda name, z: {"sigmoid": z * (1 - z), "tanh": 1 - z * z, "relu": (z > 0) * 1.0}[name]),
    "K45": any_of(
        slope_is(lambda name, z: 1 - recipe.g(name, z) ** 2), slope_is(lambda name, z: 1 - np.tanh(z) ** 2)
    ),
    "K46": wrong_on_a_side_of_0,
    "K48": residual_forms_bend_a_path,
    "K49": inside,
    "K90": a_factor_too_many,
    "K91": slope_is(lambda name, z: z),
    "K92": independent_of("delta_next"),
    "K93": independent_of("W_next"),
    "K94": sum_or_difference,
    "K95": reshaped,
    "K96": cut_off,
    "K97": sign_forgotten,
    "K98": divided_by_slope,
    "K99": slope_is(lambda name, z: (z > 0) * 1.0),
    "K100": not_both_compared,
    "K101": never_negative,
    "K126": right_for_the_other_label,
    "K113": at_what_comes_back,
    "K130": one_column_of_slopes,
    "K131": nearly_the_slope,
    "K124": inverted,
}


@pytest.mark.parametrize("code", CLAIMS)
def test_an_entrys_claims_hold_for_every_form_of_it(code):
    claims_hold(CATALOGUE[code], CLAIMS[code])
