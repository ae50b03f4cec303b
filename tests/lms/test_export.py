import codecs
import csv
import io
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.lms import cells
from autograder.lms.export import export
from autograder.lms.identities import CollectedNumber
from autograder.lms.scores import Mark, Scores, Student
from autograder.lms.sheets import ExportError, SheetForm, Spreadsheet, read_sheet, sheet_bytes
from tests.support.command_line import autograder
from tests.support.formgrader import nbgrader

LMS = Path(__file__).parent / "files"
STEP_2 = "06-step-2"
CLASS = Scores(
    (
        Student("ada", "Ada", "Lovelace", "ada@example.org", "501"),
        Student("ben", "Ben", "Özgür", "ben@example.org", "502"),
        Student("cleo", "Cleo", "Curie", "cleo@example.org", "503"),
        Student("zoe", "Zoe", '=HYPERLINK("http://x")', "", ""),
    ),
    {STEP_2: 26.0},
    {
        ("ada", STEP_2): Mark(20.4),
        ("ben", STEP_2): Mark(26.0, penalty=2.0),
        ("zoe", STEP_2): Mark(12.0, pending=True),
    },
)


def table(data: bytes, delimiter=",", encoding="utf-8-sig"):
    return list(csv.reader(io.StringIO(data.decode(encoding)), delimiter=delimiter))


def cut(scores, *students):
    return Scores(tuple(s for s in scores.students if s.id in students), scores.assignments, scores.marks)


def test_canvas_is_filled_by_id_and_all_else_stays():
    data, outcome = export("canvas", CLASS, LMS / "canvas.csv")
    before, after = table((LMS / "canvas.csv").read_bytes()), table(data)
    assert after[0] == before[0]
    assert after[3][5] == "20.4"
    assert after[4][5] == "26"
    changed = {(i, j) for i, row in enumerate(before) for j, cell in enumerate(row) if after[i][j] != cell}
    assert changed == {(3, 5), (4, 5), (5, 0)}
    assert after[5][0] == "'=cmd|' /C calc'!A0, Cleo"
    assert after[5][5] == ""  # missing is no zero
    assert outcome.written == 2
    assert outcome.missing == [f"cleo {STEP_2}"]
    assert outcome.unknown_rows == ["1009"]  # not the test student
    assert outcome.not_in_file == ["zoe"]


CANVAS_ROWS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Notes,06-step-2 (55012)\n"
    "    Points Possible,,,,,,26\n"
    '"L, Ada",1001,S1,ada,G,- late,{ada}\n"O, Ben",1002,S2,ben,G,+1 day (asked),{ben}\n'
)


@pytest.mark.parametrize("word", ["EX", "N/A", "ex", "A−", "complete"])
def test_what_the_lms_says_in_words_is_kept_and_told(tmp_path, word):
    path = tmp_path / "canvas.csv"
    path.write_text(CANVAS_ROWS.format(ada=word, ben=""))
    data, outcome = export("canvas", CLASS, path)
    assert data.decode() == CANVAS_ROWS.format(ada=word, ben=26)
    assert outcome.written == 1
    assert f"ada {STEP_2}: {word!r} stands in the LMS's file; left as it was" in outcome.warnings


@pytest.mark.parametrize(("there", "told"), [("12", ["12 → 20.4"]), ("20.40", []), ("-", []), ("", [])])
def test_a_grade_that_is_there_is_replaced_with_a_line_alone(tmp_path, there, told):
    path = tmp_path / "canvas.csv"
    path.write_text(CANVAS_ROWS.format(ada=there, ben="26"))
    data, outcome = export("canvas", CLASS, path)
    assert data.decode() == CANVAS_ROWS.format(ada="20.4", ben=26)
    assert outcome.replaced == [f"ada {STEP_2}: {line}" for line in told]
    assert [line for line in outcome.lines() if "replaced" in line] == [
        f"a grade that was there is replaced: ada {STEP_2}: {line}" for line in told
    ]


