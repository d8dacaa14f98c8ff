"""Coming in: by an invitation, a passkey or a demo's link; one's own account; leaving."""

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from allauth.usersessions.models import UserSession
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from duologue.errors import NotNowError, NotYoursError
from duologue.store import actions, queries
from duologue.store.models import Person
from duologue.store.models.event import What
from duologue.store.ways import changing_ways, ways_in
from duologue.web import clock
from duologue.web.access import person_of
from duologue.web.account.adapters import INVITATION, Factors
from duologue.web.account.enrolling import enrolling
from duologue.web.account.forms import CodeForm, PasswordForm
from duologue.web.account.recovering import RecoveryForm
from duologue.web.account.signals import CHANGED, end_others
from duologue.web.account.visits import RECOVERED, RECOVERING, is_enrolled
from duologue.web.carrier import notes_offered

LOOK_AND_SEND = ["GET", "HEAD", "POST"]
LAST_WAY_IN = "this is your only way in: make another first."
LIBRARY = "allauth.account.auth_backends.AuthenticationBackend"


@login_not_required
@require_http_methods(LOOK_AND_SEND)
def enter(request: HttpRequest, link: str) -> HttpResponse:
    """Ask whether to come in as this made-up person, and let them in."""
    person = authenticate(request, demo_link=link)
    if not isinstance(person, Person):
        raise NotYoursError("there is no such link.")
    if request.method == "POST":
        return _let_in(request, Login(user=person))
    return render(request, "account/enter.html", {"person": person.code})


@login_not_required
@require_http_methods(LOOK_AND_SEND)
def join(request: HttpRequest) -> HttpResponse:
    """Ask for the code of an invitation; it comes behind a # that no server is sent."""
    if request.method != "POST":
        return render(request, "account/join.html")
    request.session.pop(INVITATION, None)
    form = CodeForm(request.POST)
    digest = actions.digest_of(form.cleaned_data["code"]) if form.is_valid() else ""
    if queries.find_invitation(digest, now=clock.now()) is None:
        # What others try counts for them: an invitation that is open is never refused.
        refused: HttpResponse | None = ratelimit.consume_or_429(request, action="join")
        page = {"refused": True}
        return refused or render(request, "account/join.html", page, status=409)
    request.session[INVITATION] = digest
    return redirect("join-as")


@login_not_required
@require_http_methods(LOOK_AND_SEND)
def join_as(request: HttpRequest) -> HttpResponse:
    """Say what one is invited to, and take the place: as somebody new, or as who one is."""
    digest, now = request.session.get(INVITATION, ""), clock.now()
    invited = queries.find_invitation(digest, now=now)
    if invited is None:
        request.session.pop(INVITATION, None)
        return redirect("join")
    if request.method != "POST":
        page = {"invited": invited, "enrolled": is_enrolled(request)}
        return render(request, "account/join_as.html", page)
    if is_enrolled(request):
        actions.take_seat(person_of(request), digest, now=now)
        del request.session[INVITATION]
        return redirect("people")
    kept = actions.kept_person(digest, now=now)
    logout(request)
    answered = _let_in(
        request, Login(user=kept, redirect_url=reverse("mfa_add_webauthn"))
    )
    request.session.pop(INVITATION, None)
    return answered


def _let_in(request: HttpRequest, who: Login) -> HttpResponse:
    answered: HttpResponse = perform_login(request, who)
    return answered


@login_not_required
@require_http_methods(LOOK_AND_SEND)
def recover(request: HttpRequest) -> HttpResponse:
    """Let in who has lost their passkey, by a recovery code: to make a new one, no further."""
    if request.user.is_authenticated:
        return redirect("people")
    form = RecoveryForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "account/recover.html", {"form": form})
    login(request, form.person, backend=LIBRARY)
    UserSession.objects.create_from_request(request)
    actions.note_way_in(form.person, What.SIGNED_IN, now=clock.now())
    request.session[RECOVERING] = True
    request.session.pop(INVITATION, None)
    return redirect("mfa_add_webauthn")


