import hashlib
import json
from pathlib import Path

import pytest

from autograder._text import one_line
from autograder.exercises import EXERCISES
from autograder.feedback.report_words import attention_words, reason_words
from autograder.grading.documents import GradedHelp, autograded, page_facts
from autograder.grading.feedback_page import render_page
from autograder.grading.grade_submission import UNWRITTEN, grade, submission_seed, time_class
from autograder.grading.result import attention, attention_lines
from autograder.notebooks.submission import load_assignment
from tests.support.in_process import InProcess

ROOT = Path(__file__).resolve().parents[2]
NAME = "06-step-2"
RIGHT = {
    "hidden_delta_solution": "def hidden_delta(W_next, delta_next, z, hidden):\n"
    "    return (W_next.T @ delta_next) * g_prime(hidden, z)\n",
    "all_deltas_solution": "def all_deltas(W, Z, A, Y, hidden, output):\n"
    "    delta = {len(W): output_delta(output, Z[len(W)], Y)}\n"
    "    for l in range(len(W) - 1, 0, -1):\n"
    "        delta[l] = hidden_delta(W[l + 1], delta[l + 1], Z[l], hidden)\n"
    "    return delta\n",
    "residual_delta_solution": "def residual_delta(W, z, delta_a):\n"
    "    dz = delta_a * (1 - np.tanh(z) ** 2)\n"
    "    return dz, W.T @ dz + delta_a\n",
}
NO_SLOPE = "def hidden_delta(W_next, delta_next, z, hidden):\n    return W_next.T @ delta_next\n"


def notebook(answers, name=NAME):
    content = json.loads((ROOT / "exercises" / name / f"{name}.ipynb").read_bytes())
    for cell in content["cells"]:
        cell["source"] = answers.get(cell["metadata"]["nbgrader"]["grade_id"], cell["source"])
    return content


def graded(answers, name=NAME, **more):
    data = answers if isinstance(answers, bytes | None) else json.dumps(notebook(answers, name)).encode()
    return grade(load_assignment(None, name), data, student="ada", zygote=InProcess(), **{"seed": "s"} | more)


def by_id(report):
    return {exercise.id: exercise for exercise in report.exercises}


def test_right_answers_earn_everything_and_the_json_is_as_agreed():
    report, _ = graded(RIGHT)
    found = report.to_json()
    assert list(found) == [
        "student",
        "assignment",
        "score",
        "max_score",
        "isolation",
        "seed",
        "seconds",
        "notes",
        "exercises",
    ]
    assert (found["score"], found["max_score"]) == (26, 26)
    for exercise in found["exercises"]:
        assert list(exercise) == [
            "id",
            "score",
            "max_score",
            "status",
            "checks",
            "misconceptions",
            "attention",
            "reason",
            "why",
        ]
        assert exercise["status"] == "graded"
        assert all(set(check) == {"name", "passed", "message"} for check in exercise["checks"])


def test_the_same_seed_gives_the_same_json_but_for_seconds():
    one, two = (graded(RIGHT | {"hidden_delta_solution": NO_SLOPE})[0].to_json() for _ in range(2))
    one.pop("seconds"), two.pop("seconds")
    assert json.dumps(one) == json.dumps(two)


def test_a_mistake_costs_its_exercise_alone_and_is_named():
    report, _ = graded(RIGHT | {"hidden_delta_solution": NO_SLOPE})
    found = by_id(report)
    assert found["hidden_delta"].score < 14
    assert found["hidden_delta"].to_json()["misconceptions"] == ["K13"]
    assert found["all_deltas"].score == 6
    assert found["residual_delta"].score == 6


