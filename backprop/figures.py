"""The book's plots (Matplotlib). Every function draws one pyplot figure and returns it.

What is made of circles, boxes and arrows is in diagrams.py.

Colours are Okabe and Ito's; no picture says anything by colour alone: signs, dashes and labels repeat it.
The background is opaque white, so that a picture reads the same on a light and on a dark page.
"""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from numpy.typing import NDArray

from backprop.activations import HIDDEN, g, g_prime

POSITIVE, NEGATIVE, FORWARD, BACKWARD, FOCUS = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00"
DASHES = ("-", "--", ":", "-.")
COLOURS = (POSITIVE, NEGATIVE, FORWARD, BACKWARD, FOCUS)
SIGNED = LinearSegmentedColormap.from_list("signed", [NEGATIVE, "white", POSITIVE])


def _figure(columns: int = 1, width: float = 6.2, height: float = 3.0) -> tuple[Figure, list[Axes]]:
    fig, axes = plt.subplots(1, columns, figsize=(width, height), layout="constrained", facecolor="white")
    return fig, list(np.atleast_1d(axes))


def lines(
    x: NDArray,
    curves: Mapping[str, NDArray],
    *,
    xlabel: str,
    ylabel: str,
    title: str = "",
    log_x: bool = False,
    log_y: bool = False,
    points: Mapping[str, tuple[float, float]] | None = None,
    ylim: tuple[float, float] | None = None,
) -> Figure:
    """One axis with named curves over x (n,); each curve is (n,) and has its own dash and colour.

    Points are drawn as dots with their names beside them.
    """
    fig, (axis,) = _figure()
    for i, (name, y) in enumerate(curves.items()):
        axis.plot(x, y, DASHES[i % 4], color=COLOURS[i % 5], label=name, linewidth=2)
    for name, place in (points or {}).items():
        axis.plot(*place, "o", color="black", markersize=7)
        plate = {"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.8}
        axis.annotate(name, place, xytext=(9, 7), textcoords="offset points", fontsize=10, bbox=plate)
    if log_x:
        axis.set_xscale("log")
    if log_y:
        axis.set_yscale("log")
    axis.set(xlabel=xlabel, ylabel=ylabel, title=title)
    if ylim is not None:
        axis.set_ylim(ylim)
    axis.grid(alpha=0.3)
    axis.legend()
    return fig


def activations() -> Figure:
    """g and g' of the three hidden nonlinearities over z in [-5, 5] (eq. 2.1 to 2.3 and 2.6 to 2.8)."""
    fig, axes = _figure(2, width=7.0)
    z = np.linspace(-5, 5, 501)
    for axis, function, title in zip(axes, (g, g_prime), ("g(z)", "g'(z)"), strict=True):
        for i, name in enumerate(HIDDEN):
            axis.plot(z, function(name, z), DASHES[i], color=COLOURS[i], label=name, linewidth=2)
        axis.set(xlabel="z", title=title)
        axis.grid(alpha=0.3)
        axis.legend()
    axes[0].set_ylim(-1.2, 2.5)
    return fig


def losses_of_prediction(squared: str, cross: str) -> Figure:
    """Squared error and binary cross entropy over y_hat for y = 1, and their slopes (eq. 3.1, 3.2)."""
    fig, axes = _figure(2, width=7.0)
    y_hat = np.linspace(0.02, 0.999, 400)
    curves = {
        squared: ((y_hat - 1) ** 2 / 2, y_hat - 1),
        cross: (-np.log(y_hat), -1 / y_hat),
    }
    for i, (name, pair) in enumerate(curves.items()):
        for axis, y in zip(axes, pair, strict=True):
            axis.plot(y_hat, y, DASHES[i], color=COLOURS[i], label=name, linewidth=2)
    axes[0].set(xlabel="ŷ (y = 1)", title="L")
    axes[1].set(xlabel="ŷ (y = 1)", title="dL/dŷ", ylim=(-20, 1))
    for axis in axes:
        axis.grid(alpha=0.3)
        axis.legend()
    return fig


def grids(matrices: Mapping[str, NDArray], *, integers: bool = False, signs: Sequence[str] = ()) -> Figure:
    """Matrices side by side as heat maps, square cells with each number written in them.

    signs are written between neighbours: the first between the first two matrices, and so on.
    """
    rows = max(M.shape[0] for M in matrices.values())
    gap = 0.7
    widths = [max(M.shape[1], 1.2) for M in matrices.values()]
    total = sum(widths) + gap * (len(widths) - 1)
    cell = min(0.75, 7.0 / (total + 0.4))
    fig = plt.figure(figsize=(cell * (total + 0.4), cell * (rows + 0.3) + 0.35), facecolor="white")
    limit = max(float(np.max(np.abs(M))) for M in matrices.values()) or 1.0
    wide, tall = fig.get_size_inches()
    left = 0.2
    for n, (name, M) in enumerate(matrices.items()):
        low = 0.1 * cell + cell * (rows - M.shape[0]) / 2
        box = (left * cell / wide, low / tall, widths[n] * cell / wide, M.shape[0] * cell / tall)
        axis = fig.add_axes(box)
        axis.imshow(M, cmap=SIGNED, vmin=-1.6 * limit, vmax=1.6 * limit)
        for j, i in np.ndindex(*M.shape):
            # As above: no -0.
            value = M[j, i] + 0.0
            text = (f"{value:g}" if integers else f"{value:+.2f}").replace("-", "−")
            axis.text(i, j, text, ha="center", va="center", fontsize=10 if cell > 0.5 else 8, color="black")
        axis.set(xticks=[], yticks=[])
        axis.set_title(name, fontsize=11)
        left += widths[n] + gap
        if n < len(signs):
            fig.text(
                (left - gap / 2) * cell / wide,
                (0.1 * cell + cell * rows / 2) / tall,
                signs[n],
                ha="center",
                va="center",
                fontsize=14,
            )
    return fig


def confusion(counts: NDArray, *, xlabel: str, ylabel: str) -> Figure:
    """A confusion matrix (k, k): rows are true classes, columns predictions; zeros are left blank."""
    fig, (axis,) = _figure(width=5.2, height=4.6)
    axis.imshow(np.log1p(counts), cmap="cividis")
    for j, i in np.ndindex(*counts.shape):
        if counts[j, i]:
            bright = counts[j, i] > counts.max() / 8
            axis.text(
                i, j, str(int(counts[j, i])), ha="center", va="center", color="black" if bright else "white"
            )
    ticks = list(range(len(counts)))
    axis.set(xlabel=xlabel, ylabel=ylabel, xticks=ticks, yticks=ticks)
    return fig


def saturation(
    maps: Mapping[str, NDArray], scales: NDArray, depths: NDArray, *, xlabel: str, ylabel: str
) -> Figure:
    """How much of delta is left: maps[name] (depths, scales) in log10, dashed where nothing is lost."""
    fig, axes = _figure(len(maps), width=7.4, height=3.2)
    for axis, (name, ratio) in zip(axes, maps.items(), strict=True):
        size = np.clip(np.log10(np.maximum(ratio, 1e-300)), -6, 6)
        image = axis.pcolormesh(scales, depths, size, cmap="cividis", vmin=-6, vmax=6, shading="nearest")
        axis.contour(scales, depths, size, levels=[0.0], colors="white", linestyles="--", linewidths=2)
        axis.set(xscale="log", title=name, xlabel=xlabel, xticks=[0.2, 0.5, 1, 2, 5])
        axis.set_yticks(depths[depths % 5 == 0] if len(depths) > 5 else depths)
        axis.set_xticklabels(["0.2", "0.5", "1", "2", "5"])
        axis.minorticks_off()
        axis.label_outer()
    axes[0].set_ylabel(ylabel)
    bar = fig.colorbar(image, ax=axes, label="‖δ[1]‖ / ‖δ[N]‖", ticks=[-6, -3, 0, 3, 6])
    bar.ax.set_yticklabels(["10⁻⁶", "10⁻³", "1", "10³", "10⁶"])
    return fig


def digit_images(images: NDArray, titles: Sequence[str]) -> Figure:
    """A row of 8 x 8 images, the columns of images (64, n), with a title each."""
    fig, axes = _figure(len(titles), width=7.0, height=1.5)
    for axis, column, title in zip(axes, images.T, titles, strict=True):
        axis.imshow(column.reshape(8, 8), cmap="gray_r")
        axis.set(xticks=[], yticks=[])
        axis.set_title(title, fontsize=9)
    return fig


def strips(groups: Mapping[str, Sequence[float]], *, xlabel: str, reference: float | None = None) -> Figure:
    """A line of dots for each group, its mean as a bar; groups from top to bottom in the order given.

    With a reference there is a vertical line at that number, for dots that are differences.
    """
    fig, (axis,) = _figure(height=0.42 * len(groups) + 0.8)
    if reference is not None:
        axis.axvline(reference, color="black", linewidth=1)
    for row, values in enumerate(groups.values()):
        axis.plot(values, [row] * len(values), "o", color=POSITIVE, alpha=0.7)
        axis.plot([np.mean(values)] * 2, [row - 0.3, row + 0.3], color=NEGATIVE, linewidth=3)
    axis.set_yticks(range(len(groups)), labels=list(groups))
    axis.set(xlabel=xlabel, ylim=(len(groups) - 0.5, -0.5))
    axis.grid(axis="x", alpha=0.3)
    return fig
