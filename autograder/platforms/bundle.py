"""One archive with which another platform grades an assignment: the wheels, the released notebook, the
course's own exercises, and the program that the platform starts.

Gradescope: a zip for "Configure Autograder", with setup.sh and run_autograder; it needs no network. Classroom
50: a zip of the folder CLASSROOM/autograders/ASSIGNMENT/, with autograder.py; it is published with the
classroom's pages, so no secret is in it. Its runner takes no archive of more than CLASSROOM50_BYTES, which
NumPy's wheel alone exceeds: there the other packages come from the package index, each by its hash.
"""

import hashlib
import io
import json
import secrets
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Literal

from autograder._files import write_atomically
from autograder._language import _
from autograder._templates import render_text
from autograder.course.own_exercises import own_source
from autograder.course.policies import POLICIES_FILE, read_policies
from autograder.errors import GraderError
from autograder.grading.jobs import released_bytes
from autograder.notebooks.notebook import NotebookError

Platform = Literal["gradescope", "classroom50"]
# What grading one notebook imports besides our own package.
PACKAGES = ("deltabook", "numpy", "jinja2", "typer", "rich", "ipython")
# MAX_FETCH_BYTES in Classroom 50's runner.py.
CLASSROOM50_BYTES = 10 * 2**20
# So that two bundles of the same things are the same bytes.
DATE = (1980, 1, 1, 0, 0, 0)


def bundle(
    platform: Platform,
    assignment: str,
    target: Path,
    *,
    course: Path | None = None,
    python: str = "",
    wheels: Path | None = None,
) -> list[str]:
    """Write the archive; its members' names. python: the platform's, like 3.12 (this one's if not given).
    wheels: a folder that has them already, instead of asking the package index.

    GraderError, FileNotFoundError, NotebookError say why it can't be made.
    """
    version = python or f"{sys.version_info.major}.{sys.version_info.minor}"
    try:
        released = released_bytes(course, assignment)
    except NotebookError as error:
        raise error.of(assignment) from None
    files = {f"course/release/{assignment}/{assignment}.ipynb": released}
    if course is not None:
        if own := own_source(course):
            files["course/own_exercises.py"] = own.encode()
        files[f"course/{POLICIES_FILE}"] = _policies(course, assignment).encode()
    with tempfile.TemporaryDirectory() as scratch:
        found = sorted((wheels or _wheels(Path(scratch), version)).glob("*.whl"))
        packages = {path.name: path.read_bytes() for path in found}
    if not any(name.startswith("deltabook-") for name in packages):
        raise GraderError(
            _(
                "{wheels}: no wheel of deltabook in it; expected deltabook-….whl and what it needs",
                wheels=wheels,
            )
        )
    values = {"assignment": assignment, "python": version, "packages": " ".join(PACKAGES)}
    if platform == "gradescope":
        files["setup.sh"] = render_text("bundle/setup.sh.j2", **values).encode()
        files["run_autograder"] = render_text("bundle/run_autograder.j2", **values).encode()
        files["seed"] = secrets.token_hex(16).encode()
        files |= {f"wheels/{name}": data for name, data in packages.items()}
    else:
        values["python_tuple"] = f"({version.replace('.', ', ')})"
        files["autograder.py"] = render_text("bundle/autograder.py.j2", **values).encode()
        files["requirements.txt"] = _by_hash(packages).encode()
        ours = {name: data for name, data in packages.items() if name.startswith("deltabook-")}
        files |= {f"wheels/{name}": data for name, data in ours.items()}
    archive = _zipped(files)
    if platform == "classroom50" and len(archive) > CLASSROOM50_BYTES:
        raise GraderError(
            _(
                "{target}: the archive would have {size:.1f} MB; Classroom 50 takes {most:.1f} at most: make "
                "the released notebook smaller (pictures and outputs are what is large in one)",
                target=target,
                size=len(archive) / 1e6,
                most=CLASSROOM50_BYTES / 1e6,
            )
        )
    write_atomically(target, archive)
    return sorted(files)


def _by_hash(packages: dict[str, bytes]) -> str:
    """Each wheel as a line of requirements.txt, with its version and its hash."""
    lines = []
    for file_name, data in packages.items():
        name, version = file_name.split("-")[:2]
        lines.append(f"{name}=={version} --hash=sha256:{hashlib.sha256(data).hexdigest()}")
    return "\n".join(lines) + "\n"


def _policies(course: Path, assignment: str) -> str:
    """What of the course's policies one notebook is graded by: nobody's name is in it."""
    policies = read_policies(course)
    lines = ["[feedback]", f"help = {policies.help}", "[credit]"]
    lines += [f"{code} = {keeps!r}" for code, keeps in sorted(policies.credit.items())]
    # A list of texts is written in TOML as in JSON.
    lines += ["[drop]", f"{json.dumps(assignment)} = {json.dumps(policies.drop.get(assignment, ()))}"]
    return "\n".join(lines) + "\n"


def _wheels(folder: Path, python: str) -> Path:
    """Our wheel and those of what it needs, for that Python on this kind of machine."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    only = ["--only-binary=:all:", f"--python-version={python}"]
    steps = [
        [*pip, "wheel", "--no-deps", "--wheel-dir", folder, _our_project()],
        [*pip, "download", *only, "--dest", folder, *PACKAGES[1:]],
    ]
    for command in steps:
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
        if done.returncode:
            last = (done.stderr.strip() or done.stdout.strip() or _("no word of why")).splitlines()[-1]
            raise GraderError(
                _(
                    "the wheels for Python {python} can't be had: {last}; --wheels takes a folder of them",
                    python=python,
                    last=last,
                )
            )
    return folder


def _our_project() -> str:
    """A checkout's folder, or the name and version to ask the index for."""
    root = Path(__file__).resolve().parents[2]
    if (root / "pyproject.toml").is_file():
        return str(root)
    from importlib import metadata

    return f"deltabook=={metadata.version('deltabook')}"


def _zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, DATE)
            executable = name in ("setup.sh", "run_autograder")
            entry.external_attr = (0o755 if executable else 0o644) << 16
            archive.writestr(entry, files[name], zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
