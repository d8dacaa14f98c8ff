"""What was said in one session: the same for both; and the marks of the therapist alone."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from duologue.faces.ribbon_svg import ribbon_svg
from duologue.records import Seat
from duologue.relationship.confirmed import after_confirmed
from duologue.relationship.spoken import texts_of
from duologue.store import actions, queries
from duologue.store.queries import Pair, Said
from duologue.web import clock
from duologue.web.access import pair_of, person_of
from duologue.web.transcripts import told

MARK = re.compile(r"mark-([0-9]{1,6})")
YES, NO = "yes", "no"


@require_safe
def transcript(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Show what was said in one session, and to the therapist what they marked."""
    pair = pair_of(request, ref)
    said = queries.said(pair, number)
    page = {"pair": pair, "number": number, "start": said.start}
    page |= _of_both(pair, said) | _own(pair, said)
    return render(request, "transcripts/transcript.html", page)


@require_POST
def mark_here_and_now(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Keep which of their own turns the therapist says were here and now."""
    marks = {
        int(found[1]): value == YES
        for name, value in request.POST.items()
        if (found := MARK.fullmatch(name)) and value in (YES, NO)
    }
    actions.mark_here_and_now(person_of(request), ref, number, marks, now=clock.now())
    return redirect("transcript", ref, number)


def _of_both(pair: Pair, said: Said) -> dict[str, object]:
    spoken = said.spoken
    client, therapist = (seat.called(pair.kind) for seat in Seat)
    svg = ribbon_svg(spoken, client=client, therapist=therapist)
    return {
        "client": client,
        "therapist": therapist,
        "spoken": spoken,
        "ribbon": mark_safe(svg),  # noqa: S308 - drawn from numbers and fixed words
        "parts": told.parts(spoken),
        "talk": told.talk(spoken),
        "answering": told.answering(spoken),
        "silences": told.silences(spoken),
        "not_timed": told.NOT_TIMED.get(spoken.not_timed or ""),
        "following": told.following(spoken),
        "wording": told.wording(spoken),
        "passages": told.passages(spoken, texts_of(said.turns)),
    }


def _own(pair: Pair, said: Said) -> dict[str, object]:
    """Return what the therapist marked, and what followed; nothing to the client."""
    marks = queries.here_and_now(pair)
    if marks is None:
        return {}
    here = marks.get(said.spoken.session, {})
    confirmed = {
        session: {place for place, is_so in each.items() if is_so}
        for session, each in marks.items()
    }
    ours = queries.seen(pair).ours.spoken
    return {
        "is_asked": True,
        "candidates": [
            (each, {True: YES, False: NO}.get(here.get(each.place)))
            for group in told.passages(said.spoken, texts_of(said.turns))
            if group.kind is told.Noticed.HERE_AND_NOW
            for each in group.found
            if each.turn.seat is Seat.THERAPIST
        ],
        "followed": after_confirmed(ours, confirmed),
    }
