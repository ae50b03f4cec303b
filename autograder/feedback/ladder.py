"""Help in four steps: a question, what to compare, the equation with a term marked, the line.

There is one way to it: steps_for(exercise, finding). What the finding brings comes first (an entry of the
catalogue, a mistake derived from a forward pass, a course's own); what it lacks comes from the exercise, and
what both lack is left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from autograder._language import N_, _, commented, n_
from autograder.diagnosis.assess import Judgement
from autograder.diagnosis.diagnose import NamedMistake
from autograder.exercises.exercise import Exercise
from autograder.feedback.as_code import digits_that_tell, number
from autograder.feedback.small_case import SmallCase
from autograder.feedback.words import problem_words
from autograder.judging.comparison import Problem
from autograder.misconceptions import CATALOGUE
from autograder.misconceptions.equations import EQUATIONS, Marked, marked

QUESTION, COMPARE, EQUATION, LINE = 1, 2, 3, 4
TITLES = {
    QUESTION: N_("A question"),
    COMPARE: N_("What to compare"),
    EQUATION: N_("The equation"),
    LINE: N_("The line"),
}

# Those that have a number in the book
NUMBERED = frozenset(number for number in EQUATIONS if number[0].isdigit())

OF_SHAPE = N_("Which shape has each factor of your answer, and which shape has what comes of them?")
OF_FORM = N_("What does your function return, in its last line and on every way through it?")


@dataclass(frozen=True)
class HelpStep:
    """One step. level: 1 to 4; words, an equation, or code."""

    level: int
    words: str = ""
    equation: Marked | None = None
    code: str = ""

    @property
    def title(self) -> str:
        """What kind of help it is."""
        return _(TITLES[self.level])


@dataclass(frozen=True)
class HelpFor:
    """What is wrong, as far as help goes: a mistake by name, or else what came instead of right numbers."""

    mistake: NamedMistake | None = None
    judgement: Judgement | None = None
    case: SmallCase | None = None


def steps_for(exercise: Exercise, finding: HelpFor, most: int = LINE) -> tuple[HelpStep, ...]:
    """The steps for a finding, in their order, up to this level."""
    found = _of_mistake(exercise, finding) if finding.mistake is not None else _of_silence(exercise, finding)
    return tuple(step for step in found if step.level <= most and (step.words or step.equation or step.code))


def equation_to_see(exercise: Exercise | None, finding: HelpFor) -> str:
    """The number of the book's equation that help on a mistake marks a term of; else the mistake's, where it
    is one of the exercise's, or the exercise's first: no reader is sent to a later chapter.
    """
    mistake = finding.mistake
    assert mistake is not None
    if exercise is None:
        return mistake.equation
    steps = _of_mistake(exercise, finding)
    shown = next((step.equation for step in steps if step.equation is not None), None)
    if shown is not None and shown.number in NUMBERED and any(is_marked for _text, is_marked in shown.pieces):
        return shown.number
    own = [number for number in exercise.help.equations if number in NUMBERED]
    return mistake.equation if mistake.equation in own else next(iter(own), mistake.equation)


def _of_mistake(exercise: Exercise, finding: HelpFor) -> Iterator[HelpStep]:
    mistake = _helping(exercise, finding)
    comparison = mistake.comparison()
    results = ", ".join(result.name for result in exercise.results)
    batch = next((a.name for a in exercise.arguments if a.shape[-1:] == ("m",) and not a.layered), "")
    own = comparison.equation.replace("{results}", results)
    equation = own or exercise.help.equation_for(mistake.equation)
    line = comparison.line.replace("{results}", results).replace("{batch}", batch)
    line = line or exercise.help.line_for(equation)
    yield HelpStep(QUESTION, _(mistake.hint))
    yield HelpStep(COMPARE, _(comparison.compare) or _numbers_to_compare(finding.case))
    if equation:
        terms = comparison.terms if comparison.terms or comparison.line else ("",)
        yield HelpStep(EQUATION, equation=marked(equation, terms))
    yield HelpStep(LINE, code=commented(line))


def _helping(exercise: Exercise, finding: HelpFor) -> NamedMistake:
    """The mistake whose steps fit: the named one, if the exercise has no better one for this place."""
    mistake = finding.mistake
    assert mistake is not None
    code = exercise.help.helped_as.get((mistake.code, *sorted(_wrong_parts(finding.judgement))))
    return mistake if code is None else CATALOGUE[code]


def _wrong_parts(judgement: Judgement | None) -> set[str]:
    """The parts of the answer whose values are wrong."""
    checks = () if judgement is None else judgement.checks
    return {check.part for check in checks if check.kind == "values" and not check.passed}


def _of_silence(exercise: Exercise, finding: HelpFor) -> Iterator[HelpStep]:
    """Nothing has a name: the exercise's own words, and the numbers at hand."""
    judgement, case = finding.judgement, finding.case
    own = exercise.help
    if judgement is not None and judgement.unwritten is not None:
        yield HelpStep(QUESTION, _(own.question) or _shapes(exercise))
        yield HelpStep(COMPARE, _(own.compare))
    elif judgement is not None and (problem := _problem(judgement)) is not None:
        yield HelpStep(QUESTION, _(OF_SHAPE if problem.aspect == "shape" else OF_FORM))
        yield HelpStep(COMPARE, _("Write these below each other: {problem}.", problem=problem_words(problem)))
    elif _raised(finding):
        yield HelpStep(
            QUESTION, _("In which line is the error raised, and what did its variables hold just before?")
        )
        yield HelpStep(COMPARE, _shapes_of(case) or _shapes(exercise))
    else:
        yield HelpStep(
            QUESTION,
            _(
                "Work the case above out on paper, line by line of your code: which is the first "
                "number that differs?"
            )
            if case is not None
            else _(
                "Make a small input of the kind that comes out wrong, and work it out on paper, line by line "
                "of your code: which is the first number that differs?"
            ),
        )
        yield HelpStep(COMPARE, _numbers_to_compare(case) or _(own.compare))
    equation = own.equation_for(own.equation_of_parts(_wrong_parts(judgement)))
    if equation:
        yield HelpStep(EQUATION, equation=marked(equation, ()))
    yield HelpStep(LINE, code=commented(own.line_for(equation)))


