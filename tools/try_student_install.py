"""Tries what a student installs, NumPy alone, in a fresh environment: is right told from wrong?"""

import sys
from importlib.metadata import distributions

import numpy as np


def main() -> int:
    """0 if `from autograder import check` works and judges, 1 if not."""
    from autograder import check

    def sigmoid(z):
        return np.where(z >= 0, 1 / (1 + np.exp(-np.abs(z))), np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))))

    right = check(sigmoid)

    def sigmoid(z):
        return 1 / (1 + np.exp(z))

    wrong = check(sigmoid)
    print(
        f"installed: {', '.join(sorted(d.metadata['Name'] for d in distributions()))}\n\n{right}\n\n{wrong}"
    )
    good = right.judgement.fraction == 1 and wrong.judgement.fraction < 1
    print("\nas it should be" if good else "\nNOT as it should be")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
