"""Mistakes of chapters 1 and 2: the affine map, the forward pass, sigmoid, exp and its slope."""

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from autograder.misconceptions.forward_pass import forward_with, with_affine
from autograder.misconceptions.mean_loss import instead
from autograder.misconceptions.misconception import Formulas, Misconception
from autograder.misconceptions.residual_layer import with_back
from autograder.misconceptions.slots import needs_net
from backprop import g, g_prime, sigmoid, softmax


class ExpSlopeFromItsInput(Misconception):
    """exp is its own slope: on the way back its gate multiplies by its own output, exp(z), and not by its
    input z, and not by z exp(z - 1) either, which is a power's rule. The check sees a sigmoid' with z in
    it. Use the output you have cached.
    """

    code, name, equation, chapter = "K38", "exp' uses exp's input", "12.1", "12-graphs"
    sentence = "exp' is its own output: the slope of e^z is e^z again"
    hint = "Differentiate e^z."
    snippet = "d_input = d_output * z   # the gate computed exp(z)"
    formulas: ClassVar[Formulas] = {
        "g_prime": (
            lambda name, z: z / (1 + np.exp(-z)) ** 2 if name == "sigmoid" else g_prime(name, z),
            lambda name, z: -z / (1 + np.exp(-z)) ** 2 if name == "sigmoid" else g_prime(name, z),
            lambda name, z: (
                z * np.exp(-z - 1) / (1 + np.exp(-z)) ** 2 if name == "sigmoid" else g_prime(name, z)
            ),
        )
    }


class BiasForgottenOrMisplaced(Misconception):
    """z = Wa + b, and b shifts each unit once, with its own sign, after the product. The check sees a
    difference that is the same for every example. Add b as a column, (n_l, 1): broadcasting repeats it.
    """

    code, name, equation, chapter = "K53", "the bias forgotten or misplaced", "1.1", "01-forward"
    sentence = "z = Wa + b: each unit's own b, added once, after the product"
    hint = "What is z when a is 0?"
    snippet = "z = W @ a_prev"
    variants = (
        {"bias": lambda product, c: product},
        {"bias": lambda product, c: product - c.b},
        {"bias": lambda product, c: product + np.sum(c.b)},
        {"bias": lambda product, c: product + np.mean(c.b)},
        {"bias": lambda product, c: product + c.W @ c.b},
        {"bias": lambda product, c: product + c.b[0]},
        {"bias": lambda product, c: product + c.b.T},
        {"bias": lambda product, c: product * c.b},
        {"bias": lambda product, c: product + c.b[-1]},
        {"bias": lambda product, c: product + c.W @ np.full(c.a_prev.shape, np.mean(c.b))},
    )


class WeightsTransposedForward(Misconception):
    """W[l] is (n_l, n_prev): its rows are the units of this layer, and a stands right of it, one column an
    example. Transposed it maps the other way. On square layers the shapes do not object, and the check sees
    other numbers. Write W @ a_prev + b.
    """

    code, name, equation, chapter = (
        "K54",
        "W transposed, or on the wrong side, on the way forward",
        "1.1",
        "01-forward",
    )
    sentence = "Forward it is the matrix product W a: W first, without a transpose"
    hint = "Write the shapes of W, a_prev and z side by side."
    snippet = "z = W.T @ a_prev + b"
    variants = (
        {"product": lambda W, a: W.T @ a},
        {"product": lambda W, a: (a.T @ W).T},
        {"product": lambda W, a: a @ W},
        {"product": lambda W, a: a.T @ W},
        {"finish": lambda z, c: z.T},
        # As einsum has it.
        {"product": lambda W, a: np.sum(W[:, :, None] * a[:, None], axis=0)},
    )


def _summed_over_units(W: Any, a: Any, b: Any) -> Any:
    """np.multiply(W, a[:, i]).sum(axis=0) + b for each example i."""
    return np.sum(W, axis=0)[:, None] * a + b


