"""Is it right, within bounds from rounding, and how many points does it earn?"""
