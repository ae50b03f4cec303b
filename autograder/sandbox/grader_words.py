"""What the grader itself says of a child, in the language in use: why something was refused inside, and what
does not cross the wall.

The child has no catalogue and speaks English. What it says is looked up here among the sentences that its
side of the wall has, and made anew with the same names in their places.
"""

import re
from collections.abc import Sequence
from functools import cache

from autograder._language import N_, _
from autograder.sandbox.inside import wire

# Where a stranger's code is refused something (inside/imports.py, inside/cells.py)
REFUSED = (
    N_(
        "{module} can't be imported: only NumPy and the standard library can be imported where exercises are "
        "graded"
    ),
    N_("{module} can't be imported where exercises are graded: write it yourself"),
    N_("no module named {module} where exercises are graded"),
    N_("input() can't be answered here, nor where exercises are graded: write the value into the cell"),
    N_("(its text can't be had)"),
)
# Where this machine can't lock a child in (inside/confinement.py)
NOT_LOCKED = (
    N_("could not give up root: this container lacks CAP_SETUID and CAP_SETGID"),
    N_("a signal could still be sent"),
    N_("this kernel offers no Landlock"),
    N_("no folder can be opened, so nothing shows whether Landlock works"),
    N_("this kernel says that Landlock is set, and a folder could still be opened"),
    N_("a folder could still be opened"),
    N_("no system-call table for a {machine} machine; there are tables for {known}"),
    N_("setting a limit failed: {why}"),
    N_("{what} failed: {why}"),
)
NO_NAMESPACE = N_(", and no mount namespace could be made (bubblewrap)")
DOES_NOT_CROSS = {
    "str": N_("a str of many characters"),
    "int": N_("an int of more than 64 bits"),
    "nested": N_("something nested more than {depth} deep"),
    "list": N_("a list of very many entries"),
    "array": N_("an array of dtype {name}"),
    "dimensions": N_("an array of more than {dimensions} dimensions"),
    "scalar": N_("a NumPy scalar of dtype {name}"),
    "key": N_("a dict with a key of type {name} (layers are ints)"),
    "long key": N_("a dict with a key of more than 64 bits (layers are ints)"),
}


def in_the_language(said: str, forms: Sequence[str] = REFUSED) -> str:
    """A sentence of these forms in the language in use; one of no such form stays as it is."""
    for form in forms:
        found = _pattern(form).fullmatch(said)
        if found:
            return _(form, **found.groupdict())
    return said


def why_not_locked(said: str) -> str:
    """Why the child's side could set no lock, in the language in use."""
    said = said.removeprefix("ConfinementError: ")
    reason = said.removesuffix(NO_NAMESPACE)
    told = in_the_language(reason, NOT_LOCKED)
    return told if reason == said else told + _(NO_NAMESPACE)


@cache
def _pattern(form: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(form)))


def opaque_words(opaque: wire.Opaque) -> str:
    """What a function returned that does not cross the wall."""
    if opaque.kind == "type":
        if not opaque.name:
            return _("something else")
        return _(N_("an {type}") if opaque.name[0] in "aeiou" else N_("a {type}"), type=opaque.name)
    return _(
        DOES_NOT_CROSS[opaque.kind],
        name=opaque.name or _("another kind"),
        depth=wire.MAX_DEPTH,
        dimensions=wire.MAX_DIMENSIONS,
    )
