"""What was withdrawn stays withdrawn, also when an older state comes back."""

import threading
import time
from dataclasses import replace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction
from django.utils import timezone

from app_people import AGREED, NOW
from duologue.errors import SealError
from duologue.records import Kind
from duologue.sharing import Purpose, Standing
from duologue.store import actions, queries, withdrawn
from duologue.store.actions.replaying import withdraw_again
from duologue.store.folder import WITHDRAWN
from duologue.store.models import (
    Answer,
    Card,
    Contact,
    Invitation,
    LaterThought,
    Person,
    PrivatePage,
    Withdrawal,
)
from duologue.store.models.withdrawal import Withdrawn, new_name
from duologue.web import folder
from two_seats import C, T

OPEN, UNSAID = {"open": (70.0, 40.0)}, {"unsaid": ("a_little", "no")}


def tell(two):
    """Let something be open of each kind, and something be written and not open."""
    for seat in (C, T):
        two.do(actions.share_unsaid, seat, on=True)
    two.open(line=("What I said.", "What I heard."), unsaid=("a_little", "no"))
    two.do(actions.add_later_thought, C, 3, "line", "More than I knew.")
    two.answer(C, 2, open=33.0, line="Not sent.")
    two.do(actions.send_card, C)
    two.do(actions.write_page, C, "For myself.")
    two.do(actions.keep_teaching, T, "To wait.")
    actions.keep_contact(two.person(C), {"name": "Ann", "phone": "01"}, now=NOW)
    two.do(actions.share_reach, C, on=True)
    actions.keep_reminder(two.person(C), "old@example.org", hour=20, now=NOW)
    for seat in (C, T):
        two.do(actions.say_yes, seat, Purpose.RESEARCH)
        two.do(actions.say_yes, seat, Purpose.RECORDING, sessions=[4, 5])
    two.do(actions.keep_preferences, C, {"pace": 20.0, "silence": 70.0})
    two.do(actions.share_preferences, C, on=True)
    two.do(actions.propose, T, replace(AGREED, length_min=45))
    two.do(actions.rate_goals, C, 3, {two.goal(): 4.0, two.goal("To rest."): 7.0})
    two.do(actions.propose_goal, T, "To say so.")
    two.do(actions.fill_form, C, "phq9", {"1": 2.0, "9": 1.0})
    two.do(actions.fill_form, C, "gad7", {"1": 2.0})


def thought(told):
    """Remove the client's later thought."""
    ref = LaterThought.objects.get().ref
    told.do(actions.remove_later_thought, C, ref)


WITHDRAW = {
    "not willing": lambda told: told.do(actions.say_not_willing, C, 3),
    "an open answer": lambda told: told.do(actions.take_back, C, 3, "open"),
    "open words": lambda told: told.do(actions.take_back, C, 3, "line"),
    "a number": lambda told: told.answer(C, 2, open=None),
    "words": lambda told: told.answer(C, 2, line=""),
    "a later thought": thought,
    "sharing of what was unsaid": lambda told: told.do(
        actions.share_unsaid, C, on=False
    ),
    "the card": lambda told: told.do(actions.withdraw_card, C),
    "a private page": lambda told: told.do(
        actions.remove_page, C, PrivatePage.objects.get(kind="journal").ref
    ),
    "a line of one's own": lambda told: told.do(actions.keep_teaching, T, ""),
    "how to be reached": lambda told: actions.delete_contact(told.person(C), now=NOW),
    "one detail of it": lambda told: actions.keep_contact(
        told.person(C), {"name": "Ann"}, now=NOW
    ),
    "notes by mail": lambda told: actions.end_reminder(told.person(C), now=NOW),
    "showing how to be reached": lambda told: told.do(actions.share_reach, C, on=False),
    "a yes": lambda told: told.do(actions.say_no, C, Purpose.RESEARCH),
    "a yes for sessions": lambda told: told.do(actions.say_no, C, Purpose.RECORDING),
    "sharing of preferences": lambda told: told.do(
        actions.share_preferences, C, on=False
    ),
    "a preference": lambda told: told.do(actions.keep_preferences, C, {"pace": None}),
    "a proposal": lambda told: told.do(
        actions.take_back_proposal, T, queries.agreed(told.pair(T)).proposal.ref
    ),
    "how near a goal is": lambda told: told.do(
        actions.rate_goals, C, 3, {told.goals().in_force[0].ref: None}
    ),
    "a proposal for a goal": lambda told: told.do(
        actions.take_goal_back, T, told.goals(T).new[0].waits.ref
    ),
    "a form": lambda told: told.do(
        actions.delete_form, C, "phq9", timezone.localdate(NOW)
    ),
    "all that was written": lambda told: told.do(actions.forget_all_of, C),
    "all but pages of one's own": lambda told: told.do(
        actions.forget_all_of, C, pages_stay=True
    ),
    "all that was written, in the other seat": lambda told: told.do(
        actions.forget_all_of, T
    ),
}


