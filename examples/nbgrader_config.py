"""An nbgrader course that grades behind the wall. Copy this file into
the course's folder and change the names.
"""

from pathlib import Path

c = get_config()  # noqa: F821  (nbgrader gives it to this file)

c.CourseDirectory.course_id = "backpropagation"
# Where students fetch and hand in
c.Exchange.root = str(Path(__file__).resolve().parent / "exchange")

# formgrader's Autograde button and `nbgrader autograde` grade as `autograder grade` does
c.Autograde.exporter_class = "autograder.in_nbgrader.TolerantExporter"
c.Autograde.sanitize_preprocessors = []
c.Autograde.autograde_preprocessors = ["autograder.in_nbgrader.GradeBehindTheWall"]
# c.GradeBehindTheWall.seconds = 10

# What being late costs: nbgrader's own plugin, or one of your own. The due date is set in formgrader.
# c.LateSubmissionPlugin.penalty_method = "zero"