def test_what_nothing_is_graded_of_is_written_nowhere(tmp_path):
    path = tmp_path / "canvas.csv"
    path.write_text(CANVAS_ROWS.format(ada="", ben=""))
    wrong = Scores(CLASS.students, {STEP_2: 26.0}, {("ada", STEP_2): Mark(None, pending=True)})
    for keep_pending in (False, True):
        data, outcome = export("canvas", wrong, path, keep_pending=keep_pending)
        assert data.decode() == CANVAS_ROWS.format(ada="", ben="")
        assert outcome.pending == [f"ada {STEP_2}"]
        for format, place in (("csv", 4), ("moodle", 4)):
            rows = table(export(format, wrong, keep_pending=keep_pending)[0])
            assert rows[1][place] == ""


def test_an_lms_name_may_differ():
    losses = Scores(CLASS.students, {STEP_2: 26.0, "03-losses": 8.0}, {("ada", "03-losses"): Mark(8.0)})
    data, _ = export("canvas", losses, LMS / "canvas.csv", columns={"03-losses": "week 3 – Losses"})
    assert table(data)[3][6] == "8"
    with pytest.raises(ExportError, match=r"no column 'Week 9'.*03-losses"):
        export("canvas", losses, LMS / "canvas.csv", columns={"03-losses": "Week 9"})
    with pytest.raises(ExportError, match=r"none of the assignments 04-delta has a column"):
        export("canvas", Scores(CLASS.students, {"04-delta": 6.0}, {}), LMS / "canvas.csv")


def test_blackboard_keeps_its_encoding_tabs_and_quotes():
    raw = (LMS / "blackboard.xls").read_bytes()
    data, outcome = export("blackboard", CLASS, LMS / "blackboard.xls")
    assert data.startswith(codecs.BOM_UTF16_LE)
    assert data == raw.replace(
        '"Yes"\t""\t"50"'.encode("utf-16-le"), '"Yes"\t"20.4"\t"50"'.encode("utf-16-le")
    ).replace('"Yes"\t"3"\t"60"'.encode("utf-16-le"), '"Yes"\t"26"\t"60"'.encode("utf-16-le"))
    assert any("ada 06-step-2: 20.4 of 20 points" in line for line in outcome.warnings)


def test_moodle_worksheet_with_decimal_commas_and_a_locked_grade():
    data, outcome = export("moodle", CLASS, LMS / "moodle_worksheet.csv")
    rows = table(data, ";")
    assert data.startswith(codecs.BOM_UTF8)
    assert [row[4] for row in rows] == ["Grade", "20,4", "3,50", ""]
    assert outcome.warnings == [
        f"ben {STEP_2}: the LMS says that this grade can't be changed; left as it was"
    ]
    two = Scores(CLASS.students, {STEP_2: 26.0, "03-losses": 8.0}, {})
    with pytest.raises(ExportError, match="say which with --assignment"):
        export("moodle", two, LMS / "moodle_worksheet.csv")


ANONYMOUS = (
    "Identifier,Status,Grade,Maximum Grade,Grade can be changed\n"
    "Participant 501,Submitted,,26,Yes\nParticipant 502,Submitted,,26,Yes\nParticipant 777,No "
    "submission,,26,Yes\n"
)
NAMED = ANONYMOUS.replace("Identifier,", "Identifier,Email address,").replace("501,", "501,ada@example.org,")
NAMED = NAMED.replace("502,", "502,ben@example.org,").replace("777,", "777,kim@example.org,")


