"""The zip of feedback pages, read as Moodle and Canvas read it: each page reaches its own student."""

import io
import re
import zipfile

import pytest

from autograder.lms.collect import collect
from autograder.lms.feedback_files import FeedbackError, feedback_files
from tests.lms.test_collect import NAME, WORK, zipped


def moodle_reads(name):
    """(number, file) as Moodle takes them out of a path: parts at underscores, the second one the number."""
    info = name.split("/")[0].split("_", 4)
    assert (info[2], info[3]) == ("assignsubmission", "file")
    return info[1], name.split("/", 1)[1]


def canvas_reads(name):
    """(user, attachment): the first two parts of the name that are numbers."""
    return tuple([part for part in name.split("_") if re.fullmatch(r"\d+", part)][:2])


def graded(course, *students):
    for student in students:
        page = course / "feedback" / student / NAME / f"{NAME}.html"
        page.parent.mkdir(parents=True)
        page.write_text(f"<p>{student}</p>")


def pages(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_moodle_finds_each_student_by_the_number_it_gave(tmp_path):
    files = {
        f"Ada_B Lovelace_501_assignsubmission_file_/{NAME}.ipynb": WORK,
        f"Ben Özgür_502_assignsubmission_file_/{NAME}.ipynb": WORK,
    }
    collect(tmp_path, NAME, [zipped(tmp_path / "m.zip", files)])
    graded(tmp_path, "501", "stranger")
    found = feedback_files(tmp_path, "moodle")
    read = {moodle_reads(name): text for name, text in pages(found.data).items()}
    assert read == {("501", f"{NAME}-feedback.html"): "<p>501</p>"}
    assert found.left_out == [
        "502: no feedback page; nothing was graded",
        "stranger: moodle's name for the file is not known; collect its download",
    ]
    assert feedback_files(tmp_path, "moodle").data == found.data


def test_canvas_finds_each_student_by_its_own_files_name(tmp_path):
    files = {
        f"van_der_berg_LATE_1001_90210_{NAME}.ipynb": WORK,
        "ozgurben_1002_text.html": b"<p>my page</p>",
    }
    collect(tmp_path, NAME, [zipped(tmp_path / "c.zip", files)])
    graded(tmp_path, "1001", "1002")
    found = feedback_files(tmp_path, "canvas", NAME)
    assert {canvas_reads(name): text for name, text in pages(found.data).items()} == {
        ("1001", "90210"): "<p>1001</p>"
    }
    assert found.left_out == ["1002: canvas's name for the file is not known; collect its download"]


def test_what_is_missing_is_said(tmp_path):
    with pytest.raises(FeedbackError, match="nothing of any assignment was collected from canvas"):
        feedback_files(tmp_path, "canvas")
    for number, name in enumerate((NAME, "03-losses"), start=1):
        download = zipped(tmp_path / f"{number}.zip", {f"x_{number}_9_{name}.ipynb": WORK})
        collect(tmp_path, name, [download])
    with pytest.raises(FeedbackError, match=r"several assignments .*: say which with --assignment"):
        feedback_files(tmp_path, "canvas")
