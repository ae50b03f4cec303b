"""Which numbers a student is asked: a version of each exercise, drawn from the course's seed.

A version is the same for all who have it.
"""

from collections import Counter

import numpy as np

from autograder.exercises import EXERCISES
from autograder.exercises.versions import PUBLIC_SEED, VERSIONS, ProbeVersion
from autograder.grading.grade_submission import sheet

IDS = ("hidden_delta", "all_deltas", "residual_delta")


def seeds(students, course="s"):
    return {name: [EXERCISES[id].seed(sheet(course, name, "06-step-2")) for id in IDS] for name in students}


def test_every_version_is_had_and_students_differ_in_which():
    had = seeds(f"s{i}" for i in range(400))
    for place in range(len(IDS)):
        counts = Counter(of[place] for of in had.values())
        assert len(counts) == VERSIONS
        assert max(counts.values()) < 90
    assert len({tuple(of) for of in had.values()}) > 200
    assert len({seed for of in had.values() for seed in of}) == VERSIONS * len(IDS)


def test_another_course_has_other_versions():
    one, other = seeds(["ada"], "s")["ada"], seeds(["ada"], "t")["ada"]
    assert not set(one) & set(other)


def test_who_has_the_same_version_is_asked_the_same_arrays():
    exercise = EXERCISES["hidden_delta"]
    one, other = ProbeVersion(b"course", b"ada"), ProbeVersion(b"course", b"ada")
    assert exercise.asked(one)[0][0] is exercise.asked(other)[0][0]
    assert np.array_equal(exercise.draw(exercise.seed(one))[0].args[0], exercise.probes(one)[0].args[0])


def test_public_numbers_depend_on_nobody():
    exercise = EXERCISES["hidden_delta"]
    assert (
        exercise.seed(ProbeVersion(b"course", b"ada"), public=True)
        == exercise.seed(b"", public=True)
        == PUBLIC_SEED
    )
