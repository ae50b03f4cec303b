"""What slips in closed forms are told: softmax, log-softmax, losses from logits, normalisation."""

from collections.abc import Mapping

CLOSED_FORM_WORDS: Mapping[str, str] = {
    "softmax_diagonal": (
        "the gradient of `{text}` uses s (1 - s) entry by entry: softmax couples all entries"
    ),
    "softmax_no_sum": "in the gradient of softmax the sum over all entries is left out",
    "softmax_no_outer": "in the gradient of softmax the factor of softmax in front is left out",
    "softmax_handed_on": "the way back through softmax is left out",
    "softmax_plus": "in the gradient of softmax the sum is added where it is to be taken off",
    "softmax_unweighted": "in the gradient of softmax the sum lacks its weights",
    "softmax_sum_of_values": "in the gradient of softmax the sum is not multiplied by softmax",
    "softmax_sum_of_softmax": "in the gradient of softmax the incoming gradient is left out of the sum",
    "softmax_only_sum": "in the gradient of softmax the first term is left out",
    "no_yhat": "of the gradient of the loss only the target is left: the probabilities are left out",
    "no_exp": "the probabilities are worked out of the logits themselves, without the exponentials",
    "softmax_for_labels": (
        "what comes in for softmax is taken off softmax, as labels are in the gradient of a cross entropy"
    ),
    "softmax_twice": "softmax is taken of `{of}` twice, one after the other",
    "slope_at_one_term": "the slope of `{inner}` stands with one of the two terms only: it belongs to both",
    "softmax_minus": "the gradient of softmax has the wrong sign",
    "softmax_mean": "in the gradient of softmax a mean stands for the sum",
    "softmax_squared": "in the gradient of softmax the sum has the wrong weights",
    "softmax_diagonal_squared": "the gradient of softmax has the slope of tanh",
    "softmax_one_minus": "the gradient of softmax is 1 - s entry by entry: softmax couples all entries",
    "softmax_total": "in the gradient of softmax the sum goes over everything, not over one axis",
    "softmax_axis": "softmax is worked out over another axis than in the forward pass",
    "jacobian_axis": "in the gradient of softmax the sum goes over another axis",
    "log_softmax_logits": "in the gradient of the log-softmax the logits stand where softmax belongs",
    "log_softmax_exp": "in the gradient of the log-softmax the exponentials are not normalised",
    "log_softmax_extra_slope": "the gradient of the log-softmax has a slope s (1 - s) too many",
    "log_softmax_no_sum": "in the gradient of the log-softmax the second term is left out",
    "log_softmax_no_sum_of_g": "in the gradient of the log-softmax the incoming gradient is not summed",
    "log_softmax_times_g": (
        "in the gradient of the log-softmax the incoming gradient is not summed over all entries"
    ),
    "log_softmax_plus": "in the gradient of the log-softmax the second term has the wrong sign",
    "log_softmax_weighted": (
        "in the gradient of the log-softmax the sum has weights that it should not have"
    ),
    "log_softmax_of_log": (
        "in the gradient of the log-softmax stands the logarithm where softmax itself belongs"
    ),
    "log_softmax_mean": "in the gradient of the log-softmax a mean stands for the sum",
    "log_softmax_only_sum": "in the gradient of the log-softmax the first term is left out",
    "softmax_rule_for_log": "the gradient is softmax's own, not that of its logarithm",
    "log_sum_exp_one": "the gradient of log-sum-exp goes to the largest entry alone",
    "log_sum_exp_unnormalised": "the gradient of log-sum-exp is not divided by the sum",
    "log_sum_exp_all": "the gradient of log-sum-exp goes to every entry alike",
    "log_sum_exp_jacobian": ("the gradient of log-sum-exp has the slope of softmax, one derivative too many"),
    "log_sum_exp_minus": "the gradient of log-sum-exp has the wrong sign",
    "log_sum_exp_axis": "the gradient of log-sum-exp is normalised over another axis",
    "log_sum_exp_over_sum": "in the gradient of log-sum-exp the exponential above the line is left out",
    "z_for_yhat": "the logits stand where the probabilities belong",
    "no_target": "the target is left out of the gradient of the loss",
    "target_minus": "the sign of the loss's gradient is flipped",
    "only_true_row": "the wrong classes get a gradient too",
    "argmax_for_yhat": "a one-hot guess stands where the probabilities belong",
    "extra_slope": ("a slope too many: that of the output's nonlinearity is in the loss from logits already"),
    "gradient_of_yhat": "this is the gradient in the probabilities, not in the logits",
    "diagonal_of_jacobian": "softmax couples all entries: the diagonal alone is not its Jacobian",
    "log_for_yhat": "logarithms stand where the probabilities belong",
    "softmax_axis_of_loss": "softmax is taken over the wrong axis",
    "softmax_over_all": "softmax is taken over all examples at once",
    "exp_for_yhat": "exponentials that are not normalised stand where the probabilities belong",
    "sigmoid_for_softmax": "sigmoid stands where softmax belongs",
    "one_minus": "1 - target stands where the target belongs",
    "sizes_of_difference": "the difference has lost its signs",
    "only_positive_part": "only the part of the loss for targets of 1 has been differentiated",
    "only_negative_part": "only the part of the loss for targets of 0 has been differentiated",
    "rounded_yhat": "a rounded guess stands where the probability belongs",
    "tanh_for_sigmoid": "tanh stands where sigmoid belongs",
    "normalise_only_scale": (
        "only the direct path through the normalisation is there: mean and variance move too"
    ),
    "normalise_no_mean": "the path through the mean of the normalisation is left out",
    "normalise_no_variance": "the path through the variance of the normalisation is left out",
    "normalise_no_scale": "the division by the standard deviation is left out",
    "normalise_plus": "the path through the variance of the normalisation has the wrong sign",
    "normalise_plus_mean": "the path through the mean of the normalisation has the wrong sign",
    "normalise_variance": "the gradient is divided by the variance, not by the standard deviation",
    "normalise_half_variance": "the path through the variance of the normalisation counts half",
    "normalise_twice_variance": "the path through the variance of the normalisation counts twice",
    "normalise_times_scale": "the gradient is multiplied by the standard deviation instead of divided",
    "normalise_handed_on": "the way back through the normalisation is left out",
}
