"""--db, which several commands have."""

from typing import Annotated, TypeAlias

import typer

GradebookOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        envvar="AUTOGRADER_DB",
        show_envvar=True,
        help="a gradebook elsewhere; @FILE: its URL stands in that file",
    ),
]
