"""Duologue: where the two people in a therapy room look back together."""

__version__ = "0.1.0"
