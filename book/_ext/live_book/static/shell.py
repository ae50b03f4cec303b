"""Runs the page's cells inside Pyodide: output, pictures, controls, checks. It stands in for IPython's display."""

import ast
import base64
import contextlib
import io
import json
import linecache
import os
import sys
import traceback
import types
import warnings

LIMIT = 200_000  # characters of text one run may print
spaces: dict[str, dict] = {}
targets: list[str | None] = [None]  # which Output widget receives what is displayed
state = {"emit": None, "printed": 0}


def emit_to(callback) -> None:
    """Where messages go: callback(kind, json)."""
    state["emit"] = callback


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


def bundle(value) -> dict:
    """A value as the richest things it offers to be."""
    if hasattr(value, "_repr_mimebundle_") and not isinstance(value, type):
        data = value._repr_mimebundle_()
        data = data[0] if isinstance(data, tuple) else data
        if data:
            return dict(data)
    for method, kind in (
        ("_repr_html_", "text/html"),
        ("_repr_svg_", "image/svg+xml"),
        ("_repr_png_", "image/png"),
    ):
        if (
            hasattr(value, method)
            and not isinstance(value, type)
            and (data := getattr(value, method)()) is not None
        ):
            text = base64.b64encode(data).decode() if isinstance(data, bytes) else data
            return {kind: text, "text/plain": repr(value)}
    figure = sys.modules.get("matplotlib.figure")
    if figure is not None and isinstance(value, figure.Figure):
        return picture(value)
    return {"text/plain": repr(value)}


def display(*values, **_options) -> None:
    """IPython.display.display."""
    for value in values:
        emit("display", data=bundle(value))


def clear_output(wait: bool = False) -> None:
    """IPython.display.clear_output."""
    emit("clear", wait=wait)


def picture(figure) -> dict:
    """A figure as a PNG, sharp on dense screens."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=144, bbox_inches="tight")
    texts = [a.get_title() for a in figure.axes if a.get_title()]
    about = "Figure: " + "; ".join(texts) if texts else "The figure this cell draws"
    return {"image/png": base64.b64encode(buffer.getvalue()).decode(), "text/plain": about}


def flush_figures(*_args) -> None:
    """Show and close what Matplotlib has open."""
    plt = sys.modules.get("matplotlib.pyplot")
    if plt is not None:
        for number in plt.get_fignums():
            emit("display", data=picture(plt.figure(number)))
        plt.close("all")


class Html:
    """IPython.display.HTML and its kin."""

    def __init__(self, data: str = "", **_options) -> None:
        self.data = data

    def _repr_html_(self) -> str:
        return self.data


class Shell:
    """What ipywidgets asks of get_ipython()."""

    class events:
        register = unregister = staticmethod(lambda *a, **k: None)

    def showtraceback(self, *_args, **_options) -> None:
        report(sys.exc_info()[1])

    def run_line_magic(self, *_args) -> None:
        """Magics mean nothing here."""


def install_shims() -> None:
    """IPython without its 3 MB: the few names that widgets and cells use."""
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
    shown.display, shown.clear_output = display, clear_output
    shown.HTML = shown.Markdown = shown.Latex = shown.Javascript = shown.SVG = Html
    for module in (ipython, shown, core, tools, interactive):
        sys.modules[module.__name__] = module


def prepare_widgets() -> None:
    """ipywidgets talks to the page through our comm."""
    if "ipywidgets" in sys.modules:
        return
    import comm
    from comm.base_comm import BaseComm

    class PageComm(BaseComm):
        def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **_keys):
            kind = msg_type.removeprefix("comm_")
            if kind == "open" or (data and data.get("method") in ("update", "echo_update")):
                model = {k: v for k, v in (data or {}).get("state", {}).items() if k != "layout"}
                previous, targets[:] = list(targets), [None]
                emit("model", id=self.comm_id, state=model)
                targets[:] = previous

    comm.create_comm = lambda *a, **k: PageComm(*a, **k)
    import ipywidgets
    from ipywidgets.widgets import interaction, widget_output

    def enter(self):
        targets.append(self.model_id)

    def leave(self, kind, error, _trace):
        if kind is not None:
            report(error)
        flush_figures()
        targets.pop()
        return kind is not None

    widget_output.Output.__enter__, widget_output.Output.__exit__ = enter, leave
    interaction.show_inline_matplotlib_plots = flush_figures
    interaction.display, interaction.clear_output = display, clear_output
    assert ipywidgets


def report(error: BaseException) -> None:
    """A traceback without our own lines."""
    own = __file__
    trace = traceback.TracebackException.from_exception(error)
    todo, seen = [trace], set()
    while todo:
        part = todo.pop()
        if part is None or id(part) in seen:
            continue
        seen.add(id(part))
        if part.stack:
            part.stack[:] = [frame for frame in part.stack if frame.filename != own]
        todo += [part.__cause__, part.__context__]
    summary = "".join(traceback.format_exception_only(error)).strip().splitlines()[-1]
    emit("error", name=type(error).__name__, summary=summary, text="".join(trace.format()))


def drawn(value) -> bool:
    """Is this a figure, or part of one, that flush_figures shows anyway?"""
    first = value[0] if isinstance(value, (list, tuple)) and value else value
    return type(first).__module__.startswith("matplotlib")


def without_magics(source: str) -> str:
    """Lines such as %matplotlib inline say nothing here, and line numbers stay."""
    return "\n".join("" if line.startswith(("%", "!")) else line for line in source.split("\n"))


def execute(source: str, name: str, space: dict) -> bool:
    """Run one cell; its last expression is displayed. False if it failed (which was reported)."""
    filename = f"<cell {name}>"
    source = without_magics(source)
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    try:
        tree = ast.parse(source, filename)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        if last is not None and source.rstrip().endswith(";"):
            tree.body.append(last)
            last = None
        exec(compile(tree, filename, "exec"), space)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), filename, "eval"), space)
            if value is not None:
                space["_"] = value
                if not drawn(value):
                    display(value)
        flush_figures()
    except BaseException as error:
        with contextlib.suppress(Exception):
            flush_figures()
        report(error)
        return False
    return True


def run(job: dict) -> bool:
    """A cell in the page's namespace (or the exercises' own)."""
    space = spaces.setdefault(job["space"], {"__name__": "__main__"})
    if job["space"] == "exercises" and "np" not in space:
        prepare_exercises(space)
    return execute(job["source"], job["cell"], space)


def prepare_exercises(space: dict) -> None:
    """What an exercise notebook's first cell imports."""
    import numpy

    from autograder import check

    space.update(np=numpy, check=check)