class ElementwiseForMatrixProduct(Misconception):
    """W a and Wᵀδ are matrix products: every unit sums over all units on the other side. W * a multiplies
    entry by entry and sums nothing. It runs only where the shapes happen to fit, or one of them is 1, and
    the check sees other numbers there. Write @ between a matrix and what it maps.
    """

    code, name, equation, chapter = "K73", "elementwise product for matrix product", "1.1", "01-forward"
    sentence = "A matrix product here, by @ or np.dot: it sums, an elementwise product does not"
    hint = "z_i is a sum over all inputs j: where does your code sum?"
    snippet = "z = W * a_prev + b"
    variants = (
        {"back": lambda c: c.W_next.T * c.delta_next},
        {"back": lambda c: c.W_next * c.delta_next},
    )
    formulas: ClassVar[Formulas] = {
        "affine": (
            lambda W, a, b: W * a + b,
            lambda W, a, b: W.T * a + b,
            _summed_over_units,
            lambda W, a, b: np.broadcast_to(_summed_over_units(W, a, b), (len(W), a.shape[1])),
        ),
        "residual_delta": (
            with_back(lambda W, delta_z: W.T * delta_z),
            with_back(lambda W, delta_z: W * delta_z),
        ),
    }
    elsewhere: ClassVar[Formulas] = {
        "forward": tuple(map(with_affine, formulas["affine"])),
    }


def _output_first(W: Any, b: Any, X: Any, hidden: str, output: str) -> Any:
    """The output's g in layer 1, the hidden one in all others."""
    Z, A = {}, {0: X}
    for l in range(1, max(W) + 1):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = g(output if l == 1 else hidden, Z[l])
    return Z, A


class NonlinearityOfWrongLayer(Misconception):
    """Hidden layers use g of the argument `hidden`, and the last layer alone the g of `output`. The check
    sees the right Z up to the first wrong a. Ask in the loop whether l == N.
    """

    code, name, equation, chapter = "K55", "the wrong layer's g", "1.2", "01-forward"
    sentence = "The last layer has the output's g, every other the hidden one"
    hint = "Which layer must give a probability?"
    snippet = "A[l] = g(hidden, Z[l])   # in every layer"
    variants = (
        {"activate_last": lambda z, c: g(c.hidden, z)},
        {"activate_last": lambda z, c: z},
        {"activate": lambda z, c: g(c.output, z)},
        {"activate": lambda z, c: g(c.output if c.l == c.N - 1 else c.hidden, z)},
        {"activate": lambda z, c: np.tanh(z)},
        {"activate": lambda z, c: sigmoid(z)},
        {"activate": lambda z, c: np.maximum(z, 0)},
        {"activate": lambda z, c: z if c.l == 1 else g(c.hidden, z)},
    )
    formulas: ClassVar[Formulas] = {
        "forward": (
            lambda W, b, X, hidden, output: forward_with(
                W, b, X, lambda z: g(hidden, z), lambda z: g(hidden, z)
            ),
            lambda W, b, X, hidden, output: forward_with(
                W, b, X, lambda z: g(output, z), lambda z: g(output, z)
            ),
            lambda W, b, X, hidden, output: forward_with(W, b, X, lambda z: g(hidden, z), lambda z: z),
            _output_first,
            lambda W, b, X, hidden, output: forward_with(W, b, X, np.tanh, lambda z: g(output, z)),
            lambda W, b, X, hidden, output: forward_with(W, b, X, sigmoid, lambda z: g(output, z)),
            lambda W, b, X, hidden, output: forward_with(
                W, b, X, lambda z: np.maximum(z, 0), lambda z: g(output, z)
            ),
        )
    }


def _handed_on(W: Any, b: Any, X: Any, hidden: str, output: str) -> Any:
    Z, A, before = {}, {0: X}, X
    for l in range(1, max(W) + 1):
        Z[l] = W[l] @ before + b[l]
        A[l] = g(output if l == max(W) else hidden, Z[l])
        before = Z[l]
    return Z, A


