"""Chapter 12: the messages of a product gate, the order of nodes, softmax's cross entropy in atoms."""

from typing import Any

import numpy as np

from autograder.exercises.cases import Case
from autograder.exercises.chapters.helps import HELPS
from autograder.exercises.exercise import Argument, Exercise, Oracle, Result
from autograder.exercises.expected import ExpectedArray, Target
from autograder.exercises.from_forward import traced_exercise
from autograder.exercises.networks import OUTPUTS_K, TARGETS, targets
from autograder.exercises.rounding import FUNCTION, ROUTES
from autograder.exercises.versions import generator
from autograder.trees import Array
from backprop import output_delta


def gated_product(A: Array, b: Array) -> Array:
    """The gate of `product_messages`: A (n, m) times the column b (n, 1), entry by entry (eq. 12.4, 12.5)."""
    return A * b


# ---- the order of nodes -----------------------------------------------------------------------------------


def graph_gradients(slopes: Array) -> Array:
    """The gradient of node 0 at every node, shape (n, 1), from slopes (n, n) (eq. 12.1).

    The graph has no cycles. A node is ready when every node that uses it has sent its gradient.
    """
    gradient = np.zeros((len(slopes), 1))
    gradient[0] = 1
    expected_from = np.count_nonzero(slopes, axis=0)
    ready = list(np.flatnonzero(expected_from == 0))
    while ready:
        u = ready.pop()
        for v in np.flatnonzero(slopes[u]):
            gradient[v] += slopes[u, v] * gradient[u]
            expected_from[v] -= 1
            if expected_from[v] == 0:
                ready.append(v)
    return gradient


def drawn_graph(rng: np.random.Generator, n: int, arrows: float) -> Array:
    """Slopes (n, n) of a graph without cycles: a chain that ends at node 0, this share of the other arrows.

    Apart from node 0, the numbers of the nodes say nothing about their order.
    """
    later, earlier = np.tril_indices(n, -1)
    slopes = np.zeros((n, n))
    keep = (later == earlier + 1) | (rng.random(len(later)) < arrows)
    sizes = rng.uniform(0.3, 1.5, len(later)) * rng.choice([-1, 1], len(later))
    slopes[later, earlier] = np.where(keep, sizes, 0)
    numbers = np.append(rng.permutation(np.arange(1, n)), 0)
    shuffled = np.zeros((n, n))
    shuffled[np.ix_(numbers, numbers)] = slopes
    return shuffled


def graph_gradients_cases(seed: bytes) -> list[Case]:
    """Chains, where an order is all that is asked, and graphs in which gradients add; two of each size."""
    rng = generator(seed, "graph_gradients")
    kinds = [
        (1, 0.0),
        (2, 0.0),
        (5, 0.0),
        (5, 0.0),
        (4, 1.0),
        (6, 0.5),
        (6, 0.5),
        (9, 0.4),
        (9, 0.4),
        (12, 0.7),
    ]
    cases = [
        Case(
            f"{n} nodes in a chain" if arrows == 0 else f"{n} nodes, some used more than once",
            (drawn_graph(rng, n, arrows),),
            "gradients",
            frozenset({"large"} if n > 8 else set()),
        )
        for n, arrows in kinds
    ]
    # L is not the only end, and some nodes don't reach it: their gradient is 0.
    loose = drawn_graph(rng, 7, 0.5)
    loose[:, 3] = 0
    loose[1, 3], loose[1, 0] = 1.5, 0
    loose[:, 1] = 0
    loose[3, 1] = 0
    cases.append(Case("7 nodes, two that L does not depend on", (loose,), "gradients"))
    example = np.array([[0.0, 7.0, 3.0], [0.0, 0.0, 0.0], [0.0, 5.0, 0.0]])
    return [*cases, Case("the statement's example", (example,), "gradients")]


def graph_gradients_target(case: Case) -> Target:
    (slopes,) = case.args
    n = len(slopes)
    sizes = np.eye(n) + np.abs(slopes).T
    all_paths = np.linalg.inv(np.eye(n) - np.abs(slopes).T)
    # Elimination with pivots, which is a right way too, mixes the rows: the largest bound holds for all.
    units = np.full((n, 1), ROUTES * (n + 2) * np.max(all_paths @ sizes @ all_paths[:, :1]))
    return Target(ExpectedArray("gradients", graph_gradients(slopes), units, case.part))


def solved_at_once(case: Case) -> Any:
    """(12.1) for all nodes is one linear system: gradient = e_0 + slopes^T gradient."""
    (slopes,) = case.args
    return np.linalg.solve(np.eye(len(slopes)) - slopes.T, np.eye(len(slopes))[:, :1])


