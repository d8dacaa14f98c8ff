"""Every rule of the database, and that it refuses what would break it."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import UniqueConstraint

from app_people import AGREED, NOW, person
from duologue.sharing import Purpose
from duologue.store import actions
from duologue.store.keys.records import SHORTEST
from duologue.store.models import (
    Agreement,
    Answer,
    Attempts,
    Card,
    Consent,
    Contact,
    Dyad,
    Event,
    FilledForm,
    FormPack,
    FormRhythm,
    Goal,
    GoalRating,
    GoalReview,
    GoalWording,
    HereAndNow,
    Invitation,
    LaterThought,
    Person,
    Practice,
    Preferences,
    PrivatePage,
    PutCard,
    Reachable,
    Recording,
    Reflection,
    Reminder,
    Room,
    Session,
    Transcript,
    Withdrawal,
)
from duologue.store.models.person import SAYS
from duologue.store.models.sealed import Sealed
from made_up_forms import hours, packed
from recordings import kept
from rules import ON_POSTGRESQL, TRIGGERS, forget, triggers
from transcripts import kept as transcript
from transcripts import marked
from two_seats import C, T

LISTING = {name for name in TRIGGERS if "is_listed_when" in name}
"""Rules that refuse nothing and do something: test_sealed looks at what they do."""

ENVELOPE = Sealed(bytes(SHORTEST))
"""As long as the shortest text is when it is sealed."""

MODELS = tuple(apps.get_app_config("store").get_models())
CONSTRAINTS = {
    constraint.name: (model, constraint)
    for model in MODELS
    for constraint in model._meta.constraints
}
DAY = timedelta(days=1)
ONLY_ADDED_TO = {Event, Withdrawal}
"""They hold ids alone, and nothing refers to them: they stand in no erasure's way."""


def tell(two):
    """Let each table hold something of the pair."""
    two.open(line=("What I said.", "What I heard."))
    two.answer(C, unsaid="a_little", unsaid_why=("timing",))
    two.answer(C, 2, open=1.0)
    two.do(actions.add_later_thought, C, 3, "open", "More than I knew.")
    two.do(actions.send_card, C)
    two.do(actions.send_card, T)
    two.do(actions.show_room, T, 3)
    two.do(actions.share_unsaid, C, on=False)
    Attempts.objects.create(cache_key="a key", value="tries", expires=NOW)
    who = {"called": "new", "me": "therapist", "kind": "therapy", "now": NOW}
    actions.invite(two.person(T), **who, seat=C)
    two.do(actions.write_page, C, "For myself.")
    PrivatePage.objects.create(
        person=two.person(C),
        dyad=two.dyad(),
        kind="aftercare",
        session=3,
        day=NOW.date(),
        words="A walk.",
    )
    two.do(actions.keep_teaching, T, "To wait.")
    actions.keep_contact(two.person(C), {"name": "Ann"}, now=NOW)
    two.do(actions.share_reach, C, on=True)
    actions.keep_reminder(two.person(C), "a@b.example", hour=20, now=NOW)
    two.do(actions.propose, T, replace(AGREED, length_min=45))
    two.do(actions.say_yes, C, Purpose.RESEARCH)
    two.do(actions.say_yes, C, Purpose.RECORDING, sessions=[4])
    two.do(actions.keep_preferences, C, {"pace": 20.0})
    two.do(actions.rate_goals, C, 3, {two.goal(): 4.0})
    two.do(actions.propose_goal, C, "To rest (made up).")
    two.do(actions.note_goals_reviewed, T)
    two.do(actions.fill_form, C, "phq9", {"1": 2.0})
    two.do(actions.keep_form_rhythm, C, "phq4", 28)
    monday = NOW.date() - timedelta(days=NOW.weekday())
    at = two.dyad().ours_revision
    actions.note_put(two.world.therapist, two.ref, 3, "safe", week=monday, seen_at=at)
    actions.change_practice(two.world.therapist, {"use": "clinical"}, now=NOW)
    actions.add_pack(two.world.therapist, packed(hours()), now=NOW)
    kept(two.dyad())
    marked(two.dyad(), transcript(two.dyad()))


def invitation():
    """The seat that is kept free."""
    return Invitation.objects.all()


