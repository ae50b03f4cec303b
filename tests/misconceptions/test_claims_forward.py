"""What an entry's sentence and hint claim holds for every form of it: forward and losses."""

import numpy as np
import pytest

import backprop as recipe
from autograder.misconceptions import CATALOGUE
from tests.support.claims import calls, claims_hold, forms_of, same

SIGNS, SIZES = "the signs of W are lost", "the sizes of W are lost"


def alike(told, **other):
    """Is the answer the same with these arguments?"""
    return same(told.wrong, told.again(**other))


def with_row(a, place, by=0.5):
    changed = np.array(a, dtype=float)
    changed[place] += by
    return changed


def with_column(a, place, by=0.5):
    changed = np.array(a, dtype=float)
    changed[:, place] += by * np.arange(1, len(changed) + 1)
    return changed


def of_z(told):
    """Z, A and the number of layers of an answer to forward."""
    Z, A = told.wrong
    return Z, A, max(told["W"])


def Wa(told):
    return told["W"] @ told["a_prev"]


def first_layer(told):
    """The arguments of layer 1 and its z, whatever the exercise."""
    if told.exercise == "affine":
        return told["W"], told["a_prev"], told["b"], told.wrong
    return told["W"][1], told["X"], told["b"][1], told.wrong[0][1]


# ---- the affine map and the forward pass


def caused_by_b(told):
    """Without a bias the form is right, or gives 0 where it is multiplied."""
    without = told.again(b=0 * told["b"])
    shaped = without is not None and without.shape == told.right.shape
    return not shaped or same(without, Wa(told)) or not without.any()


def product_turned_round(told):
    """With W transposed it is right, or its answer is the transpose, or a stands left of W."""
    W, a, b = told["W"], told["a_prev"], told["b"]
    if told.wrong.shape != told.right.shape or 1 in W.shape:
        return True
    turned = told.again(W=W.T) if W.shape == W.T.shape else None
    mirrored = same(turned, told.right) or same(told.wrong.T, told.right)
    return mirrored or same(told.wrong, a @ W + b) or same(told.wrong, a.T @ W + b)


def no_sum_over_units(told):
    """Another number of one unit on the other side leaves some row as it was, or the shape is another."""
    if told.exercise == "forward":
        W, X, b, z = first_layer(told)
        after = [(told.again(X=with_row(X, j)) or [{1: z}])[0][1] for j in range(len(X))]
        right = W @ X + b
    else:
        told = told.part(1) if told.exercise == "residual_delta" else told
        name = {"affine": "a_prev", "residual_delta": "delta_a"}.get(told.exercise, "delta_next")
        units, z, right = told[name], told.wrong, told.right
        after = [told.again(**{name: with_row(units, k)}) for k in range(len(units))]
        if told.exercise == "residual_delta":
            # Less what goes along the shortcut.
            z = z - units
            after = [a - with_row(units, k) for k, a in enumerate(after)]
    # Of a single unit there is no sum.
    if np.shape(z) != right.shape or len(after) == 1:
        return True
    return any(same(a[i], z[i]) for a in after for i in range(len(z)))


def of_another_layer(told):
    """Z is right up to the first wrong a."""
    Z, A, N = of_z(told)
    X, W, b = told["X"], told["W"], told["b"]
    return same(A[0], X) and all(same(Z[l], W[l] @ A[l - 1] + b[l]) for l in range(1, N + 1))


def z_and_a_mixed(told):
    """Each layer is made of the z before it, or the hidden layers' z and a are the same."""
    Z, A, N = of_z(told)
    W, b = told["W"], told["b"]
    of_z_before = all(same(Z[l], W[l] @ Z[l - 1] + b[l]) for l in range(2, N + 1))
    return (N > 1 and of_z_before) or all(same(Z[l], A[l]) for l in range(1, max(N, 2)))


def bent_z(told):
    """The answer follows z alone: with W the identity, a = z and b = 0 it is the same."""
    z = Wa(told) + told["b"]
    return alike(told, W=np.eye(len(z)), a_prev=z, b=np.zeros((len(z), 1)))


def more_than_once(told):
    """Wa, or b, counts with a whole number above 1, and the other at least once."""
    W, a, b, _ = first_layer(told)
    shares = []
    for other, part in (({"b": 0 * b}, W @ a), ({"W": 0 * W}, np.broadcast_to(b, Wa(told).shape))):
        ratio = told.again(**other) / part
        shares.append(np.median(ratio))
        assert np.allclose(ratio, shares[-1])
    return min(shares) > 0.99 and max(shares) > 1.99 and np.allclose(shares, np.rint(shares))


