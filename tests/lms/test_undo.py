"""A collection taken back: what it replaced is there again, what it brought is gone."""

import json

import pytest

from autograder.cli.app import app
from autograder.course.attempts import Attempt, earlier
from autograder.grading.renaming import forget_submission, move_submission
from autograder.lms import collect_journal
from autograder.lms.collect import collect
from autograder.lms.collect_journal import UndoError, take_back
from autograder.lms.identities import read_collected
from autograder.lms.student_list import read_students
from tests.grading.test_grade_submission import notebook
from tests.lms.test_collect import NAME, WORK, of, submitted, zipped
from tests.support.classroom import Classroom

OTHER = json.dumps(notebook({})).encode()
ROSTER = "Student,ID,SIS User ID,SIS Login ID,Section\n,,,,\nada,1001,,ada,G\nben,1002,,ben,G\n"


def download(tmp_path, name, **works):
    return zipped(
        tmp_path / name, {f"{who}_{number}_9_{NAME}.ipynb": data for (who, number, data) in works.values()}
    )


def files_of(course):
    kept = {path: path.read_bytes() for path in course.rglob("*") if path.is_file()}
    return {
        str(path.relative_to(course)): data
        for path, data in kept.items()
        if not {"undo", "lock"} & set(path.parts)
    }


def moved(course):
    return lambda assignment, old, new: move_submission(course, None, assignment, old, new)


def gone(course):
    return lambda assignment, student: forget_submission(course, None, assignment, student)


@pytest.fixture
def course(tmp_path):
    """Ada's notebook is there, collected by number."""
    collect(tmp_path / "c", NAME, [download(tmp_path, "1.zip", a=("ada", 1001, WORK))])
    return tmp_path / "c"


def test_what_was_replaced_comes_back_and_what_was_new_goes(tmp_path, course):
    before = files_of(course)
    second = download(tmp_path, "2.zip", a=("ada", 1001, OTHER), b=("ben", 1002, WORK))
    collect(course, NAME, [second], update=True)
    assert submitted(course) == of("1001", data=OTHER) | of("1002")
    told = take_back(course, moved(course), gone(course), dry_run=True)
    assert submitted(course) == of("1001", data=OTHER) | of("1002")
    done = take_back(course, moved(course), gone(course))
    assert (done.restored, done.remarks) == (told.restored, [])
    assert f"submitted/1001/{NAME}/{NAME}.ipynb" in done.restored
    assert files_of(course) == before
    assert not (course / "submitted" / "1002").exists()
    # And the first one too
    take_back(course, moved(course), gone(course))
    assert submitted(course) == {}
    with pytest.raises(UndoError, match="no collection to take back"):
        take_back(course, moved(course), gone(course))


def test_whoever_was_given_a_name_has_the_number_again(tmp_path, course):
    before = files_of(course)
    (tmp_path / "roster.csv").write_text(ROSTER)
    first = download(tmp_path, "1.zip", a=("ada", 1001, WORK))
    collect(course, NAME, [first], roster=tmp_path / "roster.csv", move=moved(course))
    assert submitted(course) == of("ada")
    assert list(read_students(course)) == ["ada", "ben"]
    take_back(course, moved(course), gone(course))
    assert files_of(course) == before
    assert {each.student for each in read_collected(course)} == {"1001"}


def test_what_was_changed_since_stays_and_is_told(tmp_path, course):
    collect(course, NAME, [download(tmp_path, "2.zip", a=("ada", 1001, OTHER))], update=True)
    path = course / "submitted" / "1001" / NAME / f"{NAME}.ipynb"
    path.write_bytes(b"mended by hand")
    done = take_back(course, moved(course), gone(course))
    assert path.read_bytes() == b"mended by hand"
    assert done.remarks == [
        f"submitted/1001/{NAME}/{NAME}.ipynb was changed since it was collected; it stays as it is"
    ]


def test_an_interrupted_collection_can_be_taken_back_too(tmp_path, course, monkeypatch):
    before = files_of(course)
    monkeypatch.setattr(collect_journal.CollectJournal, "close", lambda self: None)
    collect(course, NAME, [download(tmp_path, "2.zip", a=("ada", 1001, OTHER))], update=True)
    journal = next((course / ".autograder" / "undo").glob("*/journal.jsonl"))
    journal.write_text(journal.read_text() + '{"path": "subm')
    take_back(course, moved(course), gone(course))
    assert files_of(course) == before


def test_a_notebook_that_was_taken_back_was_no_attempt(tmp_path, course):
    first = Attempt(WORK, "")
    earlier(course, "1001", NAME, first)
    collect(course, NAME, [download(tmp_path, "2.zip", a=("ada", 1001, OTHER))], update=True)
    assert earlier(course, "1001", NAME, Attempt(OTHER, "")) == [first]
    take_back(course, moved(course), gone(course))
    assert earlier(course, "1001", NAME, Attempt(b"third", "")) == [first]
    assert len(list((course / ".autograder" / "attempts").rglob("*.ipynb"))) == 2


def test_the_last_few_are_kept_and_one_that_changed_nothing_is_none(tmp_path, course):
    same = download(tmp_path, "1.zip", a=("ada", 1001, WORK))
    collect(course, NAME, [same])
    kept = course / ".autograder" / "undo"
    assert len(list(kept.iterdir())) == 1
    for round_ in range(8):
        data = json.dumps(notebook({"own": str(round_)}) | {"round": round_}).encode()
        collect(course, NAME, [download(tmp_path, f"{round_}x.zip", a=("ada", 1001, data))], update=True)
    assert len(list(kept.iterdir())) == collect_journal.JOURNALS_KEPT


def test_the_command_says_what_it_did(tmp_path, course):
    from typer.testing import CliRunner

    done = CliRunner().invoke(app, ["undo", str(course)])
    assert done.exit_code == 0, done.output
    assert f"submitted/1001/{NAME}/{NAME}.ipynb" in done.output
    done = CliRunner().invoke(app, ["undo", str(course)])
    assert done.exit_code == 2


@pytest.mark.filterwarnings("ignore:::nbgrader", "ignore:::sqlalchemy", "ignore::DeprecationWarning")
def test_what_was_graded_by_mistake_is_gone_and_what_a_person_entered_stays(tmp_path, course):
    from typer.testing import CliRunner

    room = Classroom(course)
    room.grade()
    brought = {f"{name}_{number}_9_{NAME}.ipynb": WORK for name, number in (("ben", 1002), ("cleo", 1003))}
    collect(course, NAME, [zipped(tmp_path / "2.zip", brought)])
    room.grade()
    room.by_hand("1003", NAME, "all_deltas", 2.0, "seen")
    done = CliRunner().invoke(app, ["undo", str(course)])
    assert done.exit_code == 1, done.output
    assert f"1003 {NAME} stays in the gradebook: a person has entered something" in done.output
    assert room.mark("1002") is None
    assert room.mark("1003").cells["all_deltas"].comment == "seen"
    for step in ("submitted", "autograded", "feedback", ".autograder/results"):
        assert not (course / step / "1002").exists(), step
    assert room.grade().changes == []
    assert room.mark("1001").score == 26
