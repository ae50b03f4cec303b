"""Right answers to the graded set, derived by the grader or by differences: no file holds one."""

import numpy as np

from autograder.exercises.expected import expected_of


def oracle(exercise, seed):
    """A function that gives the derived answer to each call of this seed."""

    def answer(*args):
        case = next(case for case in exercise.probes(seed) if _same(case.args, args))
        return expected_of(exercise.target(case).template)

    return answer


def _same(one, other):
    return all(
        len(a) == len(b) and all(map(np.array_equal, a, b)) if isinstance(a, list) else np.array_equal(a, b)
        for a, b in zip(one, other, strict=True)
    )


def by_differences(exercise, case, h=1e-6):
    """The gradients of a stated forward pass by central differences, in the order of the results."""
    passed = exercise.forward
    given = exercise.given(case)
    upstream = [given[name] for name in passed.upstream] or [np.ones(())]
    at = {name: value for name, value in given.items() if name not in passed.upstream}
    # What the student isn't given (a W that no gradient depends on) stands on the tape.
    tape = case.hidden["solved"].run.tape
    at |= {name: tape.nodes[index].out for name, index in tape.inputs.items() if name not in at}
    return [
        _slopes(lambda x, name=name: passed.loss({**at, name: x}, upstream), at[name], h)
        for name in passed.gradients
    ]


def _slopes(f, x, h):
    if isinstance(x, list):
        return [_slopes(lambda array, i=i: f([*x[:i], array, *x[i + 1 :]]), x[i], h) for i in range(len(x))]
    found = np.zeros(np.shape(x))
    for place in np.ndindex(found.shape):
        ahead, behind = np.array(x, dtype=float), np.array(x, dtype=float)
        ahead[place] += h
        behind[place] -= h
        found[place] = (f(ahead) - f(behind)) / (2 * h)
    return found
