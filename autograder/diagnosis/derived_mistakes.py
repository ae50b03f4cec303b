"""Mistakes that nobody wrote down: named from the traced forward pass of an exercise."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from autograder._language import _, n_
from autograder.exercises.cases import Case
from autograder.exercises.exercise import Exercise
from autograder.exercises.forward_pass import ForwardPass, TracedCase
from autograder.judging.evidence import Evidence
from autograder.misconceptions import Catalogue
from autograder.misconceptions.comparisons import Comparison
from autograder.slips.catalogue import DerivedMistakes, SlipsFound, Told
from autograder.slips.kinds import PLACE, TURN, Kind
from autograder.slips.place import last_common_place, part_of_the_way
from autograder.slips.sentences import KIND_OF, listed, sentence
from autograder.slips.slip import Probe, TracedRun
from autograder.tracing.lists import flat

# tables of slips that are kept, for the next student who has the same probes
TABLES = 64
# float32's rounding, and cases that count for nothing or take long
UNTRACED_TAGS = frozenset({"single", "large", "advisory", "extreme", "kink"})
# Probes on which it is looked for where answers that are all wrong went wrong
TELLING = 2
# Mistakes that give the same numbers are told together, so many at most
MOST_STORIES = 3
# Small numbers and sizes of 1 tell fewer slips apart: such cases only confirm.


@dataclass(frozen=True)
class DerivedMistake:
    """A mistake with the fields of a catalogue's entry, its sentence made for one forward pass.

    line_of_code: the line of the forward code that it is in, "" where there is no one line.
    """

    code: str
    name: str
    sentence: str
    hint: str
    chapter: str
    equation: str = ""
    compare: str = ""
    rule: str = ""
    line_of_code: str = ""

    @classmethod
    def of_kind(cls, kind: Kind, words: str, chapter: str) -> "DerivedMistake":
        """One that is told by its kind and a sentence of its own."""
        return cls(kind.code, kind.name, words, kind.hint, chapter, compare=kind.compare, rule=kind.rule)

    def comparison(self) -> Comparison:
        """The steps of help that come after the hint."""
        return Comparison((), self.compare, self.line_of_code, self.rule)


def derived_mistakes(
    exercise: Exercise, evidence: Sequence[Evidence], catalogue: Catalogue
) -> tuple[DerivedMistake, ...]:
    """The slips that give these answers, or else the place where the mistake must be, or nothing.

    A slip that is a mistake of the catalogue in other clothes has that entry's code.
    """
    passed = exercise.forward
    traced = [e for e in evidence if run_of(e.case) is not None and not e.case.tags & UNTRACED_TAGS]
    if passed is None or not traced:
        return ()
    if backwards := _last_layer_first(passed, exercise, traced):
        return (DerivedMistake.of_kind(TURN, backwards, exercise.assignment),)
    answers = []
    for e in traced:
        answer = _by_name(passed, e)
        if answer is None and e.error is None:
            return ()
        answers.append(answer)
    cases = [e.case for e in traced]
    order = _most_telling_first(cases)
    mistakes = table_of(passed, cases)
    ordered = [answers[i] for i in order]
    found = mistakes.explain(ordered)
    if found is None:
        return ()
    said = tuple(in_words(passed, mistakes, found, exercise.assignment, catalogue))
    if not said and len(found.wrong) == len(passed.gradients):
        return _between(passed, mistakes.probes[:TELLING], ordered[:TELLING], exercise.assignment)
    return said


def _last_layer_first(passed: ForwardPass, exercise: Exercise, evidence: Sequence[Evidence]) -> str:
    """In words: every list holds the right arrays from the last layer to the first; "" where not."""
    if set(passed.layered) != set(passed.gradients):
        return ""
    single = len(passed.gradients) == 1
    turned = False
    for e in evidence:
        parts, right = ((e.answer,), (e.expected,)) if single else (e.answer, e.expected)
        if e.error is not None or not isinstance(parts, (tuple, list)) or len(parts) != len(right):
            return ""
        for part, wanted in zip(parts, right, strict=True):
            if not isinstance(part, (list, tuple)) or len(part) != len(wanted):
                return ""
            if not all(_near(one, other) for one, other in zip(reversed(part), wanted, strict=True)):
                return ""
            turned |= not all(_near(one, other) for one, other in zip(part, wanted, strict=True))
    words = n_(
        "Your {results} holds the right arrays in the other order, the last layer's first",
        "Your {results} hold the right arrays in the other order, the last layer's first",
        len(passed.results),
        results=listed(passed.results),
    )
    return words if turned else ""


def _near(answer: Any, expected: Any) -> bool:
    """Have two arrays one shape and the same numbers?"""
    if np.shape(answer) != np.shape(expected):
        return False
    return bool(np.allclose(answer, expected, rtol=1e-7, atol=1e-12))


def run_of(case: Case) -> TracedCase | None:
    """The traced run of a case, None where it has none."""
    run: TracedCase | None = case.hidden.get("run")
    return run


def table_of(passed: ForwardPass, cases: Sequence[Case]) -> DerivedMistakes:
    """What every slip gives on these cases, the first of them being those that tell most apart.

    Those that are no ordinary ones, or have no traced run, are left out.
    """
    used = [case for case in cases if run_of(case) is not None and not case.tags & UNTRACED_TAGS]
    return _table(passed, tuple(used[i] for i in _most_telling_first(used)))


@lru_cache(maxsize=TABLES)
def _table(passed: ForwardPass, cases: tuple[Case, ...]) -> DerivedMistakes:
    probes = []
    for case in cases:
        found = run_of(case)
        assert found is not None
        run = TracedRun(found.tape, found.author, passed.gradients, found.sizes)
        probes.append(Probe(run, found.upstream))
    return DerivedMistakes(probes, passed.gradients)


def _by_name(passed: ForwardPass, e: Evidence) -> Mapping[str, Any] | None:
    """An answer's gradients by argument; None where it raised or is no tuple of so many arrays."""
    if e.error is not None:
        return None
    parts = (e.answer,) if len(passed.gradients) == 1 else e.answer
    if not isinstance(parts, (tuple, list)) or len(parts) != len(passed.gradients):
        return None
    try:
        arrays = [
            flat(part) if name in passed.layered else np.asarray(part, dtype=float)
            for name, part in zip(passed.gradients, parts, strict=True)
        ]
    except (TypeError, ValueError):
        return None
    return dict(zip(passed.gradients, arrays, strict=True))


