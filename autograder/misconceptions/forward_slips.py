"""More mistakes on the way forward: something too many or left out, something done to W, b, X or z."""

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from autograder.misconceptions.forward_pass import forward_with
from autograder.misconceptions.misconception import Formulas, Misconception
from autograder.misconceptions.residual_layer import with_back
from autograder.misconceptions.slots import SlotChanges, WrongFormula, in_every_branch, needs_net
from autograder.misconceptions.step_2 import SHARES
from backprop import g, sigmoid, softmax


class NonlinearityTooEarly(Misconception):
    """Two lines make a layer: first z = Wa + b, then a = g(z). affine is the first of them alone, so its
    numbers may be negative and of any size. The check sees numbers that a nonlinearity has bent already.
    Return the sum itself, and leave g to the next line.
    """

    code, name, equation, chapter = "K80", "g applied where z is asked for", "1.1", "01-forward"
    sentence = "z is asked for, before any nonlinearity: return Wa + b itself"
    hint = "Which numbers can z be, and which can your answer be?"
    credit = 0.25
    snippet = "return np.maximum(0, W @ a_prev + b)"
    variants = (
        {"finish": lambda z, c: np.maximum(z, 0)},
        {"finish": lambda z, c: sigmoid(z)},
        {"finish": lambda z, c: np.tanh(z)},
        {"finish": lambda z, c: softmax(z)},
        {"finish": lambda z, c: np.where(z > 0, z, 0.01 * z)},
        {"finish": lambda z, c: (z > 0) * 1.0},
        {"finish": lambda z, c: np.exp(z)},
    )
    within = ("affine",)


class AddedSeveralTimes(Misconception):
    """A unit adds up its inputs, each times its weight, and then adds b, one time. If b stands inside the
    loop over the inputs, it is added once for each of them. The check sees z too large by a multiple of b.
    Add b after the loop, in one place of your code.
    """

    code, name, equation, chapter = "K81", "b, or Wa, more than once", "1.1", "01-forward"
    sentence = "Wa and b enter each z once"
    hint = "How often does your code add b to one z? Is it inside a loop over the inputs?"
    credit = 0.25
    in_pairs = 2
    snippet = "for j in range(n_prev):\n    z[i] += W[i, j] * a_prev[j] + b[i]"
    variants = (
        {"bias": lambda product, c: product + 2 * c.b},
        {"bias": lambda product, c: product + c.W.shape[1] * c.b},
        {"bias": lambda product, c: product + c.a_prev.shape[1] * c.b},
        {"bias": lambda product, c: product + c.W.shape[0] * c.b},
        {"bias": lambda product, c: 2 * product + c.b},
        {"bias": lambda product, c: 2 * (product + c.b)},
    )


class DividedForward(Misconception):
    """z is a sum over the inputs, and each example has its own. Neither the number of inputs nor the number
    of examples divides it: a mean over the m examples is taken of the losses, at the very end. The check
    sees the right numbers, or a part of them, over m or over n. Take the division out.
    """

    code, name, equation, chapter = "K82", "a division on the way forward", "1.1", "01-forward"
    sentence = "Nothing is divided on the way forward: z = Wa + b is a sum"
    hint = "Does the z of one example change when another joins the batch?"
    credit = 0.5
    in_pairs = 2
    snippet = "z = W @ a_prev / m + b"
    variants = (
        {"bias": lambda product, c: product + c.b / c.a_prev.shape[1]},
        {"product": lambda W, a: W @ a / a.shape[1]},
        {"product": lambda W, a: W @ a / W.shape[1]},
        {"finish": lambda z, c: z / c.a_prev.shape[1]},
        {"finish": lambda z, c: z / c.W.shape[1]},
        {"finish": lambda z, c: z / c.W.shape[0]},
        {"bias": lambda product, c: product + c.b / c.W.shape[1]},
        {"bias": lambda product, c: product + c.b / c.W.shape[0]},
        {"product": lambda W, a: W @ a / W.shape[0]},
        {"activate": lambda z, c: g(c.hidden, z) / z.shape[1]},
        {"activate_last": lambda z, c: g(c.output, z) / z.shape[1]},
    )


def _back_from(units: slice) -> WrongFormula:
    return with_back(lambda W, delta_z: W[units].T @ delta_z[units])


