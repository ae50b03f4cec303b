"""A slip in words: true of the forward code, in the author's own names, and never the solution.

Each kind has one sentence, in which {of}, {path}, {text} … stand for the slip's names and {results} for the
gradients that it spoils ("dx", "dx and dgamma").
"""

from collections.abc import Mapping, Sequence

from autograder._language import _, n_
from autograder.slips.closed_form_words import CLOSED_FORM_WORDS
from autograder.slips.kinds import (
    CLOSED_FORM,
    FACTOR,
    MASK,
    MOVE,
    PATH,
    PRODUCT,
    RESULT,
    SLOPE,
    SUM,
    TURN,
    UPSTREAM,
    VALUE,
    Kind,
)

SENTENCES_BY_KIND: Mapping[Kind, Mapping[str, str]] = {
    PATH: {
        "path": "{results} {leaves} out the path through `{path}`",
        "path_into": "{results} {leaves} out the path on which `{of}` goes straight into `{text}`{on}",
        "constant": "{results} {treats} `{path}` as a constant: the path through it is left out",
        "only_path": (
            "of the paths from `{of}` only the one through `{path}` arrives in {results}, as if = stood "
            "where += is needed"
        ),
        "only_path_into": (
            "of the paths from `{of}` only the one straight into `{text}`{on} arrives in {results}, as if "
            "= stood where += is needed"
        ),
        "path_minus": "the path on which `{of}` goes straight into `{text}`{on} is subtracted, not added",
        "paths_multiplied": "what comes back to `{of}` on its paths is multiplied, and it is to be added up",
        "half_of_square": "`{text}` has its factor twice, and {results} {counts} it once: a 2 is missing",
    },
    TURN: {
        "first_turn": (
            "only the loop's first turn counts in {results} at `{path}`, as if = stood where += is needed"
        ),
        "last_turn": (
            "only the loop's last turn counts in {results} at `{path}`, as if = stood where += is needed"
        ),
        "turns_averaged": "what the loop's turns send back to `{of}` is averaged, and it is to be added up",
        "other_turn": (
            "on the way back through `{text}` to `{of}` stands the value of `{factor}` from another "
            "turn of the loop"
        ),
    },
    SLOPE: {
        "no_slope": "on the way back through `{f}` its slope is left out",
        "slope_twice": "the slope of `{f}` is taken twice",
        "value_for_slope": "the value of `{f}` stands where its slope belongs",
        "value_of_user": "the value of `{user}` stands where the slope of `{f}` belongs",
        "over_slope": "on the way back through `{f}` its slope divides instead of multiplying",
        "minus_slope": "the slope of `{f}` has the wrong sign",
        "slope_at_value": "the slope of `{f}` is taken at its value, not at its input `{x}`",
        "other_slope": "the slope of `{f}` is another one: it looks like {told}",
        "block_no_slope": "on the way back through `{f}` to `{x}` the slope is left out",
        "block_value": "the value of `{f}` stands where its slope in `{x}` belongs",
        "block_over": "on the way back through `{f}` to `{x}` the slope divides instead of multiplying",
        "block_at_value": "the slope of `{f}` in `{x}` is taken at its value, not at `{x}`",
        "block_too_many": "a slope like that of `{f}` is taken of `{of}`, which has no nonlinearity",
        "block_twice": "the slope of `{f}` in `{x}` is taken twice",
        "block_other_slope": "the slope of `{f}` in `{x}` is another one: it looks like {told}",
        "slope_added": "the slope of `{f}` is added to what comes in: it is to be multiplied with it",
        "slopes_multiplied": "the slope of the product `{text}` is taken as the product of the two slopes",
        "slopes_divided": "the slope of the quotient `{text}` is taken as the quotient of the two slopes",
        "slope_at_part": "the slope of `{f}` is taken at `{part}`, not at its whole input `{x}`",
        "block_signed_slope": "the slope of `{f}` in `{x}` has the sign of `{x}`, one factor too many",
        "block_past_on_path": "on the path through `{path}` the slope of `{f}` is left out",
    },
    FACTOR: {
        "no_minus": "the minus of `{text}` is lost on the way back to `{of}`",
        "no_factor": "the way back through `{text}` to `{of}` lacks the other factor `{factor}`",
        "own_factor": (
            "the way back through `{text}` to `{of}` multiplies by `{of}` itself, not by the other factor"
        ),
        "result_for_factor": (
            "the way back through `{text}` to `{of}` multiplies by the product itself, not by the other "
            "factor"
        ),
        "over_factor": "the way back through `{text}` to `{of}` divides by `{factor}` instead of multiplying",
        "factor_twice": "the way back through `{text}` to `{of}` has the factor `{factor}` twice",
        "minus_factor": "the way back through `{text}` to `{of}` has the wrong sign",
        "part_of_factor": "the way back through `{text}` to `{of}` has only a part of the factor `{factor}`: "
        "`{left_out}` is left out",
        "other_factor": (
            "the way back through `{text}` to `{of}` multiplies by `{other}` where `{factor}` belongs"
        ),
        "base_for_factor": (
            "the way back through `{text}` to `{of}` multiplies by `{other}` where its power `{factor}` "
            "belongs"
        ),
        "no_denominator": "the way back through `{text}` to `{above}` lacks the division by `{below}`",
        "times_denominator": (
            "the way back through `{text}` to `{above}` multiplies by `{below}` instead of dividing"
        ),
        "denominator_twice": "the way back through `{text}` to `{above}` divides by `{below}` twice",
        "value_of_quotient": "the value of `{text}` stands where its slope in `{above}` belongs",
        "minus_quotient": "the way back through `{text}` to `{above}` has the wrong sign",
        "root_of_denominator": "the way back through `{text}` to `{above}` divides by a root of `{below}`",
        "no_minus_of_quotient": (
            "the way back through `{text}` to its denominator `{below}` has lost its minus"
        ),
        "denominator_not_squared": (
            "the way back through `{text}` to its denominator `{below}` lacks the square of the denominator"
        ),
        "no_numerator": (
            "the way back through `{text}` to its denominator `{below}` lacks the numerator `{above}`"
        ),
        "denominator_left_out": (
            "the way back through `{text}` to its denominator `{below}` divides by nothing"
        ),
        "denominator_cubed": (
            "the way back through `{text}` to its denominator `{below}` divides once too often"
        ),
        "one_over_denominator": (
            "the way back through `{text}` to its denominator `{below}` treats the denominator as the "
            "numerator"
        ),
        "minus_one_over_denominator": (
            "the way back through `{text}` to its denominator `{below}` lacks the numerator and a power "
            "of the denominator"
        ),
        "quotient_unsigned": (
            "the way back through `{text}` to its denominator `{below}` has no minus and too low a "
            "power of the denominator"
        ),
    },
    SUM: {
        "not_summed": "the gradient of `{of}` is not summed{over_over}, though `{of}` is repeated there",
        "mean_for_sum": "the gradient of `{of}` is averaged{over_over} where it is to be summed",
        "summed_to_one": "the gradient of `{of}` is summed to a single number",
        "summed_and_spread": (
            "the gradient of `{of}` is summed over everything and has the same number in each entry"
        ),
        "flat": "the gradient of `{of}` has the right sums in the wrong shape",
        "kept": "the gradient of `{of}` has the right sums in the wrong shape",
        "last_only": "only the last entry{over_over} counts in the gradient of `{of}`",
        "first_only": "only the first entry{over_over} counts in the gradient of `{of}`",
        "other_axis": "the gradient of `{of}` is summed over the wrong axis",
        "summed_over_one_only": (
            "the gradient of `{of}` is summed over one axis only, and it is repeated over two"
        ),
        "no_one_over_n": "the mean `{text}` spreads its gradient evenly, and its 1/{n_or} is left out",
        "one_over_n_twice": "the 1/{n_or} of the mean `{text}` is there twice",
        "n_minus_one": "the mean `{text}` divides by {n_or}, and {results} by {n_or} - 1",
        "mean_of_nonzero": (
            "the mean `{text}` divides by {n_or}, and {results} by the number of its terms that aren't 0"
        ),
        "other_n": "the mean `{text}` divides by {n_or}, and {results} by another length",
        "mean_of_sum": "`{text}` is a sum, and {results} {divides} by the number of its terms",
        "all_get_it": (
            "every entry gets the gradient of `{text}`, and only the largest (or smallest) one decides it"
        ),
        "shared_evenly": (
            "the gradient of `{text}` is shared out evenly, and only the largest (or smallest) entry "
            "decides it"
        ),
        "times_value": "the gradient of `{text}` is multiplied by the value itself",
        "all_others": "the mask of `{text}` is the wrong way round",
        "ties_each": "entries that tie in `{text}` each get the whole gradient",
        "value_of_each": "the value of `{text}` stands where a mask of the entry that decides it belongs",
        "other_extreme": "the gradient of `{text}` goes to the entry at the other end",
        "first_gets_it": "the gradient of `{text}` goes to the first entry, whichever decides it",
        "largest_in_size": "the gradient of `{text}` goes to the entry that decides it without its sign",
        "last_of_all": "{results} {has} the last entry{over_over} alone in it: they are to be added up",
        "largest_only": "only one entry{over_over} counts in the gradient of `{of}`: they are to be added up",
    },
    VALUE: {
        "value_over_other_axis": (
            "the value of `{text}` is worked out over another axis than in the forward pass"
        ),
        "value_n_minus_one": "the value of `{text}` is worked out with {n_or} - 1 in place of {n_or}",
        "value_no_one_over_n": "the value of `{text}` is worked out as a sum: its 1/{n_or} is left out",
        "constant_left_out": "`{text}` is worked out without `{constant}`",
        "value_no_minus": "the minus of `{text}` is lost where its value is worked out",
        "added_nowhere": "`{term}` is left out wherever a value is worked out",
        "function_left_out": "`{text}` is left out where its value is worked out",
        "other_function": "`{text}` is worked out as {other}",
        "other_operation": "`{text}` is worked out with {wrong} in place of {sign}",
        "power_left_out": "`{text}` is worked out without its power",
        "size_for_power": "`{text}` is worked out as an absolute value, without its power",
        "function_too_many": "`{of}` goes through the function of `{f}`, and doesn't in the forward pass",
    },
    PRODUCT: {
        "factor_not_transposed": (
            "on the way back through `{text}` to `{of}` the factor `{factor}` is not transposed"
        ),
        "factors_swapped": (
            "on the way back through `{text}` to `{of}` the two factors stand in the other order"
        ),
        "factors_swapped_untransposed": (
            "on the way back through `{text}` to `{of}` the two factors stand in the other order, and "
            "`{factor}` is not transposed"
        ),
        "transposed_result": "the gradient of `{of}` from `{text}` comes out transposed",
        "upstream_transposed": (
            "on the way back through `{text}` to `{of}` the incoming gradient is transposed"
        ),
        "entry_by_entry": (
            "on the way back through `{text}` to `{of}` a product entry by entry stands for the matrix "
            "product"
        ),
        "sizes_of_factor": (
            "on the way back through `{text}` to `{of}` the factor `{factor}` has lost its signs"
        ),
        "own_value": "on the way back through `{text}` to `{of}` the factor is `{of}` itself",
        "no_matrix": "on the way back through `{text}` to `{of}` the factor `{factor}` is left out",
        "other_matrix": (
            "on the way back through `{text}` to `{of}` stands `{other}` where `{factor}` belongs"
        ),
        "not_transposed_back": "the transpose in `{text}` is not undone on the way back",
    },
    MASK: {
        "no_mask": "the mask of `{text}` is left out on the way back",
        "mask_inverted": "the mask of `{text}` is the wrong way round",
        "mask_of_upstream": "the mask of `{text}` is taken from the sign of the incoming gradient",
        "mask_of_both": "at `{text}` the incoming gradient is cut off where it is negative",
        "mask_by_sign": "the mask of `{text}` is a sign, -1 where 0 belongs",
        "mask_of_value": "the mask of `{text}` asks whether `{of}` is positive",
        "input_for_mask": "the value of `{of}` stands where the mask of `{text}` belongs",
        "value_for_mask": "the value of `{text}` stands where its mask belongs",
        "mask_of_operand": "the mask of `{text}` asks whether `{other}` is positive",
        "one_branch": "the slope of `{branch}` is taken everywhere on the way back through `{text}`",
        "branches_no_slope": "the way back through `{text}` is left out, with the slopes of its branches",
        "branch_value": "the value of `{branch}` stands where its slope belongs, in that branch of `{text}`",
        "branches_value": "the value of `{text}` stands where the slopes of its branches belong",
        "tie_all": "at the kink of `{text}` the whole gradient goes one way",
        "tie_none": "at the kink of `{text}` no gradient passes",
        "branches_exchanged": "the two branches of `{text}` are exchanged on the way back",
        "both_branches": "both branches of `{text}` get the whole gradient: the mask is left out",
    },
    MOVE: {
        "repeats_lost": (
            "`{text}` takes some entries several times, and only the last time counts in the gradient "
            "of `{of}`"
        ),
        "everywhere": "every entry of `{of}` gets the gradient of `{text}`, not only those that are taken",
        "slices_overwritten": (
            "the slices of `{of}` overlap, and their gradients overwrite one another, as if = stood where += "
            "is needed"
        ),
        "repeats_averaged": "`{text}` takes some entries several times, and their gradients are not added up",
        "slice_handed_on": "the gradient of `{text}` is handed on as if it were that of all of `{of}`",
        "other_order": "the reshape in `{text}` is undone in another order of the entries",
        "not_shaped_back": "the reshape in `{text}` is not undone",
        "axes_not_moved_back": "the axes that `{text}` moves are not moved back",
        "reshaped_for_transposed": (
            "the transpose in `{text}` is undone by a reshape, which keeps the order of the entries"
        ),
        "padding_kept": "the padding of `{text}` is not cut off on the way back",
        "padding_cut_at_end": "the padding of `{text}` is cut off at the end only",
        "not_reversed": (
            "the running sum `{text}` runs forward on the way back too: it has to run from the end"
        ),
        "not_flipped_back": "what `{text}` turns round is not turned back",
        "rolled_on": "what `{text}` shifts is shifted on, not back",
        "exchanged_parts": "the gradients of `{one}` and `{other}` are put into each other's part of `{of}`",
        "other_part": "`{of}` gets another part's slice of the gradient of `{text}`",
    },
    CLOSED_FORM: CLOSED_FORM_WORDS,
    RESULT: {
        "exchanged_results": "the gradients of `{one}` and `{other}` are exchanged",
        "minus": "{results} {has} the wrong sign",
        "twice": "{results} {is} twice what {it} should be",
        "half": "{results} {is} half of what {it} should be",
        "times_n": "{results} {is} {n} times what {it} should be",
        "over_n": "{results} {is} divided by {n}, once too often",
        "minus_over_n": "{results} {is} divided by {n} and {has} the wrong sign",
        "over_n_squared": "{results} {is} divided by {n} twice too often",
        "over_root_n": "{results} {is} divided by the root of {n} once too often",
        "times_root_n": "{results} {is} the root of {n} times what {it} should be",
        "twice_over_n": "{results} {has} a factor 2/{n} too many",
        "n_over_n_minus_one": "{results} {divides} by {n} - 1 where {n} belongs",
        "over_both": "{results} {is} divided by {n} and by {other}, once each too often",
        "one_n_for_other": "{results} {divides} by {other} where {n} belongs",
        "zero": "{results} {is} 0 throughout",
        "as_if_squared": (
            "{results} {is} that of half the squared error of `{value}`, and the loss is another"
        ),
        "as_if_matched": "{results} {is} `{value} - {target}`, as if this output matched its loss",
        "sizes": "{results} {has} the right sizes and no signs",
        "signs": "{results} {has} the right signs and no sizes",
        "transposed": "{results} {has} the right numbers, transposed",
        "flattened": "{results} {has} the right numbers in one row",
        "as_row": "{results} {has} the right numbers in another shape",
        "as_column": "{results} {has} the right numbers in another shape",
        "summed": "{results} {is} summed{over_n_text} and should not be",
        "averaged": "{results} {is} averaged{over_n_text} and should not be",
        "another_gradient": "what stands for the gradient of `{of}` is that of `{other}`",
        "gradient_of_other": "what stands for the gradient of `{of}` is the gradient in `{other}`",
        "times_value_of": "the gradient of `{of}` is multiplied by `{other}` once too often",
        "over_value_of": "the gradient of `{of}` is divided by `{other}` once too often",
        "value_for_gradient": "what stands for the gradient of `{of}` is the value of `{other}`",
        "mean_value_for_gradient": (
            "what stands for the gradient of `{of}` is the value of `{other}`, divided by {n_or}"
        ),
        "updated": "what comes back for `{of}` is `{of}` after a step, not its gradient",
    },
    UPSTREAM: {
        "no_upstream": "the incoming gradient is left out: {results} {is} what a gradient of ones would give",
        "mean_upstream": "only the mean of the incoming gradient is used",
        "other_upstream": (
            "on the way back through `{text}` to `{of}` stands the gradient of `{other}` where that of "
            "`{text}` belongs"
        ),
        "result_left_out": "the gradient that comes in for `{path}` is left out",
        "minus_from": "from `{path}` on, what goes back has the wrong sign",
        "twice_from": "from `{path}` on, what goes back is twice too large",
        "half_from": "from `{path}` on, what goes back is half of what it should be",
        "sizes_from": "what goes back at `{path}` has lost its signs",
        "over_n_from": "from `{path}` on, what goes back is divided by {n} once too often",
        "times_n_from": "from `{path}` on, what goes back is {n} times too large",
    },
}
SENTENCES = {kind: words for family in SENTENCES_BY_KIND.values() for kind, words in family.items()}
KIND_OF = {kind: family for family, words in SENTENCES_BY_KIND.items() for kind in words}

