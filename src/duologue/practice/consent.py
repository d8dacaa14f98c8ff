"""Consent in plain words: what each yes allows, who sees, how long, what ending it does."""

from collections.abc import Iterable
from dataclasses import dataclass

from duologue.records import Kind, Seat
from duologue.sharing.consent import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """One purpose in plain words, as one person reads it."""

    title: str
    allows: str
    who: str
    how_long: str
    ending: str


def in_plain_words(purpose: Purpose, kind: Kind, seat: Seat) -> Plain:
    """Return what a yes to this means, for somebody in this seat."""
    client, therapist = (each.called(kind) for each in Seat)
    first = (
        "You are asked first, and alone. Only if you say yes is it asked of your "
        f"{therapist}."
        if seat is Seat.CLIENT
        else f"Your {client} is asked first, and alone. If nothing is asked of you here, "
        "they have not said yes, or have not been asked. We never say which."
    )
    match purpose:
        case Purpose.KEEPING:
            pages = f"your {own_pages(kind, seat)}"
            return Plain(
                title="What I write here is kept",
                allows=(
                    "Your answers, later thoughts and choices with this person are kept, "
                    f"and {pages}."
                ),
                who=(
                    "You alone, and both of you where you both chose so. Nobody but you "
                    f"ever sees {pages}."
                ),
                how_long="As long as you have both agreed, or until you end it.",
                ending=f"All of it is deleted; with {pages} or without, you choose.",
            )
        case Purpose.SUPERVISION:
            return Plain(
                title="What has opened may be talked of in supervision",
                allows=(
                    "What has opened to you both may be talked of in supervision, under "
                    "a code, as far as your agreement says so."
                ),
                who=f"The {therapist}’s supervisor. It takes a yes of both of you.",
                how_long="Until one of you ends it.",
                ending="From then on nothing of it may be taken there.",
            )
        case Purpose.RECORDING:
            return Plain(
                title="A session may be recorded",
                allows=(
                    f"The sound, the picture or the pulse of a session may be recorded. {first}"
                ),
                who="Both of you hold a recording, and either deletes it.",
                how_long=_HOW_LONG,
                ending=(
                    "That session may no longer be recorded, and what is kept here of its "
                    "recording and of its transcript goes."
                ),
            )
        case Purpose.TRANSCRIPT:
            return Plain(
                title="A recording or a transcript may be read by machine",
                allows=(
                    "What was said may be kept here, sealed; who spoke when, which words, and how "
                    "you moved together may be worked out on the "
                    f"{therapist}’s own computer. Nothing leaves it. {first}"
                ),
                who="Both of you see the same of it.",
                how_long=_HOW_LONG,
                ending=(
                    "The transcript of that session, and what was worked out from it, goes."
                ),
            )
        case Purpose.RESEARCH:
            return Plain(
                title="Numbers may go into research",
                allows=(
                    "Your numbers, never your words, may go into research with codes "
                    "in place of names."
                ),
                who="Researchers whom the practice names to you. It takes a yes of both.",
                how_long="Until one of you ends it.",
                ending="Nothing more goes there.",
            )


def own_pages(kind: Kind, seat: Seat) -> str:
    """Return what people call the pages that are theirs alone, by where they sit."""
    if kind is Kind.SUPERVISION:
        return "supervision notes"
    return "journal" if seat is Seat.CLIENT else "process notes"


_HOW_LONG = (
    "For the sessions that you say, at most to the end of each six; then it is asked "
    "anew. Until you say yes, it is no."
)


def sessions_in_words(numbers: Iterable[int]) -> str:
    """Return numbers of sessions as people say them.

    Examples
    --------
    >>> sessions_in_words([7, 8, 9, 12])
    'sessions 7 to 9 and 12'
    >>> sessions_in_words([7])
    'session 7'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    said = [_run(run) for run in runs]
    many = len(runs) > 1 or any(len(run) > 1 for run in runs)
    words = " and ".join(filter(None, [", ".join(said[:-1]), *said[-1:]]))
    return f"{'sessions' if many else 'session'} {words}"


def _run(run: list[int]) -> str:
    if len(run) == 1:
        return f"{run[0]}"
    joint = " and " if len(run) == 2 else " to "
    return f"{run[0]}{joint}{run[-1]}"
