"""Help in four steps: there for every mistake of the book and for what has no name, true, and in order."""

import re
from pathlib import Path

import numpy as np
import pytest

from autograder import check
from autograder.authoring import ExerciseHelp
from autograder.course.own_exercises import load
from autograder.diagnosis.assess import Judgement, assess
from autograder.exercises import EXERCISES
from autograder.feedback.ladder import COMPARE, EQUATION, LINE, QUESTION, HelpFor, equation_to_see, steps_for
from autograder.misconceptions import CATALOGUE
from autograder.misconceptions.comparisons import COMPARISONS
from autograder.misconceptions.equations import EQUATIONS, chapter_of, marked
from autograder.sandbox.calls import CallError, LocalCaller
from backprop import g, g_prime, output_delta

ROOT = Path(__file__).resolve().parents[2]
PAIRS = [(code, id) for code, entry in CATALOGUE.items() for id in entry.exercises()]
LEVELS = [QUESTION, COMPARE, EQUATION, LINE]


def by_level(exercise, finding):
    return {step.level: step for step in steps_for(exercise, finding)}


@pytest.mark.parametrize(("code", "id"), PAIRS)
def test_every_mistake_has_four_steps_in_every_exercise_that_it_shows_in(code, id):
    steps = by_level(EXERCISES[id], HelpFor(CATALOGUE[code]))
    assert list(steps) == LEVELS
    line = steps[LINE].code.split("  #")[0]
    assert not any(line in steps[level].words for level in (QUESTION, COMPARE))
    assert "{" not in steps[EQUATION].equation.text.replace("{0: X}", "")


def test_a_mistakes_term_is_marked():
    for code, id in PAIRS:
        if code != "K35" and COMPARISONS[code].line == "":
            equation = by_level(EXERCISES[id], HelpFor(CATALOGUE[code]))[EQUATION].equation
            assert any(is_marked for _, is_marked in equation.pieces), (code, id)
    assert [text for text, is_marked in marked("6.1", ("slope",)).pieces if is_marked] == ["g'(z[l])"]
    assert [text for text, is_marked in marked("5.1", ("yhat", "minus", "y")).pieces if is_marked] == [
        "ŷ - y"
    ]
    assert [text for text, is_marked in marked("5.5", ("no such",)).pieces if is_marked] == [
        "½ r² where |r| ≤ κ, κ (|r| - ½ κ) beyond,  r = z - y"
    ]


def test_the_catalogue_and_what_to_compare_are_of_one_length():
    assert COMPARISONS.keys() == CATALOGUE.keys()
    terms = {name for text in EQUATIONS.values() for name in re.findall(r"\{(\w+):", text)}
    said = {term for comparison in COMPARISONS.values() for term in comparison.terms}
    assert said <= terms


@pytest.mark.parametrize("id", EXERCISES)
def test_what_has_no_name_gets_four_steps_too(id):
    exercise = EXERCISES[id]
    stub = CallError("exception", "", type="NotImplementedError")
    unwritten = Judgement(id, "crashed", 0.0, error=stub, unwritten="")
    assert list(by_level(exercise, HelpFor(judgement=unwritten))) == LEVELS
    silent = Judgement(id, "graded", 0.0)
    assert list(by_level(exercise, HelpFor(judgement=silent))) == LEVELS


def test_who_has_written_nothing_is_told_where_to_begin():
    def hidden_delta(W_next, delta_next, z, hidden):
        raise NotImplementedError

    feedback = check(hidden_delta)
    assert feedback.case is None
    assert "Which shape has δ[l]?" in feedback.text.replace("\n    ", " ")
    assert "Which two factors make (n_l, m)?" in feedback.html
    assert feedback.html.index("Which shape has") < feedback.html.index("W_next.T @ delta_next")


def test_help_is_opened_one_by_one():
    """Each step lies in the details of the one before."""

    def hidden_delta(W_next, delta_next, z, hidden):
        return W_next.T @ delta_next

    page = check(hidden_delta).html
    opened = [m.start() for m in re.finditer(r"<details data-help", page)]
    assert len(opened) == 4
    assert "</details>" not in page[opened[0] : opened[3]]
    assert re.findall(r'data-help-level="(\d)"', page) == ["1", "2", "3", "4"]


def test_help_is_printed_as_far_as_it_is_asked_for(capsys):
    def hidden_delta(W_next, delta_next, z, hidden):
        return W_next.T @ delta_next

    feedback = check(hidden_delta)
    feedback.help(3)
    printed = capsys.readouterr().out
    assert (
        "  δ[l] = (W[l+1]ᵀ δ[l+1]) ∘ g'(z[l]),  l = N-1, …, 1\n                            ^^^^^^^^"
        in printed
    )
    assert "W_next.T" not in printed
    feedback.help()
    assert "return (W_next.T @ delta_next) * g_prime(hidden, z)" in capsys.readouterr().out


