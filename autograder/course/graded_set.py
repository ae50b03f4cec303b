"""Which variant of the graded set a course has: the instructor's choice, or its secret seed's."""

import hashlib
import hmac
from pathlib import Path

from autograder._language import _
from autograder.errors import GraderError
from autograder.exercises.graded import GRADED_SET, VARIANTS
from autograder.notebooks.assignment import released_path

ASSIGNMENTS = tuple(GRADED_SET)


def variant_of(seed: str) -> str:
    """The variant that a course's seed chooses: "A" or "B"; whoever doesn't know the seed can't tell."""
    digest = hmac.new(seed.encode(), b"variant of the graded set", hashlib.sha256).digest()
    return VARIANTS[digest[0] % len(VARIANTS)]


def graded_notebooks(variant: str) -> dict[str, Path]:
    """The released notebook of every graded assignment in this variant, by the assignment's name.

    GraderError for a variant that there is none of.
    """
    if variant not in VARIANTS:
        raise GraderError(
            _(
                "the graded set's variant {variant!r}: expected one of {variants}",
                variant=variant,
                variants=", ".join(VARIANTS),
            )
        )
    found = {}
    for name in ASSIGNMENTS:
        first = released_path(None, name)
        if first is None:
            raise GraderError(_("{name}: its released notebook is missing from this installation", name=name))
        found[name] = first if variant == VARIANTS[0] else first.parent / variant / first.name
    return found
