"""W19's numbers and sentences are the grader's own: those of the tape, of a student's code, and of the judge."""

import numpy as np
import pytest

from autograder._language import _, language, use_language
from autograder.diagnosis.assess import assess
from autograder.sandbox.calls import LocalCaller
from tools.widget_rules import (
    AT,
    BACKWARD,
    EXERCISE,
    FILE,
    RULES,
    SHOWN,
    gradients,
    module,
    student,
    two_uses,
)

by_id = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


@pytest.fixture
def spanish():
    before = language()
    use_language("es")
    yield
    use_language(before)


def told(rule, seed=b"other numbers than the widget's"):
    return assess(EXERCISE, LocalCaller(student(rule), EXERCISE.function), seed)


def test_the_module_is_what_the_grader_says_today():
    assert FILE.read_text(encoding="utf-8") == module(), "python tools/widget_rules.py writes it"


@pytest.mark.parametrize("rule", [None, *RULES], ids=lambda rule: rule.id if rule else "right")
def test_the_tapes_gradients_are_those_of_the_line_that_is_shown(rule):
    """Every number of the picture, from the loss back to w and b."""
    back = BACKWARD if rule is None else BACKWARD.replace(rule.right, rule.wrong)
    assert (back == BACKWARD) == (rule is None)
    w, b, x, y = (np.asarray(AT[name]) for name in ("w", "b", "x", "y"))
    p = w * x + b
    values = {"np": np, "w": w, "b": b, "x": x, "m": 2, "p": p, "a": np.maximum(p, 0)}
    values["e"] = w * values["a"] - y
    exec(back, values)
    found, _parts = gradients(rule)
    for name in SHOWN:
        np.testing.assert_array_equal(found[name], values[f"d{name}"], err_msg=f"d{name}")


def test_without_an_exchanged_rule_they_are_the_slopes_of_the_forward_pass():
    found, parts = gradients(None)
    for name in ("w", "b"):
        moved = {**{key: np.asarray(value, dtype=complex) for key, value in AT.items()}}
        moved[name] = moved[name] + 1e-30j
        p = moved["w"] * moved["x"] + moved["b"]
        # The same pass, for numbers that have no order
        slope = np.mean((moved["w"] * np.where(p.real > 0, p, 0) - moved["y"]) ** 2 / 2).imag / 1e-30
        assert found[name] == pytest.approx(slope, rel=1e-12)
    assert parts["q"] + parts["p"] == found["w"]
    assert two_uses(*(np.asarray(AT[name]) for name in ("w", "b", "x", "y"))) == 5


def test_the_right_way_back_earns_everything_and_is_told_nothing():
    found = told(None)
    assert (found.fraction, found.codes) == (1, ())


@by_id
def test_the_sentence_is_what_the_grader_says_of_other_numbers_too(rule):
    (mistake,) = told(rule).mistakes
    text = FILE.read_text(encoding="utf-8").split(f'id: "{rule.id}"')[1].split("  },")[0]
    assert f'says: _("{mistake.sentence}")' in text
    assert f'code: "{mistake.code}"' in text
    assert f'name: _("{mistake.name}")' in text


def test_the_spanish_sentences_are_the_graders_spanish(spanish):
    for rule in RULES:
        said = told(rule).mistakes[0].sentence
        use_language("en")
        english = told(rule).mistakes[0].sentence
        use_language("es")
        assert said == _(english) != english
