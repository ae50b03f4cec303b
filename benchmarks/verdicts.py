"""Everything that the judge says of every corpus, written down, so that two versions of it can be held side by side.

    python benchmarks/verdicts.py dump FILE [--jobs 2] [--only backprop] [--notebooks 6]
    python benchmarks/verdicts.py compare BEFORE AFTER

Of each answer of the corpus and of blind/ (fraction, checks, names, sentences, pattern, remarks) on hidden and on
public numbers; of notebooks of every assignment and kind, graded behind the wall, the whole report and what the
student's page says. `compare` prints what differs and ends with 1 if anything does. The processor seconds of each
are in the file and are not compared.
"""

import argparse
import json
import os
import sys
import time
import warnings
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from blind import pieces  # noqa: E402
from corpus.variants import make_function, right_variants, wrong_variants  # noqa: E402
from practice import ASSIGNMENTS  # noqa: E402
from realistic_class import KINDS, of_one_kind  # noqa: E402

from autograder.diagnosis.assess import Judgement, assess  # noqa: E402
from autograder.exercises import EXERCISES  # noqa: E402
from autograder.feedback.words import check_message  # noqa: E402
from autograder.grading.documents import page_facts  # noqa: E402
from autograder.grading.grade_submission import grade  # noqa: E402
from autograder.notebooks.assignment import load_assignment  # noqa: E402
from autograder.sandbox.calls import LocalCaller  # noqa: E402
from autograder.sandbox.zygote import Zygote  # noqa: E402

MOST_PRINTED = 40


def plain(judgement: Judgement) -> dict[str, Any]:
    """A judgement as JSON."""
    return {
        "status": judgement.status,
        "fraction": judgement.fraction,
        "checks": [[c.kind, c.part, c.passed, check_message(c)] for c in judgement.checks],
        "codes": list(judgement.codes),
        "sentences": list(judgement.sentences),
        "pattern": judgement.pattern,
        "notes": [repr(note) for note in judgement.notes],
        "unwritten": judgement.unwritten,
    }


def of_answer(job: tuple[str, str, str]) -> tuple[str, float, dict[str, Any]]:
    """A name, the processor seconds, and what is said on hidden and on public numbers."""
    name, exercise, source = job
    warnings.filterwarnings("ignore")
    np.random.seed(1)
    began, said = time.process_time(), {}
    for seed, public in ((b"verdicts", False), (b"", True)):
        caller = LocalCaller(make_function(exercise, source), exercise)
        said["public" if public else "hidden"] = plain(
            assess(EXERCISES[exercise], caller, seed, public=public)
        )
    return name, time.process_time() - began, said


def of_notebooks(job: tuple[str, str, int]) -> list[tuple[str, float, dict[str, Any]]]:
    """Every notebook of one assignment and kind, graded behind the wall."""
    assignment, kind, count = job
    released, found = load_assignment(None, assignment), []
    with Zygote("strong") as zygote:
        for place, data in enumerate(of_one_kind(assignment, kind, count)):
            began = time.process_time()
            report, submission = grade(released, data, student=f"s{place}", seed="s", zygote=zygote)
            said: dict[str, Any] = {**report.to_json(), "page": page_facts(report, submission)}
            said.pop("seconds", None)
            found.append((f"{assignment}, {kind}, {place}", time.process_time() - began, said))
    return found


def answers(only: str) -> list[tuple[str, str, str]]:
    """Every answer of the corpora: a name, its exercise, its source."""
    written = [
        (f"{place} {v.name}", v.exercise, v.source)
        for place, v in enumerate((*right_variants(), *wrong_variants()))
    ]
    blind = [(p["id"], p["exercise"], p["code"]) for kind in pieces().values() for p in kind]
    return [job for job in (*written, *blind) if only in job[1]]


def dump(path: Path, jobs: int, only: str, notebooks: int) -> None:
    """Judge everything, and write it down."""
    found: dict[str, Any] = {}
    classes = [(a, kind, notebooks) for a in ASSIGNMENTS for kind in KINDS] if notebooks and not only else []
    with Pool(jobs) as pool:
        for name, seconds, said in pool.imap_unordered(of_answer, answers(only), chunksize=8):
            found[name] = {"seconds": seconds, "said": said}
        for some in pool.imap_unordered(of_notebooks, classes):
            found |= {name: {"seconds": seconds, "said": said} for name, seconds, said in some}
    path.write_text(json.dumps(found, sort_keys=True, default=repr), encoding="utf-8")
    print(f"{path}: {len(found)} judged, {sum(each['seconds'] for each in found.values()):.1f} s")


def differences(before: Any, after: Any, place: str = "") -> list[str]:
    """Where two of them differ, a line each."""
    if isinstance(before, dict) and isinstance(after, dict):
        keys = sorted(before.keys() | after.keys())
        return [
            line for key in keys for line in differences(before.get(key), after.get(key), f"{place}/{key}")
        ]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        pairs = enumerate(zip(before, after, strict=True))
        return [line for number, pair in pairs for line in differences(*pair, f"{place}/{number}")]
    return [] if before == after else [f"{place}: {str(before)[:200]} -> {str(after)[:200]}"]


def compare(before: Path, after: Path) -> int:
    """Print what differs; 1 if anything does."""
    old, new = (json.loads(path.read_text(encoding="utf-8")) for path in (before, after))
    common = [name for name in new if name in old]
    lines = [line for name in common for line in differences(old[name]["said"], new[name]["said"], name)]
    print("\n".join(lines[:MOST_PRINTED]))
    seconds = [sum(file[name]["seconds"] for name in common) for file in (old, new)]
    print(f"{len(common)} in both, {len(lines)} differences; {seconds[0]:.1f} s -> {seconds[1]:.1f} s")
    return int(bool(lines) or not common)


def main() -> int:
    """Dump or compare."""
    parser = argparse.ArgumentParser(description="what the judge says of every corpus, before and after")
    commands = parser.add_subparsers(dest="command", required=True)
    dumping = commands.add_parser("dump")
    dumping.add_argument("file", type=Path)
    dumping.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    dumping.add_argument("--only", default="", help="answers of exercises with this in their name")
    dumping.add_argument("--notebooks", type=int, default=6, help="of each assignment and kind; 0: none")
    comparing = commands.add_parser("compare")
    comparing.add_argument("before", type=Path)
    comparing.add_argument("after", type=Path)
    given = parser.parse_args()
    if given.command == "compare":
        return compare(given.before, given.after)
    dump(given.file, given.jobs, given.only, given.notebooks)
    return 0


if __name__ == "__main__":
    sys.exit(main())
