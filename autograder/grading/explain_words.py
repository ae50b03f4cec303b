"""An explanation of a score as lines to read."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from autograder._text import one_line
from autograder.feedback.report_words import status_words
from autograder.grading.explain import ExercisePoints, ScoreExplanation
from autograder.grading.grade_submission import SECONDS
from autograder.grading.receipt import receipt_line
from autograder.grading.records import Record
from autograder.grading.rules import RULES


def explanation_lines(found: ScoreExplanation) -> Iterator[str]:
    """The lines, from what was handed in to the score."""
    yield from _handed_in(found)
    if found.record is not None:
        yield from _graded(found, found.record)
    else:
        yield "graded: not by autograder, which has no record of it; the points are the gradebook's"
    for exercise in found.exercises:
        yield from _exercise(exercise)
    if found.mark.score is not None:
        yield f"sum: {found.mark.points:g} of {found.mark.maximum:g}"
    yield from _lateness(found)
    yield _score(found)
    if found.changed:
        yield f"changed since: {', '.join(found.changed)}: `autograder grade` takes it up"


def _handed_in(found: ScoreExplanation) -> Iterator[str]:
    when = found.mark.handed_in
    yield f"handed in: {_time(when) if when is not None else 'at a time that nobody recorded'}"
    record = found.record
    if record is None or not record["tried"]:
        return
    counted = record["tried"][record["counts"]]
    if counted["digest"]:
        yield f"  the notebook with the digest {counted['digest']}"
    if "receipt" in record:
        yield f"  {receipt_line(record['receipt'])}"
    if len(record["tried"]) > 1:
        which = f"{record['counts'] + 1} of {len(record['tried'])}"
        yield f"  attempt {which} counts: it has the most points after the penalty"
        for place, tried in enumerate(record["tried"], start=1):
            at = f", handed in {one_line(tried['timestamp'])}" if tried["timestamp"] else ""
            yield f"    attempt {place}: {tried['points']:g} points before a penalty{at}"
    elif len(record["attempts"]) > 1:
        yield f"  the last of {len(record['attempts'])} different notebooks"
    for request in record["report"].get("requests", []):
        yield f"  asks for a second look at {request['exercise']}: “{one_line(request['text'])}”"
    for note in record["report"]["notes"]:
        yield f"  {note}"


def _graded(found: ScoreExplanation, record: Record) -> Iterator[str]:
    rules = f"rules {record['rules']}"
    if record["rules"] != RULES:
        rules += f" (this grader's are {RULES}; see --accept-rules)"
    seconds = record["inputs"].get("seconds", "")
    factor = found.policies.time.get(found.student)
    limit = f", {seconds} s for an exercise" if seconds else ""
    if factor is not None:
        limit += (
            f" ({SECONDS:g} s is usual; [time] in autograder.toml gives {found.student} {factor:g} times it)"
        )
    yield f"graded: by {rules}, isolation {record['report']['isolation']}{limit}"
    dropped = found.policies.drop.get(found.assignment, ())
    if dropped:
        yield f"  worth nothing to anyone, [drop] in autograder.toml: {', '.join(dropped)}"


def _exercise(exercise: ExercisePoints) -> Iterator[str]:
    cell, judged = exercise.cell, exercise.found
    points = "–" if cell.score is None else f"{cell.score:g}"
    waits = ", waits for a person" if cell.pending else ""
    yield f"{exercise.id}: {points} of {cell.maximum:g}{waits}"
    if judged is None:
        yield "  it is not in the released notebook that was graded; the gradebook still counts it"
    elif cell.auto is not None or judged["status"] != "manual":
        given = "nothing" if cell.auto is None else f"{cell.auto:g}"
        yield f"  the grader: {given}, {status_words(judged['status'])}"
    if judged is not None:
        passed = sum(check["passed"] for check in judged["checks"])
        if judged["checks"]:
            yield f"    {passed} of {len(judged['checks'])} checks passed"
        for check in judged["checks"]:
            if not check["passed"]:
                yield f"    × {check['name']}: {check['message']}"
        if judged["misconceptions"]:
            yield f"    mistakes named: {' '.join(judged['misconceptions'])}"
    if cell.manual is not None:
        instead = ", in place of the grader's" if cell.auto is not None else ""
        yield f"  by hand: {cell.manual:g}{instead}"
    if cell.extra:
        yield f"  extra credit: {cell.extra:g}"
    if cell.comment:
        yield f"  comment: {one_line(cell.comment)}"


def _lateness(found: ScoreExplanation) -> Iterator[str]:
    mark = found.mark
    if mark.due is None:
        yield "late: no due date is known"
        return
    more = f", {_span(mark.extension)} more for {found.student}" if mark.extension else ""
    if mark.seconds_late <= 0:
        yield f"late: no; it was due {_time(mark.due)}{more}"
        return
    late = _span(timedelta(seconds=mark.seconds_late))
    yield f"late: by {late}; it was due {_time(mark.due)}{more}"
    policy = found.policies.late
    if found.plugin:
        rule = "the plugin of nbgrader_config.py"
    elif policy.method == "none":
        rule = "lateness costs nothing in this course"
    elif policy.method == "zero":
        rule = '[late] method = "zero"'
    else:
        rule = (
            f'[late] method = "{policy.method}": {policy.percent:g} % each begun, at most '
            f"{policy.most_percent:g} %"
        )
    if policy.method != "none" and policy.grace_minutes:
        rule += f", after {policy.grace_minutes:g} minutes of grace"
    yield f"penalty: {mark.penalty:g} points; {rule}"


def _score(found: ScoreExplanation) -> str:
    mark = found.mark
    if mark.score is None:
        return "score: none yet; nothing of it is graded, which is never written as 0"
    open_part = (
        "; a part waits for a person, so export leaves it out without --pending" if mark.pending else ""
    )
    return f"score: {mark.score:g} of {mark.maximum:g}{open_part}"


def _time(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M:%S} UTC"


def _span(span: timedelta) -> str:
    hours, rest = divmod(round(span.total_seconds()), 3600)
    days, hours = divmod(hours, 24)
    parts = [(days, "d"), (hours, "h"), (rest // 60, "min"), (rest % 60, "s")]
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 s"
