"""Pages and texts from templates/: a name that isn't given is an error, and what enters a page is escaped."""

import functools
from collections.abc import Callable
from typing import Any

from autograder._language import _, language, localised, moment, n_, right_to_left


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
    environment.filters["fixed"] = lambda value, places: localised(f"{value:.{places}f}")
    environment.filters["moment"] = moment
    environment.globals.update(_=in_html(_), n_=in_html(n_)) if escape else environment.globals.update(
        _=_, n_=n_
    )
    environment.globals.update(language=language, right_to_left=right_to_left)
    return environment


def in_html(says: Callable[..., str]) -> Callable[..., Any]:
    """A function of sentences whose sentences stand in a page as they are, with what is put in escaped, and
    in a language that is written from right to left isolated: 06-step-2 would be read 2-step-06 there.
    """
    from markupsafe import Markup, escape

    def put_in(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return isolated(escape(value)) if right_to_left() else escape(value)

    def said(*given: Any, **values: Any) -> Any:
        return Markup(says(*given, **{name: put_in(value) for name, value in values.items()}))

    return said


def isolated(text: str) -> str:
    """The text between the marks of Unicode that keep its direction its own."""
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


def render(template: str, **values: Any) -> str:
    """The page of that name in templates/, filled in."""
    return str(_environment(True).get_template(template).render(**values))


def render_text(template: str, **values: Any) -> str:
    """The same for a file that no browser reads: nothing is escaped."""
    return str(_environment(False).get_template(template).render(**values))
