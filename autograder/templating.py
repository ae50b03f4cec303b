"""Pages from templates/: everything that is put in is escaped, and a name that isn't given is an error."""

import functools
from typing import Any


@functools.cache
def _environment() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("autograder"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # fmt: skip
    environment.filters["g"] = "{:g}".format
    return environment


def render(template: str, **values: Any) -> str:
    """The template of that name in templates/, filled in."""
    return str(_environment().get_template(template).render(**values))
