"""What was said: a file added by either and deleted by either, and seen by both alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from duologue.errors import NotNowError, ParameterError
from duologue.formats.transcripts import Speaker
from duologue.records import Seat
from duologue.relationship.spoken import spoken_in
from duologue.store import actions, queries
from duologue.store.models.transcript import of_the_two
from duologue.store.queries import Pair, TranscriptsSeen
from duologue.web import clock, readings
from duologue.web.access import pair_of, person_of
from duologue.web.transcripts import forms, held
from duologue.web.transcripts.forms import AddForm, WhichForm

_one_at_a_time = Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A label of a file, its first lines, and who it is said to be; blank: not said."""

    speaker: Speaker
    lines: Sequence[str]
    who: str


@dataclass(frozen=True, slots=True)
class _Asking:
    """A file of a session that waits to be told who is who; it is read once."""

    pair: Pair
    number: int
    content: bytes
    speakers: Sequence[Speaker]


@require_http_methods(["GET", "HEAD", "POST"])
def transcripts(request: HttpRequest, ref: str) -> HttpResponse:
    """Show what is kept of transcripts; of a file that is sent, ask who is who."""
    now, pair = clock.now(), pair_of(request, ref)
    found = queries.transcripts(pair, now=now)
    refused = ""
    if request.method == "POST":
        try:
            number = WhichForm(request.POST).number()
            _may_be_added(found, number)
            content = AddForm(request.POST, request.FILES).content()
            speakers = forms.speakers_of(content)
            about = _Asking(pair, number, content, speakers)
            return _ask(request, about, forms.suggested(speakers))
        except NotNowError as error:
            refused = str(error)
    page = {
        "pair": pair,
        "transcripts": found,
        "most_mb": f"{forms.MOST_BYTES / 1e6:g}",
        "refused": refused,
    }
    status = 409 if refused else 200
    return render(request, "transcripts/transcripts.html", page, status=status)


@require_POST
def seat_transcript(request: HttpRequest, ref: str) -> HttpResponse:
    """Keep a transcript, once it is said who is who."""
    person, pair = person_of(request), pair_of(request, ref)
    number = WhichForm(request.POST).number()
    _may_be_added(queries.transcripts(pair, now=clock.now()), number)
    place = held.place_of(person, pair.ref, number)
    content = held.from_text(request.POST.get("held", ""), place)
    speakers = forms.speakers_of(content)
    who = forms.chosen(request.POST, speakers)
    with _one_at_a_time:  # each keeps a processor busy
        try:
            turns = of_the_two(forms.seated(content, speakers, who, number))
            counted = spoken_in(turns)
        except (NotNowError, ParameterError) as error:
            about = _Asking(pair, number, content, speakers)
            return _ask(request, about, who, refused=str(error))
        actions.keep_transcript(person, pair.ref, turns, counted, now=clock.now())
    return redirect("transcript", ref, number)


@require_POST
def delete_transcript(request: HttpRequest, ref: str) -> HttpResponse:
    """Delete what is kept of one transcript, for both."""
    person, now = person_of(request), clock.now()
    pair_of(request, ref)  # whose pair it is comes before what the form says
    number = WhichForm(request.POST).number()
    actions.delete_transcript(person, ref, number, now=now)
    readings.forget(pair_of(request, ref))
    return redirect("transcripts", ref)


def _may_be_added(found: TranscriptsSeen, number: int) -> None:
    """Refuse what cannot be kept before it is read."""
    if number in {each.number for each in found.kept}:
        raise NotNowError(actions.ONE_A_SESSION)
    if number not in found.may_be_added:
        raise NotNowError(actions.NOT_AGREED)


def _ask(
    request: HttpRequest, about: _Asking, who: Sequence[str], *, refused: str = ""
) -> HttpResponse:
    """Ask who is who. The file goes back with the page, sealed: nothing is kept."""
    place = held.place_of(person_of(request), about.pair.ref, about.number)
    page = {
        "pair": about.pair,
        "number": about.number,
        "held": held.to_text(about.content, place),
        "asked": [
            Asked(speaker=speaker, lines=_lines(speaker), who=is_who)
            for speaker, is_who in zip(about.speakers, who, strict=True)
        ],
        "seats": [
            *((seat.value, f"the {seat.called(about.pair.kind)}") for seat in Seat),
            (forms.NEITHER, "neither"),
        ],
        "is_chosen": any(who) and not refused,
        "refused": refused,
    }
    status = 409 if refused else 200
    return render(request, "transcripts/who.html", page, status=status)


def _lines(speaker: Speaker) -> list[str]:
    longest = forms.LONGEST_LINE
    return [
        line if len(line) <= longest else f"{line[: longest - 1]}…"
        for line in speaker.first_lines
    ]
