import numpy as np
import pytest

from autograder.tracing.tape import NotTraceable
from autograder.tracing.trace import traced_run


def trace(function, **arguments):
    return traced_run(function, arguments, list(arguments))


def test_a_write_through_a_view_is_refused_and_not_traced_wrong():
    def forward(x):
        y = np.zeros(x.shape)
        row = y[0]
        row[0] = 5 * x[0, 0]
        return y + x

    with pytest.raises(NotTraceable, match="not that of the plain run"):
        trace(forward, x=np.ones((2, 2)))


@pytest.mark.parametrize(
    ("forward", "says"),
    [
        (lambda x: np.sort(x), r"np\.sort has no rule on the tape \(line \d+\)"),
        (lambda x: float(x[0]) * x, r"float\(\.\.\.\) of a traced array: keep it an array \(line \d+\)"),
        (lambda x: x[0].item() * x, r"item\(\) of a traced array"),
        (lambda x: np.linalg.inv(x), r"np\.inv has no rule on the tape"),
        (lambda x: np.pad(x, 1, mode="edge"), "np.pad with mode 'edge'"),
        (lambda x: np.einsum("...i->...", x), "write the letters"),
        (lambda x: 3.0, "depends on none of the traced arguments"),
    ],
)
def test_what_has_no_rule_is_said_with_its_line(forward, says):
    with pytest.raises(NotTraceable, match=says):
        trace(forward, x=np.eye(3))


def test_what_has_no_slope_is_a_constant():
    def forward(x):
        mask = x > x.mean()
        top = x.argmax(axis=1)
        return x * mask + np.sign(x) + x[np.arange(len(x)), top][:, None]

    tape, _ = trace(forward, x=np.array([[1.0, 2.0], [3.0, -4.0]]))
    assert "greater" not in {node.op for node in tape.nodes}


def test_helpers_of_the_same_file_are_traced_too():
    tape, author = trace(uses_a_helper, x=np.ones((2, 2)))
    assert [author.place(n.site).name for n in tape.nodes if n.op == "subtract"] == ["centred"]


def _less_its_mean(v):
    return v - v.mean()


def uses_a_helper(x):
    centred = _less_its_mean(x)
    return centred * centred


def test_every_turn_of_a_loop_is_one_place():
    def forward(x, w):
        h = x[0] * 0
        for t in range(3):
            h = np.tanh(h * w + x[t])
        return h

    tape, author = trace(forward, x=np.ones((3, 2)), w=np.ones(2))
    tanh = [node for node in tape.nodes if node.op == "tanh"]
    assert len(tanh) == 3
    assert len({node.site for node in tanh}) == 1
    assert author.place(tanh[0].site).name == "h"
    product = next(
        node for node in tape.nodes if node.op == "multiply" and author.place(node.site).text == "h * w"
    )
    assert author.place(product.site).operands == ("h", "w")


def test_a_buffer_is_filled_item_by_item():
    def forward(x):
        out = np.zeros((2, 3))
        out[0] = x
        out[1] += 2 * x
        out[1, 0] = 0
        return out

    tape, _ = trace(forward, x=np.arange(3.0))
    assert np.array_equal(tape.nodes[tape.outputs[0]].out, [[0, 1, 2], [0, 2, 4]])
