"""Typical mistakes, from the stub to the tick by help alone: what to write is what the card says, no more.

Each walk begins with nothing written, writes the mistake, and puts the last step of its help in the place of
the line that is wrong.
"""

import numpy as np
import pytest

import backprop
from autograder import check
from autograder.exercises import EXERCISES
from autograder.feedback.ladder import COMPARE, EQUATION, LINE, QUESTION

# The exercise, the code of the mistake, the term of the equation that the help marks, and the answer.
HERE = "  # here"
WALKS = [
    ("affine", "K53", "+ b[l]", f"return W @ a_prev{HERE}"),
    (
        "softmax",
        "K8",
        "Σ_i exp(z_i)",
        f"e = np.exp(z - z.max(axis=0, keepdims=True))\nreturn e / e.sum(axis=1, keepdims=True){HERE}",
    ),
    (
        "g_prime",
        "K47",
        "1 - a²",
        "if name == 'sigmoid':\n    a = 1 / (1 + np.exp(-z))\n    return a * (1 - a)\n"
        f"if name == 'tanh':\n    return 1 - np.tanh(z){HERE}\nreturn np.where(z > 0, 1.0, 0.0)",
    ),
    (
        "numerical_delta",
        "K65",
        "L(z + h e_i)",
        "delta = np.zeros(z.shape)\nfor i, j in np.ndindex(z.shape):\n    e = np.zeros(z.shape)\n"
        f"    e[i, j] = h\n    delta[i, j] = (loss_of_z(z + e) - loss_of_z(z)) / h{HERE}\nreturn delta",
    ),
    ("output_delta", "K5", "-", f"delta = Y - g(output, z){HERE}\nreturn delta"),
    ("huber_output_delta", "K42", "κ (|r| - ½ κ) beyond", f"return z - Y{HERE}"),
    ("hidden_delta", "K13", "g'(z[l])", f"return W_next.T @ delta_next{HERE}"),
    (
        "all_deltas",
        "K12",
        "g'(z[l])",
        "N = len(W)\ndelta = {N: output_delta(output, Z[N], Y)}\nfor l in range(N - 1, 0, -1):\n"
        f"    delta[l] = (W[l + 1].T @ delta[l + 1]) * g_prime(hidden, A[l]){HERE}\nreturn delta",
    ),
    (
        "all_deltas",
        "K34",
        "",
        f"N = len(W)\ndelta = {{N: output_delta(output, Z[N], Y)}}\nfor l in range(N - 1, 1, -1):{HERE}\n"
        "    delta[l] = (W[l + 1].T @ delta[l + 1]) * g_prime(hidden, Z[l])\nreturn delta",
    ),
    (
        "forward",
        "K56",
        "",
        "N, Z, A = len(W), {}, {0: X}\nfor l in range(1, N + 1):\n"
        f"    Z[l] = W[l] @ A[l - 1] + b[l]; A[l] = Z[l] if l < N else g(output, Z[l]){HERE}\nreturn Z, A",
    ),
    (
        "layer_gradients",
        "K28",
        "1/m",
        f"m = delta.shape[0]{HERE}\ndW = delta @ a_prev.T / m\n"
        "db = delta.sum(axis=1, keepdims=True) / m\nreturn dW, db",
    ),
    (
        "l2_backprop",
        "K6",
        "",
        "dW, db = backprop(W, Z, A, Y, hidden, output)\n"
        f"dW = {{l: dW[l] + 2 * lam * W[l] for l in W}}{HERE}\nreturn dW, db",
    ),
    (
        "numerical_delta",
        "K118",
        "",
        "delta, e = np.zeros(z.shape), np.zeros(z.shape)\nfor i, j in np.ndindex(z.shape):\n    e[i, j] = h\n"
        f"    delta[i, j] = (loss_of_z(z + e) - loss_of_z(z - e)) / (2 * h)\n    pass{HERE}\nreturn delta",
    ),
    (
        "l2_backprop",
        "K108",
        "",
        "dW, db = backprop(W, Z, A, Y, hidden, output)\ndW = {l: dW[l] + lam * W[l] for l in W}\n"
        f"return dW, {{l: db[l] + lam * W[l].sum(axis=1, keepdims=True) for l in db}}{HERE}",
    ),
]


def checked(id, body):
    """What check says of a function with this body, in a notebook that has the earlier ones."""
    arguments = ", ".join(argument.name for argument in EXERCISES[id].arguments)
    lines = "\n".join(f"    {line}" for line in body.split("\n"))
    earlier = {name: getattr(backprop, name) for name in ("g", "g_prime", "output_delta", "backprop")}
    space = {"np": np, **earlier}
    exec(f"def {id}({arguments}):\n{lines}", space)
    return check(space[id])


def steps_of(feedback):
    card = feedback.card
    [steps] = [cause.steps for cause in card.causes if cause.steps] or [card.steps]
    return {step.level: step for step in steps}


@pytest.mark.parametrize(("id", "code", "term", "wrong"), WALKS)
def test_a_typical_mistake_is_mended_by_help_alone(id, code, term, wrong):
    begun = steps_of(checked(id, "raise NotImplementedError"))
    assert list(begun) == [QUESTION, COMPARE, EQUATION, LINE]

    feedback = checked(id, wrong)
    assert feedback.judgement.codes == (code,)
    assert feedback.judgement.fraction < 1
    steps = steps_of(feedback)
    assert list(steps) == [QUESTION, COMPARE, EQUATION, LINE]
    assert not term or (term, True) in steps[EQUATION].equation.pieces

    line = steps[LINE].code.split("  #")[0]
    mended = "\n".join(
        row[: len(row) - len(row.lstrip())] + line if row.endswith(HERE) else row for row in wrong.split("\n")
    )
    assert mended != wrong
    right = checked(id, mended)
    assert right.judgement.fraction == 1
    assert right.card.praise
