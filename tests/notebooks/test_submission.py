"""Reading submissions: whatever the student did to the notebook, the released cells always count."""

import json

import pytest

from autograder.notebooks import notebook as notebook_module
from autograder.notebooks.notebook import NotebookError, one_cell_a_line, read_notebook, to_json
from autograder.notebooks.submission import load_assignment, read_assignment, read_submission
from tests.support.said import said_of
from tests.support.submissions import ANSWER, BYTES, ESSAY, ROOT, STEP_1, answered, cell_of, loaded, read, run


def test_an_honest_submission_needs_no_note():
    submission = read(answered())
    assert submission.notes == ()
    assert [cell.grade_id for cell in submission.cells] == [
        "setup",
        "given",
        "output_delta_solution",
        "huber_output_delta_solution",
    ]
    assert [cell.given for cell in submission.cells] == [True, True, False, False]
    assert submission.untouched == {"huber_output_delta"}
    assert [cell.grade_id for cell in submission.notebook] == [cell.grade_id for cell in STEP_1.cells]


# ---- bytes that are no notebook --------------------------------------------------------------------------

NO_NOTEBOOK = {
    "empty": (b"", "empty", "the file is empty"),
    "blank": (b" \n\n", "empty", "the file is empty"),
    "zero bytes": (bytes(64), "empty", "the file is empty"),
    "zero bytes first": (bytes(64) + BYTES["05-step-1"], "not_json", "the file is not JSON"),
    "cut off": (BYTES["04-delta"][:3000], "truncated", "cut off"),
    "cut off between": (b'{"cells": [', "truncated", "cut off"),
    "zip": (b"PK\x03\x04\x14\x00\x00", "not_json", "zip archive"),
    "pdf": (b"%PDF-1.7", "not_json", "PDF"),
    "html": (b"<!DOCTYPE html><p>Sign in", "not_json", "web page"),
    "script": (b"import numpy as np\n", "not_json", "not JSON"),
    "git": (b'{"cells": [\n<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> x\n]}', "not_json", "conflict markers"),
    "comma": (b'{"cells": [,]}', "not_json", "line 1, column 12"),
    "a list": (b"[1, 2]", "not_a_notebook", "a JSON list"),
    "a number": (b"3", "not_a_notebook", "a JSON number"),
    "no cells": (b"{}", "not_a_notebook", "a list of cells was expected"),
    "cells is text": (
        b'{"cells": "x"}',
        "not_a_notebook",
        "a list of cells was expected; its cells are a text",
    ),
    "deep": (b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "too_deep", "nested too deeply"),
    "deep objects": (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "too_deep", "nested too deeply"),
    "huge": (b" " * (notebook_module.MAX_BYTES + 1), "too_large", "too large"),
    "many parts": (b'{"cells": [' + b"[]," * 600_000 + b"[]]}", "too_large", "lists and objects"),
    "many cells": (
        b'{"cells": [' + b",".join([b'{"cell_type": "raw"}'] * 6000) + b"]}",
        "too_large",
        "6,000 cells",
    ),
    "much text": (
        json.dumps({"cells": [{"cell_type": "code", "source": "x" * (2**20 + 1)}]}).encode(),
        "too_large",
        "characters of text",
    ),
    "binary": (bytes(range(256)) * 20, "not_json", "not JSON"),
}


@pytest.mark.parametrize("name", NO_NOTEBOOK)
def test_what_is_no_notebook_gets_one_clear_line(name):
    data, reason, words = NO_NOTEBOOK[name]
    with pytest.raises(NotebookError) as error:
        read_notebook(data)
    assert error.value.reason == reason
    assert words in str(error.value)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 200


# ---- bytes that are one, with a remark -------------------------------------------------------------------


def test_other_encodings_and_zero_bytes_at_the_end_are_read():
    for data, word in (
        (b"\xef\xbb\xbf" + BYTES["05-step-1"], "byte order mark"),
        (BYTES["05-step-1"].decode().encode("utf-16"), "UTF-16"),
        (BYTES["05-step-1"].decode().encode("utf-16-be"), "UTF-16"),
        (BYTES["05-step-1"].decode().encode("utf-32"), "UTF-32"),
        (BYTES["05-step-1"].decode().encode("utf-32-le"), "UTF-32"),
        (BYTES["05-step-1"] + bytes(512), "zero bytes at the end"),
    ):
        submission = read_submission(STEP_1, data)
        assert len(submission.notes) == 1
        assert word in said_of(submission)[0]
        assert len(submission.cells) == 4