def event(**changed):
    """Store an event."""
    row = {"number": 99, "at": NOW, "what": "shown", "previous": bytes(32)}
    Event.objects.create(**{**row, "digest": bytes(32), **changed})


def own(kind):
    """The private pages of a kind."""
    return PrivatePage.objects.filter(kind=kind)


def own_again(kind):
    """Store another page of one's own, beside the one of this kind."""
    row = own(kind).get()
    row.pk, row.ref = None, "another"
    PrivatePage.objects.bulk_create([row])


def opened():
    """The answers that have opened."""
    return Answer.objects.filter(opened_at__isnull=False)


def sealed():
    """The answer of the client that is a number and has not opened."""
    return Answer.objects.filter(opened_at=None, number__isnull=False)


def private():
    """The answer that is its author's alone."""
    return Answer.objects.filter(private=True)


def again(model, **changed):
    """Store a copy of a row, changed in some columns."""
    row = model.objects.first()
    row.pk = None
    for column, value in changed.items():
        setattr(row, column, value)
    model.objects.bulk_create([row])


def pair_again(**changed):
    """Store a copy of a pair, under another name."""
    again(Dyad, **{"ref": "another", "last_number": 0, **changed})


def transcript_again(**changed):
    """Store a copy of a transcript, of another session and under another name."""
    (row,) = Transcript.objects.all()
    session = Session.objects.get(dyad=row.dyad_id, number=2)
    again(Transcript, ref="another", session=session, **changed)


def proposal(**changed):
    """Store a copy of the proposal, set aside and under another name."""
    row = Agreement.objects.get(version=None)
    row.pk, row.ref, row.set_aside_on = None, "another", NOW.date()
    for column, value in changed.items():
        setattr(row, column, value)
    Agreement.objects.bulk_create([row])


def agreed():
    """The agreement of the pair that both have accepted."""
    return Agreement.objects.filter(dyad__ref="ref-of-ann", version=1)


def waiting():
    """The proposal that waits."""
    return Agreement.objects.filter(version=None)


def bound_by(told, found):
    """Let a pair be bound by this."""
    Dyad.objects.filter(ref=told.ref).update(agreement=found)


def wording(**changed):
    """Store a copy of what is proposed for a goal, set aside and under another name."""
    row = GoalWording.objects.get(accepted_on=None)
    row.pk, row.ref, row.set_aside_on = None, "another", NOW.date()
    for column, value in changed.items():
        setattr(row, column, value)
    GoalWording.objects.bulk_create([row])


def consent(**changed):
    """Store a yes of the client's."""
    row = {"seat": "client", "purpose": "research", "given": True, "at": NOW}
    Consent.objects.create(**{"dyad": Dyad.objects.first(), **row, **changed})


def new_session(dyad, number):
    """Store a session of this number."""
    Session.objects.bulk_create(
        [Session(dyad=dyad, number=number, planned_start=NOW + 30 * DAY)]
    )


def number_again(_):
    forget("session_keeps_its_number")
    Session.objects.update(number=1)


def number_nought(_):
    forget("session_keeps_its_number")
    Session.objects.filter(number=1).update(number=0)


def in_a_calendar(name):
    Session.objects.update(calendar=name, calendar_start=NOW, calendar_sequence=0)


def number_of_a_session_that_was_deleted(told):
    new_session(told.dyad(), 9)
    Session.objects.filter(number=9).delete()
    new_session(told.dyad(), 9)


def a_seat_for_another(told):
    """Put somebody else where a seat is kept free: not into the seat that is taken."""
    pair = Dyad.objects.filter(invitation__isnull=False)
    pair.update(therapist=told.world.out)