def _a_in_z(W: Any, b: Any, X: Any, hidden: str, output: str) -> Any:
    _, A = forward_with(W, b, X, lambda z: g(hidden, z), lambda z: g(output, z))
    return {l: A[l] for l in W}, A


def _z_in_a(W: Any, b: Any, X: Any, hidden: str, output: str) -> Any:
    Z, _ = forward_with(W, b, X, lambda z: g(hidden, z), lambda z: g(output, z))
    return Z, {0: X} | Z


class ZAndAMixedUp(Misconception):
    """Layer l's input is a[l-1] = g(z[l-1]). Handing on z leaves the nonlinearity out, and the layers
    collapse into one linear map. The check sees Z[1] right and Z[2] wrong. Z keeps what g got, A what g
    gave.
    """

    code, name, equation, chapter = "K56", "z and a mixed up", "1.2", "01-forward"
    sentence = "z goes into g, a comes out and is handed on"
    hint = "What does layer 2 get from layer 1?"
    snippet = "Z[l] = W[l] @ Z[l - 1] + b[l]"
    variants = (
        {"fed": needs_net(lambda c: c.a_prev if c.z_prev is None else c.z_prev)},
        {"activate": lambda z, c: z},
    )
    formulas: ClassVar[Formulas] = {"forward": (_handed_on, _a_in_z, _z_in_a)}


def _mirrored(name: str) -> Callable[[Any], Any]:
    return lambda z: sigmoid(-z) if name == "sigmoid" else g(name, z)


class SigmoidMirrored(Misconception):
    """σ(z) = 1/(1 + exp(-z)): large z gives 1. With exp(z) below it is the mirror image, 1 - σ. The check
    sees a falling function. Mind the minus.
    """

    code, name, equation, chapter = "K57", "the sign of z in sigmoid", "2.1", "02-nonlinearities"
    sentence = "σ rises with z: the exponent is -z"
    hint = "What should σ(10) be, nearly?"
    in_pairs = 0
    snippet = "1 / (1 + np.exp(z))"
    variants = (
        {"yhat": lambda output, z: sigmoid(-z) if output == "sigmoid" else g(output, z)},
        {"activate": lambda z, c: sigmoid(-z) if c.hidden == "sigmoid" else g(c.hidden, z)},
    )
    formulas: ClassVar[Formulas] = {"sigmoid": (lambda z: sigmoid(-np.asarray(z, dtype=float)),)}
    elsewhere: ClassVar[Formulas] = {
        "forward": (
            lambda W, b, X, hidden, output: forward_with(W, b, X, _mirrored(hidden), _mirrored(output)),
        )
    }