def test_untouched_missing_broken_and_crashing_exercises_are_told_apart():
    report, _ = graded({})
    assert {(e.status, e.reason, e.score) for e in report.exercises} == {("not_run", UNWRITTEN, 0.0)}
    report, _ = graded(RIGHT | {"hidden_delta_solution": "def hidden_delta(W_next:\n"})
    assert by_id(report)["hidden_delta"].status == "not_run"
    assert "SyntaxError" in reason_words(by_id(report)["hidden_delta"].reason)
    report, _ = graded(RIGHT | {"hidden_delta_solution": "def hiden_delta(W, d, z, h):\n    return d\n"})
    assert by_id(report)["hidden_delta"].status == "missing"
    assert by_id(report)["residual_delta"].score == 6
    report, _ = graded(RIGHT | {"hidden_delta_solution": "def hidden_delta(W, d, z, h):\n    return 1 / 0\n"})
    assert by_id(report)["hidden_delta"].status == "crashed"
    without = notebook(RIGHT)
    without["cells"] = [c for c in without["cells"] if not c["id"].startswith("hidden_delta")]
    report, _ = graded(json.dumps(without).encode())
    assert by_id(report)["hidden_delta"].status == "missing"
    assert any("hidden_delta_solution is missing" in note for note in report.notes)


@pytest.mark.parametrize("junk", [0, 45])
def test_a_deleted_cell_is_missing_however_much_else_is_odd(junk):
    """Forty remarks are shown; what is graded must not depend on which."""
    content = notebook(RIGHT)
    content["cells"] = [cell for cell in content["cells"] if cell["id"] != "hidden_delta_solution"]
    content["cells"][:0] = [{"cell_type": "junk"}] * junk
    assert len(content["cells"]) == len(notebook(RIGHT)["cells"]) - 1 + junk
    report, submission = graded(json.dumps(content).encode())
    assert by_id(report)["hidden_delta"].status == "missing"
    assert submission.missing == {"hidden_delta"}
    assert len(report.notes) <= 41
    assert attention_lines(report.to_json())[0] == "missing: hidden_delta"


def test_what_needs_a_person_is_said_with_its_reason_once():
    answers = RIGHT | {
        "hidden_delta_solution": "def hidden_delta(*args):\n    return 'text'\n",
        "residual_delta_solution": "def residual_delta(*args):\n    return 1 / 0\n",
    }
    report, _ = graded(answers)
    found = attention(report.to_json())
    assert [fact.kind for fact in found] == ["crashed", "no_numbers"]
    ((ids, reason),) = found[0].values
    assert ids == ("residual_delta",)
    assert attention_words(found[0]) == f"crashed: residual_delta ({reason})"
    assert attention_words(found[1]).startswith(
        "no points: hidden_delta (the answer is a str; expected an array"
    )


def test_the_time_is_told_by_its_class_alone():
    assert [time_class(s) for s in (0, 0.3, 1, 1.1, 9.99, 10, 11, 99, 101)] == [
        1,
        1,
        1,
        10,
        10,
        10,
        100,
        100,
        1000,
    ]


def test_a_caller_of_what_is_not_written_is_told_which_that_is():
    answers = {name: source for name, source in RIGHT.items() if name != "hidden_delta_solution"}
    report, _ = graded(answers)
    found = by_id(report)["all_deltas"]
    assert found.score == 0
    assert "hidden_delta is called, and not written yet" in next(
        check["message"] for check in found.checks() if check["name"].startswith("values")
    )
    own = RIGHT | {"all_deltas_solution": "def all_deltas(*args):\n    raise NotImplementedError\n"}
    assert (
        reason_words(by_id(graded(own)[0])["all_deltas"].reason)
        == "not written yet: it raises NotImplementedError"
    )


def test_what_is_said_of_a_caller_is_said_apart_from_its_helpers_mistake():
    softmax = RIGHT["all_deltas_solution"].replace(
        "    return delta\n", "    return {l: d + 0.1 * (output == 'softmax') for l, d in delta.items()}\n"
    )
    report, _ = graded(RIGHT | {"hidden_delta_solution": NO_SLOPE, "all_deltas_solution": softmax})
    found = by_id(report)["all_deltas"].judgement
    assert found.fraction == pytest.approx(2 / 3)
    assert found.pattern == "Right except with softmax. In each answer every entry is off by the same amount."


