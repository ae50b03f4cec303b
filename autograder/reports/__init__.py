"""The class report: what needs a person first, then scores, exercises, mistakes and each student.

records.py reads what grading left in the course; analysis.py counts; page.py writes HTML, JSON and CSV from
templates.
"""
