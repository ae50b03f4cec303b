"""What the columns of Moodle's and Blackboard's files are called, by language.

Both write their tables in the language of whoever downloads them: English, German, Spanish, French,
Portuguese, Italian here, as their language packs have the words. Canvas's tables are in English always. A
name that isn't here is named by the course, in autograder.toml under [lms.columns].
"""

from collections.abc import Mapping

# English name -> the other names of the same column. Case and spaces at the ends don't count.
MOODLE_NAMES: Mapping[str, tuple[str, ...]] = {
    "Identifier": ("ID", "Identifikator", "Identificador", "Identifiant", "Identificativo"),
    "Full name": (
        *("Vollständiger Name", "Nombre completo", "Nombre completo del usuario"),
        *("Nom complet", "Nom complet de l'utilisateur", "Nome completo", "Cognome e nome"),
    ),
    "First name": ("Vorname", "Nombre", "Prénom", "Nome", "Nome próprio"),
    "Last name": (
        *("Surname", "Nachname", "Apellido(s)", "Apellidos", "Nom", "Nom de famille"),
        *("Apelido", "Sobrenome", "Cognome"),
    ),
    "Email address": (
        *("Email", "E-Mail-Adresse", "E-Mail", "Dirección de correo", "Dirección de correo electrónico"),
        *("Dirección Email", "Correo electrónico", "Adresse de courriel", "Adresse e-mail", "Courriel"),
        *("Endereço de e-mail", "Endereço de email", "Endereço de correio eletrónico", "E-mail"),
        *("Indirizzo email", "Indirizzo e-mail"),
    ),
    "ID number": (
        *("ID-Nummer", "Número de ID", "Número ID", "Numéro d'identification", "Número de identificação"),
        *("Número de identificación", "Numéro d'étudiant", "Codice identificativo", "Numero ID"),
    ),
    "Username": (
        *("Anmeldename", "Benutzername", "Nombre de usuario", "Nom d'utilisateur", "Nome de utilizador"),
        *("Nome do utilizador", "Nome de usuário", "Nome do usuário", "Identificação de usuário"),
        *("Nome utente",),
    ),
    "Grade": ("Bewertung", "Calificación", "Note", "Nota", "Avaliação", "Valutazione"),
    "Maximum Grade": (
        *("Bestwertung", "Calificación máxima", "Note maximale", "Nota máxima", "Avaliação máxima"),
        *("Valutazione massima", "Punteggio massimo"),
    ),
    "Grade can be changed": (
        *("Bewertung kann geändert werden", "La calificación puede cambiarse"),
        *("La calificación puede ser cambiada", "La note peut être modifiée", "A nota pode ser alterada"),
        *("A nota pode ser alterada.", "Nota pode ser alterada", "La valutazione può essere cambiata"),
    ),
    "Last modified (submission)": (
        *("Zuletzt geändert (Abgabe)", "Última modificación (entrega)", "Última modificación (envío)"),
        *("Dernière modification (travail remis)", "Última modificação (submissão)"),
        *("Última atualização (submissão)", "Última modificação (envio)", "Ultima modifica (consegna)"),
        *("Ultima modifica (invio)",),
    ),
    "Group": ("Groups", "Gruppe", "Gruppen", "Grupo", "Grupos", "Groupe", "Groupes", "Gruppo", "Gruppi"),
}

BLACKBOARD_NAMES: Mapping[str, tuple[str, ...]] = {
    "Last Name": (
        "Nachname",
        "Apellidos",
        "Apellido",
        "Nom de famille",
        "Nom",
        "Sobrenome",
        "Apelido",
        "Cognome",
    ),
    "First Name": ("Vorname", "Nombre", "Prénom", "Nome"),
    "Username": (
        *("Benutzername", "Nombre de usuario", "Nom d'utilisateur", "Nome de usuário", "Nome do usuário"),
        *("Nome de utilizador", "Nome do utilizador", "Nome utente"),
    ),
    "Student ID": (
        *("Teilnehmer-ID", "Studenten-ID", "Matrikelnummer", "ID de estudiante", "ID de alumno"),
        *("Id. de alumno", "Id. del alumno", "ID d'étudiant", "ID étudiant", "ID de l'étudiant"),
        *("Identifiant de l'étudiant", "ID do aluno", "ID de aluno", "ID do estudante", "ID studente"),
        *("Matricola",),
    ),
}

# By LMS.
COLUMN_NAMES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "canvas": {},
    "moodle": MOODLE_NAMES,
    "blackboard": BLACKBOARD_NAMES,
}

# What a worksheet says where a grade can't be changed, also in languages whose columns a course names itself.
NO = (
    *("no", "non", "nein", "não", "nee", "nej", "nei", "nie", "ne", "ei", "hayır", "нет", "ні", "όχι"),
    *("いいえ", "否"),
)
# How Moodle calls a column of points, where its file has columns of percents and letters beside it.
POINTS = (
    *("Real", "Points", "Punkte", "Punktzahl", "Puntos", "Puntuación", "Brut", "Brute", "Réel", "Valeur"),
    *("Pontos", "Reale", "Punteggio", "Punti"),
)