@pytest.mark.parametrize("data", [b"", b"no notebook", b'{"cells": [', b"[]", b"\x89PNG\r\n"])
def test_what_is_no_notebook_is_ungradable_and_says_so(data):
    report, submission = graded(data)
    assert submission is None
    assert {e.status for e in report.exercises} == {"ungradable"}
    assert report.notes
    assert attention_lines(report.to_json())[0] == "ungradable: everything"


def test_nothing_handed_in_is_missing():
    report, _ = graded(None, error="no notebook was handed in")
    assert {e.status for e in report.exercises} == {"missing"}
    assert report.notes == ("no notebook was handed in",)


def test_an_essay_waits_for_a_person():
    report, submission = graded({"why_same_g": "The target decides."}, "02-nonlinearities")
    essay = by_id(report)["why_same_g"]
    assert (essay.status, essay.score, essay.max_score) == ("manual", 0, 4)
    assert "why_same_g" not in submission.untouched


def test_seeds_differ_between_students_and_assignments():
    seeds = {submission_seed("s", student, name) for student in ("a", "b") for name in ("x", "y")}
    assert len(seeds | {submission_seed("t", "a", "x")}) == 5
    assert submission_seed("s", "ab", "c") != submission_seed("s", "a", "bc")


def test_nothing_of_the_students_making_can_run_in_what_is_returned():
    bad = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    content = notebook(RIGHT | {"hidden_delta_solution": f"raise ValueError('{bad}')\n"})
    content["cells"].append(
        {
            "cell_type": "markdown",
            "id": "own",
            "metadata": {"x": bad},
            "source": bad,
            "attachments": {"a": {"text/html": bad}},
        }
    )
    content["cells"].append({"cell_type": "raw", "id": "raw", "metadata": {}, "source": bad})
    content["cells"].append(
        {
            "cell_type": "code",
            "id": "code",
            "metadata": {},
            "source": "1",
            "execution_count": 1,
            "outputs": [{"output_type": "display_data", "data": {"text/html": bad}, "metadata": {}}],
        }
    )
    report, submission = graded(json.dumps(content).encode())
    made = autograded(load_assignment(None, NAME), report, submission)
    for cell in made["cells"]:
        if cell["cell_type"] != "code":
            assert "<script" not in "".join(cell["source"])
        for output in cell.get("outputs", ()):
            assert "<script" not in output["data"]["text/html"]
        assert "attachments" not in cell
    page = render_page(page_facts(report, submission))
    assert "<script" not in page
    assert "<img" not in page
    assert "http://" not in page.replace("http-equiv", "")
    assert "https://" not in page


def test_no_hidden_number_is_returned():
    leak = "def hidden_delta(W_next, delta_next, z, hidden):\n    raise ValueError(str(z.tolist()))\n"
    report, submission = graded(RIGHT | {"hidden_delta_solution": leak})
    page = render_page(page_facts(report, submission))
    assert "ValueError" in page
    assert submission_seed("s", "ada", NAME).hex() not in page
    assert hashlib.sha256(b"s").hexdigest() not in page


def test_text_for_terminals_and_pages_is_plain():
    assert one_line("\x1b[31mred\x1b[0m\x07 \u202etxt\n") == "red txt "
    assert len(one_line("x" * 10_000)) == 300


class Counted(InProcess):
    """How many children there were that were asked with the hidden numbers, and with the public ones."""

    count = public = 0

    def child(self, cells, *, public=False, **more):
        self.count += not public
        self.public += public
        return super().child(cells, **more)


