"""The agreement, consent and preferences over HTTP, as two people use them."""

import pickle
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.urls import reverse

from app_people import NOW
from duologue.records import Seat, Status, Terms
from duologue.store import queries
from duologue.store.actions.agreeing import keep_agreed
from duologue.store.models import Agreement, Answer, PrivatePage, Session
from duologue.web import clock
from hidden import OTHER, waiting
from stories import PERSON, will, write
from visitors import CHANGED, SEATED, at, gets, pages, shown

REF = "ref-of-ann"
GONE = "test_what_is_deleted_is_in_nothing_that_was_kept_of_it"
PAGES = "test_ones_own_pages_go_with_the_rest_or_stay_as_one_says"


def send(visitor, name, *args, **fields):
    """Send something of the pair; return what comes of it."""
    return visitor.post(reverse(name, args=[REF, *args]), fields)


def agreed_minutes():
    """Return the lengths that were ever agreed, in order."""
    rows = Agreement.objects.filter(dyad__ref=REF, version__isnull=False)
    return list(rows.order_by("version").values_list("length_min", flat=True))


def check_both_must_accept_a_change(world, visitors):
    """Fail where a change holds before both have accepted it."""
    for seat in SEATED:
        assert send(visitors[seat], "propose", **CHANGED).status_code == 302
        assert agreed_minutes() == [50]
        page = at(visitors[OTHER[seat]], "agreement", REF)
        assert "proposes a change" in page
        assert "45 minutes, each second week" in page
        assert at(visitors[OTHER[seat]], "together", REF).count("Look at it") == 1
        taken_back = {"proposal": waiting(world), "do": "take_back"}
        send(visitors[seat], "answer-proposal", **taken_back)
        assert "proposes a change" not in at(visitors[OTHER[seat]], "agreement", REF)


def test_neither_seat_changes_what_was_agreed_alone(told, visitors):
    check_both_must_accept_a_change(told, visitors)


@pytest.mark.parametrize("seat", SEATED)
def test_what_one_proposes_and_the_other_accepts_holds_and_the_past_stays(
    told, visitors, seat
):
    mine, theirs = visitors[seat], visitors[OTHER[seat]]
    send(mine, "propose", **CHANGED)
    proposal = waiting(told)
    own = send(mine, "answer-proposal", proposal=proposal, do="accept")

    accepted = send(theirs, "answer-proposal", proposal=proposal, do="accept")
    again = send(theirs, "answer-proposal", proposal=proposal, do="accept")
    late = send(theirs, "answer-proposal", proposal=proposal, do="set_aside")

    answers = [r.status_code for r in (own, accepted, again, late)]
    assert answers == [409, 302, 302, 409]
    assert agreed_minutes() == [50, 45]
    for visitor in (mine, theirs):
        page = at(visitor, "agreement", REF)
        assert page.index("45 minutes, each second week") < page.index("Before")
        assert page.index("Before") < page.index("50 minutes, every week")
        assert "30 March 2026" in page


def test_what_is_set_aside_stays_in_the_history_of_both(told, visitors):
    send(visitors["therapist"], "propose", **CHANGED)
    send(visitors["client"], "answer-proposal", proposal=waiting(told), do="set_aside")

    assert agreed_minutes() == [50]
    for seat in SEATED:
        assert "Set aside, 30 March 2026" in at(visitors[seat], "agreement", REF)


@pytest.mark.parametrize(
    "changed",
    [{"length_min": "4"}, {"frame": " "}, {"rhythm": "x" * 81}, {"supervision": "all"}],
)
def test_a_proposal_that_cannot_be_kept_is_given_back_with_its_words(
    told, visitors, changed
):
    words = {**CHANGED, "confidentiality": "But for these three.", **changed}

    refused = send(visitors["client"], "propose", **words)

    assert refused.status_code == 409
    assert "But for these three." in refused.content.decode()
    assert not Agreement.objects.filter(version=None).exists()


def agree(world, visitors, proposer, accepter, **changed):
    """Let one propose in Bo's pair, and the other accept."""
    address = "ref-of-bo"
    visitors[proposer].post(reverse("propose", args=[address]), {**CHANGED, **changed})
    pair = queries.find_pair(world.bo, address)
    answer = {"proposal": queries.agreed(pair).proposal.ref, "do": "accept"}
    visitors[accepter].post(reverse("answer-proposal", args=[address]), answer)


