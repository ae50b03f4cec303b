import numpy as np
import pytest

from autograder.course.own_exercises import AuthoringError, load
from autograder.diagnosis.assess import assess
from autograder.exercises.expected import expected_of, leaves_of
from autograder.exercises.from_forward import traced_exercise
from autograder.forward import softmax
from autograder.sandbox.calls import LocalCaller
from benchmarks.corpus.layers import LAYERS
from benchmarks.derived import answer, exercise_of, spoilt

SEED = b"forward"


def layer_norm(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    centred = x - mean
    var = (centred**2).mean(axis=-1, keepdims=True)
    norm = centred / np.sqrt(var + eps)
    return norm * gamma + beta


def layer_norm_backward(dout, x, gamma, beta, mean=1.0, var=1.0):
    centred = x - x.mean(-1, keepdims=True)
    scale = np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5)
    norm = centred / scale
    d = dout * gamma
    dx = (d - mean * d.mean(-1, keepdims=True) - var * norm * (d * norm).mean(-1, keepdims=True)) / scale
    return dx, (dout * norm).sum(0), dout.sum(0)


def staged(dout, x, gamma, beta):
    """The same gradient line by line, example by example, in float64."""
    dx, dgamma, dbeta = np.zeros_like(x), np.zeros_like(gamma), np.zeros_like(beta)
    for i in range(len(x)):
        d = x.shape[1]
        centred = x[i] - x[i].sum() / d
        var = np.dot(centred, centred) / d
        std = np.sqrt(var + 1e-5)
        dnorm = dout[i] * gamma
        dstd = -np.sum(dnorm * centred) / std**2
        dcentred = dnorm / std + dstd / (2 * std) * 2 * centred / d
        dx[i] = dcentred - dcentred.sum() / d
        dgamma = dgamma + dout[i] * centred / std
        dbeta = dbeta + dout[i]
    return dx, dgamma, dbeta


def norms(**more):
    how = {
        "forward": layer_norm,
        "arguments": {"x": ("n", "d"), "gamma": ("d",), "beta": ("d",)},
        "upstream": ("dout",),
        "gradients": ("x", "gamma", "beta"),
    }
    return traced_exercise("layer_norm_backward", "13-norms", **(how | more))


def judged(exercise, answer, seed=SEED):
    return assess(exercise, LocalCaller(answer, exercise.function), seed)


@pytest.mark.parametrize("answer", [layer_norm_backward, staged])
@pytest.mark.parametrize("seed", [b"1", b"2", b"3", b"4"])
def test_a_right_answer_earns_everything_and_is_told_nothing(answer, seed):
    found = judged(norms(), answer, seed)
    assert (found.fraction, found.codes, found.pattern) == (1, (), None)


def test_a_right_answer_in_float32_is_as_right_as_anywhere():
    def single(*args):
        return tuple(g.astype(np.float32) for g in layer_norm_backward(*args))

    found = judged(norms(), single)
    assert found.codes == ()


def test_a_path_left_out_is_named_in_the_authors_words():
    found = judged(norms(), lambda *args: layer_norm_backward(*args, mean=0))
    assert found.fraction < 1
    assert found.codes == ("D-path",)
    assert found.sentences == ("Your dx leaves out the path through `mean`",)


def test_a_mistake_of_the_catalogue_in_other_clothes_bears_its_code():
    def backward(dout, x):
        return dout

    exercise = traced_exercise(
        "tanh_backward",
        "13-own",
        forward=lambda x: np.tanh(x),
        arguments={"x": ("n",)},
        upstream=("dout",),
        gradients=("x",),
    )
    found = judged(exercise, backward)
    assert found.codes == ("K13",)
    assert "slope is left out" in found.sentences[0]


def test_where_only_the_place_is_known_it_is_told_and_true():
    def odd(*args):
        dx, dgamma, dbeta = layer_norm_backward(*args)
        return dx + 0.3 * np.sin(args[1]), dgamma, dbeta

    found = judged(norms(), odd)
    assert found.codes == ("D-place",)
    assert found.sentences == (
        "Your dgamma and dbeta are right and your dx is not: the mistake lies behind `norm * gamma`, on "
        "the way back to `x`",
    )


def test_one_seed_and_one_answer_give_the_same_words_and_another_seed_too():
    def wrong(*args):
        return layer_norm_backward(*args, mean=0, var=0)

    said = {judged(norms(), wrong, seed).sentences for seed in (b"1", b"1", b"2", b"3")}
    assert len(said) == 1


