import re
import runpy
from pathlib import Path

import numpy as np
from bs4 import BeautifulSoup

from backprop import accuracy, batches, initialise, step, train
from tests.support.built_book import HTML, build

ROOT = Path(__file__).resolve().parents[2]


def test_one_step_by_hand():
    W, b = {1: np.array([[1.0]])}, {1: np.array([[0.0]])}
    new_W, new_b = step(W, b, np.array([[2.0]]), np.array([[1.0]]), "tanh", "identity", rate=0.5)
    assert new_W[1].tolist() == [[0.0]]  # z = 2, delta = 1, dW = 2
    assert new_b[1].tolist() == [[-0.5]]
    assert W[1].tolist() == [[1.0]]


def test_batches_hold_every_example_once():
    parts = list(batches(10, 4, np.random.default_rng(0)))
    assert [len(p) for p in parts] == [4, 4, 2]
    assert sorted(np.concatenate(parts)) == list(range(10))


def test_two_moons_of_xor_are_learnt():
    rng = np.random.default_rng(0)
    X = np.array([[0.0, 0, 1, 1], [0, 1, 0, 1]])
    Y = np.array([[1.0, 0, 0, 1], [0, 1, 1, 0]])
    W, b = initialise((2, 8, 2), rng)
    W, b, history = train(W, b, X, Y, "tanh", "softmax", rate=0.5, epochs=300, size=4, rng=rng)
    assert accuracy(W, b, X, Y, "tanh", "softmax") == 1
    assert history[-1] < 0.05 < history[0]


def test_the_table_of_chapter_9_is_what_the_script_measures():
    rows = (ROOT / "backprop" / "data" / "bug_still_learns.csv").read_text().splitlines()[1:]
    table = {tuple(row.rsplit(",", 4)[:2]): [float(v) for v in row.rsplit(",", 4)[2:]] for row in rows}
    script = runpy.run_path(str(ROOT / "benchmarks" / "bug_still_learns.py"))
    assert len(table) == 5 * len(script["VARIANTS"])
    accuracy, before, after = script["measure"]("an extra g' at the output", 1)
    written = table["an extra g' at the output", "1"]
    np.testing.assert_allclose([before, after], written[1:], atol=2e-3)  # another BLAS rounds otherwise
    assert abs(accuracy - written[0]) <= 0.01


def test_chapter_10_reaches_what_it_says():
    code, log = build()
    assert code == 0, log[-4000:]
    text = BeautifulSoup((HTML / "10-training.html").read_text(), "html.parser").get_text()
    one_run = float(re.search(r"training accuracy [\d.]+, test accuracy (0\.\d+)\n", text)[1])
    linear, hidden = (
        float(re.search(rf"{name}\s+\[.*\] mean (0\.\d+)", text)[1]) for name in ("one layer", "hidden layer")
    )
    assert one_run >= 0.97
    assert hidden >= 0.975  # "0.98 over five splits"
    assert 0.955 <= linear < hidden - 0.005  # "0.97 for one layer"
    assert float(re.search(r"nearest mean image\s+(0\.\d+)", text)[1]) > 0.88
    counts = np.array(re.findall(r"^accuracy (0\.\d+)$", text, re.MULTILINE), float)
    np.testing.assert_allclose(counts[0], hidden, atol=1e-3)  # the confusion matrix counts the same images
