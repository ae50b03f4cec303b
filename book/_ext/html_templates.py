"""The HTML that the book's directives write: one Jinja template each in templates/, autoescaped."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from autograder._language import _, n_
from autograder._templates import in_html


@cache
def _environment() -> Environment:
    folder = Path(__file__).with_name("templates")
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(_=in_html(_), n_=in_html(n_))
    return made


def render(template: str, **values: Any) -> str:
    """templates/<template>.html.j2 with these values, as text; UndefinedError if it asks for another."""
    return _environment().get_template(f"{template}.html.j2").render(values)
