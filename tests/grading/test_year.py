"""A year in the life of a course, in small; benchmarks/year.py lives it with nine assignments and sixty."""

from unittest import mock

import pytest

from autograder.grading import pool
from benchmarks.year import lived
from benchmarks.year_answers import Answers
from benchmarks.year_desk import in_this_process
from tests.support.classroom import LINES, STEP_2, graded_here


@pytest.mark.filterwarnings("ignore:::nbgrader", "ignore:::sqlalchemy", "ignore::DeprecationWarning")
def test_every_score_of_a_year_is_explained_and_no_work_is_lost(tmp_path):
    names = (LINES, STEP_2)
    with mock.patch.object(pool, "run_on_processes", graded_here):
        table, wrong = lived(tmp_path, 1, 4, names, in_this_process, Answers(names))
    assert wrong == []
    assert all(name in table for name in names)
