"""`autograder init`."""

from pathlib import Path
from typing import Annotated

import typer

from autograder._language import _, n_
from autograder._text import one_line
from autograder.cli.console import say, say_what_needs_attention
from autograder.cli.ending import NEEDS_ATTENTION
from autograder.errors import GraderError


def init_command(
    course: Annotated[Path, typer.Argument(help="the course's folder; made if it isn't there")],
    assignment: Annotated[
        list[str] | None, typer.Option(help="only this one of the package; may be repeated")
    ] = None,
    graded: Annotated[
        bool, typer.Option("--graded", help="the graded set, whose answers are written down nowhere")
    ] = False,
    variant: Annotated[
        str, typer.Option(help="which variant of the graded set: A, B, or seed: the course's secret chooses")
    ] = "A",
    language: Annotated[
        str, typer.Option(help="of the notebooks, and of all that students read (if not given: English)")
    ] = "",
) -> None:
    """Make a course folder in which formgrader shows the assignments. Nothing is overwritten."""
    from autograder._language import use_language
    from autograder.authoring.init_course import init_course
    from autograder.course.graded_set import variant_of
    from autograder.grading.records import course_seed

    if language:
        try:
            use_language(language)
        except ValueError as error:
            raise GraderError(f"--{error}") from None
    if variant == "seed":
        course.mkdir(parents=True, exist_ok=True)
        variant = variant_of(course_seed(course))
    done = init_course(course, assignment or (), graded=graded, variant=variant)
    for path in done.written:
        say(_("{path}: written", path=one_line(str(path))))
    for path in done.kept:
        say(_("{path}: as it was", path=one_line(str(path))))
    count = len(done.assignments)
    say(
        n_(
            "{n} assignment in the gradebook, under formgrader's Manage Assignments",
            "{n} assignments in the gradebook, under formgrader's Manage Assignments",
            count,
        )
    )
    say(
        _(
            "Next: autograder collect {course} DOWNLOAD --assignment {first}",
            course=one_line(str(course)),
            first=done.assignments[0],
        )
    )
    say_what_needs_attention(done.remarks)
    if done.remarks:
        raise typer.Exit(NEEDS_ATTENTION)
