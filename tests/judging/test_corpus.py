"""The judge on code it has not seen: a corpus written without a look at it, and mutants of the solutions.

The full run, over twenty seeds and beside the other checkers, is benchmarks/judges.py.
"""

import sys
import zlib
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

from corpus.variants import Variant, exercises, right_variants, solution, wrong_variants  # noqa: E402
from judges import Names, Tally, only_flat, ours  # noqa: E402
from mutants import mutants  # noqa: E402
from oracle import is_right  # noqa: E402

from autograder.diagnosis.assess import explain_verdict  # noqa: E402
from autograder.exercises import EXERCISES  # noqa: E402
from autograder.judging.judge import judge  # noqa: E402
from autograder.sandbox.calls import LocalCaller  # noqa: E402

SEEDS = [b"corpus 1", b"corpus 2"]
KEEP_ONE_OF = 5  # mutants in this test; the benchmark takes them all


@pytest.fixture(scope="module")
def verdicts():
    tally, names = Tally(), Names()
    ours(wrong_variants() + right_variants(), SEEDS, tally, names)
    return tally, names


def report(tally: Tally, *kinds: str) -> str:
    return "\n".join(
        f"{count} × {words}" for words, count in tally.findings.items() if words.startswith(kinds)
    )


def test_the_corpus_is_large_enough():
    wrong, right = wrong_variants(), right_variants()
    assert len(wrong) >= 120
    assert len(right) >= 50
    assert (
        {variant.exercise for variant in wrong} == {variant.exercise for variant in right} == set(exercises())
    )


def test_the_oracle_agrees_with_the_authors():
    """Full marks with a remark (float32, a shape) aside, the corpus's labels hold in long double."""
    for variant in right_variants():
        by_tanh = (
            variant.exercise == "sigmoid" and "tanh" in variant.title
        )  # loses the last digits of sigmoid(-300), which nobody can see
        assert is_right(variant.exercise, variant.function()) or variant.note or by_tanh, variant.name
    for variant in wrong_variants():
        assert not is_right(variant.exercise, variant.function()), variant.name


def test_no_wrong_answer_is_accepted_and_no_right_one_rejected(verdicts):
    tally, _ = verdicts
    assert (tally.false_accepts, tally.false_rejects) == (0, 0), report(tally, "FALSE")


def test_single_mistakes_are_named_and_hardly_ever_misnamed(verdicts):
    tally, names = verdicts
    total = names.named + names.misnamed + names.unnamed
    assert total >= 150
    assert names.named / total >= 0.93, report(tally, "UNNAMED", "MISNAMED")
    assert names.misnamed / total <= 0.01, report(tally, "MISNAMED")


def accepted(variant: Variant, seed: bytes) -> bool:
    """As judges.ours accepts it, without a search for the name of what is wrong: that can't change it."""
    exercise = EXERCISES[variant.exercise]
    verdict = judge(exercise, LocalCaller(variant.function()), seed)
    if verdict.score.flawless or not verdict.score.values_right:
        return verdict.score.flawless
    return only_flat(explain_verdict(exercise, verdict))


def test_mutants_are_judged_as_the_long_double_oracle_does():
    tally = Tally()
    sample = []
    for exercise in exercises():
        for words, source in mutants(solution(exercise)):
            if zlib.crc32(source.encode()) % KEEP_ONE_OF:
                continue
            variant = Variant(exercise, f"mutant, {words}", source, right=False)
            right = is_right(exercise, variant.function())
            sample.append(Variant(exercise, variant.title, source, right))
    assert len(sample) > 300
    assert sum(variant.right for variant in sample) > 5
    for variant in sample:
        tally.add(variant, accepted(variant, SEEDS[0]), 0.0)
    assert (tally.false_accepts, tally.false_rejects) == (0, 0), report(tally, "FALSE")
