"""The widgets' JavaScript: node's own tests, and the NumPy code that every widget copies, run by Python."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from backprop.widgets import golden

ROOT = Path(__file__).resolve().parents[1]


def node(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run node in the repository; a missing node is a failure."""
    program = shutil.which("node")
    assert program, "the widgets are tested with node, and it was not found: install Node.js 20 or newer"
    return subprocess.run([program, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120)


def test_node_tests() -> None:
    """The recipe against the golden vectors; the views, states and stills of all eighteen."""
    tests = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests" / "js").glob("*.test.mjs"))
    assert tests
    done = node("--test", *tests)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_golden_vectors_are_backprops() -> None:
    """The file is what backprop computes now (python -m backprop.widgets.golden writes it)."""
    saved, now = json.loads(golden.FILE.read_text(encoding="utf-8")), golden.vectors()
    assert flat(saved) == pytest.approx(flat(now), rel=1e-12, abs=1e-15)


def flat(value: Any) -> list[float]:
    """Every number of a JSON value, in order."""
    if isinstance(value, dict):
        return [x for key in sorted(value) for x in flat(value[key])]
    if isinstance(value, list):
        return [x for entry in value for x in flat(entry)]
    return [] if isinstance(value, str) else [float(value)]


def test_copied_numpy_reproduces_the_numbers_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Each text runs by itself, and its assertions hold: NumPy and backprop get what the widget shows."""
    dumped = json.loads(node("tests/js/dump.mjs").stdout)
    assert len({entry["id"] for entry in dumped}) == 18
    for entry in dumped:
        assert "assert" in entry["numpy"], entry["id"]
        try:
            exec(compile(entry["numpy"], entry["id"], "exec"), {})
        except Exception as error:
            pytest.fail(f"{entry['id']} in state {entry['state']}: {error!r}\n{entry['numpy'][-1500:]}")
        assert capsys.readouterr().out.strip(), f"{entry['id']} prints nothing"


def test_a_wrong_number_would_be_noticed() -> None:
    """The copied text asserts: with one number changed it fails."""
    dumped = json.loads(node("tests/js/dump.mjs").stdout)
    text = next(entry["numpy"] for entry in dumped if entry["id"] == "W3")
    with pytest.raises(AssertionError):
        exec(text.replace("z = np.array([[1]])", "z = np.array([[1.01]])"), {})
