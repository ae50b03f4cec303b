"""The commands of `autograder`, one a file; cli.py puts them together."""
