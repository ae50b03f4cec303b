"""What an entry's sentence and hint claims holds for every form of it: Step 3, networks, the penalty."""

import numpy as np
import pytest

import backprop as recipe
from autograder.misconceptions import CATALOGUE
from tests.misconceptions.test_claims_deltas import CLAIMS as OF_DELTAS
from tests.misconceptions.test_claims_deltas import (
    arrays,
    independent_of,
    step_or_net,
)
from tests.misconceptions.test_claims_forward import CLAIMS as OF_THE_WAY_FORWARD
from tests.misconceptions.test_claims_measured import CLAIMS as MEASURED
from tests.support.claims import claims_hold, forms_of, same
from tests.support.net_claims import two_layers

# ---- Step 3


def dW_db(told):
    return told.wrong if isinstance(told.wrong, tuple) else (told.wrong, None)


def columns_given(told):
    return told["delta"].shape[1] if "delta" in told.given else told["z"].shape[1]


def over_m_again(told):
    """Each layer's numbers are the right ones over m, once or several times."""
    m = told["Y"].shape[1]
    return all(
        any(same(m**k * w[l], r[l], 1e-6) for k in range(max(told["W"]) + 1))
        for w, r in zip(told.wrong, told.right, strict=True)
        for l in r
    )


def scaled_by(count):
    """Both results, or the loss, times count(m) are the right ones."""

    def claim(told):
        m = columns_given(told)
        if m == 1:
            return True
        pairs = zip(arrays(told.wrong), arrays(told.right), strict=True)
        return all(any(np.allclose(w * c, r, rtol=1e-9) for c in count(told, m)) for w, r in pairs)

    return claim


def size_for_m_in_each_layer(told):
    """Each layer's numbers, times a size of the network over m, are the right ones."""
    m, N = told["Y"].shape[1], max(told["W"])
    sizes = {N, *(n for W in told["W"].values() for n in W.shape)}
    return all(
        any(same(w[l] * n / m, r[l]) for n in sizes)
        for w, r in zip(told.wrong, told.right, strict=True)
        for l in r
    )


def of_no_deltas_mean(told, db):
    """Where δ is ½ for one example and 0 for the others, db should be ½ over m."""
    given = np.zeros(told["delta"].shape)
    given[:, 0] = 0.5
    return not same(told.again(delta=given)[1], np.full((len(given), 1), 0.5 / columns_given(told)))


def a_size_for_m(told, m):
    """size / m for some size of the arguments."""
    sizes = {n for value in told.given.values() for n in np.shape(value)}
    return [n / m for n in sizes]


def only_the(place):
    """No other example than this matters."""

    def claim(told):
        m = columns_given(told)
        others = [i for i in range(m) if i != place % m]
        changed = {
            name: moved(told[name], others)
            for name in ("delta", "a_prev", "z", "Y")
            if name in told.given and np.ndim(told[name]) == 2
        }
        return same(told.wrong, told.again(**changed))

    return claim


def moved(a, columns):
    changed = np.array(a, dtype=float)
    changed[:, columns] *= 1.5
    return changed


def one_unused(told):
    """The first or the last example may change and the answer stays; another may not."""
    m = columns_given(told)
    names = [name for name in ("delta", "a_prev", "z") if name in told.given]
    changes = [{name: moved(told[name], [i]) for name in names} for i in (0, m - 1)]
    return any(same(told.wrong, told.again(**change)) for change in changes)


def no_outer_product(told):
    """An entry of a doesn't move its whole column of dW and nothing else."""
    dW, right = told.wrong[0], told.right[0]
    if np.shape(dW) != right.shape or columns_given(told) < 2:
        return True
    a = np.array(told["a_prev"], dtype=float)
    a[0, 1] += 1
    moved_dW = told.again(a_prev=a)[0]
    changed = ~np.isclose(moved_dW, dW)
    column = np.zeros(changed.shape, dtype=bool)
    column[:, 0] = told["delta"][:, 1] != 0
    return not np.array_equal(changed, column) or 1 in right.shape


def of_means(told):
    dW = told.wrong[0]
    ones = (told["delta"].sum(axis=1, keepdims=True), told["a_prev"].sum(axis=1, keepdims=True))
    whole = ones[0] @ ones[1].T
    place = np.unravel_index(np.argmax(np.abs(whole)), whole.shape)
    return np.allclose(dW, whole * dW[place] / whole[place])


def axis_lost(told, db):
    """Not (n, 1), or the sums of one example's units."""
    by_example = told["delta"].sum(axis=0)
    sums = [by_example / k for k in (len(told["delta"]), columns_given(told), 1)]
    return db.shape != told.right[1].shape or any(same(db.ravel(), s) for s in sums)


def db_alone(claim):
    return lambda told: same(told.wrong[0], told.right[0]) and claim(told, np.asarray(told.wrong[1]))


def weights_in_dW(told):
    """In layer N, where the input is a[N-1]: dW is made of another array."""
    _, Z, A, N, delta = two_layers(told)
    m = told["Y"].shape[1]
    return any(same(told.wrong[0][N], delta[N] @ x.T / m) for x in (A[N], Z[N], Z.get(N - 1, A[0])))


