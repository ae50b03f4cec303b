"""Chapter 3: loss."""

import numpy as np

from autograder.exercises import oracles
from autograder.exercises.cases import Case
from autograder.exercises.chapters.helps import HELPS
from autograder.exercises.exercise import Argument, Exercise, Oracle, Result
from autograder.exercises.expected import ExpectedArray, Target
from autograder.exercises.networks import OUTPUT_NAME, OUTPUTS_K, TARGETS, targets
from autograder.exercises.number_sizes import LARGE_Z, ORDINARY_Z
from autograder.exercises.versions import generator
from autograder.trees import Array
from backprop import OUTPUTS, log_sum_exp, loss, sigmoid, softmax

# Each output's parts of the credit.


def loss_cases(seed: bytes) -> list[Case]:
    """Each output on ordinary logits, and, apart, on logits where log(softmax(z)) has lost its digits."""
    rng = generator(seed, "loss")
    cases = []
    for output in OUTPUTS:
        for i, (k, m) in enumerate(((4, 7), (4, 7), (3, 3), (2, 1), (5, 2), (1, 6), (1, 1), (13, 17))):
            z, Y = rng.normal(size=(k, m)) * 1.5, targets(rng, output, k, m, soft=i % 2 == 1)
            tags = frozenset({"large"} if k > 8 else ())
            cases.append(Case(f"{output}, z of shape {k, m}", (output, z, Y), output, tags))
        z = rng.uniform(2, 5 if output == "softmax" else 9, (3, 6)) * rng.choice([-1, 1], (3, 6))
        Y = targets(rng, output, 3, 6)
        # Wrong, and sure of it
        z[:, 0], Y[:, 0] = (4.9, -4.9, -8 if output == "sigmoid" else -2), (0, 1, 0)
        cases.append(Case(f"{output}, confident units", (output, z, Y), output))
        Y = np.rint(targets(rng, output, 3, 5)).astype(np.int64)
        for say, of_z in (("Y", rng.normal(size=(3, 5))), ("z and Y", rng.integers(-3, 4, (3, 5)))):
            cases.append(
                Case(f"{output}, {say} of integers", (output, of_z, Y), output, frozenset({"integer"}))
            )
        z, Y = rng.uniform(7, 9, (3, 4)), targets(rng, output, 3, 4)
        z = Y + z * 1e-6 if output == "identity" else np.where(Y > 0, z, -z)
        cases.append(Case(f"{output}, a loss of almost 0", (output, z, Y), output))
        z, Y = rng.normal(size=(3, 5)).astype(np.float32), targets(rng, output, 3, 5).astype(np.float32)
        cases.append(Case(f"{output}, float32", (output, z, Y), output, frozenset({"single"})))
        cases.append(Case(f"{output}, z = 0", (output, np.zeros((3, 4)), targets(rng, output, 3, 4)), output))
        if output == "identity":
            whole = rng.integers(-9, 10, (2, 3, 8)).astype(float)
            for power in (0, -20, 10):
                z, Y = whole * 2.0**power
                cases.append(Case(f"integers times 2^{power}", (output, z, Y), output, frozenset({"exact"})))
        # At 34.5 a probability is about 1e-15: there a sum with 1 keeps one digit of it.
        for size in (34.5, 50.0, 120.0, 1000.0):
            z = size * rng.choice([-1.0, -0.5, 0.6, 1.0], (3, 6))
            z[:, 0] = (size, -size, 0.0)
            # One shift for all columns, or by another than the largest, overflows or leaves log(0) here:
            z[:, 1], z[:, 2] = (size, 0.6 * size, size), (-size, -0.6 * size, -size)
            Y = targets(rng, output, 3, 6)
            # Confidently wrong: the loss is large, log(0) is not
            Y[:, 0] = (0, 1, 0)
            cases.append(
                Case(
                    f"{output}, |z| up to {size:g}",
                    (output, z, Y),
                    f"{output}, large |z|",
                    frozenset({"extreme"}),
                )
            )
        if output == "softmax":
            # No probability is near 0 or 1 here: only an exp of the logits themselves overflows.
            z = np.array([[999.0, -999.0, 998.5], [1000.0, -998.0, 999.0], [999.5, -1000.0, 1000.0]])
            args = (output, z, np.eye(3)[[1, 0, 2]])
            tags = frozenset({"extreme"})
            cases.append(Case(f"{output}, logits near 1000", args, f"{output}, large |z|", tags))
    return cases + _examples()


def _examples() -> list[Case]:
    """The calls that the statement prints: whole numbers, two of them at |z| = 1000."""
    calls = (
        ("identity", [[3, 0], [4, 2]], [[0, 0], [0, 1]]),
        ("sigmoid", [[1000]], [[0]]),
        ("softmax", [[0], [-1000]], [[0], [1]]),
    )
    cases = []
    for output, z, Y in calls:
        tags = {"integer"} | ({"exact"} if output == "identity" else {"extreme"})
        part = output if output == "identity" else f"{output}, large |z|"
        args = (output, np.array(z), np.array(Y))
        cases.append(Case(f"{output}, the statement's example", args, part, frozenset(tags)))
    return cases


def _terms(output: str, z: Array, Y: Array) -> Array:
    """Units of error an example: absolute values of what is summed, with the error of each exp and log."""
    if output == "identity":
        return np.asarray(np.sum((np.abs(z) + np.abs(Y)) ** 2 * 2 + (z - Y) ** 2, axis=0))
    if output == "sigmoid":
        return np.asarray(np.sum(2 * np.abs(z) * (1 + np.abs(Y)) + 4, axis=0))
    return np.asarray(np.sum(np.abs(Y) * (2 * np.abs(z) + 2 * np.abs(log_sum_exp(z)) + 4), axis=0))


def loss_target(case: Case) -> Target:
    output, z, Y = case.args[0], case.args[1].astype(np.float64), case.args[2].astype(np.float64)
    k, m = z.shape
    units = np.mean(_terms(output, z, Y)) * (k + m + 4) / 4
    epsilons = {}
    if output != "identity" and "extreme" not in case.tags:
        # log(y_hat) and log(1 - y_hat) straight from the probabilities: right while they have digits to lose.
        a = sigmoid(z) if output == "sigmoid" else softmax(z)
        # softmax's y_hat = 1 has log slope 1 as well; its rounding is relative to 1/y_hat.
        each = Y / a + ((1 - Y) / sigmoid(-z) if output == "sigmoid" else 0)
        slope = np.asarray(np.mean(np.sum(each, axis=0)))
        units = units + 4 * slope
        epsilons = {"log": slope}
    part = f"{output}, {LARGE_Z if 'extreme' in case.tags else ORDINARY_Z}"
    leaf = ExpectedArray("J", np.asarray(loss(output, z, Y)), np.asarray(units), part, epsilons=epsilons)
    return Target(leaf, exact="exact" in case.tags, single="single" in case.tags)


EXERCISES = (
    Exercise(
        "loss",
        "03-losses",
        loss_cases,
        loss_target,
        loss,
        arguments=(OUTPUT_NAME, Argument("z", ("k", "m")), TARGETS),
        results=(Result("J"),),
        parts={
            f"{output}, {part}": share / 3
            for output in OUTPUTS
            for part, share in ((ORDINARY_Z, 0.75), (LARGE_Z, 0.25))
        },
        letters=OUTPUTS_K,
        oracle=Oracle(oracles.loss),
        averaged=True,
        help=HELPS["loss"],
    ),
)