@pytest.mark.parametrize(
    ("answers", "children"),
    [
        # One for both rounds.
        ({}, (0, 1)),
        # all_deltas last, with a right hidden_delta; another child is asked with the hidden numbers.
        ({"hidden_delta_solution": NO_SLOPE}, (1, 1)),
    ],
)
def test_exercises_share_a_child_and_what_one_gave_is_not_asked_again(answers, children):
    zygote = Counted()
    data = json.dumps(notebook(RIGHT | answers)).encode()
    report, _ = grade(load_assignment(None, NAME), data, student="ada", zygote=zygote, seed="s")
    assert by_id(report)["all_deltas"].score == by_id(report)["all_deltas"].max_score
    assert (zygote.count, zygote.public) == children


RESIDUAL = "def residual_delta(W, z, delta_a):\n    return delta_a, W.T @ delta_a + delta_a\n"
BY_ITSELF = (
    "def all_deltas(W, Z, A, Y, hidden, output):\n"
    "    delta = {len(W): output_delta(output, Z[len(W)], Y)}\n"
    "    for l in range(len(W) - 1, 0, -1):\n"
    "        delta[l] = W[l + 1].T @ delta[l + 1]\n"
    "    return delta\n"
)
ONE_SHORT = RIGHT["all_deltas_solution"].replace(", 0, -1)", ", 1, -1)")


@pytest.mark.parametrize(
    ("wrong", "children"),
    [
        # What was wrong in a child that judged others is judged in one that did not.
        ({"residual_delta_solution": RESIDUAL}, (1, 1)),
        ({"all_deltas_solution": BY_ITSELF, "hidden_delta_solution": NO_SLOPE}, (2, 1)),
        # As it was written, and after that with right helpers, in one child.
        ({"all_deltas_solution": ONE_SHORT, "hidden_delta_solution": NO_SLOPE}, (2, 1)),
    ],
)
def test_nothing_is_judged_again_that_a_fresh_child_has_judged(wrong, children):
    zygote = Counted()
    data = json.dumps(notebook(RIGHT | wrong)).encode()
    grade(load_assignment(None, NAME), data, student="ada", zygote=zygote, seed="s")
    assert (zygote.count, zygote.public) == children


def test_what_one_exercise_does_to_the_process_costs_no_other():
    spoils = """slope = [lambda z: 1 - np.tanh(z) ** 2]
def hidden_delta(W_next, delta_next, z, hidden):
    slope[0] = np.zeros_like
    return (W_next.T @ delta_next) * g_prime(hidden, z)
"""
    residual = RIGHT["residual_delta_solution"].replace("(1 - np.tanh(z) ** 2)", "slope[0](z)")
    answers = RIGHT | {"hidden_delta_solution": spoils, "residual_delta_solution": residual}
    zygote = Counted()
    data = json.dumps(notebook(answers)).encode()
    report, _ = grade(load_assignment(None, NAME), data, student="ada", zygote=zygote, seed="s")
    assert report.to_json()["score"] == 26
    # residual_delta, wrong in the public round, again in a new one
    assert (zygote.count, zygote.public) == (1, 1)


def test_graded_feedback_helps_as_far_as_the_course_says():
    answer = "def hidden_delta(W_next, delta_next, z, hidden):\n    return W_next.T @ delta_next\n"
    report, submission = graded(RIGHT | {"hidden_delta_solution": answer})

    def pages(*given):
        made = json.dumps(
            autograded(load_assignment(None, NAME), report, submission, *given), ensure_ascii=False
        )
        return made, render_page(page_facts(report, submission, *given))

    question, compare, line = (
        "how does a[l] change with z[l]?",
        "Compare your δ of a hidden layer",
        "(W_next.T @ delta_next) *",
    )
    for given, has, has_not in (
        ((), [question], [compare, line]),
        ((GradedHelp(EXERCISES, 0),), [], [question, compare, line]),
        ((GradedHelp(EXERCISES, 2),), [question, compare], ["The equation", line]),
        ((GradedHelp(EXERCISES, 4),), [question, compare, line], []),
    ):
        for page in pages(*given):
            assert all(words in page for words in has)
            assert not any(words in page for words in has_not)
