"""A seat that is kept free, and who takes it."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator

from app_people import AGREED, NOW
from duologue.errors import NotNowError, NotYoursError
from duologue.records import Kind, Mode, Seat
from duologue.store import actions, queries
from duologue.store.models import Dyad, Event, Invitation, Person, Practice, Session
from duologue.store.models.person import SAYS
from two_seats import Two

LATER = NOW + timedelta(days=15)


def invite(world, *, seat=Seat.CLIENT, kind=Kind.THERAPY, **more):
    """Let the therapist invite somebody; return the pair and the code."""
    given = {"called": "N.", "me": "T.", "kind": kind, "seat": seat, "now": NOW} | more
    ref = actions.invite(world.therapist, **given)
    return ref, actions.invite_again(world.therapist, ref, now=NOW)


def found(code, now=NOW):
    return queries.find_invitation(actions.digest_of(code), now=now)


@pytest.mark.parametrize(
    ("seat", "kind"),
    [
        (Seat.CLIENT, Kind.THERAPY),
        (Seat.THERAPIST, Kind.SUPERVISION),
        (Seat.CLIENT, Kind.SUPERVISION),
    ],
)
def test_whoever_comes_learns_what_the_two_are_called_and_no_more(world, seat, kind):
    ref, code = invite(world, seat=seat, kind=kind)

    invited = found(code)

    assert (invited.seat, invited.kind) == (seat, kind)
    assert (invited.called, invited.by) == ("N.", "T.")
    assert queries.find_pair(world.therapist, ref).other == "N."
    assert queries.invited_until(queries.find_pair(world.therapist, ref)) == (
        NOW + actions.inviting.HOLDS
    )


def test_a_code_is_kept_nowhere_and_groups_and_capitals_make_no_difference(world):
    _, code = invite(world)
    bare = code.replace("-", "")

    stored = Invitation.objects.values_list(
        "digest", "seat", "person__code", "dyad__code"
    )

    assert len(bare) == 28
    assert not any(bare in str(row).replace("-", "") for row in stored)
    assert found(f" {code.upper()} ".replace("-", " ")) == found(code)
    assert found(code[:-1]) is None


def test_a_newer_code_ends_the_earlier_one(world):
    ref, first = invite(world)

    second = actions.invite_again(world.therapist, ref, now=NOW)

    assert found(first) is None
    assert found(second) is not None


def test_with_an_earlier_code_ends_whoever_came_with_it(world):
    ref, first = invite(world)
    came = actions.kept_person(actions.digest_of(first), now=NOW)
    visit = came.get_session_auth_hash()

    actions.invite_again(world.therapist, ref, now=NOW)

    with pytest.raises(NotNowError, match="not open"):
        actions.choose_password(came, "a made-up password", now=NOW)
    with pytest.raises(NotNowError, match="not open"):
        actions.become(came, now=NOW)
    kept = Person.objects.get(pk=came.pk)
    assert kept.get_session_auth_hash() != visit
    actions.become(kept, now=NOW)


def test_a_code_ends_by_itself(world):
    _, code = invite(world)

    assert found(code, LATER) is None
    with pytest.raises(NotNowError, match="not open"):
        actions.take_seat(world.out, actions.digest_of(code), now=LATER)
    with pytest.raises(NotNowError, match="not open"):
        actions.kept_person(actions.digest_of(code), now=LATER)
    came = actions.kept_person(actions.digest_of(code), now=NOW)
    with pytest.raises(NotNowError, match="not open"):
        actions.become(came, now=LATER)


def with_passkey(person):
    """Give somebody a way in, as the library for signing in keeps it."""
    data = {"name": "Passkey", "credential": {"id": f"of {person.code}"}}
    Authenticator.objects.create(user=person, type="webauthn", data=data)
    return person


@pytest.mark.parametrize(
    "act",
    [
        actions.invite_again,
        actions.end_invitation,
        lambda therapist, ref, *, now: actions.take_seat(
            Person.objects.get(code="out-code"),
            Invitation.objects.get().digest,
            now=now,
        ),
    ],
)
def test_whoever_has_a_way_in_keeps_their_seat_whatever_still_stands(world, act):
    ref, code = invite(world)
    came = with_passkey(actions.kept_person(actions.digest_of(code), now=NOW))

    with pytest.raises(NotNowError):
        act(world.therapist, ref, now=NOW)
    assert queries.find_pair(came, ref).person == "N."
    actions.settle(now=LATER)

    assert queries.find_pair(came, ref).person == "N."
    assert not Invitation.objects.exists()


def test_whoever_has_a_way_in_works_here_whatever_still_stands(world):
    empty = Practice.objects.create(name="Elm", crisis="Ring us.")
    code = actions.invite_to_work(empty, now=NOW)
    came = with_passkey(actions.kept_person(actions.digest_of(code), now=NOW))

    actions.invite_to_work(empty, now=LATER)

    assert queries.own_practice(came).name == "Elm"
    assert found(code, NOW) is None
    assert queries.practice_without_people() is None


def writes(therapist, ref):
    actions.write_page(therapist, ref, "Made up.", now=NOW)


def proposes(therapist, ref):
    actions.propose(therapist, ref, AGREED, now=NOW)


def notes_a_session(therapist, ref):
    Session.objects.filter(dyad__ref=ref).update(status="cancelled")


@pytest.mark.parametrize("does", [None, writes, proposes, notes_a_session])
def test_taking_back_takes_nothing_that_somebody_has_written(world, does):
    ref, code = invite(world)
    actions.add_session(
        world.therapist, ref, NOW + timedelta(days=2), mode=Mode.ROOM, now=NOW
    )
    if does is not None:
        does(world.therapist, ref)

    gone = actions.end_invitation(world.therapist, ref, now=NOW)

    assert gone == (does is None) == (not Dyad.objects.filter(ref=ref).exists())
    assert found(code) is None
    if not gone:
        assert found(actions.invite_again(world.therapist, ref, now=NOW)) is not None


def test_who_has_been_here_before_takes_the_seat_once(world):
    ref, code = invite(world)
    n_people = Person.objects.count()

    actions.take_seat(world.kim, actions.digest_of(code), now=NOW)

    assert queries.find_pair(world.kim, ref).seat is Seat.CLIENT
    assert len(queries.pairs_of(world.kim)) == 2
    assert Person.objects.count() == n_people - 1  # nobody need be kept any longer
    with pytest.raises(NotNowError):
        actions.take_seat(world.bo, actions.digest_of(code), now=NOW)
    assert queries.invited_until(queries.find_pair(world.therapist, ref)) is None


def test_who_is_new_becomes_whoever_was_kept(world):
    ref, code = invite(world)
    kept = actions.kept_person(actions.digest_of(code), now=NOW)

    actions.become(kept, now=NOW)

    assert queries.find_pair(kept, ref).person == "N."
    assert found(code) is None
    assert not Invitation.objects.exists()
    actions.become(kept, now=NOW)  # nothing more comes of it
    assert Event.objects.filter(what="joined").count() == 1


def test_nobody_takes_both_seats(world):
    _, code = invite(world)

    with pytest.raises(NotNowError, match="your own pair"):
        actions.take_seat(world.therapist, actions.digest_of(code), now=NOW)

    assert found(code) is not None


def test_a_person_who_is_kept_does_not_use_up_their_own_code(world):
    _, code = invite(world)
    kept = actions.kept_person(actions.digest_of(code), now=NOW)

    with pytest.raises(NotNowError):
        actions.take_seat(kept, actions.digest_of(code), now=NOW)


def test_an_invitation_is_taken_back_with_everything_of_it(world):
    n_people, n_pairs = Person.objects.count(), Dyad.objects.count()
    ref, code = invite(world)

    actions.end_invitation(world.therapist, ref, now=NOW)

    assert found(code) is None
    assert (Person.objects.count(), Dyad.objects.count()) == (n_people, n_pairs)


@pytest.mark.parametrize("act", [actions.invite_again, actions.end_invitation])
def test_once_a_seat_is_taken_there_is_no_invitation_to_it(world, act):
    with pytest.raises(NotNowError, match="has been taken"):
        act(world.therapist, world.ref("ann"), now=NOW)


@pytest.mark.parametrize("act", [actions.invite_again, actions.end_invitation])
@pytest.mark.parametrize("who", ["bo", "other_therapist", "out"])
def test_nobody_else_touches_an_invitation(world, act, who):
    ref, code = invite(world)

    with pytest.raises(NotYoursError):
        act(world.people[who], ref, now=NOW)

    assert found(code) is not None


@pytest.mark.parametrize("who", ["ann", "out"])
def test_only_who_works_here_invites(world, who):
    with pytest.raises(NotYoursError):
        actions.invite(
            world.people[who],
            called="a",
            me="b",
            kind=Kind.THERAPY,
            seat=Seat.CLIENT,
            now=NOW,
        )


@pytest.mark.parametrize("blank", SAYS)
def test_nobody_is_invited_while_the_practice_lacks_its_words(world, blank):
    said = {name: "Made up." for name in SAYS if name != blank}
    world.therapist.practice = Practice.objects.create(**said)
    world.therapist.save()

    with pytest.raises(NotNowError, match="needs a name and its own words"):
        invite(world)


@pytest.mark.parametrize("seat", list(Seat))
def test_the_first_session_is_planned_where_the_frame_is_ones_own(world, seat):
    start = NOW + timedelta(days=2)

    ref, _ = invite(world, seat=seat, kind=Kind.SUPERVISION, starts=start)

    planned = Dyad.objects.get(ref=ref).sessions.values_list("planned_start", flat=True)
    assert list(planned) == [start] * (seat is Seat.CLIENT)


def test_nothing_is_kept_of_an_invitation_to_a_day_that_cannot_be(world):
    with pytest.raises(NotNowError, match="a year ahead"):
        invite(world, starts=NOW + timedelta(days=800))

    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    "codes",
    [
        {"called": " "},
        {"me": ""},
        {"called": "x" * 41},
        {"called": "a\0b"},
        {"called": "T."},
    ],
)
def test_what_each_is_called_must_be_something_and_not_the_same(world, codes):
    with pytest.raises(NotNowError):
        invite(world, **codes)

    assert not Invitation.objects.exists()


def test_two_pairs_of_one_person_do_not_show_that_they_are_of_one(world):
    ref, code = invite(world)
    actions.take_seat(world.kim, actions.digest_of(code), now=NOW)

    of_one = queries.find_pair(world.therapist, ref)
    of_other = queries.find_pair(world.other_therapist, world.ref("kim"))

    assert (of_one.other, of_other.other) == ("N.", "kim-code")
    assert world.kim.code not in repr(of_one)


def test_one_person_sits_in_both_seats_at_once(world):
    ref, code = invite(world, seat=Seat.CLIENT)
    actions.take_seat(world.sup, actions.digest_of(code), now=NOW)

    seats = {pair.ref: pair.seat for pair in queries.pairs_of(world.sup)}

    assert seats == {ref: Seat.CLIENT, "ref-of-sup": Seat.THERAPIST}


def test_whoever_comes_first_works_at_a_practice_where_nobody_does(world):
    empty = Practice.objects.create(name="Elm", crisis="Ring us.")
    assert queries.practice_without_people() == empty

    first = actions.invite_to_work(empty, now=NOW)
    code = actions.invite_to_work(empty, now=NOW)
    kept = actions.kept_person(actions.digest_of(code), now=NOW)

    assert found(first) is None
    assert found(code).practice == "Elm"
    assert found(code).seat is None
    assert queries.practice_without_people() == empty
    actions.become(kept, now=NOW)
    assert queries.practice_without_people() is None
    assert queries.own_practice(kept).name == "Elm"
    assert set(queries.own_practice(kept).blanks) == {*SAYS} - {"name", "crisis"}


def test_somebody_from_elsewhere_comes_to_work_here_and_nobody_twice(world):
    empty = Practice.objects.create(name="Elm", crisis="Ring us.")
    digest = actions.digest_of(actions.invite_to_work(empty, now=NOW))

    with pytest.raises(NotNowError, match="you work here already"):
        actions.take_seat(world.therapist, digest, now=NOW)
    actions.take_seat(world.out, digest, now=NOW)

    assert queries.own_practice(world.out).name == "Elm"


def test_the_words_of_a_practice_are_changed_by_those_who_work_there(world):
    actions.change_practice(world.therapist, {"crisis": " Ring twice. "}, now=NOW)

    assert queries.help_for(world.ann)[0].crisis == "Ring twice."
    with pytest.raises(NotYoursError):
        actions.change_practice(world.ann, {"crisis": "Mine."}, now=NOW)
    for bad in ({"name": "x" * 81}, {"crisis": "Once.", "telling": "x" * 4001}):
        with pytest.raises(NotNowError):
            actions.change_practice(world.therapist, bad, now=NOW)
    assert queries.help_for(world.ann)[0].crisis == "Ring twice."


def test_what_is_filled_in_is_kept_and_a_blank_replaces_nothing(world):
    kept = actions.kept_person(
        actions.digest_of(actions.invite_to_work(actions.set_up_practice(), now=NOW)),
        now=NOW,
    )
    for said in ({"crisis": "", "supervisor": " Ring S. "}, {"supervisor": "  "}):
        actions.change_practice(kept, said, now=NOW)

    mine = queries.own_practice(kept)
    assert (mine.supervisor, mine.is_begun) == ("Ring S.", True)
    assert set(mine.blanks) == {*SAYS} - {"supervisor"}


def test_a_refused_sign_in_is_noted_once_a_day(world):
    what = actions.noting.What.SIGN_IN_REFUSED
    for hours in (0, 1, 2, 24):
        now = NOW + timedelta(hours=hours)
        actions.note_way_in(world.ann, what, now=now, once_a_day=True)
        actions.note_way_in(None, what, now=now, once_a_day=True)

    assert Event.objects.filter(what=what, who=world.ann.pk).count() == 2
    assert Event.objects.filter(what=what, who=None).count() == 2


def test_a_pair_keeps_its_people_once_both_are_there(world):
    two = Two(world)
    two.open(line=("What I said.", "What I heard."))
    _, code = invite(world)

    actions.take_seat(world.kim, actions.digest_of(code), now=NOW)

    assert two.session(Seat.CLIENT).open_items
