"""A figure as a PNG, the same to the pixel as savefig(bbox_inches="tight") makes it, in half the time.

savefig draws a figure twice, first without ink to see how much paper it needs; it measures that paper twice
too, and works out the ticks of an axis several times over. Here each is done once.
"""

import contextlib
import io

# A picture goes no further than from the worker to the page
QUICK = {"compress_level": 1}
# Inches of paper around the ink, as savefig has it
PAD = 0.1


def png(figure, dots: int) -> bytes:
    """The figure at `dots` an inch, cut to its ink and a little paper."""
    file = io.BytesIO()
    own = figure.dpi
    figure.dpi = dots
    try:
        with contextlib.ExitStack() as stack:
            paper = "tight"
            if plain(figure):
                stack.enter_context(settled_ticks(figure))
                paper = measured(figure)
            figure.savefig(file, format="png", dpi=dots, bbox_inches=paper, pil_kwargs=QUICK)
    finally:
        figure.dpi = own
    return file.getvalue()


def plain(figure) -> bool:
    """Is nothing moved by drawing itself? A layout engine moves axes, a projection has ticks of its own."""
    flat = all(axes.name == "rectilinear" for axes in figure.axes)
    return figure.get_layout_engine() is None and not figure.subfigs and flat


@contextlib.contextmanager
def settled_ticks(figure):
    """Inside, each axis works out its ticks once: nothing that they depend on changes while a picture is
    made.
    """
    renderer = figure.canvas.get_renderer()
    # As Figure.draw does first; it may change the limits
    for axes in figure.axes:
        place = axes.get_axes_locator()
        axes.apply_aspect(place(axes, renderer) if place else None)
    with once("_update_ticks", [axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)]):
        yield


def measured(figure):
    """The paper that the figure's ink needs, in inches."""
    with once("get_tightbbox", figure.axes):
        return figure.get_tightbbox(figure.canvas.get_renderer()).padded(PAD)


@contextlib.contextmanager
def once(method: str, owners: list):
    """Inside, this method of each owner does its work at the first call and gives the same answer from then
    on.
    """
    for owner in owners:
        setattr(owner, method, remembering(getattr(owner, method)))
    try:
        yield
    finally:
        for owner in owners:
            delattr(owner, method)


def remembering(method):
    """The method with a memory of its first answer."""
    answers = []

    def ask(*args, **options):
        if not answers:
            answers.append(method(*args, **options))
        return answers[0]

    return ask
