"""Functions that are the book's line for line are counted, whatever is written around their lines."""

import inspect

import backprop
from autograder.reports.book_lines import BookLines, book_lines, functions_in

BOOK = inspect.getsource(backprop.hidden_delta)
PLAIN = """
def hidden_delta(W_next, delta_next, z, hidden):
    # my own words
    return ((W_next.T @ delta_next)
            * g_prime(hidden, z))
"""
OWN = """
def hidden_delta(W_next, delta_next, z, hidden):
    back = W_next.T @ delta_next
    return back * g_prime(hidden, z)
"""


def test_comments_annotations_and_line_breaks_make_no_line_another():
    for source in (BOOK, PLAIN):
        assert book_lines({"06": {"ada": source}})["ada"] == BookLines("ada", ("hidden_delta",), 1)
    assert book_lines({"06": {"ada": OWN}})["ada"] == BookLines("ada", (), 1)


def test_what_the_book_does_not_have_counts_for_nothing():
    source = "def mine(x):\n    return x\n\ndef residual_delta(W, z, d):\n    return d, d\n"
    assert book_lines({"06": {"ada": source, "ben": "no python ("}}) == {
        "ada": BookLines("ada", (), 0),
        "ben": BookLines("ben", (), 0),
    }


def test_functions_of_all_assignments_are_counted_together():
    found = book_lines({"01": {"ada": inspect.getsource(backprop.forward)}, "06": {"ada": OWN}})
    assert found["ada"] == BookLines("ada", ("forward",), 2)


def test_every_function_of_the_book_is_its_own():
    for name in ("affine", "forward", "softmax", "loss", "layer_gradients", "all_deltas", "backprop"):
        source = inspect.getsource(getattr(backprop, name))
        assert functions_in(source).keys() == {name}
        assert book_lines({"x": {"ada": source}})["ada"].alike == (name,)
