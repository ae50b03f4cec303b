"""Whose file it is: the LMS's own part of a name counts, and an identity that two claim is nobody's."""

import unicodedata

import pytest

from autograder.lms.collect import collect
from autograder.lms.download_names import lms_name
from autograder.lms.downloads import DownloadError
from autograder.lms.export import export
from autograder.lms.identities import CollectedNumber
from autograder.lms.people import folder_key, names_differ
from autograder.lms.scores import Mark, Scores, Student
from tests.lms.test_collect import MOODLE, NAME, WORK, collected, inside, of, submitted, zipped

MALLORY = "Mallory_666_assignsubmission_file_"
# Names that the student chose, each after the LMS's own part.
CHOSEN = [
    f"x_501_assignsubmission_file_{NAME}-999999.ipynb",
    f"_501_assignsubmission_file_{NAME}.ipynb",
    f"501_assignsubmission_file_{NAME}.ipynb",
    f"Ada Lovelace_501_assignsubmission_file_/{NAME}.ipynb",
    f"lovelaceada_501_90210_{NAME}.ipynb",
    f"_LATE_501_90210_{NAME}.ipynb",
    f"\u202e_501_assignsubmission_file_{NAME}.ipynb",
    f"_٥٠١_assignsubmission_file_{NAME}.ipynb",
]


def in_form(first, chosen):
    """Canvas makes no folders of a name."""
    return first + (chosen.replace("/", "-") if first.startswith("m") else chosen)


@pytest.mark.parametrize("chosen", CHOSEN)
@pytest.mark.parametrize("first", [MALLORY, f"{MALLORY}/", "mallory_666_7_"])
def test_nothing_that_a_student_writes_into_a_name_is_an_identity(chosen, first):
    name = lms_name(tuple(in_form(first, chosen).split("/")))
    assert name is not None
    assert (name.number, name.person.casefold()) == ("666", "mallory")


@pytest.mark.parametrize("chosen", CHOSEN)
def test_no_chosen_name_replaces_a_classmates_notebook(tmp_path, chosen):
    for form in (MALLORY, f"{MALLORY}/", "mallory_666_7_"):
        ada = f"lovelaceada_501_90210_{NAME}.ipynb" if form.startswith("m") else f"{MOODLE}/{NAME}.ipynb"
        for order in (1, -1):
            files = [(in_form(form, chosen), b"evil"), (ada, WORK)][::order]
            course = tmp_path / f"{len(list(tmp_path.iterdir()))}"
            collected(course, zipped(tmp_path / f"{course.name}.zip", dict(files)))
            assert submitted(course)[f"501/{NAME}/{NAME}.ipynb"] == WORK


@pytest.mark.parametrize("number", ["0501", "٥٠١", "0", "9" * 19])
def test_a_number_that_no_lms_writes_is_nobodys(number):
    assert (
        lms_name((f"A_{number}_assignsubmission_file_", f"x_501_assignsubmission_file_{NAME}.ipynb")) is None
    )
    assert lms_name((f"a_{number}_7_x_501_9_{NAME}.ipynb",)) is None


def test_canvas_names_may_hold_underscores():
    name = lms_name((f"de_la_cruz_LATE_501_90210_{NAME}.ipynb",))
    assert name is not None
    assert (name.number, name.person, name.late, name.file) == ("501", "de_la_cruz", True, f"{NAME}.ipynb")


def test_a_zip_holds_nobody_elses_files(tmp_path):
    archive = inside({f"{MOODLE}/{NAME}.ipynb": b"evil", f"a_501_9_{NAME}.ipynb": b"evil"})
    collected(tmp_path / "course", zipped(tmp_path / "d.zip", {f"{MALLORY}/w.zip": archive}))
    assert {path.split("/")[0] for path in submitted(tmp_path / "course")} <= {"666"}


def test_a_number_beside_two_names_is_nobodys_and_both_are_said(tmp_path):
    files = {f"{MOODLE}/{NAME}.ipynb": WORK, f"Mallory_501_assignsubmission_file_/{NAME}.ipynb": b"evil"}
    files[f"Ben_502_assignsubmission_file_/{NAME}.ipynb"] = WORK
    done = collected(tmp_path / "course", zipped(tmp_path / "d.zip", files))
    assert submitted(tmp_path / "course") == of("502")
    assert done.remarks == ["501 was left out: it stands beside several names: Ada Lovelace, Mallory"]


