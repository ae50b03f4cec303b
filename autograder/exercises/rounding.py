"""How far rounding may move a right answer: running error analysis beside the recipe.

Every function returns, next to a value or for given values, the size of its first-order rounding error in
units of the unit roundoff u (float64: 1.1e-16; float32: 6e-8): operations counted, each on absolute values,
the inputs' own representation included (a student may convert them to float32). No tolerance in the grader
comes from elsewhere.
"""

import numpy as np

from autograder.trees import Array
from backprop import g, g_prime

U64 = 2.0**-53
U32 = 2.0**-24
# A right answer may take another route than ours (a(1 - a) for the quotient, another order of summing): each
# route stays within a few times the count for the straight one, and both we and the student round.
ROUTES = 8.0
# One evaluation of exp, tanh, 1/(1 + exp(-z)) ... on values of size 1, by whichever formula.
FUNCTION = 8.0


def product(a: Array, units_a: Array, b: Array, units_b: Array) -> Array:
    """Units of error of a @ b, from a (n, p) and b (p, m) and their own units."""
    p = a.shape[1]
    size_a, size_b = np.abs(a), np.abs(b)
    return np.asarray(size_a @ (units_b + (p + 2) * size_b) + units_a @ size_b)


def detour(a: Array, b: Array) -> Array:
    """Units of error of a @ b with rows' and columns' means taken out first, and their product added again.

    Such a detour rounds even where no two factors meet that are not 0 (behind units of ReLU that are off);
    the straight way gives a plain 0 there, so these units are for the inputs' own precision alone.
    """
    p = a.shape[1]
    return np.asarray((p + 2) / p * np.sum(np.abs(a), axis=1, keepdims=True) * np.sum(np.abs(b), axis=0))


def curvature(name: str, z: Array, gp: Array) -> Array:
    """|g''(z)|, how strongly an error of z moves gp = g'(z); 0 for ReLU away from its kink."""
    if name == "sigmoid":
        return np.asarray(np.abs(gp * (1 - 2 * g(name, z))))
    if name == "tanh":
        return np.asarray(np.abs(2 * g(name, z) * gp))
    return np.zeros(z.shape)


def activation(name: str, z: Array, units: Array) -> Array:
    """Units of error of a = g(z), given those of z (n, m); for hidden and output names."""
    if name == "identity":
        return units
    if name == "relu":
        return np.asarray(np.where(z > 0, units, 0.0))
    if name == "softmax":
        a = g(name, z)
        # z, and z minus the column's maximum.
        reach = units + np.abs(z) + np.max(np.abs(z), axis=0, keepdims=True)
        return np.asarray(a * (reach + np.sum(a * reach, axis=0, keepdims=True) + z.shape[0] + FUNCTION) + 1)
    return np.asarray(g_prime(name, z) * units + FUNCTION)


def slope(name: str, z: Array, gp: Array) -> Array:
    """Units of error of gp = g'(z), z given: a(1 - a) and 1 - a^2 cancel, so relative to 1, not to g'."""
    if name == "relu":
        return np.zeros(z.shape)
    return np.asarray(curvature(name, z, gp) * np.abs(z) + FUNCTION)


def output_delta(output: str, z: Array, Y: Array) -> Array:
    """Units of error of Step 1, z and Y (k, m) given."""
    return np.asarray(activation(output, z, np.abs(z)) + 2 * np.abs(Y) + np.abs(g(output, z) - Y))


def hidden_delta(W_next: Array, delta_next: Array, units_next: Array, z: Array, hidden: str) -> Array:
    """Units of error of Step 2, given those of delta[l+1]."""
    s, gp = W_next.T @ delta_next, g_prime(hidden, z)
    p = delta_next.shape[0]
    # W is given: its own representation is one of the two.
    units_s = np.abs(W_next.T) @ (units_next + (p + 2) * np.abs(delta_next))
    return np.asarray(units_s * gp + np.abs(s) * (slope(hidden, z, gp) + gp))


def layer_gradients(delta: Array, units: Array, a_prev: Array) -> tuple[Array, Array]:
    """Units of error of Step 3's dW and db, given those of delta (n, m)."""
    m = delta.shape[1]
    dW = product(delta, units, a_prev.T, np.abs(a_prev.T)) / m
    db = np.sum(units + (m + 3) * np.abs(delta), axis=1, keepdims=True) / m
    return dW + 2 * np.abs(delta) @ np.abs(a_prev.T) / m, np.asarray(db)
