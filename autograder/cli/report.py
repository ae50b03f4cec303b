"""`autograder report`."""

from pathlib import Path
from typing import Annotated

import typer

from autograder._language import _, n_
from autograder._text import one_line
from autograder.cli.console import err, say
from autograder.cli.db_option import GradebookOption
from autograder.cli.ending import NEEDS_ATTENTION


def report_command(
    course: Annotated[Path, typer.Argument(help="a graded nbgrader course folder")],
    to: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="where to write it; COURSE/report if not given")
    ] = None,
    hide_names: Annotated[
        bool, typer.Option("--hide-names", help="for showing in class: nothing that names a student")
    ] = False,
    db: GradebookOption = None,
) -> None:
    """Write the class report: what needs a person, scores, mistakes, exercises, students; HTML, JSON and
    CSV.
    """
    from autograder.course.policies import read_policies, use_language_of
    from autograder.errors import GraderError
    from autograder.exercises.graded import GRADED_SET
    from autograder.reports.analysis import analyse
    from autograder.reports.differentiators import differentiators_in
    from autograder.reports.page import write_report
    from autograder.reports.records import own_code, read_course
    from autograder.reports.similar_pairs import find_similar_pairs, given_code
    from autograder.reports.statements import joined

    if to is not None and to.exists() and not to.is_dir():
        raise GraderError(_("--to {to}: it is a file; a folder to write into was expected", to=to))
    policies = read_policies(course)
    use_language_of(policies)
    graded = read_course(course, db)
    sources, pairs, cut = {}, [], []
    general: dict[tuple[str, str], list[str]] = {}
    with err.status("comparing") as status:
        for name in sorted({r["assignment"] for r in graded.reports}):
            status.update(one_line(_("comparing the code of {name}", name=name)))
            own, released, long = own_code(graded, name)
            cut += [(name, student) for student in long]
            sources[name] = {student: joined(cells) for student, cells in own.items()}
            pairs += find_similar_pairs(name, own, [*released, *given_code()], policies.similarity)
            if name in GRADED_SET:
                found = {(name, student): differentiators_in(cells) for student, cells in own.items()}
                general |= {who: what for who, what in found.items() if what}
    analysis = analyse(graded, pairs, cut, general)
    index = write_report(graded, analysis, sources, to or course / "report", hide_names)
    for mistake in analysis.mistakes[:5]:
        say(mistake.sentence, 300)
    for name in graded.left_out:
        say(_("left out: {name}, which the gradebook doesn't have any more", name=name))
    count = len(analysis.alerts)
    say(
        n_(
            "{index}: {n} thing to look at",
            "{index}: {n} things to look at",
            count,
            index=one_line(str(index)),
        )
    )
    if count:
        raise typer.Exit(NEEDS_ATTENTION)
