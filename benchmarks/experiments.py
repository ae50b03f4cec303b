"""The experiments of chapters 9, 10 and 11 on seeds that nobody chose, and whether the book's sentences still hold.

    python benchmarks/experiments.py [--first 1000] [--seeds 20]     # takes some minutes
    python benchmarks/experiments.py --write                         # the book's own tables, seeds 0 to 19

The sentences and what each claims of the runs stand in claims.py.
"""

import argparse
import csv
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from types import ModuleType

import bug_still_learns
import claims
import deep_nets
import twenty_splits

DATA = Path(__file__).resolve().parent.parent / "backprop" / "data"
EXPERIMENTS: tuple[ModuleType, ...] = (bug_still_learns, twenty_splits, deep_nets)


def table(experiment: ModuleType, seeds: range) -> list[dict[str, str]]:
    """One experiment's rows as its file holds them, those of all seeds for one case after the other."""
    with ProcessPoolExecutor() as pool:
        by_seed = list(pool.map(experiment.rows, seeds))
    return [
        {
            name: f"{value:.4f}" if isinstance(value, float) else str(value)
            for name, value in zip(experiment.COLUMNS, row, strict=True)
        }
        for case in zip(*by_seed, strict=True)
        for row in case
    ]


def write(experiment: ModuleType, rows: list[dict[str, str]]) -> None:
    target = DATA / f"{experiment.__name__}.csv"
    with target.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, experiment.COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{target}: {len(rows)} rows")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--first", type=int, default=1000, help="the first seed")
    parser.add_argument("--seeds", type=int, default=20, help="how many, 20 at least")
    parser.add_argument("--write", action="store_true", help="write the book's tables from seeds 0 to 19")
    given = parser.parse_args()
    if given.seeds < 20:
        parser.error(
            f"--seeds {given.seeds}: the sentences speak of twenty runs and are about means; give 20 or more"
        )
    seeds = range(20) if given.write else range(given.first, given.first + given.seeds)
    tables = {}
    for experiment in EXPERIMENTS:
        tables[experiment.__name__] = table(experiment, seeds)
        if given.write:
            write(experiment, tables[experiment.__name__])
    failed = 0
    for claim in claims.CLAIMS:
        holds, seen = claim.test(tables[claim.experiment])
        failed += not holds
        print(f"{'holds' if holds else 'FAILS'}  {claim.page}: {claim.sentence}\n       {seen}")
    print(
        f"{len(claims.CLAIMS) - failed} of {len(claims.CLAIMS)} sentences hold on seeds {seeds[0]} to {seeds[-1]}"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
