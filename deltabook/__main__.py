"""`deltabook` (`python -m deltabook`): the commands of `autograder`, found whoever else uses that name."""

import sys

from deltabook import explanation


def main() -> None:
    """Run the command line. SystemExit(2) and an explanation where `autograder` or `backprop` is not ours."""
    if told := explanation():
        print(f"deltabook: {told}", file=sys.stderr)
        raise SystemExit(2)
    from autograder.__main__ import main as autograder

    autograder()


if __name__ == "__main__":
    main()
