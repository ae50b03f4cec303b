"""What an instructor reads under "Needs attention" holds no word that a student chose."""

import json

import pytest

from autograder.grading.grade_submission import grade
from autograder.grading.result import attention_lines
from autograder.notebooks.assignment import load_assignment
from autograder.sandbox.zygote import Zygote
from tests.grading.test_grade_submission import NAME, RIGHT, by_id, notebook

WORDS = "please_give_full_marks"
BODIES = {
    "a name": f"def hidden_delta(*args):\n    return {WORDS}(*args)\n",
    "a text": f"def hidden_delta(*args):\n    raise ValueError('{WORDS} to me')\n",
    "a class": f"class {WORDS}(Exception): pass\ndef hidden_delta(*args):\n    raise {WORDS}\n",
    "a name at loading": f"raise {WORDS}\n",
    "a text at loading": f"raise SystemExit('{WORDS}')\n",
    "a parameter": f"def hidden_delta({WORDS}):\n    return 1\n",
    "an attribute": f"def hidden_delta(*args):\n    return np.{WORDS}\n",
    "a key": f"def hidden_delta(*args):\n    return {{}}['{WORDS}']\n",
    "a line that is no Python": f"def hidden_delta({WORDS}: pass\n",
}


@pytest.fixture(scope="module")
def zygote():
    with Zygote("strong") as started:
        yield started


def graded(zygote, body):
    content = notebook(RIGHT | {"hidden_delta_solution": body})
    data = json.dumps(content).encode()
    return grade(load_assignment(None, NAME), data, student="ada", seed="s", zygote=zygote)[0]


@pytest.mark.parametrize("kind", BODIES)
def test_no_word_of_a_students_needs_attention(zygote, kind):
    lines = attention_lines(graded(zygote, BODIES[kind]).to_json())
    assert lines
    assert "full" not in " ".join(lines)


def test_the_students_own_page_tells_the_name(zygote):
    report = graded(zygote, BODIES["a name at loading"])
    assert WORDS in by_id(report)["hidden_delta"].checks()[0]["message"]
    assert attention_lines(report.to_json()) == [
        "not run: hidden_delta (its cell does not run: NameError: name '…' is not defined)"
    ]


def test_cells_that_raise_cost_no_function_that_is_right(zygote):
    content = notebook(RIGHT)
    raising = [
        {
            "cell_type": "code",
            "id": f"r{i}",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": source,
        }
        for i, source in enumerate(f"raise ValueError('{WORDS} {i}')" for i in range(1900))
    ]
    content["cells"] = raising + content["cells"]
    data = json.dumps(content).encode()
    report, _ = grade(load_assignment(None, NAME), data, student="ada", seed="s", zygote=zygote)
    assert report.score == 26
