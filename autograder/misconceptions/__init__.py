"""The catalogue: wrong formulas that students write, each with its name, in the order of their codes."""

from autograder.misconceptions import (
    arrangement,
    backward_loop,
    delta_slips,
    forward,
    forward_slips,
    gradient_checking,
    huber,
    losses,
    penalty,
    slope_slips,
    slopes,
    step_1,
    step_2,
    step_3,
    target_slips,
    y_hat,
)
from autograder.misconceptions.catalogue import Catalogue, SlotChange
from autograder.misconceptions.misconception import Misconception

ENTRIES_BY_CHAPTER = (
    y_hat,
    step_1,
    huber,
    slopes,
    step_2,
    step_3,
    forward,
    losses,
    gradient_checking,
    backward_loop,
    forward_slips,
    delta_slips,
    slope_slips,
    target_slips,
    penalty,
    arrangement,
)
CATALOGUE = Catalogue(entry for chapter in ENTRIES_BY_CHAPTER for entry in chapter.ENTRIES)

__all__ = ["CATALOGUE", "Catalogue", "Misconception", "SlotChange"]
