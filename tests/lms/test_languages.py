"""LMS files as they come: in other languages, with a course's own columns, the same but for the scores."""

import codecs
import csv
import io
import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.course.policies import PolicyError, read_policies
from autograder.lms.export import export
from autograder.lms.scores import Mark, Scores, Student
from autograder.lms.sheets import ExportError, read_sheet, sheet_bytes
from tests.lms.test_export import CLASS, STEP_2, table

WORKSHEETS = {
    "de": (
        "ID;Vollständiger Name;E-Mail-Adresse;Status;Bewertung;Bestwertung;Bewertung kann geändert "
        "werden;Zuletzt geändert (Abgabe);Zuletzt geändert (Bewertung);Feedback als Kommentar",
        "Teilnehmer/in",
        "Nein",
    ),
    "es": (
        "Identificador,Nombre completo,Dirección de correo,Estado,Calificación,Calificación máxima,La "
        "calificación puede cambiarse,Última modificación (entrega),Última modificación (calificación)",
        "Participante",
        "No",
    ),
    "fr": (
        "Identifiant,Nom complet,Adresse de courriel,Statut,Note,Note maximale,La note peut être "
        "modifiée,Dernière modification (travail remis),Dernière modification (note)",
        "Participant",
        "Non",
    ),
    "pt": (
        "Identificador,Nome completo,Endereço de e-mail,Estado,Nota,Nota Máxima,A nota pode ser "
        "alterada.,Última atualização (submissão),Última atualização (avaliação)",
        "Participante",
        "Não",
    ),
    "it": (
        "Identificativo,Cognome e nome,Indirizzo email,Stato,Valutazione,Valutazione massima,La valutazione "
        "può essere cambiata,Ultima modifica (consegna),Ultima modifica (valutazione)",
        "Partecipante",
        "No",
    ),
}


def worksheet(language, first="", second=""):
    """Moodle's worksheet with Ada's grade, and Ben's, which can't be changed."""
    header, participant, no = WORKSHEETS[language]
    mark = ";" if ";" in header else ","
    full = "26,00" if mark == ";" else "26.00"
    rows = [
        (f"{participant}501", "Ada X", "ada@example.org", "", first, full, "?", "-", "-"),
        (f"{participant}502", "Ben Y", "ben@example.org", "", second, full, no, "-", "-"),
        (f"{participant}777", "Kim Z", "kim@example.org", "", "", full, "?", "-", "-"),
    ]
    lines = [header, *(mark.join(row) for row in rows)]
    return codecs.BOM_UTF8 + ("\r\n".join(lines) + "\r\n").encode()


@pytest.mark.parametrize("language", WORKSHEETS)
def test_moodles_worksheet_is_filled_in_the_language_in_which_it_came(tmp_path, language):
    path = tmp_path / "worksheet.csv"
    path.write_bytes(worksheet(language))
    data, outcome = export("moodle", CLASS, path)
    assert data == worksheet(language, "20,4" if language == "de" else "20.4")
    assert outcome.warnings == [
        f"ben {STEP_2}: the LMS says that this grade can't be changed; left as it was"
    ]
    assert [row.split()[-1][-3:] for row in outcome.unknown_rows] == ["777"]


GRADEBOOKS = {
    "de": "Vorname,Nachname,ID-Nummer,E-Mail-Adresse,Aufgabe: 06-step-2 (Punkte)",
    "es": "Nombre,Apellido(s),Número de ID,Dirección de correo,Tarea: 06-step-2 (Real)",
    "fr": "Prénom,Nom,Numéro d'identification,Adresse de courriel,Devoir : 06-step-2 (Brut)",
    "pt": "Nome,Apelido,Número de identificação,Endereço de e-mail,Trabalho: 06-step-2 (Real)",
    "it": "Nome,Cognome,Codice identificativo,Indirizzo email,Compito: 06-step-2 (Reale)",
}


@pytest.mark.parametrize("language", GRADEBOOKS)
def test_moodles_gradebook_too(tmp_path, language):
    path = tmp_path / "gradebook.csv"
    header = f"{GRADEBOOKS[language]},Total: 06-step-2 (Prozentsatz)"
    path.write_text(f"{header}\nAda,L,,ada@example.org,-,-\nBen,Ö,ben,,-,-\n", encoding="utf-8")
    data, outcome = export("moodle", CLASS, path)
    assert [row[4:] for row in table(data)[1:]] == [["20.4", "-"], ["26", "-"]]
    assert outcome.unknown_rows == []


