"""`{download-notebook} 06-step-2`: a link to the chapter's exercise notebook, and to the reader's own version
of it.

Below it stands what a page can't promise: it is the reader's own browser that runs, judges and keeps.
"""

import os
import re
import shutil
from pathlib import Path
from typing import Any

from docutils import nodes
from html_templates import render
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

logger = logging.getLogger(__name__)
GITHUB = re.compile(r"https://github\.com/([^/]+/[^/]+)$")
EXERCISES = Path(__file__).resolve().parents[3] / "exercises"


def exercises(config: Config) -> Path:
    """The folder of the released notebooks: the book's, or an edition's own."""
    return Path(getattr(config, "edition_exercises", "") or EXERCISES)


def public_notebooks(config: Config) -> list[Path]:
    """Those that readers may download. The graded set (g1-forward …) is the instructor's to hand out."""
    pattern = "*/*.ipynb" if getattr(config, "edition_exercises", "") else "[0-9]*/*.ipynb"
    return sorted(exercises(config).glob(pattern))


def left_out_notebooks(config: Config) -> set[str]:
    """The book's notebooks that an edition doesn't have."""
    return {path.stem for path in EXERCISES.glob("*/*.ipynb")} - {
        path.stem for path in exercises(config).glob("*/*.ipynb")
    }


def doors(config: Config, name: str, base: str) -> dict[str, str]:
    """Where a notebook can be opened without installing anything: {words: address}.

    JupyterLite, where the book was built with it beside (`make lite`); Colab and Binder, where the book knows
    a repository at GitHub, which both read from.
    """
    found = {}
    if config.live_lite:
        found["JupyterLite"] = f"{base}lite/lab/index.html?path={name}/{name}.ipynb"
    if repository := GITHUB.match(getattr(config, "reading_repository", "")):
        path, branch = f"exercises/{name}/{name}.ipynb", config.reading_branch
        place = f"{repository[1]}/blob/{branch}/{path}"
        found["Colab"] = f"https://colab.research.google.com/github/{place}"
        found["Binder"] = f"https://mybinder.org/v2/gh/{repository[1]}/{branch}?labpath={path}"
    return found


class DownloadNotebook(SphinxDirective):
    """A link to exercises/<name>/<name>.ipynb, which is copied into the built book."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """The link; a notebook that was not released is a warning, and so an error of the build."""
        name = self.arguments[0]
        source = exercises(self.config) / name / f"{name}.ipynb"
        if name in left_out_notebooks(self.config):
            return []
        if not source.is_file():
            logger.warning(
                "the exercise notebook %s is missing: run `autograder release`",
                name,
                location=self.get_location(),
            )
            return []
        self.env.note_dependency(str(source))
        if not hasattr(self.env, "exercise_notebooks"):
            self.env.exercise_notebooks = set()  # type: ignore[attr-defined]
        self.env.exercise_notebooks.add(name)  # type: ignore[attr-defined]
        base = "../" * self.env.docname.count("/")
        links = doors(self.config, name, base)
        return [nodes.raw("", render("notebook_link", name=name, base=base, links=links), format="html")]


def copy_notebooks(app: Sphinx, error: Exception | None) -> None:
    """Every chapter's released notebook into _static/notebooks; the graded set's are not the book's."""
    if error is None and app.builder.format == "html":
        target = Path(app.outdir) / "_static" / "notebooks"
        target.mkdir(parents=True, exist_ok=True)
        for path in public_notebooks(app.config):
            shutil.copyfile(path, target / path.name)


def merge(_app: Sphinx, env: Any, _docnames: list[str], other: Any) -> None:
    """Parallel reading: join what each process noted."""
    env.exercise_notebooks = getattr(env, "exercise_notebooks", set()) | getattr(
        other, "exercise_notebooks", set()
    )


def register(app: Sphinx) -> None:
    """The directive, and the copying."""
    app.add_config_value("live_lite", bool(os.environ.get("BOOK_LITE")), "env", bool)
    app.add_directive("download-notebook", DownloadNotebook)
    app.connect("build-finished", copy_notebooks)
    app.connect("env-merge-info", merge)