class AnotherCurveForSigmoid(Misconception):
    """Many curves rise from one level to another, and only 1/(1 + exp(-z)) is σ, with the whole sum 1 +
    exp(-z) below the line. The check sees another curve: tanh, a base that is not e, a bracket missing, or
    the slope of σ. Write 1 / (1 + np.exp(-z)).
    """

    code, name, equation, chapter = "K72", "another curve for σ", "2.1", "02-nonlinearities"
    sentence = "σ(z) is 1/(1 + exp(-z)), with the whole sum below the line; this is another curve"
    hint = "What are σ(0), σ(1) and σ(-1)?"
    snippet = "1 / 1 + np.exp(-z)"
    formulas: ClassVar[Formulas] = {
        "sigmoid": (
            lambda z: 1 / 1 + np.exp(-np.asarray(z, dtype=float)),
            lambda z: np.tanh(z),
            lambda z: (1 + np.tanh(z)) / 2,
            lambda z: np.tanh(z) / 2 + 1,
            lambda z: 1 / (1 + 2.0 ** -np.asarray(z, dtype=float)),
            lambda z: sigmoid(z) * (1 - sigmoid(z)),
            lambda z: 1 / (1 + np.exp(-np.abs(z))),
            lambda z: np.clip(0.2 * z + 0.5, 0, 1),
            lambda z: 1 / (1 - np.exp(-z)),
            lambda z: np.exp(z) / 1 + np.exp(z),
            lambda z: np.tanh(z / 2),
            lambda z: sigmoid(z) / np.sum(sigmoid(z), axis=0, keepdims=True),
            lambda z: sigmoid(z) / np.sum(sigmoid(z)),
            lambda z: (z > 0) * 1.0,
            lambda z: (z >= 0) * 1.0,
            lambda z: np.log(sigmoid(z)),
            lambda z: np.logaddexp(0, z),
            lambda z: 1 + np.exp(-np.asarray(z, dtype=float)),
            lambda z: np.exp(-np.asarray(z, dtype=float)),
            lambda z: z * sigmoid(z),
            lambda z: 2 * sigmoid(z) - 1,
            lambda z: np.maximum(z, 0.0),
            lambda z: 1 / (1 + np.exp(-(np.asarray(z, dtype=float) ** 2))),
            lambda z: sigmoid(2 * np.asarray(z, dtype=float)) - 0.5,
        )
    }


def _naive_sigmoid(z: Any) -> Any:
    return np.exp(z) / (1 + np.exp(z))


def _naive_tanh(z: Any) -> Any:
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


def _naive_softmax(z: Any, epsilon: float = 0.0) -> Any:
    return np.exp(z) / (np.sum(np.exp(z), axis=0, keepdims=True) + epsilon)


def _mean_off(z: Any) -> Any:
    e = np.exp(z - np.mean(z, axis=0, keepdims=True))
    return e / np.sum(e, axis=0, keepdims=True)


class ExpOverflows(Misconception):
    """exp(710) is more than a float64 holds, and inf/inf is nan. Softmax does not change when each column
    loses its own largest logit, and then exp sees nothing above 0. For sigmoid let exp see only -|z|. The
    check sees right numbers, but nan at z = 1000.
    """

    code, name, equation, chapter = "K58", "exp overflows", "2.5", "02-nonlinearities"
    sentence = (
        "exp may only see numbers up to 0: for softmax take each column's largest logit off first, "
        "for sigmoid use -|z|"
    )
    hint = "What is np.exp(1000)?"
    snippet = "np.exp(z) / np.sum(np.exp(z), axis=0)"
    formulas: ClassVar[Formulas] = {
        "softmax": (
            _naive_softmax,
            _mean_off,
            lambda z: _naive_softmax(z, 1e-12),
            lambda z: _naive_softmax(z - z[:1]),
            lambda z: _naive_softmax(z - z[-1:]),
        ),
        "sigmoid": (
            _naive_sigmoid,
            lambda z: 1 - 1 / (1 + np.exp(z)) if np.max(z) < 700 else _naive_sigmoid(z),
        ),
        "g_prime": (
            lambda name, z: np.exp(-z) / (1 + np.exp(-z)) ** 2 if name == "sigmoid" else g_prime(name, z),
            lambda name, z: np.exp(z) / (1 + np.exp(z)) ** 2 if name == "sigmoid" else g_prime(name, z),
            lambda name, z: 1 - _naive_tanh(z) ** 2 if name == "tanh" else g_prime(name, z),
        ),
    }
    elsewhere: ClassVar[Formulas] = {
        "loss": (
            instead("sigmoid", lambda z, Y: np.sum(np.log(1 + np.exp(z)) - Y * z)),
            instead("sigmoid", lambda z, Y: np.sum(np.log(1 + np.exp(-z)) + (1 - Y) * z)),
            # The log of a quotient with both sums too large is nan in the same places.
            instead("softmax", lambda z, Y: np.sum(Y * (np.log(np.sum(np.exp(z), axis=0)) - z))),
        ),
    }