def _most_telling_first(cases: Sequence[Case]) -> list[int]:
    """Two with different sizes, one with equal ones, one for each size of 1, then the others."""

    def rank(i: int) -> tuple[int, int]:
        case = cases[i]
        run = run_of(case)
        assert run is not None
        sizes = list(run.sizes.values())
        if "inputs of size" in case.name:
            return 3, i
        if 1 not in sizes and "square" not in case.tags:
            return 0, i
        return (1 if "square" in case.tags and 1 not in sizes else 2), i

    order = sorted(range(len(cases)), key=rank)
    different = [i for i in order if rank(i)[0] == 0]
    return [*different[:2], *(i for i in order if i not in different), *different[2:]]


def in_words(
    passed: ForwardPass, mistakes: DerivedMistakes, found: SlipsFound, chapter: str, catalogue: Catalogue
) -> Iterator[DerivedMistake]:
    """What was found, in sentences: of the slips, or of the place left where some gradients are right."""
    called = dict(zip(passed.gradients, passed.results, strict=True))
    said = [_of_a_slip(told, called, chapter, catalogue) for told in found.told]
    if said and all(said):
        yield from filter(None, dict.fromkeys(said))
        return
    right = [called[name] for name in passed.gradients if name not in found.wrong]
    if not right:
        return
    at = last_common_place(mistakes.probes[0].run, found.wrong)
    to = listed([f"`{name}`" for name in found.wrong])
    lies = (
        _("the mistake lies behind `{at}`, on the way back to {to}", at=at, to=to)
        if at
        else _("the mistake lies on the way back that leads to {to}", to=to)
    )
    yield DerivedMistake.of_kind(
        PLACE, f"{_right_and_not(right, [called[name] for name in found.wrong])}: {lies}", chapter
    )


def _between(
    passed: ForwardPass, probes: Sequence[Probe], answers: Sequence[Any], chapter: str
) -> tuple[DerivedMistake, ...]:
    """No gradient is right: on which part of the way back they went wrong, if they fit one another."""
    if len(passed.gradients) < 2:
        return ()
    found = part_of_the_way(probes, answers)
    if found is None:
        return ()
    come_from, at = found
    results = listed(passed.results)
    words = (
        _(
            "Your {results} fit one another: what goes back from `{at}` on is right. A mistake lies before, "
            "on the way back from `{come_from}` to `{at}`",
            results=results,
            at=at,
            come_from=come_from,
        )
        if come_from
        else _(
            "Your {results} fit one another: what goes back from `{at}` on is right. A mistake lies before, "
            "on the way back from the result to `{at}`",
            results=results,
            at=at,
        )
    )
    return (DerivedMistake.of_kind(PLACE, words, chapter),)


def _right_and_not(right: Sequence[str], wrong: Sequence[str]) -> str:
    """Which gradients are right, and which are not."""
    if len(right) == 1:
        return n_(
            "Your {right} is right and your {wrong} is not",
            "Your {right} is right and your {wrong} are not",
            len(wrong),
            right=listed(right),
            wrong=listed(wrong),
        )
    return n_(
        "Your {right} are right and your {wrong} is not",
        "Your {right} are right and your {wrong} are not",
        len(wrong),
        right=listed(right),
        wrong=listed(wrong),
    )


def _of_a_slip(
    told: Told, called: Mapping[str, str], chapter: str, catalogue: Catalogue
) -> DerivedMistake | None:
    """A slip in words; its place alone where slips of other stories give the same numbers; else None."""
    slip = told.slip
    results = [called[name] for name in told.results]
    if not told.one_story and len(told.others) <= MOST_STORIES - 1 and not told.text:
        first, *others = (
            sentence(slip.kind, slip.names, results, everything=len(results) == len(called))
            for slip in (told.slip, *told.others)
        )
        either = _(", or ").join([first, *(words[:1].lower() + words[1:] for words in others)])
        return DerivedMistake.of_kind(
            PLACE, _("{either}: each of these gives your numbers", either=either), chapter
        )
    if not told.one_story:
        at = _(
            "The mistake in your {results} is on the way back through `{text}`",
            results=listed(results),
            text=told.text,
        )
        return DerivedMistake.of_kind(PLACE, at, chapter) if told.text else None
    words = sentence(slip.kind, slip.names, results, everything=len(results) == len(called))
    kind = KIND_OF[slip.kind]
    entry = catalogue.get(slip.code)
    return DerivedMistake(
        entry.code if entry else kind.code,
        entry.name if entry else kind.name,
        words,
        kind.hint,
        entry.chapter if entry else chapter,
        compare=kind.compare,
        rule=kind.rule,
        line_of_code=slip.names.get("text", ""),
    )
