"""Chapter 5: output_delta, and the Huber loss stated."""

import numpy as np

from autograder.exercises import oracles, rounding
from autograder.exercises.cases import Case
from autograder.exercises.chapters.helps import HELPS
from autograder.exercises.exercise import Argument, Exercise, Oracle, Result, Step
from autograder.exercises.expected import ExpectedArray, Target
from autograder.exercises.from_forward import traced_exercise
from autograder.exercises.networks import OUTPUT_NAME, OUTPUTS_K, TARGETS, confident, targets
from autograder.exercises.sampling import Calls
from autograder.exercises.versions import generator
from autograder.misconceptions.slots import STEP_1, OutputContext, step_1_at
from autograder.trees import Array
from backprop import OUTPUTS, output_delta

# To a probability of 7e-7: whatever is clipped more coarsely than published code clips shows.
SURE = (5.3, 7.3, 9.7, 12.1, 14.2)


def output_delta_cases(seed: bytes) -> list[Case]:
    """Each output on many shapes: one-hot, soft and integer labels, confident and extreme logits."""
    rng = generator(seed, "output_delta")
    cases = []
    for output in OUTPUTS:
        for i, (k, m) in enumerate(((3, 7), (3, 7), (4, 4), (2, 1), (5, 3), (1, 6), (1, 1), (13, 17))):
            soft = i in (1, 2)
            z, Y = rng.normal(size=(k, m)) * 1.5, targets(rng, output, k, m, soft=soft)
            name = f"{output}, k = {k}, m = {m}" + (", soft labels" if soft else "")
            tags = {"square"} if k == m else {"large"} if k > 8 else set()
            if output == "softmax" and k == 1:
                # Its only probability is 1, which published code clips to 1 - 1e-7: a remark.
                tags = {"advisory"}
            cases.append(Case(name, (output, z, Y), output, frozenset(tags)))
        z = confident(rng, output, 3, 8, SURE)
        cases.append(Case(f"{output}, confident units", (output, z, targets(rng, output, 3, 8)), output))
        Y = np.rint(targets(rng, output, 3, 4)).astype(np.int64)
        # Far enough apart that numbers without their decimals are several.
        for say, of_z in (("Y", rng.normal(size=(3, 4)) * 3), ("z and Y", rng.integers(-3, 4, (3, 4)))):
            cases.append(
                Case(f"{output}, {say} of integers", (output, of_z, Y), output, frozenset({"integer"}))
            )
        z, Y = rng.normal(size=(3, 5)).astype(np.float32), targets(rng, output, 3, 5).astype(np.float32)
        cases.append(Case(f"{output}, float32", (output, z, Y), output, frozenset({"single"})))
        cases.append(Case(f"{output}, z = 0", (output, np.zeros((3, 4)), targets(rng, output, 3, 4)), output))
        z = rng.normal(size=(3, 4)) * 1e-9
        cases.append(Case(f"{output}, tiny z", (output, z, targets(rng, output, 3, 4)), output))
        if output == "identity":
            whole = rng.integers(-9, 10, (2, 3, 8)).astype(float)
            for power in (0, -20, 10):
                z, Y = whole * 2.0**power
                cases.append(
                    Case(f"identity, integers times 2^{power}", (output, z, Y), output, frozenset({"exact"}))
                )
        else:
            z = rng.permutation([1000.0, -1000.0, 999.0, 40.0, -40.0] * 3).reshape(3, 5)
            # One maximum for all columns starves the low one.
            z[0], z[:, 1] = 1000.0, (-1000.0, -999.0, -1000.0)
            Y = targets(rng, output, 3, 5)
            # The slides' own chain rule is 0/0 there, and it is right: a remark only.
            remark = frozenset({"extreme", "advisory"})
            cases.append(Case(f"{output}, |z| up to 1000", (output, z, Y), output, remark))
    return cases + _examples()


def _examples() -> list[Case]:
    """The calls that the statement prints, in whole numbers."""
    calls = (
        ("identity", [[3, 1]], [[1, 1]]),
        ("sigmoid", [[0, 0]], [[1, 0]]),
        ("softmax", [[0], [0]], [[1], [0]]),
    )
    tags = frozenset({"integer"})
    return [
        Case(f"{output}, the statement's example", (output, np.array(z), np.array(Y)), output, tags)
        for output, z, Y in calls
    ]


def output_delta_target(case: Case) -> Target:
    output, z, Y = case.args[0], case.args[1].astype(np.float64), case.args[2].astype(np.float64)
    leaf = ExpectedArray(
        "delta", output_delta(output, z, Y), rounding.output_delta(output, z, Y), case.part, pointwise=z
    )
    return Target(leaf, exact="exact" in case.tags, single="single" in case.tags)


def huber(z: Array, Y: Array, kappa: float) -> Array:
    """Sums r^2/2 where |r| <= kappa, kappa (|r| - kappa/2) beyond, r = z - Y (eq. 5.5)."""
    r = z - Y
    size = np.abs(r)
    losses = np.where(size <= kappa, r**2 / 2, kappa * (size - kappa / 2))
    return np.sum(losses)


def huber_edges(rng: np.random.Generator) -> Calls:
    """Residuals exactly at kappa and -kappa, at 0, inside and beyond."""
    kappa = 0.75
    r = rng.permutation([kappa, -kappa, 0.0, 0.5, -0.25, 1.0, -1.5, 2.0])
    Y = rng.integers(-4, 5, (2, 4)) / 4
    return [("residuals exactly at kappa", {"z": Y + r.reshape(2, 4), "Y": Y, "kappa": kappa})]


def huber_regions(z: Array, Y: Array, kappa: float) -> dict[str, Array]:
    """Which entries belong to which part of the credit."""
    inside = np.abs(z - Y) <= kappa
    return {"|z - Y| <= kappa": inside, "beyond kappa": ~inside}


EXERCISES = (
    Exercise(
        "output_delta",
        "05-step-1",
        output_delta_cases,
        output_delta_target,
        output_delta,
        arguments=(OUTPUT_NAME, Argument("z", ("k", "m")), TARGETS),
        results=(Result("delta", ("k", "m")),),
        parts=dict.fromkeys(OUTPUTS, 1 / 3),
        square="k = m",
        letters=OUTPUTS_K,
        oracle=Oracle(oracles.output_delta),
        per_example=True,
        explained_as="steps",
        steps=(Step(STEP_1, step_1_at),),
        surroundings=OutputContext,
        help=HELPS["output_delta"],
    ),
    traced_exercise(
        "huber_output_delta",
        "05-step-1",
        forward=huber,
        arguments={"z": ("k", "m"), "Y": ("k", "m"), "kappa": (0.1, 2.5)},
        gradients=("z",),
        results=("delta",),
        example={"z": [[1.0, 5.0, -5.0]], "Y": [[0.0, 0.0, 0.0]], "kappa": 2.0},
        fixed=huber_edges,
        bonus=True,
        per_example=True,
        regions=huber_regions,
        parts={"|z - Y| <= kappa": 0.5, "beyond kappa": 0.5},
        help=HELPS["huber_output_delta"],
    ),
)
