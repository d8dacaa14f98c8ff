"""Sentences from templates, held to the wording ladder."""

from dataclasses import dataclass, fields, replace
from typing import Any

from duologue.errors import ParameterError
from duologue.records import Kind, Seat
from duologue.relationship.finding import Level
from duologue.relationship.templates import TEMPLATES


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The four parts of what is said, and the level they were said at."""

    level: Level
    sentence: str
    how_sure: str
    another_reading: str
    question: str

    def as_fields(self) -> dict[str, Any]:
        """Return the fields as a finding takes them."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def read_as(self, another_reading: str) -> "Words":
        """Return the same words with another reading that fits this case better."""
        return replace(self, another_reading=another_reading)


def say(template: str, *, reached: Level, **values: object) -> Words:
    """Render a template.

    Parameters
    ----------
    template : str
        Name in ``templates.TEMPLATES``.
    reached : Level
        How much the data allow to be said.
    **values
        What the braces stand for: counts, session numbers and fixed words.

    Raises
    ------
    ParameterError
        If the template says more than the level reached. A plain count is allowed
        from 5 answers on, whatever else was reached.
    """
    chosen = TEMPLATES[template]
    if chosen.level > reached:
        raise ParameterError(
            f"template {template} needs level {chosen.level.name.lower()}, "
            f"only {reached.name.lower()} was reached."
        )
    return Words(
        level=chosen.level,
        sentence=chosen.sentence.format(**values),
        how_sure=chosen.how_sure.format(**values),
        another_reading=chosen.another_reading.format(**values),
        question=chosen.question.format(**values),
    )


def one_in(rate: float) -> str:
    """Say a share as a person would: ``0.01`` is "1 in 100", ``0.02`` is "1 in 50".

    From .4 on it is "1 in 2", from .75 on "most"; below one in a thousand it is "fewer
    than 1 in 1,000".
    """
    if not 0.0 <= rate <= 1.0:
        raise ParameterError("rate must lie in [0, 1].")
    if rate >= 0.75:
        return "most"
    if rate >= 0.4:
        return "1 in 2"
    if rate < 0.001:
        return "fewer than 1 in 1,000"
    n = 1 / rate
    step = 1 if n < 20 else 5 if n < 100 else 50 if n < 500 else 100
    return f"1 in {max(2, round(n / step) * step):,}"


def counted(n: int, noun: str) -> str:
    """Say a number with its noun: "1 session", "2 sessions"."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


_UP_TO_NINETEEN = [
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def in_words(n: int) -> str:
    """Say a number as a word up to ninety-nine: "eleven", "twenty-two", "120"."""
    if n < len(_UP_TO_NINETEEN):
        return _UP_TO_NINETEEN[n]
    if n > 99:
        return f"{n:,}"
    tens, ones = divmod(n, 10)
    return _TENS[tens - 2] + (f"-{_UP_TO_NINETEEN[ones]}" if ones else "")


MIN_ANSWERS = 5
"""Below so many answers it is too early to say anything."""

MIN_FOR_USUAL = 12
"""From so many answers on, the newest may be called unlike the usual."""


def level_of(*, n_answers: int, n_asked: int, outside: int = 0) -> Level:
    """Say how much may be said of one person's own scale.

    Parameters
    ----------
    n_answers, n_asked : int
        Answers there are, and sessions in which the question was put.
    outside : int
        How many of the last three answers lie outside the band of the usual, 0 where
        the newest does not.

    Returns
    -------
    Level
        Fewer than 5 answers, or more than half missing: too early. 5 to 11: early.
        From 12 on: unusual or repeated where the newest answer lies outside, and
        otherwise a plain count.
    """
    if n_answers < MIN_ANSWERS or 2 * n_answers < n_asked:
        return Level.TOO_EARLY
    if n_answers < MIN_FOR_USUAL:
        return Level.EARLY
    if outside >= 2:
        return Level.REPEATED
    return Level.UNUSUAL if outside else Level.COUNT


@dataclass(frozen=True, slots=True)
class Voice:
    """How the people of a pair are called, and the only way to say anything.

    A researcher is not one of the two: what is said then is about them, and asks them
    nothing.
    """

    kind: Kind
    research: bool = False

    def called(self, seat: Seat) -> str:
        """Say what the person in this seat is called."""
        return seat.called(self.kind)

    def say(self, template: str, *, reached: Level, **values: object) -> Words:
        """Render a template for a pair of this kind; see :func:`say`."""
        outside = f"{template}.research"
        if self.research and outside in TEMPLATES:
            template = outside
        words = say(
            template,
            reached=reached,
            c=self.called(Seat.CLIENT),
            t=self.called(Seat.THERAPIST),
            **values,
        )
        return replace(words, question="") if self.research else words