@require_http_methods(LOOK_AND_SEND)
def by_password(request: HttpRequest) -> HttpResponse:
    """Choose a password, for which an app's codes are set up next."""
    person = person_of(request)
    if is_enrolled(request):
        return redirect("me")
    form = PasswordForm(
        request.POST if request.method == "POST" else None, person=person
    )
    if request.method == "POST" and form.is_valid():
        with enrolling(request):
            password = form.cleaned_data["password"]
            actions.choose_password(person, password, now=clock.now())
        update_session_auth_hash(request, person)
        UserSession.objects.create_from_request(request)  # it has another key now
        done = is_enrolled(request)  # the app was set up before
        return redirect("mfa_view_recovery_codes" if done else "mfa_activate_totp")
    page = {"form": form, "code": person.code}
    return render(request, "account/by_password.html", page)


class AddPasskey(AddWebAuthnView):
    """Make a passkey: one that the device keeps, and that asks who one is."""

    def form_valid(self, form: Form) -> HttpResponse:
        """Keep it; whoever had no way in has come by that."""
        with enrolling(self.request):
            answered: HttpResponse = super().form_valid(form)
        return answered

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Return what the device is asked for."""
        page: dict[str, object] = super().get_context_data(**kwargs)
        options = webauthn.begin_registration(person_of(self.request), True)
        return {
            **page,
            "js_data": {"creation_options": options},
            "first": not is_enrolled(self.request),
        }


class AddApp(ActivateTOTPView):
    """Set up an app's codes, which belong to a password."""

    def form_valid(self, form: Form) -> HttpResponse:
        """Keep them; whoever had no way in, and has a password, has come by that."""
        with enrolling(self.request):
            answered: HttpResponse = super().form_valid(form)
        return answered


class RemovePasskey(RemoveWebAuthnView):
    """Remove a passkey, unless it is the only way in."""

    def form_valid(self, form: Form) -> HttpResponse:
        """Remove it, and go back to one's account."""
        with changing_ways(person_of(self.request)):
            _check_another(self.get_object())
            answered: HttpResponse = super().form_valid(form)
        return answered


class RemoveApp(DeactivateTOTPView):
    """No longer use an app's codes, unless they are the only way in."""

    def form_valid(self, form: Form) -> HttpResponse:
        """Remove them, and go back to one's account."""
        with changing_ways(person_of(self.request)):
            _check_another(self.authenticator)
            answered: HttpResponse = super().form_valid(form)
        return answered


def _check_another(way: Authenticator) -> None:
    """Refuse to remove the last way in, as it is while nobody else changes them."""
    if not Factors().can_delete_authenticator(way):
        raise NotNowError(LAST_WAY_IN)


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """Show how one signs in, where one is signed in, and what can be changed of it."""
    person = person_of(request)
    kinds = Authenticator.Type
    found = Authenticator.objects.filter(user=person).order_by("pk")
    visits = UserSession.objects.purge_and_list(person)
    page = {
        "code": person.code,
        "passkeys": [row for row in found if row.type == kinds.WEBAUTHN],
        "app": any(row.type == kinds.TOTP for row in found),
        "password": person.has_usable_password(),
        "recovery": next((r for r in found if r.type == kinds.RECOVERY_CODES), None),
        "n_ways": len(ways_in(person)),
        "changed": CHANGED in request.session,
        "recovered": RECOVERED in request.session,
        "visits": sorted(visits, key=lambda visit: visit.created_at, reverse=True),
        "practice": queries.own_practice(person),
        "note": queries.has_reminder(person),
        "notes_offered": notes_offered(),
    }
    return render(request, "account/me.html", page)


@require_safe
def here(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - it came, which is all
    """Answer somebody who is writing: they are still here, though they ask for no page."""
    return HttpResponse(status=204)


@require_POST
def end_visits(request: HttpRequest) -> HttpResponse:
    """End every other visit of one's own, one of them, or none: one has shown who one is."""
    person, one = person_of(request), request.POST.get("visit", "")
    request.session.pop(CHANGED, None)
    if one:
        # Only one's own are looked at: any other number is nobody's.
        rows = UserSession.objects.filter(user=person)
        for visit in rows:
            if str(visit.pk) == one:
                visit.end()
    else:
        end_others(request, person)
    return redirect("me")


@login_not_required
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Leave at once; nothing of the visit stays in this browser's pages."""
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    logout(request)
    response = redirect("account_login")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
