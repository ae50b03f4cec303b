"""backprop.widgets: the bundler, the classes, and that backprop itself stays NumPy-only."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from backprop import widgets
from backprop.widgets import bundler
from tests.support.machine import needed
from tests.support.widget_page import NAMES


def test_backprop_needs_numpy_only() -> None:
    """Importing backprop loads neither anywidget nor ipywidgets nor this package."""
    code = "import sys, backprop; print([m for m in sys.modules if 'widget' in m or m == 'IPython'])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", NAMES)
def test_bundle_is_one_module(name: str, tmp_path: Path) -> None:
    """The bundle imports nothing, is deterministic, and node finds render in it."""
    text = bundler.bundle(f"{name.lower()}.js")
    bundler.bundle.cache_clear()
    assert text == bundler.bundle(f"{name.lower()}.js")
    assert "\nimport " not in text
    file = tmp_path / "widget.mjs"
    file.write_text(text, encoding="utf-8")
    node = needed("node")
    code = (
        f"const m = await import({file.as_uri()!r}); console.log(typeof m.default.render, m.default.spec.id)"
    )
    done = subprocess.run(
        [node, "--input-type=module", "-e", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.split() == ["function", name], done.stderr


def test_the_wheel_has_the_widgets(tmp_path: Path) -> None:
    """Where there is no checkout, `from backprop.widgets import W10` finds the scripts in the package
    itself.
    """
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run(
        [*command, "--no-build-isolation", "--wheel-dir", tmp_path, bundler.HERE.parents[1]],
        check=True,
        timeout=300,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    code = "from backprop import widgets; print(widgets.__file__); print(widgets.W10()._esm)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path / "installed",
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    place, script = done.stdout.split("\n", 1)
    assert Path(place).is_relative_to(tmp_path)
    assert script.rstrip("\n") == widgets.W10()._esm.rstrip("\n")


def test_bundle_refuses_what_it_cannot_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A circle, another form of import, and another form of export are errors that say what to do."""
    monkeypatch.setattr(bundler, "JS", tmp_path)
    (tmp_path / "a.js").write_text('import { b } from "./b.js";\nexport const a = 1;\n')
    (tmp_path / "b.js").write_text('import { a } from "./a.js";\nexport const b = 1;\n')
    with pytest.raises(ValueError, match="circle"):
        bundler.bundle("a.js")
    (tmp_path / "c.js").write_text('import * as b from "./d.js";\nexport default 1;\n')
    with pytest.raises(ValueError, match="import in a form"):
        bundler.bundle("c.js")
    (tmp_path / "d.js").write_text("const x = 1;\nexport { x };\n")
    (tmp_path / "e.js").write_text('import { x } from "./d.js";\nexport default x;\n')
    with pytest.raises(ValueError, match="not a named"):
        bundler.bundle("e.js")


@pytest.mark.parametrize("name", NAMES)
def test_class_syncs_its_state(name: str) -> None:
    """Each class carries its bundle and its style; state is set from keywords and synced."""
    made = getattr(widgets, name)(seed=3)
    assert made.state == {"seed": 3}
    assert {"state", "words", "_esm", "_css"} <= set(made.keys)
    assert f'id: "{name}"' in made._esm
    assert ".bpw" in made._css
