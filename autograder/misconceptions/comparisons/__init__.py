"""What to compare, mistake by mistake: the second step of help, and which terms the third marks.

True wherever the mistake's formula gives the numbers, in every exercise that it shows in. It names two things
that the student can print or work out on the small case, and not the right formula.
"""

from collections.abc import Mapping

from autograder.misconceptions.comparisons.classic import CLASSIC
from autograder.misconceptions.comparisons.comparison import Comparison
from autograder.misconceptions.comparisons.slips import SLIPS

__all__ = ["COMPARISONS", "Comparison"]

COMPARISONS: Mapping[str, Comparison] = {**CLASSIC, **SLIPS}
