"""Notebooks cut and sewn together: each changes a submission whose hidden_delta returns zeros."""

import copy


def _cell(content, grade_id):
    return next(c for c in content["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


def _points(content):
    _cell(content, "hidden_delta")["metadata"]["nbgrader"]["points"] = 1000


def _own_test(content):
    _cell(content, "hidden_delta")["source"] = "assert True\n14"


def _no_test(content):
    content["cells"].remove(_cell(content, "hidden_delta"))


def _no_tests(content):
    content["cells"] = [c for c in content["cells"] if not c["metadata"].get("nbgrader", {}).get("grade")]


def _twice(content):
    content["cells"] += [copy.deepcopy(_cell(content, "residual_delta")) for _ in range(3)]


def _swapped(content):
    a, b = _cell(content, "hidden_delta"), _cell(content, "residual_delta")
    a["metadata"]["nbgrader"]["grade_id"], b["metadata"]["nbgrader"]["grade_id"] = (
        "residual_delta",
        "hidden_delta",
    )


def _manual(content):
    _cell(content, "hidden_delta")["metadata"]["nbgrader"].update(
        cell_type="markdown", solution=True, grade=True
    )


def _outputs(content):
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [
                {
                    "output_type": "execute_result",
                    "execution_count": 1,
                    "metadata": {"score": 14},
                    "data": {"text/plain": "14", "text/html": "<script>alert(1)</script>"},
                }
            ]


def _metadata(content):
    content["metadata"].update(
        kernelspec={"name": "evil", "display_name": "<script>", "language": "bash"}, score=26, max_score=26
    )


def _extra(content):
    cell = copy.deepcopy(_cell(content, "hidden_delta"))
    cell["metadata"]["nbgrader"].update(grade_id="free_points", points=100)
    content["cells"].append(cell)


def _negative(content):
    for cell in content["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            cell["metadata"]["nbgrader"]["points"] = float("-inf")


SURGERY = {
    "a thousand points": _points,
    "a test of one's own": _own_test,
    "no test": _no_test,
    "no tests at all": _no_tests,
    "a test three times": _twice,
    "two tests exchanged": _swapped,
    "graded by hand, please": _manual,
    "outputs of a full score": _outputs,
    "a kernel and a score in the metadata": _metadata,
    "an exercise of one's own": _extra,
    "points without number": _negative,
}
