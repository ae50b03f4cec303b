"""This course's own exercise: the slope of swish."""

from typing import ClassVar

import numpy as np

from autograder.authoring import mistake, worked
from autograder.misconceptions import Misconception


@worked("14-own", arguments={"z": ("n", "m")}, results={"slope": ("n", "m")})
def swish_prime(z):
    s = 1 / (1 + np.exp(-z))
    return s + z * s * (1 - s)


@mistake
class SwishForItsSlope(Misconception):
    """The function's value was returned where its slope was asked."""

    code, name, chapter = "C1", "the value for its slope", "14-own"
    sentence = "This is the function, not its slope"
    hint = "How fast does it change with z?"
    snippet = "return z / (1 + np.exp(-z))"
    equation = "6.1"
    formulas: ClassVar = {"swish_prime": (lambda z: z / (1 + np.exp(-z)),)}
