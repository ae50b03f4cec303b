"""The widgets' JavaScript: node's own tests, and the NumPy code that every widget copies, run by Python."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.machine import needed
from tests.support.widget_page import NAMES

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import golden_vectors  # noqa: E402
import widget_digits  # noqa: E402


def node(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run node in the repository."""
    program = needed("node")
    return subprocess.run([program, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120)


def test_node_tests() -> None:
    """The recipe against the golden vectors; the views, states and stills of all of them."""
    tests = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests" / "js").glob("*.test.mjs"))
    assert tests
    done = node("--test", *tests)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_golden_vectors_are_backprops() -> None:
    """The file is what backprop computes now (python tools/golden_vectors.py writes it)."""
    saved, now = json.loads(golden_vectors.FILE.read_text(encoding="utf-8")), golden_vectors.vectors()
    assert flat(saved) == pytest.approx(flat(now), rel=1e-12, abs=1e-15)


def flat(value: Any) -> list[float]:
    """Every number of a JSON value, in order."""
    if isinstance(value, dict):
        return [x for key in sorted(value) for x in flat(value[key])]
    if isinstance(value, list):
        return [x for entry in value for x in flat(entry)]
    return [] if isinstance(value, str) else [float(value)]


@pytest.fixture(scope="module")
def dumped() -> list[dict[str, Any]]:
    """The text that "Copy state as NumPy" gives, of every widget in every state of states.mjs."""
    entries: list[dict[str, Any]] = json.loads(node("tests/js/dump.mjs").stdout)
    assert {entry["id"] for entry in entries} == set(NAMES)
    return entries


def test_copied_numpy_reproduces_the_numbers_shown(
    dumped: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    """Each text runs by itself, and its assertions hold: NumPy and backprop get what the widget shows."""
    for entry in dumped:
        assert "assert" in entry["numpy"], entry["id"]
        try:
            exec(compile(entry["numpy"], entry["id"], "exec"), {})
        except Exception as error:
            pytest.fail(f"{entry['id']} in state {entry['state']}: {error!r}\n{entry['numpy'][-1500:]}")
        assert capsys.readouterr().out.strip(), f"{entry['id']} prints nothing"


def spoilt(text: str) -> str:
    """The same text with the first number that it assigns made larger."""
    number = re.compile(r"(?m)^(.*=.*?[\[( ]-?)(\d+(?:\.\d+)?)(?=[,\]) ])(.*)$")
    return number.sub(lambda m: f"{m[1]}{float(m[2]) + 1:g}{m[3]}", text, count=1)


def test_a_wrong_number_would_be_noticed(dumped: list[dict[str, Any]]) -> None:
    """With one number of the state changed, each widget's text fails on what it asserts."""
    first = {entry["id"]: entry["numpy"] for entry in reversed(dumped)}
    for name, text in first.items():
        assert spoilt(text) != text, name
        with pytest.raises(AssertionError):
            exec(compile(spoilt(text), name, "exec"), {})


def test_digits_are_scikit_learns() -> None:
    """W16's digits are what tools/widget_digits.py makes of scikit-learn's."""
    assert widget_digits.FILE.read_text(encoding="utf-8") == widget_digits.module()
