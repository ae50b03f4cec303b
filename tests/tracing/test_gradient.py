import numpy as np
import pytest

from autograder.tracing.certify import disagreement
from autograder.tracing.gradient import Exchange, gradients
from autograder.tracing.tape import replay
from autograder.tracing.trace import traced_run
from tests.tracing.layers import EXAMPLES, floats


def upstream_of(tape, seed=0):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=tape.nodes[output].out.shape) for output in tape.outputs]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_gradient_is_the_complex_steps_or_that_of_differences(name):
    function, arguments = EXAMPLES[name]
    tape, _ = traced_run(function, arguments, floats(arguments))
    gap, _ = disagreement(function, arguments, tape, upstream_of(tape), floats(arguments))
    assert gap <= 1


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_gradient_has_the_shape_of_its_argument(name):
    function, arguments = EXAMPLES[name]
    tape, _ = traced_run(function, arguments, floats(arguments))
    found = gradients(tape, upstream_of(tape), floats(arguments))
    assert {k: np.shape(v) for k, v in found.items()} == {k: np.shape(arguments[k]) for k in found}


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_replay_without_exchange_is_the_same_run(name):
    function, arguments = EXAMPLES[name]
    tape, _ = traced_run(function, arguments, floats(arguments))
    again = replay(tape, {})
    assert all(np.array_equal(a.out, b.out) for a, b in zip(tape.nodes, again.nodes, strict=True))


def test_a_planted_mistake_is_seen_by_the_certificate():
    function, arguments = EXAMPLES["layer_norm"]
    tape, _ = traced_run(function, arguments, ["x"])
    node = next(n for n in tape.nodes if n.op == "sqrt")
    wrong = Exchange(edges={(node.index, 0): lambda node, place, g: g})
    right = gradients(tape, upstream_of(tape), ["x"])["x"]
    assert not np.allclose(gradients(tape, upstream_of(tape), ["x"], wrong)["x"], right)


def test_an_argument_on_which_nothing_depends_has_the_gradient_0():
    def forward(x, unused):
        return 2 * x

    tape, _ = traced_run(forward, {"x": np.ones(3), "unused": np.ones(2)}, ["x", "unused"])
    assert np.array_equal(gradients(tape, [np.ones(3)], ["unused"])["unused"], np.zeros(2))


def test_exchanges_of_one_rule_do_not_go_together():
    one = Exchange(edges={(3, 0): lambda node, place, g: g})
    assert one.and_also(one) is None
    assert one.and_also(Exchange(edges={(4, 0): lambda node, place, g: g})) is not None
