import numpy as np
import pytest

from autograder.exercises.networks import LOUD, MARGIN, output_name
from autograder.exercises.probe_networks import suite
from backprop import HIDDEN, OUTPUTS, backprop, forward, g

SEEDS = [b"public", *(b"net %d" % i for i in range(12))]


@pytest.mark.parametrize("seed", SEEDS)
def test_relu_keeps_off_its_kink_but_where_it_is_meant_to_sit_there(seed):
    for net in suite(seed):
        if net.hidden != "relu":
            continue
        zeros = 0
        for l in range(1, net.N):
            terms = np.abs(net.W[l]) @ np.abs(net.A[l - 1]) + np.abs(net.b[l])
            close = np.abs(net.Z[l]) <= (MARGIN * terms if not {"poisoned", "exact"} & net.tags else 0)
            zeros += int(close.sum())
        assert zeros == (1 if net.kink else 0), net.name


@pytest.mark.parametrize("seed", SEEDS[:4])
def test_caches_agree_layer_by_layer(seed):
    for net in suite(seed):
        for l in net.Z:
            assert np.array_equal(net.A[l], g(output_name(net, l), net.Z[l])), net.name
        if "poisoned" not in net.tags:
            Z, _ = forward(net.W, net.b, net.X, net.hidden, net.output)
            assert all(np.array_equal(Z[l], net.Z[l]) for l in Z), net.name


def test_poisoned_caches_have_no_forward_pass_behind_them():
    for net in suite(b"public"):
        if "poisoned" in net.tags:
            Z, _ = forward(net.W, net.b, net.X, net.hidden, net.output)
            assert all(np.abs(Z[l] - net.Z[l]).max() > 0.1 for l in Z), net.name


def test_integer_nets_are_exact_in_float32():
    for seed in SEEDS:
        for net in suite(seed):
            if "exact" not in net.tags:
                continue
            single = [{l: np.float32(v) for l, v in d.items()} for d in (net.W, net.Z, net.A)]
            narrow = backprop(*single, np.float32(net.Y), net.hidden, net.output)
            wide = backprop(net.W, net.Z, net.A, net.Y, net.hidden, net.output)
            for a, b in zip(narrow, wide, strict=True):
                assert all(np.array_equal(a[l].astype(float), b[l]) for l in b), net.name


def test_the_suite_covers_what_tells_mistakes_apart():
    nets = suite(b"public")
    assert {(n.hidden, n.output) for n in nets if n.N == 4} == {(h, o) for h in HIDDEN for o in OUTPUTS}
    assert any(n.m == 1 for n in nets)
    assert any(n.N == 1 for n in nets)
    assert any(n.Y.shape[0] == 1 for n in nets)
    assert any("square" in n.tags and n.m == 4 for n in nets)
    assert any(n.Y.dtype == np.int64 for n in nets)
    assert any(n.W[1].dtype == np.float32 for n in nets)
    assert any(not n.X.any() for n in nets)


def test_the_seed_decides_everything():
    suite.cache_clear()
    first = suite(b"one")
    suite.cache_clear()
    again, other = suite(b"one"), suite(b"two")
    assert all(
        np.array_equal(a.X, b.X) and np.array_equal(a.W[1], b.W[1]) for a, b in zip(first, again, strict=True)
    )
    assert not np.array_equal(first[0].W[1], other[0].W[1])


def test_the_change_at_a_kink_is_what_another_slope_gives():
    for net in suite(b"public"):
        if net.kink is None:
            continue
        layer, unit, example = net.kink
        Z = {l: z.copy() for l, z in net.Z.items()}
        Z[layer][unit, example] = 1e-9  # on the other side the slope is 1
        dW, db = backprop(net.W, Z, net.A, net.Y, net.hidden, net.output)
        for l in dW:
            assert np.allclose(net.gradients[l][0] + net.gradient_kink[l][0], dW[l], rtol=1e-14)
            assert np.allclose(net.gradients[l][1] + net.gradient_kink[l][1], db[l], rtol=1e-14)


def reaches(array, low):
    return array.max() > low and array.min() < -low


@pytest.mark.parametrize("seed", range(20))
def test_in_every_version_each_array_of_a_gradient_is_beyond_every_usual_clip_on_both_sides(seed):
    nets = [net for net in suite(b"%d" % seed) if "large caches" in net.name]
    assert [net.output for net in nets] == list(OUTPUTS)
    for net in nets:
        for l, (dW, db) in net.gradients.items():
            within_1 = l == net.N and net.output != "identity"
            assert reaches(dW, LOUD)
            assert all(reaches(array, 0.9 if within_1 else LOUD) for array in (db, net.delta[l]))


@pytest.mark.parametrize("seed", range(20))
def test_in_every_version_some_softmax_prefers_no_class_and_some_relu_is_never_on(seed):
    nets = suite(b"%d" % seed)
    assert any(n.output == "softmax" and len(n.Y) > 2 and n.A[n.N].max() < 0.5 for n in nets)
    dead = next(n for n in nets if "never on" in n.name)
    blamed = dead.W[2].T @ dead.delta[2]
    assert not dead.gradients[1][0][-1].any()
    assert np.abs(blamed[-1]).max() > 10 * np.abs(dead.delta[1]).max()
