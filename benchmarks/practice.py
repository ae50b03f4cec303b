"""The practice assignments, of chapters 1 to 9 in their order: what the classes of the benchmarks hand in."""

from pathlib import Path

EXERCISES = Path(__file__).resolve().parents[1] / "exercises"
ASSIGNMENTS = tuple(
    path.name for path in sorted(EXERCISES.glob("0*")) if (path / f"{path.name}.ipynb").is_file()
)
