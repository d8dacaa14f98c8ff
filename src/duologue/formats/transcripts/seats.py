"""Who is who: which label sits in which seat. Asked, never assumed.

Labels that are seat words by themselves (T, Therapist, C, Client, ...) are taken; for
all others the caller must say. Messages count the labels and never show them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from duologue.engine.words import words
from duologue.errors import ParameterError, WhoIsWhoError
from duologue.formats.transcripts.cues import Cue, Script
from duologue.formats.transcripts.labels import key, keys
from duologue.formats.transcripts.suggestion import suggest_seats
from duologue.records.seat import Seat

_SEAT_WORDS = dict.fromkeys(("t", "th", "therapist"), Seat.THERAPIST) | dict.fromkeys(
    ("c", "cl", "cli", "client"), Seat.CLIENT
)
# What programs write where they cannot tell who speaks: it is nobody's label.
_UNKNOWN = frozenset(("unknown speaker", "speaker unknown", "unknown", "unidentified"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """One label of a transcript, for the person who is asked who is who.

    Attributes
    ----------
    label : str
        As the file first spells it. To be shown only to the person who asked.
    n_segments, n_words : int
        How much is said under this label.
    suggestion : Seat or None
        What `suggest_seats` says of it; ``None`` where it says nothing.
    seat : Seat or None
        Where the file itself says who it is: by a role, or by a label that is a seat word
        (T, Therapist, C, Client, ...).
    first_lines : tuple of str
        The first two things that are said under it, for that person alone as well.
    """

    label: str
    n_segments: int
    n_words: int
    suggestion: Seat | None
    seat: Seat | None = None
    first_lines: tuple[str, ...] = ()


def by_seat(labels: Mapping[Seat, Iterable[str]]) -> dict[Seat, frozenset[str]]:
    """Return the keys of the labels that the caller has given to each seat.

    Raises
    ------
    ParameterError
        If one label is given to both.
    """
    given = {seat: keys(labels[seat]) for seat in Seat}
    if given[Seat.CLIENT] & given[Seat.THERAPIST]:
        raise ParameterError("client and therapist must not share a label.")
    return given


def seat_of_labels(
    script: Script, given: Mapping[Seat, frozenset[str]], where: str
) -> dict[str, Seat]:
    """Say which label, by its key, sits in which seat.

    Raises
    ------
    WhoIsWhoError
        If a label is left over that nobody has placed, unless both seats were given
        by the caller and are found; or if the file has no label at all.
    """
    found = [label for label in _keys(script.cues) if _is_known(label, given)]
    if script.by_seat and not any(
        label in given[seat] for label in found for seat in Seat
    ):
        return dict(script.roles)
    known = {label: _seat(label, given, script.roles) for label in found}
    seated = {label: seat for label, seat in known.items() if seat is not None}
    left_over = len(found) - len(seated)
    both_given = all(given.values()) and set(seated.values()) == set(Seat)
    if not found or (left_over and not both_given):
        raise WhoIsWhoError(where, _question(len(found), given))
    return seated


def _seat(
    label: str, given: Mapping[Seat, frozenset[str]], roles: Mapping[str, Seat]
) -> Seat | None:
    for seat in Seat:
        if label in given[seat]:
            return seat
    claims = {by[label] for by in (roles, _SEAT_WORDS) if label in by}
    own = claims.pop() if len(claims) == 1 else None
    return None if own is None or given[own] else own


def _is_known(label: str, given: Mapping[Seat, frozenset[str]]) -> bool:
    """Whether a label is somebody's; one for nobody counts where it was given."""
    return label not in _UNKNOWN or any(label in labels for labels in given.values())


def _question(n_labels: int, given: Mapping[Seat, frozenset[str]]) -> str:
    if not n_labels:
        return "does not say who speaks, so that nobody can be seated."
    found = f"names its speakers with {n_labels} label{'s' * (n_labels > 1)}"
    again = (
        ", and not all that were given are among them" if any(given.values()) else ""
    )
    return (
        f"{found}{again}; say who sits in which seat with "
        "--client LABEL and --therapist LABEL."
    )


def seat_notes(cues: Sequence[Cue], seated: Mapping[str, Seat]) -> tuple[str, ...]:
    """Note who is left out, and whether only one of the two speaks."""
    labels = [
        label
        for cue in cues
        if cue.label is not None
        and ((label := key(cue.label)) not in _UNKNOWN or label in seated)
    ]
    n_all = len(cues)
    n_unknown = n_all - len(labels)
    n_others = sum(label not in seated for label in labels)
    speaking = {seated[label] for label in labels if label in seated}
    notes = [
        f"{what}: {n} of {n_all} ({n / n_all:.0%}), left out of measures of the two."
        for what, n in (
            ("Segments without a speaker", n_unknown),
            ("Segments by neither of the two", n_others),
        )
        if n
    ]
    if len(speaking) == 1:
        notes.append("Only one of the two speaks; measures of two need both.")
    return tuple(notes)


def speakers_of(script: Script) -> tuple[Speaker, ...]:
    """Count what is said under each label, in the order in which they first speak."""
    by_label: dict[str, list[Cue]] = {}
    for cue in script.cues:
        if cue.label is not None:
            by_label.setdefault(key(cue.label), []).append(cue)
    said = {
        label: [word for cue in mine for word in words(cue.text)]
        for label, mine in by_label.items()
    }
    suggested = suggest_seats(
        {label: mine for label, mine in said.items() if label not in _UNKNOWN}
    )
    return tuple(
        Speaker(
            label=str(mine[0].label),
            n_segments=len(mine),
            n_words=len(said[label]),
            suggestion=suggested.get(label),
            seat=_seat(label, dict.fromkeys(Seat, frozenset()), script.roles),
            first_lines=tuple(cue.text for cue in mine[:2]),
        )
        for label, mine in by_label.items()
    )


def _keys(cues: Iterable[Cue]) -> list[str]:
    """Return the keys of the labels, each once, in the order of the file."""
    labels = (cue.label for cue in cues)
    return list(dict.fromkeys(key(label) for label in labels if label is not None))
