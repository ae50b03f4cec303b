"""The HTML that the book's directives write: one Jinja template each in templates/, autoescaped."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined


@cache
def _environment() -> Environment:
    folder = Path(__file__).with_name("templates")
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, **values: Any) -> str:
    """templates/<template>.html.j2 with these values, as text; UndefinedError if it asks for another."""
    return _environment().get_template(f"{template}.html.j2").render(values)
