"""Downloads as they come: Blackboard's, anonymous ones, entries without files, odd endings, late and timed;
and a class that is collected first without and then with names.
"""

import json
import zipfile
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from autograder.gradebook.gradebook import Gradebook
from autograder.gradebook.gradebook_url import default_url
from autograder.lms.collect import collect
from autograder.lms.downloads import DownloadError
from autograder.lms.identities import read_collected
from autograder.lms.roster import moodle_time
from autograder.lms.student_list import read_students
from tests.lms.test_collect import NAME, WORK, inside, of, submitted, zipped
from tests.support.command_line import autograder

OTHER = json.dumps({**json.loads(WORK), "other": 1}).encode()
CANVAS = f"lovelaceada_1001_90210_{NAME}.ipynb"
ROSTER = (
    "Student,ID,SIS User ID,SIS Login ID,Section\n"
    '"Lovelace, Ada",1001,S1,ada,Group A\n"Student, Test",1099,,t1,Group A\n'
)


def test_blackboards_download_with_its_times(tmp_path):
    name = "Step 2_{}_attempt_2026-03-{:02}-18-00-05"
    files = {
        f"{name.format('ada', 2)}_{NAME}.ipynb": OTHER,
        f"{name.format('ada', 3)}_{NAME}.ipynb": WORK,
        f"{name.format('ada', 2)}.txt": b"Name: Ada Lovelace (ada)\n",
        f"{name.format('s1234', 1)}_whatever.ipynb": WORK,
        f"{name.format('cleo', 1)}.txt": b"Name: Cleo (cleo)\n",
    }
    done = collect(tmp_path / "c", NAME, [zipped(tmp_path / "b.zip", files)], zone=ZoneInfo("Europe/Berlin"))
    found = submitted(tmp_path / "c")
    stamps = {path: data for path, data in found.items() if path.endswith("timestamp.txt")}
    assert stamps == {
        f"ada/{NAME}/timestamp.txt": b"2026-03-03 17:00:05 UTC\n",
        f"s1234/{NAME}/timestamp.txt": b"2026-03-01 17:00:05 UTC\n",
    }
    assert {path: data for path, data in found.items() if path not in stamps} == of("ada", "s1234")
    assert done.without == ["cleo"]
    assert {(known.lms, known.number) for known in read_collected(tmp_path / "c")} == {
        ("blackboard", number) for number in ("ada", "s1234", "cleo")
    }


def test_canvas_names_with_underscores_entries_without_files_and_nobodys(tmp_path):
    files = {
        f"van_der_berg_1001_90210_{NAME}.ipynb": WORK,
        "ozgurben_1002_text.html": b"<p>see my page</p>",
        "curiecleo_LATE_1003_link.html": b"<a href=x>",
        f"anon_Ab3dE_90211_{NAME}.ipynb": WORK,
        f"LATE_anon_Zz9Qx_90212_{NAME}.ipynb": WORK,
    }
    done = collect(tmp_path / "c", NAME, [zipped(tmp_path / "c.zip", files)])
    assert done.written == ["1001", "anon_Ab3dE", "anon_Zz9Qx"]
    assert done.without == ["1002", "1003"]
    assert done.late == ["1003", "anon_Zz9Qx"]
    assert any(
        line.startswith("1002: no notebook among what was handed in (text.html)") for line in done.remarks
    )
    assert done.remarks[-1].startswith("the download is anonymous")
    from autograder.course.submitted import find_submissions

    notes = {folder.student: folder.notes for folder in find_submissions(tmp_path / "c")[0]}
    assert "the LMS marked it late" in notes["anon_Zz9Qx"][0]
    assert notes["anon_Ab3dE"] == ()


