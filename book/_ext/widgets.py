"""`{widget} W10`: a widget's figure. Its still stands in the HTML; where JavaScript runs, the host mounts it
at once.
"""

import filecmp
import re
import shutil
from pathlib import Path

from bundling.modules import bundled
from docutils import nodes
from docutils.parsers.rst import directives
from html_templates import render
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

WIDGETS = Path(__file__).resolve().parents[2] / "widgets"
# Beside the pages: Jupyter Book would load every script in _static on every page
FOLDER = "widgets"


class Widget(SphinxDirective):
    """The figure of one widget, such as W10; the first on a page brings the style and the host along.

    `:ungated:` shows the picture at once, without the widget's question before it. What stands inside is the
    chapter's prediction: it is read above the picture, and the widget's question takes the answer.
    """

    required_arguments = 1
    has_content = True
    option_spec = {"ungated": directives.flag}  # noqa: RUF012  # docutils' own way to declare options

    def run(self) -> list[nodes.Node]:
        """The figure as HTML; as words where the output is not HTML."""
        name = self.arguments[0]
        still = WIDGETS / "stills" / f"{name}.svg"
        # node tools/stills.mjs es
        spoken = WIDGETS / "stills" / (self.config.language or "en") / f"{name}.svg"
        still = spoken if spoken.is_file() else still
        if not still.is_file():
            raise self.error(
                f"widget: given {name!r}; expected one that has a still (node tools/stills.mjs draws it)"
            )
        self.env.note_dependency(str(still))
        picture = still.read_text(encoding="utf-8")
        first = not self.env.temp_data.get("widget_host")
        self.env.temp_data["widget_host"] = True
        folder = "../" * self.env.docname.count("/") + FOLDER
        ungated = "ungated" in self.options
        asked = nodes.container(classes=["prediction"])
        self.state.nested_parse(self.content, self.content_offset, asked)
        settings = {"ungated": ungated, "asked": bool(self.content)}
        figure = render("widget", name=name, picture=picture, first=first, folder=folder, **settings)
        words = re.search(r'aria-label="([^"]*)"', picture)
        paragraph = nodes.paragraph(text=f"[{name}] {words[1] if words else ''}")
        found = [nodes.raw("", figure, format="html"), NotHtml("", paragraph)]
        return [asked, *found] if self.content else found


class NotHtml(nodes.General, nodes.Element):
    """What stands in for a widget in a PDF."""


def skip(_self: object, _node: nodes.Node) -> None:
    """HTML has the figure itself."""
    raise nodes.SkipNode


def through(_self: object, _node: nodes.Node) -> None:
    """Other outputs show what is inside."""


def copy_modules(app: Sphinx, error: Exception | None) -> None:
    """Copy the scripts and the style into the built book."""
    if error is not None or app.builder.format != "html":
        return
    entries = sorted(path.name for path in (WIDGETS / "js").glob("*.js"))
    source = bundled(WIDGETS / "js", Path(app.config.live_cache), entries, {"shared": "^shared/(?!digits)"})
    for path in source.rglob("*"):
        target = Path(app.outdir) / FOLDER / path.relative_to(source)
        if path.is_file() and not (target.is_file() and filecmp.cmp(path, target, shallow=False)):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)


def setup(app: Sphinx) -> dict[str, bool | str]:
    """Register the directive and the copying."""
    app.add_directive("widget", Widget)
    app.add_node(NotHtml, html=(skip, None), latex=(through, through), text=(through, through))
    app.connect("build-finished", copy_modules)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