def divided(told):
    """Z, or a, is the right one with a part of it over a size of the arguments."""
    if told.exercise == "forward":
        Z, A, N = of_z(told)
        m = told["X"].shape[1]
        a = {l: recipe.g(told["output"] if l == N else told["hidden"], Z[l]) for l in Z}
        return all(same(A[l], a[l]) or same(m * A[l], a[l]) for l in Z)
    W, a, b, z = first_layer(told)
    sizes = {a.shape[1], *W.shape} - {1}
    right = {"product": W @ a, "b": np.broadcast_to(b, z.shape)}
    both = [right["product"] / n + right["b"] / k for n in (1, *sizes) for k in (1, n, *sizes)]
    return any(same(z, r) for r in both)


def a_unit_unused(told):
    """Some unit on the other side may change and the answer stays."""
    if told.exercise == "affine":
        return any(alike(told, a_prev=with_row(told["a_prev"], j)) for j in range(len(told["a_prev"])))
    if told.exercise == "hidden_delta":
        d = told["delta_next"]
        return any(alike(told, delta_next=with_row(d, k)) for k in range(len(d)))
    back, d = told.part(1), told["delta_a"]
    passed = back.wrong - d
    return any(same(passed, back.again(delta_a=with_row(d, k)) - with_row(d, k)) for k in range(len(d)))


def signs_or_sizes_lost(told):
    """W with other signs, or twice as large, gives the same."""
    if told.exercise == "residual_delta":
        told = told.part(1)
        told_W = told["W"]
    else:
        told_W = told["W" if told.exercise == "affine" else "W_next"]
    name = "W_next" if told.exercise == "hidden_delta" else "W"
    flipped = np.where(np.arange(told_W.size).reshape(told_W.shape) % 2, -told_W, told_W)
    if alike(told, **{name: 2 * told_W}) or alike(told, **{name: flipped}):
        return True
    # max(W, 0) forgets the negative ones alone, a clip the large ones, W - mean what all have in common.
    others = (
        np.where(told_W < 0, 2 * told_W, told_W),
        np.where(np.abs(told_W) > 1, 2 * told_W, told_W),
        told_W + 1,
    )
    turned = told.again(**{name: -told_W})
    return any(alike(told, **{name: other}) for other in others) or same(turned, told.right)


def twice_g(told):
    if told.exercise in ("sigmoid", "softmax"):
        return same(told.wrong, getattr(recipe, told.exercise)(told.right))
    if told.exercise == "output_delta":
        a = recipe.g(told["output"], told["z"])
        return same(told.wrong, recipe.g(told["output"], a) - told["Y"])
    Z, A, N = of_z(told)
    names = [told["hidden"]] * (N - 1) + [told["output"]]
    g = [recipe.g(name, Z[l]) for l, name in enumerate(names, 1)]
    return all(same(A[l], g[l - 1]) or same(A[l], recipe.g(names[l - 1], g[l - 1])) for l in range(1, N + 1))


def input_changed(told):
    _, A, _ = of_z(told)
    return not np.allclose(A[0], told["X"], rtol=1e-9, atol=0)


def does_not_follow_its_inputs(told):
    """Without a bias, inputs times -1 or times 2 do not give z times -1 or 2."""
    alone = told.exercise == "affine"
    name = "a_prev" if alone else "X"
    b = 0 * told["b"] if alone else {l: 0 * b for l, b in told["b"].items()}
    inputs = np.random.default_rng(1).normal(size=told[name].shape)

    def z(factor):
        given = told.again(**{name: factor * inputs, "b": b})
        return given if alone else given[0][1]

    return not all(same(z(factor), factor * z(1)) for factor in (-1, 2))


def blind_to_who_belongs_to_whom(told):
    """With the inputs, or the δ that come in, in the other order the answer is the same."""
    if told.exercise == "residual_delta":
        delta_z, delta_a_prev = told.wrong
        turned = told["W"][::-1].sum(axis=0)[:, None] * delta_z[::-1].sum(axis=0)
        return same(delta_a_prev - told["delta_a"], turned)
    name = "a_prev" if told.exercise == "affine" else "delta_next"
    return same(told.again(**{name: told[name][::-1]}), told.wrong)


def some_biases_missing(told):
    Z, A, _ = of_z(told)
    W, b = told["W"], told["b"]
    return all(same(Z[l], W[l] @ A[l - 1]) or same(Z[l], W[l] @ A[l - 1] + b[l]) for l in Z)


