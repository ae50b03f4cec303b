"""Earlier functions made to be followed: points for a later step without its work. Through the real wall.

Some of the answers have the right output layer in all_deltas: that part of the points is theirs, and no more.
"""

import json
from pathlib import Path

import pytest

from autograder.grading.grade_submission import grade
from autograder.notebooks.assignment import load_assignment
from autograder.sandbox.zygote import Zygote

ROOT = Path(__file__).resolve().parents[2]


OUTPUT_LAYER = {"all_deltas": 0.3 * 6}


def deltas(hidden, every):
    """The output layer right, so that the one below it may seem to follow hidden_delta."""
    return "06-step-2", {
        "hidden_delta_solution": hidden,
        "all_deltas_solution": "def all_deltas(W, Z, A, Y, hidden, output):\n"
        f"    return {{l: {every} if l < len(W) else output_delta(output, Z[l], Y) for l in W}}\n",
    }


def deltas_without_the_output_layer(hidden, every):
    return "06-step-2", {
        "hidden_delta_solution": hidden,
        "all_deltas_solution": "def all_deltas(W, Z, A, Y, hidden, output):\n"
        f"    return {{l: {every} for l in W}}\n",
    }


CONSTANT = "def hidden_delta(W_next, delta_next, z, hidden):\n    return np.full(z.shape, %s)\n"
VALUES = "0.0", "1e-300", "1e-40", "1.0", "1e30", "-0.0"
WITH_THE_OUTPUT_LAYER = {
    f"{value} everywhere": deltas(CONSTANT % value, f"np.full(Z[l].shape, {value})") for value in VALUES
} | {
    "a lookup of what was answered": (
        "06-step-2",
        {
            "hidden_delta_solution": (
                "seen = {}\ndef hidden_delta(W_next, delta_next, z, hidden):\n"
                "    return seen.get(z.tobytes(), z + 1)\n"
            ),
            "all_deltas_solution": "def all_deltas(W, Z, A, Y, hidden, output):\n"
            "    made = {l: 3 * Z[l] - 1 if l < len(W) else output_delta(output, Z[l], Y) for l in W}\n"
            "    seen.update({Z[l].tobytes(): made[l] for l in W})\n    return made\n",
        },
    ),
    "a function of the layer alone": deltas(
        "def hidden_delta(W_next, delta_next, z, hidden):\n    return np.sin(9 * z)\n", "np.sin(9 * Z[l])"
    ),
}
ATTACKS = {
    f"{value} everywhere, in the output layer too": deltas_without_the_output_layer(
        CONSTANT % value, f"np.full(Z[l].shape, {value})"
    )
    for value in VALUES
} | {
    "a function of the layer alone, in the output layer too": deltas_without_the_output_layer(
        "def hidden_delta(W_next, delta_next, z, hidden):\n    return np.sin(9 * z)\n", "np.sin(9 * Z[l])"
    ),
    "the given functions made huge": (
        "08-batches",
        {
            "backprop_solution": "def all_deltas(W, Z, A, Y, h, o): return {l:"
            " np.full(Z[l].shape, 1e30) for l in Z}\n"
            "def layer_gradients(d, a): return np.full((d.shape[0], a.shape[0]), 1e30),"
            " np.full((d.shape[0], 1), 1e30)\n"
            "def backprop(W, Z, A, Y, hidden, output):\n"
            "    return {l: np.full(W[l].shape, 1e30) for l in W}, {l: np.full((len(W[l]), 1), 1e30) for"
            " l in W}\n"
        },
    ),
    "a penalty drowned": (
        "08-batches",
        {
            "backprop_solution": "def backprop(W, Z, A, Y, hidden, output):\n"
            "    return {l: np.full(W[l].shape, 1e30) for l in W}, {l: np.full((len(W[l]), 1), 1e30) for"
            " l in W}\n",
            "l2_backprop_solution": (
                "def l2_backprop(W, Z, A, Y, hidden, output, lam):\n"
                "    return backprop(W, Z, A, Y, hidden, output)\n"
            ),
        },
    ),
    "a penalty forgotten beside a backprop that raises": (
        "08-batches",
        {
            "backprop_solution": "def backprop(W, Z, A, Y, hidden, output):\n    raise ValueError('no')\n",
            "l2_backprop_solution": (
                "def l2_backprop(W, Z, A, Y, hidden, output, lam):\n"
                "    return backprop(W, Z, A, Y, hidden, output)\n"
            ),
        },
    ),
    "functions that the notebook does not give, made up": (
        "08-batches",
        {
            "backprop_solution": "def all_deltas(W, Z, A, Y, h, o): return {l: Z[l] + Y.sum() for l in W}\n"
            "def layer_gradients(d, a): return d @ a.T, d[:, :1] + a.sum()\n"
            "def backprop(W, Z, A, Y, hidden, output):\n"
            "    d = all_deltas(W, Z, A, Y, hidden, output)\n"
            "    g = {l: layer_gradients(d[l], A[l - 1]) for l in d}\n"
            "    return {l: g[l][0] for l in g}, {l: g[l][1] for l in g}\n"
        },
    ),
    "an earlier function that breaks the tools of the one in its place": (
        "06-step-2",
        {
            "hidden_delta_solution": (
                "def hidden_delta(W_next, delta_next, z, hidden):\n    return z * delta_next.sum()\n"
            ),
            "all_deltas_solution": "import builtins\nseen = []\nrun = builtins.exec\n"
            "builtins.exec = lambda *a: (seen.append(a), run(*a))[1]\n"
            "def all_deltas(W, Z, A, Y, hidden, output):\n    return seen or {l: Z[l] for l in W}\n",
        },
    ),
    "right functions kept for those who should write them": (
        "06-step-2",
        {
            "hidden_delta_solution": "def hidden_delta(W_next, delta_next, z, hidden):\n"
            "    return getattr(np, 'kept', lambda *a: z * delta_next.sum())(W_next, delta_next, z,"
            " hidden)\n",
            "all_deltas_solution": "def all_deltas(W, Z, A, Y, hidden, output):\n"
            "    np.kept = hidden_delta if hidden_delta.__module__ != '__main__' else np.kept\n"
            "    return {l: Z[l] for l in W}\n",
            "residual_delta_solution": "def residual_delta(W, z, delta_a):\n"
            "    delta_z = np.kept(np.eye(len(z)), delta_a, z, 'tanh')\n"
            "    return delta_z, W.T @ delta_z + delta_a\n",
        },
    ),
    "a penalty beside a constant": (
        "08-batches",
        {
            "backprop_solution": "def backprop(W, Z, A, Y, hidden, output):\n"
            "    return {l: np.ones(W[l].shape) for l in W}, {l: np.ones((len(W[l]), 1)) for l in W}\n",
            "l2_backprop_solution": "def l2_backprop(W, Z, A, Y, hidden, output, lam):\n"
            "    dW, db = backprop(W, Z, A, Y, hidden, output)\n"
            "    return {l: dW[l] + lam * W[l] for l in dW}, db\n",
        },
    ),
}


@pytest.fixture(scope="module")
def zygote():
    with Zygote("strong") as made:
        yield made


def graded(zygote, assignment, answers):
    content = json.loads((ROOT / "exercises" / assignment / f"{assignment}.ipynb").read_bytes())
    for cell in content["cells"]:
        cell["source"] = answers.get(cell["metadata"]["nbgrader"]["grade_id"], cell["source"])
    report, _ = grade(
        load_assignment(None, assignment),
        json.dumps(content).encode(),
        student="mallory",
        seed="s",
        zygote=zygote,
    )
    return report


@pytest.mark.parametrize("name", ATTACKS)
def test_what_computes_nothing_is_not_followed(zygote, name):
    report = graded(zygote, *ATTACKS[name])
    assert report.score == 0, [(e.id, e.score) for e in report.exercises]


@pytest.mark.parametrize("name", WITH_THE_OUTPUT_LAYER)
def test_a_right_output_layer_earns_its_part_and_has_nothing_followed(zygote, name):
    report = graded(zygote, *WITH_THE_OUTPUT_LAYER[name])
    scores = {e.id: e.score for e in report.exercises if e.score}
    assert scores == pytest.approx(OUTPUT_LAYER), scores
