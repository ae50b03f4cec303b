import json

import numpy as np
import pytest

from autograder import check
from backprop import g_prime


def right(W_next, delta_next, z, hidden):
    return (W_next.T @ delta_next) * g_prime(hidden, z)


def without_slope(W_next, delta_next, z, hidden):
    return W_next.T @ delta_next


def named(function, name="hidden_delta"):
    function.__name__ = name
    return function


def test_a_right_answer_is_never_called_all_correct():
    text = check(named(right)).text
    assert "✓ hidden_delta: right on every number tried here" in text
    assert "grading uses other numbers" in text


def test_the_mistake_is_named_in_text_html_and_json():
    feedback = check(named(without_slope))
    assert feedback.judgement.codes == ("K13",)
    assert "You stopped one factor early" in feedback.html
    assert "K13" in feedback.text
    assert feedback.to_json()["misconceptions"] == ["K13"]


def test_the_text_is_narrow_and_the_card_has_no_script_or_style():
    feedback = check(named(without_slope))
    assert max(map(len, feedback.text.splitlines())) <= 79
    assert "<style" not in feedback.html
    assert "<script" not in feedback.html


def test_links_lead_to_the_book_only_where_its_pages_are_known(monkeypatch):
    """JupyterLite is a browser too, and the book's pages are not beside its notebooks."""
    monkeypatch.delenv("DELTABOOK_URL", raising=False)
    monkeypatch.setattr("sys.platform", "emscripten")
    assert "<a " not in check(named(without_slope)).html
    for url, found in (
        (".", '"06-step-2.html#'),
        ("https://a.example/b", '"https://a.example/b/06-step-2.html#'),
    ):
        monkeypatch.setenv("DELTABOOK_URL", url)
        assert f"<a href={found}equation-eq-6-1" in check(named(without_slope)).html


def test_a_stub_is_told_apart_from_a_mistake():
    def hidden_delta(W_next, delta_next, z, hidden):
        raise NotImplementedError

    assert check(hidden_delta).headline == "hidden_delta: not written yet"


def test_messages_of_the_student_are_escaped():
    def hidden_delta(W_next, delta_next, z, hidden):
        raise ValueError("<img src=x onerror=alert(1)>")

    assert "<img" not in check(hidden_delta).html


def test_in_a_stock_run_the_text_is_the_plain_number_of_points(monkeypatch, tmp_path):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    monkeypatch.chdir(tmp_path)
    bundle = check(named(right))._repr_mimebundle_()
    assert bundle == {"text/plain": "14.0"}
    cell = {"metadata": {"nbgrader": {"grade": True, "grade_id": "hidden_delta", "points": 7}}}
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": [cell]}))
    assert repr(check(named(right))) == "7.0"


def test_what_is_no_exercise_is_refused_in_words():
    with pytest.raises(ValueError, match="did you mean hidden_delta"):
        check(named(lambda: 0, "hiden_delta"))
    with pytest.raises(TypeError, match="expected a function"):
        check("hidden_delta")


def test_a_package_that_grading_lacks_is_announced():
    assert any("backprop" in note for note in check(named(right)).notes)
    assert np.pi > 3


def test_what_has_no_name_of_its_own_goes_by_the_notebooks():
    space = {"np": np, "check": check}
    exec(
        "sigmoid = lambda z: np.where(z > 0, 1, np.exp(-np.abs(z))) / (1 + np.exp(-np.abs(z)))\n"
        "found = check(sigmoid)",
        space,
    )
    assert "sigmoid: right" in space["found"].headline
    exec("softmax = np.vectorize(lambda z: z)\nfound = check(softmax)", space)
    assert "softmax" in space["found"].headline
    with pytest.raises(ValueError, match="<lambda>"):
        exec("check(lambda z: z)", space)
