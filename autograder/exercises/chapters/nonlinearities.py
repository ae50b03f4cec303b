"""Chapter 2: sigmoid, softmax and g_prime."""

import numpy as np

from autograder.exercises import oracles, rounding
from autograder.exercises.cases import Case
from autograder.exercises.exercise import Argument, Exercise, Oracle, Result
from autograder.exercises.expected import Array, ExpectedArray, Target
from autograder.exercises.versions import generator
from backprop import HIDDEN, g_prime, sigmoid, softmax


def _logits(rng: np.random.Generator) -> list[tuple[str, Array]]:
    shapes = ((4, 7), (4, 7), (5, 3), (4, 4), (3, 1), (1, 6), (1, 1))
    found = [(f"z of shape {shape}", rng.normal(size=shape) * 2) for shape in shapes]
    found.append(("z of shape (13, 17)", rng.normal(size=(13, 17)) * 2))
    found.append(("z with confident entries", rng.uniform(5, 14, (4, 5)) * rng.choice([-1, 1], (4, 5))))
    found.append(("z = 0", np.zeros((3, 4))))
    found.append(("tiny z", rng.normal(size=(3, 4)) * 1e-9))
    return found


def _large(z: Array) -> frozenset[str]:
    return frozenset({"large"} if z.size > 100 else ())


def _extremes(rng: np.random.Generator) -> list[tuple[str, Array]]:
    first = rng.choice([-1000.0, 1000.0, -745.2, 720.0, 40.0, -40.0, 0.5], (4, 6))
    # The last column overflows with its mean taken off, and with the smallest.
    second = np.array(
        [
            [1000.0, 0.0, -1000.0, 1000.0, -1000.0],
            [-1000.0, 0.0, -1000.0, 1000.0, 1000.0],
            [999.0, 1.0, -999.0, 998.5, -1000.0],
        ]
    )
    return [
        ("z from -1000 to 1000", first),
        ("columns at 1000, at 0 and at -1000", second),
        ("z = 1000", np.full((1, 1), 1e3)),
    ]


def function_cases(seed: bytes, name: str) -> list[Case]:
    """z for sigmoid or softmax: ordinary and extreme ones apart."""
    rng = generator(seed, name)
    cases = [Case(label, (z,), "ordinary z", _large(z)) for label, z in _logits(rng)]
    if name == "sigmoid":  # small, and not 0: 1e-7, 1e-9, 1e-13
        far = np.array([[16.0, 18.5, 20.0], [17.0, 19.0, 30.0]]) + rng.uniform(0, 0.5, (2, 3))
        cases.append(Case("z far from 0", (np.vstack((far, -far)),), "ordinary z"))
    cases += [Case(label, (z,), "large |z|", frozenset({"extreme"})) for label, z in _extremes(rng)]
    z = rng.integers(-3, 4, (3, 4))
    while np.ptp(z.max(axis=1)) == 0:  # or the wrong axis for the largest z would do no harm
        z = rng.integers(-3, 4, (3, 4))
    cases.append(Case("z of integers", (z,), "z of integers", frozenset({"integer"})))
    single = np.float32(rng.normal(size=(3, 5)))
    cases.append(Case("z in float32", (single,), "ordinary z", frozenset({"single"})))
    return cases


def sigmoid_cases(seed: bytes) -> list[Case]:
    return function_cases(seed, "sigmoid")


def softmax_cases(seed: bytes) -> list[Case]:
    return function_cases(seed, "softmax")


def sigmoid_target(case: Case) -> Target:
    z = case.args[0].astype(np.float64)
    leaf = ExpectedArray("a", sigmoid(z), rounding.activation("sigmoid", z, np.abs(z)), case.part, pointwise=z)
    return Target(leaf, single="single" in case.tags)


def softmax_target(case: Case) -> Target:
    z = case.args[0].astype(np.float64)
    a = softmax(z)
    # e / (sum of e + epsilon), e being exp(z), or the largest z of the column or of all taken off before.
    shifts = {"sum": np.max(z, axis=0), "sum, one z off": np.max(z), "sum, z as it is": 0.0}
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        epsilons = {place: a / np.sum(np.exp(z - shift), axis=0) for place, shift in shifts.items()}
    leaf = ExpectedArray("a", a, rounding.activation("softmax", z, np.abs(z)), case.part, pointwise=z, epsilons=epsilons)
    return Target(leaf, single="single" in case.tags)


def g_prime_cases(seed: bytes) -> list[Case]:
    """Each hidden name on ordinary, large, tiny and zero z; for ReLU on exact powers of two and on z = 0."""
    rng = generator(seed, "g_prime")
    cases = []
    for name in HIDDEN:
        zs = _logits(rng)
        # Quotients of exponentials overflow beyond |z| = 350, and nobody asked for more here.
        zs.append(("large z", rng.choice([-40.0, 40.0, 30.0, -25.0, 20.0, -18.0], (3, 5))))
        if name == "relu":
            zs = [(label, np.where(np.abs(z) < 1e-12, 0.25, z)) for label, z in zs]
            zs.append(("some z exactly 0", np.array([[0.0, 1.0, -1.0], [-2.0, 0.0, 3.0]])))
        cases += [Case(f"{name}, {label}", (name, z), name, _large(z)) for label, z in zs]
        single = np.float32(rng.normal(size=(3, 5)))
        cases.append(Case(f"{name}, z in float32", (name, single), name, frozenset({"single"})))
        whole = np.zeros((3, 4), dtype=int)
        while not {1, 2, 3} <= {*whole.ravel().tolist()}:  # no slope may pass for z, and no threshold for 0
            whole = rng.integers(1, 4, (3, 4)) * rng.choice([-1, 1], (3, 4))
        cases.append(Case(f"{name}, z of integers", (name, whole), "z of integers", frozenset({"integer"})))
    return cases


def g_prime_target(case: Case) -> Target:
    name, z = case.args[0], case.args[1].astype(np.float64)
    kink = np.where(z == 0, 1.0, 0.0) if name == "relu" else None
    gp = g_prime(name, z)
    units = np.full(z.shape, rounding.FUNCTION) if name == "relu" else rounding.slope(name, z, gp)
    leaf = ExpectedArray("g'", gp, units, case.part, kink, pointwise=z)
    return Target(leaf, exact=name == "relu", single="single" in case.tags)


Z = Argument("z", ("n", "m"))

EXERCISES = (
    Exercise(
        "sigmoid",
        "02-nonlinearities",
        sigmoid_cases,
        sigmoid_target,
        sigmoid,
        arguments=(Z,),
        results=(Result("a", ("n", "m")),),
        oracle=Oracle(oracles.sigmoid),
    ),
    Exercise(
        "softmax",
        "02-nonlinearities",
        softmax_cases,
        softmax_target,
        softmax,
        arguments=(Z,),
        results=(Result("a", ("n", "m")),),
        oracle=Oracle(oracles.softmax),
    ),
    Exercise(
        "g_prime",
        "02-nonlinearities",
        g_prime_cases,
        g_prime_target,
        g_prime,
        arguments=(Argument("name", branch=True), Z),
        results=(Result("g'", ("n", "m")),),
        oracle=Oracle(oracles.g_prime),
        depends_on=("sigmoid",),
    ),
)
