"""Mistakes in Step 3, dW = (1/m) delta a_prev^T and db = (1/m) sum of delta's columns."""

from typing import Any, ClassVar

import numpy as np

from autograder.misconceptions import mean_loss
from autograder.misconceptions.misconception import Formulas, Misconception
from autograder.misconceptions.slots import LayerContext, SlotChanges, needs_net


def m(c: LayerContext) -> Any:
    """The number of examples."""
    return c.delta.shape[1]


def both(f: Any) -> dict[str, Any]:
    """The same divisor for dW and db."""
    return {"divide_dW": f, "divide_db": f}


class OutputForInput(Misconception):
    """W[l] multiplied a[l-1] in the forward pass, so its gradient is made of a[l-1]. a[l] has the shape of
    the layer's output, and the check sees a square dW, or on square nets the wrong numbers. Use the layer's
    input.
    """

    code, name, equation, chapter = "K22", "a[l] for a[l-1]", "7.1", "07-step-3"
    sentence = "Use the layer's input a[l-1]: that is what W[l] multiplied"
    hint = "What did W[l] multiply in the forward pass?"
    snippet = "dW[l] = delta[l] @ A[l].T / m"
    variants = ({"input": needs_net(lambda c: c.A[c.l])},)


class ZForA(Misconception):
    """z[l] = W[l] a[l-1] + b[l]: the weights multiply a[l-1], after g. The check sees layer 1 right (its
    input is X) and the others wrong. Take A[l-1], not Z[l-1].
    """

    code, name, equation, chapter = "K23", "z for a", "7.1", "07-step-3"
    sentence = "The weights saw a: a layer hands on g(z), not z"
    hint = "Is the layer's input taken before or after g?"
    snippet = "dW[l] = delta[l] @ Z[l - 1].T / m"
    variants = (
        {"input": needs_net(lambda c: c.Z[c.l - 1] if c.l > 1 else c.A[0])},
        {"input": needs_net(lambda c: c.Z[c.l])},
    )


class WeightGradientTransposed(Misconception):
    """W[l] is updated by dW[l] entry by entry, so the two have one shape: row i belongs to unit i of the
    layer, column j to its input j. The check sees the right numbers transposed. Write delta @ a_prev.T.
    """

    code, name, equation, chapter = "K24", "dW transposed", "7.1", "07-step-3"
    sentence = "A gradient has its variable's shape: yours is the transpose"
    hint = "Row i of W belongs to unit i: what does row i of your dW belong to?"
    credit = 0.5
    snippet = "dW = a_prev @ delta.T / m"
    variants = ({"outer": lambda delta, a: a @ delta.T},)


class ElementwiseForOuterProduct(Misconception):
    """Every weight joins one input to one unit, so dW pairs every entry of δ with every entry of a: an
    outer product. δ * a pairs them one to one, which works only where the shapes happen to fit. Write delta
    @ a_prev.T.
    """

    code, name, equation, chapter = "K25", "δ * a", "7.1", "07-step-3"
    sentence = "An outer product: every entry of δ meets every entry of a"
    hint = "How many weights has the layer, and how many numbers does your product give?"
    credit = 0.25
    snippet = "dW = delta * a_prev / m"
    variants = (
        {"outer": lambda delta, a: delta * a},
        {"outer": lambda delta, a: delta @ a},
        {"outer": lambda delta, a: delta.T @ a},
        {"outer": lambda delta, a: np.sum(delta * a, axis=1, keepdims=True)},
        {"outer": lambda delta, a: np.sum(delta * a)},
        # In a loop over units and examples.
        {"outer": lambda delta, a: delta * a[np.arange(len(delta))]},
    )


class SumForMean(Misconception):
    """J is the mean of the examples' losses, so ∇J is the mean of their gradients. A sum grows with the
    batch, and the learning rate would have to shrink with it. The check sees the right numbers times m.
    Divide by m, dW and db both.
    """

    code, name, equation, chapter = "K26", "sum for mean", "7.1", "07-step-3"
    sentence = "J averages over m: divide the sum over the examples by m"
    hint = "Duplicate every example: J stays as it is. Does your answer?"
    credit = 0.5
    snippet = "dW = delta @ a_prev.T"
    variants = (both(lambda c: 1),)
    elsewhere: ClassVar[Formulas] = {
        "loss": (mean_loss.total,),
    }