BLACKBOARDS = {
    "de": ("Nachname,Vorname,Benutzername,Matrikelnummer", "[Gesamtpunkte: 26 Punkte] |9001"),
    "es": ("Apellidos,Nombre,Nombre de usuario,ID de estudiante", "[Puntos totales: 26 Puntuación] |9001"),
    "fr": ("Nom de famille,Prénom,Nom d'utilisateur,ID étudiant", "[Total des points : 26 Note] |9001"),
    "pt": ("Sobrenome,Nome,Nome do usuário,ID do aluno", "[Total de pontos: até 26 Pontuação] |9001"),
    "it": ("Cognome,Nome,Nome utente,ID studente", "[Totale punti: fino a 26 Punteggio] |9001"),
}


@pytest.mark.parametrize("language", BLACKBOARDS)
def test_blackboards_download_in_other_languages(tmp_path, language):
    names, points = BLACKBOARDS[language]
    header = [*names.split(","), f"06-step-2 {points}"]
    text = ",".join(f'"{name}"' for name in header) + '\n"L","Ada","ada","1001",""\n'
    path = tmp_path / "blackboard.csv"
    path.write_text(text, encoding="utf-16")
    data, outcome = export("blackboard", CLASS, path)
    assert data.decode("utf-16") == text.replace('"1001",""', '"1001","20.4"')
    assert outcome.warnings == []


def test_a_course_names_the_columns_that_nobody_knows(tmp_path):
    path = tmp_path / "worksheet.csv"
    path.write_text("Identyfikator,Adres e-mail,Ocena\nUczestnik501,ada@example.org,\n", encoding="utf-8")
    with pytest.raises(ExportError, match=r"\[lms.columns\], \"Email address\" = \"its name there\""):
        export("moodle", CLASS, path)
    (tmp_path / "autograder.toml").write_text(
        '[lms.columns]\n"Email address" = "Adres e-mail"\nGrade = "Ocena"\nIdentifier = "Identyfikator"\n'
    )
    data, _ = export("moodle", CLASS, path, headers=read_policies(tmp_path).headers)
    assert table(data)[1] == ["Uczestnik501", "ada@example.org", "20.4"]
    with pytest.raises(ExportError, match=r"lms.columns names 'Mark'; expected one of Identifier, Full name"):
        export("moodle", CLASS, path, headers={"Mark": "Ocena"})
    (tmp_path / "autograder.toml").write_text("[lms.columns]\nGrade = 3\n")
    with pytest.raises(PolicyError, match=r'lms.columns."Grade" is 3; expected a text'):
        read_policies(tmp_path)


def test_a_username_that_ends_in_a_number_is_nobody_elses_number(tmp_path):
    path = tmp_path / "gradebook.csv"
    path.write_text("Username,Email address,Assignment: 06-step-2 (Real)\nx501,a@example.org,\n")
    scores = Scores((Student("501"),), {STEP_2: 26.0}, {("501", STEP_2): Mark(3.0)})
    assert table(export("moodle", scores, path)[0])[1][2] == ""


def test_canvas_with_first_and_last_names_apart(tmp_path):
    text = (
        "LastName,FirstName,ID,SIS User ID,SIS Login ID,Section,06-step-2 (55012)\n"
        "    Points Possible,,,,,,26\n"
        "Lovelace,Ada,1001,S1,ada,G,{}\nStudent,Test,1099,,9f2c,G,\n"
    )
    path = tmp_path / "canvas.csv"
    path.write_text(text.format(""))
    data, outcome = export("canvas", CLASS, path)
    assert data.decode() == text.format("20.4")
    assert outcome.warnings == []


POINTS = "Student,ID,Section,06-step-2 (55012)\n    Points Possible,,,{}\n" + "".join(
    f'"S {n}",{1000 + n},G,\n' for n in range(60)
)
SIXTY = Scores(
    tuple(Student(str(1000 + n)) for n in range(60)),
    {STEP_2: 26.0},
    {(str(1000 + n), STEP_2): Mark(26.0) for n in range(60)},
)


def test_another_maximum_is_told_once_and_not_for_each_student(tmp_path):
    path = tmp_path / "canvas.csv"
    path.write_text(POINTS.format(20))
    _, outcome = export("canvas", SIXTY, path)
    assert len(outcome.warnings) == 2
    assert outcome.warnings[0].startswith(f"{STEP_2}: 20 points in the LMS, 26 here; scores are written as")
    assert outcome.warnings[1] == (
        f"1000 {STEP_2}: 26 of 20 points, 1001 {STEP_2}: 26 of 20 points, 1002 {STEP_2}: 26 of 20 points and "
        "57 more; the LMS must allow more than its maximum"
    )


