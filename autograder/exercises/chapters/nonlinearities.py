"""Chapter 2: sigmoid, softmax and g_prime."""

from functools import partial

import numpy as np

from autograder.exercises import oracles, rounding
from autograder.exercises.cases import Case
from autograder.exercises.chapters.helps import HELPS
from autograder.exercises.exercise import Argument, Exercise, Oracle, Result
from autograder.exercises.expected import ExpectedArray, Target
from autograder.exercises.number_sizes import LARGE_Z, ORDINARY_Z
from autograder.exercises.versions import generator
from autograder.trees import Array
from backprop import HIDDEN, g_prime, sigmoid, softmax

# The parts of the credit; g_prime has both for each name.


def _part(case: Case) -> str:
    return LARGE_Z if "extreme" in case.tags else ORDINARY_Z


# |z| a little beyond where a z or its exp is cut off in published code: what a cut there changes is seen in
# every version. Beyond 36 a sigmoid is 1 or 0 to the last digit.
CUTS = (3.0, 5.0, 6.0, 8.0, 10.0, 12.0, 15.0, 16.0, 18.0, 20.0, 25.0, 30.0)
FAR_CUTS = (36.5, 40.0, 50.5, 88.8, 100.5, 500.5, 700.5, 710.0, 720.0, 745.2, 1000.0)


def _beyond_cuts(rng: np.random.Generator) -> Array:
    """(8, 6): z beyond each cut above 0 and below it, and as many ordinary numbers: few beyond any cut."""
    far = np.array(CUTS) + rng.uniform(0.1, 0.5, len(CUTS))
    return np.concatenate((far, -far, rng.normal(size=2 * len(CUTS)) * 1.5)).reshape(8, 6)


def _far_out(rng: np.random.Generator) -> Array:
    """(4, 6): z of both signs up to 1000 beyond each far cut, and 0 and 0.5, in an order of the seed's."""
    return rng.permutation([*FAR_CUTS, *(-z for z in FAR_CUTS), 0.0, 0.5]).reshape(4, 6)


def _whole(rng: np.random.Generator) -> Array:
    """Small whole numbers (3, 4), with 0 and the largest gap in one column."""
    return np.column_stack((rng.permutation([3, 0, -3]), rng.integers(-3, 4, (3, 3))))


def _logits(rng: np.random.Generator) -> list[tuple[str, Array]]:
    shapes = ((4, 7), (4, 7), (5, 3), (4, 4), (3, 1), (1, 6), (1, 1))
    found = [(f"z of shape {shape}", rng.normal(size=shape) * 2) for shape in shapes]
    found.append(("z of shape (13, 17)", rng.normal(size=(13, 17)) * 2))
    found.append(("z with confident entries", rng.uniform(5, 14, (4, 5)) * rng.choice([-1, 1], (4, 5))))
    found.append(("z = 0", np.zeros((3, 4))))
    found.append(("tiny z", rng.normal(size=(3, 4)) * 1e-9))
    found.append(("one z exactly 0", np.array([[0.0, 1.5, -0.5], [2.0, -1.0, 0.7]]) * rng.uniform(0.5, 1.5)))
    return found


def _large(z: Array) -> frozenset[str]:
    return frozenset({"large"} if z.size > 100 else ())


def _extremes(rng: np.random.Generator) -> list[tuple[str, Array]]:
    # The last column overflows with its mean taken off, and with the smallest.
    second = np.array(
        [
            [1000.0, 0.0, -1000.0, 1000.0, -1000.0],
            [-1000.0, 0.0, -1000.0, 1000.0, 1000.0],
            [999.0, 1.0, -999.0, 998.5, -1000.0],
        ]
    )
    return [
        ("z from -1000 to 1000", _far_out(rng)),
        ("columns at 1000, at 0 and at -1000", second),
        ("z = 1000", np.full((1, 1), 1e3)),
    ]


def function_cases(seed: bytes, name: str) -> list[Case]:
    """z for sigmoid or softmax: ordinary and extreme ones apart."""
    rng = generator(seed, name)
    cases = [Case(label, (z,), "ordinary z", _large(z)) for label, z in _logits(rng)]
    if name == "sigmoid":
        cases.append(Case("|z| from 3 to 30", (_beyond_cuts(rng),), "large |z|", frozenset({"extreme"})))
        cases.append(Case("z of shape (5,)", (rng.normal(size=5) * 2,), "ordinary z"))
        cases.append(Case("z of shape (2, 3, 2)", (rng.normal(size=(2, 3, 2)) * 2,), "ordinary z"))
    cases += [Case(label, (z,), "large |z|", frozenset({"extreme"})) for label, z in _extremes(rng)]
    z = _whole(rng)
    # Or the wrong axis for the largest z would do no harm
    while np.ptp(z.max(axis=1)) == 0:
        z = _whole(rng)
    cases.append(Case("z of integers", (z,), "z of integers", frozenset({"integer"})))
    example = np.array([[0, 1000, -1000]] if name == "sigmoid" else [[0, 1000], [0, 0]])
    tags = frozenset({"integer", "extreme"})
    cases.append(Case("the statement's example", (example,), "large |z|", tags))
    single = np.float32(rng.normal(size=(3, 5)))
    cases.append(Case("z in float32", (single,), "ordinary z", frozenset({"single"})))
    return cases