class PartOfTheSum(Misconception):
    """Every unit of one side is joined to every unit of the other, so z and Wᵀδ are sums over all of them.
    In a loop, = throws away what came before it, a return inside the loop comes too early, and range(n - 1)
    or range(1, n) leaves a unit out. The check sees the numbers of a part of the sum. Start from 0, add with
    +=, and go from the first unit to the last.
    """

    code, name, equation, chapter = "K83", "part of the sum only, = for +=", "1.1", "01-forward"
    sentence = "The sum runs over all units on the other side, and yours leaves some out"
    hint = "What does your sum hold after the first turn of the loop, and what after the last?"
    credit = 0.25
    in_pairs = 4
    snippet = "for j in range(n_prev):\n    z[i] = W[i, j] * a_prev[j]   # = for +="
    variants = (
        {"product": lambda W, a: W[:, -1:] @ a[-1:]},
        {"product": lambda W, a: W[:, :1] @ a[:1]},
        {"product": lambda W, a: W[:, :-1] @ a[:-1]},
        {"product": lambda W, a: W[:, 1:] @ a[1:]},
        {"back": lambda c: c.W_next[-1:].T @ c.delta_next[-1:]},
        {"back": lambda c: c.W_next[:1].T @ c.delta_next[:1]},
        {"back": lambda c: c.W_next[:-1].T @ c.delta_next[:-1]},
        {"back": lambda c: c.W_next[1:].T @ c.delta_next[1:]},
    )
    elsewhere: ClassVar[Formulas] = {
        "residual_delta": tuple(map(_back_from, (slice(-1, None), slice(1), slice(-1), slice(1, None)))),
    }


class WeightsChangedForward(Misconception):
    """A weight says how strongly an input counts, and with which sign: a negative one pushes z down. |W|,
    squares, or weights made to sum to 1 are other weights. The check sees the numbers of the changed
    matrix. Use W itself.
    """

    code, name, equation, chapter = "K84", "|W|, or normalised W, on the way forward", "1.1", "01-forward"
    sentence = "Use W as it is, with its signs and its sizes"
    hint = "If a weight is negative and its input grows, should z rise or fall?"
    in_pairs = 1
    snippet = "z = np.abs(W) @ a_prev + b"
    variants = (
        {"product": lambda W, a: np.abs(W) @ a},
        {"product": lambda W, a: W**2 @ a},
        {"product": lambda W, a: np.maximum(W, 0) @ a},
        {"product": lambda W, a: -W @ a},
        {"product": lambda W, a: (W - np.mean(W)) @ a},
        {"product": lambda W, a: np.clip(W, -1, 1) @ a},
        *({"product": lambda W, a, share=share: share(W) @ a} for share in SHARES),
    )


class NonlinearityTwice(Misconception):
    """z goes into g once, and what comes out is a. Putting a into g again bends it a second time. ReLU hides
    it: what it has cut off once stays as it is. The check sees sigmoid, tanh or softmax wrong. Look whether
    what you give to g has been through g already.
    """

    code, name, equation, chapter = "K85", "g applied twice", "1.2", "01-forward"
    sentence = "g is applied once: what comes out of it does not go in again"
    hint = "Is what you give to g a z or already an a?"
    in_pairs = 1
    snippet = "a = g(hidden, g(hidden, z))"
    variants = (
        {"activate": in_every_branch(lambda z, c: g(c.hidden, g(c.hidden, z)))},
        {"activate_last": in_every_branch(lambda z, c: g(c.output, g(c.output, z)))},
        {"yhat": lambda output, z: g(output, g(output, z))},
    )
    formulas: ClassVar[Formulas] = {
        "forward": (
            lambda W, b, X, hidden, output: forward_with(
                W, b, X, lambda z: g(hidden, g(hidden, z)), lambda z: g(output, g(output, z))
            ),
        ),
        "sigmoid": (lambda z: sigmoid(sigmoid(z)),),
        "softmax": (lambda z: softmax(softmax(z)),),
    }


class InputChanged(Misconception):
    """The input layer computes nothing: a[0] is x, number for number. A nonlinearity, a mean taken off or a
    division belong to another network, or to the preparation of the data, which is done before. The check
    sees A[0] wrong, and Z[1] with it. Start with A = {0: X}.
    """

    code, name, equation, chapter = "K86", "X changed before layer 1", "1.2", "01-forward"
    sentence = "A[0] is X as it is given"
    hint = "Which of your lines does something to X before layer 1?"
    in_pairs = 1
    snippet = "A = {0: g(hidden, X)}"
    variants = (
        {"start": lambda X, hidden: g(hidden, X)},
        {"start": lambda X, hidden: X - np.mean(X, axis=1, keepdims=True)},
        {
            "start": lambda X, hidden: (
                (X - np.mean(X, axis=1, keepdims=True)) / np.std(X, axis=1, keepdims=True)
            )
        },
        {"start": lambda X, hidden: sigmoid(X)},
        {"start": lambda X, hidden: np.tanh(X)},
        {"start": lambda X, hidden: np.maximum(X, 0)},
        {"start": lambda X, hidden: X / X.shape[1]},
        {"start": lambda X, hidden: X / np.max(X)},
        {"start": lambda X, hidden: X / np.max(np.abs(X))},
        {"start": lambda X, hidden: X - np.mean(X)},
        {"start": lambda X, hidden: X - np.mean(X, axis=0, keepdims=True)},
        {"start": lambda X, hidden: (X - np.mean(X)) / np.std(X)},
        {"start": lambda X, hidden: X / np.linalg.norm(X)},
        {"start": lambda X, hidden: X / np.linalg.norm(X, axis=0, keepdims=True)},
        {"start": lambda X, hidden: np.abs(X)},
    )