def bias_after(told):
    Z, A, N = of_z(told)
    names = [told["hidden"]] * (N - 1) + [told["output"]]
    W, b = told["W"], told["b"]
    return all(same(A[l], recipe.g(names[l - 1], W[l] @ A[l - 1]) + b[l]) for l in Z)


def other_side(z):
    """The first column on the other side of 0, and of another size."""
    changed = np.array(z, dtype=float)
    changed[:, 0] = -10 * changed[:, 0] - 3
    return changed


def columns_depend(told):
    """A change of the first column moves another column, or there is but one column for all."""
    name = {"affine": "a_prev", "output_delta": "z", "hidden_delta": "delta_next"}[told.exercise]
    if told.given[name].shape[1] < 2:
        return True
    moved = told.again(**{name: with_column(told[name], 0)})
    by_z = told.again(z=other_side(told["z"])) if told.exercise == "hidden_delta" else moved
    return told.wrong.shape[1] == 1 or not (
        same(moved[:, 1:], told.wrong[:, 1:]) and same(by_z[:, 1:], told.wrong[:, 1:])
    )


# ---- sigmoid, softmax and their slopes


def mirrored(told):
    if told.exercise == "sigmoid":
        return same(told.wrong, 1 - told.right)
    if told.exercise == "output_delta":
        return same(told.wrong, recipe.sigmoid(-told["z"]) - told["Y"])
    Z, A, N = of_z(told)
    names = [told["hidden"]] * (N - 1) + [told["output"]]
    return all(
        same(A[l], recipe.g(name, Z[l])) or (name == "sigmoid" and same(A[l], recipe.sigmoid(-Z[l])))
        for l, name in enumerate(names, 1)
    )


def columns_of(told):
    """The numbers that should be a softmax's columns; None where the answer doesn't show them."""
    if told.exercise == "softmax":
        return told.wrong
    if told.exercise == "output_delta":
        return told.wrong + told["Y"] if told["output"] == "softmax" else None
    if told.exercise == "forward":
        return told.wrong[1][max(told["W"])] if told["output"] == "softmax" else None
    return None


def columns_off(told):
    """The columns don't sum to 1, but for a single one."""
    columns = columns_of(told)
    return columns is None or columns.shape[1] == 1 or not np.allclose(columns.sum(axis=0), 1)


def columns_shared(told):
    """The columns sum to 1, or hold nothing: what is wrong is the share of each."""
    columns = columns_of(told)
    if columns is None:
        return True
    sums = columns.sum(axis=0)
    return bool(np.all(np.isclose(sums, 1) | ~np.isfinite(sums) | (sums < 1e-6)))


def sigmoid_alone(told):
    return told.given.get("name", told.given.get("hidden")) == "sigmoid"


def tanh_alone(told):
    return told.given.get("name", told.given.get("hidden", "tanh")) == "tanh"


def lopsided(told):
    """It is no slope of sigmoid's, which is as steep at -z as at z."""
    return sigmoid_alone(told) and not np.isclose(slope_at(told, 1.0), slope_at(told, -1.0))


def slope_at(told, z):
    """The slope that the form takes at this one z."""
    if told.exercise == "g_prime":
        return told.again(z=np.full((1, 1), z)).item()
    one = np.ones((1, 1))
    names = ("W", "delta_a") if told.exercise == "residual_delta" else ("W_next", "delta_next")
    found = told.again(**dict.fromkeys(names, one), z=np.full((1, 1), z))
    return (found[0] if isinstance(found, tuple) else found).item()


def seen_in_a_drawing_of_tanh(told):
    """At one of the hint's places it is far from tanh's slope."""
    return tanh_alone(told) and any(
        abs(slope_at(told, z) - (1 - np.tanh(z) ** 2)) > 0.05 for z in (0.0, 0.5, -10.0)
    )


def seen_in_a_drawing_of_sigmoid(told):
    """At one of the hint's places it is far from sigmoid, and it treats all rows alike."""
    z = np.array([[0.0, 1.0, -1.0]])
    far = np.abs(told.again(z=z) - recipe.sigmoid(z)).max() > 0.02
    return far and alike_turned(told)


def alike_turned(told):
    """Rows in the other order give the same rows in the other order."""
    return same(told.again(z=told["z"][::-1]), told.wrong[::-1])


def zero_at_0(told):
    """z, or z - 1 in the exponent, multiplies: at 0 the slope vanishes."""
    return sigmoid_alone(told) and not told.again(z=np.zeros((2, 2))).any()


# ---- losses


def ratio(told):
    return told.wrong / told.right


def over_units_too(told):
    return np.isclose(ratio(told) * len(told["z"]), 1)


def loss_negative(told):
    return told.wrong < 0 <= told.right