def _raised(finding: HelpFor) -> bool:
    """Did a call raise an error?"""
    case, judgement = finding.case, finding.judgement
    if case is not None:
        return case.error is not None
    return judgement is not None and judgement.error is not None


def _problem(judgement: Judgement) -> Problem | None:
    """What is wrong with the answer's form."""
    for check in judgement.checks:
        if not check.passed and check.found is not None and check.found.kind == "problem":
            problem: Problem = check.found.values[0]
            return problem
    return None


def _numbers_to_compare(case: SmallCase | None) -> str:
    """The first number of the small case that is off."""
    if case is None or case.error is not None or case.other_form:
        return ""
    array = case.arrays[0]
    if array.name == "ok":
        return _(
            "In the case above ok is {yours} in yours, and {expected} is expected: which number "
            "did you compare with which threshold?",
            yours=bool(array.answer),
            expected=bool(array.expected),
        )
    if array.answer.shape != array.expected.shape:
        return _(
            "Your {name} has the shape {shape}; {expected} is expected.",
            name=array.name,
            shape=array.answer.shape,
            expected=array.expected.shape,
        )
    for place, expected in _entries(array.expected):
        answer = float(array.answer[place])
        if not abs(answer - expected) <= float(
            array.tolerance[place] if array.tolerance.shape else array.tolerance
        ):
            at = _(" in {place}", place=_place(place)) if place else ""
            digits = digits_that_tell(answer, expected)
            return _(
                "Look at one number of the case above: your {name} has {number}{at}, and "
                "{expected} is expected. What has your code summed or multiplied there?",
                name=array.name,
                number=number(answer, digits),
                at=at,
                expected=number(expected, digits),
            )
    return ""


def _entries(array: object) -> Iterator[tuple[tuple[int, ...], float]]:
    for place, value in np.ndenumerate(np.asarray(array)):
        yield place, float(value)


def _place(place: tuple[int, ...]) -> str:
    if len(place) == 2:
        return _("row {row}, column {column}", row=place[0] + 1, column=place[1] + 1)
    return _("place {place}", place=", ".join(str(i + 1) for i in place))


def _shapes(exercise: Exercise) -> str:
    """The shapes of what is given and of what is asked, by their letters."""
    given = [f"{a.symbol} {_shape(a.shape)}" for a in exercise.arguments if a.shape]
    asked = [f"{r.symbol} {_shape(r.shape)}" for r in exercise.results if r.shape]
    if not given:
        return ""
    shapes = ", ".join(given)
    if not asked:
        return _("Write the shapes below each other: given are {shapes}.", shapes=shapes)
    return n_(
        "Write the shapes below each other: given are {shapes}; asked for is {asked}.",
        "Write the shapes below each other: given are {shapes}; asked for are {asked}.",
        len(asked),
        shapes=shapes,
        asked=", ".join(asked),
    )


def _shape(shape: tuple[object, ...]) -> str:
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


def _shapes_of(case: SmallCase | None) -> str:
    """The shapes of a case's inputs."""
    if case is None:
        return ""
    found = [
        f"{name} {np.shape(value)}" for name, value in case.inputs.items() if isinstance(value, np.ndarray)
    ]
    return (
        _(
            "In the case above the shapes are: {shapes}. Which of them does the line with the error use, "
            "and which shapes does it need?",
            shapes=", ".join(found),
        )
        if found
        else ""
    )