@pytest.mark.parametrize("name", [f"{NAME}.ipynb.json", f"{NAME}.ipynb.txt", "work.json", "work.txt"])
def test_a_notebook_under_another_ending_is_taken_and_told(tmp_path, name):
    files = {f"x_1001_9_{name}": WORK, "x_1001_8_notes.txt": b"hello", "y_1002_7_data.json": b"{}"}
    done = collect(tmp_path / "c", NAME, [zipped(tmp_path / "c.zip", files)])
    assert submitted(tmp_path / "c") == of("1001")
    assert done.remarks[0] == f"1001: {name} was taken: it holds a notebook, whatever its name says"
    assert done.without == ["1002"]
    work = tmp_path / "by-hand" / "submitted" / "ada" / NAME
    work.mkdir(parents=True)
    (work / name).write_bytes(WORK)
    (work / "timestamp.txt").write_text("2026-03-01 17:00:05 UTC")
    from autograder.course.submitted import find_submissions

    ((found,), _) = find_submissions(tmp_path / "by-hand")
    assert found.path is not None
    assert found.path.name == name
    assert found.notes == (f"the notebook was named {name}; {NAME}.ipynb was expected",)
    (work / name).rename(work / "hw6.py")
    ((found,), _) = find_submissions(tmp_path / "by-hand")
    assert found.path is not None  # whatever its name, its content is a notebook


def test_checkpoints_and_other_hidden_files_in_a_students_zip_are_passed_over(tmp_path):
    work = inside(
        {
            "hw/homework.ipynb": WORK,
            "hw/.ipynb_checkpoints/homework-checkpoint.ipynb": OTHER,
            ".hidden.ipynb": OTHER,
            "hw\\sub\\notes.txt": b"",
        }
    )
    done = collect(tmp_path / "c", NAME, [zipped(tmp_path / "c.zip", {"x_1001_9_work.zip": work})])
    assert (submitted(tmp_path / "c"), done.remarks) == (of("1001"), [])


def test_another_assignments_name_is_held_against_the_notebooks(tmp_path):
    download = zipped(tmp_path / "c.zip", {CANVAS: WORK, "bo_1002_5_06-step-2-1.ipynb": WORK})
    with pytest.raises(DownloadError, match=r"all 2 notebooks are named 06-step-2.ipynb, and the"):
        collect(tmp_path / "c", "06-stpe-2", [download])
    assert not (tmp_path / "c" / "submitted").exists()
    mine = zipped(tmp_path / "d.zip", {CANVAS: WORK, "bo_1002_5_hw.ipynb": WORK})
    done = collect(tmp_path / "c", "05-step-1", [mine])
    assert (done.written, done.remarks) == (["1001", "1002"], [])
    done = collect(tmp_path / "d", "05-step-1", [download])
    assert "all 2 notebooks are named 06-step-2.ipynb; they are collected as 05-step-1" in done.remarks[0]


def test_nothing_is_written_by_a_dry_run(tmp_path):
    download = zipped(tmp_path / "c.zip", {CANVAS: WORK})
    (tmp_path / "roster.csv").write_text(ROSTER)
    done = collect(tmp_path / "c", NAME, [download], roster=tmp_path / "roster.csv", dry_run=True)
    assert done.written == ["ada"]
    assert not (tmp_path / "c").exists()


def test_one_notebook_under_several_names_is_that_notebook(tmp_path):
    files = {"ada_1001_9_06 - Kopie.ipynb": WORK, "ada_1001_8_06-Copy1.ipynb": WORK}
    done = collect(tmp_path / "c", NAME, [zipped(tmp_path / "c.zip", files)])
    assert (submitted(tmp_path / "c"), done.remarks) == (of("1001"), [])
    files["ada_1001_7_06 (2).ipynb"] = OTHER
    done = collect(tmp_path / "d", NAME, [zipped(tmp_path / "d.zip", files)])
    assert "several notebooks" in done.remarks[0]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("work.rar", "of archives zip alone"),
        ("hw.tar.gz", "of archives zip"),
        ("hw.ipynb.url", "a link is not"),
    ],
)
def test_what_holds_no_notebook_is_told_with_the_reason(tmp_path, name, told):
    download = zipped(tmp_path / "c.zip", {f"ada_1001_9_{name}": b"Rar!", CANVAS: WORK})
    files = {f"bo_1002_9_{name}": b"Rar!", CANVAS: WORK}
    done = collect(tmp_path / "c", NAME, [zipped(download, files)])
    assert done.written == ["1001"]
    assert told in done.remarks[0]