def check(job: dict) -> bool:
    """The reader's function, judged as in the notebook: the same `check`, the same card."""
    space = {"__name__": "__main__"}
    prepare_exercises(space)
    targets.append("nowhere")  # what the cells print is not the card
    try:
        for name, source in job["before"]:
            execute(source, name, space)
    finally:
        targets.pop()
    if not execute(job["source"], job["cell"], space):
        emit("verdict", verdict="error", codes="")
        return False
    function = space.get(job["exercise"])
    if not callable(function):
        emit(
            "error",
            name="NameError",
            summary=f"No function {job['exercise']} is defined here",
            text="Keep the function's name: the check looks for it.",
        )
        emit("verdict", verdict="error", codes="")
        return False
    try:
        feedback = space["check"](function)
        judgement = feedback.judgement
    except BaseException as error:
        report(error)
        emit("verdict", verdict="error", codes="")
        return False
    verdict = "error" if judgement.status != "graded" else "right" if judgement.fraction >= 1 else "wrong"
    emit("display", data=bundle(feedback))
    emit("verdict", verdict=verdict, codes=" ".join(judgement.codes))
    return True


def control(job: dict) -> bool:
    """The reader moved a control: its widget hears of it."""
    from ipywidgets.widgets import widget

    model = widget._instances.get(job["model"])
    if model is None:
        return False
    try:
        if job.get("event") == "click":
            model.click()
        else:
            model.set_state(job["state"])
        flush_figures()
    except BaseException as error:
        report(error)
        return False
    return True


def handle(text: str) -> bool:
    """One job from the page."""
    job = json.loads(text)
    state["printed"] = 0
    targets[:] = [None]
    if "ipywidgets" in (job.get("groups") or ()):
        prepare_widgets()
    with contextlib.redirect_stdout(Stream("stdout")), contextlib.redirect_stderr(Stream("stderr")):
        try:
            return {"run": run, "check": check, "control": control}[job["type"]](job)
        except BaseException as error:  # never an exception across the bridge to JavaScript
            report(error)
            return False


install_shims()
os.environ["MPLBACKEND"] = "agg"
warnings.filterwarnings("ignore", category=DeprecationWarning)
