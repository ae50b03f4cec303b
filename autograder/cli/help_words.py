"""The help of the commands in the language in use. English stands in the commands themselves: their
docstrings and the help of their options.
"""

from collections.abc import Iterator
from inspect import cleandoc
from typing import Any

from autograder._language import ENGLISH, N_, _, language

# What typer and click say themselves, by the name in typer.rich_utils
TYPER_WORDS = {
    "ARGUMENTS_PANEL_TITLE": N_("Arguments"),
    "OPTIONS_PANEL_TITLE": N_("Options"),
    "COMMANDS_PANEL_TITLE": N_("Commands"),
    "ERRORS_PANEL_TITLE": N_("Error"),
    "DEFAULT_STRING": N_("[default: {}]"),
    "ENVVAR_STRING": N_("[env var: {}]"),
    "REQUIRED_LONG_STRING": N_("[required]"),
}
HELP_OPTION = N_("Show this message and exit.")
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
    shows_help = command.get_help_option
    command.get_help_option = lambda context: _with_words(shows_help(context))
    return command


def _with_words(option: Any) -> Any:
    if option is not None:
        option.help = _(HELP_OPTION)
    return option