def state(told):
    """Return all that each of the two may see, and the cards."""
    return (
        [told.session(seat, number) for seat in (C, T) for number in (2, 3)],
        [told.pair(seat).shares_unsaid for seat in (C, T)],
        list(Card.objects.values_list("seat")),
        [(page.kind, page.words) for page in PrivatePage.objects.all()],
        [bytes(key) for key in Contact.objects.values_list("key", flat=True)],
        queries.own_reach(told.person(C)),
        queries.reach_of_other(told.pair(T)),
        queries.own_reminder(told.person(C)),
        [queries.ledger(told.pair(seat), now=NOW).asked for seat in (C, T)],
        [queries.preferences(told.pair(seat)) for seat in (C, T)],
        [queries.agreed(told.pair(seat)) for seat in (C, T)],
        [queries.goals(told.pair(seat)) for seat in (C, T)],
        [queries.forms(told.pair(seat), now=NOW).filled for seat in (C, T)],
    )


def withdrawn_then_restored(told, withdraw, path):
    """Withdraw something, and put back the state from before; return the state between."""
    with transaction.atomic():
        withdraw(told)
        between = state(told)
        withdrawn.keep_outside(path)
        transaction.set_rollback(True)
    return between


@pytest.mark.parametrize("what", WITHDRAW)
def test_what_was_withdrawn_since_a_backup_is_withdrawn_again(told, tmp_path, what):
    before, path = state(told), tmp_path / "list"
    between = withdrawn_then_restored(told, WITHDRAW[what], path)
    assert state(told) == before  # the control: the older state is back

    n = withdraw_again(withdrawn.read_outside(path))

    assert n >= 1
    assert state(told) == between
    assert withdraw_again(withdrawn.read_outside(path)) == 0


def test_an_address_that_was_changed_does_not_come_back(told, tmp_path):
    def change(told):
        actions.keep_reminder(told.person(C), "new@example.org", hour=20, now=NOW)

    withdrawn_then_restored(told, change, tmp_path / "list")
    assert queries.own_reminder(told.person(C)).address == "old@example.org"

    withdraw_again(withdrawn.read_outside(tmp_path / "list"))

    # The new one is not in the backup: it is for its owner to ask for it anew.
    assert queries.own_reminder(told.person(C)) is None


def ways(person):
    """Return with what somebody can sign in, and how many recovery codes are left."""
    rows = Authenticator.objects.filter(user=person).order_by("type")
    return [
        len(row.wrap().get_unused_codes()) if row.type == "recovery_codes" else row.type
        for row in rows
    ]


def remove(kind):
    for row in Authenticator.objects.filter(type=kind):
        row.delete()


def use_a_code(told):
    row = Authenticator.objects.get(type="recovery_codes")
    assert row.wrap().validate_code(row.wrap().get_unused_codes()[0])


