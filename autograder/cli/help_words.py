"""The help of the commands in the language in use, with a word for each value that is asked.

English stands in the commands themselves: their docstrings and the help of their options.
"""

from collections.abc import Callable, Iterator
from enum import Enum
from inspect import cleandoc
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from autograder._language import ENGLISH, N_, _, language
from autograder.cli.mistyped import told_in_language

# What typer and click say themselves, by the name in typer.rich_utils
TYPER_WORDS = {
    "ARGUMENTS_PANEL_TITLE": N_("Arguments"),
    "OPTIONS_PANEL_TITLE": N_("Options"),
    "COMMANDS_PANEL_TITLE": N_("Commands"),
    "ERRORS_PANEL_TITLE": N_("Error"),
    "DEFAULT_STRING": N_("[default: {}]"),
    "ENVVAR_STRING": N_("[env var: {}]"),
    "REQUIRED_LONG_STRING": N_("[required]"),
    "RICH_HELP": N_("Try [blue]'{command_path} {help_option}'[/] for help."),
}
# In the line that shows how a command is written
USAGE = (N_("Usage:"), N_("[OPTIONS]"), N_("COMMAND [ARGS]..."))
HELP_OPTION = N_("Show this message and exit.")
# What stands for a value where its option names nothing better; a flag has none
PLACEHOLDERS = {str: "TEXT", int: "N", float: "NUMBER", Path: "PATH"}
# The options of the whole, and what typer says of its own
GROUP_OPTIONS = (
    "print the version",
    "Install completion for the current shell.",
    "Show completion for the current shell, to copy it or customize the installation.",
)


def paragraphs(text: str | None) -> list[str]:
    """A docstring's paragraphs, each on one line: what the catalogues have."""
    return [" ".join(part.split()) for part in cleandoc(text or "").split("\n\n") if part.strip()]


def help_sentences(command: Any) -> Iterator[str]:
    """Every sentence of a command's help."""
    yield from paragraphs(command.help)
    for parameter in command.params:
        if getattr(parameter, "help", None):
            yield parameter.help


def placeholder(kind: Any) -> str:
    """FILE, TEXT or canvas|moodle: what stands for a value of this type, and nothing for a flag."""
    kinds = [k for k in (get_args(kind) or (kind,)) if k is not type(None)]
    plain = get_args(kinds[0])[0] if get_origin(kinds[0]) is list else kinds[0]
    if isinstance(plain, type) and issubclass(plain, Enum):
        return "|".join(choice.value for choice in plain)
    return PLACEHOLDERS.get(plain, "")


def with_placeholders(command: Any, function: Callable[..., Any]) -> Any:
    """The command, with COURSE and --to FILE in its help, where typer writes {course} and <path>."""
    hints = get_type_hints(function, include_extras=True)
    for parameter in command.params:
        kind = get_args(hints[parameter.name])[0]
        if parameter.param_type_name != "argument":
            parameter.metavar = parameter.metavar or placeholder(kind)
            continue
        parameter.metavar = parameter.metavar or parameter.name.upper()
        usage = parameter.metavar + ("..." if parameter.nargs != 1 else "")
        parameter.get_usage_pieces = lambda _context, usage=usage: [usage]
        parameter.display_type_rich = lambda ctx: ""
    return flags_alone(command)


def flags_alone(command: Any) -> Any:
    """The command, with --help and its like shown without a type."""
    shows_help = command.get_help_option
    command.get_help_option = lambda context: _as_flag(shows_help(context))
    for parameter in command.params:
        parameter.metavar = parameter.metavar or ""
    return command


def _as_flag(option: Any) -> Any:
    if option is not None:
        option.metavar = ""
    return option


def help_in_language(command: Any) -> Any:
    """The command, with its help in the language in use."""
    if language() == ENGLISH:
        return command
    from typer import rich_utils

    for name, word in TYPER_WORDS.items():
        setattr(rich_utils, name, _(word))
    command.help = "\n\n".join(map(_, paragraphs(command.help)))
    for parameter in command.params:
        if getattr(parameter, "help", None):
            parameter.help = _(parameter.help)
    shows_help, shows_usage, parses = command.get_help_option, command.get_usage, command.parse_args
    command.get_help_option = lambda context: _with_words(shows_help(context))
    command.get_usage = lambda context: _usage(shows_usage(context))
    command.parse_args = lambda context, given: told_in_language(lambda: parses(context, given))
    return command


def _usage(line: str) -> str:
    for word in USAGE:
        line = line.replace(word, _(word), 1)
    return line


def _with_words(option: Any) -> Any:
    if option is not None:
        option.help = _(HELP_OPTION)
    return option