class DividedByMTwice(Misconception):
    """1/m enters once. Dividing δ by m already in Step 1, and then again in Step 3, gives 1/m². The check
    sees the right numbers over m; with one example nothing is wrong. Keep δ per example, and divide in Step
    3 alone.
    """

    code, name, equation, chapter = "K27", "1/m twice", "7.1", "07-step-3"
    sentence = "Once only: here the division by m happened more than once"
    hint = "How many of your lines divide by m, or take a mean over the examples?"
    credit = 0.5
    snippet = "delta = (A - Y) / m\ndW = delta @ a_prev.T / m"
    variants = (
        both(lambda c: m(c) ** 2),
        {"scale_1": lambda delta, context: delta / delta.shape[1]},
        {"scale_2": lambda delta, c: delta / delta.shape[1]},
    )
    within = ("layer_gradients", "backprop", "l2_backprop")
    elsewhere: ClassVar[Formulas] = {
        "loss": (lambda output, z, Y: mean_loss.total(output, z, Y) / z.shape[1] ** 2,),
    }


class DividedByUnits(Misconception):
    """m counts examples, the columns. shape[0] counts units. On a batch as wide as the layer the two agree,
    so a square test hides it. The check sees a factor m/n that changes from net to net. Take
    delta.shape[1].
    """

    code, name, equation, chapter = "K28", "divided by n for m", "7.1", "07-step-3"
    sentence = "Count examples: m is the number of columns"
    hint = "What does J average over, and along which axis does that lie?"
    credit = 0.5
    snippet = "m = delta.shape[0]"
    variants = (
        both(lambda c: c.delta.shape[0]),
        both(lambda c: c.a_prev.shape[0]),
        both(needs_net(lambda c: c.A[c.N].shape[0])),
        both(needs_net(lambda c: c.A[0].shape[0])),
        both(needs_net(lambda c: c.A[1].shape[0])),
        both(needs_net(lambda c: c.N)),
    )
    elsewhere: ClassVar[Formulas] = {
        "loss": (lambda output, z, Y: mean_loss.total(output, z, Y) / z.shape[0],),
    }


class LastExampleOnly(Misconception):
    """In a loop over the examples, `=` throws away what the examples before have given, and only the last
    one is left. With one example nothing is wrong. The check sees the last column's numbers. Start from
    zeros and write +=.
    """

    code, name, equation, chapter = "K29", "the last example only, = for +=", "7.1", "07-step-3"
    sentence = "Add every example: only the last one is left here"
    hint = "What does your sum hold after the second turn of the loop?"
    credit = 0.25
    snippet = "for i in range(m):\n    dW = delta[:, [i]] @ a_prev[:, [i]].T / m"
    variants = (
        {
            "outer": lambda delta, a: delta[:, -1:] @ a[:, -1:].T,
            "total": lambda delta: delta[:, -1:],
        },
        {
            "outer": lambda delta, a: delta[:, -1:] @ a[:, -1:].T * delta.shape[1],
            "total": lambda delta: delta[:, -1:] * delta.shape[1],
        },
    )
    elsewhere: ClassVar[Formulas] = {
        "loss": (
            lambda output, z, Y: mean_loss.total(output, z[:, -1:], Y[:, -1:]),
            lambda output, z, Y: mean_loss.total(output, z[:, -1:], Y[:, -1:]) / z.shape[1],
        ),
    }


def _column_sum(x: Any) -> Any:
    return np.sum(x, axis=1, keepdims=True)


def _some(kept: slice) -> SlotChanges:
    """Step 3 on these examples alone, over m all the same."""
    return {
        "outer": lambda delta, a: delta[:, kept] @ a[:, kept].T,
        "total": lambda delta: _column_sum(delta[:, kept]),
    }


