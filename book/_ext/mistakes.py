"""`{mistake} K13`: an entry of the grader's catalogue, shown with its wrong formula."""

import inspect
import textwrap

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from autograder.misconceptions import CATALOGUE


class Mistake(SphinxDirective):
    """The entry's name, sentence, explanation and wrong code."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """A paragraph and a literal block; an unknown code is an error of the page."""
        code = self.arguments[0]
        if code not in CATALOGUE:
            raise self.error(f"mistake: given {code}; expected one of {', '.join(CATALOGUE)}")
        entry = CATALOGUE[code]
        box = nodes.admonition(classes=["mistake"])
        box += nodes.title("", f"{entry.name} ({code})")
        page = inspect.cleandoc(entry.__doc__ or "")
        box += nodes.paragraph("", f"{entry.sentence}. {page}")
        source = textwrap.dedent(inspect.getsource(entry))
        formulas = source[source.index("formulas") :]
        block = nodes.literal_block(formulas, formulas, language="python")
        box += block
        box += nodes.paragraph("", f"Hint: {entry.hint}")
        return [box]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("mistake", Mistake)
