"""What is said of a mistyped command, in the language in use. In English typer's own sentences stay."""

import re
from collections.abc import Callable
from typing import Any

from autograder._language import N_, _

# What typer says, for which it has no catalogue: its form, and our sentence
MISTYPED = (
    (r"Missing argument '(?P<name>.+)'\.", N_("The argument {name} is missing.")),
    (r"Missing option '(?P<name>.+)'\.", N_("The option {name} is missing.")),
    (r"No such command '(?P<name>.+)'\.", N_("There is no command {name}.")),
    (
        r"No such option: (?P<name>\S+) \(Possible options: (?P<known>.+)\)",
        N_("There is no option {name}. Was one of these meant: {known}?"),
    ),
    (r"No such option: (?P<name>\S+)", N_("There is no option {name}.")),
    (
        r"Got unexpected extra argument\S* \((?P<rest>.+)\)",
        N_("More was given than the command takes: {rest}"),
    ),
    (r"Option '(?P<name>.+)' requires an argument\.", N_("The option {name} needs a value.")),
    (
        r"Invalid value for '(?P<name>.+)': .*is not one of (?P<known>.+)\.",
        N_("{name}: expected one of {known}"),
    ),
    (
        r"Invalid value for '(?P<name>.+)': .*(?:greater than or equal to |range x>=)(?P<least>[\d.]*\d).*",
        N_("{name}: expected a number, {least} at least"),
    ),
    (
        r"Invalid value for '(?P<name>.+)': .*valid (?:integer|number|float|int).*",
        N_("{name}: expected a number"),
    ),
)


def told_in_language(parse: Callable[[], Any]) -> Any:
    """What parse() returns; what it says of a mistyped command is in the language in use."""
    # The one above it of typer's own, which it exports under no name
    from typer import BadParameter

    usage_error: Any = BadParameter.__mro__[1]
    try:
        return parse()
    except usage_error as error:
        said = error.format_message()
        found = ((re.fullmatch(form, said), sentence) for form, sentence in MISTYPED)
        told = next((_(sentence, **match.groupdict()) for match, sentence in found if match), said)
        raise usage_error(told, error.ctx) from None
