"""What an entry's sentence and hint claim holds for every form of it: measured slopes."""

import numpy as np
import pytest

from autograder.misconceptions import CATALOGUE
from tests.support.claims import claims_hold, same


class Seen:
    """A loss that keeps the points at which it was asked, less z."""

    def __init__(self, f, z):
        self.f, self.z, self.steps = f, z, []

    def __call__(self, point):
        self.steps.append(np.array(point, dtype=float) - self.z)
        return self.f(point)


def steps(told):
    name = "loss_of_z" if told.exercise == "numerical_delta" else "f"
    z = told["z" if told.exercise == "numerical_delta" else "theta"]
    seen = Seen(told[name], z)
    told.again(**{name: seen})
    return [step for step in seen.steps if step.any()]


def to_one_side(told):
    """No step has its opposite among the steps."""
    found = steps(told)
    return not any(np.allclose(s, -t) for s in found for t in found)


def both_by_h(told):
    return all(np.isclose(np.abs(s).max(), told["h"]) for s in steps(told)) and not to_one_side(told)


def not_over_2h(told):
    if told.exercise == "gradient_check":
        return both_by_h(told)
    factor = told.wrong / told.right
    big = np.abs(told.right) > 1e-3 * np.abs(told.right).max()
    return both_by_h(told) and np.allclose(factor[big], factor[big][0], rtol=1e-4)


def several_at_once(told):
    return told["h"] and any(np.count_nonzero(np.abs(s) > told["h"] / 2) > 1 for s in steps(told))


def never_back(told):
    """The steps grow by one entry at a time."""
    moved = [np.count_nonzero(np.abs(s) > told["h"] / 2) for s in steps(told)]
    return moved[0] == 1 and max(moved) == told.given.get("z", told.given.get("theta")).size


def no_difference_quotient(told):
    """A loss that lies higher gives other numbers, a straight one 0, or all is off by one factor."""
    f = told["loss_of_z"]
    higher = told.again(loss_of_z=lambda z: f(z) + 1.0)
    straight = told.again(loss_of_z=lambda z: float(np.sum(z)))
    big = np.abs(told.right) > 1e-3 * np.abs(told.right).max()
    ratio = told.wrong[big] / told.right[big]
    return (
        not np.allclose(higher, told.wrong, rtol=1e-6)
        or np.abs(straight).max() < 1e-3
        or bool(np.allclose(ratio, ratio[0], rtol=1e-4) and abs(ratio[0] - 1) > 1e-2)
    )


def not_by_h(told):
    return any(not np.isclose(np.abs(s).max(), told["h"], rtol=1e-3) for s in steps(told)) or not steps(told)


def an_error_each(told):
    """One for each entry, none below 0, and 0 just where numerical and grad agree."""
    errors = np.asarray(told.part(1).wrong)
    right = told.right[1]
    counts = np.nan_to_num(right) > 1e-6
    return errors.shape == right.shape and not (errors < 0).any() and bool((errors[counts] > 0).all())


def errors_not_each(told):
    errors = np.asarray(told.part(1).wrong)
    return len(np.unique(errors)) == 1 or same(np.abs(errors), told.right[1])


CLAIMS = {
    "K65": to_one_side,
    "K66": not_over_2h,
    "K67": several_at_once,
    "K118": never_back,
    "K110": no_difference_quotient,
    "K111": not_by_h,
    "K69": an_error_each,
    "K70": errors_not_each,
}


@pytest.mark.parametrize("code", CLAIMS)
def test_an_entrys_claims_hold_for_every_form_of_it(code):
    claims_hold(CATALOGUE[code], CLAIMS[code])
