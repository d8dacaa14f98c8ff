"""Instruments and prompts as data: load, check, score."""

from duologue.instruments.answers import check_answer
from duologue.instruments.instrument import Instrument
from duologue.instruments.library import load, names, prompts
from duologue.instruments.scorer import Score, score

__all__ = [
    "Instrument",
    "Score",
    "check_answer",
    "load",
    "names",
    "prompts",
    "score",
]
