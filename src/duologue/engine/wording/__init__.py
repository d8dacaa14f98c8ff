"""Literal counts: which words and turns of phrase were used, how often, and where.

Nothing here says what anything means: a word is counted where it stands, "right now" even
if it is said of last week. The lists are our own, none is validated, and all are English.
"""