def by_number(tmp_path, text, students, *known, marks=None):
    """Moodle's worksheet filled for a class of these ids; (grades by row, outcome)."""
    (tmp_path / "worksheet.csv").write_text(text)
    found = (
        {student: Mark(float(n)) for n, student in enumerate(students, start=1)} if marks is None else marks
    )
    scores = Scores(
        tuple(Student(student) for student in students),
        {STEP_2: 26.0},
        {(student, STEP_2): mark for student, mark in found.items()},
    )
    data, outcome = export(
        "moodle", scores, tmp_path / "worksheet.csv", collected=[CollectedNumber(*k) for k in known]
    )
    rows = table(data)
    return [row[rows[0].index("Grade")] for row in rows[1:]], outcome


def test_moodle_students_collected_by_number_are_found_by_it(tmp_path):
    known = [(STEP_2, "moodle", "501", "501"), (STEP_2, "moodle", "502", "ben@example.org")]
    grades, outcome = by_number(tmp_path, ANONYMOUS, ["501", "ben@example.org"], *known)
    assert grades == ["1", "2", ""]
    assert outcome.not_in_file == []
    assert outcome.unknown_rows == ["Participant 777"]
    grades, _ = by_number(tmp_path, NAMED, ["501", "ben@example.org"], *known)
    assert grades == ["1", "2", ""]


def test_moodles_number_of_another_assignment_or_of_nobody_collected_is_no_number(tmp_path):
    others = [("03-losses", "moodle", "501", "501"), (STEP_2, "canvas", "501", "501")]
    grades, outcome = by_number(tmp_path, ANONYMOUS, ["501"], *others)  # 501 may be anybody's own id here
    assert grades == ["", "", ""]
    assert outcome.not_in_file == ["501"]


def test_a_row_that_may_be_two_students_is_refused(tmp_path):
    twice = [(STEP_2, "moodle", "501", "501"), (STEP_2, "moodle", "501", "ada@example.org")]
    for text in (ANONYMOUS, NAMED):
        with pytest.raises(
            ExportError, match=r"row 2, Identifier 501: it is .* and, by collected.csv, .*, and both"
        ):
            by_number(tmp_path, text, ["501", "ada@example.org"], *twice)
    with pytest.raises(
        ExportError, match=r"it is ada@example.org and, by collected.csv, 501, and both have a score"
    ):
        by_number(tmp_path, NAMED, ["501", "ada@example.org"], twice[0])
    for who in ("501", "ada@example.org"):  # one of the two names has no score in this assignment: no doubt
        grades, _ = by_number(tmp_path, NAMED, ["501", "ada@example.org"], *twice, marks={who: Mark(7.0)})
        assert grades == ["7", "", ""]


def test_what_only_a_worksheet_can_tell_is_said(tmp_path):
    known = [CollectedNumber(STEP_2, "moodle", "501", "501")]
    scores = Scores((Student("501"), Student("ada", "Ada")), {STEP_2: 26.0}, {("501", STEP_2): Mark(3.0)})
    _, outcome = export("moodle", scores, LMS / "moodle_gradebook.csv", collected=known)
    assert outcome.not_in_file == ["501"]
    assert outcome.warnings[-1].startswith("501: known by Moodle's number alone")
    data, outcome = export("moodle", scores, collected=known)
    assert [row[2] for row in table(data)] == ["ID number", "ada"]  # 501 could be somebody else's ID number
    assert outcome.warnings[-1].startswith("501: known by Moodle's number alone")


def test_canvas_numbers_find_students_with_names_of_their_own(tmp_path):
    scores = Scores((Student("lovelace"),), {STEP_2: 26.0}, {("lovelace", STEP_2): Mark(5.0)})
    collected = [CollectedNumber("03-losses", "canvas", "1001", "lovelace")]  # Canvas numbers a student once
    data, _ = export("canvas", scores, LMS / "canvas.csv", collected=collected)
    assert table(data)[3][5] == "5"


def test_moodle_gradebook_by_id_number_or_address_whatever_its_case():
    data, _ = export("moodle", CLASS, LMS / "moodle_gradebook.csv")
    assert [row[6] for row in table(data)[1:]] == ["20.4", "26", "-"]


