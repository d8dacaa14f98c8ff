"""What the client came for, as the two of a pair see it: goals, forms, and who looked.

All of it is seen by both, as the client is told beforehand (E1); how often they want to be
asked is theirs alone.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from duologue.errors import NotYoursError
from duologue.instruments import SHIPPED, Known
from duologue.records import Measure, Seat
from duologue.sharing.outcomes import USUAL_RHYTHM, came_for_something, due, rates
from duologue.store.known import asked_of, known_at
from duologue.store.models import (
    Event,
    FilledForm,
    FormRhythm,
    Goal,
    GoalRating,
    GoalReview,
    GoalWording,
    Session,
)
from duologue.store.models.event import What
from duologue.store.queries.consents import keeps
from duologue.store.queries.packs import known
from duologue.store.queries.pairs import Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a goal says or said, or what is proposed for it.

    ``accepted_on`` and ``set_aside_on`` are both blank while it waits.
    """

    ref: str
    words: str
    rests: bool
    proposed_by: Seat
    proposed_on: date
    accepted_on: date | None
    set_aside_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalSeen:
    """One goal, as both see it.

    Attributes
    ----------
    ref, number : str, int
        Its name in forms, and its number in the pair.
    holds, waits : Wording or None
        What both have accepted last, and what is proposed.
    earlier : tuple of Wording
        All others, the newest first.
    ratings : tuple of (int, float)
        After which session it was rated how, in their order.
    """

    ref: str
    number: int
    holds: Wording | None
    waits: Wording | None
    earlier: tuple[Wording, ...]
    ratings: tuple[tuple[int, float], ...]

    @property
    def is_in_force(self) -> bool:
        """Whether both have accepted it, and it does not rest."""
        return self.holds is not None and not self.holds.rests

    def rated_after(self, session: int) -> float | None:
        """Return how it was rated after this session, if it was."""
        return dict(self.ratings).get(session)


