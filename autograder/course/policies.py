"""A course's policies: COURSE/autograder.toml, every key of it optional, every mistake in it said with file
and key.

templates/autograder.toml is a commented file to begin with; the book prints it beside the commands.
"""

import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from autograder._language import ENGLISH, _, commented, language, languages, use_language
from autograder.errors import GraderError
from autograder.misconceptions import CATALOGUE

POLICIES_FILE = "autograder.toml"
# The first lines of the commented file, which are sentences alone
HEAD_LINE = re.compile(r"(?<=^# )[A-Z][^=\n]*$", re.MULTILINE)


class PolicyError(GraderError):
    """autograder.toml can't be used; str() says file, key, what was given, what was expected."""


@dataclass(frozen=True)
class LatePolicy:
    """What lateness costs: percent of the score an hour or day begun after the grace, up to most_percent."""

    method: Literal["none", "zero", "per_hour", "per_day"] = "none"
    percent: float = 10.0
    grace_minutes: float = 0.0
    most_percent: float = 100.0

    def penalty(self, score: float, seconds_late: float) -> float:
        """Points to take off `score` for a submission that came seconds_late after it was due."""
        seconds_late -= 60 * self.grace_minutes
        if self.method == "none" or seconds_late <= 0:
            return 0.0
        if self.method == "zero":
            return score
        unit = 3600.0 if self.method == "per_hour" else 86400.0
        begun = -(-seconds_late // unit)
        return score * min(self.percent * begun, self.most_percent) / 100


@dataclass(frozen=True)
class Policies:
    """All that a course decides. Times are UTC; students and assignments by their folder names."""

    late: LatePolicy = LatePolicy()
    due: Mapping[str, datetime] = field(default_factory=dict)
    # By assignment and student.
    extensions: Mapping[str, Mapping[str, timedelta]] = field(default_factory=dict)
    attempts: Literal["last", "best"] = "last"
    # Exercises by assignment.
    drop: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # A factor on the time limits, by student.
    time: Mapping[str, float] = field(default_factory=dict)
    # Its name in the LMS, by assignment.
    columns: Mapping[str, str] = field(default_factory=dict)
    similarity: float = 0.8
    # mistake's code -> what a part keeps that it alone has spoilt, 0 to 1
    credit: Mapping[str, float] = field(default_factory=dict)
    # What an export's scores are scaled to
    scale: Literal["none", "lms"] = "none"
    # A column's English name -> its name there
    headers: Mapping[str, str] = field(default_factory=dict)
    # Of the times in the LMS's files; "": they are not counted
    timezone: str = ""
    # steps of help in graded feedback: 0 none, 1 a question, 2 what to compare, 3 the equation, 4 the line
    help: int = 1
    # Of what students and the course's report read; "": what the environment says, English at first
    language: str = ""
    # So often an hour a submission is graded as it arrives; 0: always.
    tries_per_hour: int = 0

    @property
    def penalty(self) -> Callable[[str, float, float], float] | None:
        """(student, score, seconds late) -> points off, as nbgrader's late_submission_penalty; None if
        nothing is.
        """
        if self.late.method == "none":
            return None
        return lambda student, score, seconds_late: self.late.penalty(score, seconds_late)

    def seconds(self, student: str, seconds: float) -> float:
        """The student's own time limit."""
        return seconds * self.time.get(student, 1.0)

    def known_credits(self, codes: Collection[str]) -> Mapping[str, float]:
        """The credits, where all their codes are among the course's; PolicyError for one that isn't."""
        for code in self.credit:
            if code not in codes:
                own = [known for known in codes if not known.startswith("K")]
                there = ", ".join(own) or _("none")
                expected = _(
                    "a mistake of the catalogue, or of the course's own_exercises.py (there: {there})",
                    there=there,
                )
                raise PolicyError(
                    _(
                        "{file}: credit names {code!r}; expected {expected}",
                        file=POLICIES_FILE,
                        code=code,
                        expected=expected,
                    )
                )
        return self.credit

    def unknown(self, assignments: Collection[str]) -> list[str]:
        """A line for each assignment that is named and isn't among these: a slip there would go unnoticed."""
        named = {
            "due": self.due,
            "extensions": self.extensions,
            "drop": self.drop,
            "export.columns": self.columns,
        }
        return [
            _(
                "{file}: {key} names {name!r}; there is no such assignment: known are {assignments}",
                file=POLICIES_FILE,
                key=key,
                name=name,
                assignments=", ".join(assignments),
            )
            for key, table in named.items()
            for name in table
            if name not in assignments
        ]

    def slips(self, students: Collection[str]) -> list[str]:
        """A line for each student who has more time and isn't among these, where one of them has nearly that
        name: somebody who hands in later is no slip.
        """
        tables = {f"extensions.{name!r}": hours for name, hours in self.extensions.items()}
        plain = {student.casefold(): student for student in students}
        lines = []
        for key, table in {**tables, "time": self.time}.items():
            for student in (name for name in table if name not in students):
                near = get_close_matches(student.casefold(), plain, n=1, cutoff=0.9)
                # s0140 and s0141 are two students.
                numbered = near and _word(student.casefold()) == _word(near[0]) != student.casefold()
                if near and not numbered:
                    said = _(
                        "{key} names {student!r}, and there is no such student", key=key, student=student
                    )
                    lines.append(
                        _(
                            "{file}: {said}; did you mean {plain}?",
                            file=POLICIES_FILE,
                            said=said,
                            plain=plain[near[0]],
                        )
                    )
        return lines


def _word(name: str) -> str:
    """A name without the number at its end."""
    return name.rstrip("0123456789")


POLICY_TABLES = (
    "late",
    "due",
    "extensions",
    "attempts",
    "credit",
    "drop",
    "time",
    "feedback",
    "export",
    "lms",
    "similarity",
    "watch",
    "language",
)
Read: TypeAlias = Callable[[str, Any], Any]


def read_policies(course: Path) -> Policies:
    """The course's policies; the defaults if it has no file. PolicyError if the file is wrong anywhere."""
    path = course / POLICIES_FILE
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Policies()
    except OSError as error:
        raise PolicyError(
            _("{path}: it can't be read ({strerror})", path=path, strerror=error.strerror)
        ) from None
    try:
        table = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyError(_("{path}: not valid TOML: {error}", path=path, error=error)) from None
    try:
        return _policies(table)
    except PolicyError as error:
        raise PolicyError(f"{path}: {error}") from None


def use_language_of(policies: Policies) -> None:
    """Make this process's sentences in the course's language, if it names one."""
    if policies.language:
        use_language(policies.language)


def commented_file() -> str:
    """The commented file to begin with, in the language in use, which it says where it isn't English."""
    text = (files("autograder") / "templates" / POLICIES_FILE).read_text(encoding="utf-8")
    text = HEAD_LINE.sub(lambda found: _(found[0]), commented(text))
    if language() == ENGLISH:
        return text
    return text.replace('# language = "es"', f'language = "{language()}"  ', 1)


def _policies(table: dict[str, Any]) -> Policies:
    _known("", table, POLICY_TABLES)
    late, attempts = _table("late", table), _table("attempts", table)
    export, similarity = _table("export", table), _table("similarity", table)
    feedback, watch = _table("feedback", table), _table("watch", table)
    _known("watch", watch, ("tries_per_hour",))
    _known("feedback", feedback, ("help",))
    _known("late", late, ("method", "percent", "grace_minutes", "most_percent"))
    _known("attempts", attempts, ("keep",))
    _known("export", export, ("columns", "scale"))
    lms = _table("lms", table)
    _known("lms", lms, ("columns", "timezone"))
    _known("similarity", similarity, ("threshold",))
    extensions = {
        assignment: _each(f"extensions.{assignment}", _table_of(f"extensions.{assignment}", entries), _hours)
        for assignment, entries in _table("extensions", table).items()
    }
    return Policies(
        LatePolicy(
            _choice("late.method", late.get("method", "none"), ("none", "zero", "per_hour", "per_day")),
            _number("late.percent", late.get("percent", 10.0), 0, 100),
            _number("late.grace_minutes", late.get("grace_minutes", 0.0), 0, 7 * 24 * 60),
            _number("late.most_percent", late.get("most_percent", 100.0), 0, 100),
        ),
        _each("due", _table("due", table), _time),
        extensions,
        _choice("attempts.keep", attempts.get("keep", "last"), ("last", "best")),
        _each("drop", _table("drop", table), _names),
        _each("time", _table("time", table), lambda key, value: _number(key, value, 0.1, 100)),
        _each("export.columns", _table_of("export.columns", export.get("columns", {})), _text),
        _number("similarity.threshold", similarity.get("threshold", 0.8), 0, 1),
        _credits(_table("credit", table)),
        _choice("export.scale", export.get("scale", "none"), ("none", "lms")),
        _each("lms.columns", _table_of("lms.columns", lms.get("columns", {})), _text),
        _zone("lms.timezone", lms["timezone"]) if "timezone" in lms else "",
        _step("feedback.help", feedback.get("help", 1)),
        _choice("language", table["language"], languages()) if "language" in table else "",
        int(_number("watch.tries_per_hour", watch.get("tries_per_hour", 0), 0, 1000)),
    )


def _wrong(key: str, given: Any, expected: str) -> PolicyError:
    shown = given.isoformat() if isinstance(given, (date, time)) else repr(given)
    return PolicyError(
        _("{key} is {shown}; expected {expected}", key=key, shown=shown[:60], expected=expected)
    )


def _known(where: str, table: Mapping[str, Any], names: tuple[str, ...]) -> None:
    for key in table:
        if key not in names:
            place = f"[{where}]" if where else _("the file")
            raise PolicyError(
                _(
                    "{key!r} is no key of {place}; expected one of {names}",
                    key=key,
                    place=place,
                    names=", ".join(names),
                )
            )


def _table(key: str, table: Mapping[str, Any]) -> Mapping[str, Any]:
    return _table_of(key, table.get(key, {}))


def _table_of(key: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(key, value, _("a table, [{key}]", key=key))
    return value


def _each(key: str, table: Mapping[str, Any], read: Read) -> dict[str, Any]:
    return {name: read(f'{key}."{name}"', value) for name, value in table.items()}


def _choice(key: str, value: Any, names: tuple[str, ...]) -> Any:
    if value not in names:
        raise _wrong(key, value, _("one of {names}", names=", ".join(map(repr, names))))
    return value


def _number(key: str, value: Any, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise _wrong(key, value, _("a number from {low:g} to {high:g}", low=low, high=high))
    return float(value)


def _step(key: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 4:
        raise _wrong(key, value, _("a whole number from 0 to 4"))
    return value


def _credits(table: Mapping[str, Any]) -> dict[str, float]:
    """By code; a course's own codes, C1 and so on, are known to its own_exercises.py alone."""
    for code in table:
        if code not in CATALOGUE and not re.fullmatch(r"C[1-9]\d*", code):
            last = list(CATALOGUE)[-1]
            raise PolicyError(
                _(
                    "{code!r} is no key of [credit]; expected the code of a mistake, K1 to {last} of the "
                    "catalogue, or C1, C2 … of the course's own",
                    code=code,
                    last=last,
                )
            )
    return {code: _number(f"credit.{code}", value, 0, 1) for code, value in table.items()}


def _hours(key: str, value: Any) -> timedelta:
    return timedelta(hours=_number(key, value, 0, 24 * 366))


def _time(key: str, value: Any) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise _wrong(key, value, _("a time with its zone, such as 2026-03-02T18:00:00Z"))
    # nbgrader keeps UTC without a zone
    return value.astimezone(UTC).replace(tzinfo=None)


def _names(key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise _wrong(key, value, _('a list of exercises, such as ["all_deltas"]'))
    return tuple(value)


def _zone(key: str, value: Any) -> str:
    try:
        return ZoneInfo(_text(key, value)).key
    except (ZoneInfoNotFoundError, ValueError):
        raise _wrong(key, value, _("the name of a time zone, such as Europe/Berlin")) from None


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise _wrong(key, value, "a text")
    return value
