"""ipywidgets in the page: our comm carries each widget's state to the page, and the reader's changes back."""

import base64
import sys

from live_display import clear_output, display, flush_figures
from live_errors import report
from live_messages import emit, flush, shown_in, targets


def carried(data: dict, buffers) -> dict:
    """A widget's state with its buffers (a picture's bytes) inside, as {"base64": ...}."""
    state = dict((data or {}).get("state", {}))
    for path, buffer in zip((data or {}).get("buffer_paths") or [], buffers or [], strict=False):
        if len(path) == 1:
            state[path[0]] = {"base64": base64.b64encode(bytes(buffer)).decode()}
    return state


def prepare_widgets() -> None:
    """Before the first cell that uses ipywidgets."""
    if "ipywidgets" in sys.modules:
        return
    import comm
    from comm.base_comm import BaseComm

    class PageComm(BaseComm):
        def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **_keys):
            kind = msg_type.removeprefix("comm_")
            if kind == "open" or (data and data.get("method") in ("update", "echo_update")):
                with shown_in(None):
                    emit("model", id=self.comm_id, state=carried(data, buffers))

    comm.create_comm = lambda *a, **k: PageComm(*a, **k)
    from ipywidgets.widgets import interaction, widget_output

    # Text that waits goes to where it was printed, before the place changes.
    def enter(self):
        flush()
        targets.append(self.model_id)

    def leave(self, kind, error, _trace):
        if kind is not None:
            report(error)
        flush_figures()
        flush()
        targets.pop()
        return kind is not None

    def clear(self, wait=False):
        with shown_in(self.model_id):
            clear_output(wait)

    widget_output.Output.__enter__, widget_output.Output.__exit__ = enter, leave
    widget_output.Output.clear_output = clear
    interaction.show_inline_matplotlib_plots = flush_figures
    interaction.display, interaction.clear_output = display, clear_output


def control(job: dict) -> bool:
    """The reader moved a control: its widget hears of it. Its callbacks may raise."""
    from ipywidgets.widgets import widget

    model = widget._instances.get(job["model"])
    if model is None:
        return False
    if job.get("event"):
        model._handle_custom_msg({"event": job["event"]}, [])
    else:
        model.set_state(job["state"])
    flush_figures()
    return True
