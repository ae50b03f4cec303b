import re

import numpy as np
import pytest
from bs4 import BeautifulSoup

from backprop import (
    accuracy,
    backprop,
    batches,
    central_difference,
    forward,
    g_prime,
    hidden_delta,
    initialise,
    loss,
    step,
    train,
)
from backprop.digits import load_digits, one_hot
from tests.support.built_book import HTML, build


def test_one_step_by_hand():
    W, b = {1: np.array([[1.0]])}, {1: np.array([[0.0]])}
    new_W, new_b = step(W, b, np.array([[2.0]]), np.array([[1.0]]), "tanh", "identity", rate=0.5)
    assert new_W[1].tolist() == [[0.0]]  # z = 2, delta = 1, dW = 2
    assert new_b[1].tolist() == [[-0.5]]
    assert W[1].tolist() == [[1.0]]


def test_batches_hold_every_example_once():
    parts = list(batches(10, 4, np.random.default_rng(0)))
    assert [len(p) for p in parts] == [5, 5]
    assert sorted(np.concatenate(parts)) == list(range(10))


@pytest.mark.parametrize(
    ("m", "size"), [(1347, 32), (1078, 32), (64, 32), (63, 32), (5, 32), (1, 1), (10, 3)]
)
def test_no_batch_is_smaller_than_asked_where_there_are_so_many(m, size):
    """A rest of a few examples takes as long a step as the others, with many times their noise."""
    sizes = [len(part) for part in batches(m, size, np.random.default_rng(0))]
    assert sum(sizes) == m
    assert max(sizes) - min(sizes) <= 1
    assert min(m, size) <= min(sizes) < 2 * size


def test_two_moons_of_xor_are_learnt():
    rng = np.random.default_rng(0)
    X = np.array([[0.0, 0, 1, 1], [0, 1, 0, 1]])
    Y = np.array([[1.0, 0, 0, 1], [0, 1, 1, 0]])
    W, b = initialise((2, 8, 2), rng)
    W, b, history = train(W, b, X, Y, "tanh", "softmax", rate=0.5, epochs=300, size=4, rng=rng)
    assert accuracy(W, b, X, Y, "tanh", "softmax") == 1
    assert history[-1] < 0.05 < history[0]


def page_text(name):
    code, log = build()
    assert code == 0, log[-4000:]
    return BeautifulSoup((HTML / f"{name}.html").read_text(), "html.parser").get_text()


def test_chapter_9_says_what_its_cells_print():
    text = page_text("09-gradient-checking")
    right, *bugs = (
        [float(number) for number in match]
        for match in re.findall(r"(\d\.?\d*e[+-]\d+), (\d\.?\d*e[+-]\d+)\n", text)
    )
    assert len(bugs) == 4
    assert all(max(bug) > 1e8 * max(right) for bug in bugs)  # "more than a hundred million times"
    near = re.findall(r"estimated error (\d\S+), true error (\d\S+)", text)
    factors = [float(true) / float(estimate) for estimate, true in near]
    assert factors[0] < 1 < 8 < factors[1] < 100 < factors[2]  # "nine times", "more than a hundred times"
    missed = re.search(r"errors below 1e-3: (\d+)% of the directions, (\d+)% for the worst bias", text)
    assert 3 <= int(missed[1]) <= 9  # "several of a hundred directions"
    assert int(missed[2]) >= 2 * int(missed[1])  # "many more"
    angles = [int(angle) for angle in re.findall(r"(\d+) degrees", text)]
    assert len(angles) == 4
    assert max(angles) < 75  # "well below 90"