def test_scores_are_scaled_where_the_course_says_so(tmp_path):
    path = tmp_path / "canvas.csv"
    path.write_text(POINTS.format(100))
    some = Scores(SIXTY.students, SIXTY.assignments, {("1000", STEP_2): Mark(13.0)}, {STEP_2: 4.0})
    data, outcome = export("canvas", some, path, scale=True)
    assert (table(data)[2][3], outcome.warnings) == ("50", [])
    data, outcome = export("canvas", some, path)
    assert table(data)[2][3] == "13"
    assert "100 points in the LMS, 26 and 4 of bonus here" in outcome.warnings[0]
    path.write_text(POINTS.format(30))  # with the bonus: nothing to say
    assert export("canvas", some, path)[1].warnings == []
    path.write_text(POINTS.format(""))
    _, outcome = export("canvas", some, path, scale=True)
    assert "doesn't say how many points" in outcome.warnings[0]


def test_a_bonus_is_told_beside_the_maximum():
    some = Scores((Student("ada"),), {STEP_2: 26.0}, {("ada", STEP_2): Mark(28.0)}, {STEP_2: 4.0})
    assert table(export("csv", some)[0])[0][4] == f"{STEP_2} (of 26 and 4 of bonus)"


CELL = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=6)


@given(
    st.lists(st.tuples(CELL, CELL, st.sampled_from(["minimal", "all", "words"])), max_size=6),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([",", ";", "\t"]),
    st.booleans(),
)
def test_what_is_not_a_score_is_the_same_bytes(tmp_path_factory, notes, end, delimiter, marked):
    """However its cells are quoted, ends in blank lines or none: a file is changed in its scores alone."""

    def line(row, how):
        out = io.StringIO(newline="")
        quoting = {"minimal": csv.QUOTE_MINIMAL, "all": csv.QUOTE_ALL, "words": csv.QUOTE_NONNUMERIC}[how]
        csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerow(row)
        return out.getvalue()

    def text(score):
        rows = [line(["Student", "ID", "Section", "Notes", STEP_2], "minimal")]
        rows += [line(["x", 2000 + n, "G", note, grade], how) for n, (note, grade, how) in enumerate(notes)]
        rows.append(end)
        rows.append(delimiter.join(["Ada", "1001", "G", '"a ""note"""', score]) + end)
        return (codecs.BOM_UTF8 if marked else b"") + "".join(rows).encode()

    path = tmp_path_factory.mktemp("canvas") / "canvas.csv"
    path.write_bytes(text(""))
    assert sheet_bytes(read_sheet(path)) == text("")
    scores = Scores((Student("1001"),), {STEP_2: 26.0}, {("1001", STEP_2): Mark(7.0)})
    data, outcome = export("canvas", scores, path)
    if not any("formula" in warning for warning in outcome.warnings):
        assert data == text("7")


@pytest.mark.parametrize("byte", [0x81, 0x8D, 0x8F, 0x90, 0x9D, 0xFC])
def test_bytes_of_an_old_encoding_come_back_as_they_were(tmp_path, byte):
    raw = b'Student,ID,Section,06-step-2 (5)\n"M' + bytes([byte]) + b'ller",1001,G,\n'
    (tmp_path / "x.csv").write_bytes(raw)
    scores = Scores((Student("1001"),), {STEP_2: 26.0}, {("1001", STEP_2): Mark(7.0)})
    assert export("canvas", scores, tmp_path / "x.csv")[0] == raw.replace(b"G,\n", b"G,7\n")


@given(
    st.dictionaries(st.sampled_from(["ada", "ben", "cleo"]), st.floats(0, 26).map(lambda x: round(x, 3))),
    st.sampled_from(sorted(WORKSHEETS)),
)
def test_what_is_exported_is_read_back_as_it_was(tmp_path_factory, points, language):
    """Exported into the LMS's form and read again as the LMS's file: the same scores, nothing to replace."""
    folder = tmp_path_factory.mktemp("trip")
    marks = {(student, STEP_2): Mark(score) for student, score in points.items()}
    scores = Scores(CLASS.students, {STEP_2: 26.0}, marks)
    kinds = {
        "moodle": worksheet(language),
        "canvas": b"Student,ID,SIS Login ID,Section,06-step-2 (5)\nA,1,ada,,\nB,2,ben,,\nC,3,cleo,,\n",
        "blackboard": b"Last Name,First Name,Username,06-step-2 [Total Pts: 26 Score] |9\nA,,ada,\nB,,ben,\n",
    }
    for lms, before in kinds.items():
        stages = [before]
        for turn in range(3):
            path = folder / f"{lms}{turn}.csv"
            path.write_bytes(stages[-1])
            data, outcome = export(lms, scores, path)
            assert not outcome.replaced
            stages.append(data)
        assert all(one == other for one, other in pairwise(stages[1:]))


