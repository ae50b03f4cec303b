"""pytest run on a small file of tests, to see what the project's own plugins make of it."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Of the plugins that are installed xdist alone has a part in it; to import the others takes most of a run.
PLUGINS = ("-p", "tests.conftest", "-p", "xdist.plugin")


def run_pytest(folder: Path, tests: str, *options: str, **variables: str) -> tuple[int, str]:
    """Run these tests in the folder, neither in CI nor with everything asked for but where variables say so;
    the exit code and what is printed.
    """
    (folder / "test_it.py").write_text(tests, encoding="utf-8")
    cleared = {key: value for key, value in os.environ.items() if key not in ("CI", "REQUIRE")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *PLUGINS, *options, "test_it.py"],
        cwd=folder,
        env={**cleared, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout
