"""What a bundle starts for each submission on Gradescope:

    python -m autograder.cli.run_gradescope ROOT ASSIGNMENT

ROOT has source/ (the archive), submission/ (what was handed in) and results/. Whatever happens,
results/results.json is written: a student never sees an empty page. Without a wall that holds nothing is
graded, and the result says so.
"""

import json
import sys
from pathlib import Path

from autograder._files import write_atomically
from autograder._language import _
from autograder.cli.ending import why_not_done
from autograder.course.submitted import notebook_in
from autograder.errors import GraderError
from autograder.platforms.gradescope import gradescope_failure, gradescope_result
from autograder.platforms.one_notebook import grade_notebook, wall_words


def find_notebook(folder: Path, assignment: str) -> tuple[Path, tuple[str, ...]]:
    """The notebook that was handed in, as a course would choose it, else the only one in a folder in it; and
    notes on how it was found. GraderError if there is none.
    """
    found = notebook_in(folder, "student", assignment)
    if found.path is not None:
        return found.path, found.notes
    deeper = sorted(path for path in folder.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)
    named = [path for path in deeper if path.stem == assignment]
    if len(named or deeper) == 1:
        found = notebook_in((named or deeper)[0].parent, "student", assignment)
    if found.path is None:
        shown = ", ".join(path.name for path in deeper[:5]) or _("no notebook")
        raise GraderError(
            _(
                "{shown} was handed in; expected one notebook, {assignment}.ipynb",
                shown=shown,
                assignment=assignment,
            )
        )
    return found.path, found.notes


def grade_handed_in(arguments: list[str]) -> int:
    """0 if the submission was graded, 1 if not; the result is written either way."""
    root, assignment = Path(arguments[0]), arguments[1]
    try:
        path, notes = find_notebook(root / "submission", assignment)
        one = grade_notebook(
            path,
            assignment=assignment,
            notes=notes,
            course=root / "source" / "course",
            seed=(root / "source" / "seed").read_text(encoding="utf-8").strip(),
        )
        if one.nothing_graded:
            raise GraderError("; ".join(one.report["notes"]))
        result, code = gradescope_result(one, (wall_words(one.wall),)), 0
    except Exception as error:
        # The platform shows this file and nothing else: whatever stopped grading must stand in it.
        result, code = gradescope_failure(_("This could not be graded: {why}", why=why_not_done(error))), 1
    text = json.dumps(result, indent=1, ensure_ascii=False) + "\n"
    write_atomically(root / "results" / "results.json", text.encode())
    return code


if __name__ == "__main__":
    sys.exit(grade_handed_in(sys.argv[1:]))