def roster(tmp_path, *rows, header="Identifier,Full name,ID number"):
    path = tmp_path / "roster.csv"
    path.write_text("\n".join((header, *rows)))
    return path


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada", "Ada"),
        ("ada", "ada."),
        ("José", unicodedata.normalize("NFD", "José")),
        ("straße", "STRASSE"),
        ("ada", "ａｄａ"),
        ("ada", "ada"),
    ],
)
def test_two_students_whose_folders_may_be_one_are_both_left_out(tmp_path, one, other):
    table = roster(tmp_path, f"501,Ada Lovelace,{one}", f"502,Ben,{other}", "503,Cleo,cleo")
    files = {f"{MOODLE}/{NAME}.ipynb": WORK, f"Cleo_503_assignsubmission_file_/{NAME}.ipynb": WORK}
    done = collected(tmp_path / "a", zipped(tmp_path / "a.zip", files), roster=table)
    assert submitted(tmp_path / "a") == of("cleo")  # although 502 handed in nothing
    assert "more than once" in done.remarks[0]
    course = tmp_path / "b"
    (course / "submitted" / one / NAME).mkdir(parents=True)
    (course / "submitted" / one / NAME / "kept").write_bytes(b"")
    alone = roster(tmp_path, f"501,Ada Lovelace,{other}", "503,Cleo,cleo")
    done = collected(course, tmp_path / "a.zip", roster=alone)
    assert folder_key(one) == folder_key(other)
    written = {path.split("/")[0] for path in submitted(course)}
    assert written <= {one, "cleo"}


def test_a_roster_with_a_number_twice_says_whose_it_is_of_neither(tmp_path):
    table = roster(tmp_path, "501,Ada Lovelace,ada", "Participant 501,Ada Lovelace,mallory")
    done = collected(
        tmp_path / "c", zipped(tmp_path / "a.zip", {f"{MOODLE}/{NAME}.ipynb": WORK}), roster=table
    )
    assert submitted(tmp_path / "c") == {}
    assert done.remarks == ["501 was left out: roster.csv has it more than once"]


def test_a_worksheet_of_another_assignment_is_refused(tmp_path):
    people = {501: "Ada Lovelace", 502: "Ben Özgür", 503: "Cleo Curie"}
    files = {f"{name}_{n}_assignsubmission_file_/{NAME}.ipynb": WORK for n, name in people.items()}
    download = zipped(tmp_path / "d.zip", files)
    other = roster(tmp_path, "Participant 501,Cleo Curie,cleo", "Participant 502,Ada Lovelace,ada")
    with pytest.raises(
        DownloadError, match="2 of 2 names are not those of the download: the download says Ada"
    ):
        collected(tmp_path / "course", download, roster=other)
    assert not (tmp_path / "course").exists()
    one = roster(tmp_path, "501,Cleo Curie,cleo", "502,Ben Ozgur,ben", "503,Cleo Curie,curie")
    done = collected(tmp_path / "course", download, roster=one)
    assert submitted(tmp_path / "course") == of("ben", "curie")
    assert [remark.split(";")[0] for remark in done.remarks] == [
        "501 was left out: the download says Ada Lovelace, roster.csv says Cleo Curie",
    ]


def test_a_teams_number_is_no_persons(tmp_path):
    table = roster(tmp_path, "Participant 502,Ben Ozgur,ben")
    files = {f"Team Red_502_assignsubmission_file_/{NAME}.ipynb": WORK}
    done = collected(tmp_path / "course", zipped(tmp_path / "d.zip", files), roster=table)
    assert submitted(tmp_path / "course") == {}
    assert "the download says Team Red, roster.csv says Ben Ozgur" in done.remarks[0]


SAME = [
    ("Ada Lovelace", "Lovelace, Ada"),
    ("Group A-Ada Lovelace", "Ada Lovelace"),
    ("lovelaceada", "Lovelace, Ada"),
    ("ozgurben", "Özgür, Ben"),
    ("obrienpat", "O'Brien, Pat"),
    ("Pat OBrien", "Pat O'Brien"),
    ("wangfang", "王芳"),  # what ASCII can't say is not compared
    ("", "Ada"),
    ("Participant 501", ""),
    (unicodedata.normalize("NFD", "José Ñandú"), "José Ñandú"),
]
OTHERS = [("Ada Lovelace", "Cleo Curie"), ("Team Red", "Ben Ozgur"), ("lovelaceada", "Curie, Cleo")]
OTHERS += [("Ada", "Ada Lovelace"), ("王芳", "李娜")]


@pytest.mark.parametrize(("of_download", "of_table"), SAME)
def test_names_in_other_forms_are_the_same(of_download, of_table):
    assert not names_differ(of_download, of_table)


