import numpy as np
import pytest

from autograder.sandbox.redaction import disclosable, words

OWN = words(["def hidden_delta(W_next, delta_nxt, z):\n    return W_next.T @ delta_nxt"])


def raised(code, **names):
    try:
        exec(code, {"np": np, **names})
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    raise AssertionError(f"{code} raises nothing")


A, B = np.ones((3, 7)), np.ones((4, 7))
EVERYDAY = (
    "A + B",
    "A @ B",
    "A[9]",
    "A[0, 0, 0]",
    "A['x']",
    "A.reshape(4, 4)",
    "bool(A) and 1",
    "np.concatenate([A, A.T])",
    "A + None",
    "A()",
    "None[0]",
    "W_next + 1",
    "A.W_next",
    "np.W_next",
    "[1, 2][5]",
    "{}[3]",
    "a, b = A",
    "a, b, c, d = A",
    "1 / 0",
    "int('x')",
    "float('z')",
    "np.array([[1, 2], [3]])",
    "np.linalg.inv(np.zeros((2, 2)))",
    "np.linalg.inv(A)",
    "(lambda z: 0)()",
    "(lambda z: 0)(1, 2)",
    "(lambda: 0)(z=1)",
    "'a' + 1",
    "[0] * 1.5",
    "-'z'",
    "len(3)",
    "A[1.5]",
    "A.sum(axis=5)",
    "np.max([])",
    "np.sin('x')",
    "np.zeros((2, 3)).dot(np.zeros((2, 3)))",
    "raise NotImplementedError()",
    "import numpy.nothing",
    "A.flags.writeable = False\nA += 1",
    "np.stack([A, B])",
    "float(A)",
    "for i in 3: pass",
    "{[]: 1}",
    "np.einsum('ij,jk', A, A)",
    "A += 1j",
    "np.int64(2) ** -1",
    "(",
    "x = = 1",
    "def f():\nreturn 1",
    "if 1:\n  x\n y",
    "'abc",
    "np.ones(10**14)",
    "f = lambda: f()\nf()",
)


@pytest.mark.parametrize("code", EVERYDAY)
def test_what_python_and_numpy_say_is_passed_on_whole(code):
    text = raised(code, A=A, B=B)
    assert disclosable(text, OWN | words([code])) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("ValueError: /home/teacher/course", "ValueError (its text is not shown)"),
        ("ValueError: L2hvbWUvdGVhY2hlcg==", "ValueError (its text is not shown)"),
        ("ValueError: bigfacefeedbead", "ValueError (its text is not shown)"),
        ("KeyError: '-0x1.bea241b9f62c0p-3'", "KeyError (its text is not shown)"),
        ("bigfacefeedbead", "an error (its text is not shown)"),
        ("bigfacefeedbead: is not defined", "an error (its text is not shown)"),
        ("W_next: /home/teacher", "W_next (its text is not shown)"),
    ],
)
def test_of_anything_else_the_kind_alone_is_disclosable(text, left):
    assert disclosable(text, OWN) == left


def test_a_notebook_cannot_bring_a_dictionary_of_its_own():
    own = words(["alpha beta gamma epsilon zeta eta theta iota kappa lamda"])
    assert disclosable("ValueError: alpha beta alpha gamma", own).endswith("gamma")
    assert "not shown" in disclosable("ValueError: alpha beta gamma epsilon zeta eta theta iota kappa", own)
