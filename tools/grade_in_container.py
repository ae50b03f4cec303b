"""Grades a course in a Linux container, for macOS, Windows and whoever wants one more wall.

    python tools/grade_in_container.py COURSE [what follows `autograder grade COURSE`]
    python tools/grade_in_container.py --doctor

Needs podman or docker, and nothing else; the first run builds the image from Containerfile. The container has
no network, can write into the course's folder alone, and keeps of root's powers only those by which each
child becomes a user of its own; --doctor says what the wall is made of in it.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
IMAGE = "localhost/deltabook"
# To become another user and send it a signal; to write what belongs to the person who grades.
POWERS = ("SETUID", "SETGID", "KILL", "DAC_OVERRIDE", "CHOWN", "FOWNER")


def engine() -> str:
    """podman or docker; SystemExit where there is neither."""
    for name in ("podman", "docker"):
        if found := shutil.which(name):
            return found
    raise SystemExit(
        "grade_in_container: neither podman nor docker is here; install one of them (podman.io, docker.com)"
    )


def build(program: str) -> list[str]:
    """The command that makes the image."""
    return [program, "build", "--tag", IMAGE, "--file", str(ROOT / "Containerfile"), str(ROOT)]


def grade(program: str, course: Path, options: list[str]) -> list[str]:
    """The command that grades the course, mounted as /course."""
    return [*locked(program), "--volume", f"{course.resolve()}:/course", IMAGE, "grade", "/course", *options]


def locked(program: str) -> list[str]:
    """A container that is gone afterwards, with no network and few powers."""
    powers = [f"--cap-add={name}" for name in POWERS]
    bounds = ["--network=none", "--cap-drop=ALL", *powers, "--security-opt=no-new-privileges"]
    return [program, "run", "--rm", "--read-only", "--tmpfs=/tmp", *bounds]


def main(arguments: list[str]) -> int:
    """The exit code of what the container ran."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__)
        return 0 if arguments else 2
    program = engine()
    there = subprocess.run([program, "image", "inspect", IMAGE], capture_output=True, check=False)
    if there.returncode and (code := subprocess.run(build(program), check=False).returncode):
        print(f"grade_in_container: {IMAGE} could not be built from Containerfile", file=sys.stderr)
        return code
    if arguments[0] == "--doctor":
        return subprocess.run([*locked(program), IMAGE, "doctor"], check=False).returncode
    course = Path(arguments[0])
    if not course.is_dir():
        print(f"grade_in_container: {course}: no such folder; a course's was expected", file=sys.stderr)
        return 2
    return subprocess.run(grade(program, course, arguments[1:]), check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