def run(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "autograder", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        **options,
    )


def test_the_lmss_own_file_is_not_written_over_unasked(tmp_path):
    from autograder.gradebook.gradebook import Gradebook
    from autograder.gradebook.gradebook_url import default_url

    with Gradebook(default_url(tmp_path)) as book:
        book.nbgrader.add_assignment(STEP_2)
    path = tmp_path / "canvas.csv"
    path.write_text("Student,ID,Section,06-step-2 (5)\nA,1,,\n")
    before = path.read_bytes()
    arguments = ["export", tmp_path, "--format", "canvas", "--merge", path, "--to", path]
    done = run(*arguments, stdin=subprocess.DEVNULL)
    assert done.returncode == 2
    assert "nothing was written: give --to another file, or --yes" in done.stderr
    assert path.read_bytes() == before
    assert run(*arguments, "--yes").returncode == 1
    other = tmp_path / "other.csv"
    done = run(*arguments[:-1], other, "--dry-run")
    assert f"0 scores would be written to {other}" in done.stdout
    assert not other.exists()


OTHER_FORMS = {
    "blackboard without points in the title": (
        "blackboard",
        "Last Name,First Name,Username,Student ID,06-step-2 |123\nL,Ada,ada,,{}\n",
    ),
    "blackboard with brackets in the name": (
        "blackboard",
        "Last Name,First Name,Username,Student ID,06-step-2 [Total Pts: 26 Score] |123\nL,Ada,ada,,{}\n",
    ),
    "excel's line with the delimiter": (
        "moodle",
        "sep=;\r\nIdentifier;Email address;Grade;Maximum Grade\r\nParticipant 501;ada@example.org;{};26\r\n",
    ),
    "a space of another kind": (
        "moodle",
        "Identifier,Email\u00a0address,Grade,Maximum  Grade\nParticipant\u00a0501,ADA@example.org,{},26\n",
    ),
}


@pytest.mark.parametrize("form", OTHER_FORMS)
def test_other_forms_of_the_lmss_files_are_filled_and_keep_their_bytes(tmp_path, form):
    lms, text = OTHER_FORMS[form]
    path = tmp_path / "file.csv"
    path.write_bytes(text.format("").encode())
    data, _ = export(lms, CLASS, path)
    assert data.decode() == text.format("20.4")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"PK\x03\x04" + bytes(40), "workbook of a spreadsheet program: save it as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "workbook of a spreadsheet program: save it as CSV"),
        (b"\n<!DOCTYPE html><title>Log in</title>", "a web page, perhaps the page for signing in"),
        ("Imię,Adres e-mail,Ocena\n".encode(), r"grading worksheet, with the columns Identifier and Grade"),
    ],
)
def test_what_is_no_such_table_is_told_with_what_to_do(tmp_path, data, told):
    path = tmp_path / "file.csv"
    path.write_bytes(data)
    with pytest.raises(ExportError, match=told):
        export("moodle", CLASS, path)


NOT_TO_BE_CHANGED = (
    "Identificatie,E-mailadres,Cijfer,Maximumcijfer,Cijfer kan gewijzigd worden\n"
    "Deelnemer 501,ada@example.org,,{maximum},Ja\nDeelnemer 502,ben@example.org,,{maximum},Nee\n"
)
DUTCH = {
    "Identifier": "Identificatie",
    "Email address": "E-mailadres",
    "Grade": "Cijfer",
    "Maximum Grade": "Maximumcijfer",
    "Grade can be changed": "Cijfer kan gewijzigd worden",
}


def test_a_locked_grade_stays_in_a_language_whose_columns_the_course_names(tmp_path):
    (tmp_path / "nl.csv").write_text(NOT_TO_BE_CHANGED.format(maximum=26))
    data, outcome = export("moodle", CLASS, tmp_path / "nl.csv", headers=DUTCH)
    assert [row[2] for row in table(data)[1:]] == ["20.4", ""]
    assert "ben 06-step-2: the LMS says that this grade can't be changed; left as it was" in outcome.warnings


def test_no_points_in_the_lms_scale_no_score_to_0(tmp_path):
    (tmp_path / "nl.csv").write_text(NOT_TO_BE_CHANGED.format(maximum=0))
    data, outcome = export("moodle", CLASS, tmp_path / "nl.csv", headers=DUTCH, scale=True)
    assert [row[2] for row in table(data)[1:]] == ["20.4", ""]
    assert any("no scale leads from one to the other" in line for line in outcome.warnings)
