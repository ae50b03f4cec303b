import numpy as np
import pytest

from autograder.slips import catalogue
from autograder.slips.catalogue import DerivedMistakes
from autograder.slips.sentences import SENTENCES, sentence
from autograder.slips.slip import Probe, TracedRun
from autograder.tracing.gradient import gradients
from autograder.tracing.trace import traced_run
from tests.tracing.layers import EXAMPLES, floats, layer_norm


def probes_of(function, draws, wanted, lengths):
    found = []
    for seed, (arguments, letters) in enumerate(zip(draws, lengths, strict=True)):
        tape, author = traced_run(function, arguments, floats(arguments))
        tape.lengths = letters
        rng = np.random.default_rng(seed)
        upstream = tuple(rng.normal(size=tape.nodes[o].out.shape) for o in tape.outputs)
        found.append(Probe(TracedRun(tape, author, wanted, letters), upstream))
    return found


def norm_arguments(n, d, seed):
    rng = np.random.default_rng(seed)
    return {"x": rng.normal(size=(n, d)), "gamma": rng.normal(size=d), "beta": rng.normal(size=d)}


SIZES = [{"n": 4, "d": 6}, {"n": 3, "d": 5}, {"n": 3, "d": 3}, {"n": 1, "d": 4}]


@pytest.fixture(scope="module")
def norm():
    draws = [norm_arguments(**size, seed=i) for i, size in enumerate(SIZES)]
    probes = probes_of(layer_norm, draws, ["x", "gamma", "beta"], SIZES)
    return DerivedMistakes(probes, ["x", "gamma", "beta"]), draws


def told(norm, student, pairs=0):
    mistakes, draws = norm
    answers = []
    for probe, arguments in zip(mistakes.probes, draws, strict=True):
        result = student(*probe.upstream, *arguments.values())
        answers.append(dict(zip(mistakes.wanted, result, strict=True)))
    found = mistakes.explain(answers, pairs)
    return (
        None
        if found is None
        else [sentence(t.slip.kind, t.slip.names, ["d" + n for n in t.results]) for t in found.told]
    )


def backward(dout, x, gamma, beta, mean=1.0, var=1.0, eps=1e-5):
    centred = x - x.mean(-1, keepdims=True)
    scale = np.sqrt((centred**2).mean(-1, keepdims=True) + eps)
    norm = centred / scale
    d = dout * gamma
    dx = (d - mean * d.mean(-1, keepdims=True) - var * norm * (d * norm).mean(-1, keepdims=True)) / scale
    return dx, (dout * norm).sum(0), dout.sum(0)


def test_a_right_answer_is_told_nothing(norm):
    assert told(norm, backward) is None


@pytest.mark.parametrize(
    ("student", "says"),
    [
        (lambda *a: backward(*a, mean=0), ["Your dx leaves out the path through `mean`"]),
        (lambda *a: backward(*a, var=0), ["Your dx leaves out the path through `var`"]),
        (
            lambda *a: (*backward(*a)[:2], a[0].mean(0)),
            ["The gradient of `beta` is averaged over n where it is to be summed"],
        ),
        (
            lambda *a: (backward(*a)[0], (a[0] * a[1]).sum(0), a[0].sum(0)),
            ["The way back through `norm * gamma` to `gamma` multiplies by `x` where `norm` belongs"],
        ),
        (lambda *a: (-backward(*a)[0], *backward(*a)[1:]), ["Your dx has the wrong sign"]),
        (
            lambda *a: (backward(*a)[0], *backward(*a)[:0:-1]),
            ["The gradients of `gamma` and `beta` are exchanged"],
        ),
    ],
)
def test_a_mistake_is_told_in_the_authors_names(norm, student, says):
    assert told(norm, student) == says


def test_two_mistakes_are_told_both(norm):
    both = told(norm, lambda *a: backward(*a, mean=0, var=0), pairs=24)
    assert both == ["Your dx leaves out the path through `mean`", "Your dx leaves out the path through `var`"]


def test_what_one_student_s_mistake_gives_is_not_worked_out_again_for_the_next(norm, monkeypatch):
    def twice_the_mean(*a):
        return backward(*a, mean=2, var=0)

    for student, pairs in ((lambda *a: backward(*a, mean=0), 0), (twice_the_mean, 24)):
        before = told(norm, student, pairs)
        with monkeypatch.context() as patch:
            patch.setattr(catalogue, "gradients", None)
            assert told(norm, student, pairs) == before


def test_what_no_slip_gives_is_told_by_its_place_alone(norm):
    def odd(*a):
        dx, dgamma, dbeta = backward(*a)
        return dx + 0.3 * np.tanh(a[1]), dgamma, dbeta

    mistakes, draws = norm
    answers = [
        dict(zip(mistakes.wanted, odd(*p.upstream, *a.values()), strict=True))
        for p, a in zip(mistakes.probes, draws, strict=True)
    ]
    found = mistakes.explain(answers, 4)
    assert not found.told
    assert found.wrong == ("x",)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_slip_gives_other_numbers_than_the_right_ones_and_has_a_sentence(name):
    function, arguments = EXAMPLES[name]
    wanted = floats(arguments)
    probes = probes_of(function, [arguments], wanted, [{}])
    mistakes = DerivedMistakes(probes, wanted)
    right = gradients(probes[0].run.tape, probes[0].upstream, wanted)
    assert mistakes.explain([right]) is None
    assert mistakes.slips
    for slip in mistakes.slips:
        assert slip.kind in SENTENCES
        words = sentence(slip.kind, slip.names, ["dx"])
        assert words[0].isupper() or words[0] in "`1"
        assert "{" not in words.replace("{}", "")


@pytest.mark.parametrize("name", ["layer_norm", "rnn", "two_layers", "lstm_cell", "attention"])
def test_every_slip_is_found_again_by_its_own_numbers(name):
    function, arguments = EXAMPLES[name]
    wanted = floats(arguments)
    probes = probes_of(function, [arguments], wanted, [{}])
    mistakes = DerivedMistakes(probes, wanted)
    for slip in mistakes.slips:
        answer = mistakes._answer(probes[0], slip.exchange)
        found = mistakes.explain([answer])
        if any(not np.isfinite(np.asarray(v, dtype=float)).all() for v in answer.values()):
            continue
        assert found is not None
        assert found.told, slip