BREAKS = {
    "invitation_has_a_digest": [lambda _: invitation().update(digest="short")],
    "invitation_is_to_a_seat_or_to_work": [
        lambda _: invitation().update(seat=""),
        lambda _: invitation().update(dyad=None),
    ],
    "invitation_is_to_one_of_two_seats": [lambda _: invitation().update(seat="chair")],
    "dyad_calls_them_apart": [
        lambda _: Dyad.objects.update(client_code="one", therapist_code="one")
    ],
    "dyad_client_has_a_code": [lambda _: Dyad.objects.update(client_code=" ")],
    "dyad_therapist_has_a_code": [lambda _: Dyad.objects.update(therapist_code="")],
    "person_has_a_code": [
        lambda _: Person.objects.filter(code="out-code").update(code=" ")
    ],
    "practice_never_falls_silent": [
        lambda _, name=name: Practice.objects.update(**{name: "   "}) for name in SAYS
    ],
    "card_is_put_once_a_week": [lambda _: again(PutCard)],
    "put_card_is_found_or_blank": [
        lambda _: PutCard.objects.update(dyad=None),
        lambda _: PutCard.objects.update(session=None),
        lambda _: PutCard.objects.update(item=""),
        lambda _: PutCard.objects.update(dyad=None, session=None),
    ],
    "practice_use_is_of_a_kind": [lambda _: Practice.objects.update(use="fun")],
    "form_pack_is_added_once": [lambda _: again(FormPack, ref="another")],
    "form_pack_has_a_digest": [
        lambda _: FormPack.objects.update(sha256="0" * 63),
    ],
    "dyad_is_where_help_is_said": [
        lambda _: pair_again(practice=Practice.objects.create(name="Elm")),
        lambda _: pair_again(practice=Practice.objects.create(crisis="Ring.")),
    ],
    "dyad_stays_where_help_is_said": [
        lambda _: Dyad.objects.update(practice=Practice.objects.create(name="Elm"))
    ],
    "dyad_holds_two_people": [
        lambda told: pair_again(client=told.person(T), therapist=told.person(T))
    ],
    "dyad_is_of_a_kind": [lambda _: pair_again(kind="friendship")],
    "dyad_has_a_code": [lambda _: Dyad.objects.update(code=" ")],
    "session_number_stands_once": [number_again],
    "session_number_is_from_one": [number_nought],
    "session_ends_after_it_starts": [
        lambda _: Session.objects.update(started=NOW, ended=NOW - DAY)
    ],
    "session_has_a_mode": [lambda _: Session.objects.update(mode="dream")],
    "session_has_a_status": [lambda _: Session.objects.update(status="lost")],
    "session_is_planned_for_minutes": [
        lambda _: Session.objects.update(planned_minutes=481),
        lambda _: Session.objects.update(planned_minutes=0),
    ],
    "session_edge_has_a_tag": [
        lambda _: Session.objects.exclude(started=None).update(tag="late")
    ],
    "session_edge_is_one_that_moved": [
        lambda _: Session.objects.update(tag="meant", started=None)
    ],
    "session_in_a_calendar_has_its_time": [
        lambda _: Session.objects.filter(number=1).update(calendar="a" * 64),
        lambda _: in_a_calendar("a"),
        lambda _: Session.objects.update(calendar_start=NOW),
    ],
    "session_is_off_in_a_calendar_that_names_it": [
        lambda _: Session.objects.update(calendar_off=True)
    ],
    "session_stands_once_in_a_calendar": [lambda _: in_a_calendar("a" * 64)],
    "session_moved_by_a_seat": [lambda _: Session.objects.update(by="nobody")],
    "reflection_stands_once_a_seat": [lambda _: again(Reflection)],
    "reflection_has_a_seat": [lambda _: Reflection.objects.update(seat="neither")],
    "answer_stands_once_an_item": [lambda _: again(Answer)],
    "answer_has_one_value": [
        lambda _: sealed().update(words=ENVELOPE),
        lambda _: sealed().update(choice="both"),
        lambda _: sealed().update(chips=["both"]),
        lambda _: sealed().update(number=None),
    ],
    "answer_number_in_range": [
        lambda _: sealed().update(number=-0.1),
        lambda _: sealed().update(number=100.1),
    ],
    "answer_words_are_sealed": [
        lambda _: sealed().update(number=None, words=Sealed(b"")),
        lambda _: sealed().update(number=None, words=Sealed(ENVELOPE[1:])),
    ],
    "answer_private_never_opens": [
        lambda _: private().update(opened_at=NOW),
        lambda _: opened().update(private=True),
    ],
    "answer_taken_back_was_open": [lambda _: sealed().update(taken_back=True)],
    "later_thought_is_sealed": [
        lambda _: LaterThought.objects.update(words=Sealed(b"as it was written"))
    ],
    "agreement_version_stands_once": [
        lambda _: proposal(
            version=1,
            therapist_accepted_on=NOW,
            client_accepted_on=NOW,
            set_aside_on=None,
        )
    ],
    "agreement_is_proposed_one_at_a_time": [lambda _: proposal(set_aside_on=None)],
    "agreement_is_numbered_once_both_accept": [
        lambda _: waiting().update(client_accepted_on=NOW),
        lambda _: waiting().update(version=2),
    ],
    "agreement_version_is_from_one": [
        lambda _: waiting().update(version=0, client_accepted_on=NOW)
    ],
    "agreement_set_aside_is_not_in_force": [
        lambda _: waiting().update(
            version=2, client_accepted_on=NOW, set_aside_on=NOW.date()
        )
    ],
    "agreement_is_proposed_by_a_seat": [
        lambda _: proposal(proposed_by="nobody"),
        lambda _: proposal(proposed_by=""),
        lambda _: proposal(proposed_by="client"),
        lambda _: waiting().update(therapist_accepted_on=None),
    ],
    "agreement_has_a_length": [
        lambda _: proposal(length_min=4),
        lambda _: proposal(length_min=481),
    ],
    "agreement_keeps_words_so_long": [lambda _: proposal(keep_free_text_days=3651)],
    "agreement_keeps_numbers_so_long": [lambda _: proposal(keep_numbers_years=31)],
    "agreement_tells_supervision_so_much": [lambda _: proposal(supervision="all")],
    **{
        f"agreement_{text}_is_sealed": [
            lambda _, text=text: proposal(**{text: Sealed(b"in our own words")})
        ]
        for text in ("rhythm", "frame", "confidentiality")
    },
    "agreement_stays_once_accepted": [
        lambda _: agreed().update(length_min=45),
        lambda _: agreed().update(frame=ENVELOPE),
        lambda _: agreed().update(supervision="opened"),
        lambda _: agreed().update(client_accepted_on=NOW.date() - DAY),
    ],
    "agreement_proposal_keeps_its_words": [
        lambda _: waiting().update(length_min=30),
        lambda _: waiting().update(confidentiality=ENVELOPE),
        lambda _: waiting().update(supervision="opened"),
        lambda _: waiting().update(keep_numbers_years=1),
        lambda _: waiting().update(proposed_by="client", client_accepted_on=NOW),
        lambda told: waiting().update(dyad=told.world.dyads["kim"]),
    ],
    "dyad_is_bound_by_what_both_accepted": [
        lambda told: bound_by(told, waiting().get()),
        lambda told: bound_by(told, told.world.dyads["kim"].agreement),
    ],
    "consent_is_of_a_seat": [lambda _: consent(seat="neither")],
    "consent_is_for_a_purpose": [lambda _: consent(purpose="selling")],
    "consent_is_per_session_where_it_is_asked_so": [
        lambda _: consent(session=3),
        lambda _: consent(purpose="recording"),
        lambda _: consent(purpose="transcript", session=0),
    ],
    "consent_given_has_a_day": [lambda _: consent(at=None)],
    "consent_is_not_changed": [
        lambda _: Consent.objects.filter(purpose="research").update(given=False),
        lambda _: Consent.objects.filter(purpose="research").update(at=NOW - DAY),
    ],
    **{
        f"preferences_{name}_in_range": [
            lambda _, name=name: Preferences.objects.update(**{name: -0.1}),
            lambda _, name=name: Preferences.objects.update(**{name: 100.1}),
        ]
        for name in ("pace", "challenge", "structure", "silence")
    },
    "goal_number_stands_once": [lambda _: again(Goal, ref="another")],
    "goal_number_is_from_one": [lambda _: again(Goal, ref="another", number=0)],
    "goal_wording_is_proposed_one_at_a_time": [lambda _: wording(set_aside_on=None)],
    "goal_wording_is_accepted_or_set_aside": [
        lambda _: wording(accepted_on=NOW.date())
    ],
    "goal_wording_is_proposed_by_a_seat": [lambda _: wording(proposed_by="neither")],
    "goal_wording_is_sealed": [lambda _: wording(words=Sealed(b"in our own words"))],
    "goal_wording_stays": [
        lambda _: GoalWording.objects.exclude(accepted_on=None).update(words=ENVELOPE),
        lambda _: GoalWording.objects.exclude(accepted_on=None).update(
            accepted_on=NOW.date() - DAY
        ),
        lambda _: GoalWording.objects.filter(accepted_on=None).update(words=ENVELOPE),
        lambda _: GoalWording.objects.filter(accepted_on=None).update(rests=True),
        lambda _: GoalWording.objects.filter(accepted_on=None).update(
            proposed_by="therapist"
        ),
    ],
    "recording_stands_once_a_session": [lambda _: again(Recording, ref="another")],
    "recording_is_of_a_modality": [
        lambda _: again(Recording, ref="another", modality="mood")
    ],
    "recording_series_are_sealed": [
        lambda _: again(
            Recording, ref="another", modality="voice", series=Sealed(b"1 2 3")
        )
    ],
    "recording_found_is_sealed": [
        lambda _: again(
            Recording, ref="another", modality="voice", found=Sealed(b"0.2")
        )
    ],
    "recording_stays": [
        lambda _: Recording.objects.update(found=ENVELOPE),
        lambda _: Recording.objects.update(kept_on=NOW.date() - DAY),
        lambda _: Recording.objects.update(modality="voice"),
    ],
    "transcript_stands_once_a_session": [lambda _: again(Transcript, ref="another")],
    "transcript_segments_are_sealed": [
        lambda _: transcript_again(segments=Sealed(b"I said"))
    ],
    "transcript_found_is_sealed": [lambda _: transcript_again(found=Sealed(b"0.2"))],
    "transcript_stays": [
        lambda _: Transcript.objects.update(found=ENVELOPE),
        lambda _: Transcript.objects.update(segments=ENVELOPE),
        lambda _: Transcript.objects.update(kept_on=NOW.date() - DAY),
    ],
    "here_and_now_stands_once": [lambda _: again(HereAndNow, ref="another")],
    "here_and_now_is_sealed": [
        lambda _: HereAndNow.objects.update(marks=Sealed(b"0 yes"))
    ],
    "goal_is_rated_once_a_session": [lambda _: again(GoalRating)],
    "goal_rating_in_range": [
        lambda _: GoalRating.objects.update(rating=-0.1),
        lambda _: GoalRating.objects.update(rating=10.1),
    ],
    "goals_are_reviewed_once_a_day": [lambda _: again(GoalReview)],
    "goal_review_is_noted_by_a_seat": [lambda _: GoalReview.objects.update(by="n")],
    "form_is_filled_once_a_day": [lambda _: again(FilledForm)],
    "form_is_of_an_instrument": [lambda _: FilledForm.objects.update(instrument=" ")],
    "form_has_one_rhythm": [lambda _: again(FormRhythm)],
    "form_rhythm_is_of_an_instrument": [
        lambda _: FormRhythm.objects.update(instrument="")
    ],
    "form_comes_so_often": [
        lambda _: FormRhythm.objects.update(every_days=0),
        lambda _: FormRhythm.objects.update(every_days=367),
    ],
    "event_is_numbered_from_one": [lambda _: event(number=0)],
    "event_is_something_known": [lambda _: event(what="guessed")],
    "event_follows_a_digest": [lambda _: event(previous=b"short")],
    "event_has_a_digest": [lambda _: event(digest=bytes(33))],
    "private_page_is_of_a_kind": [
        lambda _: PrivatePage.objects.bulk_create(
            [
                PrivatePage(
                    **{
                        **own("journal").values("person_id", "dyad_id", "day").get(),
                        "kind": "diary",
                        "words": "For myself.",
                    }
                )
            ]
        )
    ],
    "private_page_is_sealed": [lambda _: own("journal").update(words=Sealed(b"mine"))],
    "aftercare_follows_a_session": [lambda _: own("aftercare").update(session=None)],
    "teaching_stands_once": [lambda _: own_again("teaching")],
    "aftercare_stands_once_a_session": [lambda _: own_again("aftercare")],
    "private_page_keeps_its_author": [
        lambda told: own("journal").update(person=told.person(T)),
        lambda told: own("journal").update(dyad=told.world.dyads["bo"]),
        lambda _: own("journal").update(kind="notes"),
    ],
    "contact_says_something": [lambda _: Contact.objects.update(name=None)],
    **{
        f"contact_{field}_is_sealed": [
            lambda _, field=field: Contact.objects.update(**{field: Sealed(b"mine")})
        ]
        for field in ("name", "email", "phone", "safely")
    },
    "reminder_address_is_sealed": [
        lambda _: Reminder.objects.update(address=Sealed(b"mine"))
    ],
    "reminder_comes_in_the_evening": [
        lambda _, hour=hour: Reminder.objects.update(hour=hour) for hour in (16, 22)
    ],
    "reachable_stands_once_a_seat": [lambda _: again(Reachable)],
    "reachable_has_a_seat": [lambda _: Reachable.objects.update(seat="neither")],
    "event_is_not_changed": [
        lambda _: Event.objects.update(what="shown"),
        lambda _: Event.objects.filter(number=1).update(at=NOW - DAY),
    ],
    "event_is_not_removed": [
        lambda _: Event.objects.all().delete(),
        lambda _: Event.objects.filter(number=1).delete(),
    ],
    "withdrawal_is_of_something": [
        lambda _: Withdrawal.objects.create(what="love", seat="client")
    ],
    "withdrawal_is_of_a_record_or_a_seat": [
        lambda _: Withdrawal.objects.create(what="answer"),
        lambda _: Withdrawal.objects.create(what="card", seat="neither"),
    ],
    "withdrawal_is_not_changed": [lambda _: Withdrawal.objects.update(item="deep")],
    "withdrawal_is_not_removed": [lambda _: Withdrawal.objects.all().delete()],
    "card_stands_once_a_seat": [lambda _: again(Card)],
    "card_has_a_seat": [lambda _: Card.objects.filter(seat="client").update(seat="x")],
    "room_code_stands_once_a_seat": [lambda _: again(Room)],
    "room_is_shown_by_a_seat": [lambda _: Room.objects.update(shown_by="nobody")],
    "room_code_is_six_long": [
        lambda _: Room.objects.update(code="12345"),
        lambda _: Room.objects.update(code="1234567"),
    ],
    "room_opens_by_two_taps": [
        lambda _: Room.objects.update(opened_at=NOW),
        lambda _: Room.objects.update(opened_at=NOW, client_tapped=True),
        lambda _: Room.objects.update(opened_at=NOW, therapist_tapped=True),
    ],
    "room_opens_before_it_closes": [
        lambda _: Room.objects.update(
            client_tapped=True, therapist_tapped=True, opened_at=NOW + DAY
        )
    ],
    "answer_stays_once_open": [
        lambda _: opened().filter(item="open").update(number=50.0),
        lambda _: opened().filter(item="line").update(words=ENVELOPE),
        lambda _: opened().filter(item="open").update(number=None, choice="no"),
        lambda _: opened().filter(item="open").update(number=None, chips=["quiet"]),
        lambda _: opened().filter(item="open").update(item="deep"),
        lambda _: (
            opened()
            .filter(item="open", reflection__seat="client")
            .update(reflection=Reflection.objects.get(session__number=2))
        ),
    ],
    "answer_opens_once": [
        lambda _: opened().update(opened_at=None),
        lambda _: opened().update(opened_at=NOW + DAY),
    ],
    "later_thought_beside_what_opened": [
        lambda _: LaterThought.objects.bulk_create(
            [LaterThought(answer=sealed().get(), day=NOW.date(), words="Too soon.")]
        )
    ],
    "session_keeps_its_number": [
        lambda _: Session.objects.filter(number=4).update(number=5),
        lambda told: Session.objects.filter(dyad=told.dyad(), number=4).update(
            dyad=told.world.dyads["kim"]
        ),
    ],
    "session_number_is_never_given_again": [
        lambda told: new_session(told.dyad(), 4),
        number_of_a_session_that_was_deleted,
    ],
    "dyad_counts_sessions": [number_of_a_session_that_was_deleted],
    "dyad_counts_on": [lambda _: Dyad.objects.update(last_number=3)],
    "dyad_keeps_its_people": [
        lambda told: Dyad.objects.filter(ref=told.ref).update(client=told.world.out),
        lambda told: Dyad.objects.filter(ref=told.ref).update(therapist=told.world.out),
        lambda told: Dyad.objects.filter(ref=told.ref).update(kind="supervision"),
        a_seat_for_another,
    ],
}
"""By the name of the rule, what breaks it and nothing else."""