def test_sizes_may_be_sums_and_products_of_letters():
    def lstm_gates(z):
        i, f, o, g = np.split(z, 4, axis=1)
        return 1 / (1 + np.exp(-i)) * np.tanh(g) + f * o

    exercise = traced_exercise(
        "gates_backward",
        "13-own",
        forward=lstm_gates,
        arguments={"z": ("n", "4*h")},
        upstream=("dout",),
        gradients=("z",),
    )
    for case in exercise.probes(SEED):
        dout, z = case.args
        assert z.shape == (dout.shape[0], 4 * dout.shape[1])


@pytest.mark.parametrize("size", ["4 n", "n/2", "n**2", "f(n)", "2.5*n"])
def test_another_size_is_refused(size):
    with pytest.raises(ValueError, match="expected a letter, a number"):
        norms(arguments={"x": ("n", size), "gamma": ("d",), "beta": ("d",)})


def test_values_and_sizes_say_what_letters_cannot():
    def embedding(E, ids):
        return E[ids].mean(axis=1)

    seen = []

    def draw(rng, shape, sizes):
        seen.append(sizes["V"])
        return rng.integers(sizes["V"], size=shape)

    exercise = traced_exercise(
        "embedding_backward",
        "13-own",
        forward=embedding,
        arguments={"E": ("V", "d"), "ids": ("n", "t")},
        values={"ids": draw},
        upstream=("dout",),
        gradients=("E",),
        sizes=[{"V": 7, "d": 3, "n": 2, "t": 4}, {"V": 3, "d": 2, "n": 4, "t": 5}],
    )

    def right(dout, E, ids):
        dE = np.zeros_like(E)
        np.add.at(dE, ids, dout[:, None] / ids.shape[1])
        return dE

    def repeats_lost(dout, E, ids):
        dE = np.zeros_like(E)
        dE[ids] += dout[:, None] / ids.shape[1]
        return dE

    assert judged(exercise, right).fraction == 1
    assert {case.args[2].dtype.kind for case in exercise.probes(SEED)} == {"i"}
    assert set(seen) == {7, 3}
    assert "takes some entries several times" in judged(exercise, repeats_lost).sentences[0]


def test_a_loss_has_no_upstream_and_the_signature_may_have_another_order():
    exercise = traced_exercise(
        "fit_backward",
        "13-own",
        forward=lambda W, x, y: ((W @ x - y) ** 2).sum() / 2,
        arguments={"W": ("k", "n"), "x": ("n", "m"), "y": ("k", "m")},
        gradients=("W",),
        signature=("y", "x", "W"),
    )
    assert judged(exercise, lambda y, x, W: (W @ x - y) @ x.T).fraction == 1


def test_several_results_have_a_gradient_each():
    exercise = traced_exercise(
        "split_backward",
        "13-own",
        forward=lambda x: (np.tanh(x), softmax(x, axis=1)),
        arguments={"x": ("n", "d")},
        upstream=("da", "db"),
        gradients=("x",),
    )

    def right(da, db, x, second=1.0):
        s = softmax(x, axis=1)
        return da * (1 - np.tanh(x) ** 2) + second * s * (db - (db * s).sum(1, keepdims=True))

    assert judged(exercise, right).fraction == 1
    left_out = judged(exercise, lambda *args: right(*args, second=0))
    assert left_out.codes == ("D-path",) or "left out" in left_out.sentences[0]


@pytest.mark.parametrize(
    "answer",
    [None, "text", {}, (), (True, np.zeros(3)), [[1], [1, 2]], 1j, np.array([None]), np.full((2, 2), np.nan)],
)
def test_no_answer_makes_the_search_raise(answer):
    one = traced_exercise(
        "tanh_backward",
        "13-own",
        forward=lambda x: np.tanh(x),
        arguments={"x": ("n",)},
        upstream=("dout",),
        gradients=("x",),
    )
    for exercise in (one, norms()):
        assert judged(exercise, lambda *args: answer).fraction == 0
        assert judged(exercise, lambda *args: (answer, answer, answer)).fraction < 1


def sorted_sum(x, w):
    order = np.sort(x)
    return order * w


