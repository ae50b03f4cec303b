"""What only some probes show: sizes, edges, whole numbers, blanks."""

import numpy as np
import pytest

import backprop as recipe
from autograder.diagnosis.assess import assess
from autograder.diagnosis.localisation import LARGE
from autograder.exercises import EXERCISES
from autograder.sandbox.calls import LocalCaller
from tests.support.judged import SEED, failed, judged


@pytest.mark.parametrize("edge", [-16, -18, -25])
def test_a_sigmoid_cut_off_early_is_seen(edge):
    verdict = judged("sigmoid", lambda z: np.where(z < edge, 0.0, recipe.sigmoid(z)))
    assert "values: large |z|" in failed(verdict)


@pytest.mark.parametrize("id", ["layer_gradients", "hidden_delta", "all_deltas", "backprop"])
def test_two_examples_are_asked_for(id):
    def wrong(*args):
        last = [a for a in args if isinstance(a, (np.ndarray, dict))][-1]
        z = last if isinstance(last, np.ndarray) else last[max(last)]
        answer = EXERCISES[id].reference(*args)
        return answer if z.shape[1] != 2 else _doubled(answer)

    assert judged(id, wrong).fraction < 1


def _doubled(answer):
    if isinstance(answer, dict):
        return {key: _doubled(value) for key, value in answer.items()}
    return tuple(map(_doubled, answer)) if isinstance(answer, tuple) else 2 * answer


def residual_delta(W, z, delta_a):
    delta_z = delta_a * (1 - np.tanh(z) ** 2)
    return delta_z, W.T @ delta_z + delta_a


def l2_backprop(W, Z, A, Y, hidden, output, lam):
    dW, db = recipe.backprop(W, Z, A, Y, hidden, output)
    return {l: dW[l] + lam * W[l] for l in dW}, db


def product_messages(A, b, C_bar):
    return C_bar * b, np.sum(C_bar * A, axis=1, keepdims=True)


RIGHT = {id: e.reference for id, e in EXERCISES.items() if e.reference} | {
    "product_messages": product_messages,
    "residual_delta": residual_delta,
    "l2_backprop": l2_backprop,
    "huber_output_delta": lambda z, Y, kappa: np.clip(z - Y, -kappa, kappa),
}


def width(args):
    return max(
        n for a in args for x in (a.values() if isinstance(a, dict) else [a]) for n in np.shape(x) or [0]
    )


def depth(args):
    return max((len(a) for a in args if isinstance(a, dict)), default=0)


@pytest.mark.parametrize("id", list(RIGHT))
@pytest.mark.parametrize(("size", "most"), [(width, 8), (depth, 6)])
def test_what_is_right_only_up_to_some_size_is_seen(id, size, most):
    if size is depth and not any(isinstance(a, dict) for a in EXERCISES[id].probes(SEED)[0].args):
        assert id not in ("forward", "all_deltas", "backprop", "l2_backprop")
        return

    def capped(*args):
        answer = RIGHT[id](*args)
        return _doubled(answer) if size(args) > most else answer

    if id == "gradient_check":

        def capped(f, theta, grad, h):
            ok, errors = RIGHT[id](f, theta, grad, h)
            return theta.size <= 12 and ok, errors

    verdict = judged(id, capped)
    assert verdict.fraction < 1
    assert (verdict.pattern or "").startswith(LARGE) or id == "gradient_check"


@pytest.mark.parametrize("nothing", [0.0, np.nan])
@pytest.mark.parametrize("blank", ["sigmoid", "softmax"])
def test_zeros_or_nan_are_no_pair_of_mistakes(blank, nothing):
    """Probabilities rounded to 0 and 1 and then multiplied by a (1 - a) give zeros too."""

    def output_delta(output, z, Y):
        return np.full_like(z, nothing) if output == blank else recipe.output_delta(output, z, Y)

    found = assess(EXERCISES["output_delta"], LocalCaller(output_delta, "output_delta"), b"blank")
    assert 0 < found.fraction < 1
    assert found.codes == ()
    assert found.pattern.startswith(f"Right except with {blank}.")


@pytest.mark.parametrize("seed", [b"%d" % i for i in range(12)])
def test_no_whole_numbers_hide_a_mistake_by_chance(seed):
    def softmax(z):
        shift = z.max(axis=1, keepdims=True)
        return np.exp(z - shift) / np.exp(z - shift).sum(axis=0, keepdims=True)

    def g_prime(name, z):
        return np.maximum(z, 0) if name == "relu" else recipe.g_prime(name, z)

    assert "values: ordinary z" in failed(judged("softmax", softmax, seed))
    assert "values: relu, ordinary z" in failed(judged("g_prime", g_prime, seed))
