"""Downloads of Moodle and Canvas into submitted/: zips and folders, honest and hostile."""

import io
import json
import os
import stat
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autograder.lms.collect import collect
from autograder.lms.downloads import MAX_ARCHIVE, DownloadError
from autograder.notebooks.notebook import MAX_BYTES
from tests.grading.test_grade_submission import RIGHT, notebook

NAME = "06-step-2"
WORK = json.dumps(notebook(RIGHT)).encode()
MOODLE = "Ada Lovelace_501_assignsubmission_file_"
LMS = Path(__file__).parent / "files"


def zipped(path, files):
    """A zip of {name or ZipInfo: bytes}"""
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def inside(files):
    buffer = io.BytesIO()
    zipped(buffer, files)
    return buffer.getvalue()


def collected(course, *downloads, **options):
    return collect(course, NAME, downloads, **options)


def submitted(course):
    return {
        str(path.relative_to(course / "submitted")): path.read_bytes()
        for path in (course / "submitted").rglob("*")
        if path.is_file()
    }


def of(*students, data=WORK):
    return {f"{student}/{NAME}/{NAME}.ipynb": data for student in students}


DOWNLOADS = {
    "moodle in folders": {
        f"{MOODLE}/{NAME}.ipynb": WORK,
        "Ben Özgür_502_assignsubmission_file_/sub/whatever.ipynb": WORK,
        "Ben Özgür_502_assignsubmission_onlinetext_/onlinetext.html": b"<p>done</p>",
    },
    "moodle without folders": {
        f"{MOODLE}{NAME}.ipynb": WORK,
        f"Group A_Ben Özgür_502_assignsubmission_file_{NAME}.ipynb": WORK,
    },
    "moodle without the last underscore": {
        f"Ada Lovelace_501_assignsubmission_file/{NAME}.ipynb": WORK,
        f"Participant 502_502_assignsubmission_file/{NAME}.ipynb": WORK,
    },
    "canvas": {
        f"lovelaceada_501_90210_{NAME}.ipynb": WORK,
        "ozgurben_LATE_502_90211_my_own_name.ipynb": WORK,
    },
    "canvas, handed in again": {
        f"lovelaceada_501_90210_{NAME}-2.ipynb": WORK,
        f"lovelaceada_501_90209_{NAME}-1.ipynb": b"older",
        "lovelaceada_501_90209_notes.ipynb": b"other",
        f"ozgurben_502_90211_{NAME}.ipynb": WORK,
    },
    "a zip handed in": {
        f"{MOODLE}/work.zip": inside({f"a/{NAME}.ipynb": WORK, "a/other.ipynb": b"{}", "a/x.png": b"1"}),
        f"Ben Özgür_502_assignsubmission_file_/{NAME}.ipynb": WORK,
    },
    "what a Mac adds": {
        f"__MACOSX/{MOODLE}/._{NAME}.ipynb": b"junk",
        f"{MOODLE}/{NAME}.ipynb": WORK,
        f"{MOODLE}/.DS_Store": b"junk",
        f"ben_502_assignsubmission_file_/{NAME}.ipynb": WORK,
    },
}


@pytest.mark.parametrize("kind", DOWNLOADS)
@pytest.mark.parametrize("unpacked", [False, True])
def test_each_notebook_goes_to_its_student(tmp_path, kind, unpacked):
    if unpacked:
        download = tmp_path / "download"
        for name, data in DOWNLOADS[kind].items():
            path = download / "submissions" / name  # unpacked into a folder of its own
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    else:
        download = zipped(tmp_path / "submissions.zip", DOWNLOADS[kind])
    done = collected(tmp_path / "course", download)
    assert submitted(tmp_path / "course") == of("501", "502")
    assert done.written == ["501", "502"]
    assert done.remarks == []
    assert done.late == (["502"] if kind == "canvas" else [])
    again = collected(tmp_path / "course", download)
    assert (again.written, again.as_it_was) == ([], ["501", "502"])


