"""The examination: two fair variants from a seed, keys that hold by differences, pages that fit."""

import re
import sys
from pathlib import Path

import numpy as np
import pypdfium2
import pytest

from autograder import _language
from tests.support.built_book import ROOT, vendored
from tests.support.machine import needed

sys.path.insert(0, str(ROOT / "tools"))
import exam

SEEDS = [f"term {n}" for n in range(12)]


def loss(net: exam.Network, theta: dict[str, np.ndarray]) -> float:
    hidden = np.maximum(0, theta["W1"] @ net.X + theta["b1"])
    gap = theta["W2"] @ hidden + theta["b2"] - net.Y
    return float(0.5 * (gap**2).sum())


def slopes(net: exam.Network) -> dict[str, np.ndarray]:
    """Of the loss by each parameter, by differences: exact on a parabola, while no gate changes."""
    theta = {"W1": net.W[1], "b1": net.b[1], "W2": net.W[2], "b2": net.b[2]}
    found = {}
    for name, value in theta.items():
        slope = np.zeros_like(value)
        for at in np.ndindex(value.shape):
            up, down = (value.copy(), value.copy())
            up[at] += 1 / 8
            down[at] -= 1 / 8
            slope[at] = 4 * (loss(net, theta | {name: up}) - loss(net, theta | {name: down}))
        found[name] = slope
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_a_key_holds_by_differences(seed: str) -> None:
    for variant in exam.VARIANTS:
        net = exam.draw(seed, variant)
        done, by_differences = exam.run(net), slopes(net)
        np.testing.assert_array_equal(done.dW[1], by_differences["W1"])
        np.testing.assert_array_equal(done.delta[1], by_differences["b1"])
        np.testing.assert_array_equal(done.dW[2], by_differences["W2"])
        np.testing.assert_array_equal(done.delta[2], by_differences["b2"])
        assert {float(v) for v in (*done.Z[1].flat, *done.Z[2].flat, *done.back.flat)} <= set(range(-12, 13))
        assert done.gate.sum() == 2, "one gate of three is shut"
        assert done.back.ravel()[done.gate.ravel() == 0] != 0, "the mistake shows"


def test_a_seed_is_an_examination_and_another_is_another() -> None:
    papers = {
        (seed, variant): exam.sheet("paper", seed, variant) for seed in SEEDS[:3] for variant in exam.VARIANTS
    }
    assert len(set(papers.values())) == len(papers)
    assert papers[SEEDS[0], "A"] == exam.sheet("paper", SEEDS[0], "A")


def test_paper_and_key_ask_and_answer_the_same_points() -> None:
    heads = [re.findall(r"<h2>(.*?)</h2>", exam.sheet(kind, "x", "B")) for kind in ("paper", "key")]
    assert heads[0] == heads[1]
    given = [int(n) for head in heads[1] for n in re.findall(r"\((\d+) points\)", head)]
    assert sum(given) == sum(exam.PART.values())
    for text, points in zip(re.split(r"<h2>.*?</h2>", exam.sheet("key", "x", "B"))[1:], given, strict=True):
        steps = [int(n) for n in re.findall(r"\((\d)\)", text)]
        assert sum(steps) == points or not steps, text


@pytest.mark.parametrize("seed", SEEDS[:3])
@pytest.mark.parametrize("variant", exam.VARIANTS)
@pytest.mark.parametrize("kind", ["paper", "key"])
def test_in_spanish_it_asks_the_same(
    monkeypatch: pytest.MonkeyPatch, kind: str, seed: str, variant: str
) -> None:
    english = exam.sheet(kind, seed, variant)
    monkeypatch.setattr(_language._Chosen, "language", "es")
    spanish = exam.sheet(kind, seed, variant)
    assert '<html lang="es"' in spanish
    assert "points" not in spanish.partition("<main>")[2]
    # Headings with their numbers and points, formulas, and the points of each step in a key
    for asked in (r"<h(\d)>(\d?).*?(\d*)[^\d]*</h", r"\\\((.*?)\\\)|\\\[(.*?)\\\]", r"[ \n]\((\d)\)"):
        found = [re.findall(asked, text.replace("{,}", "."), re.DOTALL) for text in (english, spanish)]
        assert found[0] == found[1], asked
    assert len(re.findall(r"\\\(", spanish)) > 5


def test_no_number_of_the_key_is_on_the_paper_but_the_mistakes() -> None:
    paper = exam.sheet("paper", "x", "A")
    done = exam.run(exam.draw("x", "A"))
    assert exam.tex(done.back) in paper
    assert exam.tex(done.delta[1]) not in paper
    assert exam.tex(done.dW[1]) not in paper


def test_the_command_prints_four_sheets_of_two_pages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    needed("chromium")
    assert vendored()[0] == 0
    assert exam.main(["--seed", "x", "--to", str(tmp_path)]) == 0
    for name in ("A", "A-key", "B", "B-key"):
        with pypdfium2.PdfDocument(tmp_path / f"{name}.pdf") as document:
            assert len(document) <= 2, name
            text = "".join(page.get_textpage().get_text_bounded() for page in document)
        assert "7 In your own words" in text
        assert "\\begin" not in text, "a formula is not set"
    assert exam.main(["--seed", " ", "--to", str(tmp_path)]) == 2
    assert "make exam SEED=" in capsys.readouterr().err
