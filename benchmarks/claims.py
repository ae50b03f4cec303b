"""What the book says about the experiments of chapters 9 to 11, sentence by sentence, and what each sentence claims.

A claim is asked of the table of one experiment: of the book's own seeds in the tests, of others in experiments.py.
So its limits leave room for another twenty seeds, and no more: a sentence that needs luck is none for the book.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Rows: TypeAlias = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Claim:
    """A sentence of a page, the experiment whose table it speaks of, and a test of that table.

    test gives whether the sentence holds, and the numbers that it was decided by.
    """

    page: str
    sentence: str
    experiment: str
    test: Callable[[Rows], tuple[bool, str]]


def column(rows: Rows, name: str, **where: str) -> NDArray:
    """One column as numbers, in the order of the seeds, of the rows with these values elsewhere."""
    chosen = [row for row in rows if all(row[key] == value for key, value in where.items())]
    chosen.sort(key=lambda row: int(row["seed"]))
    return np.array([float(row[name]) for row in chosen])


def _share(condition: NDArray) -> float:
    return float(np.mean(condition))


# ---- chapter 9

BUGS = ("g' left out of Step 2", "g'(a) for g'(z)", "an extra g' at the output", "layer 1 frozen")


def _scores(rows: Rows, variant: str) -> NDArray:
    return column(rows, "accuracy", variant=variant)


def _less_than_one_point(rows: Rows) -> tuple[bool, str]:
    right, bug = _scores(rows, "right"), _scores(rows, BUGS[0])
    lost = float(np.mean(right - bug))
    return 0.002 < lost < 0.01, f"loses {lost:.4f} on average"


def _smaller_than_the_spread(rows: Rows) -> tuple[bool, str]:
    right = _scores(rows, "right")
    lost = float(np.mean(right - _scores(rows, BUGS[0])))
    between = float(right.std(ddof=1) * np.sqrt(2))
    return lost < between, f"loses {lost:.4f}; two runs of the right code differ by about {between:.4f}"


def _mostly_worse(rows: Rows) -> tuple[bool, str]:
    gap = np.round(_scores(rows, BUGS[0]) - _scores(rows, "right"), 4)
    worse, better = _share(gap < 0), _share(gap > 0)
    return worse >= 0.65 and better <= 0.25, f"worse in {worse:.0%}, better in {better:.0%}"


def _often_for_nothing(rows: Rows) -> tuple[bool, str]:
    gap = np.round(_scores(rows, BUGS[1]) - _scores(rows, "right"), 4)
    free, lost = _share(gap >= 0), -float(np.mean(gap))
    return free >= 0.2 and 0 < lost < 0.005, f"costs nothing in {free:.0%}, loses {lost:.4f} on average"


def _higher_loss(rows: Rows) -> tuple[bool, str]:
    right = column(rows, "J_after", variant="right")
    higher = [_share(column(rows, "J_after", variant=bug) > right) for bug in BUGS]
    return min(higher) == 1, f"higher in {', '.join(f'{share:.0%}' for share in higher)}"


def _below_one_layer(rows: Rows) -> tuple[bool, str]:
    means = [float(np.mean(_scores(rows, bug))) for bug in BUGS]
    below = max(means[2:]) < 0.96 and min(means[:2]) > 0.96
    return below, ", ".join(f"{mean:.3f}" for mean in means)


def _every_loss_fell(rows: Rows) -> tuple[bool, str]:
    ratio = column(rows, "J_after") / column(rows, "J_before")
    frozen = float(np.mean(_scores(rows, BUGS[3])))
    return bool(
        ratio.max() < 0.5
    ) and 0.87 < frozen < 0.93, f"J fell to {ratio.max():.2f} at most; {frozen:.3f}"


# ---- chapter 10

EVEN, REST = "nearly equal", "a rest of three"


def _three_do_harm(rows: Rows) -> tuple[bool, str]:
    rise, fall = (column(rows, name, cut=REST) for name in ("largest_rise", "largest_fall"))
    grew, cost, middle = _share(rise > 3), _share(fall > 0.1), float(np.median(fall))
    holds = grew >= 0.85 and cost >= 0.85 and middle > 0.3
    return holds, f"J more than times 3 in {grew:.0%}, ten points in {cost:.0%}, {middle:.3f} in the middle"


def _even_batches_do_not(rows: Rows) -> tuple[bool, str]:
    fall = column(rows, "largest_fall", cut=EVEN)
    middle = float(np.median(fall))
    return 0.01 < middle < 0.04, f"{middle:.3f} in the middle, {fall.max():.3f} at most"


def _alike_in_the_end(rows: Rows) -> tuple[bool, str]:
    gap = float(np.mean(column(rows, "hidden_40", cut=REST) - column(rows, "hidden_40", cut=EVEN)))
    return abs(gap) < 0.003, f"means differ by {gap:.4f}"


def _one_point_better(rows: Rows) -> tuple[bool, str]:
    one, hidden = (column(rows, name, cut=EVEN) for name in ("one_layer", "hidden_40"))
    gap = float(np.mean(hidden - one))
    fewer = gap / float(np.mean(1 - one))
    better = _share(hidden > one)
    holds = 0.007 < gap < 0.018 and 0.25 < fewer < 0.5 and better >= 0.85
    return holds, f"{gap:.4f} better, {fewer:.0%} fewer errors, better on {better:.0%}"


def _spread_of_splits(rows: Rows) -> tuple[bool, str]:
    one, hidden = (column(rows, name, cut=EVEN) for name in ("one_layer", "hidden_40"))
    apart, gap = min(float(np.ptp(one)), float(np.ptp(hidden))), float(np.mean(hidden - one))
    return apart > 1.2 * gap, f"the splits lie {apart:.4f} apart, the methods {gap:.4f}"


def _means(rows: Rows) -> tuple[bool, str]:
    one, hidden = (float(np.mean(column(rows, name, cut=EVEN))) for name in ("one_layer", "hidden_40"))
    return abs(hidden - 0.978) < 0.004 and abs(one - 0.967) < 0.004, f"{hidden:.4f} and {one:.4f}"


# ---- chapter 11


def _accuracy(rows: Rows, hidden: str, scale: str, run: str) -> NDArray:
    return column(rows, run, hidden=hidden, scale=scale)


HEALTHY = (("tanh", "1.0000"), ("relu", "1.4142"))
BETWEEN = (("sigmoid", "4.0000"), ("tanh", "0.5000"))
DEAD = (("sigmoid", "1.0000"), ("relu", "0.5000"))


def _random_layers_pass_on_enough(rows: Rows) -> tuple[bool, str]:
    tanh, relu = (float(np.mean(_accuracy(rows, *net, "layers_1_5_frozen"))) for net in HEALTHY)
    return 0.55 < tanh < 0.66 and 0.4 < relu < 0.52, f"{tanh:.3f} and {relu:.3f}"


def _dead_ones_guess(rows: Rows) -> tuple[bool, str]:
    frozen = [_accuracy(rows, *net, "layers_1_5_frozen") for net in DEAD]
    most, mean = (max(float(of(runs)) for runs in frozen) for of in (np.max, np.mean))
    free = [float(np.mean(_accuracy(rows, *net, "all"))) for net in DEAD]
    others = min(float(np.mean(_accuracy(rows, *net, "all"))) for net in HEALTHY + BETWEEN)
    holds = mean < 0.13 and most < 0.2 and max(free) < 0.25 < others
    return holds, f"frozen {mean:.3f}, {most:.3f} at most; free {free[0]:.3f}, {free[1]:.3f}"


def _first_layer_alone(rows: Rows) -> tuple[bool, str]:
    frozen = float(np.mean(_accuracy(rows, *HEALTHY[0], "layer_1_frozen")))
    return 0.88 < frozen < 0.92, f"{frozen:.3f}"


def _blame_is_worth_something(rows: Rows) -> tuple[bool, str]:
    gaps = [
        _accuracy(rows, *net, "all") - _accuracy(rows, *net, run)
        for net in BETWEEN
        for run in ("layer_1_frozen", "layers_1_5_frozen")
    ]
    above, means = min(_share(gap > 0) for gap in gaps), [float(gap.mean()) for gap in gaps]
    return above >= 0.9 and min(means) > 0.1, f"above in {above:.0%}, on average {min(means):.3f} or more"


def _sigmoid_learns(rows: Rows) -> tuple[bool, str]:
    long = _accuracy(rows, *BETWEEN[0], "all_rate_1_40_epochs")
    best = max(float(np.mean(_accuracy(rows, *net, "all"))) for net in HEALTHY)
    well = _share(long > 0.94)
    return float(long.mean()) > max(best, 0.96) and well >= 0.9, f"{long.mean():.3f}, {well:.0%} above 0.94"


def _tanh_gains(rows: Rows) -> tuple[bool, str]:
    better = _share(_accuracy(rows, *BETWEEN[1], "all_rate_1") > _accuracy(rows, *BETWEEN[1], "all"))
    return 0.7 <= better < 1, f"better on {better:.0%}"


def _nothing_comes_back(rows: Rows) -> tuple[bool, str]:
    runs = ("all_rate_1", "all_rate_1_40_epochs")
    highest = max(float(np.mean(_accuracy(rows, *net, run))) for net in DEAD for run in runs)
    return highest < 0.13, f"{highest:.3f} on average at most"


def _healthy_ones_collapse(rows: Rows) -> tuple[bool, str]:
    collapsed = [_share(_accuracy(rows, *net, "all_rate_1") < 0.2) for net in HEALTHY]
    return min(collapsed) > 0.7, f"{collapsed[0]:.0%} and {collapsed[1]:.0%} collapse"


CHAPTER_9 = (
    ("So the answer to the prediction is 1, or even less.", _less_than_one_point),
    ("That gap is smaller than the spread between two runs of the *same* code", _smaller_than_the_spread),
    ("the network without $g'$ is worse in 16 of 20 pairs and better in one", _mostly_worse),
    (
        "the gap is smaller still, a few tenths of a point at most, and in many pairs the bug costs nothing at all.",
        _often_for_nothing,
    ),
    ("at the end it was higher than with the right code in every single pair", _higher_loss),
    ("both the extra $g'$ and the frozen layer 1 stay below that", _below_one_layer),
    (
        "The loss itself fell in all hundred runs, and even the network whose first layer never moved reads nine "
        "digits out of ten.",
        _every_loss_fell,
    ),
)
CHAPTER_10 = (
    (
        "On nearly every one of the twenty splits there was an epoch whose three images made the loss several times "
        "as large and cost more than ten points of test accuracy in a single step; typically it was 30 points or more.",
        _three_do_harm,
    ),
    ("the worst last batch typically cost two or three points", _even_batches_do_not),
    ("By then the harm has gone: the two ways of cutting end alike.", _alike_in_the_end),
    (
        "The hidden layer is better by a point or a little more, which means that it removes a third of the errors or "
        "somewhat more, and it is better on nearly every split.",
        _one_point_better,
    ),
    ("the easiest split and the hardest lie further apart than the two methods do", _spread_of_splits),
    (
        "reaches a mean test accuracy of 0.978 over twenty splits with the recipe of this book, against 0.967 for one "
        "layer",
        _means,
    ),
)
CHAPTER_11 = (
    (
        "the last layer of the tanh network with $s=1$ still gets six digits out of ten right, and that of the ReLU "
        "network with $s=\\sqrt2$ nearly half of them",
        _random_layers_pass_on_enough,
    ),
    (
        "does little better than guessing, and those are just the two networks that hardly get beyond guessing when "
        "all layers may learn",
        _dead_ones_guess,
    ),
    ("the healthy tanh network reaches 0.90 without it", _first_layer_alone),
    (
        "the free network ends above the frozen ones in nearly every pair, on average far above them",
        _blame_is_worth_something,
    ),
    (
        "with the larger rate and some patience it learns, on nearly every split, as well as any network in "
        "this chapter",
        _sigmoid_learns,
    ),
    ("Tanh with $s=\\frac12$ gains as well, on most splits.", _tanh_gains),
    (
        "Where the signal is gone, in sigmoid with $s=1$ and ReLU with $s=\\frac12$, a larger rate brings nothing back.",
        _nothing_comes_back,
    ),
    ("the two healthy networks mostly collapse", _healthy_ones_collapse),
)
CLAIMS = (
    *(Claim("09-gradient-checking", sentence, "bug_still_learns", test) for sentence, test in CHAPTER_9),
    *(Claim("10-training", sentence, "twenty_splits", test) for sentence, test in CHAPTER_10),
    *(Claim("11-deep", sentence, "deep_nets", test) for sentence, test in CHAPTER_11),
)
