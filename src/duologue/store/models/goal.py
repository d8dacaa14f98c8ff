"""What the client came for: goals in their own words, rated by them."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q, UniqueConstraint

from duologue.records import Seat
from duologue.records.measure import GOAL_ENDS
from duologue.store.keys.records import Where
from duologue.store.models.choices import is_one_of, one_of, only, only_seats
from duologue.store.models.dyad import Dyad
from duologue.store.models.refs import new_ref
from duologue.store.models.sealed import (
    SealedTextField,
    WithSealedText,
    is_sealed_text,
)
from duologue.store.models.session import Session

LONGEST_GOAL = 280
"""Characters of a goal."""


class Goal(models.Model):
    """One goal of a pair, whatever its words have been, by a number of its own."""

    ref = models.CharField(max_length=22, unique=True, default=new_ref)
    dyad = models.ForeignKey(Dyad, models.CASCADE, related_name="goals")
    number = models.PositiveSmallIntegerField()

    class Meta:
        """Rules of the table."""

        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            UniqueConstraint(name="goal_number_stands_once", fields=["dyad", "number"]),
            only("goal_number_is_from_one", Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"goal {self.pk}"


class GoalWording(WithSealedText):
    """What a goal says, as one of the two proposed it; it holds once the other accepts.

    The newest that was accepted holds. ``rests`` says that the goal is to rest, in the
    words that it had. Nothing of a row changes but whether it was accepted or set aside.
    """

    UP_TO_PAIR = ("goal__dyad",)

    ref = models.CharField(max_length=22, unique=True, default=new_ref)
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="wordings")
    words = SealedTextField(max_length=LONGEST_GOAL)
    rests = models.BooleanField(default=False)
    proposed_by = models.CharField(max_length=12, choices=one_of(Seat))
    proposed_on = models.DateField()
    accepted_on = models.DateField(null=True)
    set_aside_on = models.DateField(null=True)

    class Meta:
        """Rules of the table."""

        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            UniqueConstraint(
                name="goal_wording_is_proposed_one_at_a_time",
                fields=["goal"],
                condition=Q(accepted_on__isnull=True, set_aside_on__isnull=True),
            ),
            only(
                "goal_wording_is_accepted_or_set_aside",
                Q(accepted_on__isnull=True) | Q(set_aside_on__isnull=True),
            ),
            only_seats("goal_wording_is_proposed_by_a_seat", "proposed_by"),
            only("goal_wording_is_sealed", Q(is_sealed_text("words"))),
        ]

    def __str__(self) -> str:
        return f"goal wording {self.pk}"

    @property
    def waits(self) -> bool:
        """Whether it is neither accepted nor set aside yet."""
        return self.accepted_on is None and self.set_aside_on is None

    def place_of(self, field: "models.Field[Any, Any]") -> Where:
        """Return where its words belong; needs the goal and its pair."""
        del field
        return self.goal.dyad.place(f"goal wording:{self.ref}:words")


class GoalRating(models.Model):
    """How near the client is to a goal, as they say after a session: 0 to 10."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="ratings")
    session = models.ForeignKey(Session, models.CASCADE, related_name="goal_ratings")
    rating = models.FloatField()

    class Meta:
        """Rules of the table."""

        constraints: ClassVar = [
            UniqueConstraint(
                name="goal_is_rated_once_a_session", fields=["goal", "session"]
            ),
            only("goal_rating_in_range", Q(rating__range=GOAL_ENDS)),
        ]

    def __str__(self) -> str:
        return f"goal rating {self.pk}"


class GoalReview(models.Model):
    """A day on which the two looked at the goals together, as one of them noted it."""

    dyad = models.ForeignKey(Dyad, models.CASCADE, related_name="goal_reviews")
    day = models.DateField()
    by = models.CharField(max_length=12, choices=one_of(Seat))

    class Meta:
        """Rules of the table."""

        ordering: ClassVar = ["day"]
        constraints: ClassVar = [
            UniqueConstraint(
                name="goals_are_reviewed_once_a_day", fields=["dyad", "day"]
            ),
            only("goal_review_is_noted_by_a_seat", is_one_of("by", Seat)),
        ]

    def __str__(self) -> str:
        return f"goal review {self.pk}"