@pytest.mark.parametrize(("of_download", "of_table"), OTHERS)
def test_names_of_others_differ(of_download, of_table):
    assert names_differ(of_download, of_table)


def test_collecting_again_under_another_name_is_refused(tmp_path):
    course = tmp_path / "course"
    download = zipped(tmp_path / "d.zip", {f"{MOODLE}/{NAME}.ipynb": WORK})
    collected(course, download)
    done = collected(course, download, roster=roster(tmp_path, "501,Ada Lovelace,ada"))
    assert submitted(course) == of("501")
    assert done.remarks[0].startswith(
        "501 was left out: it was collected before as 501, now it is ada; if that"
    )
    other = zipped(tmp_path / "o.zip", {f"Mallory_501_assignsubmission_file_/{NAME}.ipynb": b"evil"})
    done = collected(course, other, update=True)
    assert submitted(course) == of("501")
    assert done.remarks[0].startswith("501 was left out: it was Ada Lovelace before, now it is Mallory")
    done = collect(course, "03-losses", [other])  # Moodle numbers anew in each assignment
    assert done.remarks == []


def test_a_worksheet_of_another_assignment_fills_no_row(tmp_path):
    sheet = tmp_path / "worksheet.csv"
    sheet.write_text("Identifier,Full name,Grade,Maximum Grade\n501,{},,26\n".format("Cleo Curie"))
    scores = Scores((Student("501"),), {NAME: 26.0}, {("501", NAME): Mark(20.0)})
    known = [CollectedNumber(NAME, "moodle", "501", "501", "Ada Lovelace")]
    data, outcome = export("moodle", scores, sheet, collected=known)
    assert data.decode().split() == sheet.read_text().split()
    assert "the file says Cleo Curie, the download said Ada Lovelace" in outcome.warnings[0]
    sheet.write_text("Identifier,Full name,Grade,Maximum Grade\n501,Ada Lovelace,,26\n")
    assert b"501,Ada Lovelace,20,26" in export("moodle", scores, sheet, collected=known)[0]


ATTEMPT = "attempt_2026-03-02-18-00-05"


def blackboard(*users, title="Step 2"):
    return {f"{title}_{user}_{ATTEMPT}_{NAME}.ipynb": WORK for user in users}


UNDO = (".autograder/undo/000001/journal.jsonl",)


@pytest.mark.parametrize("user", ["..", ".", "...", "=cmd", "con:", "a\\b", "\u202ebad", " x", "x" * 200])
def test_blackboards_user_cannot_name_a_folder_elsewhere(tmp_path, user):
    done = collected(tmp_path / "c", zipped(tmp_path / "d.zip", blackboard(user, "ben", "cleo")))
    assert submitted(tmp_path / "c") == of("ben", "cleo")
    places = {path.relative_to(tmp_path / "c") for path in (tmp_path / "c").rglob("*")}
    own = {".autograder", ".autograder/undo", ".autograder/undo/000001", *UNDO, "collected.csv"}
    assert {str(path) for path in places if path.parts[0] != "submitted"} <= own
    assert len(done.remarks) == 1


def test_the_end_of_a_users_name_is_nobody_elses(tmp_path):
    files = blackboard("mallory_ada", "x_ben") | blackboard("ada", "ben", "cleo")
    files[f"Step 2_mallory_ada_{ATTEMPT}_{NAME}.ipynb"] = b"evil"
    for order in (1, -1):
        course = tmp_path / f"{order}"
        done = collected(course, zipped(tmp_path / f"{order}.zip", dict([*files.items()][::order])))
        assert submitted(course) == of("ada", "ben", "cleo")
        assert len(done.remarks) == 2
    title = blackboard("ada", "ben", title="06_step_2")
    assert collected(tmp_path / "t", zipped(tmp_path / "t.zip", title)).written == ["ada", "ben"]


def test_two_users_of_one_folder_are_both_left_out(tmp_path):
    done = collected(tmp_path / "c", zipped(tmp_path / "d.zip", blackboard("ada", "Ada", "ben")))
    assert submitted(tmp_path / "c") == of("ben")
    assert len(done.remarks) == 2


def test_a_user_whose_name_looks_like_a_number_stops_nobody(tmp_path):
    collected(tmp_path / "c", zipped(tmp_path / "d.zip", blackboard("²", "٥٠١", "007", "ben")))
    assert submitted(tmp_path / "c") == of("²", "٥٠١", "007", "ben")
