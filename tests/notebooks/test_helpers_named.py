import time

import pytest

from autograder.notebooks.helpers_named import helpers_named
from autograder.notebooks.submission import StudentCell

GIVEN = (
    "import numpy as np\n\n"
    "def g(name, z):\n    return z\n\n"
    "def output_delta(output, z, Y):\n    return g(output, z) - Y\n"
)
HELPER = "def hidden_delta(W_next, delta_next, z, hidden):\n    return W_next.T @ delta_next\n"
CALLS = (
    "def all_deltas(W, Z):\n"
    "    return {1: hidden_delta(W[2], 0, Z[1], 'relu'), 2: output_delta('', Z[2], 0)}\n"
)
ALONE = "def all_deltas(W, Z):\n    return {1: W[2].T @ Z[2]}\n"
DEPENDS_ON = ("hidden_delta", "output_delta")


def named(*own):
    cells = [StudentCell(GIVEN, "given", None, given=True)]
    cells += [StudentCell(source, f"own-{place}", None) for place, source in enumerate(own)]
    return helpers_named(cells, DEPENDS_ON)


def test_a_function_that_stands_beside_its_definition_alone_is_nobodys_helper():
    assert named(HELPER, ALONE) == ()
    assert named("%matplotlib inline\n", HELPER, ALONE) == DEPENDS_ON


def test_what_the_student_wrote_is_a_helper_where_it_is_named_and_what_was_given_is_right():
    assert named(HELPER, CALLS) == ("hidden_delta",)


@pytest.mark.parametrize(
    "change",
    [
        "def output_delta(output, z, Y):\n    return z\n",
        "output_delta = lambda output, z, Y: z\n",
        "def g(name, z):\n    return 2 * z\n",
        "g = np.tanh\n",
        "for g in [np.tanh]:\n    pass\n",
        "print(g)\n",
        "class g:\n    pass\n",
    ],
)
def test_what_was_given_is_a_helper_where_it_may_have_been_changed(change):
    assert named(HELPER, CALLS, change) == DEPENDS_ON


@pytest.mark.parametrize(
    "reach",
    [
        "globals()['hidden' + '_delta']",
        "exec('hidden' + '_delta')",
        "f = getattr(np, 'exp')",
        "all_deltas.__globals__",
        "np.exp = np.tanh",
        "np = None",
        "import helpers",
        "import numpy as np\nimport sys",
        "from helpers import hidden",
        "from numpy import *",
        "!ls",
    ],
)
def test_code_that_can_reach_a_name_without_writing_it_may_call_every_helper(reach):
    assert named(HELPER, ALONE, reach) == DEPENDS_ON


def test_another_way_to_write_a_name_is_seen():
    aliased = "f = hidden_delta\n"
    assert named(HELPER, ALONE, aliased) == ("hidden_delta",)
    assert named(HELPER, ALONE, "f = 𝐡idden_delta\n") == ("hidden_delta",)
    assert named(HELPER, ALONE.replace("return", "'hidden_delta'\n    return")) == ("hidden_delta",)


LONG = ("\n" * 10**6, " \n" * 500_000, "np." * 300_000 + "x", "np\n" * 300_000, "def " * 250_000)


@pytest.mark.parametrize("text", LONG, ids=["lines", "blanks", "attributes", "names", "words"])
def test_a_long_text_costs_its_length_and_no_more(text):
    began = time.process_time()
    assert named(text) == ()
    assert time.process_time() - began < 5