def test_chapter_10_reaches_what_it_says():
    text = page_text("10-training")
    one_run = float(re.search(r"training accuracy [\d.]+, test accuracy (0\.\d+)\n", text)[1])
    linear, hidden = (
        float(re.search(rf"{name}\s+mean (0\.\d+)", text)[1]) for name in ("one layer", "hidden layer")
    )
    assert one_run >= 0.97
    assert hidden >= 0.975
    assert 0.955 <= linear < hidden - 0.005
    assert float(re.search(r"nearest mean image\s+(0\.\d+)", text)[1]) > 0.88
    pairs = re.findall(r"split \d: (\S+) and (\S+); in the table (\S+) and (\S+)", text)
    assert len(pairs) == 5
    here, listed = np.array(pairs, float)[:, :2], np.array(pairs, float)[:, 2:]
    np.testing.assert_allclose(here, listed, atol=0.01)  # another BLAS rounds otherwise
    counts = np.array(re.findall(r"^accuracy (0\.\d+)$", text, re.MULTILINE), float)
    np.testing.assert_allclose(counts[0], here[:, 1].mean(), atol=1e-3)  # the matrix counts the same images


def test_chapter_10_chooses_as_it_says():
    text = page_text("10-training")
    start, small = (
        float(re.search(rf"{words} (\d\.\d+)", text)[1]) for words in ("loss at the start", r"divided by ten")
    )
    assert abs(start - 2.650) < 0.002
    assert abs(small - np.log(10)) < 0.02
    [rates, accuracies] = (
        [float(number) for number in re.search(rf"^{name} +([\d. ]+)$", text, re.MULTILINE)[1].split()]
        for name in ("rate", "accuracy")
    )
    plateau = [a for rate, a in zip(rates, accuracies, strict=True) if 0.1 <= rate <= 1]
    assert max(plateau) - min(plateau) < 0.013  # less than one standard deviation
    assert accuracies[-1] < 0.2
    losses = {
        name: [float(number) for number in re.search(rf"{name} +loss +([\d. ]+)\n", text)[1].split()]
        for name in ("one layer", "hidden layer")
    }
    *_, after_40, after_80 = losses["hidden layer"]
    assert after_40 < 1.02 * after_80  # it has reached its floor
    assert losses["one layer"][-1] < 0.95 * losses["one layer"][-2]  # it still creeps down
    spikes = re.search(r"32 at a time: before \[([^\]]+)\] after \[([^\]]+)\]", text)
    before, after = (np.array(numbers.split(), float) for numbers in spikes.groups())
    assert (after / before)[2] > 10  # the picture's words: from 0.1 to about 4 in the third epoch
    assert 2 < after[2] < 6


def test_chapter_11_says_what_its_cells_print():
    text = page_text("11-deep")
    blocks = re.findall(
        r"(\w+), s = ([\d.]+)\n"
        r" +spread[^\d]+([^\n]+)\n +root mean square of δ ([^\n]+)\n +length of ∇W ([^\n]+)\n",
        text,
    )
    rows = {
        (hidden, scale): [[float(number) for number in row.split()] for row in three]
        for hidden, scale, *three in blocks
    }
    assert len(rows) == 6
    for net, (spread, delta, dW) in rows.items():
        fall, back = spread[0] / spread[4], delta[4] / delta[0]
        if net in (("tanh", "1.00"), ("relu", "1.41")):
            assert fall <= 2.1  # "both rows stay nearly level"
            assert back <= 2.1
        else:
            assert fall > 4  # "in the others both of them fall on their way"
            assert back > 4
        if net in (("tanh", "0.50"), ("relu", "0.50")):
            assert max(dW) / min(dW) < 2.5  # "all six layers get the same small gradient"
    dW = rows["sigmoid", "1.00"][2]
    assert 300 < dW[5] / dW[0] < 1500  # "several hundred times smaller"
    assert dW == sorted(dW)  # "for sigmoid they do"
    chain = [float(ratio) for ratio in re.findall(r"delta\[1\] / delta\[4\] = ([\d.]+)", text)]
    assert chain[0] == 1  # w = 4 mends it where every z is 0, and nowhere else
    assert chain == sorted(chain, reverse=True)
    assert chain[-1] < 0.3
    for hidden, place in (("tanh", 1.44), ("relu", 1.44)):
        found = float(re.search(rf"{hidden} +depth 20: nothing is lost at scale ([\d.]+)", text)[1])
        assert abs(found - place) < 0.08
    largest = re.search(r"sigmoid +depth 20: nothing is lost at no scale +largest ratio (\S+)", text)
    assert float(largest[1]) < 0.02  # "in twenty layers it loses most of δ at every scale up to 6"
    beyond = re.findall(r"scale +(\d+): size of delta\[1\] (\S+), units nearly stuck (\d+)%", text)
    sizes, stuck = ({int(row[0]): float(row[i]) for row in beyond} for i in (1, 2))
    assert sorted(sizes) == [3, 6, 9, 12]
    assert sizes[6] < 0.02 < sizes[9] < 0.4 < sizes[12] < 3  # "Near 12 it does"
    assert 60 < stuck[12] < 73  # "two units out of three"