def test_moodle_import_without_a_file():
    data, outcome = export("moodle", CLASS)
    assert table(data) == [
        ["First name", "Last name", "ID number", "Email address", STEP_2],
        ["Ada", "Lovelace", "ada", "ada@example.org", "20.4"],
        ["Ben", "Özgür", "ben", "ben@example.org", "26"],
        ["Cleo", "Curie", "cleo", "cleo@example.org", ""],
        ["Zoe", """'=HYPERLINK("http://x")""", "zoe", "", ""],
    ]
    assert outcome.pending == [f"zoe {STEP_2}"]
    assert outcome.written == 2  # the cells that have a number
    data, outcome = export("moodle", CLASS, keep_pending=True)
    assert outcome.written == 3
    assert table(data)[4][4] == "12"


def test_the_plain_table_tells_missing_pending_and_late_apart():
    data, _ = export("csv", CLASS)
    rows = table(data)
    assert rows[0][4:] == [f"{STEP_2} (of 26)", f"{STEP_2} state", f"{STEP_2} late penalty", "total"]
    assert [row[4:] for row in rows[1:]] == [
        ["20.4", "graded", "", "20.4"],
        ["26", "graded", "2", "26"],
        ["", "missing", "", ""],
        ["", "pending", "", ""],
    ]
    assert table(export("csv", CLASS, keep_pending=True)[0])[4][4:] == ["12", "pending", "", "12"]
    assert rows[4][1] == """'=HYPERLINK("http://x")"""
    data, _ = export("csv", CLASS, decimal=",")
    assert table(data, ";")[1][4] == "20,4"


@pytest.mark.parametrize("format", ["canvas", "blackboard"])
def test_without_the_lms_file_the_error_says_where_to_get_it(format):
    with pytest.raises(ExportError, match=r"needs --merge FILE.*(Export|Download)"):
        export(format, CLASS)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no table was found"),
        (b"\x00\x01\x02", "no table was found"),
        (b"a,b,c\n1,2,3\n", "has no column 'Student', 'ID', 'Section'"),
        (b'Student,ID,Section\n"x', "not a whole table"),
    ],
)
def test_another_file_is_refused(tmp_path, content, message):
    (tmp_path / "x.csv").write_bytes(content)
    with pytest.raises(ExportError, match=message):
        export("canvas", CLASS, tmp_path / "x.csv")
    with pytest.raises(ExportError, match="can't be read"):
        export("canvas", CLASS, tmp_path / "nowhere.csv")


def test_two_rows_or_two_students_of_one_id_are_an_error(tmp_path):
    text = (LMS / "canvas.csv").read_text()
    (tmp_path / "twice.csv").write_text(text + '"Lovelace, A.",1001,S-1,ada,x,,,,,\n')
    with pytest.raises(ExportError, match="rows 4 and 9 are both ada"):
        export("canvas", CLASS, tmp_path / "twice.csv")
    twins = Scores(
        (Student("a", lms_id="1001"), Student("b", lms_id="1001")), {STEP_2: 26.0}, {("a", STEP_2): Mark(1.0)}
    )
    with pytest.raises(ExportError, match=r"2 students of the gradebook have it \(a, b\)"):
        export("canvas", twins, LMS / "canvas.csv")


@given(st.text(max_size=20))
def test_no_text_becomes_a_formula(value):
    cell = cells.spreadsheet_text(value)
    assert not cell.lstrip().startswith(("=", "+", "-", "@", "\t")) or (
        cell.strip() == "-" or cells.NUMBER.match(cell)
    )
    assert "\n" not in cell