def test_blackboards_word_for_an_attempt_may_be_of_any_language(tmp_path):
    files = {f"Step 2_ada_próba_2026-03-02-18-00-05_{NAME}.ipynb": WORK}
    files[f"Step 2_ben_attempt_2026-03-02-18-00-05_x_ada_próba_2026-03-02-18-00-05_{NAME}.ipynb"] = OTHER
    done = collect(tmp_path / "c", NAME, [zipped(tmp_path / "c.zip", files)])
    assert done.written == ["ada", "ben"]
    assert submitted(tmp_path / "c")[f"ada/{NAME}/{NAME}.ipynb"] == WORK


MOODLES = (
    "Identifier,Full name,ID number,Email address\nParticipant {},Ada Lovelace,ada,ADA@example.org\n",
    "Identifiant,Nom complet,Num\u00e9ro d\u2019identification,Adresse de courriel\n"
    "Participant {},Ada Lovelace,ada,ada@example.org\n",
    "Identifiant,Nom complet,Nume\u0301ro  d'identification\u00a0,Adresse de courriel\n"
    "Participant {},Ada Lovelace,ada,ada@example.org\n",
    # Without the number
    "Identificativo,Cognome e nome,Indirizzo email\nPartecipante {},Lovelace Ada,ada@example.org\n",
)


def test_a_student_is_the_same_in_whatever_columns_the_next_worksheet_has(tmp_path):
    course = tmp_path / "course"
    for week, sheet in enumerate(MOODLES):
        number = 501 + week
        (tmp_path / "sheet.csv").write_text(sheet.format(number), encoding="utf-8")
        file = f"Ada Lovelace_{number}_assignsubmission_file_/0{week + 4}.ipynb"
        download = zipped(tmp_path / f"{week}.zip", {file: WORK})
        done = collect(course, f"week-{week}", [download], roster=tmp_path / "sheet.csv")
        assert (done.written, done.remarks) == (["ada"], [])
    assert list(read_students(course)) == ["ada"]


@pytest.mark.filterwarnings("ignore:::nbgrader", "ignore:::sqlalchemy", "ignore::DeprecationWarning")
def test_a_class_collected_without_names_and_then_with_them_is_no_double_class(tmp_path):
    course, download = tmp_path / "course", zipped(tmp_path / "c.zip", {CANVAS: WORK})
    assert autograder("collect", course, download, "--assignment", NAME).returncode == 0
    assert autograder("grade", course, "--jobs", "1").returncode in (0, 1)
    with Gradebook(default_url(course)) as book:
        book.nbgrader.find_grade("hidden_delta", NAME, NAME, "1001").manual_score = 2.5
        book.nbgrader.db.commit()
    (tmp_path / "roster.csv").write_text(ROSTER)
    done = autograder("collect", course, download, "--assignment", NAME, "--roster", tmp_path / "roster.csv")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1001 is ada now" in done.stdout
    assert "1 as they were" in done.stdout
    assert [path.name for path in (course / "submitted").iterdir()] == ["ada"]
    assert {k.student for k in read_collected(course)} == {"ada"}
    assert read_students(course)["ada"].section == "Group A"
    done = autograder("grade", course, "--jobs", "1")
    assert "other scores than before" not in done.stdout
    with Gradebook(default_url(course)) as book:
        (student,) = book.nbgrader.students
        assert (student.id, student.first_name, student.last_name) == ("ada", "Ada", "Lovelace")
        assert book.nbgrader.find_grade("hidden_delta", NAME, NAME, "ada").manual_score == 2.5
    # And again without: the number is hers by now.
    done = autograder("collect", course, download, "--assignment", NAME)
    assert "1 as they were" in done.stdout
    assert [path.name for path in (course / "submitted").iterdir()] == ["ada"]


