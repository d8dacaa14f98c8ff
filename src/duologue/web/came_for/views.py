"""What the client came for: one page for both, and a form that only the client fills in."""

from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from duologue.errors import NotNowError, NotYoursError
from duologue.formats.fhir import bundle_of
from duologue.instruments import Instrument
from duologue.records import Seat
from duologue.relationship.templates import HELP_NOW
from duologue.sharing.outcomes import rates
from duologue.store import actions, queries
from duologue.store.models.event import What
from duologue.store.queries import FormSeen, Pair
from duologue.web import clock, shown
from duologue.web.access import pair_of, person_of
from duologue.web.came_for import forms
from duologue.web.proposals import AnswerForm


@require_safe
def came_for(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the goals and the forms; both see the same, but for what each may do."""
    now, pair = clock.now(), pair_of(request, ref)
    goals, known = queries.goals(pair), queries.known(pair)
    seen = queries.forms(pair, now=now, at=known)
    looked_on = _looked_on(pair)
    page = {
        **_page(request, pair, looked_on),
        "goals": goals,
        "most": actions.MOST_GOALS,
    }
    page["filled"] = [forms.filled(form, known) for form in seen.filled]
    anew = date.max if pair.seat is Seat.CLIENT else looked_on  # nothing is, to oneself
    to_see = queries.unaltered(seen.filled, known, looked_on=anew)
    page["unaltered"] = [forms.filled(form, known) for form in to_see]
    if page["rates"]:
        last = queries.today(pair, now=now)
        page |= {
            "last": last,
            "to_rate": forms.to_rate(goals.in_force, last.number)
            if last.number
            else [],
            "due": [forms.offered(known.load(name)) for name in seen.due],
            "rhythms": forms.rhythms(seen.rhythm, known),
        }
    if pair.seat is Seat.THERAPIST and seen.filled:
        shown.note(request, pair, now=now, what=What.OUTCOMES_SHOWN)
    return render(request, "came_for/came_for.html", page)


@require_POST
def propose(request: HttpRequest, ref: str) -> HttpResponse:
    """Propose a goal, other words for one, or that one rests."""
    pair = pair_of(request, ref)
    goal, words, rests = forms.GoalForm(request.POST).read()
    actions.propose_goal(
        person_of(request), pair.ref, words, goal=goal, rests=rests, now=clock.now()
    )
    return redirect("came-for", ref)


@require_POST
def answer(request: HttpRequest, ref: str) -> HttpResponse:
    """Accept the other's proposal or set it aside, or take back one's own."""
    pair = pair_of(request, ref)
    act, wording = AnswerForm(request.POST, forms.ANSWERS, field="wording").read()
    act(person_of(request), pair.ref, wording, now=clock.now())
    return redirect("came-for", ref)


@require_POST
def rate(request: HttpRequest, ref: str) -> HttpResponse:
    """Keep how near the client is to their goals after a session."""
    person, pair = person_of(request), pair_of(request, ref)
    session, ratings = forms.read_ratings(request.POST)
    actions.rate_goals(person, pair.ref, session, ratings, now=clock.now())
    return redirect("came-for", ref)


@require_POST
def reviewed(request: HttpRequest, ref: str) -> HttpResponse:
    """Note that the two looked at the goals together today."""
    actions.note_goals_reviewed(person_of(request), ref, now=clock.now())
    return redirect("came-for", ref)


@require_safe
def form(request: HttpRequest, ref: str, instrument: str) -> HttpResponse:
    """Show a form to the client, with who will see it above, if it could be kept."""
    now, pair = clock.now(), pair_of(request, ref)
    asked = _asked(pair, instrument)
    if not queries.can_fill(pair, now=now):
        return redirect("came-for", ref)
    before = _filled_on(pair, instrument, timezone.localdate(now), now)
    edition = queries.known(pair).edition(instrument)
    is_same = before is not None and before.edition == edition
    page = _form_page(
        request, pair, asked, before.answers if before and is_same else {}
    )
    return render(request, "came_for/form.html", page)


@require_POST
def save(request: HttpRequest, ref: str, instrument: str) -> HttpResponse:
    """Keep a form that the client has filled in; what cannot be kept is given back.

    With help, where an answer asks for it: whether it is kept or not.
    """
    now, pair = clock.now(), pair_of(request, ref)
    asked = _asked(pair, instrument)
    answers = forms.read_answers(asked, request.POST)
    try:
        actions.fill_form(person_of(request), ref, instrument, answers, now=now)
    except NotNowError as refused:
        page = _form_page(request, pair, asked, answers)
        page["refused"] = str(refused)
        return render(request, "came_for/form.html", page, status=409)
    day = f"{timezone.localdate(now):%Y-%m-%d}"
    return redirect("filled-form", ref, instrument, day)


@require_safe
def filled_form(
    request: HttpRequest, ref: str, instrument: str, day: str
) -> HttpResponse:
    """Show a form as it was filled in; help first, on the client's own screen."""
    now, pair = clock.now(), pair_of(request, ref)
    found = _filled_on(pair, instrument, _day(day), now)
    if found is None:
        raise NotYoursError("there is no such form here.")
    if pair.seat is Seat.THERAPIST:
        shown.note(request, pair, now=now, what=What.OUTCOMES_SHOWN)
    looked_on = _looked_on(pair)
    page = _page(request, pair, looked_on)
    page["form"] = forms.filled(found, queries.known(pair))
    page["seen_since"] = looked_on if looked_on and looked_on > found.day else None
    return render(request, "came_for/filled.html", page)


@require_safe
def form_to_take(
    request: HttpRequest, ref: str, instrument: str, day: str
) -> HttpResponse:
    """Return one's own form for another program, as FHIR: for its client alone.

    Nobody was told that the other might pass it on. The person is a code that is made of
    the pair's address, so that it is the same in every such file and says nothing.
    """
    pair = pair_of(request, ref)
    found = _filled_on(pair, instrument, _day(day), clock.now())
    known = queries.known(pair)
    if (
        found is None
        or not rates(pair.kind, pair.seat)
        or known.find_asked(instrument, found.edition) is None
    ):
        raise NotYoursError("there is no such form here.")
    bundle = bundle_of(
        [found.as_record()],
        known.load,
        client=f"client-{sha256(pair.ref.encode()).hexdigest()[:12]}",
        therapist="therapist",
        made_up=pair.made_up,
    )
    response = JsonResponse(bundle, json_dumps_params={"indent": 2})
    response["Content-Disposition"] = f'attachment; filename="form-{found.day}.json"'
    return response


@require_POST
def delete(request: HttpRequest, ref: str, instrument: str, day: str) -> HttpResponse:
    """Delete a form that the client has filled in."""
    actions.delete_form(person_of(request), ref, instrument, _day(day), now=clock.now())
    return redirect("came-for", ref)


@require_POST
def rhythm(request: HttpRequest, ref: str, instrument: str) -> HttpResponse:
    """Keep how often the client wants to be asked for a form."""
    person, pair = person_of(request), pair_of(request, ref)
    every = forms.read_rhythm(request.POST)
    actions.keep_form_rhythm(person, pair.ref, instrument, every, now=clock.now())
    return redirect("came-for", ref)


def _page(
    request: HttpRequest, pair: Pair, looked_on: date | None
) -> dict[str, object]:
    """Return what every page of these says: where help is, and who last looked."""
    return {
        "pair": pair,
        "rates": rates(pair.kind, pair.seat),
        "looked_on": looked_on,
        "practices": queries.help_for(person_of(request)),
        "lines": HELP_NOW,
    }


def _form_page(
    request: HttpRequest,
    pair: Pair,
    asked: Instrument,
    answers: Mapping[str, float | None],
) -> dict[str, object]:
    """Return what the page of a form says: its words, whose they are, what was answered."""
    return {
        **_page(request, pair, _looked_on(pair)),
        "instrument": asked,
        "unaltered_is_last": asked.item_ids[-1:] == asked.shown_unaltered,
        "items": forms.items_asked(asked, answers),
        "source": forms.source_of(asked),
    }


def _looked_on(pair: Pair) -> date | None:
    """Return when the therapist last looked; to them, before today."""
    today = timezone.localdate(clock.now())
    before = today if pair.seat is Seat.THERAPIST else None
    return queries.outcomes_shown_on(pair, before=before)


def _filled_on(
    pair: Pair, instrument: str, day: date, now: datetime
) -> FormSeen | None:
    filled = queries.forms(pair, now=now).filled
    named = (instrument, day)
    return next((f for f in filled if (f.instrument, f.day) == named), None)


def _asked(pair: Pair, instrument: str) -> Instrument:
    """Return a form that this client is asked for, or refuse."""
    if not rates(pair.kind, pair.seat):
        raise NotYoursError("forms are the client's to fill in.")
    known = queries.known(pair)
    found = known.find(instrument)
    if found is None or instrument not in queries.asked_of(pair.kind, known).outcomes:
        raise NotYoursError("there is no such form here.")
    return found


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise NotYoursError("there is no such form here.") from None
