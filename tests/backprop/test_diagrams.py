"""The diagrams say what they are given: numbers, signs, arrows, and nothing by colour alone."""

import re
import xml.etree.ElementTree as ET
from itertools import combinations

import numpy as np

from backprop import diagrams
from backprop.diagrams import Diagram

W = {1: np.array([[1.0, -2]]), 2: np.array([[3.0], [-4]])}
SIZES = [2, 1, 2]
SVG = "{http://www.w3.org/2000/svg}"


def drawn(diagram: Diagram) -> ET.Element:
    """The picture as an XML document."""
    return ET.fromstring(diagram._repr_svg_())


def words(diagram: Diagram) -> list[str]:
    """Every text in it."""
    return [str(text.text) for text in drawn(diagram).iter(f"{SVG}text")]


def arrows(diagram: Diagram) -> list[str]:
    """The dashes of every arrow, "" for a solid one."""
    lines = [path for path in drawn(diagram).iter(f"{SVG}path") if path.get("class") == "arrow"]
    dashes = [re.search("stroke-dasharray:([^;]*)", line.get("style", "")) for line in lines]
    return [dash[1] if dash else "" for dash in dashes]


def test_a_network_shows_every_weight_and_value() -> None:
    values = {0: np.array([[5.0], [6]]), 1: np.array([[-0.0]]), 2: np.array([[7.0], [8]])}
    shown = words(diagrams.network(SIZES, W, values))
    assert {"1", "−2", "3", "−4", "5", "6", "7", "8", "a[1]"} <= set(shown)
    assert not {"-0", "−0"} & set(shown)
    # A negative weight is dashed as well as coloured
    assert [bool(dash) for dash in sorted(arrows(diagrams.network(SIZES, W, values)))] == [False] * 2 + [
        True
    ] * 2


def test_no_weight_is_written_over_another() -> None:
    full = {1: np.arange(6.0).reshape(3, 2) + 10, 2: np.arange(6.0).reshape(2, 3) - 99}
    texts = list(drawn(diagrams.network([2, 3, 2], full, {})).iter(f"{SVG}text"))
    assert len(texts) == 12 + 3
    for one, other in combinations(texts, 2):
        across, down = (abs(float(one.get(axis, 0)) - float(other.get(axis, 0))) for axis in "xy")
        assert across > 25 or down >= 13, (one.text, other.text)


def test_focus_draws_only_the_ways_of_one_nudge() -> None:
    fig = diagrams.network([2, 2, 2], {1: np.ones((2, 2)), 2: np.ones((2, 2))}, {}, focus=(1, 0))
    # Its two outgoing weights; forward and backward alike
    assert len(arrows(fig)) == 2


def test_delta_is_written_with_its_sign_and_none_comes_to_the_inputs() -> None:
    fig = diagrams.network(SIZES, W, {1: np.ones((1, 1)), 2: -np.ones((2, 1))}, backward=True, symbol="delta")
    assert {"δ[2]", "−1", "l = 0"} <= set(words(fig))
    # No word: pages in every language show it
    assert not re.search("[a-z]{3}", " ".join(words(fig)))
    assert len(arrows(fig)) == 2


def test_flow_tells_its_three_kinds_of_arrow_apart_by_dashes() -> None:
    boxes = {"a": (0.0, 0.0), "b": (1.0, 0.0), "c": (1.0, -1.0)}
    fig = diagrams.flow(boxes, forward=[("a", "b")], backward=[("b", "c")], kept=[("a", "c")])
    assert len(set(arrows(fig))) == 3
    assert set(boxes) <= set(words(fig))


def test_a_graph_writes_values_gradients_and_what_is_sent() -> None:
    fig = diagrams.graph(
        {"x": (0, 0), "f": (1, 0)}, [("x", "f")], {"x": 3, "f": 9}, {"x": 6, "f": 1}, {("x", "f"): -6}
    )
    assert {"x = 3", "x\u0304 = 6", "f = 9", "f\u0304 = 1", "−6"} <= set(words(fig))
    assert not re.search("[a-z]{3}", " ".join(words(fig)))
