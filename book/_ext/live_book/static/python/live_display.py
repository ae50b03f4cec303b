"""Shows values in the page: IPython's `display` and what belongs to it, without IPython's 3 MB."""

import base64
import itertools
import sys

from live_messages import emit

from autograder._language import _

# Dots an inch of a figure; at build time it has 100.
DOTS = 144
# The names that display(..., display_id=True) gives: display-1, display-2, ...
numbers = itertools.count(1)
REPRESENTATIONS = {
    "_repr_html_": "text/html",
    "_repr_svg_": "image/svg+xml",
    "_repr_png_": "image/png",
    "_repr_jpeg_": "image/jpeg",
    "_repr_latex_": "text/latex",
    "_repr_markdown_": "text/markdown",
    "_repr_json_": "application/json",
    "_repr_javascript_": "application/javascript",
}


def picture(figure) -> dict:
    """A figure as a PNG, sharp on dense screens and as wide as the saved one."""
    from live_pictures import png

    data = png(figure, DOTS)
    width = round(int.from_bytes(data[16:20], "big") * 100 / DOTS)
    texts = [a.get_title() for a in figure.axes if a.get_title()]
    about = _("Figure: ") + "; ".join(texts) if texts else _("The figure this cell draws")
    return {"image/png": base64.b64encode(data).decode(), "text/plain": about, "width": width}


def bundle(value) -> dict:
    """A value as everything it offers to be, {media type: data}; the page picks the richest it can show."""
    if isinstance(value, type):
        return {"text/plain": repr(value)}
    figure = sys.modules.get("matplotlib.figure")
    if figure is not None and isinstance(value, figure.Figure):
        return picture(value)
    data = {}
    for method, kind in REPRESENTATIONS.items():
        if (offered := getattr(value, method, None)) is not None and (made := offered()) is not None:
            made = made[0] if isinstance(made, tuple) else made
            data[kind] = base64.b64encode(made).decode() if isinstance(made, bytes) else made
    if (offered := getattr(value, "_repr_mimebundle_", None)) is not None:
        made = offered()
        data |= (made[0] if isinstance(made, tuple) else made) or {}
    return data if "text/plain" in data else {"text/plain": repr(value)} | data


class Handle:
    """What `display(..., display_id=True)` gives: `update` replaces what was shown."""

    def __init__(self, display_id: str) -> None:
        self.display_id = display_id

    def display(self, value) -> None:
        """Show under this name."""
        display(value, display_id=self.display_id)

    def update(self, value) -> None:
        """Replace what is shown under this name."""
        emit("display", data=bundle(value), id=self.display_id, update=True)


def display(*values, display_id=None, **_options):
    """IPython.display.display."""
    if display_id is True:
        display_id = f"display-{next(numbers)}"
    more = {"id": display_id} if display_id else {}
    for value in values:
        if (own := getattr(value, "_ipython_display_", None)) is not None and not isinstance(value, type):
            own()
        else:
            emit("display", data=bundle(value), **more)
    return Handle(display_id) if display_id else None


def update_display(value, *, display_id: str) -> None:
    """IPython.display.update_display."""
    Handle(display_id).update(value)


def clear_output(wait: bool = False) -> None:
    """IPython.display.clear_output."""
    emit("clear", wait=wait)


def flush_figures(*_args) -> None:
    """Show and close what Matplotlib has open."""
    plt = sys.modules.get("matplotlib.pyplot")
    if plt is not None:
        for number in plt.get_fignums():
            emit("display", data=picture(plt.figure(number)))
        plt.close("all")
