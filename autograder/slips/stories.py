"""Slips that give the same numbers: which is the likeliest, and do all of them tell one story?"""

from autograder.slips.slip import Slip

# Kinds of equal rank that give the same numbers are told by the first of these; kinds of one line are one
# story.
STORIES: tuple[tuple[str, ...], ...] = (
    ("constant_left_out", "other_factor"),
    (
        "path",
        "constant",
        "path_into",
        "half_of_square",
        "result_left_out",
        "only_path",
        "only_path_into",
        "zero",
    ),
    ("not_summed", "mean_for_sum", "flat", "kept", "summed_to_one", "last_only", "last_of_all"),
    ("first_turn", "last_turn"),
    ("no_one_over_n", "one_over_n_twice", "n_minus_one", "other_n", "mean_of_sum"),
    ("exchanged_results", "transposed", "transposed_result", "flattened", "as_row", "as_column"),
    (
        "minus",
        "no_minus",
        "minus_from",
        "minus_slope",
        "minus_factor",
        "minus_quotient",
        "target_minus",
        "softmax_minus",
        "log_sum_exp_minus",
    ),
    (
        "twice",
        "half",
        "twice_from",
        "half_from",
        "times_n",
        "over_n",
        "times_n_from",
        "over_n_from",
        "one_n_for_other",
    ),
    ("branches_no_slope", "block_no_slope", "gradient_of_other"),
    ("branches_value", "block_value"),
    ("no_mask", "no_slope", "softmax_handed_on", "normalise_handed_on", "value_for_mask", "value_for_slope"),
)


def likelihood(slip: Slip) -> int:
    """Where its kind stands among those of its rank."""
    for i, line in enumerate(STORIES):
        if slip.kind in line:
            return 20 * i + line.index(slip.kind)
    return 20 * len(STORIES)


def place_of(slip: Slip) -> str:
    """The text of the operation at which it happens, "" where it is one of whole results."""
    return slip.names.get("text") or slip.names.get("f") or ""


def are_one_story(best: Slip, other: Slip) -> bool:
    """Is the best one's sentence true whichever of two slips that give the same numbers was made?"""
    if best.kind == other.kind or best.story == other.story:
        return True
    for line in STORIES:
        if best.kind in line:
            return other.kind in line or likelihood(other) > likelihood(best)
    return bool(place_of(best)) and place_of(best) == place_of(other)


FACTORS = {
    "minus",
    "twice",
    "half",
    "times_n",
    "over_n",
    "minus_over_n",
    "over_n_squared",
    "over_both",
    "one_n_for_other",
    "over_root_n",
    "times_root_n",
    "twice_over_n",
    "n_over_n_minus_one",
}