def _exp(z: Any) -> Any:
    """exp with each column's largest logit taken off first."""
    return np.exp(z - np.max(z, axis=0, keepdims=True))


OTHER_EXPONENTIALS: tuple[Callable[[Any], Any], ...] = (
    lambda z: np.exp(-np.asarray(z, dtype=float)),
    sigmoid,
    lambda z: np.exp(z / np.max(z, axis=0, keepdims=True)),
    lambda z: 2.0 ** (z - np.max(z, axis=0, keepdims=True)),
    lambda z: 10.0 ** (z - np.max(z, axis=0, keepdims=True)),
    lambda z: np.exp(np.abs(z)),
    np.abs,
    lambda z: np.maximum(z, 0.0),
    lambda z: z**2,
    lambda z: z - np.min(z, axis=0, keepdims=True),
)


class WrongSoftmaxQuotient(Misconception):
    """A probability is a share of the whole: exp(z_j) over the sum of them all. With another function for
    exp, another number below the line, or no division, the numbers are no such shares. Take exp of each logit
    as it is, and divide by the column's sum of these.
    """

    code, name, equation, chapter = "K59", "another quotient for softmax", "2.5", "02-nonlinearities"
    sentence = "Softmax is exp(z_j) over the column's sum of exp"
    hint = "What stands above the line, and what below it?"
    snippet = "np.exp(z) / np.max(np.exp(z), axis=0)"
    formulas: ClassVar[Formulas] = {
        "softmax": (
            lambda z: np.exp(z - np.max(z, axis=0, keepdims=True)),
            lambda z: z / np.sum(z, axis=0, keepdims=True),
            lambda z: z / np.sum(np.abs(z), axis=0, keepdims=True),
            lambda z: (
                z - np.max(z, axis=0) - np.log(np.sum(np.exp(z - np.max(z, axis=0)), axis=0, keepdims=True))
            ),
            lambda z: np.exp(z) / np.max(np.exp(z)),
            lambda z: np.exp(z),
            *(lambda z, e=e: e(z) / np.sum(e(z), axis=0, keepdims=True) for e in OTHER_EXPONENTIALS),
            lambda z: _exp(z) / np.exp(z).sum(axis=0, keepdims=True),
            lambda z: _exp(z) / np.sum(_exp(z)[:, :1], axis=0, keepdims=True),
            lambda z: _exp(z) / np.sum(_exp(z)[:, -1:], axis=0, keepdims=True),
            lambda z: _exp(z) / (1 + np.sum(_exp(z), axis=0, keepdims=True)),
            lambda z: np.exp(z) / (1 + np.sum(np.exp(z), axis=0, keepdims=True)),
            lambda z: np.exp(z) / (np.sum(np.exp(z), axis=0, keepdims=True) - np.exp(z)),
            # The same, where the difference is nothing but rounding.
            lambda z: _exp(z) / (np.sum(_exp(z), axis=0, keepdims=True) - _exp(z)),
            lambda z: _exp(z) / np.mean(_exp(z), axis=0, keepdims=True),
            lambda z: softmax(z) * (1 - softmax(z)),
            lambda z: _exp(z) / np.sqrt(np.sum(_exp(z) ** 2, axis=0, keepdims=True)),
            lambda z: np.exp(z) / np.sum(z, axis=0, keepdims=True),
            lambda z: _exp(z) / np.sum(z - np.max(z, axis=0, keepdims=True), axis=0, keepdims=True),
            lambda z: np.log(softmax(z)),
        )
    }


ENTRIES = (
    ExpSlopeFromItsInput,
    BiasForgottenOrMisplaced,
    WeightsTransposedForward,
    NonlinearityOfWrongLayer,
    ZAndAMixedUp,
    SigmoidMirrored,
    ExpOverflows,
    WrongSoftmaxQuotient,
    AnotherCurveForSigmoid,
    ElementwiseForMatrixProduct,
)
