"""`autograder grade`."""

import contextlib
import os
import time
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.cells import cell_len, set_cell_size
from rich.table import Table

from autograder._files import write_atomically
from autograder._language import N_, _, localised, n_
from autograder._text import one_line
from autograder.cli.console import err, out, say, say_what_needs_attention
from autograder.cli.db_option import GradebookOption
from autograder.cli.ending import NEEDS_ATTENTION
from autograder.cli.progress import Running
from autograder.errors import GraderError
from autograder.feedback.report_words import attention_words
from autograder.grading.grade_submission import SECONDS
from autograder.grading.result import attention, is_everyday
from autograder.grading.rules import RULES
from autograder.misconceptions.catalogue import code_order

if TYPE_CHECKING:
    from autograder.grading.grade_course import Graded
    from autograder.grading.rules_change import RulesChange
    from autograder.grading.settings import Settings


HEADS = (N_("student"), N_("assignment"), N_("score"), N_("of"), N_("late"), N_("mistakes named"))
# Lines of one kind that are printed; of more, the number.
MOST_LISTED = 25


class IsolationChoice(StrEnum):
    """What stands between a student's code and this machine."""

    strong = "strong"
    none = "none"


def grade_command(
    course: Annotated[Path, typer.Argument(help="an nbgrader course folder, with submitted/ in it")],
    assignment: Annotated[list[str] | None, typer.Option(help="only this one; may be repeated")] = None,
    student: Annotated[list[str] | None, typer.Option(help="only this one; may be repeated")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="processes; as many as cores if not given")] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="a dask.distributed scheduler, tcp://…")
    ] = None,
    seed: Annotated[
        str | None, typer.Option(help="the course's secret; made and kept in the course if not given")
    ] = None,
    timeout: Annotated[float, typer.Option(min=0.5, help="seconds for each exercise")] = SECONDS,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="write the reports here")
    ] = None,
    isolation: Annotated[
        IsolationChoice, typer.Option(help="none runs students' code unprotected")
    ] = IsolationChoice.strong,
    force: Annotated[bool, typer.Option("--force", help="grade everything again")] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="stay, and grade what is handed in as it arrives")
    ] = False,
    exchange: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="for a watch: the course's folder in nbgrader's exchange; what is handed in there is taken "
            "in, and its feedback put there",
        ),
    ] = None,
    db: GradebookOption = None,
    accept_rules: Annotated[
        bool,
        typer.Option(
            "--accept-rules",
            help="let a grader of other rules than the course was graded by move its scores; without it they "
            "are listed and stay",
        ),
    ] = False,
    scores: Annotated[
        bool, typer.Option("--scores", help=f"print every score, of more than {MOST_LISTED} submissions too")
    ] = False,
) -> None:
    """Grade what was handed in, behind a wall, into nbgrader's gradebook. Only what changed is graded
    again.
    """
    from autograder.gradebook.gradebook_url import default_url, given_url
    from autograder.grading.grade_course import grade_course
    from autograder.grading.settings import GradingError, Settings

    if isolation is IsolationChoice.none:
        err.print(
            _("grade: --isolation none: students' code can do on this machine whatever you can."),
            style="yellow",
        )
    settings = Settings(
        course,
        assignment or (),
        student or (),
        _processes(jobs or os.cpu_count() or 1),
        scheduler,
        seed,
        timeout,
        isolation.value,
        force,
        given_url(db),
        accept_rules,
    )
    if not course.is_dir():
        raise GradingError(
            _(
                "{course}: no such folder; an nbgrader course folder was expected, with submitted/ in it",
                course=course,
            )
        )
    url = settings.db or default_url(course)
    if exchange is not None and not watch:
        raise GradingError(_("--exchange was given without --watch; it is for a watch alone"))
    if watch:
        _stay(settings, url, exchange)
        return
    with _nothing_lost(course):
        with Running() as progress:
            graded = grade_course(settings, url, progress)
        if json_file is not None:
            write_atomically(json_file, "".join(graded.reports.as_json()).encode())
    lines = _attention_lines(graded)
    say_what_needs_attention(lines)
    if scores or len(graded.reports) <= MOST_LISTED:
        _print_scores(graded)
    else:
        for line in _summary(graded):
            say(line)
    if graded.changes:
        say(_("other scores than before this run: {count}", count=len(graded.changes)))
    for change in graded.changes:
        who = f"{one_line(change.student)} {one_line(change.assignment)}"
        say(f"  {who}: {_points(change.before)} → {_points(change.after)}")
    say(
        n_(
            "{n} submission, {fresh} of them graded now; in {course}: {gradebook}, autograded/, feedback/",
            "{n} submissions, {fresh} of them graded now; in {course}: {gradebook}, autograded/, feedback/",
            len(graded.reports),
            fresh=graded.fresh,
            course=course,
            gradebook=_gradebook(course, url),
        )
    )
    if lines:
        raise typer.Exit(NEEDS_ATTENTION)


def _processes(wanted: int) -> int:
    """So many as the machine's memory holds, whatever is handed in; fewer than wanted are told."""
    from autograder.grading.memory_budget import WORKER_BYTES, machine_memory, processes_that_fit

    fit = processes_that_fit(wanted, machine_memory())
    if fit < wanted:
        need = _("each may need {size:.1f} GB of this machine's memory", size=WORKER_BYTES / 2**30)
        say(_("{fit} of {wanted} processes: {need}", fit=fit, wanted=wanted, need=need))
    return fit