def check_nobody_is_given_the_words_of_another_pair(world, visitors):
    """Fail where anybody begins with words of a pair that is not theirs, or not their own.

    A therapist begins with their own, which no client has ever written.
    """
    Agreement.objects.all().delete()
    seen = {
        (role, ref): shown(visitors[role].get(reverse("agreement", args=[ref])))
        for role in ("client", "therapist", "another therapist", "supervisor")
        for ref in (REF, "ref-kim", "ref-of-sup")
    }
    bo, own, theirs = "another client", "By the red door.", "Bo's words."
    agree(world, visitors, "therapist", bo, frame=own)
    agree(world, visitors, bo, "therapist", frame=theirs)
    agree(world, visitors, "therapist", bo, frame=f"{own} {theirs}", length_min="40")

    changed = {
        (role, ref)
        for role, ref in seen
        if shown(visitors[role].get(reverse("agreement", args=[ref])))
        != seen[role, ref]
    }
    form = at(visitors["therapist"], "agreement", REF)
    assert changed == {("therapist", REF)}
    assert f">{own}</textarea>" in form
    assert "These are your own words" in form
    assert theirs not in form


def test_a_therapist_begins_with_their_own_words_and_nobody_with_those_of_another_pair(
    told, visitors
):
    check_nobody_is_given_the_words_of_another_pair(told, visitors)


def test_own_words_fill_in_what_was_never_agreed_and_change_nothing_that_was(
    told, visitors
):
    Agreement.objects.all().delete()
    agree(told, visitors, "therapist", "another client", frame="By the red door.")
    keep_agreed(told.dyads["ann"], Terms(length_min=55), day=NOW.date())

    form = at(visitors["therapist"], "agreement", REF)

    assert 'name="length_min" min="5" max="480" required value="55"' in form
    assert ">By the red door.</textarea>" in form


def test_before_anything_is_agreed_the_page_says_so_and_nothing_is_blocked(
    told, visitors
):
    Agreement.objects.filter(dyad__ref=REF).delete()
    for seat in SEATED:
        assert "still to be written" in at(visitors[seat], "together", REF)
        form = at(visitors[seat], "agreement", REF)
        assert "risk of serious harm" in form
        assert send(visitors[seat], "save", 3, open="50").status_code == 302


def test_after_an_invitation_the_next_step_is_an_agreement_with_its_words_ready(
    world, visitors
):
    therapist = visitors["therapist"]
    whom = {"whom": "client", "called": "new", "me": "T."}
    invitation = therapist.post(reverse("invite"), whom).url
    ref = invitation.split("/")[2]
    step = f'href="{reverse("agreement", args=[ref])}">propose an agreement'

    made = therapist.post(invitation).content.decode()
    proposed = therapist.post(reverse("propose", args=[ref]), CHANGED)
    again = therapist.post(invitation).content.decode()
    ended = therapist.post(reverse("end-invitation", args=[ref]))

    assert (step in made, step in again) == (True, False)
    assert [r.status_code for r in (proposed, ended)] == [302, 302]
    assert Agreement.objects.filter(dyad__ref=ref).exists()  # the code alone has ended


def test_recording_is_asked_of_the_client_first_and_of_the_therapist_after_a_yes(
    told, visitors
):
    client, therapist = visitors["client"], visitors["therapist"]
    ask = {"purpose": "recording", "first": "4", "last": "6"}
    asked = "They have said yes for sessions 4 to 6"
    before = at(therapist, "consent", REF)
    too_soon = send(therapist, "say-consent", say="yes", **ask)

    send(client, "say-consent", say="yes", **ask)
    then = at(therapist, "consent", REF)
    alone = at(client, "consent", REF)
    send(therapist, "say-consent", say="yes", **ask)
    both = [at(visitors[seat], "consent", REF) for seat in SEATED]
    send(client, "say-consent", purpose="recording", say="withdraw")
    after = [at(visitors[seat], "consent", REF) for seat in SEATED]

    assert too_soon.status_code == 409
    assert (asked in before, asked in then) == (False, True)
    assert "Your yes stands for sessions 4 to 6" in alone
    assert all("Sessions 4 to 6: yes." in page for page in both)
    assert not any("Sessions 4 to 6: yes." in page for page in after)


