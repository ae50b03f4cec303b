"""The commands put together: each by the name under which it is called, and each with the same endings.

A command's module is imported when the command is called, or its options are asked: `autograder --help` needs
none of them, and reads their first sentences off the files.
"""

import contextlib
import gc
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from autograder._language import ENGLISH, N_, _, language
from autograder.cli.ending import ending_well
from autograder.cli.help_words import flags_alone, help_in_language, with_placeholders
from autograder.cli.mistyped import told_in_language

PURPOSE = N_("Exercises in backpropagation: released from their solutions, graded, and certified.")
# The order of the help, along a course: its modules, and in them a function, `rename_command` for `rename`.
MODULES = {
    "init": "init",
    "release": "release",
    "check": "check",
    "collect": "collect",
    "undo": "undo",
    "grade": "grade",
    "grade-one": "grade_one",
    "bundle": "bundle",
    "explain": "explain",
    "report": "report",
    "export": "export",
    "feedback": "feedback",
    "rename": "rename",
    "forget": "rename",
    "new-exercise": "new_exercise",
    "verify": "verify",
    "doctor": "doctor",
}
# What the help's module takes from rich and never uses here: a third of the time that `--help` takes.
_UNUSED_OF_HELP = {"rich.markdown": "Markdown", "rich.traceback": "Traceback"}
_SETTINGS = {"help_option_names": ["-h", "--help"]}


def function_name(name: str) -> str:
    """`new-exercise` -> new_exercise_command"""
    return f"{name.replace('-', '_')}_command"


class Subcommands(Mapping[str, Callable[..., None]]):
    """The commands' functions by name; a module is imported when its function is asked."""

    def __getitem__(self, name: str) -> Callable[..., None]:
        # Nothing that is imported is garbage, and to look for it takes a fifteenth of the time.
        gc.disable()
        try:
            module = import_module(f"autograder.cli.{MODULES[name]}")
        finally:
            gc.enable()
        function: Callable[..., None] = getattr(module, function_name(name))
        return function

    def __iter__(self) -> Iterator[str]:
        return iter(MODULES)

    def __len__(self) -> int:
        return len(MODULES)


SUBCOMMANDS = Subcommands()


def first_paragraph(name: str) -> str:
    """A command's docstring up to its first empty line, read off its file as text: to parse seventeen files
    would take longer than everything else that the list does.
    """
    source = (Path(__file__).parent / f"{MODULES[name]}.py").read_text(encoding="utf-8")
    docstring = source[source.index(f"\ndef {function_name(name)}(") :].split('"""')[1]
    return " ".join(docstring.split("\n\n")[0].split())


@contextlib.contextmanager
def _without_unused() -> Iterator[None]:
    """Inside, modules that are not loaded yet and would not be used are empty ones."""
    empty = {name: ModuleType(name) for name in _UNUSED_OF_HELP if name not in sys.modules}
    for name, module in empty.items():
        setattr(module, _UNUSED_OF_HELP[name], type(_UNUSED_OF_HELP[name], (), {}))
    sys.modules.update(empty)
    try:
        yield
    finally:
        for name in empty:
            del sys.modules[name]


class LazyCommands(TyperGroup):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: Any) -> list[str]:
        """In the order of a course."""
        return list(MODULES)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The list of the commands, in the language in use."""
        with _without_unused():
            import_module("typer.rich_utils")
        help_in_language(flags_alone(self))
        super().format_help(ctx, formatter)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """What a list of commands shows: the name and the first sentence."""
        return TyperCommand(cmd_name, help=_(first_paragraph(cmd_name))) if cmd_name in MODULES else None

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:
        """The command that is called, with its options."""
        resolve = super().resolve_command
        if language() != ENGLISH:
            help_in_language(self)
            name, command, rest = told_in_language(lambda: resolve(ctx, args))
        else:
            name, command, rest = resolve(ctx, args)
        return name, command and whole_command(command.name or ""), rest


def whole_command(name: str) -> Any:
    """The command with its options, imported now."""
    alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False, context_settings=_SETTINGS)
    alone.command(name)(ending_well(name, SUBCOMMANDS[name]))
    return help_in_language(with_placeholders(get_command(alone), SUBCOMMANDS[name]))


app = typer.Typer(
    cls=LazyCommands,
    help=PURPOSE,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings=_SETTINGS,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        # Dear to import, and needed here alone
        from importlib import metadata

        typer.echo(_("autograder of deltabook {version}", version=metadata.version("deltabook")))
        raise typer.Exit


@app.callback(help=PURPOSE)
def main_options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="print the version")
    ] = False,
) -> None:
    """The options that stand before a command."""
