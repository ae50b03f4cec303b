import tomllib
from datetime import datetime, timedelta

import pytest

from autograder.course.policies import LatePolicy, Policies, PolicyError, commented_file, read_policies

FULL = """
[late]
method = "per_day"
percent = 10
grace_minutes = 30
most_percent = 50
[due]
"06-step-2" = 2026-03-02T18:00:00+01:00
[extensions."06-step-2"]
ada = 48
[attempts]
keep = "best"
[credit]
K26 = 0.25
C1 = 1
[drop]
"06-step-2" = ["all_deltas"]
[time]
ada = 1.5
[export.columns]
"06-step-2" = "Week 6"
[similarity]
threshold = 0.9
[feedback]
help = 3
"""


def written(tmp_path, text):
    (tmp_path / "autograder.toml").write_text(text)
    return tmp_path


def test_a_slip_in_an_assignments_name_is_told(tmp_path):
    policies = read_policies(written(tmp_path, FULL.replace('[due]\n"06-step-2"', '[due]\n"06-step-3"')))
    assert policies.unknown(["05-step-1", "06-step-2"]) == [
        "autograder.toml: due names '06-step-3'; there is no such assignment: known are 05-step-1, 06-step-2"
    ]
    assert read_policies(written(tmp_path, FULL)).unknown(["06-step-2"]) == []


def test_a_credit_for_a_mistake_that_the_course_does_not_have_is_refused(tmp_path):
    policies = read_policies(written(tmp_path, FULL))
    assert policies.known_credits(["K26", "C1"]) == {"K26": 0.25, "C1": 1}
    with pytest.raises(
        PolicyError, match=r"autograder.toml: credit names 'C1'; expected a mistake of the catalogue"
    ):
        policies.known_credits(["K26"])


def test_no_file_means_the_defaults(tmp_path):
    assert read_policies(tmp_path) == Policies()


def test_the_example_says_the_defaults(tmp_path):
    assert read_policies(written(tmp_path, commented_file())) == Policies()
    shown = [line[2:] for line in commented_file().splitlines() if line.startswith("# ") and " = " in line]
    assert shown
    for line in shown:  # every line that is commented out is good TOML too
        tomllib.loads(line.removeprefix("# "))


def test_every_key_is_read(tmp_path):
    found = read_policies(written(tmp_path, FULL))
    assert found == Policies(
        LatePolicy("per_day", 10, 30, 50),
        {"06-step-2": datetime(2026, 3, 2, 17)},
        {"06-step-2": {"ada": timedelta(hours=48)}},
        "best",
        {"06-step-2": ("all_deltas",)},
        {"ada": 1.5},
        {"06-step-2": "Week 6"},
        0.9,
        {"K26": 0.25, "C1": 1.0},
        help=3,
    )
    assert found.seconds("ada", 10) == 15
    assert found.seconds("ben", 10) == 10


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("late = 3", "late is 3; expected a table, [late]"),
        ("[late]\nmethod = 'hourly'", "late.method is 'hourly'; expected one of 'none', 'zero'"),
        ("[late]\npercent = 400", "late.percent is 400; expected a number from 0 to 100"),
        ("[late]\npercent = true", "late.percent is True; expected a number"),
        ("[lat]\n", "'lat' is no key of the file; expected one of late, due"),
        ("[late]\nper_cent = 3", "'per_cent' is no key of [late]; expected one of method"),
        ('[due]\n"06" = 2026-03-02', 'due."06" is 2026-03-02; expected a time with its zone'),
        (
            '[due]\n"06" = 2026-03-02T18:00:00',
            'due."06" is 2026-03-02T18:00:00; expected a time with its zone',
        ),
        ('[extensions."06"]\nada = "2 days"', "extensions.06.\"ada\" is '2 days'; expected a number"),
        ('[extensions]\n"06" = 3', "extensions.06 is 3; expected a table"),
        ("[attempts]\nkeep = 'first'", "attempts.keep is 'first'; expected one of 'last', 'best'"),
        ('[drop]\n"06" = "all_deltas"', "drop.\"06\" is 'all_deltas'; expected a list of exercises"),
        ("[time]\nada = 0", 'time."ada" is 0; expected a number from 0.1 to 100'),
        ('[export.columns]\n"06" = 7', 'export.columns."06" is 7; expected a text'),
        ("[credit]\nK26 = 1.5", "credit.K26 is 1.5; expected a number from 0 to 1"),
        ("[credit]\nK26 = 'half'", "credit.K26 is 'half'; expected a number from 0 to 1"),
        ("[credit]\nK999 = 0.5", "'K999' is no key of [credit]; expected the code of a mistake, K1 to K"),
        ("[feedback]\nhelp = 5", "feedback.help is 5; expected a whole number from 0 to 4"),
        ("[feedback]\nhelp = true", "feedback.help is True; expected a whole number"),
        ("[feedback]\nhelps = 1", "'helps' is no key of [feedback]; expected one of help"),
        ("credit = 0.5", "credit is 0.5; expected a table, [credit]"),
        ("[due]\n06 = 18:00:00", 'due."06" is 18:00:00; expected a time with its zone'),
        ("[late", "not valid TOML"),
    ],
)
def test_a_mistake_is_said_with_file_key_given_and_expected(tmp_path, text, says):
    with pytest.raises(PolicyError) as caught:
        read_policies(written(tmp_path, text))
    assert str(caught.value).startswith(f"{tmp_path / 'autograder.toml'}: ")
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("late", "seconds", "penalty"),
    [
        (LatePolicy(), 1e6, 0),
        (LatePolicy("zero"), 1, 20),
        (LatePolicy("zero"), 0, 0),
        (LatePolicy("zero", grace_minutes=10), 600, 0),
        (LatePolicy("per_day"), 1, 2),
        (LatePolicy("per_day"), 86400, 2),
        (LatePolicy("per_day"), 86401, 4),
        (LatePolicy("per_hour", 5, 30), 1800 + 3601, 2),
        (LatePolicy("per_day", 10, 0, 25), 20 * 86400, 5),
    ],
)
def test_what_lateness_costs(late, seconds, penalty):
    assert late.penalty(20.0, seconds) == pytest.approx(penalty)


def test_a_slip_in_a_students_name_is_told_and_somebody_who_comes_later_is_none(tmp_path):
    hours = '[extensions."06-step-2"]\nada_lovelase = 24\nzoe = 48\nstudent16 = 2\n'
    (tmp_path / "autograder.toml").write_text(f"{hours}[time]\nBen = 2\nada_lovelace = 2\n")
    lines = read_policies(tmp_path).slips(["ada_lovelace", "ben", "student14", "student15"])
    assert [line.split(" names ")[1] for line in lines] == [
        "'ada_lovelase', and there is no such student; did you mean ada_lovelace?",
        "'Ben', and there is no such student; did you mean ben?",
    ]