@pytest.mark.parametrize(
    "value",
    [
        "=cmd|' /C calc'!A0",
        "\uff1dHYPERLINK(1)",
        "\uff0b1+1",
        "\u200b=1+1",
        "\ufeff@SUM(1)",
        "Ada;=HYPERLINK(1)",
        'Ada", =HYPERLINK(1)',
        "Ada;\u200b+1+1",
        "a\t=1",
        "a|@b",
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_no_text_becomes_a_formula_whatever_parts_the_cells(value, delimiter):
    """As a spreadsheet reads the file that was told another sign than the one that wrote it."""
    sheet = Spreadsheet(("student", "x"), ((cells.spreadsheet_text(value), "1"),), SheetForm(delimiter=","))
    for row in csv.reader(io.StringIO(sheet_bytes(sheet).decode()), delimiter=delimiter):
        for cell in row:
            seen = cell.strip('\u200b\ufeff "')
            assert not seen.startswith(("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")), row


@given(st.floats(0, 1000), st.sampled_from(".,"))
def test_numbers_survive_the_round_trip(value, decimal):
    assert cells.read_number(cells.number_text(value, decimal)) == pytest.approx(value, abs=1e-6)


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8), min_size=2, max_size=2),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from([("utf-8", b""), ("utf-8", codecs.BOM_UTF8), ("utf-16-le", codecs.BOM_UTF16_LE)]),
)
def test_a_sheet_is_read_as_it_was_written(tmp_path_factory, rows, delimiter, encoding):
    rows = [tuple(row) for row in rows if any(row)]
    sheet = Spreadsheet(("first", "second"), tuple(rows), SheetForm(encoding[0], encoding[1], delimiter))
    path = tmp_path_factory.mktemp("sheet") / "x.csv"
    path.write_bytes(sheet_bytes(sheet))
    found = read_sheet(path)
    assert (found.header, found.rows) == (sheet.header, sheet.rows)
    assert sheet_bytes(found) == path.read_bytes()


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A gradebook with two assignments, a late penalty, an essay still
    open, and one student who handed in nothing.
    """
    from nbgrader.api import Gradebook

    course = tmp_path_factory.mktemp("course")
    from autograder.gradebook.gradebook import Gradebook as Ours
    from autograder.gradebook.gradebook_url import default_url

    with Ours(default_url(course)):
        pass  # made without alembic, which nbgrader looks for on PATH
    with Gradebook(default_url(course)) as gb, gb.db.no_autoflush:
        for name in (STEP_2, "02-nonlinearities"):
            gb.add_assignment(name, duedate=datetime(2026, 3, 2, 18))
            gb.add_notebook(name, name, kernelspec="{}")
            gb.add_grade_cell("one", name, name, max_score=20, cell_type="code")
            gb.add_solution_cell("one", name, name)
        for student in CLASS.students:
            gb.add_student(
                student.id,
                first_name=student.first_name,
                last_name=student.last_name,
                email=student.email,
                lms_user_id=student.lms_id,
            )
        for student, score, manual in (("ada", 15.5, False), ("ben", 20.0, False), ("zoe", 1.0, True)):
            submission = gb.add_submission(STEP_2, student, timestamp=datetime(2026, 3, 2, 19))
            notebook = submission.notebooks[0]
            notebook.grades[0].auto_score, notebook.grades[0].needs_manual_grade = score, manual
            notebook.late_submission_penalty = 2.0 if student == "ben" else None
        gb.db.commit()
    return course


def test_scores_come_from_the_gradebook(course):
    from nbgrader.api import Gradebook

    from autograder.lms.scores import read_scores

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gb:
        scores = read_scores(gb)
    assert scores.assignments == {"02-nonlinearities": 20.0, STEP_2: 20.0}
    assert scores.mark("ben", STEP_2) == Mark(18.0, 2.0, False, datetime(2026, 3, 2, 19), 3600.0)
    assert [scores.mark(s.id, STEP_2).state for s in scores.students] == [
        "graded",
        "graded",
        "missing",
        "pending",
    ]


@pytest.mark.filterwarnings("ignore:::nbgrader", "ignore:::sqlalchemy", "ignore::DeprecationWarning")
def test_the_command(course, tmp_path):
    done = autograder(
        "export", course, "--format", "canvas", "--merge", LMS / "canvas.csv", "--to", tmp_path / "c.csv"
    )
    assert done.returncode == 1, done.stderr  # ned and zoe want looking after
    assert "2 scores written" in done.stdout
    assert "1 in the LMS's file but not in the gradebook" in done.stdout
    assert "students.csv in the course's folder says who is who" in done.stdout
    assert table((tmp_path / "c.csv").read_bytes())[4][5] == "18"
    done = autograder(
        "export",
        course,
        "--format",
        "csv",
        "--to",
        tmp_path / "p.csv",
        "--assignment",
        STEP_2,
        "--student",
        "ada",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(table((tmp_path / "p.csv").read_bytes())) == 2
    for wrong in (
        ("export", tmp_path, "--format", "csv", "--to", tmp_path / "q.csv"),
        ("export", course, "--format", "canvas", "--to", tmp_path / "q.csv"),
        ("export", course, "--format", "csv", "--to", tmp_path / "q.csv", "--student", "nobody"),
        ("export", course, "--format", "csv", "--to", tmp_path),
    ):
        done = autograder(*wrong)
        assert done.returncode == 2
        assert done.stderr.startswith("export: ")
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "q.csv").exists()


def nbgrader_export(course, plugin, to):
    command = [sys.executable, "-m", "nbgrader", "export"]
    command += ["--exporter", f"autograder.exports.plugins.{plugin}", "--to", to]
    return subprocess.run(command, cwd=course, capture_output=True, text=True, timeout=240)


MERGED = {"Canvas": "canvas.csv", "Moodle": "moodle_worksheet.csv", "Blackboard": "blackboard.xls", "Csv": ""}


@pytest.fixture(scope="module")
def exported_by_nbgrader(course, tmp_path_factory):
    """The folder of what nbgrader exports by each plugin: one assignment, as Moodle's worksheet is of one."""
    folder = tmp_path_factory.mktemp("exported")
    commands = []
    for lms, merge in MERGED.items():
        command = f"export --exporter autograder.exports.plugins.{lms}Exporter --to {folder / lms}"
        command += f" --{lms}Exporter.assignment=['{STEP_2}']"
        commands.append(command + (f" --{lms}Exporter.merge={LMS / merge}" if merge else ""))
    (folder / "home").mkdir()
    assert "Traceback" not in nbgrader(course, folder / "home", *commands)
    return folder