SEEN_BY = {"dyad_counts_sessions": "session_number_is_never_given_again"}
"""A rule that refuses nothing itself, and the one that could not hold without it."""

TOO_LONG = {("room_code_is_six_long", 1)} if ON_POSTGRESQL else set()
"""What PostgreSQL refuses because it does not fit its column, before it asks a rule."""

EACH = [(name, i) for name, tries in BREAKS.items() for i in range(len(tries))]


def says(name):
    """Return what the database says when this rule is broken, as a pattern."""
    if name in TRIGGERS:
        return f"^{SEEN_BY.get(name, name)}(\nCONTEXT: .*)?$"
    model, constraint = CONSTRAINTS[name]
    if ON_POSTGRESQL:
        return f'constraint "{name}"\n'
    if not isinstance(constraint, UniqueConstraint):
        return f"CHECK constraint failed: {name}$"
    fields = [model._meta.get_field(field).column for field in constraint.fields]
    return ", ".join(rf"{model._meta.db_table}\.{column}" for column in fields) + "$"


def refusal(broken, told):
    """Return the first line of what the database says; blank where it lets it pass."""
    try:
        with transaction.atomic():
            broken(told)
    except IntegrityError as refused:
        return str(refused).partition("\n")[0]
    return ""


@pytest.mark.parametrize(("name", "i"), EACH)
def test_the_database_refuses_what_breaks_a_rule(told, name, i):
    error, words = IntegrityError, says(name)
    if (name, i) in TOO_LONG:
        error, words = DataError, "too long for type character varying"

    with pytest.raises(error, match=words), transaction.atomic():
        BREAKS[name][i](told)


