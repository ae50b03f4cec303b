"""A run in which nothing changed reads no notebook; and whatever changes one is seen without its time."""

import json
import os

import pytest

from autograder.grading import jobs, stamps
from autograder.grading.jobs import key_but_for_data
from tests.grading.test_grade_course import NAME, course, hand_in, run, scores  # noqa: F401
from tests.grading.test_grade_submission import RIGHT

pytestmark = pytest.mark.filterwarnings(
    "ignore:::nbgrader", "ignore:::sqlalchemy", "ignore::DeprecationWarning"
)
LATE = '[late]\nmethod = "per_day"\n[due]\n"06-step-2" = 2026-01-31T18:00:00Z\n'


@pytest.fixture
def read(monkeypatch):
    """The students whose notebooks were read, since it was emptied last."""
    found, as_before = [], jobs.read_bytes

    def seen(path):
        found.append(path.parts[-3])
        return as_before(path)

    monkeypatch.setattr(jobs, "read_bytes", seen)
    return found


@pytest.fixture
def at_once(monkeypatch):
    """These files were written long ago, as far as stamps are concerned."""
    monkeypatch.setattr(stamps, "SECONDS_TO_SETTLE", 0.0)


def test_what_did_not_change_is_not_read(course, read, at_once):  # noqa: F811
    first = run(course)
    assert set(read) == {"ada", "bob"}
    read.clear()
    assert run(course).reports == first.reports
    (course / "autograder.toml").write_text(LATE)
    assert run(course).fresh == 0
    assert run(course).fresh == 0
    assert not read


def test_a_change_of_the_same_size_and_time_is_seen(course, read, at_once):  # noqa: F811
    run(course)
    read.clear()
    path = course / "submitted" / "bob" / NAME / f"{NAME}.ipynb"
    before, data = path.stat(), path.read_text()
    changed = data.replace("return", "raise ", 1)
    assert len(changed) == len(data) != 0
    assert changed != data
    path.write_text(changed)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert run(course).fresh == 1
    assert set(read) == {"bob"}


def test_the_same_bytes_in_another_file_are_read_and_not_graded(course, read, at_once):  # noqa: F811
    run(course)
    read.clear()
    path = course / "submitted" / "bob" / NAME / f"{NAME}.ipynb"
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(data)
    assert run(course).fresh == 0
    assert read == ["bob"]


def test_a_file_that_was_just_written_is_not_trusted(course, read):  # noqa: F811
    run(course)
    record = json.loads((course / ".autograder" / "results" / "ada" / f"{NAME}.json").read_text())
    assert "stamp" not in record
    read.clear()
    assert run(course).fresh == 0
    assert sorted(read) == ["ada", "bob"]


def test_what_else_a_score_depends_on_is_seen_without_reading(course, at_once):  # noqa: F811
    run(course)
    (course / "autograder.toml").write_text("[credit]\nK13 = 0.9\n")
    assert run(course).fresh == 2
    assert run(course).fresh == 0
    (course / "autograded" / "ada" / NAME / f"{NAME}.ipynb").unlink()
    assert run(course).fresh == 1
    assert run(course, seed="another").fresh == 2
    assert run(course, seed="another", force=True).fresh == 2


def test_where_the_best_attempt_counts_each_is_read_and_kept(course, read, at_once):  # noqa: F811
    run(course)
    read.clear()
    (course / "autograder.toml").write_text('[attempts]\nkeep = "best"\n')
    run(course)
    assert {"ada", "bob"} <= set(read)
    hand_in(course, "ada", RIGHT | {"hidden_delta_solution": "def hidden_delta(*a):\n    return 0\n"})
    assert scores(run(course))["ada"] == 26


def test_the_key_but_for_data_changes_with_everything_but_data_and_times(course):  # noqa: F811
    from autograder.course.submitted import find_submissions

    released = jobs.released_bytes(None, NAME)
    usual = {"seed": "s", "seconds": 10.0, "isolation": "strong"}
    ada, bob = find_submissions(course)[0]
    key = key_but_for_data(jobs.make_job(ada, released, **usual))
    assert key == key_but_for_data(jobs.make_job(ada, released, **usual, read=False))
    others = [
        jobs.make_job(bob, released, **usual),
        jobs.make_job(ada, released.replace(b"Step 2", b"Step two"), **usual),
        jobs.make_job(ada, released, **usual, own="x = 1"),
        jobs.make_job(ada, released, **usual, credit={"K13": 0.9}),
        jobs.make_job(ada, released, **usual, help=4),
        *(
            jobs.make_job(ada, released, **(usual | {name: value}))
            for name, value in (("seed", "t"), ("seconds", 20.0), ("isolation", "none"))
        ),
    ]
    assert len({key, *map(key_but_for_data, others)}) == 1 + len(others)
