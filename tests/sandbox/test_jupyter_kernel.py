"""Stock `nbgrader autograde`, unmodified, with its kernels in bubblewrap: what a
student's code reaches, and what not.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pytest

from autograder.gradebook.gradebook import Gradebook
from autograder.gradebook.gradebook_url import default_url
from autograder.notebooks.assignment import load_assignment
from autograder.sandbox import jupyter_kernel as module

ROOT = Path(__file__).resolve().parents[2]
NAME = "01-forward"
RIGHT = {
    "affine_solution": "def affine(W, a_prev, b):\n    return W @ a_prev + b\n",
}
# Each act prints its name if it succeeds.
ACTS = """
import os, socket, subprocess
from pathlib import Path
def act(name, do):
    try:
        print(f"<{name}: {'done' if do() else 'nothing'}>")
    except Exception as error:
        print(f"<{name}: {type(error).__name__}>")
act("gradebook", lambda: Path(COURSE, "gradebook.db").stat().st_size)
act("other", lambda: os.listdir(Path(COURSE, "submitted")))
act("network", lambda: socket.create_connection(("127.0.0.1", PORT), 2))
act("outside", lambda: Path(MARK).write_text("x"))
act("processes", lambda: Path(f"/proc/{PARENT}/cmdline").read_bytes())
act("environment", lambda: os.environ["A_SECRET"])
act("stay", lambda: subprocess.Popen(["sleep", "600.5"], start_new_session=True).pid)
act("own folder", lambda: Path("mine.txt").write_text("x"))
"""
FORBIDDEN = ("gradebook", "other", "network", "processes", "environment")
CONFIG = """
import os
c = get_config()
c.CourseDirectory.course_id = "nets"
"""
PROTECTED = CONFIG + 'os.environ["JUPYTER_DEFAULT_PROVISIONER_NAME"] = "autograder-bubblewrap"\n'


def aimed(course, port):
    return (
        f"COURSE, PORT, MARK, PARENT = {str(course)!r}, {port}, {str(course / 'mark')!r}, {os.getpid()}\n"
        + ACTS
    )


def autograde(course, config, port):
    """Run stock autograde as its command line does; what the student's cell printed, and the score
    of affine.
    """
    (course / "nbgrader_config.py").write_text(config)
    content = json.loads((ROOT / "exercises" / NAME / f"{NAME}.ipynb").read_bytes())
    for cell in content["cells"]:
        cell["source"] = RIGHT.get(cell["metadata"]["nbgrader"]["grade_id"], cell["source"])
    content["cells"].append(
        {
            "cell_type": "code",
            "id": "acts",
            "metadata": {},
            "source": aimed(course, port),
            "outputs": [],
            "execution_count": None,
        }
    )
    path = course / "submitted" / "ada" / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(content))
    # The course's configuration sets a variable for whoever reads it.
    with patch.dict(os.environ), Gradebook(default_url(course)) as book:
        book.add_assignment(load_assignment(None, NAME))
    beside = str(Path(sys.executable).parent)
    environment = os.environ | {"PATH": f"{beside}{os.pathsep}{os.environ['PATH']}", "A_SECRET": "x"}
    program = (
        "import sys; from nbgrader.apps.nbgraderapp import NbGraderApp\n"
        f"NbGraderApp.launch_instance(['autograde', {NAME!r}, '--create', '--student=ada'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=course,
        env=environment,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    made = json.loads((course / "autograded" / "ada" / NAME / f"{NAME}.ipynb").read_text())
    printed = "".join(
        "".join(output.get("text", ""))
        for cell in made["cells"]
        if cell["id"] == "acts"
        for output in cell["outputs"]
    )
    graded = next(
        cell for cell in made["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == "affine"
    )
    return printed, [output.get("data", {}).get("text/plain") for output in graded["outputs"]]


def sleepers():
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found += [path.parent.name] * (b"sleep\x00600.5" in path.read_bytes())
        except OSError:
            continue
    return found


@pytest.fixture(scope="module")
def port():
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.needs("bubblewrap")
def test_the_host_is_out_of_reach_and_the_points_are_the_same(tmp_path, port):
    before = set(sleepers())
    printed, points = autograde(tmp_path, PROTECTED, port)
    for name in FORBIDDEN:
        assert f"<{name}: " in printed
        assert f"<{name}: done>" not in printed
    assert "<stay: done>" in printed
    assert "<own folder: done>" in printed
    assert not set(sleepers()) - before  # what was left running went with the kernel
    assert not (tmp_path / "mark").exists()  # written, but into the kernel's own empty /tmp
    assert points == [["4.0"]]


def test_outside_all_of_it_is_within_reach(tmp_path, port):
    (tmp_path / "gradebook.db").write_text("x")
    (tmp_path / "submitted" / "ben").mkdir(parents=True)
    before = set(sleepers())
    with (tmp_path / "printed").open("w") as file:
        subprocess.run(
            [sys.executable, "-c", aimed(tmp_path, port)],
            cwd=tmp_path,
            env=os.environ | {"A_SECRET": "x"},
            stdout=file,
            timeout=60,
            check=True,
        )
    for pid in set(sleepers()) - before:
        os.kill(int(pid), 9)
    printed = (tmp_path / "printed").read_text()
    assert [name for name in FORBIDDEN if f"<{name}: done>" not in printed] == []
    assert (tmp_path / "mark").exists()


def test_without_bubblewrap_no_kernel_starts(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(module.KernelRefused, match="apt install bubblewrap"):
        module.kernel_in_bubblewrap(tmp_path, tmp_path)