def test_the_roster_gives_students_their_names(tmp_path):
    canvas = zipped(
        tmp_path / "c.zip", {f"x_{n}_9_{NAME}.ipynb": WORK for n in (1001, 1002, 1003, 1099, 4000)}
    )
    done = collected(tmp_path / "canvas", canvas, roster=LMS / "canvas.csv")
    assert submitted(tmp_path / "canvas") == of("ada", "ben", "cleo", "9f2c")
    assert done.remarks == ["4000 was left out: canvas.csv has no SIS Login ID for it"]
    done = collected(tmp_path / "ids", canvas, roster=LMS / "canvas.csv", column="SIS User ID")
    assert submitted(tmp_path / "ids") == of("S-1001", "S-1002", "S-1003")
    assert len(done.remarks) == 2
    moodle = zipped(tmp_path / "m.zip", {f"{MOODLE}/{NAME}.ipynb": WORK})
    collected(tmp_path / "moodle", moodle, roster=LMS / "moodle_worksheet.csv")
    assert submitted(tmp_path / "moodle") == of("ada@example.org")
    with pytest.raises(DownloadError, match=r"--roster .* no column Nick"):
        collected(tmp_path / "x", moodle, roster=LMS / "moodle_worksheet.csv", column="Nick")
    with pytest.raises(DownloadError, match=r"--roster .*can't be read"):
        collected(tmp_path / "x", moodle, roster=tmp_path / "no.csv")


def test_which_number_is_whose_is_kept_beside_the_course(tmp_path):
    course = tmp_path / "course"
    first = zipped(tmp_path / "m.zip", {f"{MOODLE}/{NAME}.ipynb": WORK})
    collected(course, first, roster=LMS / "moodle_worksheet.csv")
    second = zipped(tmp_path / "n.zip", {"Ada Lovelace_677_assignsubmission_file_/x.ipynb": WORK})
    collect(course, "03-losses", [second])
    kept = (course / "collected.csv").read_text()
    assert kept.splitlines() == [
        "assignment,lms,number,student,name",
        "03-losses,moodle,677,677,Ada Lovelace",
        f"{NAME},moodle,501,ada@example.org,Ada Lovelace",
    ]
    collect(course, "03-losses", [second])
    assert (course / "collected.csv").read_text() == kept
    (course / "collected.csv").write_text(f"{kept}{NAME},moodle\n")
    before = submitted(course)
    with pytest.raises(
        DownloadError, match=r"collected.csv, line 4: '06-step-2,moodle' was found, assignment,lms"
    ):
        collected(course, zipped(tmp_path / "o.zip", {f"B_502_assignsubmission_file_/{NAME}.ipynb": WORK}))
    assert submitted(course) == before


@pytest.mark.parametrize("name", ["../../evil", "a/b", "", ".hidden", "CON:", "x\ny", "=cmd", "-rf"])
def test_a_roster_cannot_name_a_folder_elsewhere(tmp_path, name):
    roster = tmp_path / "roster.csv"
    roster.write_text(f'ID,SIS Login ID\n501,"{name}"\n502,ben\n')
    download = zipped(tmp_path / "c.zip", {f"x_{n}_9_{NAME}.ipynb": WORK for n in (501, 502)})
    done = collected(tmp_path / "course", download, roster=roster)
    assert submitted(tmp_path / "course") == of("ben")
    assert len(done.remarks) == 1
    assert done.remarks[0].startswith("501 was left out")