TIMES = {
    "Monday, 2 March 2026, 6:00 PM": (2026, 3, 2, 18, 0),
    "Monday, 2 March 2026, 12:05 AM": (2026, 3, 2, 0, 5),
    "Montag, 2. März 2026, 18:00": (2026, 3, 2, 18, 0),
    "lunes, 2 de marzo de 2026, 18:00": (2026, 3, 2, 18, 0),
    "lundi 2 août 2026, 18:00": (2026, 8, 2, 18, 0),
    "segunda-feira, 2 de dezembro de 2026 às 18:00": (2026, 12, 2, 18, 0),
    "lunedì, 2 giugno 2026, 18:00": (2026, 6, 2, 18, 0),
}


@pytest.mark.parametrize("text", TIMES)
def test_moodles_times_are_read_in_its_languages_and_zone(text):
    assert moodle_time(text, UTC) == datetime(*TIMES[text], tzinfo=UTC)
    assert moodle_time(text, ZoneInfo("Europe/Berlin")) < moodle_time(text, UTC)
    assert moodle_time("-", UTC) is moodle_time("2 Smarch 2026, 18:00", UTC) is None


def test_a_time_without_a_zone_is_no_time_and_it_is_said(tmp_path):
    from tests.lms.test_collect import LMS

    zipped(tmp_path / "m.zip", {f"Ada Lovelace_501_assignsubmission_file_/{NAME}.ipynb": WORK})
    done = autograder(
        *("collect", tmp_path / "c", tmp_path / "m.zip", "--assignment", NAME),
        *("--roster", LMS / "moodle_worksheet.csv"),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "told when 1 came, and not in which zone" in " ".join(done.stdout.split())
    assert not list((tmp_path / "c").rglob("timestamp.txt"))


def test_a_copy_that_holds_something_else_is_told(tmp_path):
    folder, copy = "Ada Lovelace_501_assignsubmission_file_", f"{NAME} (1).ipynb"
    files = {f"{folder}/{NAME}.ipynb": WORK, f"{folder}/{copy}": OTHER, f"{folder}/notes.ipynb": b"1"}
    done = collect(tmp_path / "c", NAME, [zipped(tmp_path / "m.zip", files)])
    assert done.remarks == [f"501: {NAME}.ipynb was taken; {copy} came along and holds something else"]
    assert submitted(tmp_path / "c") == of("501")
    files[f"{folder}/{copy}"] = WORK
    assert collect(tmp_path / "d", NAME, [zipped(tmp_path / "m.zip", files)]).remarks == []


def test_a_copy_that_cant_be_read_costs_nobody_the_notebook(tmp_path):
    folder, copy = "Ada Lovelace_501_assignsubmission_file_", f"{NAME} (1).ipynb"
    download = zipped(tmp_path / "m.zip", {f"{folder}/{NAME}.ipynb": WORK})
    with zipfile.ZipFile(download, "a", compression=zipfile.ZIP_BZIP2) as archive:
        archive.writestr(f"{folder}/{copy}", OTHER)
    done = collect(tmp_path / "c", NAME, [download])
    assert submitted(tmp_path / "c") == of("501")
    (told,) = done.remarks
    assert copy in told
    assert "can't be read: it is compressed by method 12 of zip" in told


def test_moodles_worksheet_says_when_it_was_handed_in(tmp_path):
    from tests.lms.test_collect import LMS

    download = zipped(tmp_path / "m.zip", {f"Ada Lovelace_501_assignsubmission_file_/{NAME}.ipynb": WORK})
    done = collect(
        tmp_path / "c", NAME, [download], roster=LMS / "moodle_worksheet.csv", zone=ZoneInfo("Europe/Berlin")
    )
    assert done.timed == ["ada@example.org"]
    stamp = tmp_path / "c" / "submitted" / "ada@example.org" / NAME / "timestamp.txt"
    assert stamp.read_text() == "2026-03-02 17:00:00 UTC\n"
