"""The year's end: each score as five places tell it, beside what the ledger says."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from autograder.gradebook.gradebook import Gradebook
from autograder.gradebook.gradebook_url import default_url
from autograder.gradebook.marks import SubmissionMark
from benchmarks.year_desk import Desk, Person
from benchmarks.year_ledger import Expected, Ledger

NUMBER = r"([\d.]+(?:e[+-]?\d+)?|–)"
EXERCISE = re.compile(rf"^(\w+): {NUMBER} of {NUMBER}", re.MULTILINE)
PENALTY = re.compile(rf"^penalty: {NUMBER} points", re.MULTILINE)
SUM = re.compile(rf"^sum: {NUMBER} of {NUMBER}", re.MULTILINE)
SCORE = re.compile(rf"^score: {NUMBER} of {NUMBER}", re.MULTILINE)


def review(
    desk: Desk,
    ledger: Ledger,
    people: Sequence[Person],
    events: Mapping[str, int],
    numbers: Mapping[str, Mapping[str, int]],
) -> tuple[str, list[str]]:
    """The table of the year and every discrepancy, each a line. numbers: Moodle's, by assignment and person's
    name.
    """
    desk.run("report", desk.course, ok=(0, 1))
    again = desk.run("grade", desk.course, ok=(0, 1))
    if "other scores than before" in again or not re.search(r"\b0 of them graded now", again):
        desk.wrong(f"an unchanged run of grade: {again[-400:]}")
    table = _plain_table(desk)
    handed_in = sorted(ledger.attempts)
    with Gradebook(default_url(desk.course)) as book:
        marks = book.marks(list(ledger.points))
    if sorted(marks) != handed_in:
        desk.wrong(f"the gradebook has other submissions: {sorted(set(marks) ^ set(handed_in))[:5]}")
    for student, name in handed_in:
        if (student, name) in marks:
            expected = ledger.expected(student, name)
            _one(desk, ledger, student, name, expected, marks[student, name], table)
    for name in ledger.points:
        _moodle(desk, ledger, name, [replace(p, number=numbers[name][p.name]) for p in people])
    _forgotten(desk)
    return _told(desk, ledger, events), desk.complaints


def _one(
    desk: Desk,
    ledger: Ledger,
    student: str,
    name: str,
    expected: Expected,
    mark: SubmissionMark,
    table: Mapping[tuple[str, str], tuple[str, str, str]],
) -> None:
    """One submission."""

    def compare(what: str, found: object, wanted: object) -> None:
        if not _same(found, wanted):
            desk.wrong(f"{student} {name}: {what} is {found}, {wanted} was expected")

    for exercise, points in expected.points.items():
        compare(f"the gradebook's {exercise}", mark.cells[exercise].score, points)
        compare(
            f"the gradebook's maximum of {exercise}",
            mark.cells[exercise].maximum,
            ledger.worth(name, exercise),
        )
    for exercise, given in ledger.given.get((student, name), {}).items():
        cell = mark.cells[exercise]
        compare(
            f"by hand, {exercise}",
            (cell.manual, cell.comment, cell.extra),
            (given.score, given.comment, given.extra),
        )
    compare("the gradebook's score", mark.score, expected.score)
    compare("the gradebook's penalty", mark.penalty, expected.penalty)
    said = desk.run("explain", desk.course, student, name, ok=(0, 1))
    exercises = {found[1]: found for found in EXERCISE.finditer(said) if found[1] in expected.points}
    for exercise, points in expected.points.items():
        told = exercises.get(exercise)
        compare(f"explain's {exercise}", told and _number(told[2]), points)
    found = [pattern.search(said) for pattern in (SUM, SCORE, PENALTY)]
    compare("explain's sum", found[0] and _number(found[0][1]), expected.sum)
    compare("explain's score", found[1] and _number(found[1][1]), expected.score)
    compare("explain's maximum", found[1] and _number(found[1][2]), expected.maximum)
    compare("explain's penalty", _number(found[2][1]) if found[2] else 0.0, expected.penalty)
    if "changed since" in said:
        desk.wrong(f"{student} {name}: explain says that something has changed since: {said[-200:]}")
    page = (desk.course / "feedback" / student / name / f"{name}.html").read_text()
    if (
        expected.score is not None
        and f"{_shown(expected.score)} of {_shown(expected.maximum)} points" not in page
    ):
        desk.wrong(f"{student} {name}: the page doesn't say {expected.score:g} of {expected.maximum:g}")
    for given in ledger.given.get((student, name), {}).values():
        if given.comment not in page:
            desk.wrong(f"{student} {name}: the page lacks {given.comment!r}")
    score, state, _ = table.get((student, name), ("", "", ""))
    wanted = None if expected.waits or _waits(mark) else expected.score
    compare("the table's score", float(score) if score else None, wanted)
    compare("the table's state", state, "pending" if expected.waits or _waits(mark) else "graded")


def _waits(mark: SubmissionMark) -> bool:
    return mark.pending


def _plain_table(desk: Desk) -> dict[tuple[str, str], tuple[str, str, str]]:
    """(student, assignment) -> score, state and penalty, as the table of `export --format csv` has them."""
    path = desk.course / "table.csv"
    desk.run("export", desk.course, "--format", "csv", "--to", path, ok=(0, 1))
    header, *rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))
    found = {}
    for row in rows:
        for place in range(4, len(header) - 1, 3):
            if row[place + 1] != "missing":
                found[row[0], header[place].split(" (")[0]] = (row[place], row[place + 1], row[place + 2])
    return found


def _moodle(desk: Desk, ledger: Ledger, name: str, people: Sequence[Person]) -> None:
    """Moodle's worksheet filled: whoever has a score has it there, nobody else has anything."""
    desk.download(name, people, {})
    to = desk.course / "for-moodle.csv"
    to.unlink(missing_ok=True)
    desk.run(
        "export", desk.course, "--format", "moodle", "--merge", desk.sheet, "--assignment", name,
        "--to", to, "--pending", ok=(0, 1),
    )  # fmt: skip
    if not to.exists():
        return
    text = to.read_text("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";" if ";" in text.split("\r\n")[0] else ","))[1:]
    ids = {person.email: person.id for person in people}
    for row in rows:
        student = ids[row[3]]
        there = (student, name) in ledger.attempts
        wanted = ledger.expected(student, name).score if there else None
        found = float(row[5].replace(",", ".")) if row[5] else None
        if not _same(found, wanted):
            desk.wrong(f"{student} {name}: Moodle's file has {found}, {wanted} was expected")


def _forgotten(desk: Desk) -> None:
    """Nothing of whoever was forgotten: in no file's name, in no file."""
    for student in desk.forgotten:
        word = re.compile(rf"\b{re.escape(student)}\b(?!-new)".encode())
        for path in sorted(desk.course.rglob("*")):
            inside = path.is_file() and word.search(path.read_bytes()) is not None
            if word.search(path.name.encode()) or inside:
                desk.wrong(f"{path.relative_to(desk.course)} still knows {student}, who was forgotten")


def _told(desk: Desk, ledger: Ledger, events: Mapping[str, int]) -> str:
    lines = [
        f"{'assignment':22s} {'handed in':>9s} {'late':>5s} {'by hand':>8s} {'waits':>6s} {'mean':>7s} {'of':>5s}"
    ]
    for name, points in ledger.points.items():
        keys = [key for key in ledger.attempts if key[1] == name]
        expected = [ledger.expected(*key) for key in keys]
        late = sum(ledger.seconds_late(*key, ledger.counting(*key).when) > 0 for key in keys)
        scores = [each.score for each in expected if each.score is not None]
        mean = sum(scores) / max(len(scores), 1)
        hands = sum(len(ledger.given.get(key, {})) for key in keys)
        waits = sum(each.waits for each in expected)
        most = sum(ledger.worth(name, exercise) for exercise in points)
        lines.append(f"{name:22s} {len(keys):9d} {late:5d} {hands:8d} {waits:6d} {mean:7.2f} {most:5g}")
    lines.append("commands: " + ", ".join(f"{name} {count}" for name, count in sorted(desk.runs.items())))
    lines.append(
        "events: " + ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in sorted(events.items()))
    )
    return "\n".join(lines)


def _number(text: str) -> float | None:
    return None if text == "–" else float(text)


def _shown(number: float) -> str:
    return f"{number:g}"


def _same(found: object, wanted: object) -> bool:
    if isinstance(found, float | int) and isinstance(wanted, float | int):
        # As many digits as :g prints
        return abs(found - wanted) <= 1e-5 * max(1.0, abs(wanted))
    return found == wanted
