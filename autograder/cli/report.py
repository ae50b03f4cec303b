"""`autograder report`."""

from pathlib import Path
from typing import Annotated

import typer

from autograder._text import one_line
from autograder.cli.console import err, out


def report(
    course: Annotated[Path, typer.Argument(help="a graded nbgrader course folder")],
    to: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="where to write it; COURSE/report if not given")
    ] = None,
    hide_names: Annotated[
        bool, typer.Option("--hide-names", help="for showing in class: nothing that names a student")
    ] = False,
    db: Annotated[str | None, typer.Option(metavar="URL", help="a gradebook elsewhere")] = None,
) -> None:
    """Write the class report: what needs a person, scores, mistakes, exercises, students; HTML, JSON and CSV."""
    from autograder.course.policies import PolicyError, read_policies
    from autograder.gradebook.gradebook import GradebookError
    from autograder.reports.analysis import analyse
    from autograder.reports.page import write_report
    from autograder.reports.records import ReportError, own_code, read_course
    from autograder.reports.similar_pairs import alike, given_code

    try:
        policies = read_policies(course)
        found = read_course(course, db)
        sources, pairs = {}, []
        with err.status("comparing") as status:
            for name in sorted({r["assignment"] for r in found.reports}):
                status.update(one_line(f"comparing the code of {name}"))
                sources[name], released = own_code(found, name)
                pairs += alike(name, sources[name], [*released, *given_code()], policies.similarity)
        analysis = analyse(found, pairs)
        index = write_report(found, analysis, sources, to or course / "report", hide_names)
    except (ReportError, GradebookError, PolicyError, FileNotFoundError, OSError) as error:
        err.print(f"report: {one_line(str(error), 1000)}", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2) from None
    for mistake in analysis.mistakes[:5]:
        out.print(one_line(mistake.sentence), markup=False, soft_wrap=True)
    count = len(analysis.alerts)
    out.print(
        f"{one_line(str(index))}: {count} thing{'s' * (count != 1)} to look at", markup=False, soft_wrap=True
    )
    if count:
        raise typer.Exit(1)
