"""Reading a transcript of any known format, told by its content, never its suffix."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from os import PathLike

from duologue.errors import FileError
from duologue.formats.textfile import as_text_of_any_encoding, read_bytes
from duologue.formats.transcripts import (
    chat,
    csv_file,
    elan,
    foreign,
    otter,
    plain,
    seats,
    srt,
    webvtt,
)
from duologue.formats.transcripts.cues import Script, undirected
from duologue.formats.transcripts.labels import key
from duologue.formats.transcripts.seats import Speaker
from duologue.records.seat import Seat
from duologue.records.turns import Segment, Turns

_Parser = Callable[[str, str, frozenset[str]], Script]
"""Takes the text, what errors call its file, and the labels that are known."""

_SNIFFED = 4000  # characters in which a format must show
_CHAT = re.compile(
    r"^(?:@(?:UTF8|Begin|Languages:|Participants:)|\*[A-Za-z0-9]{1,8}:[\t ])",
    re.MULTILINE,
)
_XML = re.compile(r"\s*<(?:\?xml|!DOCTYPE|!--|ANNOTATION_DOCUMENT)")
_SUPPOSED = (
    "The file is not UTF-8 and was read as Windows-1252; letters with accents and "
    "quotation marks need a look."
)
NOTHING_SAID = "holds nothing that was said."
LONGEST_S = 24 * 60 * 60
"""From the first time of a transcript to its last: no session is longer than a day."""

_TOO_LONG = "its times must lie within a day of each other; no session is longer."
_SRT = re.compile(r"^[ \t]*[0-9]+:[0-9:.,]*[ \t]*-->", re.MULTILINE)


def read_transcript(
    path: str | PathLike[str],
    *,
    session: int = 1,
    client: Iterable[str] = (),
    therapist: Iterable[str] = (),
    transcript_id: str | None = None,
    columns: Mapping[str, str] | None = None,
) -> Turns:
    """Read a transcript and say who of the two speaks where.

    Parameters
    ----------
    path : str or path-like
        WebVTT, SubRip, CHAT, ELAN, a table, Otter's text, or plain text with labels;
        in UTF-8, UTF-16 with a byte-order mark, or Windows-1252 (then with a note).
    session : int
        Number of the session.
    client, therapist : iterable of str
        The labels under which each speaks in the file; case does not count. Where both
        are given, anybody else is kept without a seat. Where not, only labels that
        are seat words by themselves are taken (T, Th, Therapist; C, Cl, Cli, Client;
        in CHAT also the roles Therapist and Client). In ELAN a label is a participant
        of one tier, or the name of a tier.
    transcript_id : str, optional
        Which transcript of a table that holds several.
    columns : mapping of str to str, optional
        The table's names for ``speaker``, ``start``, ``end``, ``text`` or
        ``transcript``, where they are other than the usual ones.

    Returns
    -------
    Turns
        Segments in the order of the file, ``None`` for what it does not say, and notes
        on what was left out. No name of a person is in it, but those that were said.

    Raises
    ------
    WhoIsWhoError
        If it is not known who sits in which seat. It counts the labels, no more.
    FileError
        If the file cannot be read as one of these formats, or its times span more than
        a day.
    ParameterError
        If one label is given to both seats, or ``columns`` has an unknown key.
    """
    return transcript_in(
        read_bytes(path),
        str(path),
        session=session,
        client=client,
        therapist=therapist,
        transcript_id=transcript_id,
        columns=columns,
    )


def transcript_in(
    content: bytes,
    where: str,
    *,
    session: int = 1,
    client: Iterable[str] = (),
    therapist: Iterable[str] = (),
    transcript_id: str | None = None,
    columns: Mapping[str, str] | None = None,
) -> Turns:
    """Read a transcript that is not on a disk: see `read_transcript`.

    Parameters
    ----------
    content : bytes
        The whole file.
    where : str
        What errors call it.
    session, client, therapist, transcript_id, columns
        As in `read_transcript`.
    """
    given = seats.by_seat({Seat.CLIENT: client, Seat.THERAPIST: therapist})
    labels = frozenset().union(*given.values())
    script = _script_in(content, where, labels, transcript_id, columns)
    return _turns(script, given, where, session)


def read_transcripts(
    path: str | PathLike[str],
    *,
    session: int = 1,
    client: Iterable[str] = (),
    therapist: Iterable[str] = (),
    columns: Mapping[str, str] | None = None,
) -> dict[str, Turns]:
    """Read every transcript of a file, of which a table may hold several.

    Parameters
    ----------
    path : str or path-like
        As in `read_transcript`, like the other parameters.
    session : int
        Number of the first; those that follow are counted on.
    client, therapist : iterable of str
        The labels under which each speaks, in all of them.
    columns : mapping of str to str, optional
        The table's names for its columns.

    Returns
    -------
    dict of str to Turns
        By the id of each in the table, in the order in which they begin there; one with a
        blank id where the file holds one transcript alone.

    Raises
    ------
    WhoIsWhoError
        If in one of them it is not known who sits in which seat.
    FileError, ParameterError
        As for `read_transcript`.
    """
    given = seats.by_seat({Seat.CLIENT: client, Seat.THERAPIST: therapist})
    where = str(path)
    text, notes = _text_in(read_bytes(path), where)
    layout = None
    if _parser_of(text) is None:
        layout = csv_file.find_layout(text, where, columns)
    if layout is None:
        labels = frozenset().union(*given.values())
        scripts = {"": _script(text, where, labels, None, columns)}
    else:
        scripts = csv_file.parse_each(text, where, layout)
    if not any(script.cues or script.by_seat for script in scripts.values()):
        raise FileError(where, NOTHING_SAID)
    is_several = len(scripts) > 1
    return {
        which: _turns(
            _noted(script, notes),
            given,
            f"{where}, transcript {n + 1} of {len(scripts)}" if is_several else where,
            session + n,
        )
        for n, (which, script) in enumerate(scripts.items())
    }


def _turns(
    script: Script, given: Mapping[Seat, frozenset[str]], where: str, session: int
) -> Turns:
    _check_times(script, where)
    seated = seats.seat_of_labels(script, given, where)
    segments = tuple(
        Segment(
            None if cue.label is None else seated.get(key(cue.label)),
            cue.start_s,
            cue.end_s,
            cue.text,
        )
        for cue in script.cues
    )
    return Turns(
        session=session,
        segments=segments,
        resolution_s=script.resolution_s,
        notes=(*script.notes, *seats.seat_notes(script.cues, seated)),
    )


def _check_times(script: Script, where: str) -> None:
    """Refuse times that no session has: each picture and table would go on up to them.

    Only how far they lie apart counts, as some files give the time of the day.
    """
    times = [
        t for cue in script.cues for t in (cue.start_s, cue.end_s) if t is not None
    ]
    if times and max(times) - min(times) > LONGEST_S:
        raise FileError(where, _TOO_LONG)


def speakers(
    path: str | PathLike[str],
    *,
    client: Iterable[str] = (),
    therapist: Iterable[str] = (),
    transcript_id: str | None = None,
    columns: Mapping[str, str] | None = None,
) -> tuple[Speaker, ...]:
    """List the labels of a transcript, to ask a person who is who.

    Parameters
    ----------
    path : str or path-like
        As in `read_transcript`, like the other parameters.
    client, therapist : iterable of str
        Labels already known; they are found even where they stand only once.
    transcript_id : str, optional
        Which transcript of a table that holds several.
    columns : mapping of str to str, optional
        The table's names for its columns.

    Returns
    -------
    tuple of Speaker
        In the order in which they first speak, each with a suggested seat or ``None``.

    Raises
    ------
    FileError
        If the file cannot be read as one of the known formats.
    """
    given = seats.by_seat({Seat.CLIENT: client, Seat.THERAPIST: therapist})
    labels = frozenset().union(*given.values())
    content = read_bytes(path)
    script = _script_in(content, str(path), labels, transcript_id, columns)
    return seats.speakers_of(script)


def speakers_in(content: bytes, where: str) -> tuple[Speaker, ...]:
    """List the labels of a transcript that is not on a disk: see `speakers`.

    Parameters
    ----------
    content : bytes
        The whole file.
    where : str
        What errors call it.
    """
    return seats.speakers_of(_script_in(content, where, frozenset(), None, None))


def _script_in(
    content: bytes,
    where: str,
    given: frozenset[str],
    transcript_id: str | None,
    columns: Mapping[str, str] | None,
) -> Script:
    text, notes = _text_in(content, where)
    script = _script(text, where, given, transcript_id, columns)
    if not script.cues and not script.by_seat:
        raise FileError(where, NOTHING_SAID)
    return _noted(script, notes)


def _text_in(content: bytes, where: str) -> tuple[str, tuple[str, ...]]:
    """Return a file's text, and what a reader must know of how it was read."""
    foreign.check_kind(content, where)
    text, supposed = as_text_of_any_encoding(content, where)
    return undirected(text), (_SUPPOSED,) if supposed else ()


