"""What instructor and assistants do in the year: commands, files from the LMS, entries in formgrader."""

import codecs
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from autograder.gradebook.gradebook import Gradebook
from autograder.gradebook.gradebook_url import default_url
from benchmarks.year_ledger import Ledger

ROOT = Path(__file__).resolve().parents[1]
# Language -> the worksheet's header, and what stands before a participant's number
LANGUAGES = {
    "en": (
        "Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
        "Last modified (submission),Last modified (grade),Feedback comments",
        "Participant ",
    ),
    "de": (
        "ID;Vollständiger Name;ID-Nummer;E-Mail-Adresse;Status;Bewertung;Bestwertung;Bewertung kann geändert "
        "werden;Zuletzt geändert (Abgabe);Zuletzt geändert (Bewertung);Feedback als Kommentar",
        "Teilnehmer/in",
    ),
    "fr": (
        "Identifiant,Nom complet,Numéro d\N{RIGHT SINGLE QUOTATION MARK}identification,Adresse de courriel,Statut,"
        "Note,Note maximale,La note peut être modifiée,Dernière modification (travail remis),"
        "Dernière modification (note),Feedback",
        "Participant ",
    ),
    # Without ID numbers: the e-mail addresses say who it is.
    "it": (
        "Identificativo,Cognome e nome,Matricola,Indirizzo email,Stato,Valutazione,Valutazione massima,La "
        "valutazione può essere cambiata,Ultima modifica (consegna),Ultima modifica (valutazione),Commenti",
        "Partecipante ",
    ),
}
# From February on, as Moodle writes them
MONTHS = {
    "de": ("Februar", "März", "April", "Mai", "Juni"),
    "fr": ("février", "mars", "avril", "mai", "juin"),
    "it": ("febbraio", "marzo", "aprile", "maggio", "giugno"),
}


@dataclass(frozen=True)
class Person:
    """A student: the name of the folder, the person's own name, Moodle's number in this week's assignment."""

    id: str
    name: str
    number: int = 0

    @property
    def email(self) -> str:
        return f"{self.name.replace(' ', '.').lower()}@example.org"


def in_this_process(*arguments: object) -> tuple[int, str]:
    """A command of `autograder`: its exit code, and what it printed."""
    from typer.testing import CliRunner

    from autograder.cli.app import app

    result = CliRunner().invoke(app, [str(each) for each in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


@dataclass
class Desk:
    """One course folder; `complaints` has what ended otherwise than it should."""

    course: Path
    command: Callable[..., tuple[int, str]]
    complaints: list[str] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    runs: dict[str, int] = field(default_factory=dict)

    def wrong(self, line: str) -> None:
        self.complaints.append(line)

    def run(self, name: str, *arguments: object, ok: tuple[int, ...] = (0,)) -> str:
        code, said = self.command(name, *arguments)
        self.runs[name] = self.runs.get(name, 0) + 1
        if code not in ok:
            shown = " ".join(map(str, arguments)).replace(str(self.course), "COURSE")
            self.wrong(f"autograder {name} {shown} ended with {code}: {said[-600:]}")
        return said

    # ---- the LMS ----

    def download(
        self,
        name: str,
        people: Sequence[Person],
        handed: Mapping[str, tuple[bytes, datetime]],
        listed: Sequence[Person] | None = None,
    ) -> None:
        """Moodle's zip and worksheet of one assignment, as COURSE/download.zip and worksheet.csv."""
        language = list(LANGUAGES)[int(name[:2]) % len(LANGUAGES)]
        header, participant = LANGUAGES[language]
        mark = ";" if ";" in header else ","
        lines = [header]
        for person in people if listed is None else listed:
            when = handed.get(person.id)
            cells = [
                f"{participant}{person.number}",
                person.name,
                "" if language == "it" else person.id,
                person.email,
                "",
            ]
            cells += ["", "26", "Yes", "-" if when is None else _time(when[1], language), "-", ""]
            lines.append(mark.join(f'"{cell}"' for cell in cells))
        self.sheet.write_bytes(codecs.BOM_UTF8 + "\r\n".join([*lines, ""]).encode())
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for person in people:
                if person.id in handed:
                    place = f"{person.name}_{person.number}_assignsubmission_file_/{name}.ipynb"
                    archive.writestr(place, handed[person.id][0])
        self.zip.write_bytes(buffer.getvalue())

    def collect(self, name: str, *more: str, ok: tuple[int, ...] = (0,)) -> str:
        return self.run(
            "collect", self.course, self.zip, "--assignment", name, "--roster", self.sheet, *more, ok=ok
        )

    @property
    def zip(self) -> Path:
        return self.course / "download.zip"

    @property
    def sheet(self) -> Path:
        return self.course / "worksheet.csv"

    def snapshot(self) -> dict[str, str]:
        """Every file in submitted/ by its digest."""
        files = [path for path in (self.course / "submitted").rglob("*") if path.is_file()]
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    # ---- the course's own files ----

    def write_policies(self, ledger: Ledger) -> None:
        lines = ['[lms]\ntimezone = "UTC"', "[late]"]
        lines += [f'method = "{"per_day" if ledger.percent else "none"}"', f"percent = {ledger.percent}"]
        lines += [f"grace_minutes = {ledger.grace}", f"most_percent = {ledger.most}", "[due]"]
        lines += [f'"{name}" = {due:%Y-%m-%dT%H:%M:%S}Z' for name, due in ledger.due.items()]
        for name, hours in ledger.extensions.items():
            lines += [f'[extensions."{name}"]', *(f'"{student}" = {more}' for student, more in hours.items())]
        lines += ["[time]", *(f'"{student}" = {factor}' for student, factor in ledger.time.items())]
        lines += [f'[attempts]\nkeep = "{"best" if ledger.best else "last"}"', "[drop]"]
        lines += [f'"{name}" = {json.dumps(sorted(dropped))}' for name, dropped in ledger.dropped.items()]
        (self.course / "autograder.toml").write_text("\n".join([*lines, ""]))

    def release(self, name: str, points: Mapping[str, float]) -> None:
        content = json.loads((ROOT / "exercises" / name / f"{name}.ipynb").read_bytes())
        for cell in content["cells"]:
            roles = cell["metadata"].get("nbgrader", {})
            if roles.get("grade"):
                roles["points"] = points[roles["grade_id"]]
        path = self.course / "release" / name / f"{name}.ipynb"
        path.write_text(json.dumps(content))

    # ---- formgrader ----

    def by_hand(
        self, student: str, name: str, exercise: str, score: float, comment: str, extra: float | None
    ) -> None:
        with Gradebook(default_url(self.course)) as book:
            grade = book.nbgrader.find_grade(exercise, name, name, student)
            grade.manual_score, grade.needs_manual_grade = score, False
            grade.extra_credit = extra
            there = {cell.name for cell in book.nbgrader.find_notebook(name, name).solution_cells}
            solution = exercise if exercise in there else f"{exercise}_solution"
            book.nbgrader.find_comment(solution, name, name, student).manual_comment = comment
            book.nbgrader.db.commit()

    def waiting(self, name: str, exercise: str) -> list[str]:
        """Whose cell asks for a person."""
        with Gradebook(default_url(self.course)) as book:
            marks = book.marks([name])
        return sorted(student for (student, _), mark in marks.items() if mark.cells[exercise].pending)


def _time(when: datetime, language: str) -> str:
    if language == "en":
        return f"{when:%A}, {when.day} {when:%B} {when.year}, {when:%I:%M} {when:%p}"
    month = MONTHS[language][when.month - 2]
    return f"{when.day}. {month} {when.year}, {when:%H:%M}"
