"""Submissions out of an LMS's download into submitted/.

Whatever is wrong with a file is said of its student, and the others are collected all the same.
"""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from autograder._files import write_atomically
from autograder._language import _
from autograder._text import printable_name
from autograder.course.submitted import keep_late, late_path
from autograder.lms.claims import id_column, known_by_number, roster_sheet, students_of
from autograder.lms.collect_journal import CollectJournal
from autograder.lms.download_names import Lms, LmsName, by_lms_number, lms_name
from autograder.lms.downloads import DownloadedFile, DownloadError, Refusals, opened
from autograder.lms.feedback_files import keep_prefixes, prefixes_path
from autograder.lms.handed_in import Handed, capped, meant_notebook
from autograder.lms.identities import (
    COLLECTED_FILE,
    CollectedError,
    CollectedNumber,
    add_collected,
    keep_collected,
    read_collected,
)
from autograder.lms.roster import handed_in_times, listed_students
from autograder.lms.student_list import STUDENTS_FILE, add_students, read_students
from autograder.notebooks.assignment import NAME, assignment_names
from autograder.notebooks.course_folders import course_folder
from autograder.notebooks.notebook_names import is_notebook_name, stems_of

# A name of Canvas's that says which file it is of, not only whose: nothing else takes feedback.
FILE_OF_ITS_OWN = re.compile(r"_(?:[0-9]+|anon_[A-Za-z0-9]{5})_[0-9]+_$")


@dataclass
class Collected:
    """Students whose notebook was written, was there already, was kept
    although another came, or who handed in none.
    """

    written: list[str] = field(default_factory=list)
    as_it_was: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    # Collected before under the LMS's number, and under their names from now on: (number, name).
    renamed: list[tuple[str, str]] = field(default_factory=list)
    # Whose time of handing in the LMS told, and of whom nobody knows its zone.
    timed: list[str] = field(default_factory=list)
    without_zone: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def collect(
    course: Path,
    assignment: str,
    downloads: Iterable[Path],
    *,
    lms: Lms | None = None,
    roster: Path | None = None,
    column: str | None = None,
    update: bool = False,
    dry_run: bool = False,
    zone: tzinfo | None = None,
    move: Callable[[str, str, str], None] | None = None,
) -> Collected:
    """Put each student's notebook into submitted/<student>/<assignment>/. DownloadError if nothing can be
    collected.

    roster maps the LMS's number to the student's name in the course; without it that number is the name, or
    the name that an earlier roster gave it. Either way collected.csv keeps which number is whose, so that an
    export finds the student again. zone: of the LMS's times, which are not counted without it.
    move(assignment, number, name): what renames a student who was collected under the number alone. dry_run:
    nothing is written.
    """
    if not NAME.fullmatch(assignment):
        raise DownloadError(
            _(
                "--assignment {assignment}: the name of an assignment was expected",
                assignment=printable_name(assignment),
            )
        )
    done = Collected()
    journal = None if dry_run else CollectJournal(course, assignment)
    try:
        _collect_each(course, assignment, downloads, lms, roster, column, update, journal, zone, move, done)
    finally:
        if journal is not None:
            journal.close()
    if any(name.startswith("anon_") for name in (*done.written, *done.as_it_was)):
        done.remarks.append(
            _(
                "the download is anonymous: Canvas tells nobody's name or number in it, so no export "
                "will find these students; switch anonymous grading off there and collect again"
            )
        )
    return done


