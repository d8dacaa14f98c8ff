"""The two of you."""

from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from duologue.instruments import Instrument
from duologue.records import Seat
from duologue.relationship.templates import NO_CARD, WHAT_HELPS
from duologue.relationship.wonder import wonders
from duologue.sharing.outcomes import rates
from duologue.sharing.preferences import are_looked_at_together
from duologue.store import actions, queries
from duologue.store.models.event import What
from duologue.store.queries import Pair
from duologue.web import clock, readings, shown
from duologue.web.access import pair_of, person_of
from duologue.web.consent import words as consent_words

PDF = "application/pdf"


@require_safe
def together(request: HttpRequest, ref: str) -> HttpResponse:
    """Show what has opened to both, and what this person may do next."""
    now, pair = clock.now(), pair_of(request, ref)
    today, preferences = queries.today(pair, now=now), queries.preferences(pair)
    if pair.seat is Seat.THERAPIST and preferences.values:
        shown.note(request, pair, now=now)
    page = {
        "pair": pair,
        "invited": queries.invited_until(pair) is not None,
        "today": today,
        "kept": queries.keeps(pair),
        "agreeing": queries.agreeing(pair),
        "preferences": preferences,
        "look_together": are_looked_at_together(pair.kind, today.held),
        "looked_on": _looked_before(pair, now),
        "due": _due(pair, now),
        "unaltered": queries.to_see_unaltered([pair], now=now),
        "has_transcripts": queries.has_transcripts(pair),
        "ours": _ours(request, pair, now),
    }
    return render(request, "together/together.html", page)


def _due(pair: Pair, now: datetime) -> list[Instrument]:
    """Return the forms that the person who asks is asked for today."""
    if not rates(pair.kind, pair.seat):
        return []
    known = queries.known(pair)
    return [known.load(name) for name in queries.forms(pair, now=now, at=known).due]


def _looked_before(pair: Pair, now: datetime) -> date | None:
    """Return when the therapist, who asks, last looked at goals and forms before today."""
    if pair.seat is not Seat.THERAPIST:
        return None
    return queries.outcomes_shown_on(pair, before=timezone.localdate(now))


@require_safe
def ours(request: HttpRequest, ref: str) -> HttpResponse:
    """Return what both see if it is no longer what this page shows; else nothing."""
    pair = pair_of(request, ref)
    found = _ours(request, pair, clock.now())
    if request.GET.get("shown") == found.digest:
        return HttpResponse(status=204)
    page = {"pair": pair, "ours": found, "changed": True}
    return render(request, "together/_ours.html", page)


def _ours(request: HttpRequest, pair: Pair, now: datetime) -> readings.Kept:
    found = readings.ours(pair, now=now)
    _note(request, pair, found, now)
    return found


def _note(
    request: HttpRequest, pair: Pair, found: readings.Kept, now: datetime
) -> None:
    """Note that this person is shown what the other has opened, or came for."""
    if found.theirs:
        shown.note(request, pair, now=now)
    if found.outcomes and pair.seat is Seat.THERAPIST:
        shown.note(request, pair, now=now, what=What.OUTCOMES_SHOWN)


@require_safe
def paper(request: HttpRequest, ref: str) -> HttpResponse:
    """Return what both see, as a PDF: equal for the two of them, to the byte.

    Nothing that was left unsaid is on it: paper is left lying about.
    """
    now, pair = clock.now(), pair_of(request, ref)
    content = readings.paper(pair, now=now)  # first: who gets nothing has not looked
    _note(request, pair, readings.ours(pair, now=now), now)
    response = HttpResponse(content, content_type=PDF)
    day = timezone.localdate(now)
    response["Content-Disposition"] = f'attachment; filename="pages-{day:%Y-%m-%d}.pdf"'
    return response


@require_safe
def before(request: HttpRequest, ref: str) -> HttpResponse:
    """Show what this person may want in mind before the two meet, in thirty seconds."""
    now, pair = clock.now(), pair_of(request, ref)
    found = readings.before(pair, now=now)
    _note(request, pair, found, now)
    page = {
        "pair": pair,
        "before": found,
        "today": queries.today(pair, now=now),
        "times": queries.times_of([pair], now=now)[0],
    }
    return render(request, "together/before.html", page)


@require_safe
def wonder(request: HttpRequest, ref: str) -> HttpResponse:
    """Show both of them the same: what of theirs may be put to the one in the other seat."""
    now, pair = clock.now(), pair_of(request, ref)
    seen = queries.seen(pair).together()
    day = timezone.localdate(now)
    found = [card for card in wonders(seen) if card.day is None or card.day <= day]
    if found and pair.seat is Seat.THERAPIST:  # the client's own answers made them
        shown.note(request, pair, now=now)
    page = {
        "pair": pair,
        "cards": [card.finding for card in reversed(found)],
        "what_helps": WHAT_HELPS,
        "no_card": NO_CARD,
    }
    return render(request, "together/wonder.html", page)