def test_sigmoid_keeps_delta_alive_only_where_most_of_its_units_are_stuck():
    """Chapter 11, beyond its map: on networks that it has not drawn, the balance lies between 9 and 16."""
    found = {}
    for scale in (6, 9, 16):
        logs, stuck = [], []
        for seed in range(3000, 3020):
            rng = np.random.default_rng(seed)
            W, b = initialise([64] * 21, rng, scale)
            Z, _ = forward(W, b, rng.normal(size=(64, 1)), "sigmoid", "identity")
            delta = np.ones((64, 1)) / 8
            for l in range(19, 0, -1):
                delta = hidden_delta(W[l + 1], delta, Z[l], "sigmoid")
                stuck.append(np.mean(g_prime("sigmoid", Z[l]) < 0.025))
            logs.append(np.log(np.linalg.norm(delta)))
        found[scale] = np.exp(np.mean(logs)), np.mean(stuck)
    assert found[6][0] < 0.02
    assert found[9][0] < 0.5 < 2 < found[16][0]
    assert found[16][1] > 0.65


@pytest.mark.parametrize(
    ("hidden", "scale"),
    [("sigmoid", 1), ("sigmoid", 4), ("tanh", 0.5), ("tanh", 1), ("relu", 0.5), ("relu", 2**0.5)],
)
def test_a_gradient_check_passes_on_every_network_of_chapter_11(hidden, scale):
    """Also where hardly anything is left of the gradient: it is right and useless."""
    rng = np.random.default_rng(2)
    W, b = initialise((8, 6, 6, 6, 6, 6, 4), rng, scale)
    X, Y = rng.normal(size=(8, 5)), np.eye(4)[:, rng.integers(0, 4, 5)]
    dW, _ = backprop(W, *forward(W, b, X, hidden, "softmax"), Y, hidden, "softmax")
    for l in W:

        def J(w, l=l):
            return loss("softmax", forward({**W, l: w}, b, X, hidden, "softmax")[0][6], Y)

        # h is large: the smaller the gradient, the more rounding would own a smaller step
        measured = central_difference(J, W[l], 1e-4)
        assert np.max(np.abs(measured - dW[l])) <= 1e-4 * np.max(np.abs(dW[l]))


def test_ten_steps_make_up_for_a_start_that_is_too_sure():
    """Chapter 10 leaves its last layer as large as it was drawn; on these seeds it costs nothing."""
    X, classes = load_digits()
    Y = one_hot(classes, 10)
    for seed in range(100, 120):
        rng = np.random.default_rng(seed)
        W, b = initialise([64, 128, 10], rng, scale=np.sqrt(2))
        for columns in list(batches(X.shape[1], 32, rng))[:10]:
            W, b = step(W, b, X[:, columns], Y[:, columns], "relu", "softmax", 0.5)
        assert loss("softmax", forward(W, b, X, "relu", "softmax")[0][2], Y) < np.log(10)
