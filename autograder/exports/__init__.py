"""Kept for `nbgrader export --exporter autograder.exports.plugins.…`: see plugins.py."""