def test_nbformat_3_is_read():
    content = answered()
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
    old = {"metadata": {}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": content["cells"]}]}
    old["worksheets"][0]["cells"].insert(0, {"cell_type": "heading", "level": 1, "source": "Mine"})
    submission = read(old)
    assert any("old format" in note for note in said_of(submission))
    assert "output_delta" in run(submission)
    assert submission.untouched == {"huber_output_delta"}


def test_oddities_of_json_are_survived():
    data = (
        b'{"nbformat": NaN, "nbformat_minor": -Infinity, "x": '
        + b"9" * 5000
        + b', "cells": [3, null, "x", [], {},'
        b'{"cell_type": "widget"}, {"cell_type": "code", "source": 7}, {"cell_type": "code"},'
        b'{"cell_type": "code", "source": ["a = 1\\n", 5, "b = 2"], "metadata": []},'
        b'{"cell_type": "code", "source": "s = \'\\ud800\\u0000\'\\r\\nt = 2", "metadata": {"nbgrader": 3, '
        b'"tags": {}}, "id": {}},'
        b'{"cell_type": "code", "source": "", "metadata": {"nbgrader": {"grade_id": ["x"]}}}]}'
    )
    read_ = read_notebook(data)
    assert [cell.source for cell in read_.cells] == ["", "", "a = 1\nb = 2", "s = '?'\nt = 2", ""]
    assert all(cell.grade_id is None for cell in read_.cells)
    assert len(read_.notes) == 9


# ---- surgery on the notebook -----------------------------------------------------------------------------


def test_points_and_tests_of_the_student_are_ignored():
    content = answered()
    test = cell_of(content, "output_delta")
    test["source"] = "print('full marks')\n100.0"
    test["metadata"]["nbgrader"]["points"] = 10_000
    submission = read(content)
    assert any("the test cell output_delta had been changed" in note for note in said_of(submission))
    kept = next(cell for cell in submission.notebook if cell.grade_id == "output_delta")
    assert kept == STEP_1.cell("output_delta")
    assert all("full marks" not in cell.source for cell in submission.cells)


def test_given_cells_are_the_released_ones_and_the_students_additions_are_kept():
    content = answered()
    cell_of(content, "setup")["source"] = "import numpy as np\nimport math\nfrom autograder import check"
    cell_of(content, "given")["source"] = "def g(output, z):\n    return 0 * z\n"
    submission = read(content)
    assert [cell.grade_id for cell in submission.cells[:2]] == ["setup", "given"]
    assert submission.cells[1].source == STEP_1.cell("given").source
    assert "math" in run(submission)
    assert "0 * z" not in "".join(cell.source for cell in submission.cells)
    assert len([note for note in said_of(submission) if "read-only cell" in note]) == 2


def test_a_comment_of_another_release_is_no_change():
    content = answered()
    released = STEP_1.cell("setup").source
    code = [line for line in released.split("\n") if line and not line.startswith("#")]
    cell_of(content, "setup")["source"] = "\n".join([*code[:1], "", "", "# other words", *code[1:]])
    assert cell_of(content, "setup")["source"] != released
    submission = read(content)
    assert submission.notes == ()
    assert submission.cells[0].source == STEP_1.cell("setup").source


def test_source_that_would_bring_a_parser_down_is_only_text():
    for source in (
        "-" * 300_000 + "1",
        "x = " + "1+" * 200_000 + "1",
        "lambda:" * 50_000 + "0",
        "def f(\\",
        "\\d = '\\d'",
    ):
        content = answered()
        cell_of(content, "output_delta")["source"] = source + "\nmine = 1"
        content["cells"].append({"cell_type": "code", "source": source, "metadata": {}})
        assert read(content).cells[-1].source == source


def test_a_thousand_oddities_make_forty_remarks():
    content = answered()
    content["cells"] += [None] * 1000
    notes = said_of(read(content))
    assert len(notes) == 41
    assert notes[-1] == "and 960 more remarks"


def test_missing_cells_are_put_back():
    content = answered()
    content["cells"] = [cell_of(content, "output_delta_solution")]
    submission = read(content)
    assert [cell.grade_id for cell in submission.notebook] == [cell.grade_id for cell in STEP_1.cells]
    assert "the test cell output_delta was missing and was put back" in said_of(submission)
    assert "the cell huber_output_delta_solution is missing" in said_of(submission)
    assert [cell.grade_id for cell in submission.cells] == ["setup", "given", "output_delta_solution"]
    assert submission.untouched == {"huber_output_delta"}


def test_a_duplicated_cell_whose_copy_is_untouched():
    content = answered()
    stub = cell_of(loaded(), "output_delta_solution")
    content["cells"].append(stub)  # behind the answer: run in order, it would wipe it out
    submission = read(content)
    assert any("2 times; untouched copies were left out" in note for note in said_of(submission))
    assert [cell.source for cell in submission.cells if cell.grade_id == "output_delta_solution"] == [ANSWER]
    assert len({cell.cell_id for cell in submission.notebook}) == len(submission.notebook)


def test_of_two_written_copies_the_last_counts():
    content = answered()
    second = json.loads(json.dumps(cell_of(content, "output_delta_solution")))
    second["source"] = ANSWER.replace("Mine", "Second")
    content["cells"].append(second)
    submission = read(content)
    assert any("the last one counts" in note for note in said_of(submission))
    assert run(submission)["output_delta"].__doc__ == "Second."
    assert sum(cell.grade_id == "output_delta_solution" for cell in submission.notebook) == 1


def test_a_split_cell_and_helpers_keep_the_students_order():
    content = answered()
    place = content["cells"].index(cell_of(content, "output_delta_solution"))
    content["cells"][place]["source"] = "def y_hat(output, z):\n    return g(output, z)\n"
    content["cells"].insert(place + 1, {"cell_type": "code", "source": ANSWER, "metadata": {}})
    submission = read(content)
    assert [cell.grade_id for cell in submission.cells[2:]] == [
        "output_delta_solution",
        None,
        "huber_output_delta_solution",
    ]
    assert run(submission)["output_delta"].__doc__ == "Mine."
    assert "output_delta" not in submission.untouched


@pytest.mark.parametrize(
    ("change", "untouched"),
    [
        (lambda stub: stub + "\n\n# I did not get this far.\n", True),
        (lambda stub: stub.replace("# YOUR CODE HERE", "# TODO: ask in the tutorial\n\n"), True),
        (lambda stub: stub.replace("    raise", "    # raise what?\n    raise"), True),
        (lambda stub: stub.replace("raise NotImplementedError()", "return None"), False),
        (lambda stub: stub + "\nx = 1\n", False),
        (lambda stub: stub + "\n(", False),
        (lambda stub: stub + "#" * 30_000, False),
    ],
    ids=[
        "a comment below",
        "another comment",
        "a comment inside",
        "a return",
        "more code",
        "no Python",
        "a long one",
    ],
)
def test_a_stub_is_a_stub_whatever_its_comments(change, untouched):
    content = loaded()
    cell = cell_of(content, "output_delta_solution")
    stub = "".join(cell["source"])
    assert "# YOUR CODE HERE" in stub
    assert change(stub) != stub
    cell["source"] = change(stub)
    assert ("output_delta" in read(content).untouched) == untouched


def test_an_answer_above_its_untouched_stub_is_not_wiped_out():
    content = loaded()
    place = content["cells"].index(cell_of(content, "output_delta_solution"))
    content["cells"].insert(place, {"cell_type": "code", "source": ANSWER, "metadata": {}})
    assert run(read(content))["output_delta"].__doc__ == "Mine."


@pytest.mark.parametrize("keep_text", [True, False])
def test_metadata_stripped_by_another_program(keep_text):
    content = answered()
    for cell in content["cells"]:
        cell["metadata"] = {}
        cell.pop("id", None)
    if not keep_text:  # a fresh notebook into which the student copied the code alone
        content["cells"] = [cell for cell in content["cells"] if cell["cell_type"] == "code"][2:]
    submission = read(content)
    assert any("lost its nbgrader metadata" in note for note in said_of(submission))
    assert [cell.grade_id for cell in submission.cells if not cell.given] == [
        "output_delta_solution",
        "huber_output_delta_solution",
    ]
    assert all("check(output" not in cell.source for cell in submission.cells)
    assert run(submission)["output_delta"].__doc__ == "Mine."
    assert [cell.grade_id for cell in submission.notebook if cell.grade_id] == [
        c.grade_id for c in STEP_1.cells
    ]


def test_without_metadata_the_last_definition_is_the_answer():
    content = answered()
    place = content["cells"].index(cell_of(content, "output_delta_solution"))
    first = {"cell_type": "code", "source": "def output_delta(*args): return 0", "metadata": {}}
    content["cells"].insert(place, first)
    for cell in content["cells"]:
        cell["metadata"] = {}
        cell.pop("id", None)
    (answer,) = (cell for cell in read(content).cells if cell.grade_id == "output_delta_solution")
    assert answer.source == ANSWER


def test_a_function_under_another_cells_id_is_found_with_a_note():
    content = answered()
    answer = cell_of(content, "output_delta_solution")
    answer["metadata"]["nbgrader"]["grade_id"] = "mine"
    submission = read(content)
    assert run(submission)["output_delta"].__doc__ == "Mine."
    assert "output_delta" not in submission.untouched


def test_code_that_became_markdown_is_still_code():
    content = answered()
    cell_of(content, "output_delta_solution")["cell_type"] = "markdown"
    submission = read(content)
    assert any("had become markdown" in note for note in said_of(submission))
    assert run(submission)["output_delta"].__doc__ == "Mine."


def test_essays():
    content = loaded("02-nonlinearities")
    assert read(content, ESSAY).untouched >= {"why_same_g"}
    cell_of(content, "why_same_g")["source"] = "Because the target decides."
    assert read(content, ESSAY).essays == {"why_same_g": "Because the target decides."}
    for cell in content["cells"]:
        cell["metadata"] = {}
    stripped = read(content, ESSAY)
    assert stripped.essays == {"why_same_g": "Because the target decides."}
    assert "why_same_g" not in stripped.untouched
    content["cells"] = content["cells"][:3]
    assert read(content, ESSAY).essays == {"why_same_g": ""}


def test_released_notebooks_with_solutions_are_cleared(tmp_path):
    from autograder.authoring.release import write_source_notebooks

    write_source_notebooks(ROOT / "solutions", tmp_path / "source")
    assignment = load_assignment(tmp_path, "05-step-1")
    assert all("SOLUTION" not in cell.source for cell in assignment.cells)
    assert [cell.source for cell in assignment.cells] == [cell.source for cell in STEP_1.cells]
    assert assignment.exercises == STEP_1.exercises
    assert [(e.id, e.points, e.manual, e.bonus) for e in ESSAY.exercises][-1] == ("why_same_g", 4, True, True)
    assert ESSAY.max_score == 16


def test_unknown_and_broken_assignments_say_what_is_known():
    for name in ("99-nothing", "../05-step-1", "", "a/b"):
        with pytest.raises(FileNotFoundError, match="known assignments: 01-forward"):
            load_assignment(None, name)
    with pytest.raises(NotebookError, match="no graded cell"):
        read_assignment("x", b'{"cells": []}')


def test_written_notebooks_hold_nothing_of_the_students_metadata():
    content = answered()
    content["metadata"]["kernelspec"] = {"name": "evil", "display_name": "<script>"}
    content["cells"].append(
        {
            "cell_type": "code",
            "id": "mine",
            "source": "x = 1",
            "metadata": {"evil": 1, "nbgrader": {"grade": True, "points": 9, "grade_id": "bonus_for_me"}},
            "outputs": [{"output_type": "display_data", "data": {"text/html": "<script>alert(1)</script>"}}],
        }
    )
    import nbformat

    written = to_json(read(content).notebook)
    text = one_cell_a_line(written)
    assert json.loads(text) == written
    assert text.count("\n") == len(written["cells"]) + 3
    nbformat.validate(nbformat.from_dict(written))
    text = json.dumps(written)
    assert "script" not in text
    assert "evil" not in text
    assert "bonus_for_me" not in text