@pytest.mark.parametrize(
    ("end", "left"),
    [
        (lambda told: remove("webauthn"), [10, "totp"]),
        (lambda told: remove("totp"), [10, "webauthn"]),
        (lambda told: remove("recovery_codes"), ["totp", "webauthn"]),
        (use_a_code, [9, "totp", "webauthn"]),
    ],
)
def test_what_let_somebody_in_and_ended_since_lets_nobody_in_again(
    told, tmp_path, end, left
):
    ann, path = told.person(C), tmp_path / "list"
    passkey = {"name": "Passkey", "credential": {"id": "a number by chance"}}
    Authenticator.objects.create(user=ann, type="webauthn", data=passkey)
    TOTP.activate(ann, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(ann)
    withdrawn_then_restored(told, end, path)
    assert ways(ann) == [10, "totp", "webauthn"]

    withdraw_again(withdrawn.read_outside(path))

    assert ways(ann) == left
    assert withdraw_again(withdrawn.read_outside(path)) == 0


@pytest.mark.parametrize(
    "end",
    [
        actions.invite_again,
        actions.end_invitation,
        lambda who, ref, *, now: actions.become(
            Person.objects.get(invitation__dyad__ref=ref), now=now
        ),
        lambda who, ref, *, now: actions.take_seat(
            Person.objects.get(code="out-code"),
            Invitation.objects.get().digest,
            now=now,
        ),
    ],
)
def test_the_code_of_an_invitation_that_ended_since_lets_nobody_in_again(
    told, tmp_path, end
):
    who, path = told.person(T), tmp_path / "list"
    ref = actions.invite(who, called="N.", me="T.", kind=Kind.THERAPY, seat=C, now=NOW)
    digest = actions.digest_of(actions.invite_again(who, ref, now=NOW))
    withdrawn_then_restored(told, lambda _: end(who, ref, now=NOW), path)
    assert queries.find_invitation(digest, now=NOW) is not None

    withdraw_again(withdrawn.read_outside(path))

    assert queries.find_invitation(digest, now=NOW) is None
    code = actions.invite_again(who, ref, now=NOW)
    assert queries.find_invitation(actions.digest_of(code), now=NOW) is not None


def test_what_a_backup_knows_already_is_not_done_again(told, tmp_path):
    path = tmp_path / "list"
    told.do(actions.say_not_willing, C, 3)
    told.do(actions.say_willing, C, 3)
    withdrawn.keep_outside(path)

    assert withdraw_again(withdrawn.read_outside(path)) == 0
    assert told.item(C).standing is Standing.OPEN


def test_an_answer_that_was_taken_back_does_not_open_later_instead(two, tmp_path):
    path = tmp_path / "list"
    for seat in (C, T):
        two.answer(seat, open=50.0)

    def opened_and_taken_back(_):
        two.willing()
        two.do(actions.take_back, C, 3, "open")

    withdrawn_then_restored(two, opened_and_taken_back, path)
    withdraw_again(withdrawn.read_outside(path))
    two.willing()

    assert two.item(T).theirs is None
    assert two.item(C).mine == 50.0


def test_nothing_of_another_pair_is_withdrawn(told, tmp_path):
    path = tmp_path / "list"
    bo = told.world.ref("bo")
    for who in (told.world.bo, told.world.therapist):
        actions.reflect(who, bo, 3, {"open": 50.0, "line": "Bo's"}, now=NOW)
        actions.say_willing(who, bo, 3, now=NOW)
    before = list(Answer.objects.filter(reflection__session__dyad__ref=bo).values())

    for withdraw in WITHDRAW.values():
        withdrawn_then_restored(told, withdraw, path)
        withdraw_again(withdrawn.read_outside(path))

    after = list(Answer.objects.filter(reflection__session__dyad__ref=bo).values())
    assert after == before


def test_the_list_holds_names_by_chance_and_nothing_to_read(told, tmp_path):
    path = tmp_path / "list"
    for withdraw in WITHDRAW.values():
        withdraw(told)
    withdrawn.keep_outside(path)

    content = path.read_bytes()

    refs = [line.split(b" ")[0] for line in content.splitlines()]
    assert sorted(refs) == sorted(
        ref.encode() for ref in Withdrawal.objects.values_list("ref", flat=True)
    )
    assert all(len(ref) == 32 and int(ref, 16) >= 0 for ref in refs)
    for word in (
        b"open",
        b"line",
        b"client",
        b"willing",
        b"recording",
        told.ref.encode(),
    ):
        assert word not in content
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_list_is_added_to_and_never_holds_anything_twice(told, tmp_path):
    path = tmp_path / "list"
    withdrawn.keep_outside(path)
    assert path.read_bytes() == b""
    contents = []
    for withdraw in list(WITHDRAW.values())[:3]:
        withdraw(told)
        for _ in range(2):
            withdrawn.keep_outside(path)
        contents.append(path.read_bytes())

    assert contents[2].startswith(contents[1])
    assert contents[1].startswith(contents[0])
    assert [len(content.splitlines()) for content in contents] == [1, 2, 3]


def test_a_line_that_a_crash_left_half_written_is_written_again(told, tmp_path):
    path = tmp_path / "list"
    for withdraw in list(WITHDRAW.values())[:3]:
        withdraw(told)
    withdrawn.keep_outside(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    assert len(withdrawn.read_outside(path)) == 2

    withdrawn.keep_outside(path)

    assert len(withdrawn.read_outside(path)) == 3
    assert path.read_bytes()[: len(whole) - 200] == whole[: len(whole) - 200]


@pytest.mark.parametrize("position", [5, 40, 60, 90])
def test_a_line_that_was_changed_is_noticed(told, tmp_path, position):
    path = tmp_path / "list"
    told.do(actions.say_not_willing, C, 3)
    withdrawn.keep_outside(path)
    content = bytearray(path.read_bytes())
    content[position] = ord("A") if content[position] != ord("A") else ord("B")
    path.write_bytes(content)

    with pytest.raises(SealError):
        withdrawn.read_outside(path)


def test_what_is_withdrawn_is_on_the_list_once_it_is_kept(
    told, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.FOLDER = tmp_path
    with django_capture_on_commit_callbacks(execute=True):
        told.do(actions.say_not_willing, C, 3)
    with django_capture_on_commit_callbacks(execute=True):
        thought(told)

    found = withdrawn.read_outside(tmp_path / "withdrawn.sealed")
    assert sorted(row.what for row in found) == ["record", "willing"]


def test_what_is_not_withdrawn_is_not_listed(told):
    before = Withdrawal.objects.count()

    told.do(actions.say_willing, C, 3)
    told.answer(C, 2, open=34.0, line="Changed.")
    told.answer(C, 2, deep=None)
    told.do(actions.skip, C, 2)
    told.do(actions.withdraw_card, T)

    assert Withdrawal.objects.count() == before


def test_what_two_withdraw_at_the_same_moment_is_listed_whole(tmp_path, monkeypatch):
    rows, path = [], tmp_path / "list"

    class Stored:
        """Stands for the table: what has been kept by then is seen by everybody."""

        def using(self, _):
            return self

        def order_by(self, _):
            found = list(rows)
            time.sleep(0.002)  # and somebody else has their turn
            return found

    monkeypatch.setattr(withdrawn.Withdrawal, "objects", Stored())

    def withdraw():
        rows.append(Withdrawal(ref=new_name(), what=Withdrawn.RECORD))
        withdrawn.keep_outside(path)

    for n in range(1, 11):
        threads = [threading.Thread(target=withdraw) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert {row.ref for row in withdrawn.read_outside(path)} == {
            row.ref for row in rows
        }
        assert len(path.read_bytes().splitlines()) == len(rows) == 6 * n


def test_a_line_that_is_damaged_is_dropped_and_written_anew(told, tmp_path):
    path = tmp_path / "list"
    told.do(actions.withdraw_card, C)
    told.do(actions.say_not_willing, C, 3)
    told.do(actions.take_back, C, 3, "open")
    withdrawn.keep_outside(path)
    whole = path.read_bytes().splitlines()
    path.write_bytes(
        b"\n".join([whole[0], whole[1][:-9] + b"AAAAAAAAA", whole[2]]) + b"\n"
    )

    with pytest.raises(SealError):
        withdrawn.read_outside(path)
    found, n_damaged = withdrawn.read_what_opens(path)
    assert (len(found), n_damaged) == (2, 1)
    assert withdrawn.drop_damaged(path) == 1
    withdrawn.keep_outside(path)

    assert {line[:32] for line in path.read_bytes().splitlines()} == {
        line[:32] for line in whole
    }
    assert withdrawn.drop_damaged(path) == 0
    assert len(withdrawn.read_outside(path)) == len(whole) == 3


@pytest.mark.parametrize("what", WITHDRAW)
def test_an_older_database_is_brought_up_to_the_list_when_it_is_opened(
    told, settings, tmp_path, what
):
    settings.FOLDER = tmp_path
    between = withdrawn_then_restored(told, WITHDRAW[what], tmp_path / WITHDRAWN)

    said = folder._list_withdrawn(tmp_path)

    assert state(told) == between
    assert len(said) == 1
    assert "did not know" in said[0]
    assert folder._list_withdrawn(tmp_path) == ()


def test_a_tap_from_before_does_not_come_back_with_an_older_database(told, tmp_path):
    told.do(actions.show_room, C, 2)
    told.do(actions.tap, C, 2, told.room(C).code)
    withdrawn_then_restored(told, WITHDRAW["the card"], tmp_path / "list")

    withdraw_again(withdrawn.read_outside(tmp_path / "list"))

    assert told.room(C) is None
