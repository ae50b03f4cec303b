"""IPython's modules, as far as cells, ipywidgets and Matplotlib use them, without IPython's 3 MB."""

import base64
import sys
import types

from live_display import Handle, clear_output, display, update_display
from live_errors import report


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
        report(sys.exc_info()[1])

    def run_line_magic(self, *_args) -> object:
        """Magics mean nothing here: what one gives accepts everything and does nothing."""
        from autograder.sandbox.inside.imports import Inert

        return Inert()


def install_shims() -> None:
    """IPython's modules, as far as widgets, Matplotlib and cells use them."""
    ipython, shown = types.ModuleType("IPython"), types.ModuleType("IPython.display")
    shell = Shell()
    ipython.get_ipython = lambda: shell
    ipython.display = shown
    ipython.version_info = (9, 0, 0)
    core, tools = types.ModuleType("IPython.core"), types.ModuleType("IPython.core.pylabtools")
    interactive = types.ModuleType("IPython.core.interactiveshell")
    # Matplotlib and ipywidgets ask
    tools.backend2gui, interactive.InteractiveShell = {}, Shell
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
