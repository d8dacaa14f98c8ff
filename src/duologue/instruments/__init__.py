"""Instruments and prompts as data: load, check, score."""

from duologue.instruments.instrument import Instrument
from duologue.instruments.library import load, names, prompts
from duologue.instruments.scorer import Score, score

__all__ = ["Instrument", "Score", "load", "names", "prompts", "score"]