class ExampleLeftOut(Misconception):
    """J averages over all m examples, and range(m - 1) or range(1, m) leaves one of them out. With one
    example alone nothing is left. The check sees the numbers of the other examples. Loop over range(m).
    """

    code, name, equation, chapter = "K123", "an example left out", "7.1", "07-step-3"
    sentence = "All m examples count, and one is missing from your sum"
    hint = "Which numbers does your loop's index take when m is 3?"
    credit = 0.25
    in_pairs = 1
    snippet = "for i in range(m - 1):\n    dW += delta[:, [i]] @ a_prev[:, [i]].T / m"
    variants = (_some(slice(-1)), _some(slice(1, None)))
    elsewhere: ClassVar[Formulas] = {
        "loss": (
            lambda output, z, Y: mean_loss.total(output, z[:, :-1], Y[:, :-1]) / z.shape[1],
            lambda output, z, Y: mean_loss.total(output, z[:, 1:], Y[:, 1:]) / z.shape[1],
        ),
    }


class ProductOfMeans(Misconception):
    """dW is the mean over the examples of δ aᵀ. The mean of products is not the product of the means: it
    loses how δ and a vary together over the batch. The check sees a dW of rank one, or 0.
    Multiply first (the @ does it), then divide by m.
    """

    code, name, equation, chapter = "K30", "mean(δ) · mean(a)ᵀ", "7.1", "07-step-3"
    sentence = "An average of products: multiply within each example first, then average"
    hint = "What becomes of your means where the δ of two examples are 1 and -1?"
    snippet = "dW = delta.mean(axis=1, keepdims=True) @ a_prev.mean(axis=1, keepdims=True).T"
    variants = (
        {"outer": lambda delta, a: _column_sum(delta) @ _column_sum(a).T / delta.shape[1]},
        {"outer": lambda delta, a: _column_sum(delta) @ _column_sum(a).T},
        {"outer": lambda delta, a: _column_sum(delta) @ _column_sum(a).T / delta.shape[1] ** 2},
    )


class BiasGradientNotSummed(Misconception):
    """All examples share one b, so its gradient gathers what each of them contributes. δ itself has a
    column per example. The check sees a db of δ's shape. Sum over axis 1 and divide by m.
    """

    code, name, equation, chapter = "K31", "db not summed", "7.2", "07-step-3"
    sentence = "One b, m contributions: add up δ's columns and divide by m"
    hint = "Each unit has one bias for all m examples: how many numbers has your db for it?"
    snippet = "db = delta"
    variants = ({"total": lambda delta: delta * delta.shape[1]}, {"total": lambda delta: delta})


class BiasGradientOverWrongAxis(Misconception):
    """Each unit has its own b, each example is a column: the sum runs along the row, axis 1, and keepdims
    keeps (n_l, 1). Axis 0 adds different units of one example. The check sees a db with m numbers. Use
    axis=1, keepdims=True.
    """

    code, name, equation, chapter = "K32", "db over the wrong axis", "7.2", "07-step-3"
    sentence = "Shape (n_l, 1): each unit's db is the mean of its own row of δ"
    hint = "Which axis of δ counts the examples?"
    snippet = "db = delta.sum(axis=0) / m"
    variants = (
        {"total": lambda delta: np.sum(delta, axis=0, keepdims=True)},
        {"total": lambda delta: np.sum(delta, axis=0)},
        {"total": lambda delta: np.sum(delta, axis=0)[:, None]},
        {"total": lambda delta: np.sum(delta, axis=1)[None, :]},
        {"total": lambda delta: np.mean(delta, axis=0, keepdims=True) * delta.shape[1]},
        {"total": lambda delta: np.mean(delta, axis=0) * delta.shape[1]},
        {"total": lambda delta: np.mean(delta, axis=0)[:, None] * delta.shape[1]},
    )


