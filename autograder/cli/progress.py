"""How far a run is: a bar in a terminal; elsewhere a line a minute, so that a log stays short."""

import time
from types import TracebackType

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from autograder._language import _
from autograder._text import one_line
from autograder.cli.console import err
from autograder.grading.result import attention_lines
from autograder.report_json import ReportJson

# Seconds between the lines of a log
EVERY = 60.0
# Submissions named while the run goes on; all are at its end
SHOWN = 12


class Running:
    """A context that grade_course tells of each graded submission."""

    def __init__(self) -> None:
        self.began = self.said = time.monotonic()
        self.needs = 0
        self.bar: Progress | None = None
        self.task = TaskID(0)

    def __enter__(self) -> "Running":
        if err.is_terminal:
            self.bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[rate]}"),
                TimeRemainingColumn(),
                TextColumn("{task.fields[needs]}", style="yellow"),
                console=err,
                transient=True,
            )
            self.task = self.bar.add_task(_("reading the submissions"), total=None, rate="", needs="")
            self.bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.bar is not None:
            self.bar.stop()

    def __call__(self, done: int, total: int, report: ReportJson) -> None:
        """One more is graded: its report."""
        found = attention_lines(report)
        self.needs += bool(found)
        now = time.monotonic()
        rate = done / max(now - self.began, 1e-9)
        needs = _("{needs:,} need attention", needs=self.needs) if self.needs else ""
        if self.bar is not None:
            if found and self.needs <= SHOWN:
                line = f"{report['student']} {report['assignment']}: {'; '.join(found)}"
                self.bar.console.print(one_line(line), style="yellow", markup=False, soft_wrap=True)
            self.bar.update(
                self.task,
                description=_("grading"),
                completed=done,
                total=total,
                rate=_("{rate:.1f}/s", rate=rate),
                needs=needs,
            )
        elif now - self.said >= EVERY and done < total:
            self.said = now
            left = _("{total:,.0f} seconds left", total=(total - done) / rate)
            line = _(
                "grade: {done:,} of {total:,} graded, {rate:.1f} a second, about {left}",
                done=done,
                total=total,
                rate=rate,
                left=left,
            )
            err.print(f"{line}{', ' + needs if needs else ''}", markup=False, soft_wrap=True)