def _collect_each(
    course: Path,
    assignment: str,
    downloads: Iterable[Path],
    lms: Lms | None,
    roster: Path | None,
    column: str | None,
    update: bool,
    journal: CollectJournal | None,
    zone: tzinfo | None,
    move: Callable[[str, str, str], None] | None,
    done: Collected,
) -> None:
    """One download after the other. journal: told before each write; None: nothing is written."""
    for path in downloads:
        refused = Refusals()
        with opened(path, refused) as items:
            found = _recognised(items, path, lms, refused)
            done.remarks += _check_assignment(course, assignment, [name.file for name, _ in found])
            _say_once(done, refused)
            people: dict[str, list[str]] = {}
            for name, _ in found:
                people.setdefault(name.number, []).append(name.person)
            system = found[0][0].lms
            try:
                known = read_collected(course)
            except CollectedError as error:
                raise DownloadError(str(error)) from None
            students = students_of(
                people, system, assignment, course, known, roster, column, done.remarks, move is not None
            )
            times: Mapping[str, datetime] = {}
            if roster is not None:
                sheet = roster_sheet(roster, system)
                if system == "moodle":
                    times = handed_in_times(sheet, zone or UTC)
                place = id_column(sheet, system, roster, column)
                if journal is not None:
                    journal.before_write(course / STUDENTS_FILE)
                    number = "ID" if system == "canvas" else ""
                    add_students(course, listed_students(sheet, place, number, read_students(course)))
            if journal is not None:
                journal.before_write(course / COLLECTED_FILE)
            _rename_known(course, known, system, assignment, students, move, journal, done)
            if journal is not None:
                add_collected(
                    course,
                    (
                        CollectedNumber(assignment, system, number, student, people[number][0])
                        for number, student in students.items()
                    ),
                )
                if system == "canvas":
                    journal.before_write(prefixes_path(course, assignment))
                    files = {n.number: n.prefix for n, _ in found if FILE_OF_ITS_OWN.search(n.prefix)}
                    keep_prefixes(course, assignment, {students[n]: files[n] for n in students if n in files})
            for number in sorted(students, key=by_lms_number):
                theirs = [Handed(n.file, item, n.late, n.time) for n, item in found if n.number == number]
                when = times.get(number) or _time_of(theirs, zone or UTC)
                if zone is None and when is not None:
                    done.without_zone.append(students[number])
                    when = None
                _student(course, students[number], assignment, theirs, when, update, journal, done)


def _check_assignment(course: Path, assignment: str, files: list[str]) -> list[str]:
    """A line where every notebook bears the name of another assignment than the one that was given;
    DownloadError where that one isn't known at all.
    """
    known = assignment_names(course)
    stems: Counter[str] = Counter()
    for name in files:
        if is_notebook_name(name):
            named = [stem for stem in stems_of(name) if stem in known]
            stems[named[0] if named else ""] += 1
    if not stems or "" in stems or assignment in stems:
        return []
    most, count = stems.most_common(1)[0][0], stems.total()
    found = _(
        "--assignment {assignment}: all {count} notebooks are named {most}.ipynb",
        assignment=assignment,
        count=count,
        most=most,
    )
    if assignment in known:
        # One student's slip says nothing of the others.
        return (
            [
                _(
                    "{found}; they are collected as {assignment}: is that meant?",
                    found=found,
                    assignment=assignment,
                )
            ]
            if count > 1
            else []
        )
    raise DownloadError(
        _(
            "{found}, and the course knows no {assignment} ({known}); give --assignment {most}, "
            "or rename the notebooks",
            found=found,
            assignment=assignment,
            known=", ".join(known),
            most=most,
        )
    )


def _rename_known(
    course: Path,
    known: frozenset[CollectedNumber],
    lms: Lms,
    assignment: str,
    students: Mapping[str, str],
    move: Callable[[str, str, str], None] | None,
    journal: CollectJournal | None,
    done: Collected,
) -> None:
    """Who was collected under the LMS's number alone gets the roster's name, with all that is there."""
    for each in known_by_number(known, lms, assignment, students):
        name = students[each.number]
        if move is not None and journal is not None:
            move(each.assignment, each.number, name)
            journal.moved(each.assignment, each.number, name)
            rest = read_collected(course) - {each}
            keep_collected(course, [*rest, replace(each, student=name)])
        if (each.number, name) not in done.renamed:
            done.renamed.append((each.number, name))


def _time_of(theirs: list[Handed], zone: tzinfo) -> datetime | None:
    """The last time that stands in the names of a student's files (UTC)."""
    times = [handed.time for handed in theirs if handed.time]
    try:
        return datetime.strptime(max(times), "%Y-%m-%d-%H-%M-%S").replace(tzinfo=zone).astimezone(UTC)
    except ValueError:
        return None