def test_what_cannot_be_traced_is_said_with_its_line_and_works_all_the_same():
    exercise = traced_exercise(
        "sorted_backward",
        "13-own",
        forward=sorted_sum,
        arguments={"x": ("n",), "w": ("n",)},
        upstream=("dout",),
        gradients=("x", "w"),
    )
    line = sorted_sum.__code__.co_firstlineno + 1
    assert exercise.forward.problem == f"np.sort has no rule on the tape (line {line})"

    def right(dout, x, w):
        dx = np.zeros(x.shape)
        dx[np.argsort(x)] = dout * w
        return dx, dout * np.sort(x)

    assert judged(exercise, right).fraction == 1
    wrong = judged(exercise, lambda dout, x, w: (dout * w, dout * np.sort(x)))
    assert wrong.fraction < 1
    assert not any(code.startswith("D") for code in wrong.codes)


def test_a_write_through_a_view_is_judged_by_differences_and_not_by_a_wrong_tape():
    def through_a_view(x):
        y = np.zeros(x.shape)
        row = y[0]
        row[...] = x[0] ** 2
        return y + x

    exercise = traced_exercise(
        "view_backward",
        "13-own",
        forward=through_a_view,
        arguments={"x": ("n", "d")},
        upstream=("dout",),
        gradients=("x",),
    )
    assert "not that of the plain run" in exercise.forward.problem

    def right(dout, x):
        dx = dout.copy()
        dx[0] = dx[0] * (1 + 2 * x[0])
        return dx

    assert judged(exercise, right).fraction == 1


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"gradients": ("z",)}, "gradients and the arguments of layer_norm"),
        ({"arguments": {"x": ("n", "d")}}, "don't fit together: beta, gamma"),
        ({"signature": ("dout", "y")}, "signature .* y"),
        ({"values": {"ids": None}}, "values .* ids"),
        ({"gradients": ()}, "0 gradients are asked"),
    ],
)
def test_declarations_that_do_not_fit_are_refused(more, says):
    with pytest.raises(ValueError, match=says):
        norms(**more)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"upstream": ()}, "without upstream a loss was expected"),
        ({"upstream": ("dout", "more")}, "upstream names 2, the forward pass gives 1 results"),
        ({"arguments": {"x": ("n", "d"), "gamma": ("n",), "beta": ("d",)}}, "if it needs other sizes"),
    ],
)
def test_a_forward_pass_that_fails_is_told_when_it_is_drawn(more, says):
    with pytest.raises(ValueError, match=says):
        norms(**more).probes(SEED)


def test_expected_numbers_are_the_reference_s_within_their_bounds():
    exercise = norms()
    for case, target in zip(*exercise.asked(SEED), strict=True):
        args = [np.asarray(a, dtype=float) for a in case.args]
        right = layer_norm_backward(*args)
        assert len(expected_of(target.template)) == 3
        for leaf, other in zip(leaves_of(target.template), right, strict=True):
            assert np.all(np.abs(leaf.expected - other) <= 8 * leaf.error_units * 2.0**-53)
            assert np.all(leaf.error_units < 1e4)


OWN = """
import numpy as np
from autograder.authoring import traced

def _centred(x):
    centred = x - x.mean(axis=0)
    return centred

def scale(x, g):
    c = _centred(x)
    return c * g

traced("scale_backward", "13-own", forward=scale, arguments={"x": ("n", "d"), "g": ("d",)},
       upstream=("dout",), gradients=("x", "g"))
"""


def test_a_course_s_own_file_is_read_for_its_names():
    exercise = load(OWN).exercises["scale_backward"]

    def wrong(dout, x, g):
        return dout * g, (dout * (x - x.mean(axis=0))).sum(axis=0)

    assert judged(exercise, wrong).sentences == (
        "Your dx leaves out the path on which `x` goes straight into `x.mean(axis=0)`",
    )


def test_a_course_s_own_declaration_that_does_not_fit_is_told_with_its_line():
    with pytest.raises(AuthoringError, match=r"own_exercises.py, line 13: ValueError: .*together: y"):
        load(OWN.replace('gradients=("x", "g")', 'gradients=("y",)'))


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.forward.__name__)
def test_ten_layers_hurt_no_right_answer_and_accept_no_wrong_one(layer):
    exercise = exercise_of(layer)
    for source in layer.right:
        found = assess(exercise, answer(source, exercise.id), SEED)
        assert (found.fraction, found.codes, found.pattern) == (1, (), None)
    named = 0
    for _, old, new in layer.wrong:
        found = assess(exercise, answer(spoilt(layer, old, new), exercise.id), SEED)
        assert found.fraction < 1
        named += bool(found.codes)
    assert named >= 0.8 * len(layer.wrong)