# ---- softmax and cross entropy, atom by atom --------------------------------------------------------------


def softmax_atoms(z: Array, Y: Array) -> tuple[Array, Array, Array, Array]:
    """(U_bar (1, m), S_bar (1, m), E_bar (k, m), z_bar (k, m)): E = exp(z), S its column sums, U = log S."""
    E = np.exp(z)
    S = np.sum(E, axis=0, keepdims=True)
    U_bar = np.sum(Y, axis=0, keepdims=True)
    S_bar = U_bar / S
    E_bar = np.broadcast_to(S_bar, z.shape).copy()
    return U_bar, S_bar, E_bar, E_bar * E - Y


def softmax_atoms_cases(seed: bytes) -> list[Case]:
    """Moderate logits of many shapes, one-hot and soft labels, whole numbers among them."""
    rng = generator(seed, "softmax_atoms")
    cases = []
    for i, (k, m) in enumerate(((3, 7), (3, 7), (4, 4), (2, 1), (5, 3), (1, 6), (1, 1), (13, 17))):
        z, Y = rng.normal(size=(k, m)) * 1.5, targets(rng, "softmax", k, m, soft=i in (1, 2, 4))
        name = f"k = {k}, m = {m}" + (", soft labels" if i in (1, 2, 4) else "")
        tags = {"square"} if k == m else {"large"} if k > 8 else set()
        cases.append(Case(name, (z, Y), "values", frozenset(tags)))
    z = rng.uniform(6, 12, (3, 6)) * rng.choice([-1, 1], (3, 6))
    cases.append(Case("confident units", (z, targets(rng, "softmax", 3, 6)), "values"))
    example = (np.array([[0.0], [0.0]]), np.array([[1.0], [0.0]]))
    return [*cases, Case("the statement's example", example, "values")]


def softmax_atoms_target(case: Case) -> Target:
    z, Y = case.args
    U_bar, S_bar, E_bar, z_bar = softmax_atoms(z, Y)
    relative = ROUTES * (len(z) + 2 * FUNCTION + np.max(np.abs(z), axis=0, keepdims=True))
    units = {
        "U_bar": ROUTES * len(z) * U_bar,
        "S_bar": relative * S_bar,
        "E_bar": relative * E_bar,
        "z_bar": relative * (E_bar * np.exp(z) + np.abs(Y)),
    }
    values = {"U_bar": U_bar, "S_bar": S_bar, "E_bar": E_bar, "z_bar": z_bar}
    return Target(tuple(ExpectedArray(name, value, units[name], name) for name, value in values.items()))


def collapsed(case: Case) -> Any:
    """z_bar by Step 1; the other three by the slopes of log(sum) and of exp."""
    z, Y = case.args
    y_hat_slope = 1 / np.exp(np.logaddexp.reduce(z, axis=0, keepdims=True))
    ones = np.ones((1, z.shape[1]))
    return ones, y_hat_slope, y_hat_slope * np.ones(z.shape), output_delta("softmax", z, Y)


EXERCISES = (
    traced_exercise(
        "product_messages",
        "12-graphs",
        forward=gated_product,
        arguments={"A": ("n", "m"), "b": ("n", 1)},
        upstream=("C_bar",),
        gradients=("A", "b"),
        signature=("A", "b", "C_bar"),
        results=("A_bar", "b_bar"),
        example={"A": [[1, 2], [3, 4]], "b": [[10], [20]], "C_bar": [[1, 1], [0, 2]]},
        bonus=True,
        help=HELPS["product_messages"],
    ),
    Exercise(
        "graph_gradients",
        "12-graphs",
        graph_gradients_cases,
        graph_gradients_target,
        graph_gradients,
        arguments=(Argument("slopes", ("n", "n")),),
        results=(Result("gradients", ("n", 1)),),
        oracle=Oracle(solved_at_once, error=1e-12),
        bonus=True,
        help=HELPS["graph_gradients"],
    ),
    Exercise(
        "softmax_atoms",
        "12-graphs",
        softmax_atoms_cases,
        softmax_atoms_target,
        softmax_atoms,
        arguments=(Argument("z", ("k", "m")), TARGETS),
        results=(
            Result("U_bar", (1, "m")),
            Result("S_bar", (1, "m")),
            Result("E_bar", ("k", "m")),
            Result("z_bar", ("k", "m")),
        ),
        square="k = m",
        letters=OUTPUTS_K,
        oracle=Oracle(collapsed, error=1e-12),
        bonus=True,
        help=HELPS["softmax_atoms"],
    ),
)
