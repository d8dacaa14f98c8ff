"""Change over a course, as the papers have it: arrays of scores in, frozen results out.

Scores are of one instrument, one row a course and one column a session, ``nan`` where
there is none. What cannot be said is undefined and has a `codes.Reason`: no result is
ever infinite, and no course gets a category that rests on nothing. Where a published
program departs from the papers, ``compat=True`` gives its numbers for comparison.
"""
