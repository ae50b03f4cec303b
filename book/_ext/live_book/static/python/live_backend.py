"""Matplotlib's backend in the page: plt.show() shows the open figures where it stands, as in a notebook."""

from live_display import flush_figures
from matplotlib.backends.backend_agg import FigureCanvasAgg

FigureCanvas = FigureCanvasAgg


def show(*_args, **_options) -> None:
    """plt.show()"""
    flush_figures()
