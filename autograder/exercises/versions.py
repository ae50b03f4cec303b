"""Which numbers a student is asked: of each exercise one of a few versions, drawn from the course's seed."""

import hashlib
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

PUBLIC_SEED = b"public"
# Of an exercise's probes in a course
VERSIONS = 8


@dataclass(frozen=True)
class ProbeVersion:
    """A student's versions: of each exercise one of those that the course has, which one being secret.

    A version's networks, and what is expected of them, are worked out once for all who have it.
    """

    course: bytes
    student: bytes

    def of(self, exercise: str) -> bytes:
        """The seed of the version that this student has of the exercise."""
        number = hashlib.sha256(self.student + b"\0" + exercise.encode()).digest()[0] % VERSIONS
        return hashlib.sha256(self.course + bytes([number])).digest()


Seed: TypeAlias = bytes | ProbeVersion


def seed_of(exercise: str, seed: Seed, public: bool = False) -> bytes:
    """What the exercise's probes are drawn from.

    Exercises that are judged in one process share no numbers: one's inputs may be another's answers.
    """
    if public:
        return PUBLIC_SEED
    version = seed.of(exercise) if isinstance(seed, ProbeVersion) else seed
    return hashlib.sha256(exercise.encode() + b"\0" + version).digest()


def generator(seed: bytes, label: str) -> np.random.Generator:
    """Random numbers that depend on seed and label and nothing else."""
    digest = hashlib.sha256(seed + b"\0" + label.encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))