@pytest.mark.parametrize(("name", "i"), [pair for pair in EACH if pair[0] in TRIGGERS])
def test_it_is_this_trigger_that_refuses(told, name, i):
    forget(name)

    assert refusal(BREAKS[name][i], told) != name


def test_every_rule_has_something_that_tries_to_break_it():
    assert set(BREAKS) == (set(CONSTRAINTS) | set(TRIGGERS)) - LISTING
    assert all(BREAKS.values())


def test_the_triggers_in_the_database_are_the_ones_that_are_written_down(told):
    assert set(triggers()) == set(TRIGGERS)


def test_two_people_never_share_a_code_nor_two_pairs_an_address(told):
    same_code = refusal(lambda _: person("ann-code"), told)
    same_ref = refusal(lambda _: pair_again(ref=told.ref), told)

    assert re.search(r"store_person[._]code", same_code)
    assert re.search(r"store_dyad[._]ref", same_ref)


def test_an_open_answer_may_be_taken_back_and_its_switch_turned_off(told):
    opened().update(taken_back=True, shares=False)

    assert opened().filter(taken_back=True, shares=False).count() == 4


@pytest.mark.parametrize(
    "model",
    [model for model in MODELS if model not in ONLY_ADDED_TO],
    ids=lambda model: model.__name__,
)
def test_no_trigger_stands_in_the_way_of_erasing(told, model):
    assert model.objects.exists()

    if model is Practice or model is Person:
        Dyad.objects.all().delete()
    if model is Practice:
        Person.objects.all().delete()
    model.objects.all().delete()

    assert not model.objects.exists()


def test_what_has_opened_is_erased_with_its_pair_and_the_others_stay(told):
    others = Session.objects.exclude(dyad=told.dyad()).count()

    told.dyad().delete()

    left = [Answer, LaterThought, Reflection, Room, Card, Consent, Preferences]
    left += [Goal, GoalWording, GoalRating, GoalReview, FilledForm, FormRhythm, PutCard]
    left += [Recording, Transcript, HereAndNow]
    assert not any(model.objects.exists() for model in left)
    assert Session.objects.count() == others
    assert not Dyad.objects.filter(ref=told.ref).exists()


def test_a_row_that_has_opened_can_be_erased_in_plain_sql(told):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM store_laterthought")
        cursor.execute("DELETE FROM store_answer WHERE opened_at IS NOT NULL")

    assert not opened().exists()
    assert Answer.objects.exists()
