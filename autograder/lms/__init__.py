"""Scores out of the gradebook into what a learning management system takes in.

scores.py reads the gradebook; cells.py writes numbers and names that no spreadsheet mistakes for formulas;
sheets.py reads and writes an LMS's file as it came (encoding, delimiter, decimal sign); one file a format.
"""
