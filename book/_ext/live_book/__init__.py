"""The Sphinx extension that makes the book: equation numbers, live cells, exercises, and no other host.

Each file does one thing:

- ``equations``: the label ``eq-6-1`` is shown as (6.1), and the code comment ``# (6.1)`` links to it;
- ``cells``: marks each notebook cell for the page's scripts, with its saved output inside;
- ``statements``: before an exercise's cell stand its notebook's statement and the names that it can use;
- ``stills``: where a cell shows ipywidgets, their pictures and words for readers without JavaScript;
- ``directives``: ``{download-notebook}``;
- ``page_cleanup``: the theme's requests elsewhere are left out; a content security policy forbids others;
- ``assets``: our scripts (by content hash), MathJax, Pyodide and the wheels are copied into the built book.
"""

from pathlib import Path

from sphinx.application import Sphinx

from live_book import assets, cells, directives, equations, page_cleanup, statements, stills


def setup(app: Sphinx) -> dict[str, bool | int | str]:
    """Register every part."""
    for part in (equations, statements, cells, stills, directives, page_cleanup, assets):
        part.register(app)
    # Beside this package, each with a setup of its own
    beside = Path(__file__).resolve().parents[1]
    for name in ("widgets", "mistakes", "questions", "bundling"):
        if (beside / f"{name}.py").is_file() or (beside / name).is_dir():
            app.setup_extension(name)
    # env_version: raise it when what is kept of a page between builds changes
    return {"version": "1", "env_version": 3, "parallel_read_safe": True, "parallel_write_safe": True}