def test_a_yes_ends_with_the_six_sessions_and_is_asked_for_anew(
    told, visitors, monkeypatch
):
    client = visitors["client"]
    ask = {"purpose": "recording", "say": "yes"}
    beyond = send(client, "say-consent", first="7", last="7", **ask)
    send(client, "say-consent", first="4", last="6", **ask)
    for number in (5, 6):
        start = NOW + timedelta(weeks=number - 3)
        Session.objects.create(
            dyad=told.dyads["ann"], number=number, planned_start=start
        )
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(weeks=4))

    page = at(client, "consent", REF)

    assert beyond.status_code == 409
    assert "For that one:" in page
    assert "Your next is session 7" in page
    assert "up to session 12" in page


def test_nothing_of_consent_is_asked_in_the_room(told, visitors):
    for seat in SEATED:
        page = at(visitors[seat], "room", REF)
        assert "record" not in page.lower()
        assert reverse("consent", args=[REF]) not in page


@pytest.mark.parametrize(
    ("sixth", "invited"),
    [(Status.HELD, [6]), (Status.CANCELLED, [7]), (Status.NO_SHOW, [7])],
)
def test_after_every_sixth_session_both_are_invited_to_look_at_how_they_work(
    told, visitors, monkeypatch, sixth, invited
):
    pair, words = told.dyads["ann"], "Worth looking at together"
    for number in (5, 6, 7, 8, 9):
        start = NOW + timedelta(weeks=number - 3)
        status = sixth if number == 6 else Status.HELD
        Session.objects.create(
            dyad=pair, number=number, planned_start=start, status=status
        )
        monkeypatch.setattr(clock, "now", lambda start=start: start)
        found = [words in at(visitors[seat], "together", REF) for seat in SEATED]
        assert found == [number in invited] * 2


def test_both_look_at_one_page_together_and_silence_is_the_same_on_it(told, visitors):
    client, therapist = visitors["client"], visitors["therapist"]
    pages = {"never filled in": both_look(visitors)}
    send(client, "save-preferences", pace="0")
    pages["kept back"] = both_look(visitors)
    send(client, "share-preferences", share="on")
    shared = both_look(visitors)
    send(client, "save-preferences", **{"pace": "", "was-pace": "0"})
    pages["shared, and blank"] = both_look(visitors)

    assert "More slowly" in shared
    assert "what would each of us like more of" in shared
    assert len(set(pages.values())) == 1
    assert "More slowly" not in pages["kept back"]
    assert therapist.get(reverse("preferences", args=[REF])).status_code == 404


def both_look(visitors):
    """Return what stands on the page for both, which is the same, word for word."""
    told = {
        at(visitors[seat], "look-together", REF).partition("</nav>\n</div>")[2]
        for seat in SEATED
    }
    (found,) = told
    return found


def test_the_therapist_sees_how_the_client_would_like_to_work_while_they_share_it(
    told, visitors
):
    client, therapist = visitors["client"], visitors["therapist"]
    before = at(therapist, "together", REF)
    send(client, "save-preferences", pace="0", silence="100")
    kept = at(therapist, "together", REF)
    send(client, "share-preferences", share="on")
    shared = at(therapist, "together", REF)
    send(client, "share-preferences", share="off")
    after = at(therapist, "together", REF)

    assert "More slowly" in shared
    assert "Leave it quiet" in shared
    assert "More slowly" in at(client, "preferences", REF)
    assert not any("More slowly" in page for page in (before, kept, after))


@pytest.mark.parametrize("given", ["nan", "101", "words", "1e999"])
def test_what_is_no_place_on_its_line_is_refused(told, visitors, given):
    assert send(visitors["client"], "save-preferences", pace=given).status_code == 409


def test_in_supervision_nobody_is_asked_how_they_would_like_to_work(told, visitors):
    for seat in ("therapist", "supervisor"):
        address = reverse("preferences", args=["ref-of-sup"])
        assert visitors[seat].get(address).status_code == 404
        look = reverse("look-together", args=["ref-of-sup"])
        assert visitors[seat].get(look).status_code == 404
        for name in ("save-preferences", "share-preferences"):
            sent = visitors[seat].post(reverse(name, args=["ref-of-sup"]), {})
            assert sent.status_code == 404


def kept_of_a_pair():
    """Return what is kept in memory of the pair: by key, what it holds."""
    memory = caches["pages"]
    return {
        key: pickle.dumps(memory.get(key))
        for key in memory.keys()  # noqa: SIM118
        if f":{REF}:" in key and not key.startswith("shown:")
    }


