"""Pure judging of arrays: what a Check is, and how answers are compared."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. weight is its share of the exercise's points; part its partial-credit group."""

    name: str
    passed: bool
    message: str
    weight: float
    part: str
