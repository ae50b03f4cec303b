"""The graded set: assignments beside the book's, none of whose answers is written down anywhere.

Where a gradient is asked, the forward pass stands here and its derivative nowhere. Each place of an
assignment has twins: an exercise for each variant, of the same ideas.
"""

from collections.abc import Mapping
from types import MappingProxyType

from autograder.exercises.exercise import Exercise
from autograder.exercises.graded import (
    g1_forward,
    g2_nonlinearities,
    g3_losses,
    g4_delta,
    g5_step_1,
    g6_step_2,
    g7_step_3,
    g8_batches,
    g9_project,
)
from autograder.exercises.graded.twins import VARIANTS, Twins, steps_of

# Each assignment's places, in order.
GRADED_SET: Mapping[str, tuple[Twins, ...]] = MappingProxyType(
    {
        module.ASSIGNMENT: module.EXERCISES
        for module in (
            g1_forward,
            g2_nonlinearities,
            g3_losses,
            g4_delta,
            g5_step_1,
            g6_step_2,
            g7_step_3,
            g8_batches,
            g9_project,
        )
    }
)
GRADED: Mapping[str, Exercise] = MappingProxyType(
    {
        twins.by_variant[variant].id: twins.by_variant[variant]
        for variant in VARIANTS
        for places in GRADED_SET.values()
        for twins in places
    }
)

__all__ = ["GRADED", "GRADED_SET", "VARIANTS", "Twins", "steps_of"]
