"""Where the commands write: results to out, everything else to err, and text of strangers' making on one line
each.
"""

from rich.console import Console

from autograder._language import _
from autograder._text import one_line

out, err = Console(highlight=False), Console(stderr=True, highlight=False)


def say(text: str, length: int = 1000, style: str | None = None) -> None:
    """One line of the results: no markup is read in it, and it is never broken."""
    out.print(one_line(text, length), style=style, markup=False, soft_wrap=True)


def say_failed(command: str, why: str) -> None:
    """Why a command, or a part of what it was given, could not be done."""
    err.print(f"{command}: {one_line(why, 1000)}", style="red", markup=False, soft_wrap=True)


def say_what_needs_attention(lines: list[str]) -> None:
    """Under one heading what a person should look at; nothing where there is nothing."""
    if lines:
        out.print(_("Needs attention"), style="bold")
    for line in lines:
        say(f"  {one_line(line, 2000)}", 2010)
