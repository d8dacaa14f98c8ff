"""Instruments and prompts as data: load, check, score."""

from duologue.instruments.answers import check_answer
from duologue.instruments.instrument import Instrument
from duologue.instruments.known import SHIPPED, Known
from duologue.instruments.library import load, names, prompts
from duologue.instruments.scorer import Score, score

__all__ = [
    "SHIPPED",
    "Instrument",
    "Known",
    "Score",
    "check_answer",
    "load",
    "names",
    "prompts",
    "score",
]