LIKE_RELU: tuple[Callable[[Any], Any], ...] = (
    *(lambda z, s=s: np.where(z > 0, z, s * z) for s in (0.01, 0.1, 0.2, 0.001)),
    np.abs,
    lambda z: np.minimum(z, 0),
    lambda z: (z > 0) * 1.0,
    lambda z: np.logaddexp(0, z),
    lambda z: np.where(z > 0, z, np.exp(np.minimum(z, 0)) - 1),
    lambda z: np.clip(z, 0, 1),
    lambda z: np.clip(z, 0, 6),
    lambda z: np.maximum(z, 1),
)


class AnotherCurveForRelu(Misconception):
    """ReLU cuts off what is below 0 and leaves the rest as it is. Leaky ReLU keeps a little of it, softplus
    rounds the corner, |z| turns it over: they are nonlinearities of their own. The check sees a wrong A with
    relu, and Z right up to there. Write np.maximum(z, 0).
    """

    code, name, equation, chapter = "K127", "another curve for ReLU", "1.2", "01-forward"
    sentence = "ReLU is max(0, z): z itself where z > 0, and 0 elsewhere"
    hint = "What does your ReLU give at z = -2, and what at z = 9?"
    in_pairs = 1
    snippet = "A[l] = np.where(Z[l] > 0, Z[l], 0.01 * Z[l])   # for relu"
    variants = tuple(
        {"activate": lambda z, c, f=f: f(z) if c.hidden == "relu" else g(c.hidden, z)} for f in LIKE_RELU
    )


def _length(a: Any) -> Any:
    return np.linalg.norm(a, axis=0, keepdims=True)


class InputOfLayerChanged(Misconception):
    """z is a weighted sum of the layer's inputs: a negative input pushes z the other way, and one twice as
    large pushes twice as hard. |a|, squares, inputs of unit length or inputs that went through g are other
    inputs. The check sees the numbers of these. Multiply W by a_prev itself.
    """

    code, name, equation, chapter = "K132", "the layer's inputs changed before W", "1.1", "01-forward"
    sentence = "W multiplies a as it is given, with its signs and its sizes"
    hint = "Multiply every input by -2, with b = 0: what should become of z, and what becomes of yours?"
    in_pairs = 0
    snippet = "z = W @ np.abs(a_prev) + b"
    variants = (
        {"fed": lambda c: np.abs(c.a_prev)},
        {"fed": lambda c: c.a_prev / _length(c.a_prev)},
        {"fed": lambda c: c.a_prev**2},
        {"fed": lambda c: c.a_prev / np.max(np.abs(c.a_prev), axis=0, keepdims=True)},
        {"fed": lambda c: c.a_prev / np.sum(c.a_prev, axis=0, keepdims=True)},
        {"fed": lambda c: np.maximum(c.a_prev, 0)},
        {"fed": needs_net(lambda c: g(c.hidden, c.a_prev) if c.l == 1 else c.a_prev)},
    )


def _sum_times_sum(W: Any, x: Any) -> Any:
    return np.sum(W, axis=1, keepdims=True) * np.sum(x, axis=0, keepdims=True)


class SumTimesSum(Misconception):
    """Each weight belongs to one pair of units: it multiplies what comes from the one, and the products are
    added up at the other. The sum of the weights times the sum of the numbers has lost who belongs to whom.
    The check sees numbers that don't change when two of the units are exchanged. Multiply first, and add
    then: that is what @ does.
    """

    code, name, equation, chapter = "K133", "a sum times a sum for the matrix product", "1.1", "01-forward"
    sentence = "Multiply first and add then: a sum of products, not a sum times a sum"
    hint = "Exchange two numbers that W is multiplied with: should your answer change?"
    in_pairs = 0
    snippet = "z = W.sum(axis=1, keepdims=True) * a_prev.sum(axis=0) + b"
    variants = (
        {"product": _sum_times_sum},
        {"back": lambda c: _sum_times_sum(c.W_next.T, c.delta_next)},
    )
    elsewhere: ClassVar[Formulas] = {
        "residual_delta": (with_back(lambda W, delta_z: _sum_times_sum(W.T, delta_z)),)
    }


def _bias_where(layers: WrongFormula) -> SlotChanges:
    return {"bias": needs_net(lambda product, c: product + (c.b if layers(c.l, c.N) else 0 * c.b))}


