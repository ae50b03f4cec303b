"""Where the commands write: results to out, everything else to err. Text of strangers goes through report.plain first."""

from rich.console import Console

out, err = Console(highlight=False), Console(stderr=True, highlight=False)
