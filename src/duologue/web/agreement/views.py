"""The agreement of the two."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from duologue import instruments
from duologue.practice.agreement import (
    filled,
    heard,
    is_whole,
    points,
    who_sees,
)
from duologue.records import Supervision, Terms
from duologue.store import actions, queries
from duologue.web import clock
from duologue.web.access import pair_of, person_of
from duologue.web.agreement.forms import ANSWERS, TermsForm
from duologue.web.proposals import AnswerForm


@require_safe
def agreement(request: HttpRequest, ref: str) -> HttpResponse:
    """Show what is agreed and what is proposed; both see the same."""
    pair = pair_of(request, ref)
    found = queries.agreed(pair)
    terms = found.in_force.terms if found.in_force else Terms()
    proposal = found.proposal
    own = None if is_whole(terms) else queries.own_words(pair)
    page = {
        "pair": pair,
        "agreed": found,
        "points": points(terms, pair.kind),
        "proposed": proposal and points(proposal.terms, pair.kind, before=terms),
        "earlier": [(v, points(v.terms, pair.kind)) for v in found.earlier],
        "begin_with": filled(terms, pair.kind, own=own),
        "own_words": own is not None,
        "heard": [(s, heard(s, pair.kind)) for s in Supervision],
        "who_sees": who_sees(instruments.prompts(pair.kind), pair.seat),
    }
    return render(request, "agreement/agreement.html", page)


@require_POST
def propose(request: HttpRequest, ref: str) -> HttpResponse:
    """Propose an agreement, or a change of it."""
    pair = pair_of(request, ref)
    terms = TermsForm(request.POST).read()
    actions.propose(person_of(request), pair.ref, terms, now=clock.now())
    return redirect("agreement", ref)


@require_POST
def answer_proposal(request: HttpRequest, ref: str) -> HttpResponse:
    """Accept the other's proposal or set it aside, or take back one's own."""
    pair = pair_of(request, ref)
    act, proposal = AnswerForm(request.POST, ANSWERS).read()
    act(person_of(request), pair.ref, proposal, now=clock.now())
    return redirect("agreement", ref)
