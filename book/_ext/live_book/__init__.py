"""The Sphinx extension that makes the book: equation numbers, live cells, exercises, and no other host.

Each file does one thing:

- ``equations``: the label ``eq-6-1`` is shown as (6.1), and the code comment ``# (6.1)`` links to it;
- ``cells``: marks each notebook cell for the page's scripts, with its saved output inside;
- ``directives``: ``{download-notebook}``;
- ``page``: what the theme would load from elsewhere is left out, and a content security policy forbids the rest;
- ``assets``: our scripts (by content hash), MathJax, Pyodide and the wheels are copied into the built book.
"""

from sphinx.application import Sphinx

from live_book import assets, cells, directives, equations, page


def setup(app: Sphinx) -> dict[str, bool | str]:
    """Register every part."""
    for part in (equations, cells, directives, page, assets):
        part.register(app)
    try:
        import widgets  # owned by the widgets, beside this package
    except ModuleNotFoundError as error:
        if error.name != "widgets":
            raise
    else:
        widgets.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