def sigmoid_target(case: Case) -> Target:
    z = case.args[0].astype(np.float64)
    leaf = ExpectedArray(
        "a", sigmoid(z), rounding.activation("sigmoid", z, np.abs(z)), _part(case), pointwise=z
    )
    return Target(leaf, single="single" in case.tags)


def softmax_target(case: Case) -> Target:
    z = case.args[0].astype(np.float64)
    a = softmax(z)
    # e / (sum of e + epsilon), e being exp(z), or the largest z of the column or of all taken off before.
    shifts = {"sum": np.max(z, axis=0), "sum, one z off": np.max(z), "sum, z as it is": 0.0}
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        epsilons = {place: a / np.sum(np.exp(z - shift), axis=0) for place, shift in shifts.items()}
    leaf = ExpectedArray(
        "a", a, rounding.activation("softmax", z, np.abs(z)), _part(case), pointwise=z, epsilons=epsilons
    )
    return Target(leaf, single="single" in case.tags)


def g_prime_cases(seed: bytes) -> list[Case]:
    """Each hidden name on ordinary, large, tiny and zero z; for ReLU on exact powers of two and on z = 0."""
    rng = generator(seed, "g_prime")
    cases = []
    for name in HIDDEN:
        zs = [*_logits(rng), ("|z| from 3 to 30", _beyond_cuts(rng))]
        zs.append(
            (
                "|z| up to 40",
                rng.permutation([s * z for z in (15, 18, 20, 25, 30, 40) for s in (1.0, -1.0)]).reshape(3, 4),
            )
        )
        if name == "relu":
            zs = [(label, np.where(np.abs(z) < 1e-12, 0.25, z)) for label, z in zs]
            zs.append(("some z exactly 0", np.array([[0.0, 1.0, -1.0], [-2.0, 0.0, 3.0]])))
        cases += [Case(f"{name}, {label}", (name, z), name, _large(z)) for label, z in zs]
        far = _far_out(rng)
        far = np.where(far == 0, 0.25, far) if name == "relu" else far
        label = f"{name}, large |z|"
        cases.append(Case(f"{name}, z from -1000 to 1000", (name, far), label, frozenset({"extreme"})))
        example = np.array([[-2, 3]] if name == "relu" else [[0]])
        tags = frozenset({"integer"})
        cases.append(Case(f"{name}, the statement's example", (name, example), name, tags))
        single = np.float32(rng.normal(size=(3, 5)))
        cases.append(Case(f"{name}, z in float32", (name, single), name, frozenset({"single"})))
        whole = np.zeros((3, 4), dtype=int)
        # No slope may pass for z, and no threshold for 0
        while not {1, 2, 3} <= {*whole.ravel().tolist()}:
            whole = rng.integers(1, 4, (3, 4)) * rng.choice([-1, 1], (3, 4))
        cases.append(Case(f"{name}, z of integers", (name, whole), "z of integers", frozenset({"integer"})))
    return cases


def g_prime_target(case: Case) -> Target:
    name, z = case.args[0], case.args[1].astype(np.float64)
    kink = np.where(z == 0, 1.0, 0.0) if name == "relu" else None
    gp = g_prime(name, z)
    units = np.full(z.shape, rounding.FUNCTION) if name == "relu" else rounding.slope(name, z, gp)
    leaf = ExpectedArray("g'", gp, units, f"{name}, {_part(case)}", kink, pointwise=z)
    return Target(leaf, exact=name == "relu", single="single" in case.tags)


Z = Argument("z", ("n", "m"))
# For sigmoid alone the statement says so.
Z_OF_ANY_SHAPE = Argument("z", ("...",))

EXERCISES = (
    Exercise(
        "sigmoid",
        "02-nonlinearities",
        partial(function_cases, name="sigmoid"),
        sigmoid_target,
        sigmoid,
        arguments=(Z_OF_ANY_SHAPE,),
        results=(Result("a", ("...",)),),
        parts={ORDINARY_Z: 0.7, LARGE_Z: 0.3},
        oracle=Oracle(oracles.sigmoid),
        help=HELPS["sigmoid"],
    ),
    Exercise(
        "softmax",
        "02-nonlinearities",
        partial(function_cases, name="softmax"),
        softmax_target,
        softmax,
        arguments=(Z,),
        results=(Result("a", ("n", "m")),),
        parts={ORDINARY_Z: 0.7, LARGE_Z: 0.3},
        oracle=Oracle(oracles.softmax),
        help=HELPS["softmax"],
    ),
    Exercise(
        "g_prime",
        "02-nonlinearities",
        g_prime_cases,
        g_prime_target,
        g_prime,
        arguments=(Argument("name", branch=True), Z),
        results=(Result("g'", ("n", "m")),),
        parts={
            f"{name}, {part}": share / 3
            for name in HIDDEN
            for part, share in ((ORDINARY_Z, 0.75), (LARGE_Z, 0.25))
        },
        oracle=Oracle(oracles.g_prime),
        depends_on=("sigmoid",),
        help=HELPS["g_prime"],
    ),
)