def _stay(settings: "Settings", url: str, folder: Path | None) -> None:
    """Grade what arrives, a line each, here and in the course's log, until Ctrl-C."""
    from autograder.course.course_log import append_line
    from autograder.grading.watch import watch
    from autograder.lms.exchange import open_exchange

    log = settings.course / ".autograder" / "watch.log"

    def told(line: str) -> None:
        at_now = time.strftime("%Y-%m-%d %H:%M:%S")
        # A full disk keeps nobody from being graded.
        with contextlib.suppress(OSError):
            append_line(log, f"{at_now} {line}")
        say(f"{at_now} {line}")

    with contextlib.suppress(KeyboardInterrupt):
        watch(settings, url, told, open_exchange(settings.course, folder, told) if folder else None)


@contextlib.contextmanager
def _nothing_lost(course: Path) -> Iterator[None]:
    """Where the run is stopped, by hand or by a full or read-only disk: the error says how to go on."""
    try:
        yield
    except KeyboardInterrupt:
        raise GraderError(_("interrupted; what was graded is kept, run the same command to go on")) from None
    except OSError as error:
        if not error.strerror:
            raise
        raise GraderError(
            _(
                "{filename}: {strerror}; what was graded before is kept: once it can be written "
                "there, run the same command again",
                filename=error.filename or course,
                strerror=error.strerror,
            )
        ) from error


def _attention_lines(graded: "Graded") -> list[str]:
    """What a person should look at: what was left out, other rules, then submission by submission.

    Stubs and answers of no known form are a class's everyday: where there are many, the report has them.
    """
    lines = [one_line(remark) for remark in graded.remarks]
    lines += _rules_lines(graded.rules) if graded.rules is not None else []
    unusual: list[str] = []
    everyday: list[str] = []
    for report in graded.reports:
        who = (report["student"], report["assignment"])
        found = attention(report, graded.marks.get(who))
        if found:
            line = one_line(f"{' '.join(who)}: {'; '.join(map(attention_words, found))}")
            usual = all(is_everyday(fact, report) for fact in found)
            (everyday if usual else unusual).append(line)
    if len(everyday) <= MOST_LISTED:
        return lines + sorted(unusual + everyday)
    count = _(
        "{count} submissions have stubs, essays to be read, or answers that can't be compared",
        count=len(everyday),
    )
    return [*lines, *unusual, _("{count}: `autograder report` lists them", count=count)]


def _summary(graded: "Graded") -> list[str]:
    """A line for each assignment: how many, and the spread of the scores."""
    scores: dict[str, list[float]] = {}
    for (_student, assignment), mark in sorted(graded.marks.items()):
        if mark.score is not None:
            scores.setdefault(assignment, []).append(mark.score)
    return [
        _(
            "{name}: {count} scores from {least:g} to {most:g}, the middle one {middle:g}; "
            "--scores prints them",
            name=one_line(name),
            count=len(found),
            least=min(found),
            most=max(found),
            middle=sorted(found)[len(found) // 2],
        )
        for name, found in scores.items()
    ]


def _rules_lines(rules: "RulesChange") -> list[str]:
    """What the rules of this grader would change in a course that was graded by others."""
    count = n_("{n} score", "{n} scores", rules.held)
    found = _(
        "{count} came about by rules {before} and stay; this grader's are {rules}",
        count=count,
        before=", ".join(map(str, rules.before)),
        rules=RULES,
    )
    would = _("--accept-rules would change {count}", count=len(rules.changes) or _("none"))
    return [f"{found}; {would}{':' if rules.changes else ''}"] + [
        f"{one_line(each.student)} {one_line(each.assignment)}: "
        f"{_points(each.stands)} → {_points(each.would_be)}"
        for each in rules.changes
    ]


def _print_scores(graded: "Graded") -> None:
    """The gradebook's scores, what being late costs taken off. In a terminal a table; elsewhere lines in
    columns, for a table of thousands takes longer than to grade dozens.
    """
    rows: list[tuple[str, ...]] = [tuple(_(head) for head in HEADS)]
    for report in graded.reports:
        codes = sorted({c for e in report["exercises"] for c in e["misconceptions"]}, key=code_order)
        student, assignment = report["student"], report["assignment"]
        score, maximum, late = None, report["max_score"], ""
        if (mark := graded.marks.get((student, assignment))) is not None:
            score, maximum, late = mark.score, mark.maximum, _points(-mark.penalty) if mark.penalty else ""
        names = (one_line(student), one_line(assignment))
        rows.append((*names, _points(score), _points(maximum), late, " ".join(codes)))
    if not any(row[4] for row in rows[1:]):
        rows = [(*row[:4], row[5]) for row in rows]
    if out.is_terminal:
        table = Table(*rows[0])
        for row in rows[1:]:
            table.add_row(*row)
        out.print(table)
        return
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(set_cell_size, row, widths)).rstrip() for row in rows)
    out.file.write("\n".join(lines) + "\n")


def _points(score: float | None) -> str:
    """The points as the language writes them; a dash where nothing could be graded, which is no zero."""
    return "–" if score is None else localised(f"{score:g}")


def _gradebook(course: Path, url: str) -> str:
    """gradebook.db in the course, or where else the scores are."""
    from autograder.gradebook.gradebook_url import url_without_password

    own = f"sqlite:///{course.resolve()}/gradebook.db"
    return "gradebook.db" if url == own else _("the gradebook {url}", url=one_line(url_without_password(url)))