def _recognised(
    items: list[DownloadedFile], path: Path, lms: Lms | None, refused: Refusals
) -> list[tuple[LmsName, DownloadedFile]]:
    """The files whose names say whose they are, of one LMS: the one that gave most of these names."""
    named = [(lms_name(item.parts), item) for item in items]
    systems = [name.lms for name, _item in named if name]
    order: tuple[Lms, ...] = ("moodle", "canvas", "blackboard")
    likely = max(order, key=systems.count) if lms is None else lms
    system: Lms = likely
    found = _of_one_title([(name, item) for name, item in named if name and name.lms == system])
    if not found:
        expected = (
            "…_501_assignsubmission_file_… (Moodle), …_1001_90210_… (Canvas) or "
            "…_ada_attempt_2026-03-02-18-00-05_… (Blackboard)"
        )
        names = ", ".join(item.name for item in items[:3]) or _("nothing")
        raise DownloadError(
            _(
                "{path}: no file is named as {lms} names submissions: {names} was found, {expected} "
                "was expected; give the download as it came",
                path=path,
                lms=lms or _("Moodle, Canvas or Blackboard"),
                names=names,
                expected=expected,
            )
        )
    taken = {id(item) for _name, item in found}
    for _name, item in named:
        if id(item) not in taken:
            refused.add(
                item.parts, _("{name} was left out: its name doesn't say whose it is", name=item.name)
            )
    return found


def _of_one_title(found: list[tuple[LmsName, DownloadedFile]]) -> list[tuple[LmsName, DownloadedFile]]:
    """Without those before whose user's name Blackboard has another title than before most: the end of a
    user's name with an underscore in it is another user's.
    """
    titles = Counter(name.title for name, _ in found)
    usual = max(sorted(titles), key=lambda title: (titles[title], -len(title)), default="")
    return [(name, item) for name, item in found if name.title == usual]


def _say_once(done: Collected, refused: Refusals) -> None:
    """Remarks on what was refused, so many of each student's files that nobody's hide another's."""
    by_number: dict[str, list[str]] = {}
    for parts, line in refused.lines:
        name = lms_name(parts)
        by_number.setdefault(name.number if name else "", []).append(line)
    for lines in by_number.values():
        done.remarks += capped(lines)


def _student(
    course: Path,
    student: str,
    assignment: str,
    theirs: list[Handed],
    when: datetime | None,
    update: bool,
    journal: CollectJournal | None,
    done: Collected,
) -> None:
    """Write the student's notebook, or at least the folder: what was
    handed in is then missing, not unheard of.
    """
    folder = course_folder(course, "submitted") / student / assignment
    if any(part.is_symlink() for part in (folder, folder.parent, folder.parent.parent)):
        done.remarks.append(
            _("{student} was left out: its folder in submitted/ is a symbolic link", student=student)
        )
        return
    if any(handed.late for handed in theirs):
        done.late.append(student)
    remarks: list[str] = []
    data = meant_notebook(student, assignment, theirs, remarks)
    done.remarks += capped(remarks)
    target = folder / f"{assignment}.ipynb"
    try:
        if data is None:
            if journal is not None:
                folder.mkdir(parents=True, exist_ok=True)
            done.without.append(student)
        elif target.exists() and target.read_bytes() != data and not update:
            done.kept.append(student)
        elif journal is None:
            same = target.exists() and target.read_bytes() == data
            (done.as_it_was if same else done.written).append(student)
        else:
            for path in (target, folder / "timestamp.txt", late_path(course, student, assignment)):
                journal.before_write(path)
            (done.written if write_atomically(target, data) else done.as_it_was).append(student)
            if when is not None:
                write_atomically(folder / "timestamp.txt", f"{when:%Y-%m-%d %H:%M:%S} UTC\n".encode())
            keep_late(course, student, assignment, any(handed.late for handed in theirs))
            done.timed += [student] if when is not None else []
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        done.remarks.append(
            _(
                "{student} was left out: {relpath} in the course stands in its way ({strerror})",
                student=student,
                relpath=printable_name(os.path.relpath(error.filename, course)),
                strerror=error.strerror,
            )
        )