def keys_short(told):
    answers = told.wrong if isinstance(told.wrong, tuple) else (told.wrong,)
    return all(1 not in a for a in answers)


def update_for_gradient(told):
    """What is off is W, or z, and a multiple of the gradient."""
    if told.exercise == "numerical_delta":
        step = told["z"] - told.wrong
        if not np.abs(told.right).max() > 1e-6:
            return np.allclose(step, 0, atol=1e-5)
        k = np.median(step / told.right)
        return np.allclose(step, k * told.right, rtol=1e-4, atol=1e-5)
    dW, right = told.wrong[0], told.right[0]
    steps = np.concatenate([(told["W"][l] - dW[l]).ravel() for l in dW])
    gradient = np.concatenate([right[l].ravel() for l in dW])
    k = float(steps @ gradient) / float(gradient @ gradient)
    return all(np.allclose(told["W"][l] - dW[l], k * right[l]) for l in dW)


# ---- the penalty


def beside_backprop(told):
    """What dW has besides the gradient of J, and db besides its own, by layer."""
    *net, _ = told.given.values()
    dW, db = recipe.backprop(*net)
    return {l: told.wrong[0][l] - dW[l] for l in dW}, {l: told.wrong[1][l] - db[l] for l in db}


def of_W_alone(told):
    """What is added to dW depends on W and λ and m, not on the targets; db is right."""
    added, in_db = beside_backprop(told)
    *net, _ = told.given.values()
    other = {"Y": 0.5 * told["Y"] + 0.1}
    again = told.again(**other)[0]
    net[3] = other["Y"]
    dW = recipe.backprop(*net)[0]
    return all(same(added[l], again[l] - dW[l], 1e-6) for l in dW) and not any(
        v.any() for v in in_db.values()
    )


def some_layers(told):
    added, _ = beside_backprop(told)
    lam = told["lam"]
    missing = [l for l in added if np.allclose(added[l], 0, atol=1e-12)]
    return missing and all(l in missing or np.allclose(added[l], lam * told["W"][l]) for l in added)


def only_db(told):
    return same(told.wrong[0], told.right[0]) and not same(told.wrong[1], told.right[1])


CLAIMS = {
    "K22": weights_in_dW,
    "K23": weights_in_dW,
    "K24": lambda told: same(told.wrong[0].T, told.right[0]),
    "K25": no_outer_product,
    "K26": scaled_by(lambda told, m: [1 / m]),
    "K27": step_or_net(scaled_by(lambda told, m: [m]), over_m_again),
    "K28": step_or_net(scaled_by(a_size_for_m), size_for_m_in_each_layer),
    "K29": only_the(-1),
    "K103": only_the(0),
    "K123": one_unused,
    "K30": of_means,
    "K31": db_alone(lambda told, db: db.shape == told["delta"].shape),
    "K32": db_alone(axis_lost),
    "K33": db_alone(lambda told, db: len(np.unique(db)) == 1),
    "K52": db_alone(of_no_deltas_mean),
    "K50": scaled_by(lambda told, m: [(m - 1) / m, max(m - 1, 1) / m]),
    "K51": scaled_by(lambda told, m: [len(told["delta"]), len(told["a_prev"])]),
    "K34": keys_short,
    "K36": update_for_gradient,
    "K104": independent_of("a_prev"),
    "K71": of_W_alone,
    "K107": some_layers,
    "K108": only_db,
    "K109": lambda told: same(told.wrong[1], told.right[1]) and not of_W_alone(told),
}


@pytest.mark.parametrize("code", CLAIMS)
def test_an_entrys_claims_hold_for_every_form_of_it(code):
    claims_hold(CATALOGUE[code], CLAIMS[code])


# Known by other means than a formula's numbers, or said at extremes: each has a test of its own.
BY_OTHER_MEANS = {
    "K9": "tests/misconceptions/test_claims_forward.py, at extremes",
    "K58": "tests/misconceptions/test_claims_forward.py, at extremes",
    "K35": "tests/judging/test_purity.py",
    "K37": "never said of an answer",
    "K120": "tests/diagnosis/test_arrangement.py",
    "K121": "tests/diagnosis/test_arrangement.py",
    "K122": "tests/diagnosis/test_arrangement.py",
    "K129": "tests/diagnosis/test_arrangement.py",
    "K125": "tests/exercises/test_checkers.py",
}


def test_every_entry_of_the_catalogue_has_its_claims_tested():
    claimed = [*CLAIMS, *OF_DELTAS, *OF_THE_WAY_FORWARD, *MEASURED, *BY_OTHER_MEANS]
    unclaimed = sorted({*CATALOGUE} - {*claimed})
    assert not unclaimed, "say in CLAIMS of the file of its step what its sentence claims of a wrong answer"
    assert sorted(claimed) == sorted(CATALOGUE)


def test_hundreds_of_forms_are_asked():
    assert sum(len(list(forms_of(entry))) for entry in CATALOGUE.values()) > 900