def _noted(script: Script, notes: tuple[str, ...]) -> Script:
    return replace(script, notes=(*notes, *script.notes))


def _script(
    text: str,
    where: str,
    given: frozenset[str],
    transcript_id: str | None,
    columns: Mapping[str, str] | None,
) -> Script:
    parse = _parser_of(text)
    if parse is None:
        layout = csv_file.find_layout(text, where, columns)
        if layout is not None:
            return csv_file.parse(text, where, layout, transcript_id)
        parse = otter.parse if otter.is_otter(text, given) else plain.parse
    if columns:
        raise FileError(where, "has no columns that could be named: it is no table.")
    script = parse(text, where, given)
    if transcript_id is not None:
        raise FileError(where, "holds one transcript; only a table holds several.")
    return script


def is_marked(text: str) -> bool:
    """Whether a text is WebVTT, ELAN, CHAT or SubRip by a mark of its own.

    Parameters
    ----------
    text : str
        The whole text of a file, whatever its name; of a table it is never so.
    """
    return _parser_of(text) is not None


def _parser_of(text: str) -> _Parser | None:
    head = text[:_SNIFFED]
    if head.lstrip().startswith("WEBVTT"):
        return webvtt.parse
    if _XML.match(head):
        return elan.parse
    if _CHAT.search(head):
        return lambda text, where, _given: chat.parse(text, where)
    return srt.parse if _SRT.search(head) else None
