"""Copies scripts, styles, MathJax, Pyodide and the wheels into the built book, each from the repository or
.cache.
"""

import base64
import filecmp
import functools
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from bundling.modules import bundled
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging

from autograder._language import _

logger = logging.getLogger(__name__)
HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"
# Scripts that import nothing
CLASSIC = ("/unsupported.js", "/reading.js")
LOCALE = HERE.parents[2] / "autograder" / "locale"


def catalogues() -> dict[str, Path]:
    """The sentences of the pages' scripts in each language but English, by its code."""
    return {path.parent.parent.name: path for path in LOCALE.glob("*/LC_MESSAGES/autograder.js")}


def brought(config: Config, name: str) -> Path:
    """The folder of .cache/ where the tools put Python, the editor and MathJax."""
    return Path(config.live_cache) / name


def have(folder: Path) -> bool:
    """Was it brought and is it whole?"""
    return (folder / ".complete").is_file()


@functools.cache
def fingerprint(editor: Path) -> str:
    """A hash of our own scripts and the editor's: they are served from a folder of this name, so no stale mix
    can load.
    """
    total = hashlib.sha256()
    for path in sorted([*STATIC.rglob("*"), *editor.glob("*"), *catalogues().values()]):
        if path.is_file() and "__pycache__" not in path.parts:
            total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:12]


@functools.cache
def manifest(python: Path) -> str:
    """The hash of the list of Python's files, which has theirs: so a page runs only the Python it was built
    with.
    """
    if not have(python):
        return ""
    data = (python / "live.json").read_bytes()
    return "sha256-" + base64.b64encode(hashlib.sha256(data).digest()).decode()


def mirror(source: Path, target: Path) -> None:
    """Make target's files those of source, leaving equal ones alone."""
    for path in source.rglob("*"):
        if path.is_file() and path.name != ".complete" and "__pycache__" not in path.parts:
            to = target / path.relative_to(source)
            if not (to.is_file() and filecmp.cmp(path, to, shallow=True)):
                to.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, to)


def drop_old(source: Path, target: Path) -> None:
    """Take away what another build left there: Python's files are large, and named by their content."""
    for path in target.iterdir():
        if not (source / path.name).exists():
            path.unlink()


def scripts(config: Config) -> Path:
    """Our scripts, those that a page loads before a touch in main.js."""
    # What is fetched when it is wanted: the editor, the page of one's progress, Python's own thread
    later = "codemirror|progress_page|search|worker|unpack|unsupported"
    return bundled(STATIC, Path(config.live_cache), ["main.js"], {"main": rf"^(?!{later})"})


def copy_assets(app: Sphinx, error: Exception | None) -> None:
    """At the end of the build; what is missing is said, and the book is still readable."""
    if error is not None or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    version = fingerprint(brought(app.config, "editor"))
    for old in (static / "live").glob("*"):
        if old.name != version:
            shutil.rmtree(old)
    mirror(scripts(app.config), static / "live" / version)
    for language, path in catalogues().items():
        to = static / "live" / version / "locale" / f"{language}.js"
        to.parent.mkdir(exist_ok=True)
        shutil.copy2(path, to)
    for name, folder, lost in (
        ("vendor/mathjax", "vendor/mathjax", "equations stay in TeX"),
        ("vendor/minisearch", "vendor/minisearch", "the search page finds nothing"),
        ("pyodide", "pyodide", "cells can't be run in the page"),
        (f"live/{version}/codemirror", "editor", "cells are edited as plain text"),
    ):
        source = brought(app.config, folder)
        if have(source):
            mirror(source, static / name)
            if name == "pyodide":
                drop_old(source, static / name)
        else:
            logger.info("live book: %s is missing (python tools/vendor.py brings it), so %s", name, lost)
    # icons.css draws what the book shows of it
    for name in ("fontawesome.js", "scripts/fontawesome.js"):
        (static / name).unlink(missing_ok=True)
    shutil.rmtree(static / "vendor" / "fontawesome", ignore_errors=True)


def mathjax(config: Config) -> dict[str, Any] | None:
    """Where MathJax lies and how it is set up, for what a cell shows as LaTeX; None where it is not."""
    if not have(brought(config, "vendor/mathjax")):
        return None
    return {"script": config.mathjax_path, "config": config.mathjax3_config or {}}


@functools.cache
def classic_words(language: str) -> dict[str, dict[str, str]]:
    """What scripts that import nothing say, which find it in the page; nothing in English."""
    if language not in catalogues():
        return {}
    with catalogues()[language].with_suffix(".po").open("rb") as file:
        found = {
            str(message.id): str(message.string)
            for message in read_po(file)
            if message.id and any(str(place).endswith(CLASSIC) for place, _line in message.locations)
        }
    return {"words": found}


def page_settings(app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: Any) -> None:
    """Where the scripts of this page find their files, and what its templates say: `says("…")`, for the theme
    has a `_` of its own.
    """
    context["says"] = _
    up = "../" * pagename.count("/")
    context["live_base"] = f"{up}_static/live/{fingerprint(brought(app.config, 'editor'))}/"
    context["live_settings"] = json.dumps(
        {
            "page": pagename,
            "static": f"{up}_static/",
            "python": manifest(brought(app.config, "pyodide")),
            "editor": have(brought(app.config, "editor")),
            "mathjax": mathjax(app.config),
            # What check() speaks; "": English
            "language": app.config.language if app.config.language in catalogues() else "",
            **classic_words(app.config.language or ""),
        }
    )


def note_build(_app: Sphinx, config: Config) -> None:
    """Every page names the scripts and the Python it goes with, so new ones mean that every page is written
    anew.
    """
    config.live_build = fingerprint(brought(config, "editor")) + manifest(brought(config, "pyodide"))


def register(app: Sphinx) -> None:
    """Copy when the build is over."""
    app.add_config_value("live_cache", str(HERE.parents[2] / ".cache"), "")
    app.add_config_value("live_build", "", "html")
    app.connect("config-inited", note_build)
    app.connect("html-page-context", page_settings)
    app.connect("build-finished", copy_assets)
