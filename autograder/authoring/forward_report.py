"""What `autograder verify` says of a traced forward pass: its size, its mistakes, what some would be told."""

from collections.abc import Iterator
from itertools import islice
from time import perf_counter

from autograder._language import _
from autograder.diagnosis.derived_mistakes import DerivedMistake, in_words, table_of
from autograder.exercises.exercise import Exercise
from autograder.misconceptions import Catalogue
from autograder.slips.catalogue import DerivedMistakes

# Typical mistakes
MISTAKES_TOLD = 8


def forward_report(exercise: Exercise, seed: bytes, catalogue: Catalogue) -> list[str]:
    """Lines on an exercise that has a forward pass, else none.

    The first says how large the pass is, or why it can't be traced.
    """
    passed = exercise.forward
    if passed is None:
        return []
    if passed.problem:
        return [
            _(
                "not traced: {problem}. It is judged all the same, by the complex step or "
                "differences; no mistake in deriving it is named",
                problem=passed.problem,
            )
        ]
    start = perf_counter()
    cases = exercise.probes(seed)
    mistakes = table_of(passed, cases)
    built = perf_counter() - start
    start = perf_counter()
    told = list(islice(_typical(exercise, mistakes, catalogue), MISTAKES_TOLD))
    each = (perf_counter() - start) / max(len(told), 1)
    tape = mistakes.probes[0].run.tape
    size = _(
        "traced: {count} operations and arguments, {mistakes} mistakes with {classes} "
        "different answers, worked out in {built:.1f} s; {each:.0f} ms for a wrong answer",
        count=len(tape.nodes),
        mistakes=len(mistakes.slips),
        classes=mistakes.classes(),
        built=built,
        each=each * 1000.0,
    )
    return [
        size,
        *(
            _("would be told: {sentence} ({code})", sentence=mistake.sentence, code=mistake.code)
            for mistake in told
        ),
    ]


def _typical(exercise: Exercise, mistakes: DerivedMistakes, catalogue: Catalogue) -> Iterator[DerivedMistake]:
    """What the likeliest mistake of each kind is told, as if a student had made it."""
    passed = exercise.forward
    assert passed is not None
    kinds, said = set(), set()
    for slip in sorted(mistakes.slips, key=lambda slip: slip.rank):
        if slip.kind in kinds:
            continue
        found = mistakes.explain(mistakes.answers_of(slip))
        if found is None:
            continue
        words = list(in_words(passed, mistakes, found, exercise.assignment, catalogue))
        if len(words) == 1 and words[0].sentence not in said:
            kinds.add(slip.kind)
            said.add(words[0].sentence)
            yield words[0]
