"""`{widget} W10`: the place where a widget is mounted, with a picture that is there without JavaScript."""

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

STILLS = Path(__file__).resolve().parents[2] / "backprop" / "widgets" / "stills"


class Widget(SphinxDirective):
    """<figure data-widget="W10"> with its still inside."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """The figure; its still is inline SVG."""
        name = self.arguments[0]
        still = STILLS / f"{name}.svg"
        picture = (
            still.read_text()
            if still.is_file()
            else (
                f'<svg role="img" aria-label="Widget {name} moves when JavaScript is on" '
                'viewBox="0 0 400 60" width="400" height="60">'
                f'<text x="200" y="35" text-anchor="middle" fill="currentColor">{name}</text></svg>'
            )
        )
        html = f'<figure class="widget" data-widget="{name}"><div data-widget-still>{picture}</div></figure>'
        return [nodes.raw("", html, format="html")]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("widget", Widget)
