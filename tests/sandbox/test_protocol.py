import numpy as np
import pytest

from autograder.sandbox import protocol
from autograder.sandbox.calls import CallError
from autograder.sandbox.inside.wire import FrameError
from autograder.sandbox.known_messages import NotebookWords
from autograder.sandbox.protocol import EncodedArguments, call_error_of, calls_message, outcomes
from tests.support.frames import parse

NOTHING = NotebookWords(())


def test_a_call_is_encoded_once_whoever_is_asked():
    encoded = EncodedArguments()
    args = (np.arange(3.0), {1: np.ones((2, 2))}, "tanh")
    first, second = (calls_message("n", "f", [args], pipelined, encoded) for pipelined in (False, True))
    header, payload = parse(first)
    assert header == {
        "nonce": "n",
        "calls": [["f", [{"a": "<f8 3"}, {"d": [[1, {"a": "<f8 2 2"}]]}, "tanh"], 56]],
        "pipelined": False,
    }
    assert np.frombuffer(payload).tolist() == [0.0, 1.0, 2.0, 1.0, 1.0, 1.0, 1.0]
    assert parse(second)[0] == header | {"pipelined": True}
    assert len(encoded.known) == 1


def test_arguments_made_anew_are_other_arguments(monkeypatch):
    """An id comes again once its owner is gone; the arguments are kept, so that theirs doesn't."""
    monkeypatch.setattr(protocol, "MOST_KNOWN", 5)
    encoded = EncodedArguments()
    for number in range(50):
        found = parse(calls_message("n", "f", [(np.full(1, float(number)),)], False, encoded))
        assert np.frombuffer(found[1]).tolist() == [number]
        assert len(encoded.known) <= 5


@pytest.mark.parametrize(
    "reply",
    [
        {},
        {"value": 1},
        {"value": 1, "error": ["exception", "", "", "", []]},
        {"value": 1, "after": True},
        {"value": 1, "after": [False, False]},
        {"error": ["strange", "", "", "", []]},
        {"error": ["exception", ""]},
        {"error": ["missing", "", "", "", []]},
        {"error": ["timeout", "", "", "", []]},
        {"error": ["protocol", "", "", "", []]},
        {"error": ["exception", "", "", "", ""]},
        {"error": ["exception", "", "", "", [[1, 1]]]},
        {"error": ["exception", "", "", "", [[1, 1, 1]]]},
        {"error": ["exception", "", "", "", [[1, True, "f"]]]},
        {"error": ["exception", "", "", "", [[1, 1, "f"]] * 6]},
        {"error": 5},
        {"error": {"exception": 1, "b": 2, "c": 3, "d": 4, "e": 5}},
        {"error": ["exception", 1, "", "", []]},
        {"value": 1, "after": ["x"]},
        {"value": 1, "after": [5]},
        {"value": 1, "after": [[]]},
    ],
)
def test_a_reply_of_another_form_is_refused(reply):
    with pytest.raises(FrameError):
        outcomes({"nonce": "n", "replies": [reply]}, b"", "n", [(1.0,)], NOTHING, True)


def test_unchanged_arguments_are_the_same_ones():
    args = (np.zeros(2),)
    reply = {"value": {"a": "<f8 1"}, "after": False}
    [found] = outcomes({"nonce": "n", "replies": [reply]}, bytes(8), "n", [args], NOTHING, True)
    assert found.args_after is args
    assert found.value.tolist() == [0.0]
    reply |= {"after": [[{"a": "<f8 1"}]]}
    [found] = outcomes({"nonce": "n", "replies": [reply]}, bytes(16), "n", [args], NOTHING, True)
    assert found.args_after[0].shape == (1,)
    [found] = outcomes(
        {"nonce": "n", "replies": [{"value": 1, "after": [False]}]}, b"", "n", [args], NOTHING, True
    )
    assert found.args_after[0] is args[0]


def told(type_, text, raised_in="", own="", public=True):
    return call_error_of(["exception", type_, text, raised_in, []], NotebookWords((own,)), public)


def test_an_errors_text_is_told_only_if_it_is_known():
    known = told("ValueError", "math domain error")
    assert (known.message, known.type) == ("ValueError: math domain error", "ValueError")
    assert "qwertyuiop" not in told("ValueError", "qwertyuiop").message


def test_of_an_errors_names_those_are_believed_that_the_notebook_or_python_has():
    assert told("Qwerty", "", "asdfgh") == CallError("exception", "an error")
    own = told("Qwerty", "", "asdfgh", own="Qwerty asdfgh")
    assert (own.type, own.raised_in) == ("Qwerty", "asdfgh")
    text = (
        "Cannot cast ufunc 'add' output from dtype('float64') to dtype('int64') with casting rule 'same_kind'"
    )
    numpys = told("UFuncTypeError", text)
    assert (numpys.type, numpys.message) == ("UFuncTypeError", f"UFuncTypeError: {text}")


def test_a_child_that_may_hold_hidden_numbers_tells_the_kind_alone():
    own = "class Qwerty(Exception): pass\ndef asdfgh(): raise ValueError('so it is')"
    secret = told("ValueError", "division by zero", "asdfgh", own, public=False)
    assert secret == CallError("exception", "ValueError", "", "ValueError", "asdfgh")
    assert told("Qwerty", "so it is", "asdfgh", own, public=False).message == "an error"
    # The control: one that holds none tells what the notebook says.
    assert told("ValueError", "so it is", "asdfgh", own).own_text == "so it is"
    assert told("ValueError", "division by zero", own=own).message == "ValueError: division by zero"


def test_what_is_returned_in_place_of_arrays_is_named_by_a_child_that_holds_nothing_hidden():
    reply = {"value": {"x": ["type", "set"]}, "after": False}
    messages = [
        outcomes({"nonce": "n", "replies": [reply]}, b"", "n", [()], NOTHING, public)[0].error.message
        for public in (True, False)
    ]
    assert "a set" in messages[0]
    assert "set" not in messages[1].split()
