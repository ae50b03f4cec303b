"""The pictures say what they are given: numbers, signs, arrows and dots, and nothing by colour alone."""

from collections.abc import Iterator

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure

matplotlib.use("Agg")

import matplotlib.pyplot as plt

from backprop import figures

W = {1: np.array([[1.0, -2]]), 2: np.array([[3.0], [-4]])}
SIZES = [2, 1, 2]


@pytest.fixture(autouse=True)
def _close() -> Iterator[None]:
    yield
    plt.close("all")


def words(fig: Figure) -> list[str]:
    """Every text on the axes and on the figure itself."""
    found = [text.get_text() for axis in fig.axes for text in axis.texts]
    return found + [axis.get_title() for axis in fig.axes] + [text.get_text() for text in fig.texts]


def arrows(fig: Figure) -> list[str]:
    """The line style of every arrow."""
    patches = [text.arrow_patch for text in fig.axes[0].texts if getattr(text, "arrow_patch", None)]
    return [str(patch.get_linestyle()) for patch in patches]


def test_a_network_shows_every_weight_and_value() -> None:
    values = {0: np.array([[5.0], [6]]), 1: np.array([[-0.0]]), 2: np.array([[7.0], [8]])}
    fig = figures.network(SIZES, W, values)
    shown = words(fig)
    assert {"+1", "-2", "+3", "-4", "5", "6", "7", "8", "a[1]"} <= set(shown)
    assert "-0" not in shown
    assert sorted(arrows(fig)) == ["-", "-", "--", "--"]  # a negative weight is dashed as well as coloured


def test_focus_draws_only_the_ways_of_one_nudge() -> None:
    fig = figures.network([2, 2, 2], {1: np.ones((2, 2)), 2: np.ones((2, 2))}, {}, focus=(1, 0))
    assert len(arrows(fig)) == 2  # its two outgoing weights; forward and backward alike


def test_delta_is_written_with_its_sign() -> None:
    fig = figures.network(SIZES, W, {2: np.ones((2, 1))}, backward=True, symbol="delta")
    assert "δ[2]" in words(fig)


def test_grids_write_each_number_once_in_a_square_cell() -> None:
    fig = figures.grids(
        {"A": np.array([[1.0, -0.0]]), "B": np.array([[2.5], [3]])}, integers=True, signs=["·"]
    )
    fig.canvas.draw()  # the aspect is applied when drawn
    assert sorted(words(fig)) == sorted(["1", "0", "2.5", "3", "A", "B", "·"])
    for axis in fig.axes:
        rows, columns = axis.get_images()[0].get_array().shape
        box = axis.get_window_extent()
        assert box.height / rows == pytest.approx(box.width / columns, rel=0.01)


def test_lines_have_dashes_of_their_own_and_named_points() -> None:
    x = np.linspace(0, 1, 5)
    fig = figures.lines(
        x, {"one": x, "two": -x}, xlabel="x", ylabel="y", points={"here": (0.5, 0.5)}, ylim=(-2, 2)
    )
    assert "here" in words(fig)
    assert len({line.get_linestyle() for line in fig.axes[0].lines[:2]}) == 2
    assert fig.axes[0].get_ylim() == (-2, 2)


def test_flow_tells_its_three_kinds_of_arrow_apart_by_dashes() -> None:
    boxes = {"a": (0.0, 0.0), "b": (1.0, 0.0), "c": (1.0, -1.0)}
    fig = figures.flow(boxes, forward=[("a", "b")], backward=[("b", "c")], kept=[("a", "c")])
    assert sorted(arrows(fig)) == ["-", "--", ":"]
    assert set(boxes) <= set(words(fig))


def test_strips_show_every_value_and_the_mean() -> None:
    fig = figures.strips({"one": [1.0, 3.0], "two": [4.0]}, xlabel="x")
    dots, mean = fig.axes[0].lines[:2]
    assert list(dots.get_xdata()) == [1, 3]
    assert set(mean.get_xdata()) == {2.0}
    assert [label.get_text() for label in fig.axes[0].get_yticklabels()] == ["one", "two"]


def test_a_saturation_map_marks_where_nothing_is_lost() -> None:
    scales, depths = np.array([0.5, 1.0, 2.0]), np.array([1, 2, 3])
    ratio = scales[None, :] ** depths[:, None]
    fig = figures.saturation({"tanh": ratio, "relu": 0 * ratio}, scales, depths)
    assert {"tanh", "relu"} <= set(words(fig))
    image, line = fig.axes[0].collections[:2]
    np.testing.assert_allclose(image.get_array().reshape(3, 3), np.log10(ratio))
    np.testing.assert_allclose(
        line.get_paths()[0].vertices[:, 0], 1.0
    )  # dashed at scale 1, whatever the depth
    assert fig.axes[1].collections[0].get_array().min() == -6  # a ratio of 0 is as dark as a millionth


def test_a_graph_writes_values_gradients_and_what_is_sent() -> None:
    fig = figures.graph(
        {"x": (0, 0), "f": (1, 0)}, [("x", "f")], {"x": 3, "f": 9}, {"x": 6, "f": 1}, {("x", "f"): 6}
    )
    assert {"x", "f", "value 3", "gradient 6", "value 9", "gradient 1", "6"} <= set(words(fig))