# ---- the lines


def solution(id):
    """The source of a right answer, and what its notebook gives."""
    text = (ROOT / "solutions" / EXERCISES[id].assignment / f"{EXERCISES[id].assignment}.md").read_text()
    given = re.findall(r'"grade_id": "given".*?\n\n(.*?)\n```', text, re.DOTALL)
    source = re.search(rf'"grade_id": "{id}_solution".*?\n\n(.*?)\n```', text, re.DOTALL)[1]
    others = re.findall(r'"solution": true.*?\n\n(.*?)\n```', text, re.DOTALL)
    return "\n\n".join([*given, *others]), source


def judged(id, source, before):
    space = {"np": np}
    exec(f"{before}\n\n{source}", space)
    return assess(EXERCISES[id], LocalCaller(space[id], id), b"public", public=True)


TAGGED = [
    (id, number)
    for id, exercise in EXERCISES.items()
    for number in exercise.help.lines
    if f"# ({number})" in solution(id)[1]
]


@pytest.mark.parametrize(("id", "number"), TAGGED)
def test_a_line_of_help_makes_a_right_answer(id, number):
    before, source = solution(id)
    line = EXERCISES[id].help.lines[number]
    old = next(row for row in source.split("\n") if f"# ({number})" in row)
    indent = old[: len(old) - len(old.lstrip())]
    # one turn's δ is called delta[l] in the line, and delta in this solution
    line = line.replace("delta[l]", "delta").replace("delta[l + 1]", "delta") if id == "backprop" else line
    line = line.replace("delta = {N: A[N] - Y}", "delta = A[N] - Y")
    if old.lstrip().startswith("return") and not line.startswith("return"):
        line = f"{line}\n{indent}return " + ("dW, db" if id == "l2_backprop" else "delta")
    assert judged(id, source.replace(old, indent + line), before).fraction == 1


def test_lines_without_a_number_stand_in_the_solutions_or_are_slopes():
    z = np.array([[-2.0, -0.5, 0.5, 3.0]])
    of_backprop = {EXERCISES["backprop"].help.lines[n] for i, n in TAGGED if i == "backprop"}
    known = {"sigmoid": "2.6", "tanh": "2.7", "relu": "2.8"}
    for id, exercise in EXERCISES.items():
        for number, line in exercise.help.lines.items():
            code = line.split("  #")[0].removeprefix("return ")
            if (id, number) in TAGGED or line in of_backprop or code.split(" = ")[-1] in solution(id)[1]:
                continue
            name, right = code.split(" = ", 1)
            if name == "slope":
                for hidden, of in known.items():
                    if number in (of, "slopes"):
                        names = {"np": np, "a": g(hidden, z), "z": z, "Z": {1: z}, "l": 1, "hidden": hidden}
                        found = eval(right, names | {"g_prime": g_prime})
                        assert np.allclose(found, g_prime(hidden, z)), (id, number)
            elif name == "yhat":
                e = np.exp(z.T - z.max())
                assert np.allclose(eval(right, {"e": e}), g("softmax", z.T))
            else:
                net = {"N": 2, "A": {2: 1 / (1 + np.exp(-z))}, "Z": {2: z}, "Y": z * 0, "z": z}
                names = {"g": g, "output": "sigmoid", "output_delta": output_delta}
                found = eval(right, names | net)
                found = found[2] if isinstance(found, dict) else found
                assert np.allclose(found, output_delta("sigmoid", z, z * 0)), (id, number, line)


# ---- mistakes and exercises that come later

OWN = """
import numpy as np
from autograder.authoring import ExerciseHelp, mistake, traced, worked
from autograder.misconceptions import Misconception


@worked(
    "13-own",
    arguments={"z": ("n", "m")},
    help=ExerciseHelp("Which shape?", "z and what?", ("f = z {power:squared}",), {"": "return z ** 2"}),
)
def square(z):
    return z**2


@worked("13-own", arguments={"z": ("n", "m")})
def cube(z):
    return z**3


@mistake
class Doubled(Misconception):
    code, name, chapter = "C1", "doubled", "13-own"
    sentence, hint, snippet = "This is twice z", "What is 3 squared?", "2 * z"
    terms, compare, line = ("power",), "Compare z = 2 with z = 3.", "return z * z"
    formulas = {"square": (lambda z: 2 * z,)}


@mistake
class Halved(Misconception):
    code, name, chapter = "C2", "halved", "13-own"
    sentence, hint, snippet = "This is half of z", "Where is the half from?", "z / 2"
    formulas = {"square": (lambda z: z / 2,)}


def scaled(x, gamma):
    unit = x / np.sqrt((x**2).sum(axis=1, keepdims=True))
    return unit * gamma


traced("scaled_backward", "13-own", forward=scaled, arguments={"x": ("n", "d"), "gamma": ("d",)},
       upstream=("dout",), gradients=("x", "gamma"))
"""