# The verbs of the sentences, as one or several gradients take them.
SINGULAR = {
    "leaves": "leaves",
    "treats": "treats",
    "counts": "counts",
    "divides": "divides",
    "has": "has",
    "is": "is",
    "it": "it",
}
PLURAL = {
    "leaves": "leave",
    "treats": "treat",
    "counts": "count",
    "divides": "divide",
    "has": "have",
    "is": "are",
    "it": "they",
}


def listed(names: Sequence[str]) -> str:
    """ "dx", "dx and dgamma", "dx, dgamma and dbeta"."""
    return _(" and ").join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""


def sentence(
    kind: str,
    names: Mapping[str, str],
    results: Sequence[str],
    everything: bool = False,
    given: bool = False,
) -> str:
    """The slip's sentence about these results (everything: they are all there are), its first letter a
    capital, without a stop at the end.

    given: the results are arguments of the exercise, not the student's.
    """
    verbs = SINGULAR if len(results) == 1 else PLURAL
    whose = n_("your {names}", "your {names}", len(results), names=listed(results))
    if given:
        whose = listed([f"`{name}`" for name in results])
    if everything and len(results) > 2:
        whose = _("all your gradients")
    over = names.get("over", "")
    n = names.get("n", "")
    values = {
        **names,
        **{key: _(verb) for key, verb in verbs.items()},
        "told": _(names.get("told", ""), x=names.get("x", "")),
        "results": whose,
        "over_over": _(" over {axis}", axis=over) if over else "",
        "n_or": n or "n",
        "over_n_text": _(" over {axis}", axis=n) if n else "",
    }
    found = _(SENTENCES[kind], **values)
    return found[:1].upper() + found[1:]