def test_two_students_of_one_name_are_both_left_out(tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text("ID,SIS Login ID\n501,ada\n502,ada\n503,cleo\n")
    download = zipped(tmp_path / "c.zip", {f"x_{n}_9_{NAME}.ipynb": WORK for n in (501, 502, 503)})
    done = collected(tmp_path / "course", download, roster=roster)
    assert submitted(tmp_path / "course") == of("cleo")
    assert [remark[:16] for remark in done.remarks] == ["501 was left out", "502 was left out"]


def test_what_was_collected_before_is_not_lost(tmp_path):
    first = zipped(tmp_path / "1.zip", {f"{MOODLE}/{NAME}.ipynb": WORK})
    second = zipped(tmp_path / "2.zip", {f"{MOODLE}/{NAME}.ipynb": b"newer"})
    collected(tmp_path / "course", first)
    assert collected(tmp_path / "course", second).kept == ["501"]
    assert submitted(tmp_path / "course") == of("501")
    assert collected(tmp_path / "course", second, update=True).written == ["501"]
    assert submitted(tmp_path / "course") == of("501", data=b"newer")


def link(name):
    member = zipfile.ZipInfo(name)
    member.create_system = 3
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    return member


def encrypted(path):
    """The archive with its members said to be encrypted."""
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        while place >= 0:
            (flags,) = struct.unpack_from("<H", data, place + offset)
            struct.pack_into("<H", data, place + offset, flags | 1)
            place = data.find(mark, place + 4)
    path.write_bytes(data)
    return path


OUT = "leads out of the archive"
HOSTILE = {
    f"../{MOODLE}/{NAME}.ipynb": OUT,
    f"{MOODLE}/../../../../evil.ipynb": OUT,
    f"/{MOODLE}/{NAME}.ipynb": OUT,
    f"{MOODLE}//{NAME}.ipynb": OUT,
    f"C:/{MOODLE}/{NAME}.ipynb": OUT,
    f"{MOODLE}\\..\\{NAME}.ipynb": None,  # zipfile writes and reads it as it stands
    f"{MOODLE}/\x1b[2J{NAME}.ipynb": "control characters",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_names_that_lead_elsewhere_are_refused(tmp_path, name):
    good = f"Ben_502_assignsubmission_file_/{NAME}.ipynb"
    member = zipfile.ZipInfo("x")
    member.filename = name
    download = zipped(tmp_path / "evil.zip", {member: WORK, good: WORK})
    before = sorted(path.name for path in tmp_path.iterdir())
    done = collected(tmp_path / "course", download)
    assert submitted(tmp_path / "course") == of("502")
    assert len(done.remarks) == 1
    assert (HOSTILE[name] or "leads out") in done.remarks[0]
    assert done.remarks[0].isprintable()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*before, "course"])


def test_links_in_a_zip_and_in_a_folder_are_refused(tmp_path):
    secret = tmp_path / "secret.ipynb"
    secret.write_bytes(b"the teacher's")
    download = zipped(
        tmp_path / "l.zip",
        {link(f"{MOODLE}/{NAME}.ipynb"): str(secret), f"Ben_502_assignsubmission_file_/{NAME}.ipynb": WORK},
    )
    done = collected(tmp_path / "zip", download)
    assert submitted(tmp_path / "zip") == of("502")
    assert "symbolic link" in done.remarks[0]
    folder = tmp_path / "folder"
    (folder / "Ben_502_assignsubmission_file_").mkdir(parents=True)
    (folder / "Ben_502_assignsubmission_file_" / f"{NAME}.ipynb").write_bytes(WORK)
    (folder / MOODLE).mkdir()
    (folder / MOODLE / f"{NAME}.ipynb").symlink_to(secret)
    (folder / "Cleo_503_assignsubmission_file_").symlink_to(tmp_path)
    os.mkfifo(folder / f"Dan_504_assignsubmission_file_{NAME}.ipynb")
    done = collected(tmp_path / "course", folder)
    assert submitted(tmp_path / "course") == of("502")
    assert sorted(remark.rsplit("it is ", 1)[1] for remark in done.remarks) == [
        "a symbolic link",
        "a symbolic link",
        "no plain file",
    ]


def test_a_link_in_submitted_is_not_followed(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "course" / "submitted").mkdir(parents=True)
    (tmp_path / "course" / "submitted" / "501").symlink_to(tmp_path / "elsewhere")
    done = collected(tmp_path / "course", zipped(tmp_path / "m.zip", {f"{MOODLE}/{NAME}.ipynb": WORK}))
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert "symbolic link" in done.remarks[0]


def test_damaged_encrypted_and_swollen_files_cost_their_student_alone(tmp_path):
    good = {f"Ben_502_assignsubmission_file_/{NAME}.ipynb": WORK}
    bomb = bytes(MAX_BYTES + 1)
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{MOODLE}/{NAME}.ipynb", bomb)
        archive.writestr("Cleo_503_assignsubmission_file_/w.zip", b"no zip at all")
        archive.writestr("Dan_504_assignsubmission_file_/w.zip", inside({"../up.ipynb": WORK}))
        archive.writestr("Eve_505_assignsubmission_file_/cv.pdf", b"%PDF")
        archive.writestr("Finn_506_assignsubmission_file_/a.ipynb", WORK)
        archive.writestr("Finn_506_assignsubmission_file_/b.ipynb", WORK + b"\n")
        for name, data in good.items():
            archive.writestr(name, data)
    done = collected(tmp_path / "course", path)
    assert submitted(tmp_path / "course") == of("502")
    assert done.without == ["501", "503", "504", "505", "506"]
    assert all((tmp_path / "course" / "submitted" / student / NAME).is_dir() for student in done.without)
    said = "\n".join(done.remarks)
    for words in (
        "unpacks to more than",
        "can't be read as a zip",
        OUT,
        "no notebook among what was handed in (cv.pdf)",
        "several notebooks",
    ):
        assert words in said
    broken = bytearray(zipped(tmp_path / "b.zip", {f"{MOODLE}/{NAME}.ipynb": WORK} | good).read_bytes())
    place = broken.find(b"nbformat")
    broken[place : place + 4] = b"XXXX"  # the checksum tells
    (tmp_path / "b.zip").write_bytes(broken)
    done = collected(tmp_path / "broken", tmp_path / "b.zip")
    assert submitted(tmp_path / "broken") == of("502")
    assert "can't be unpacked" in done.remarks[0]


