"""`python -m autograder`, the same as the command `autograder`."""

import os
import sys


def main() -> None:
    """Run the command line, or say what it needs. SystemExit with the exit codes of autograder.cli.ending."""
    # NumPy's threads wait for work by spinning; on networks of five units there is none.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        from autograder.cli.app import app
    except ModuleNotFoundError as missing:
        from autograder.errors import missing_package

        print(f"autograder: {missing_package(missing)}", file=sys.stderr)
        raise SystemExit(2) from None
    app(prog_name="autograder")


if __name__ == "__main__":
    main()