def of_degree_1(told):
    """A distance: twice the residual, twice the loss."""
    twice = told.again(z=2 * told["z"], Y=2 * told["Y"])
    return told["output"] == "identity" and np.isclose(twice, 2 * told.wrong)


def another_base(told):
    return any(np.isclose(ratio(told) * np.log(base), 1) for base in (2, 10))


def units_apart(told):
    """Softmax's units are taken one by one: 1 more in a whole column, or a unit that is off, counts."""
    apart = not alike(told, z=told["z"] + 1) or abs(told.again(Y=0 * told["Y"])) > 1e-12
    return told["output"] == "softmax" and apart


def squared(told):
    f = told["z"], recipe.g(told["output"], told["z"])
    m = told["z"].shape[1]
    sums = [np.sum((a - told["Y"]) ** 2) / over / m for a in f for over in (1, 2)]
    return told["output"] != "identity" and any(np.isclose(told.wrong, s) for s in sums)


def halves_dont_fit(told):
    """Logits of the other sign with the other label, or 1 more for all of softmax's, change it."""
    if told["output"] == "sigmoid":
        return not alike(told, z=-told["z"], Y=1 - told["Y"])
    return told["output"] == "softmax" and not alike(told, z=told["z"] + 1)


def half_of_bce(told):
    """With all units on, or all off, nothing is left."""
    ones = np.ones(told["Y"].shape)
    gone = [told.again(Y=ones), told.again(Y=0 * ones)]
    return told["output"] == "sigmoid" and any(not np.any(np.abs(g) > 1e-12) for g in gone)


def soft_labels_forgotten(told):
    """A label of 0.3 and one of 0.35 are the same to it."""
    Y = np.array(told["Y"], dtype=float)
    soft = (np.rint(Y) != Y) & (np.abs(Y % 1 - 0.5) > 0.1)
    other = np.where(soft, Y + 1e-3, Y)
    return alike(told, Y=other)


CLAIMS = {
    "K38": zero_at_0,
    "K53": caused_by_b,
    "K54": product_turned_round,
    "K55": of_another_layer,
    "K56": z_and_a_mixed,
    "K57": mirrored,
    "K59": alike_turned,
    "K72": seen_in_a_drawing_of_sigmoid,
    "K73": no_sum_over_units,
    "K80": bent_z,
    "K81": more_than_once,
    "K82": divided,
    "K83": a_unit_unused,
    "K84": signs_or_sizes_lost,
    "K17": signs_or_sizes_lost,
    "K85": twice_g,
    "K86": input_changed,
    "K132": does_not_follow_its_inputs,
    "K133": blind_to_who_belongs_to_whom,
    "K127": lambda told: told["hidden"] == "relu" and of_another_layer(told),
    "K87": some_biases_missing,
    "K88": bias_after,
    "K89": columns_depend,
    "K8": columns_off,
    "K112": columns_shared,
    "K106": lopsided,
    "K47": seen_in_a_drawing_of_tanh,
    "K60": over_units_too,
    "K61": loss_negative,
    "K62": units_apart,
    "K63": another_base,
    "K64": of_degree_1,
    "K105": squared,
    "K128": halves_dont_fit,
    "K43": half_of_bce,
    "K102": soft_labels_forgotten,
}


@pytest.mark.parametrize("code", CLAIMS)
def test_an_entrys_claims_hold_for_every_form_of_it(code):
    claims_hold(CATALOGUE[code], CLAIMS[code])


@pytest.mark.parametrize("code", ["K58", "K9"])
def test_what_overflows_is_right_on_ordinary_numbers_and_has_no_number_far_out(code):
    for exercise, form in forms_of(CATALOGUE[code]):
        assert all(same(t.wrong, t.right, 1e-4) for t in calls(exercise, form)), exercise
        far = [t for t in calls(exercise, form, extreme=True) if t.differs]
        nothing = [t for t in far if not np.isfinite(np.asarray(t.wrong)).all()]
        capped = [t for t in far if code == "K9" and np.all(np.asarray(t.wrong) < np.asarray(t.right))]
        assert nothing or capped, exercise


def test_one_maximum_for_all_columns_is_right_until_a_column_is_left_with_zeros():
    one, guarded = CATALOGUE["K112"].formulas["softmax"][2:4]
    assert all(same(t.wrong, t.right) for form in (one, guarded) for t in calls("softmax", form))
    apart = np.array([[1000.0, -1000.0], [999.0, -1001.0]])
    with np.errstate(invalid="ignore"):
        assert np.isnan(one(apart)[:, 1]).all()
    assert not guarded(apart)[:, 1].any()
