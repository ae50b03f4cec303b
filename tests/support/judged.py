"""A function judged in a namespace of its own, and what its verdict says."""

from autograder.diagnosis.assess import assess
from autograder.exercises import EXERCISES
from autograder.feedback.words import check_name
from autograder.sandbox.calls import LocalCaller

SEED = b"judge"


def beside(function, **others):
    """The function in a namespace of its own with the others beside it."""
    space = {**function.__globals__, **others}
    return type(function)(function.__code__, space, function.__name__, None, function.__closure__)


def judged(exercise, function, seed=SEED, **others):
    """The verdict on a function, in a namespace with the others beside it."""
    return assess(EXERCISES[exercise], LocalCaller(beside(function, **others), exercise), seed)


def wrong_hidden_delta(W_next, delta_next, z, hidden):
    return W_next.T @ delta_next


def failed(verdict):
    return [check_name(check) for check in verdict.checks if not check.passed]
