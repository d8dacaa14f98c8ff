"""Goals and measures of pairs as records: the client's, and seen by both (E1)."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from duologue.instruments import Known
from duologue.records import Goal, Measure, Seat
from duologue.store.models import Dyad, FilledForm, GoalRating, GoalWording


@dataclass(frozen=True, slots=True, kw_only=True)
class CameFor:
    """What the client of one pair came for: goals that hold, and forms."""

    goals: tuple[Goal, ...] = ()
    measures: tuple[Measure, ...] = ()

    def goals_at(self, sessions: Collection[int]) -> tuple[Goal, ...]:
        """Return the goals with their ratings after these sessions."""
        return tuple(
            Goal(
                code=goal.code,
                words=goal.words,
                ratings=tuple(r for r in goal.ratings if r[0] in sessions),
            )
            for goal in self.goals
        )

    def measures_at(self, sessions: Collection[int]) -> tuple[Measure, ...]:
        """Return the forms of these sessions."""
        return tuple(m for m in self.measures if m.session in sessions)


def came_for_of(
    dyads: Mapping[int, Dyad], known: Mapping[int, Known]
) -> Mapping[int, CameFor]:
    """Return what the clients of several pairs came for, in as many queries as of one.

    Forms that are not known in the edition in which they were filled in are left out:
    nobody could say what they add up to.

    Parameters
    ----------
    dyads : mapping of int to Dyad
        The pairs by their keys; they open the words of their goals.
    known : mapping of int to Known
        The instruments that are known at each practice, by its key.
    """
    goals, measures = _goals(dyads), _measures(dyads, known)
    return {
        i: CameFor(goals=tuple(goals[i]), measures=tuple(measures[i])) for i in dyads
    }


def _goals(dyads: Mapping[int, Dyad]) -> Mapping[int, list[Goal]]:
    rated: defaultdict[int, list[tuple[int, float]]] = defaultdict(list)
    rows = GoalRating.objects.filter(goal__dyad__in=dyads)
    for key, session, rating in rows.order_by("session__number").values_list(
        "goal", "session__number", "rating"
    ):
        rated[key].append((session, rating))
    found: defaultdict[int, list[Goal]] = defaultdict(list)
    for wording in _holding(dyads):
        goal = wording.goal
        goal.dyad = dyads[goal.dyad_id]
        found[goal.dyad_id].append(
            Goal(
                code=f"goal-{goal.number}",
                words=wording.words,
                ratings=tuple(rated[goal.pk]),
            )
        )
    return found


def _holding(dyads: Mapping[int, Dyad]) -> list[GoalWording]:
    """Return the words of the goals that hold and do not rest, in their order."""
    accepted = GoalWording.objects.filter(
        goal__dyad__in=dyads, accepted_on__isnull=False
    )
    newest = {row.goal_id: row for row in accepted.select_related("goal")}
    holding = [row for row in newest.values() if not row.rests]
    return sorted(holding, key=lambda row: row.goal.number)


def _measures(
    dyads: Mapping[int, Dyad], known: Mapping[int, Known]
) -> Mapping[int, list[Measure]]:
    found: defaultdict[int, list[Measure]] = defaultdict(list)
    rows = FilledForm.objects.filter(dyad__in=dyads)
    for dyad, session, instrument, edition, day, answers in rows.values_list(
        "dyad", "session__number", "instrument", "edition", "day", "answers"
    ):
        at = known[dyads[dyad].practice_id]
        if at.find_asked(instrument, edition) is None:
            continue
        found[dyad].append(
            Measure(
                instrument=instrument,
                session=session,
                seat=Seat.CLIENT,
                answers=tuple(answers.items()),
                day=day,
            )
        )
    return found
