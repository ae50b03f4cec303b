"""One notebook graded without a course folder, in the form that another platform reads."""