@dataclass(frozen=True, slots=True, kw_only=True)
class Goals:
    """The goals of a pair, and the last day on which the two looked at them together."""

    all: tuple[GoalSeen, ...]
    reviewed_on: date | None

    @property
    def in_force(self) -> tuple[GoalSeen, ...]:
        """Goals that hold."""
        return tuple(goal for goal in self.all if goal.is_in_force)

    @property
    def new(self) -> tuple[GoalSeen, ...]:
        """Goals that one of the two proposes, of which nothing holds yet."""
        return tuple(g for g in self.all if g.holds is None and g.waits is not None)

    @property
    def rest(self) -> tuple[GoalSeen, ...]:
        """Goals that rest, and those that were set aside."""
        return tuple(g for g in self.all if g not in self.in_force + self.new)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSeen:
    """A form that the client filled in: on which day, after which session, and how.

    ``edition`` is the pack whose words were answered, blank of what ships.
    """

    instrument: str
    day: date
    session: int
    answers: Mapping[str, float]
    edition: str = ""

    def as_record(self) -> Measure:
        """Return it as a record; it is the client's."""
        return Measure(
            instrument=self.instrument,
            session=self.session,
            seat=Seat.CLIENT,
            answers=tuple(self.answers.items()),
            day=self.day,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """Forms of a pair, the newest first; and for the client, when they are asked.

    ``rhythm`` and ``due`` are empty for the other: whether somebody wants to be asked is
    theirs alone.
    """

    filled: tuple[FormSeen, ...]
    rhythm: Mapping[str, int | None]
    due: tuple[str, ...]


def goals(pair: Pair) -> Goals:
    """Return the goals of a pair.

    Raises
    ------
    NotYoursError
        If nobody comes for something in a pair of this kind.
    """
    _check(pair)
    wordings: dict[int, list[GoalWording]] = {}
    rows = GoalWording.objects.filter(goal__dyad=pair.id)
    for row in rows.select_related(*GoalWording.UP_TO_PAIR):
        wordings.setdefault(row.goal_id, []).append(row)
    rated: dict[int, list[tuple[int, float]]] = {}
    ratings = GoalRating.objects.filter(goal__dyad=pair.id).order_by("session__number")
    for goal, session, rating in ratings.values_list(
        "goal", "session__number", "rating"
    ):
        rated.setdefault(goal, []).append((session, rating))
    return Goals(
        all=tuple(
            _goal(row, wordings.get(row.pk, []), rated.get(row.pk, []))
            for row in Goal.objects.filter(dyad=pair.id)
        ),
        reviewed_on=_last(GoalReview.objects.filter(dyad=pair.id)),
    )


def forms(pair: Pair, *, now: datetime, at: Known | None = None) -> Forms:
    """Return the forms of a pair.

    Parameters
    ----------
    pair : Pair
        The pair, as the one who asks holds it.
    now : datetime
        When.
    at : Known, optional
        The instruments that are known there, where they have been looked up.

    Raises
    ------
    NotYoursError
        If nobody comes for something in a pair of this kind.
    """
    _check(pair)
    rows = FilledForm.objects.filter(dyad=pair.id).select_related("session")
    filled = [
        FormSeen(
            instrument=row.instrument,
            day=row.day,
            session=row.session.number,
            answers=row.answers,
            edition=row.edition,
        )
        for row in rows
    ]
    rhythm = rhythm_of(pair, at or known(pair)) if can_fill(pair, now=now) else {}
    last = {form.instrument: form.day for form in filled}
    return Forms(
        filled=tuple(reversed(filled)),
        rhythm=rhythm,
        due=due(rhythm, last, today=timezone.localdate(now)),
    )


def can_fill(pair: Pair, *, now: datetime) -> bool:
    """Whether a form that the person who asks would fill in now could be kept."""
    if not rates(pair.kind, pair.seat):
        return False
    begun = Session.objects.filter(dyad=pair.id, planned_start__lte=now)
    return begun.exists() and keeps(pair)


def to_see_unaltered(pairs: Sequence[Pair], *, now: datetime) -> frozenset[str]:
    """Return the pairs in which an answer on a form is to be seen as it was given.

    Of those in which the person who asks is the therapist, by their refs: where the
    newest answer to such an item is above the least, or an earlier one is of which nobody
    can say that it was looked at since.
    """
    held = {
        pair.id: pair.ref
        for pair in pairs
        if pair.seat is Seat.THERAPIST and came_for_something(pair.kind)
    }
    if not held:
        return frozenset()
    looked = _looked_on(held, before=timezone.localdate(now))
    there = known_at({pair.practice for pair in pairs})
    at = {pair.id: there[pair.practice] for pair in pairs}
    rows: dict[int, list[FormSeen]] = {}
    plain = [one.id for one in SHIPPED if not one.shown_unaltered]
    found = FilledForm.objects.filter(dyad__in=held).exclude(instrument__in=plain)
    found = found.order_by("-day", "-pk")
    for dyad, instrument, edition, day, answers in found.values_list(
        "dyad", "instrument", "edition", "day", "answers"
    ):
        form = FormSeen(
            instrument=instrument, edition=edition, day=day, session=0, answers=answers
        )
        rows.setdefault(dyad, []).append(form)
    return frozenset(
        held[dyad]
        for dyad, filled in rows.items()
        if unaltered(filled, at[dyad], looked_on=looked.get(dyad))
    )


def unaltered(
    filled: Sequence[FormSeen], at: Known, *, looked_on: date | None
) -> tuple[FormSeen, ...]:
    """Return the forms with an answer that is to be seen as it was given.

    Parameters
    ----------
    filled : sequence of FormSeen
        The newest first.
    at : Known
        The instruments that are known there.
    looked_on : datetime.date or None
        When the therapist last looked, if ever. By days nobody can say whether a look on
        the very day was before or after.
    """
    found: list[FormSeen] = []
    answered: set[tuple[str, str, str]] = set()
    for form in filled:
        told = as_given(form, at)
        names = {(form.instrument, form.edition, item) for item in told}
        newest, answered = not names <= answered, answered | names
        unseen = looked_on is None or looked_on <= form.day
        if any(told.values()) and (newest or unseen):
            found.append(form)
    return tuple(found)


def as_given(form: FormSeen, at: Known) -> dict[str, bool]:
    """Return the answered items that are shown as given, and whether above the least.

    Of a form of which nobody knows any more what it asked every answer is taken for one.
    """
    instrument = at.find_filled(form.instrument, form.edition)
    if instrument is None:
        return dict.fromkeys(form.answers, True)
    items = [instrument.item(item) for item in instrument.shown_unaltered]
    return {
        item.id: item.is_above_least(form.answers[item.id])
        for item in items
        if item is not None and item.id in form.answers
    }


def rhythm_of(pair: Pair, at: Known) -> Mapping[str, int | None]:
    """Return how often the client is asked for each form; empty for anybody else.

    For one of a pack only once they choose so: nobody but its practice knows it.
    """
    if not rates(pair.kind, pair.seat):
        return {}
    own = FormRhythm.objects.filter(dyad=pair.id)
    chosen = dict(own.values_list("instrument", "every_days"))
    asked = asked_of(pair.kind, at).outcomes
    return {
        name: chosen.get(name, USUAL_RHYTHM.get(name))
        for name in (*USUAL_RHYTHM, *at.names())
        if name in asked
    }


def outcomes_shown_on(pair: Pair, *, before: date | None = None) -> date | None:
    """Return the last day on which the therapist was shown a form, before a day."""
    return _looked_on([pair.id], before=before).get(pair.id)


def _looked_on(dyads: Collection[int], *, before: date | None) -> dict[int, date]:
    rows = Event.objects.filter(dyad__in=dyads, what=What.OUTCOMES_SHOWN)
    found: dict[int, date] = {}
    for dyad, at in rows.values_list("dyad", "at"):
        day = timezone.localdate(at)
        if dyad is not None and (before is None or day < before):
            found[dyad] = max(day, found.get(dyad, day))
    return found


def _check(pair: Pair) -> None:
    if not came_for_something(pair.kind):
        raise NotYoursError("there are no goals in this pair.")


def _goal(
    row: Goal, rows: list[GoalWording], ratings: list[tuple[int, float]]
) -> GoalSeen:
    wordings = [_wording(each) for each in rows]
    holds = next((w for w in reversed(wordings) if w.accepted_on), None)
    waits = next((_wording(each) for each in rows if each.waits), None)
    return GoalSeen(
        ref=row.ref,
        number=row.number,
        holds=holds,
        waits=waits,
        earlier=tuple(w for w in reversed(wordings) if w not in (holds, waits)),
        ratings=tuple(ratings),
    )


def _wording(row: GoalWording) -> Wording:
    return Wording(
        ref=row.ref,
        words=row.words,
        rests=row.rests,
        proposed_by=Seat(row.proposed_by),
        proposed_on=row.proposed_on,
        accepted_on=row.accepted_on,
        set_aside_on=row.set_aside_on,
    )


def _last(rows: QuerySet[GoalReview]) -> date | None:
    day: date | None = rows.values_list("day", flat=True).last()
    return day