class ScalarBiasGradient(Misconception):
    """A layer has one b for each unit, not one for all. np.sum without an axis adds the units up as well.
    The check sees a single number. Sum over axis 1 and keep the dimension.
    """

    code, name, equation, chapter = "K33", "a scalar db", "7.2", "07-step-3"
    sentence = "One for each unit: sum over the examples alone, not over the units"
    hint = "Does every unit of the layer have the same gradient of its bias?"
    snippet = "db = np.sum(delta) / m"
    variants = (
        {"total": lambda delta: np.asarray(np.sum(delta))},
        {"total": lambda delta: np.asarray(np.mean(delta) * delta.shape[1])},
        {"total": lambda delta: np.full((1, 1), np.sum(delta))},
        {"total": lambda delta: np.full((1, 1), np.mean(delta) * delta.shape[1])},
        {"total": lambda delta: np.full((delta.shape[0], 1), np.sum(delta))},
        {"total": lambda delta: np.full((delta.shape[0], 1), np.mean(delta) * delta.shape[1])},
        {"total": lambda delta: np.full(1, np.sum(delta))},
    )


class DividedByMMinusOne(Misconception):
    """J is defined with 1/m. The m - 1 of a sample variance corrects for an estimated mean; nothing is
    estimated here. The check sees a factor m/(m - 1), and a division by zero for one example. Divide by m.
    """

    code, name, equation, chapter = "K50", "m - 1 for m", "7.1", "07-step-3"
    sentence = "J has 1/m, not 1/(m - 1)"
    hint = "What would your function give for one example, m = 1?"
    credit = 0.5
    snippet = "dW = delta @ a_prev.T / (m - 1)"
    variants = (both(lambda c: np.float64(m(c) - 1)), both(lambda c: max(m(c) - 1, 1)))
    elsewhere: ClassVar[Formulas] = {
        "loss": (
            lambda output, z, Y: mean_loss.total(output, z, Y) / np.float64(z.shape[1] - 1),
            lambda output, z, Y: mean_loss.total(output, z, Y) / max(z.shape[1] - 1, 1),
        ),
    }


class DividedByUnitsTimesM(Misconception):
    """Summing over the examples already joins them; np.mean over a whole product, or a division by
    delta.size, also averages over units. The check sees a factor that is the number of units. Divide by m
    alone.
    """

    code, name, equation, chapter = "K51", "divided by n · m", "7.1", "07-step-3"
    sentence = "Average over examples, not over units as well"
    hint = "How many examples are there, and what is delta.size?"
    credit = 0.5
    snippet = "dW = delta @ a_prev.T / delta.size"
    variants = (both(lambda c: c.delta.size), both(lambda c: c.a_prev.size))


class BiasGradientNotOfDelta(Misconception):
    """∂z/∂b is 1, so db is δ summed over the examples and divided by m, with no a in it. The check sees dW
    right and db wrong. Write delta.sum(axis=1, keepdims=True) / m.
    """

    code, name, equation, chapter = "K52", "db not the mean of δ", "7.2", "07-step-3"
    sentence = "∂z/∂b = 1: db is the mean of δ alone"
    hint = "z = Wa + b: how does z change with b?"
    snippet = "db = np.zeros_like(b)"
    variants = (
        {"total": lambda delta: np.zeros((delta.shape[0], 1))},
        {"summed": lambda delta, c: delta @ c.a_prev.T},
        {"summed": lambda delta, c: delta @ c.a_prev.T / len(c.a_prev)},
        {"total": lambda delta: np.median(delta, axis=1, keepdims=True) * delta.shape[1]},
        {"total": lambda delta: np.full((delta.shape[0], 1), delta.shape[1])},
        {"summed": lambda delta, c: delta * np.mean(c.a_prev, axis=0)},
        {"total": lambda delta: np.max(delta, axis=1, keepdims=True) * delta.shape[1]},
        {"total": lambda delta: np.sum(delta**2, axis=1, keepdims=True)},
    )


ENTRIES = (
    OutputForInput,
    ZForA,
    WeightGradientTransposed,
    ElementwiseForOuterProduct,
    SumForMean,
    DividedByMTwice,
    DividedByUnits,
    LastExampleOnly,
    ExampleLeftOut,
    ProductOfMeans,
    BiasGradientNotSummed,
    BiasGradientOverWrongAxis,
    ScalarBiasGradient,
    DividedByMMinusOne,
    DividedByUnitsTimesM,
    BiasGradientNotOfDelta,
)
