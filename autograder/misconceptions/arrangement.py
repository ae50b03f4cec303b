"""Right numbers in another arrangement than asked: a pair in the other order, dicts with other keys."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, TypeAlias

import numpy as np

from autograder.misconceptions.gradient_checking import right_check
from autograder.misconceptions.misconception import Misconception, Rules
from autograder.misconceptions.residual_layer import right_delta as residual_delta
from autograder.misconceptions.slots import l2_gradients
from backprop import all_deltas, backprop, forward, layer_gradients

# The right answer -> the same numbers as they should not be arranged. TypeError, KeyError or ValueError for
# an answer that has no such arrangement.
Arrangement: TypeAlias = Callable[[Any], Any]


class Rearranged(Misconception):
    """A mistake of arrangement alone: the diagnosis arranges the right answer so, and compares.

    Without arrangements of its own it is another order of the results, which the diagnosis finds by itself.
    """

    arrangements: ClassVar[tuple[Arrangement, ...]] = ()


def _arranged(arrangement: Arrangement, right: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args: arrangement(right(*args))


def _swapped(answer: Any) -> Any:
    first, second = answer
    return second, first


def _reversed(answer: Any) -> Any:
    return answer[::-1]


def _softmax_atoms(z: Any, Y: Any) -> Any:
    E = np.exp(z)
    S = np.sum(E, axis=0, keepdims=True)
    U_bar = np.sum(Y, axis=0, keepdims=True)
    E_bar = U_bar / S * np.ones(np.shape(z))
    return U_bar, U_bar / S, E_bar, E_bar * E - Y


def _moved(by: int, layers: Any) -> dict[int, Any]:
    return {l + by: value for l, value in layers.items()}


def _both_moved(by: int, pair: Any) -> Any:
    return tuple(_moved(by, layers) for layers in pair)


def _one_moved(by: int, which: int, pair: Any) -> Any:
    return tuple(_moved(by, layers) if place == which else layers for place, layers in enumerate(pair))


def _alone_moved(by: int, answer: Any) -> Any:
    if not isinstance(answer, dict):
        raise TypeError("the answer is no dict of layers")
    return _moved(by, answer)


def _without_input(pair: Any) -> Any:
    Z, A = pair
    return Z, {l: a for l, a in A.items() if l != 0}


def _without_input_moved(pair: Any) -> Any:
    Z, A = _without_input(pair)
    return Z, _moved(-1, A)


def _all_without_input_moved(pair: Any) -> Any:
    return _both_moved(-1, _without_input(pair))


class PairInOtherOrder(Rearranged):
    """The statement says in which order the two results come back, and whoever calls the function unpacks
    them in that order: W - rate * dW then steps by db. The check sees the right numbers, each in the other's
    place. Write them in the statement's order.
    """

    code, name, equation, chapter = "K120", "the pair in the other order", "1.2", "01-forward"
    sentence = "Both results are right, but they come in the other order"
    hint = "Which of the two does the statement name first?"
    credit = 0.75
    snippet = "return A, Z"
    rules: ClassVar[Rules] = {
        "forward": _arranged(_swapped, forward),
        "residual_delta": _arranged(_swapped, residual_delta),
        "layer_gradients": _arranged(_swapped, layer_gradients),
        "backprop": _arranged(_swapped, backprop),
        "l2_backprop": _arranged(_swapped, partial(l2_gradients, {})),
        "gradient_check": _arranged(_swapped, right_check),
    }


class ResultsInAnotherOrder(Rearranged):
    """The statement says in which order the results come back, and whoever calls the function unpacks them in
    that order. The check sees the right numbers, each in another's place. Write them in the statement's
    order.
    """

    code, name, equation, chapter = "K129", "the results in another order", "12.1", "12-graphs"
    sentence = "All results are right, but they come in another order"
    hint = "In which order does the statement name them?"
    credit = 0.75
    snippet = "return z_bar, E_bar, S_bar, U_bar"
    rules: ClassVar[Rules] = {"softmax_atoms": _arranged(_reversed, _softmax_atoms)}


class InputNotInA(Rearranged):
    """A[0] is the input X. It is part of the cache: layer 1's gradient is made of it. The check sees every
    other number right, and no key 0 in A. Begin with A = {0: X}.
    """

    code, name, equation, chapter = "K121", "A without its key 0", "1.2", "01-forward"
    sentence = "A[0] is missing: it is the input X"
    hint = "What does A[l - 1] mean for the first layer?"
    credit = 0.75
    snippet = "Z, A = {}, {}"
    arrangements = (_without_input,)
    rules: ClassVar[Rules] = {"forward": _arranged(_without_input, forward)}


class KeysOneOff(Rearranged):
    """Layers are counted from 1 to N, as on the slides; 0 is the input, which has no z, no W and no δ. A loop
    over range(N) counts from 0, and every layer gets its neighbour's key. The check sees the right numbers
    under keys that are one off. Loop over range(1, N + 1).
    """

    code, name, equation, chapter = "K122", "every key one off", "1.2", "01-forward"
    sentence = (
        "A dict is asked for whose keys are the layers, from 1 to N: your numbers of the layers are one off"
    )
    hint = "Which number has the first layer in W?"
    credit = 0.75
    snippet = "for l in range(N):\n    Z[l] = W[l + 1] @ a + b[l + 1]"
    arrangements = (
        *(partial(_alone_moved, by) for by in (-1, 1)),
        *(partial(_both_moved, by) for by in (-1, 1)),
        *(partial(_one_moved, by, which) for by in (-1, 1) for which in (0, 1)),
        _without_input_moved,
        _all_without_input_moved,
    )
    rules: ClassVar[Rules] = {
        "forward": _arranged(partial(_one_moved, -1, 0), forward),
        "all_deltas": _arranged(partial(_alone_moved, -1), all_deltas),
        "backprop": _arranged(partial(_both_moved, -1), backprop),
        "l2_backprop": _arranged(partial(_both_moved, -1), partial(l2_gradients, {})),
    }


ENTRIES = (PairInOtherOrder, InputNotInA, KeysOneOff, ResultsInAnotherOrder)
REARRANGED: tuple[type[Rearranged], ...] = ENTRIES
