"""What helps a reader: notes over symbols, where one has been, print, links to edit or to report a mistake.

- ``notation``: ``book/notation.toml`` as a table, ``{notation-table}``, and as data for the notes;
- ``repository``: links to edit a page and to report a mistake, if the book knows its repository;
- ``time``: ``{reading-time}``, how long a chapter takes;
- ``static/reading``: the scripts and styles, ours alone.
"""

from pathlib import Path

from sphinx.application import Sphinx

from reading import notation, repository, time

STATIC = Path(__file__).resolve().parent / "static"


def add_files(app: Sphinx) -> None:
    """The scripts and styles on every page."""
    app.config.html_static_path.append(str(STATIC))
    app.add_js_file("reading/symbols.js", priority=200, defer="defer")
    app.add_js_file("reading/reading.js", priority=900, defer="defer")
    app.add_css_file("reading/reading.css", priority=900)
    app.add_css_file("reading/print.css", priority=900, media="print")


def setup(app: Sphinx) -> dict[str, bool | str]:
    """Register every part."""
    app.connect("builder-inited", add_files)
    for part in (notation, repository, time):
        part.register(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
