"""The experiments of chapters 9 to 11: the tables are what the scripts measure, and the book says no more."""

import csv
import random
import re
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

import claims  # noqa: E402
import experiments  # noqa: E402

TABLES = {experiment.__name__: experiment for experiment in experiments.EXPERIMENTS}


def table(name):
    with (ROOT / "backprop" / "data" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", TABLES)
def test_a_table_holds_every_case_on_the_same_twenty_seeds(name):
    rows, columns = table(name), TABLES[name].COLUMNS
    assert tuple(rows[0]) == columns
    case = columns[: columns.index("seed")]
    seeds = {}
    for row in rows:
        seeds.setdefault(tuple(row[column] for column in case), []).append(int(row["seed"]))
    assert all(found == list(range(20)) for found in seeds.values())
    assert len(seeds) == {"bug_still_learns": 5, "twenty_splits": 2, "deep_nets": 6}[name]


@pytest.mark.parametrize(
    ("name", "case"),
    [
        ("bug_still_learns", ("an extra g' at the output", 1)),
        ("twenty_splits", ("a rest of three", 9)),
        ("deep_nets", ("tanh", 1.0, 4, 0.1, 10, 5)),
    ],
)
def test_a_row_of_each_table_is_what_its_script_measures(name, case):
    experiment = TABLES[name]
    found = experiment.measure(*case)
    if name == "deep_nets":
        where, columns, found = {"hidden": "tanh", "scale": "1.0000"}, ["layers_1_5_frozen"], [found]
    else:
        where, columns = {experiment.COLUMNS[0]: case[0]}, experiment.COLUMNS[2:]
    seed = {"deep_nets": 4}.get(name, case[1])
    written = [claims.column(table(name), column, **where)[seed] for column in columns]
    # Another BLAS rounds otherwise, and after hundreds of steps an image or two may change sides.
    np.testing.assert_allclose(found, written, atol=0.015, rtol=0.05)


@pytest.mark.parametrize("claim", claims.CLAIMS, ids=lambda claim: claim.sentence[:40])
def test_the_book_says_it_and_its_own_seeds_bear_it_out(claim):
    text = " ".join((ROOT / "book" / f"{claim.page}.md").read_text().split())
    assert " ".join(claim.sentence.split()) in text
    holds, seen = claim.test(table(claim.experiment))
    assert holds, seen


@pytest.mark.parametrize("claim", claims.CLAIMS, ids=lambda claim: claim.sentence[:40])
def test_a_claim_fails_where_the_runs_are_others(claim):
    """Results dealt out at random, or all alike: no sentence is left standing, for each claims something."""
    rows, columns = table(claim.experiment), TABLES[claim.experiment].COLUMNS
    results = columns[columns.index("seed") + 1 :]
    numbers = [row[column] for row in rows for column in results]
    random.Random(0).shuffle(numbers)
    dealt = iter(numbers)
    at_random = [{**row, **{column: next(dealt) for column in results}} for row in rows]
    alike = [{**row, **dict.fromkeys(results, "0.5")} for row in rows]
    assert not all(claim.test(others)[0] for others in (at_random, alike))


def test_the_counts_that_the_page_names_are_the_tables():
    rows = table("bug_still_learns")
    gap = np.round(
        claims.column(rows, "accuracy", variant=claims.BUGS[0])
        - claims.column(rows, "accuracy", variant="right"),
        4,
    )
    said = re.search(
        r"worse in (\d+) of (\d+) pairs and better in (\w+)", "\n".join(c.sentence for c in claims.CLAIMS)
    )
    assert (int(said[1]), int(said[2]), said[3]) == (np.sum(gap < 0), len(gap), "one")
    assert np.sum(gap > 0) == 1