def own(id, function):
    course = load(OWN)
    verdict = assess(course.exercises[id], LocalCaller(function, id), b"public", public=True, course=course)
    (mistake,) = verdict.mistakes
    return mistake, by_level(course.exercises[id], HelpFor(mistake, verdict))


def test_an_own_exercise_and_an_own_mistake_bring_their_own_steps():
    mistake, steps = own("square", lambda z: 2 * z)
    assert mistake.code == "C1"
    assert [steps[1].words, steps[2].words, steps[4].code] == [
        "What is 3 squared?",
        "Compare z = 2 with z = 3.",
        "return z * z",
    ]
    assert steps[3].equation.pieces == (("f = z ", False), ("squared", True))


def test_what_an_own_mistake_lacks_comes_from_the_exercise():
    _, steps = own("square", lambda z: z / 2)
    assert steps[4].code == "return z ** 2"
    assert steps[3].equation.pieces == (("f = ", False), ("z squared", True))
    help = ExerciseHelp()
    assert (help.equation_for("6.1"), help.line_for("")) == ("", "")


def test_an_own_exercise_without_help_still_shows_its_shapes():
    exercise = load(OWN).exercises["cube"]
    stub = CallError("exception", "", type="NotImplementedError")
    steps = by_level(exercise, HelpFor(judgement=Judgement("cube", "crashed", 0.0, error=stub, unwritten="")))
    assert list(steps) == [QUESTION]
    assert "given are z (n, m)" in steps[QUESTION].words


def test_a_derived_mistake_brings_its_steps():
    def backward(dout, x, gamma):
        size = np.sqrt((x**2).sum(axis=1, keepdims=True))
        unit = x / size
        d = dout * gamma
        return (d - unit * (d * unit).sum(axis=1, keepdims=True)) / size, dout.sum(axis=0)

    mistake, steps = own("scaled_backward", backward)
    assert mistake.code.startswith(("D-", "K"))
    assert list(steps) == LEVELS
    assert "unit * gamma" in steps[EQUATION].equation.text
    assert steps[LINE].code


def test_what_is_right_of_several_results_is_not_the_equation_shown():
    def layer_gradients(delta, a_prev):
        return delta @ a_prev.T / delta.shape[1], np.full((len(delta), 1), 7.0)

    (step,) = (step for step in check(layer_gradients).to_json()["help"] if step["level"] == EQUATION)
    assert "db[l] = " in step["text"]


def test_without_a_case_nothing_is_said_of_a_case_above():
    words = by_level(EXERCISES["sigmoid"], HelpFor(judgement=Judgement("sigmoid", "graded", 0.0)))
    assert "above" not in words[QUESTION].words


def test_an_equation_to_see_is_the_one_that_the_help_marks():
    def numerical_delta(loss_of_z, z, h):
        delta = np.zeros(z.shape)
        for place in np.ndindex(z.shape):
            e = np.zeros(z.shape)
            e[place] = h
            delta[place] = (loss_of_z(z + e) - loss_of_z(z - e)) / h
        return delta

    assert "see equation (4.2)" in " ".join(check(numerical_delta).text.split())


@pytest.mark.parametrize("number", [number for number in EQUATIONS if number[0].isdigit()])
def test_an_equation_stands_in_the_chapter_that_is_linked(number):
    page = (ROOT / "book" / f"{chapter_of(number)}.md").read_text(encoding="utf-8")
    assert f":label: eq-{number.replace('.', '-')}\n" in page


@pytest.mark.parametrize(("code", "id"), PAIRS)
def test_no_mistake_sends_a_reader_to_a_later_chapter(code, id):
    """But for where 1/m and an update belong, and for the softmax that forward needs in chapter 1."""
    number = equation_to_see(EXERCISES[id], HelpFor(CATALOGUE[code]))
    asked_in = int(EXERCISES[id].assignment[:2])
    assert (
        int(number.split(".")[0]) <= asked_in or code in ("K36", "K39") or (id, number) == ("forward", "2.5")
    )
