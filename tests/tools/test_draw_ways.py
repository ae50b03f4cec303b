import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import draw_ways  # noqa: E402

AGAIN = "python tools/draw_ways.py draws them anew"


@pytest.mark.parametrize("way", draw_ways.WAYS, ids=lambda way: way.name)
def test_the_picture_is_drawn_from_its_steps(way):
    assert (ROOT / "docs" / f"{way.name}.svg").read_text(encoding="utf-8") == draw_ways.drawn(way), AGAIN


@pytest.mark.parametrize("way", draw_ways.WAYS, ids=lambda way: way.name)
def test_every_place_on_a_way_is_there(way):
    for row in way.rows:
        for step in row:
            assert (ROOT / step.place).exists(), step.place


def test_what_the_pages_about_the_project_point_at_is_there():
    for page in (
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "README.md",
        "book/security.md",
        "book/privacy.md",
        "book/accessibility.md",
    ):
        text = (ROOT / page).read_text(encoding="utf-8")
        for link in re.findall(r"\]\(([^)]+)\)", text):
            beside = (ROOT / page).parent
            assert "://" in link or (beside / link.split("#")[0]).exists(), (page, link)
        for path in re.findall(
            r"`((?:autograder|backprop|book|tests|tools|widgets|solutions)/[\w./-]+\.\w+)`", text
        ):
            assert (ROOT / path).exists(), (page, path)