class BiasInSomeLayersOnly(Misconception):
    """Each layer has weights and a bias of its own, the first and the last like those between. The check
    sees some layers right, and others off by just their b. Write the layer once, Z[l] = W[l] @ A[l - 1] +
    b[l], and let the loop do all layers by it.
    """

    code, name, equation, chapter = "K87", "the bias in some layers only", "1.1", "01-forward"
    sentence = "Every layer adds its own b[l], from layer 1 to layer N"
    hint = "In which layers does your code add b?"
    credit = 0.25
    in_pairs = 2
    snippet = "Z[1] = W[1] @ X   # and b[1]?"
    variants = (
        _bias_where(lambda l, N: l > 1),
        _bias_where(lambda l, N: l < N),
        _bias_where(lambda l, N: l == 1),
        _bias_where(lambda l, N: l == N),
        _bias_where(lambda l, N: l not in (1, N)),
        _bias_where(lambda l, N: l in (1, N)),
        _bias_where(lambda l, N: l != 2),
        _bias_where(lambda l, N: l > 1 or N == 1),
        _bias_where(lambda l, N: l < N or N == 1),
    )


def _bias_after(Z_has_it: bool) -> WrongFormula:
    def wrong(W: Any, b: Any, X: Any, hidden: str, output: str) -> Any:
        Z, A = {}, {0: X}
        for l in range(1, max(W) + 1):
            product = W[l] @ A[l - 1]
            Z[l] = product + b[l] if Z_has_it else product
            A[l] = g(output if l == max(W) else hidden, product) + b[l]
        return Z, A

    return wrong


class BiasAfterNonlinearity(Misconception):
    """b shifts z, so that g is steep or flat at another place; added to a it only shifts what came out. The
    check sees a off by b, for sigmoid even outside of 0 to 1. Finish z = Wa + b first, and then take g of
    it.
    """

    code, name, equation, chapter = "K88", "the bias added after g", "1.2", "01-forward"
    sentence = "b is added before g: a = g(Wa + b)"
    hint = "What goes into your g: is b in it?"
    snippet = "a = g(hidden, W @ a_prev) + b"
    formulas: ClassVar[Formulas] = {"forward": (_bias_after(False), _bias_after(True))}


class ExamplesMixed(Misconception):
    """Every column is an example by itself, on the way forward and on the way back: z, a and δ have a column
    for each. Only dW, db and J bring the examples together. The check sees columns that depend on one
    another, and with a single example often nothing. Take the sum or the mean over axis 1 out.
    """

    code, name, equation, chapter = "K89", "the examples mixed", "1.1", "01-forward"
    sentence = "Each column is an example by itself: nothing is summed or averaged over the columns here"
    hint = "Change one column of the input: which columns of your answer change?"
    in_pairs = 0
    snippet = "z = W @ a_prev.mean(axis=1, keepdims=True) + b"
    variants = (
        {"fed": lambda c: np.mean(c.a_prev, axis=1, keepdims=True)},
        {"fed": lambda c: c.a_prev - np.mean(c.a_prev, axis=1, keepdims=True)},
        {"fed": lambda c: np.broadcast_to(np.mean(c.a_prev, axis=1, keepdims=True), c.a_prev.shape)},
        {"fed": lambda c: np.sum(c.a_prev, axis=1, keepdims=True)},
        {"fed": lambda c: np.broadcast_to(np.sum(c.a_prev, axis=1, keepdims=True), c.a_prev.shape)},
        *(
            {"scale_1": lambda delta, context, f=f: 0 * delta + f(delta, axis=1, keepdims=True)}
            for f in (np.mean, np.sum)
        ),
        *(
            {"scale_1": lambda delta, context, f=f: f(delta, axis=1, keepdims=True)}
            for f in (np.mean, np.sum)
        ),
        *(
            {"scale_2": lambda delta, c, f=f: 0 * delta + f(delta, axis=1, keepdims=True)}
            for f in (np.mean, np.sum)
        ),
        *({"scale_2": lambda delta, c, f=f: f(delta, axis=1, keepdims=True)} for f in (np.mean, np.sum)),
        *(
            {"back": lambda c, f=f: c.W_next.T @ f(c.delta_next, axis=1, keepdims=True)}
            for f in (np.mean, np.sum)
        ),
        {"join": lambda back, slope, c: back * np.mean(slope, axis=1, keepdims=True)},
        {"join": lambda back, slope, c: back * np.sum(slope, axis=1, keepdims=True)},
    )


ENTRIES = (
    NonlinearityTooEarly,
    AddedSeveralTimes,
    DividedForward,
    PartOfTheSum,
    WeightsChangedForward,
    NonlinearityTwice,
    InputChanged,
    AnotherCurveForRelu,
    InputOfLayerChanged,
    SumTimesSum,
    BiasInSomeLayersOnly,
    BiasAfterNonlinearity,
    ExamplesMixed,
)
