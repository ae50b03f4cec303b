"""`{reading-time}`: how long a chapter takes, counted from the page itself.

Taken are 180 words a minute, and half a minute for a displayed equation or a picture. Who does everything
needs about 2 minutes a question and 15 an exercise besides, and reads with a pencil: half as long again.
"""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from autograder._language import N_, _

SAYS = {
    "minutes": N_("{minutes} minutes"),
    "one": N_("one hour"),
    "half": N_("an hour and a half"),
    "hours": N_("{hours:g} hours"),
    "time": N_("About {reading} to read; with the pencil, the questions and the exercises about {doing}."),
}
WORDS_A_MINUTE, STOPS, QUESTIONS, EXERCISES, PENCIL = 180, 0.5, 2, 15, 1.5


class time_needed(nodes.paragraph):
    """The place of the sentence, which is written when the page is read."""


class ReadingTime(SphinxDirective):
    """How long this page takes, in a sentence."""

    def run(self) -> list[nodes.Node]:
        """The place."""
        return [time_needed(classes=["reading-time"])]


def minutes(doctree: nodes.document) -> tuple[float, float]:
    """(to read, to do everything), in minutes."""
    skipped = (nodes.literal_block, nodes.math_block, nodes.comment)
    words = sum(
        len(text.astext().split())
        for text in doctree.findall(nodes.Text)
        if not any(isinstance(parent, skipped) for parent in parents(text))
    )
    stops = len(list(doctree.findall(nodes.math_block))) + len(list(doctree.findall(nodes.image)))
    reading = words / WORDS_A_MINUTE + STOPS * stops
    kinds = [
        node for node in doctree.findall(nodes.Element) if type(node).__name__ in ("question", "live_cell")
    ]
    questions = sum(type(node).__name__ == "question" for node in kinds)
    exercises = sum(bool(node.get("exercise")) for node in kinds)
    return reading, PENCIL * reading + QUESTIONS * questions + EXERCISES * exercises


def parents(node: nodes.Node) -> list[nodes.Element]:
    """All that a node stands in."""
    found = []
    while node.parent is not None:
        node = node.parent
        found.append(node)
    return found


def in_words(needed: float) -> str:
    """25 minutes, an hour and a half, 2.5 hours: fives of minutes under an hour, then half hours."""
    if needed < 57:
        return _(SAYS["minutes"], minutes=max(5, 5 * round(needed / 5)))
    hours = max(2, round(needed / 30)) / 2
    return {1: _(SAYS["one"]), 1.5: _(SAYS["half"])}.get(hours) or _(SAYS["hours"], hours=hours)


def fill(_app: Sphinx, doctree: nodes.document) -> None:
    """Write the sentence."""
    for place in list(doctree.findall(time_needed)):
        reading, doing = minutes(doctree)
        words = _(SAYS["time"], reading=in_words(reading), doing=in_words(doing))
        place.replace_self(nodes.paragraph("", "", nodes.Text(words), classes=["reading-time"]))


def register(app: Sphinx) -> None:
    """After the live cells are marked."""
    app.add_directive("reading-time", ReadingTime)
    app.add_node(time_needed)
    app.connect("doctree-read", fill, priority=950)
