"""The pictures say what they are given: numbers, signs, arrows and dots, and nothing by colour alone."""

import re
from collections.abc import Iterator

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

matplotlib.use("Agg")

import matplotlib.pyplot as plt

from backprop import HIDDEN, figures


@pytest.fixture(autouse=True)
def _close() -> Iterator[None]:
    yield
    plt.close("all")


def words(fig: Figure) -> list[str]:
    """Every text on the axes and on the figure itself."""
    found = [text.get_text() for axis in fig.axes for text in axis.texts]
    return found + [axis.get_title() for axis in fig.axes] + [text.get_text() for text in fig.texts]


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


def test_strips_show_every_value_and_the_mean() -> None:
    fig = figures.strips({"one": [1.0, 3.0], "two": [4.0]}, xlabel="x")
    dots, mean = fig.axes[0].lines[:2]
    assert list(dots.get_xdata()) == [1, 3]
    assert set(mean.get_xdata()) == {2.0}
    assert [label.get_text() for label in fig.axes[0].get_yticklabels()] == ["one", "two"]


def test_a_saturation_map_marks_where_nothing_is_lost() -> None:
    scales, depths = np.array([0.5, 1.0, 2.0]), np.array([1, 2, 3])
    ratio = scales[None, :] ** depths[:, None]
    fig = figures.saturation({"tanh": ratio, "relu": 0 * ratio}, scales, depths, xlabel="s", ylabel="N")
    assert {"tanh", "relu"} <= set(words(fig))
    image, line = fig.axes[0].collections[:2]
    np.testing.assert_allclose(image.get_array().reshape(3, 3), np.log10(ratio))
    np.testing.assert_allclose(
        line.get_paths()[0].vertices[:, 0], 1.0
    )  # dashed at scale 1, whatever the depth
    assert fig.axes[1].collections[0].get_array().min() == -6  # a ratio of 0 is as dark as a millionth


def test_a_figure_has_no_word_that_the_page_did_not_give() -> None:
    """So a page in another language shows its own words alone; a g is called what the code calls it."""
    ones = np.ones((2, 3))
    drawn = [
        figures.activations(),
        figures.losses_of_prediction("word", "word"),
        figures.lines(ones[0], {"word": ones[0]}, xlabel="word", ylabel="word", points={"word": (1, 1)}),
        figures.grids({"word": ones}),
        figures.confusion(np.eye(2), xlabel="word", ylabel="word"),
        figures.saturation({"word": ones}, np.arange(1.0, 4), np.array([1, 2]), xlabel="word", ylabel="word"),
        figures.digit_images(np.ones((64, 1)), ["word"]),
        figures.strips({"word": [1.0]}, xlabel="word"),
    ]
    for fig in drawn:
        fig.canvas.draw()
        texts = " ".join(text.get_text() for text in fig.findobj(Text))
        assert set(re.findall(r"[a-zA-Z]{3,}", texts)) <= {"word", "mathdefault", *HIDDEN}, texts
