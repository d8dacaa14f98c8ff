"""Moments that a person may want to read again: found by literal signs, one by one.

No sign says how deep anything went, what was meant, or what was held back, and signs are
not added up. Each points to a turn, and counts what came after it.
"""
