"""Forty notebooks by each of the four ways: do they give the same points and the same words?

    python benchmarks/four_ways.py [--only KIND ...]

`autograder grade` over a course, `grade --watch` over another as they come in, `grade-one` on each, and the
archive of `bundle --for gradescope`, set up offline in the platform's own folders. Each way has another seed,
so it draws other hidden numbers. Prints every difference; ends with 1 if there is one.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from autograder.platforms.bundle import bundle  # noqa: E402
from tests.support import four_ways  # noqa: E402
from tests.support.forty_notebooks import NOTEBOOKS  # noqa: E402


def platform(root: Path, assignment: str, wheels: Path | None) -> Path:
    """Gradescope's folders with the assignment's archive in source/, set up."""
    root.mkdir()
    bundle("gradescope", assignment, root / "bundle.zip", wheels=wheels)
    shutil.unpack_archive(root / "bundle.zip", root / "source")
    environment = four_ways.offline(AUTOGRADER_ROOT=str(root))
    subprocess.run(["bash", root / "source" / "setup.sh"], cwd=root, env=environment, check=True)
    return root


def compare(folder: Path, kinds: list[str]) -> int:
    """Grade by all four; the number of notebooks of which they differ."""
    made = {f"s{i:02}": (NOTEBOOKS[kind][0], NOTEBOOKS[kind][1]()) for i, kind in enumerate(kinds)}
    names = dict(zip(made, kinds, strict=True))
    course = folder / "grade"
    for student, (assignment, data) in made.items():
        four_ways.hand_in(course, student, assignment, data)
    words = four_ways.command("grade", course, seed=four_ways.SEEDS["grade"])
    subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    found = {"grade": four_ways.by_course(course)}
    found["watch"] = four_ways.by_watch(folder / "watch", made, 600)
    found["grade-one"] = {
        student: four_ways.by_grade_one(folder / "one" / student, *work) for student, work in made.items()
    }
    roots: dict[str, Path] = {}
    for assignment in sorted({assignment for assignment, _ in made.values()}):
        wheels = next((root / "source" / "wheels" for root in roots.values()), None)
        roots[assignment] = platform(folder / f"root-{assignment}", assignment, wheels)
    found["bundle"] = {
        student: four_ways.by_bundle(roots[assignment], assignment, data)
        for student, (assignment, data) in made.items()
    }
    different = 0
    for student, kind in names.items():
        first = found["grade"].get(student)
        others = {way: said.get(student) for way, said in found.items() if said.get(student) != first}
        different += bool(others) or first is None
        points = "no grade" if not first else f"{sum(row[1] for row in first):g}"
        print(f"{kind}: {points}{'' if not others else f'; otherwise by {sorted(others)}'}")
        for way, said in others.items():
            print(f"  grade: {first}\n  {way}: {said}")
    print(f"{len(made)} notebooks, {different} of them graded differently")
    return different


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="*", choices=NOTEBOOKS, default=list(NOTEBOOKS), metavar="KIND")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        return int(compare(Path(folder), arguments.only) > 0)


if __name__ == "__main__":
    sys.exit(main())