def test_an_encrypted_archive_is_said_to_be_one(tmp_path):
    download = encrypted(zipped(tmp_path / "e.zip", {f"{MOODLE}/{NAME}.ipynb": WORK}))
    done = collected(tmp_path / "course", download)
    assert submitted(tmp_path / "course") == {}
    assert done.without == ["501"]
    assert done.remarks[0].endswith("can't be read: it is encrypted")


def test_an_archive_in_the_archive_is_not_read_beyond_its_limit(tmp_path):
    with zipfile.ZipFile(tmp_path / "m.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{MOODLE}/w.zip", bytes(MAX_ARCHIVE + 1))
    done = collected(tmp_path / "course", tmp_path / "m.zip")
    assert done.without == ["501"]
    assert "unpacks to more than" in done.remarks[0]


def test_what_is_no_download_is_one_line(tmp_path):
    (tmp_path / "text.zip").write_text("no zip")
    (tmp_path / "empty").mkdir()
    zipped(tmp_path / "other.zip", {"holiday.jpg": b"1", "notes.txt": b"2"})
    for name, words in (
        ("text.zip", "no zip archive"),
        ("empty", "nothing was found"),
        ("none.zip", "no such file"),
        ("other.zip", "holiday.jpg"),
    ):
        with pytest.raises(DownloadError, match=words):
            collected(tmp_path / "course", tmp_path / name)
    with pytest.raises(DownloadError, match="--assignment"):
        collect(tmp_path / "course", "../x", [tmp_path / "other.zip"])
    assert not (tmp_path / "course").exists()


@given(name=st.text(min_size=1, max_size=60), data=st.binary(max_size=40))
@example(name="\x00", data=b"")  # zipfile reads it as an empty name
def test_no_name_writes_outside_its_place(tmp_path_factory, name, data):
    top = tmp_path_factory.mktemp("any")
    member = zipfile.ZipInfo("x")
    member.filename = name
    try:
        zipped(top / "d.zip", {member: data, f"Ben_502_assignsubmission_file_/{NAME}.ipynb": WORK})
    except (UnicodeEncodeError, ValueError):
        return  # no archive can hold such a name
    collected(top / "course", top / "d.zip", lms="moodle")
    assert f"502/{NAME}/{NAME}.ipynb" in submitted(top / "course")
    assert sorted(path.name for path in top.iterdir()) == ["course", "d.zip"]


def test_the_command_collects_and_grading_finds_it(tmp_path):
    download = zipped(
        tmp_path / "submissions.zip",
        {
            f"lovelaceada_1001_1_{NAME}.ipynb": WORK,
            "ozgurben_LATE_1002_2_essay.docx": b"PK",
            "readme.txt": b"?",
        },
    )
    command = [sys.executable, "-m", "autograder"]
    done = subprocess.run(
        [
            *command,
            "collect",
            tmp_path / "course",
            download,
            "--assignment",
            NAME,
            "--roster",
            LMS / "canvas.csv",
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "1 notebook of 06-step-2" in done.stdout
    assert "marked late by the LMS: ben" in done.stdout
    assert "readme.txt was left out" in done.stdout
    graded = subprocess.run(
        [*command, "grade", tmp_path / "course", "--json", tmp_path / "r.json"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert graded.returncode == 1
    reports = {r["student"]: r for r in json.loads((tmp_path / "r.json").read_text())}
    assert reports["ada"]["score"] == 26
    assert {e["status"] for e in reports["ben"]["exercises"]} == {"missing"}
