"""`python -m autograder`, the same as the command `autograder`."""

import io
import os
import sys


def main() -> None:
    """Run the command line, or say what it needs. SystemExit with the exit codes of autograder.cli.ending."""
    # NumPy's threads wait for work by spinning; on networks of five units there is none.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for stream in (sys.stdout, sys.stderr):
        # A terminal of few letters gets escapes for the others.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    from autograder._interrupts import keep_interrupts
    from autograder._language import language

    keep_interrupts()
    try:
        language()
    except ValueError as error:
        print(f"autograder: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    try:
        from autograder.cli.app import app

        # A command's own module is imported when the command is called.
        app(prog_name="autograder")
    except ImportError as error:
        from autograder.errors import missing_package
        from deltabook import explanation

        told = explanation() or (missing_package(error) if isinstance(error, ModuleNotFoundError) else "")
        if not told:
            raise
        print(f"autograder: {told}", file=sys.stderr)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