@pytest.mark.parametrize("seat", SEATED)
def test_what_is_deleted_is_in_nothing_that_was_kept_of_it(world, visitors, seat):
    for number in (1, 2, 3):
        for who in SEATED:
            write(world, who, number, open=50.0, need=("slower",))
            will(world, who, number)
    for who in SEATED:
        pages(visitors[who], gets(), warm=True)
        write(world, who, 3, deep=12.0)
        pages(visitors[who], gets(), warm=True)
    made = kept_of_a_pair()
    assert any(key.startswith(("ours", "mine", "line")) for key in made)
    assert any(b"slower" in held for held in made.values())

    send(visitors[seat], "forget-all")

    assert not any(b"slower" in held for held in kept_of_a_pair().values())
    assert kept_of_a_pair() == {}
    for who in SEATED:
        assert "slower" not in at(visitors[who], "together", REF)
    assert not Answer.objects.filter(reflection__seat=seat).exists()
    assert Answer.objects.filter(reflection__seat=OTHER[seat]).exists()


@pytest.mark.parametrize("seat", SEATED)
def test_ones_own_pages_go_with_the_rest_or_stay_as_one_says(told, visitors, seat):
    visitor, called = visitors[seat], OWN_PAGES[seat]
    page = f"a private page of the {seat}"
    asked = at(visitor, "consent", REF)

    send(visitor, "forget-all", pages="stay")
    stayed, notes = at(visitor, "consent", REF), at(visitor, "private", REF)
    send(visitor, "forget-all", pages="go")

    for said in (f"Delete all of it, my {called} too", f"Delete all but my {called}"):
        assert said in asked
    assert f"is kept here but your {called}" in stayed
    assert page in notes
    assert "<textarea" not in notes
    assert "Nothing of yours is kept here." in at(visitor, "consent", REF)
    assert page not in at(visitor, "private", REF)
    assert page.replace(seat, OTHER[seat]) in at(visitors[OTHER[seat]], "private", REF)


@pytest.mark.parametrize("seat", SEATED)
def test_by_itself_deleting_takes_ones_own_pages_too(told, visitors, seat):
    send(visitors[seat], "forget-all")

    assert not PrivatePage.objects.filter(person=told.people[PERSON[seat]]).exists()


OWN_PAGES = {"client": "journal", "therapist": "process notes"}


@pytest.mark.parametrize("seat", SEATED)
def test_the_others_page_stays_warm_where_nothing_had_opened(world, visitors, seat):
    viewer = OTHER[seat]
    for who in SEATED:
        write(world, who, 3, open=50.0)
        pages(visitors[who], gets(), warm=True)
    before = {key for key in kept_of_a_pair() if f":{viewer}:" in key}

    send(visitors[seat], "forget-all")

    assert {key for key in kept_of_a_pair() if f":{viewer}:" in key} == before
    assert before


@pytest.mark.parametrize("seat", SEATED)
def test_whoever_keeps_nothing_is_told_so_and_can_begin_again(told, visitors, seat):
    visitor = visitors[seat]
    send(visitor, "forget-all")
    told_so = at(visitor, "together", REF)
    refused = send(visitor, "save", 3, line="after all")
    send(visitor, "say-consent", purpose="keeping", say="yes")

    assert "nothing more of yours be kept" in told_so
    assert refused.status_code == 409
    assert "after all" in refused.content.decode()
    assert send(visitor, "save", 3, line="after all").status_code == 302


def test_one_sees_what_of_ones_yeses_the_other_sees(told, visitors):
    ask = {"purpose": "recording", "say": "yes", "first": "4", "last": "4"}
    send(visitors["client"], "say-consent", **ask)
    for seat in SEATED:
        send(visitors[seat], "say-consent", purpose="research", say="yes")
    send(visitors["client"], "say-consent", purpose="supervision", say="yes")

    client, therapist = (at(visitors[seat], "they-see", REF) for seat in SEATED)

    assert "A session may be recorded: session 4" in client
    assert "Numbers may go into research" in client
    assert "talked of in supervision" not in client
    assert "A session may be recorded" not in therapist
    assert "Numbers may go into research" in therapist


@pytest.mark.parametrize("fields", [{}, {"purpose": "keeping", "say": "no"}])
def test_what_is_no_answer_to_what_is_asked_is_refused(told, visitors, fields):
    assert send(visitors["client"], "say-consent", **fields).status_code == 409


def test_each_seat_has_the_same_words_of_who_sees_what(told, visitors):
    for seat in Seat:
        page = at(visitors[seat], "agreement", REF)
        assert "Both, only where both answered and are willing for that session" in page
        assert "Whoever answers it, and nobody else" in page
