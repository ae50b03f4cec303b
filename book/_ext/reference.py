"""Reference pages made from the code: `{commands}` from the command line itself, `{policies}` from the file
of policies.

`{student-files}` links what students install and download: the package and all notebooks in one file.
"""

import inspect
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from docutils import nodes
from html_templates import render
from live_book import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from typer.models import ArgumentInfo

from autograder._language import _
from autograder.cli.app import SUBCOMMANDS
from autograder.cli.help_words import paragraphs, placeholder
from autograder.course import policies

ROOT = Path(__file__).resolve().parents[2]
ZIP = "exercises.zip"


class Commands(SphinxDirective):
    """Every command with its help and its options, read off the functions that typer calls."""

    def run(self) -> list[nodes.Node]:
        """A section a command."""
        for path in sorted((ROOT / "autograder" / "cli").glob("*.py")):
            self.env.note_dependency(str(path))
        return [self._command(name, function) for name, function in SUBCOMMANDS.items()]

    def _command(self, name: str, function: Callable[..., Any]) -> nodes.section:
        parameters = list(read_parameters(function))
        section = nodes.section(ids=[f"command-{name}"])
        section += nodes.title("", "", nodes.literal("", f"autograder {name}"))
        section += [nodes.paragraph("", _(part)) for part in paragraphs(function.__doc__)]
        usage = " ".join([f"autograder {name}", *(p.usage for p in parameters)])
        section += nodes.literal_block(usage, usage, language="text")
        if parameters:
            table = nodes.definition_list()
            for p in parameters:
                term = nodes.term("", "", nodes.literal("", p.name))
                table += nodes.definition_list_item(
                    "", term, nodes.definition("", nodes.paragraph("", p.words))
                )
            section += table
        return section


@dataclass(frozen=True)
class Parameter:
    """One option or argument, as a reader writes it."""

    name: str
    usage: str
    words: str


def read_parameters(function: Callable[..., Any]) -> Iterator[Parameter]:
    """The options and arguments of a command's function, in its order."""
    hints = get_type_hints(function, include_extras=True)
    for name, parameter in inspect.signature(function).parameters.items():
        kind, info = get_args(hints[name])[:2]
        required, default = parameter.default is parameter.empty, parameter.default
        kinds = [k for k in (get_args(kind) or (kind,)) if k is not type(None)]
        several = get_origin(kinds[0]) is list or get_origin(kind) is list
        plain = get_args(kinds[0])[0] if get_origin(kinds[0]) is list else kinds[0]
        word = info.metavar or placeholder(kind)
        if isinstance(info, ArgumentInfo):
            shown = usage = (info.metavar or name.upper()) + ("..." if several else "")
        else:
            told = [d for d in (info.default, *(info.param_decls or ())) if str(d).startswith("--")]
            flag = told[0] if told else "--" + name.replace("_", "-")
            shown = flag if plain is bool else f"{flag} {word}"
            usage = shown if required else f"[{shown}]" + ("..." if several else "")
        words = _(info.help or "")
        if not required and default not in (None, False, ""):
            shown_default = (
                f"{default:g}" if isinstance(default, float) else getattr(default, "value", default)
            )
            words += _(" (if not given: {value})", value=shown_default)
        yield Parameter(shown, usage, words)


class PoliciesFile(SphinxDirective):
    """autograder.toml as the package has it, comments and all."""

    def run(self) -> list[nodes.Node]:
        """The file."""
        text = policies.commented_file()
        return [nodes.literal_block(text, text, language="toml")]


class StudentFiles(SphinxDirective):
    """Links to the package and to all notebooks in one file."""

    def run(self) -> list[nodes.Node]:
        """The links."""
        base = "../" * self.env.docname.count("/") + "_static/notebooks/"
        html = render("student_files", base=base, archive=ZIP, wheel=wheel_name())
        return [nodes.raw("", html, format="html")]


def wheel_name() -> str:
    """The wheel's file name, with the version that pyproject.toml has."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    return f"deltabook-{version}-py3-none-any.whl"


def write_student_files(app: Sphinx, error: Exception | None) -> None:
    """The wheel, and the notebooks as one zip, the same bytes for the same notebooks."""
    if error is not None or app.builder.format != "html":
        return
    target = Path(app.outdir) / "_static" / "notebooks"
    target.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target / ZIP, "w", zipfile.ZIP_DEFLATED) as archive:
        folder = directives.exercises(app.config)
        for path in directives.public_notebooks(app.config):
            # Its date is fixed: 1980
            entry = zipfile.ZipInfo(f"exercises/{path.relative_to(folder).as_posix()}")
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*command, "--no-build-isolation", "--wheel-dir", target, ROOT], check=True)


def setup(app: Sphinx) -> dict[str, Any]:
    """The directives, and the files."""
    app.add_directive("commands", Commands)
    app.add_directive("policies", PoliciesFile)
    app.add_directive("student-files", StudentFiles)
    app.connect("build-finished", write_student_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
