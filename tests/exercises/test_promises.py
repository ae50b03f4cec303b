"""Whatever a statement promises is asked in every version: the statements are read beside the probes."""

import doctest
import re
from pathlib import Path

import numpy as np
import pytest

import backprop as recipe
from autograder import trees
from autograder.exercises import EXERCISES
from autograder.exercises.cases import PublicFunction
from autograder.exercises.expected import expected_of
from tests.support.judged import judged

ROOT = Path(__file__).resolve().parents[2]
STATEMENTS = "\n".join(path.read_text() for path in sorted((ROOT / "solutions").glob("*/*.md")))
VERSIONS = [b"version %d" % i for i in range(4)]
SURE = (0.99, 0.999, 0.9999)


def statement(id):
    """What stands between the exercise's heading and its solution."""
    return STATEMENTS.split(f'"{id}_statement"')[1].split(f'"{id}_solution"')[0]


def code(id):
    """The exercise's solution, with what its notebook gives beside it."""
    path = next(p for p in (ROOT / "solutions").glob("*/*.md") if f'"{id}_solution"' in p.read_text())
    cells = re.findall(r"```\{code-cell\}[^\n]*\n(?::[^\n]*\n)*(.*?)\n```", path.read_text(), re.DOTALL)
    space = {"np": np}
    for cell in cells:
        if not cell.lstrip().startswith("check("):
            exec(cell.replace("from autograder import check", ""), space)
    return space


def printed_calls(id):
    """The arguments of every call that the statement prints."""
    space, calls = code(id), []
    function = space[id]

    def recorded(*args):
        calls.append(args)
        return function(*args)

    for block in re.findall(r"```python\n(.*?)```", statement(id), re.DOTALL):
        test = doctest.DocTestParser().get_doctest(block, space | {id: recorded}, id, None, 0)
        assert doctest.DocTestRunner().run(test, clear_globs=False).failed == 0
    return calls


def equal(printed, asked):
    if callable(printed) and isinstance(asked, PublicFunction):
        points = np.random.default_rng(0).normal(size=(5, *np.shape(next(iter(asked.parameters.values())))))
        return all(np.isclose(printed(point), asked(point)) for point in points)
    if isinstance(printed, dict):
        return isinstance(asked, dict) and all(equal(v, asked.get(k)) for k, v in printed.items())
    if isinstance(printed, np.ndarray):
        return (
            isinstance(asked, np.ndarray) and printed.dtype == asked.dtype and np.array_equal(printed, asked)
        )
    return not isinstance(asked, (np.ndarray, PublicFunction)) and printed == asked


def same_call(printed, case):
    try:
        return all(equal(a, b) for a, b in zip(printed, case.args, strict=True))
    except ValueError:  # the function takes arrays of another shape
        return False


@pytest.mark.parametrize("id", EXERCISES)
def test_the_example_that_a_statement_prints_is_asked(id):
    calls = printed_calls(id)
    assert calls
    for seed in VERSIONS:
        counted = [case for case in EXERCISES[id].probes(seed) if not case.advisory]
        for call in calls:
            assert any(same_call(call, case) for case in counted), (id, call)


def whole_in_every_array(case):
    arrays = [a for a in trees.leaves(case.args) if isinstance(a, np.ndarray)]
    return bool(arrays) and all(a.dtype.kind == "i" for a in arrays)


@pytest.mark.parametrize(
    "id", [id for id in EXERCISES if "integers" in statement(id).split("What the graded check covers")[1]]
)
def test_whole_numbers_are_asked_in_every_argument_at_once_and_their_answer_is_a_fraction(id):
    for seed in VERSIONS:
        cases = [c for c in EXERCISES[id].probes(seed) if whole_in_every_array(c) and not c.advisory]
        answers = [expected_of(EXERCISES[id].target(case).template) for case in cases]
        assert any(
            all(bool(np.any(array != np.rint(array))) for array in trees.leaves(answer)) for answer in answers
        )


def test_some_statements_promise_whole_numbers_and_any_shape():
    assert "integers" in statement("layer_gradients")
    assert "integers" in statement("sigmoid")
    assert "any shape" in statement("sigmoid")


def test_sigmoid_is_asked_for_one_two_and_three_dimensions():
    for seed in VERSIONS:
        assert {case.args[0].ndim for case in EXERCISES["sigmoid"].probes(seed)} == {1, 2, 3}


