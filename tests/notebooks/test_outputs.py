import json
import time

import pytest

from autograder.notebooks.notebook import MAX_WITHOUT_OUTPUTS, NotebookError, read_notebook
from autograder.notebooks.outputs import without_outputs
from tests.support.submissions import loaded


def with_outputs(*outputs):
    content = loaded()
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = list(outputs)
    return content


PICTURE = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "A" * 6_000_000}}
PLOTLY = {"output_type": "display_data", "metadata": {}, "data": {"x": [[[], {}]] * 60_000}}


@pytest.mark.parametrize("output", [PICTURE, PLOTLY], ids=["pictures", "many parts"])
def test_what_cells_have_put_out_is_not_counted(output):
    content = with_outputs(output)
    data = json.dumps(content).encode()
    assert len(data) > MAX_WITHOUT_OUTPUTS or data.count(b"[") > 250_000
    assert read_notebook(data) == read_notebook(json.dumps(loaded()).encode())


def test_three_thousand_cells_are_read():
    content = loaded()
    content["cells"] += [{"cell_type": "code", "source": "1", "metadata": {}}] * 3000
    assert len(read_notebook(json.dumps(content).encode()).cells) == len(loaded()["cells"]) + 3000


@pytest.mark.parametrize(
    "text",
    [
        '{"outputs": ["]", "\\"", {"a": "\\\\"}], "b": 1}',
        '{"a": "\\"outputs\\": [", "outputs":[[1], {"outputs": [2]}]}',
        '{"outputs" : []}',
        '{"outputs": 3}',
        '{"outputs": [',
        '{"outputs": ["',
    ],
)
def test_only_outputs_are_left_out(text):
    short = without_outputs(text)
    try:
        expected = json.loads(text)
    except ValueError:
        assert short == text
        return
    if isinstance(expected.get("outputs"), list):
        expected["outputs"] = []
    assert json.loads(short) == expected


def test_a_file_of_brackets_is_refused_soon():
    began = time.process_time()
    with pytest.raises(NotebookError, match="too large"):
        read_notebook(b'{"outputs": [' + b"[" * (30 << 20))
    assert time.process_time() - began < 20