@require_safe
def mine(request: HttpRequest, ref: str) -> HttpResponse:
    """Show this person's own answers, to them alone."""
    pair = pair_of(request, ref)
    found = readings.mine(pair, now=clock.now())
    return render(request, "together/mine.html", {"pair": pair, "mine": found})


@require_safe
def what_they_see(request: HttpRequest, ref: str) -> HttpResponse:
    """Show what of this person's the other can see now: made by what serves the other."""
    now, pair = clock.now(), pair_of(request, ref)
    theirs = queries.shown_to_other(pair)
    ours = readings.shown(theirs, pair, now=now)
    _note(request, pair, ours, now)
    page = {
        "pair": pair,
        "ours": ours,
        "open_sessions": queries.opened_sessions(theirs, pair),
        "thoughts": queries.open_thoughts(theirs, pair),
        "card": queries.own_card(pair, now=now),
        "days": queries.days_shown_to_other(pair),
        "reach": queries.reach_shown_to_other(pair),
        "reach_days": queries.days_shown_to_other(pair, What.REACH_SHOWN),
        "preferences": queries.preferences(pair),
        "yeses": consent_words.seen_by_other(queries.ledger(pair, now=now), pair),
    }
    return render(request, "together/what_they_see.html", page)


@require_safe
def session(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Show one session: mine first, then ours."""
    pair = pair_of(request, ref)
    page = _session_page(request, pair, number)
    page["aftercare"] = queries.aftercare(pair, number)
    return render(request, "together/session.html", page)


@require_safe
def session_ours(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Return what of one session is open, if it is no longer what this page shows."""
    page = _session_page(request, pair_of(request, ref), number)
    if request.GET.get("shown") == page["shown"]:
        return HttpResponse(status=204)
    return render(request, "together/_session_ours.html", {**page, "changed": True})


def _session_page(request: HttpRequest, pair: Pair, number: int) -> dict[str, object]:
    now = clock.now()
    seen = queries.session_seen(pair, number, now=now)
    if seen.open_items:
        shown.note(request, pair, now=now)
    return {"pair": pair, "seen": seen, "shown": readings.digest_of(seen)}


@require_POST
def willing(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Be willing for a session, or not, or no longer."""
    say = (
        actions.say_willing
        if request.POST.get("say") == "willing"
        else actions.say_not_willing
    )
    say(person_of(request), ref, number, now=clock.now())
    return redirect("session", ref, number)


@require_POST
def take_back(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Close one answer of one's own that is open, or open it again."""
    act = (
        actions.open_again
        if request.POST.get("do") == "open_again"
        else actions.take_back
    )
    item = request.POST.get("item", "")
    act(person_of(request), ref, number, item, now=clock.now())
    return redirect("session", ref, number)


@require_POST
def later(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Put a later thought beside an answer of one's own, or remove one."""
    person, pair, now = person_of(request), pair_of(request, ref), clock.now()
    thought = request.POST.get("remove", "")
    if thought:
        actions.remove_later_thought(person, pair.ref, thought, now=now)
    else:
        item, words = request.POST.get("item", ""), request.POST.get("words", "")
        actions.add_later_thought(person, pair.ref, number, item, words, now=now)
    return redirect("session", ref, number)


@require_safe
def choices(request: HttpRequest, ref: str) -> HttpResponse:
    """Show what this person has chosen in this pair; nobody else sees it."""
    pair = pair_of(request, ref)
    page = {
        "pair": pair,
        "card": queries.own_card(pair, now=clock.now()),
        "reach": queries.own_reach(person_of(request)),
        "shares_reach": queries.shares_reach(pair),
    }
    return render(request, "together/choices.html", page)


@require_POST
def share_unsaid(request: HttpRequest, ref: str) -> HttpResponse:
    """Switch one's own sharing of what was left unsaid on or off."""
    on = request.POST.get("share") == "on"
    actions.share_unsaid(person_of(request), ref, on=on, now=clock.now())
    return redirect("choices", ref)


@require_POST
def card(request: HttpRequest, ref: str) -> HttpResponse:
    """Send or withdraw the card that says there is something."""
    act = (
        actions.withdraw_card
        if request.POST.get("do") == "withdraw"
        else actions.send_card
    )
    act(person_of(request), ref, now=clock.now())
    return redirect("choices", ref)
