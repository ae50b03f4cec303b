"""What a page loads, in few files: a browser asks for each by itself, and shows nothing before the styles.

- ``pages``: the styles that every page has in one file, their classic scripts in another;
- ``pictures``: those far below are fetched when a reader comes near;
- ``modules`` and ``bundle.mjs``: the modules of live cells and of widgets, joined by Rollup.
"""

from sphinx.application import Sphinx

from bundling import pages, pictures


def setup(app: Sphinx) -> dict[str, bool | str]:
    """Register what concerns pages; modules are joined by those who copy them."""
    pages.register(app)
    pictures.register(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
