"""What was said in one session: the same for both; and the marks of the therapist alone."""

import re
from collections.abc import Sequence
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from duologue.faces.ribbon_svg import ribbon_svg
from duologue.records import Noticed, Seat, Spoken
from duologue.relationship.confirmed import after_confirmed
from duologue.relationship.spoken import spoken_in, texts_of
from duologue.relationship.talk import WHY_NOT
from duologue.store import actions, queries
from duologue.store.queries import Pair, Said
from duologue.web import clock
from duologue.web.access import pair_of, person_of
from duologue.web.transcripts import told
from duologue.web.transcripts.told import Passages

MARK = re.compile(r"mark-([0-9]{1,6})")
SAID = {True: "yes", False: "no"}
"""What a form says of a turn; anything else is not said."""


@require_safe
def transcript(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Show what was said in one session, and to the therapist what they marked."""
    pair = pair_of(request, ref)
    said = _as_cut_now(queries.said(pair, number))
    passages = told.passages(said.spoken, texts_of(said.turns))
    page = {
        "pair": pair,
        "number": number,
        "start": said.start,
        "passages": passages,
        **_of_both(pair, said.spoken),
        **_own(pair, number, passages),
    }
    return render(request, "transcripts/transcript.html", page)


@require_POST
def mark_here_and_now(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Keep which of their own turns the therapist says were here and now."""
    marks = {
        int(found[1]): value == SAID[True]
        for name, value in request.POST.items()
        if (found := MARK.fullmatch(name)) and value in SAID.values()
    }
    actions.mark_here_and_now(person_of(request), ref, number, marks, now=clock.now())
    return redirect("transcript", ref, number)


def _as_cut_now(said: Said) -> Said:
    """Return it counted anew where an earlier version of the program cut turns otherwise.

    Passages point to stretches by their place: they are to be those of the words.
    """
    if len(texts_of(said.turns)) == len(said.spoken.stretches):
        return said
    return replace(said, spoken=spoken_in(said.turns))


def _of_both(pair: Pair, spoken: Spoken) -> dict[str, object]:
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
        "not_timed": WHY_NOT.get(spoken.not_timed or ""),
        "following": told.following(spoken),
        "wording": told.wording(spoken),
    }


def _own(pair: Pair, number: int, passages: Sequence[Passages]) -> dict[str, object]:
    """Return what the therapist marked, and what followed; nothing to the client."""
    marks = queries.here_and_now(pair)
    if marks is None:
        return {}
    here = {place: SAID[is_so] for place, is_so in marks.get(number, {}).items()}
    confirmed = {
        session: {place for place, is_so in each.items() if is_so}
        for session, each in marks.items()
    }
    return {
        "is_asked": True,
        "candidates": [
            (each, here.get(each.place))
            for group in passages
            if group.kind is Noticed.HERE_AND_NOW
            for each in group.found
            if each.turn.seat is Seat.THERAPIST
        ],
        "followed": after_confirmed(queries.seen(pair).ours.spoken, confirmed),
    }
