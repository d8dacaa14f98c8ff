"""Looking back after a session."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from duologue import instruments, sharing
from duologue.records import ItemType
from duologue.store import actions, queries
from duologue.store.queries import Pair, SessionSeen
from duologue.web import clock
from duologue.web.access import pair_of, person_of
from duologue.web.reflect.form import Form, questions_of, read_form


@require_safe
def reflect(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Show the form, with what this person has answered so far."""
    pair = pair_of(request, ref)
    seen = queries.session_seen(pair, number, now=clock.now())
    questions = questions_of(seen, pair, instruments.prompts(pair.kind))
    page = {"pair": pair, "seen": seen, "questions": questions}
    return render(request, "reflect/reflect.html", page)


@require_POST
def save(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Keep what was answered; what could not be kept is shown, with its words."""
    now, person, pair = clock.now(), person_of(request), pair_of(request, ref)
    if "skip" in request.POST:
        actions.skip(person, ref, number, now=now)
        return redirect("session", ref, number)
    form = read_form(instruments.prompts(pair.kind), pair.seat, request.POST)
    kept = actions.reflect(
        person,
        ref,
        number,
        form.answers,
        ask_again=form.ask_again,
        may_share=form.may_share,
        now=now,
    )
    if form.signal:
        actions.send_card(person, ref, now=now)
    if not (kept.stayed or kept.refused or form.refused):
        return redirect(_next(pair, number, form), ref, number)
    seen = queries.session_seen(pair, number, now=now)
    page = {
        "pair": pair,
        "seen": seen,
        "stayed": _unkept(seen, pair, kept.stayed, request),
        "refused": _unkept(seen, pair, (*form.refused, *kept.refused), request),
    }
    return render(request, "reflect/partly.html", page, status=409)


def _next(pair: Pair, number: int, form: Form) -> str:
    """Return where one goes from here: by one's own answers alone."""
    if sharing.LEAVING in form.answers:
        asked = queries.aftercare(pair, number)
        if asked is not None and not asked.words:
            return "aftercare"
    return "session"


def _unkept(
    seen: SessionSeen, pair: Pair, items: tuple[str, ...], request: HttpRequest
) -> list[tuple[str, str]]:
    """Name the questions whose answers were not kept, with the words that were written.

    Words are given back, so that nothing that somebody wrote is lost.
    """
    asked = {i.item.id: i.item for i in seen.items}
    return [
        (
            asked[item].text[pair.seat],
            request.POST.get(item, "") if asked[item].type is ItemType.TEXT else "",
        )
        for item in items
        if item in asked
    ]
