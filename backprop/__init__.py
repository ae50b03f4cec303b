"""Backpropagation by hand: the forward pass, the losses, and the three-step recipe for every gradient."""

from backprop.activations import HIDDEN, OUTPUTS, g, g_prime, identity, relu, sigmoid, softmax, tanh
from backprop.autodiff import Node, gather
from backprop.finite_difference import central_difference, finite_difference
from backprop.losses import log_sum_exp, loss, losses
from backprop.network import affine, forward, initialise
from backprop.recipe import all_deltas, backprop, hidden_delta, layer_gradients, output_delta
from backprop.training import accuracy, batches, step, train

# Other distributions have a `backprop` too: deltabook looks for this line.
__distribution__ = "deltabook"
__all__ = [
    "HIDDEN",
    "OUTPUTS",
    "Node",
    "accuracy",
    "affine",
    "all_deltas",
    "backprop",
    "batches",
    "central_difference",
    "finite_difference",
    "forward",
    "g",
    "g_prime",
    "gather",
    "hidden_delta",
    "identity",
    "initialise",
    "layer_gradients",
    "log_sum_exp",
    "loss",
    "losses",
    "output_delta",
    "relu",
    "sigmoid",
    "softmax",
    "step",
    "tanh",
    "train",
]
