"""The forms of a transcript that is added: the file, and then who is who."""

from collections.abc import Mapping, Sequence

from django import forms

from duologue.errors import FileError, NotNowError, ParameterError, RecordError
from duologue.formats.transcripts import Speaker, speakers_in, transcript_in
from duologue.records import Seat, Turns

MOST_BYTES = 2_000_000
"""Ten times what fifty minutes of talk are."""

MOST_LABELS = 40
LONGEST_LINE = 160
"""Characters of a first line by which somebody is told."""

FILE = "the file"
NEITHER = "neither"
WHO = (*map(str, Seat), NEITHER)


class WhichForm(forms.Form):
    """Of which session."""

    session = forms.IntegerField(min_value=1, max_value=10**6)

    def number(self) -> int:
        """Return the number of the session.

        Raises
        ------
        NotNowError
            If the form does not say it.
        """
        if not self.is_valid():
            raise NotNowError("say of which session it is.")
        return int(self.cleaned_data["session"])


class AddForm(WhichForm):
    """A file of one session."""

    file = forms.FileField()

    def content(self) -> bytes:
        """Return what the file holds, unread.

        Raises
        ------
        NotNowError
            If there is none, or it is too large.
        """
        if not self.is_valid():
            raise NotNowError("choose a file that is not empty.")
        if self.cleaned_data["file"].size > MOST_BYTES:
            raise NotNowError(f"a file may hold {MOST_BYTES / 1e6:g} MB.")
        return bytes(self.cleaned_data["file"].read())


def speakers_of(content: bytes) -> tuple[Speaker, ...]:
    """Return whom the file lets speak.

    Raises
    ------
    NotNowError
        If it cannot be read, or fewer than two speak: with its line where there is one,
        never with what stands there.
    """
    try:
        found = speakers_in(content, FILE)
    except (FileError, RecordError) as error:
        raise NotNowError(_said_here(error)) from None
    if not found:
        raise NotNowError(
            "the file does not say who speaks. A label in front of what each says is "
            "enough, such as T: and C:."
        )
    if len(found) == 1:
        raise NotNowError(
            "the file names one speaker only, and it takes the two of you."
        )
    if len(found) > MOST_LABELS:
        raise NotNowError(f"the file names more than {MOST_LABELS} speakers.")
    return found


def suggested(speakers: Sequence[Speaker]) -> list[str]:
    """Return what is chosen beforehand for each: what the file says, or else a guess."""
    if {Seat.CLIENT, Seat.THERAPIST} <= {each.seat for each in speakers}:
        return [str(each.seat or NEITHER) for each in speakers]
    return [str(each.suggestion or "") for each in speakers]


def chosen(given: Mapping[str, str], speakers: Sequence[Speaker]) -> list[str]:
    """Return who was said to be who; blank where nothing is said."""
    return [
        who if (who := given.get(f"who-{n}", "")) in WHO else ""
        for n, _ in enumerate(speakers)
    ]


def seated(
    content: bytes, speakers: Sequence[Speaker], who: Sequence[str], session: int
) -> Turns:
    """Return the transcript with seats in place of labels.

    Raises
    ------
    NotNowError
        If it is not said of everybody who they are, or one of the two is missing.
    """
    labels = {
        seat: [
            s.label for s, is_who in zip(speakers, who, strict=True) if is_who == seat
        ]
        for seat in WHO
    }
    if not all(who) or not all(labels[seat] for seat in Seat):
        raise NotNowError(
            "say of each who it is. Both of you have to be among them, and anybody else "
            "is neither."
        )
    try:
        return transcript_in(
            content,
            FILE,
            session=session,
            client=labels[Seat.CLIENT],
            therapist=labels[Seat.THERAPIST],
        )
    except (FileError, ParameterError, RecordError) as error:
        raise NotNowError(_said_here(error)) from None


def _said_here(error: Exception) -> str:
    """Return what is wrong with a file, without what only the command line can be told."""
    told, has_more, more = str(error).partition("; say ")
    return (
        f"{told}; only one can be added." if has_more and "--" in more else str(error)
    )
