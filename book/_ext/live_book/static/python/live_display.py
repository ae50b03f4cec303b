"""Shows values in the page: IPython's `display` and the few names cells use of it, without IPython's 3 MB."""

import base64
import contextlib
import io
import json
import sys
import types

DOTS = 144  # an inch of a figure; at build time it has 100
LIMIT = 200_000  # characters of text one run may print
targets: list[str | None] = [None]  # which Output widget receives what is displayed
state = {"emit": None, "printed": 0, "displays": 0}
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


def emit(kind: str, **fields) -> None:
    """Send one message to the page."""
    if targets[-1] is not None:
        fields["target"] = targets[-1]
    state["emit"](kind, json.dumps(fields, default=repr))


class Stream(io.TextIOBase):
    """stdout or stderr, capped: a loop that prints must not drown the page."""

    def __init__(self, name: str) -> None:
        self.name = name

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        before = state["printed"]
        state["printed"] = before + len(text)
        if before < LIMIT:
            emit("stream", text=text[: LIMIT - before], stream=self.name)
            if state["printed"] >= LIMIT:
                emit("stream", text="\n… (more was printed than this page shows)\n", stream=self.name)
        return len(text)


def picture(figure) -> dict:
    """A figure as a PNG, sharp on dense screens and as wide as the saved one."""
    from live_pictures import png

    data = png(figure, DOTS)
    width = round(int.from_bytes(data[16:20], "big") * 100 / DOTS)
    texts = [a.get_title() for a in figure.axes if a.get_title()]
    about = "Figure: " + "; ".join(texts) if texts else "The figure this cell draws"
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
        state["displays"] += 1
        display_id = f"display-{state['displays']}"
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


def rich(name: str, kind: str, around: str = "{}") -> type:
    """A class of IPython.display: `HTML("<b>bold</b>")` is shown as text/html."""

    class Rich:
        def __init__(self, data="", **_options) -> None:
            self.data = data

        def _repr_mimebundle_(self, **_options) -> dict:
            if isinstance(self.data, bytes):
                return {kind: base64.b64encode(self.data).decode()}
            return {kind: around.format(self.data) if isinstance(self.data, str) else self.data}

    Rich.__name__ = Rich.__qualname__ = name
    return Rich


class Shell:
    """What ipywidgets and cells ask of get_ipython()."""

    class events:
        register = unregister = staticmethod(lambda *a, **k: None)

    def showtraceback(self, *_args, **_options) -> None:
        """ipywidgets' way to report what a callback raised."""
        from live_errors import report

        report(sys.exc_info()[1])

    def run_line_magic(self, *_args) -> None:
        """Magics mean nothing here."""


def install_shims() -> None:
    """IPython's modules, as far as widgets, Matplotlib and cells use them."""
    ipython, shown = types.ModuleType("IPython"), types.ModuleType("IPython.display")
    shell = Shell()
    ipython.get_ipython = lambda: shell
    ipython.display = shown
    ipython.version_info = (9, 0, 0)
    core, tools = types.ModuleType("IPython.core"), types.ModuleType("IPython.core.pylabtools")
    interactive = types.ModuleType("IPython.core.interactiveshell")
    tools.backend2gui, interactive.InteractiveShell = {}, Shell  # Matplotlib and ipywidgets ask
    core.pylabtools, core.interactiveshell, ipython.core = tools, interactive, core
    ipython.__path__ = core.__path__ = []
    shown.display, shown.clear_output, shown.update_display = display, clear_output, update_display
    shown.DisplayHandle = Handle
    for name, kind, around in (
        ("HTML", "text/html", "{}"),
        ("Markdown", "text/markdown", "{}"),
        ("Latex", "text/latex", "{}"),
        ("Math", "text/latex", r"$\displaystyle {}$"),
        ("SVG", "image/svg+xml", "{}"),
        ("Image", "image/png", "{}"),
        ("JSON", "application/json", "{}"),
        ("Javascript", "application/javascript", "{}"),
        ("Code", "text/plain", "{}"),
        ("Pretty", "text/plain", "{}"),
    ):
        setattr(shown, name, rich(name, kind, around))
    for module in (ipython, shown, core, tools, interactive):
        sys.modules[module.__name__] = module


@contextlib.contextmanager
def shown_in(target: str | None):
    """What is displayed inside goes to this Output widget."""
    targets.append(target)
    try:
        yield
    finally:
        targets.pop()
