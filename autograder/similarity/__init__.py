"""Which pairs of a class are more alike than the exercise forces them to be: a suspicion with its evidence, never a verdict.

statements.py breaks code into statements that look the same whatever the names and the layout; pairs.py takes away what
everybody was given or could not write otherwise, and compares what is left.
"""