@pytest.mark.parametrize("id", ["sigmoid", "softmax", "g_prime", "loss"])
def test_where_extremes_are_promised_z_runs_to_1000_on_both_sides(id):
    assert "1000" in statement(id)
    for seed in VERSIONS:
        branches = {}
        for case in EXERCISES[id].probes(seed):
            if "extreme" in case.tags and not case.advisory:
                z = next(a for a in case.args if isinstance(a, np.ndarray))
                branches.setdefault(tuple(EXERCISES[id].branches(case).values()), []).append(z.ravel())
        for name, zs in branches.items():
            assert (np.min(np.concatenate(zs)), np.max(np.concatenate(zs))) == (-1000, 1000), name


@pytest.mark.parametrize("id", ["sigmoid", "g_prime"])
def test_z_is_asked_beyond_every_usual_cut_and_at_0(id):
    for seed in VERSIONS:
        z = np.concatenate(
            [next(a for a in c.args if isinstance(a, np.ndarray)).ravel() for c in EXERCISES[id].probes(seed)]
        )
        assert (z == 0).any()
        for cut in (5, 6, 8, 10, 15, 16, 18, 20, 25, 30, 36, 40, 50, 88, 100, 500, 700, 709):
            assert ((z > cut) & (z < 1.3 * cut)).any(), cut
            assert ((z < -cut) & (z > -1.3 * cut)).any(), cut


def test_huber_residuals_lie_exactly_at_kappa_on_both_sides():
    assert r"|r_j| \le \kappa" in statement("huber_output_delta")
    for seed in VERSIONS:
        found = {
            sign
            for case in EXERCISES["huber_output_delta"].probes(seed)
            for sign in (-1, 1)
            if np.any(case.args[0] - case.args[1] == sign * case.args[2])
        }
        assert found == {-1, 1}


def test_a_z_that_is_exactly_0_is_asked_with_every_step():
    for seed in VERSIONS:
        # The cubes, which count to a loss's part, ask for the error of order h².
        cases = [case for case in EXERCISES["numerical_delta"].probes(seed) if case.args[0].name != "cubic"]
        for part, h in {(case.part, case.args[2]) for case in cases}:
            assert any((c.args[1] == 0).any() for c in cases if (c.part, c.args[2]) == (part, h))


def test_a_slope_of_0_carries_rounding_and_no_more_than_the_statement_allows():
    assert r"\varepsilon |f| / h" in statement("gradient_check")
    for seed in VERSIONS:
        seen = []
        for case in EXERCISES["gradient_check"].probes(seed):
            f, theta, grad, h = case.args
            if "accept" in case.tags and (grad == 0).any():
                slope = np.abs(recipe.central_difference(f, theta, h))[grad == 0]
                seen.append(float(np.max(slope)))
                assert seen[-1] <= np.finfo(float).eps * max(abs(f(theta)), abs(f(theta + h))) / h
        assert max(seen) > 1e-10  # an error (9.3) of 0.01


def predictions(id, seed, output):
    """All of y_hat in the probes with this output."""
    found = []
    for case in EXERCISES[id].probes(seed):
        given = EXERCISES[id].given(case)
        if given["output"] == output and "extreme" not in case.tags:
            z = given["z"] if "z" in given else given["Z"][max(given["Z"])]
            found.append(recipe.g(output, z.astype(float)).ravel())
    return np.concatenate(found)


@pytest.mark.parametrize("output", ["sigmoid", "softmax"])
@pytest.mark.parametrize("id", ["output_delta", "all_deltas", "backprop", "l2_backprop"])
def test_predictions_beyond_each_clip_stand_in_every_version(id, output):
    for seed in VERSIONS:
        yhat = predictions(id, seed, output)
        for limit in SURE:
            # Of three classes two may share the rest.
            assert (yhat > limit).any() or output == "softmax"
            assert (yhat < 1 - limit).any()
        # Published code clips at 1e-7, and is right.
        assert np.min(yhat[yhat < 1]) > 1e-7


@pytest.mark.parametrize("clip", [1e-2, 1e-3, 1e-4, 1e-5, 1e-7])
def test_a_clipped_prediction_earns_the_same_with_every_seed(clip):
    def all_deltas(W, Z, A, Y, hidden, output):
        last = A[max(W)] if output == "identity" else np.clip(A[max(W)], clip, 1 - clip)
        delta = {max(W): last - Y}
        for l in range(max(W) - 1, 0, -1):
            delta[l] = recipe.hidden_delta(W[l + 1], delta[l + 1], Z[l], hidden)
        return delta

    verdicts = [judged("all_deltas", all_deltas, seed) for seed in VERSIONS]
    assert len({(v.fraction, v.codes, v.pattern) for v in verdicts}) == 1
    assert (verdicts[0].fraction < 1) == (clip >= 1e-4)
