"""Goals: in words that both accept, rated by the client, looked at together."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, QuerySet
from django.utils import timezone

from duologue.errors import NotNowError, NotYoursError
from duologue.records import Kind, Seat
from duologue.records.measure import GOAL_ENDS
from duologue.sharing.outcomes import came_for_something, rates
from duologue.store.actions.changing import Change, changing, list_withdrawn
from duologue.store.actions.keeping import must_be_kept
from duologue.store.actions.proposals import (
    check_acceptable,
    check_can_be_taken_back,
    put_aside,
)
from duologue.store.models import (
    Dyad,
    Goal,
    GoalRating,
    GoalReview,
    GoalWording,
    Person,
)
from duologue.store.models.event import What
from duologue.store.models.goal import LONGEST_GOAL
from duologue.store.models.reflection import can_be_kept, findable
from duologue.store.models.withdrawal import Withdrawn

MOST_GOALS = 3
"""So many at a time: what is asked after a session stays short."""

GONE = "that is no longer there. The page shows what is."


@dataclass(slots=True)
class Says:
    """How far a goal is: the words that hold, and those that wait for one of the two."""

    holds: GoalWording | None = None
    waits: GoalWording | None = None

    @property
    def is_in_force(self) -> bool:
        """Whether both have accepted it, and it does not rest."""
        return self.holds is not None and not self.holds.rests

    def says(self, words: str) -> bool:
        """Whether these are the words that hold."""
        holds = self.holds
        return holds is not None and not holds.rests and holds.words == words

    @property
    def takes_room(self) -> bool:
        """Whether it is one of the goals, or would be one again."""
        return self.is_in_force or (self.waits is not None and not self.waits.rests)

    def is_from(self, seat: Seat, words: str, *, rests: bool) -> bool:
        """Whether just this waits, proposed by this seat."""
        waits = self.waits
        return waits is not None and (
            (waits.proposed_by, waits.words, waits.rests) == (seat, words, rests)
        )


def propose_goal(
    person: Person,
    ref: str,
    words: str,
    *,
    now: datetime,
    goal: str = "",
    rests: bool = False,
) -> None:
    """Propose a goal, other words for one, or that one rests; it holds once both accept.

    Proposed twice, it stands once. The other sees it at once.

    Parameters
    ----------
    person, ref : Person, str
        Who proposes, in which pair.
    words : str
        What the goal says; of one that is to rest nothing is asked.
    now : datetime
        When.
    goal : str
        The goal that is to change; blank for a new one.
    rests : bool
        Whether it is to rest.

    Raises
    ------
    NotYoursError
        If this is no pair with goals, or has no such goal.
    NotNowError
        If the words cannot be kept or are what the goal says already, if another
        proposal for it waits, or if there are `MOST_GOALS` of them.
    """
    with _changing(person, ref, What.GOAL_PROPOSED, now) as change:
        must_be_kept(change)
        of = _goal(change, goal) if goal else None
        if of is not None and rests:
            said = _newest_words(change, of)
        else:
            said, rests = _checked(words), False
        if _is_said_already(change, of, said, rests=rests):
            return  # sent twice
        if of is None:
            of = _new_goal(change)
        GoalWording.objects.create(
            goal=of,
            words=said,
            rests=rests,
            proposed_by=change.seat,
            proposed_on=timezone.localdate(now),
        )


def accept_goal(person: Person, ref: str, wording: str, *, now: datetime) -> None:
    """Accept what the other proposed: from now on the goal says so.

    Raises
    ------
    NotNowError
        If it is no longer there, was set aside, or is one's own.
    """
    with _changing(person, ref, What.GOAL_ACCEPTED, now) as change:
        found = _wording(change, wording)
        if found.accepted_on is not None:
            return  # accepted before
        check_acceptable(found, change.seat, gone=GONE)
        found.accepted_on = timezone.localdate(now)
        found.save(update_fields=["accepted_on"])
        change.ours = True


def set_goal_aside(person: Person, ref: str, wording: str, *, now: datetime) -> None:
    """Set aside what the other proposed; what the goal said before holds.

    Raises
    ------
    NotNowError
        If it is no longer there, was accepted, or is one's own.
    """
    with _changing(person, ref, What.GOAL_SET_ASIDE, now) as change:
        found = _wording(change, wording)
        is_accepted = found.accepted_on is not None
        put_aside(found, change.seat, is_accepted=is_accepted, now=now)


def take_goal_back(person: Person, ref: str, wording: str, *, now: datetime) -> None:
    """Take back what one has proposed, while the other has not accepted; nothing stays.

    Raises
    ------
    NotNowError
        If it is the other's, or was accepted or set aside.
    """
    with _changing(person, ref, What.GOAL_TAKEN_BACK, now) as change:
        own = _wordings(change).filter(ref=findable(wording)).first()
        if own is None:
            return  # taken back before
        check_can_be_taken_back(own, change.seat, waits=own.waits)
        own.delete()
        change.dyad.goals.filter(wordings=None).delete()
        list_withdrawn()


def rate_goals(
    person: Person,
    ref: str,
    number: int,
    ratings: Mapping[str, float | None],
    *,
    now: datetime,
) -> None:
    """Keep how near the client is to their goals after a session; both see it at once.

    Parameters
    ----------
    person, ref, number : Person, str, int
        The client, in which pair, after which session.
    ratings : mapping of str to float or None
        By the goal; ``None`` takes it back, also from a goal that rests. What is not
        mentioned stays.
    now : datetime
        When.

    Raises
    ------
    NotYoursError
        If the person is not asked this, or there is no such session.
    NotNowError
        If a goal is none that both have accepted, or a rating out of its bounds.
    """
    low, high = GOAL_ENDS
    given = {name: rating for name, rating in ratings.items() if rating is not None}
    with _changing(person, ref, What.GOALS_RATED, now) as change:
        if not rates(Kind(change.dyad.kind), change.seat):
            raise NotYoursError("goals are rated by the client.")
        if given:
            must_be_kept(change)
        session = change.session(number)
        goals = {goal.ref: goal for goal in _in_force(change)}
        for name, rating in given.items():
            if name not in goals or not low <= rating <= high:
                raise NotNowError(f"each goal is rated {low} to {high}, or left blank.")
            GoalRating.objects.update_or_create(
                goal=goals[name], session=session, defaults={"rating": rating}
            )
        for name in [name for name in ratings if name not in given]:
            before = GoalRating.objects.filter(goal=_goal(change, name))
            if before.filter(session=session).delete()[0]:
                change.withdrawn(Withdrawn.RATING, session=number, item=name)
        change.ours = True


def note_goals_reviewed(person: Person, ref: str, *, now: datetime) -> None:
    """Note that the two looked at the goals together today; either may, once a day.

    Raises
    ------
    NotNowError
        If there is no goal.
    """
    with _changing(person, ref, What.GOALS_REVIEWED, now) as change:
        must_be_kept(change)
        if not _in_force(change):
            raise NotNowError("there is no goal to look at together yet.")
        GoalReview.objects.get_or_create(
            dyad=change.dyad,
            day=timezone.localdate(now),
            defaults={"by": change.seat},
        )


def keep_goal(
    dyad: Dyad, number: int, words: str, *, day: date, proposed_by: Seat
) -> Goal:
    """Keep a goal that two people had accepted before this program knew of it."""
    goal = Goal.objects.create(dyad=dyad, number=number)
    GoalWording.objects.create(
        goal=goal,
        words=words,
        proposed_by=proposed_by,
        proposed_on=day,
        accepted_on=day,
    )
    return goal


@contextmanager
def _changing(person: Person, ref: str, what: What, now: datetime) -> Iterator[Change]:
    with changing(person, ref, what, now=now, sessions=[]) as change:
        if not came_for_something(Kind(change.dyad.kind)):
            raise NotYoursError("there are no goals in this pair.")
        yield change


def _goal(change: Change, ref: str) -> Goal:
    found = change.dyad.goals.filter(ref=findable(ref)).first()
    if found is None:
        raise NotYoursError("there is no such goal.")
    found.dyad = change.dyad
    return found


def _wordings(change: Change) -> QuerySet[GoalWording]:
    rows = GoalWording.objects.filter(goal__dyad=change.dyad)
    return rows.select_related(*GoalWording.UP_TO_PAIR)


def _wording(change: Change, ref: str) -> GoalWording:
    found = _wordings(change).filter(ref=findable(ref)).first()
    if found is None:
        raise NotNowError(GONE)
    return found


def _say(change: Change) -> dict[int, Says]:
    """Return how far each goal of the pair is, by its key."""
    found: dict[int, Says] = {}
    for row in _wordings(change):
        says = found.setdefault(row.goal_id, Says())
        if row.waits:
            says.waits = row
        elif row.accepted_on is not None:
            says.holds = row
    return found


def _in_force(change: Change) -> list[Goal]:
    says = _say(change)
    return [g for g in change.dyad.goals.all() if says.get(g.pk, Says()).is_in_force]


def _newest_words(change: Change, goal: Goal) -> str:
    """Return what a goal that is to rest says; one that nobody accepted cannot rest."""
    says = _say(change).get(goal.pk, Says())
    if says.holds is None:
        raise NotNowError("only a goal that you have both accepted can rest.")
    words: str = says.holds.words
    return words


def _is_said_already(
    change: Change, goal: Goal | None, words: str, *, rests: bool
) -> bool:
    """Whether just this waits already; refuse what cannot be proposed now."""
    says = _say(change)
    if goal is None:
        return _is_proposed_anew(change, says, words)
    of = says.get(goal.pk, Says())
    if of.waits is not None:
        if of.is_from(change.seat, words, rests=rests):
            return True
        raise NotNowError(
            "a proposal for it waits already: it is accepted, set aside or taken back "
            "first."
        )
    if of.holds is not None and (of.holds.words, of.holds.rests) == (words, rests):
        raise NotNowError("that is what you have both accepted already.")
    if not rests:
        _check_twins(says, words)
        if not of.is_in_force:
            _check_room(says)
    return False


def _is_proposed_anew(change: Change, says: Mapping[int, Says], words: str) -> bool:
    if any(
        each.holds is None and each.is_from(change.seat, words, rests=False)
        for each in says.values()
    ):
        return True
    _check_twins(says, words)
    _check_room(says)
    return False


def _check_twins(says: Mapping[int, Says], words: str) -> None:
    if any(each.says(words) for each in says.values()):
        raise NotNowError("that is one of your goals already.")


def _check_room(says: Mapping[int, Says]) -> None:
    if sum(each.takes_room for each in says.values()) >= MOST_GOALS:
        raise NotNowError(
            f"there are {MOST_GOALS} goals at most at a time. Let one rest first."
        )


def _new_goal(change: Change) -> Goal:
    last = change.dyad.goals.aggregate(n=Max("number"))["n"] or 0
    return Goal.objects.create(dyad=change.dyad, number=last + 1)


def _checked(words: str) -> str:
    said = " ".join(words.split())
    if not 0 < len(said) <= LONGEST_GOAL or not can_be_kept(said):
        raise NotNowError(f"a goal takes 1 to {LONGEST_GOAL} characters.")
    return said
