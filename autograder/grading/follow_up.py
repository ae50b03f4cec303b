"""What follows from the results that still hold: times that came later, attempts that count now, pages."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder._files import is_file
from autograder.gradebook.gradebook import Gradebook
from autograder.gradebook.lateness import Lateness
from autograder.gradebook.marks import SubmissionMark
from autograder.gradebook.timestamps import timestamp_text
from autograder.grading.feedback_page import kept_facts, page_path, write_page
from autograder.grading.records import read_record, write_record
from autograder.grading.regrade import is_open
from autograder.grading.standing import Brief
from autograder.grading.tasks import SubmissionKey, Task
from autograder.grading.write_results import copy_attachments, counting, counting_time, read_time
from autograder.notebooks.course_folders import course_folder


def take_up_times(
    course: Path, book: Gradebook, kept: Sequence[Task], briefs: dict[SubmissionKey, Brief]
) -> list[str]:
    """Write the times of hand-in that changed since they were recorded; a line for each that is no time.

    briefs: of the records; those of what is written now are taken out.
    """
    problems, changed = [], []
    submitted = course_folder(course, "submitted")
    for task in kept:
        now = timestamp_text(f"{submitted}/{task.student}/{task.assignment}")
        if task.key in briefs and briefs[task.key].timestamp in (None, now):
            continue
        briefs.pop(task.key, None)
        record = read_record(course, task.student, task.assignment)
        if record is None or not record["tried"] or not record["tried"][-1]["digest"]:
            continue
        if record["tried"][-1]["timestamp"] != now:
            record["tried"][-1]["timestamp"] = now
            _, problem = read_time(counting_time(record))
            problems += [f"{task.student} {task.assignment}: {problem}"] if problem else []
            changed.append((task.key, record))
    book.set_handed_in({key: read_time(counting_time(record))[0] for key, record in changed})
    for (student, assignment), record in changed:
        copy_attachments(course, student, assignment)
        write_record(course, record)
    return problems


def attempts_changed(
    course: Path, task: Task, lateness: Lateness, briefs: Mapping[SubmissionKey, Brief]
) -> bool:
    """Does another attempt count than the one whose result is there, by what being late costs now?"""
    if task.key in briefs and briefs[task.key].tried < 2:
        return False
    record = read_record(course, task.student, task.assignment)
    if record is None or len(record["tried"]) < 2:
        return False
    return counting(record["tried"], task.student, task.assignment, lateness) != record["counts"]


def write_pages(
    course: Path,
    keys: Sequence[SubmissionKey],
    marks: Mapping[SubmissionKey, SubmissionMark],
    briefs: Mapping[SubmissionKey, Brief],
) -> None:
    """Make anew every page that is gone, or does not show what people entered and what lateness costs.

    briefs: of the records that are as they were at the beginning.
    """
    feedback = course_folder(course, "feedback")
    for student, assignment in keys:
        mark = marks.get((student, assignment))
        if mark is None:
            continue
        known = briefs.get((student, assignment))
        if known is not None and known.entered in (None, mark.entered()):
            page = f"{feedback}/{student}/{assignment}/{assignment}.html"
            if known.entered is None or is_file(page):
                continue
        record = read_record(course, student, assignment)
        if record is None or not record["key"]:
            continue
        entered = mark.entered()
        if entered == record["entered"] and page_path(course, student, assignment).is_file():
            continue
        facts = kept_facts(course, student, assignment)
        if facts is not None:
            write_page(course, facts, mark)
            record["entered"] = entered
            for request in record["report"].get("requests", []):
                request["open"] = is_open(request, mark)
            write_record(course, record)