@pytest.mark.parametrize("lms", MERGED)
def test_nbgrader_exports_what_the_command_exports(course, exported_by_nbgrader, lms):
    from nbgrader.api import Gradebook

    from autograder.lms.scores import read_scores

    merge = LMS / MERGED[lms] if MERGED[lms] else None
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gb:
        ours, _ = export(lms.lower(), read_scores(gb, [STEP_2]), merge)
    assert (exported_by_nbgrader / lms).read_bytes() == ours


def test_nbgrader_exports_by_the_courses_own_files(course, tmp_path):
    (course / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CanvasExporter.merge = {str(LMS / 'canvas.csv')!r}\n"
    )
    (course / "autograder.toml").write_text(f'[export.columns]\n"{STEP_2}" = "Week 3 – Losses"\n')
    try:
        done = nbgrader_export(course, "CanvasExporter", tmp_path / "canvas.csv")
        assert done.returncode == 0, done.stderr
        assert [row[6] for row in table((tmp_path / "canvas.csv").read_bytes())[3:5]] == ["15.5", "18"]
        (course / "autograder.toml").unlink()
        done = nbgrader_export(course, "BlackboardExporter", tmp_path / "x.csv")
        assert done.returncode == 2
        assert "c.BlackboardExporter.merge FILE" in done.stderr
        assert not (tmp_path / "x.csv").exists()
    finally:
        (course / "autograder.toml").unlink(missing_ok=True)
        (course / "nbgrader_config.py").unlink()
