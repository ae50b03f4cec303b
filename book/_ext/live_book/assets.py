"""Copies scripts, styles, MathJax, Pyodide and the wheels into the built book, each from the repository or .cache."""

import filecmp
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)
HERE = Path(__file__).resolve().parent
CACHE = HERE.parents[2] / ".cache"
STATIC = HERE / "static"


def fingerprint() -> str:
    """A hash of all our own scripts: they are served from a folder of this name, so no stale mix can load."""
    total = hashlib.sha256()
    for path in sorted(STATIC.iterdir()):
        if path.is_file():
            total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:12]


def mirror(source: Path, target: Path) -> None:
    """Make target's files those of source, leaving equal ones alone."""
    for path in source.rglob("*"):
        if path.is_file() and path.name != ".complete":
            to = target / path.relative_to(source)
            if not (to.is_file() and filecmp.cmp(path, to, shallow=True)):
                to.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, to)


def copy_assets(app: Sphinx, error: Exception | None) -> None:
    """At the end of the build; what is missing is said, and the book is still readable."""
    if error is not None or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    live = static / "live"
    for old in live.glob("*"):
        if old.name != fingerprint():
            shutil.rmtree(old)
    mirror(STATIC, live / fingerprint())
    for name, source, lost in (
        ("vendor/mathjax", CACHE / "vendor" / "mathjax", "equations stay in TeX"),
        ("pyodide", CACHE / "pyodide", "cells can't be run in the page"),
    ):
        if (source / ".complete").is_file():
            mirror(source, static / name)
        else:
            logger.info("live book: %s is missing (python tools/vendor.py brings it), so %s", name, lost)
    for name in ("fontawesome.js", "scripts/fontawesome.js"):
        (static / name).unlink(missing_ok=True)
    for heavy in (static / "vendor" / "fontawesome").glob("*/js"):
        shutil.rmtree(heavy)


def page_settings(app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: Any) -> None:
    """Where the scripts of this page find their files."""
    up = "../" * pagename.count("/")
    context["live_base"] = f"{up}_static/live/{fingerprint()}/"
    context["live_settings"] = json.dumps(
        {
            "page": pagename,
            "static": f"{up}_static/",
            "python": (CACHE / "pyodide" / ".complete").is_file(),
        }
    )


def register(app: Sphinx) -> None:
    """Copy when the build is over."""
    # Every page names the folder of scripts, so every page is written again when they change.
    app.add_config_value("live_fingerprint", fingerprint(), "html")
    app.connect("html-page-context", page_settings)
    app.connect("build-finished", copy_assets)
