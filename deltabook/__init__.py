"""Whose are the packages `autograder` and `backprop` that Python finds here? Others use these names too.

`deltabook` is the name of this distribution alone. It needs nothing but Python, so that it can answer
whatever happened to the two others.
"""

from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

PACKAGES = ("autograder", "backprop")
# Stands in the __init__.py of each package of ours.
MARK = '__distribution__ = "deltabook"'
AGAIN = (
    "pip install --force-reinstall --no-deps PATH, "
    "where PATH is deltabook's .whl file or the repository's folder"
)


class Stranger(NamedTuple):
    """A package that is not ours.

    name: the one that it shares with ours. place: its file; None if there is none.
    distribution: who brought it, with the version ("autograder 3.7.7"); empty if pip didn't.
    """

    name: str
    place: Path | None
    distribution: str

    @property
    def explanation(self) -> str:
        """What happened, and what to do."""
        if self.place is None:
            return (
                f"deltabook's package `{self.name}` is incomplete here, as when another distribution "
                f"of this name was removed. Install it again: {AGAIN}"
            )
        if self.distribution:
            other = self.distribution.split()[0]
            return (
                f"`{self.name}` is here the package of another distribution, {self.distribution} "
                f"({self.place}); deltabook's own was expected. The two can't be installed side by side. "
                f"Remove the other: pip uninstall {other}. Then install deltabook again: {AGAIN}"
            )
        return (
            f"`{self.name}` is here {self.place}; deltabook's own was expected, "
            f"in {Path(__file__).parents[1]}. "
            "If it is yours, give it another name, or work in another folder. Then restart Python."
        )


def strangers() -> tuple[Stranger, ...]:
    """The packages of our names that are not ours; nothing is imported."""
    found = []
    for name in PACKAGES:
        spec = find_spec(name)
        place = Path(spec.origin) if spec is not None and spec.origin is not None else None
        if place is None or MARK not in place.read_text(encoding="utf-8", errors="replace"):
            found.append(Stranger(name, place, _brought_by(name, place)))
    return tuple(found)


def explanation() -> str:
    """What happened to `autograder` and `backprop` here, and what to do; empty if both are ours."""
    return "\n".join(stranger.explanation for stranger in strangers())


def _brought_by(name: str, place: Path | None) -> str:
    """Name and version of the other distribution that has this file."""
    if place is None:
        return ""
    for other in metadata.packages_distributions().get(name, []):
        distribution = metadata.distribution(other)
        files = {Path(str(file.locate())).resolve() for file in distribution.files or ()}
        if other != "deltabook" and place.resolve() in files:
            return f"{other} {distribution.version}"
    return ""
