"""An explanation of a score as lines to read."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from autograder._language import _, localised, moment
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
        yield _("graded: not by autograder, which has no record of it; the points are the gradebook's")
    for exercise in found.exercises:
        yield from _exercise(exercise)
    if found.mark.score is not None:
        yield _("sum: {points:g} of {maximum:g}", points=found.mark.points, maximum=found.mark.maximum)
    yield from _lateness(found)
    yield _score(found)
    if found.changed:
        yield _("changed since: {changed}: `autograder grade` takes it up", changed=", ".join(found.changed))


def _handed_in(found: ScoreExplanation) -> Iterator[str]:
    when = found.mark.handed_in
    yield _(
        "handed in: {time}", time=_time(when) if when is not None else _("at a time that nobody recorded")
    )
    record = found.record
    if record is None or not record["tried"]:
        return
    counted = record["tried"][record["counts"]]
    if counted["digest"]:
        yield _("  the notebook with the digest {digest}", digest=counted["digest"])
    if "receipt" in record:
        yield f"  {receipt_line(record['receipt'])}"
    if len(record["tried"]) > 1:
        which = _("{place} of {count}", place=record["counts"] + 1, count=len(record["tried"]))
        yield _("  attempt {which} counts: it has the most points after the penalty", which=which)
        for place, tried in enumerate(record["tried"], start=1):
            at = (
                _(", handed in {timestamp}", timestamp=one_line(tried["timestamp"]))
                if tried["timestamp"]
                else ""
            )
            yield _(
                "    attempt {place}: {points:g} points before a penalty{at}",
                place=place,
                points=tried["points"],
                at=at,
            )
    elif len(record["attempts"]) > 1:
        yield _("  the last of {count} different notebooks", count=len(record["attempts"]))
    for request in record["report"].get("requests", []):
        yield _(
            "  asks for a second look at {exercise}: “{text}”",
            exercise=request["exercise"],
            text=one_line(request["text"]),
        )
    for note in record["report"]["notes"]:
        yield f"  {note}"


def _graded(found: ScoreExplanation, record: Record) -> Iterator[str]:
    rules = _("rules {rules}", rules=record["rules"])
    if record["rules"] != RULES:
        rules += _(" (this grader's are {rules}; see --accept-rules)", rules=RULES)
    seconds = record["inputs"].get("seconds", "")
    factor = found.policies.time.get(found.student)
    limit = _(", {seconds} s for an exercise", seconds=seconds) if seconds else ""
    if factor is not None:
        limit += _(
            " ({seconds:g} s is usual; [time] in autograder.toml gives {student} {factor:g} times it)",
            seconds=SECONDS,
            student=found.student,
            factor=factor,
        )
    yield _(
        "graded: by {rules}, --isolation {isolation}{limit}",
        rules=rules,
        isolation=record["report"]["isolation"],
        limit=limit,
    )
    dropped = found.policies.drop.get(found.assignment, ())
    if dropped:
        yield _("  worth nothing to anyone, [drop] in autograder.toml: {dropped}", dropped=", ".join(dropped))


def _exercise(exercise: ExercisePoints) -> Iterator[str]:
    cell, judged = exercise.cell, exercise.found
    points = "–" if cell.score is None else localised(f"{cell.score:g}")
    waits = _(", waits for a person") if cell.pending else ""
    yield _(
        "{id}: {points} of {maximum:g}{waits}",
        id=exercise.id,
        points=points,
        maximum=cell.maximum,
        waits=waits,
    )
    if judged is None:
        yield _("  it is not in the released notebook that was graded; the gradebook still counts it")
    elif cell.auto is not None or judged["status"] != "manual":
        given = _("nothing") if cell.auto is None else localised(f"{cell.auto:g}")
        yield _("  the grader: {given}, {status}", given=given, status=status_words(judged["status"]))
    if judged is not None:
        passed = sum(check["passed"] for check in judged["checks"])
        if judged["checks"]:
            yield _("    {passed} of {count} checks passed", passed=passed, count=len(judged["checks"]))
        for check in judged["checks"]:
            if not check["passed"]:
                yield f"    × {check['name']}: {check['message']}"
        if judged["misconceptions"]:
            yield _("    mistakes named: {misconceptions}", misconceptions=" ".join(judged["misconceptions"]))
    if cell.manual is not None:
        instead = _(", in place of the grader's") if cell.auto is not None else ""
        yield _("  by hand: {manual:g}{instead}", manual=cell.manual, instead=instead)
    if cell.extra:
        yield _("  extra credit: {extra:g}", extra=cell.extra)
    if cell.comment:
        yield _("  comment: {comment}", comment=one_line(cell.comment))


def _lateness(found: ScoreExplanation) -> Iterator[str]:
    mark = found.mark
    if mark.due is None:
        yield _("late: no due date is known")
        return
    more = (
        _(", {span} more for {student}", span=_span(mark.extension), student=found.student)
        if mark.extension
        else ""
    )
    if mark.handed_in is None:
        yield _("late: not known; it was due {time}{more}", time=_time(mark.due), more=more)
        return
    if mark.seconds_late <= 0:
        yield _("late: no; it was due {time}{more}", time=_time(mark.due), more=more)
        return
    late = _span(timedelta(seconds=mark.seconds_late))
    yield _("late: by {late}; it was due {time}{more}", late=late, time=_time(mark.due), more=more)
    policy = found.policies.late
    if found.plugin:
        rule = _("the plugin of nbgrader_config.py")
    elif policy.method == "none":
        rule = _("lateness costs nothing in this course")
    elif policy.method == "zero":
        rule = '[late] method = "zero"'
    else:
        rule = _(
            '[late] method = "{method}": {percent:g} % each begun, at most {most_percent:g} %',
            method=policy.method,
            percent=policy.percent,
            most_percent=policy.most_percent,
        )
    if policy.method != "none" and policy.grace_minutes:
        rule += _(", after {grace_minutes:g} minutes of grace", grace_minutes=policy.grace_minutes)
    yield _("penalty: {penalty:g} points; {rule}", penalty=mark.penalty, rule=rule)


def _score(found: ScoreExplanation) -> str:
    mark = found.mark
    if mark.score is None:
        return _("score: none yet; nothing of it is graded, which is never written as 0")
    open_part = (
        _("; a part waits for a person, so export leaves it out without --pending") if mark.pending else ""
    )
    return _(
        "score: {score:g} of {maximum:g}{open_part}",
        score=mark.score,
        maximum=mark.maximum,
        open_part=open_part,
    )


def _time(when: datetime) -> str:
    return f"{moment(when, seconds=True)} UTC"


def _span(span: timedelta) -> str:
    hours, rest = divmod(round(span.total_seconds()), 3600)
    days, hours = divmod(hours, 24)
    parts = [(days, "d"), (hours, "h"), (rest // 60, "min"), (rest % 60, "s")]
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 s"
