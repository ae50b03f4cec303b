"""Pages and texts from templates/: a name that isn't given is an error, and what enters a page is escaped."""

import functools
from typing import Any

from autograder._language import _, language, localised, n_


@functools.cache
def _environment(escape: bool) -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("autograder"),
        autoescape=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["g"] = lambda value: localised(f"{value:g}")
    environment.globals.update(_=_, n_=n_, language=language)
    return environment


def render(template: str, **values: Any) -> str:
    """The page of that name in templates/, filled in."""
    return str(_environment(True).get_template(template).render(**values))


def render_text(template: str, **values: Any) -> str:
    """The same for a file that no browser reads: nothing is escaped."""
    return str(_environment(False).get_template(template).render(**values))
