"""A session: the frame that both people see, and what a calendar said of it."""

from datetime import date, datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q, UniqueConstraint
from django.utils import timezone

from duologue import records
from duologue.records import Mode, Seat, Status, Tag
from duologue.sharing.consent import ends_with
from duologue.store.models.choices import is_one_of, is_this_long, one_of, only
from duologue.store.models.dyad import Dyad

LONGEST_MIN = 480
"""Minutes for which a session may be planned."""

IN_CALENDAR = 64
"""Characters by which an event of a calendar is known again."""


class Session(models.Model):
    """One session. Its number is given once and never changes.

    ``tag`` is the therapist's own word on an edge that moved; both people see it.
    ``calendar`` is by what an event of a calendar is known again (a keyed hash), and
    the three beside it are what the calendar said when it was last read: the same again
    changes nothing.
    """

    dyad = models.ForeignKey(Dyad, models.CASCADE, related_name="sessions")
    number = models.PositiveIntegerField()
    planned_start = models.DateTimeField()
    started = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    mode = models.CharField(max_length=8, choices=one_of(Mode), blank=True)
    status = models.CharField(
        max_length=12, choices=one_of(Status), default=Status.HELD
    )
    by = models.CharField(max_length=12, choices=one_of(Seat), blank=True)
    planned_minutes = models.PositiveSmallIntegerField(null=True)
    tag = models.CharField(max_length=8, choices=one_of(Tag), blank=True)
    calendar = models.CharField(max_length=IN_CALENDAR, blank=True)
    calendar_start = models.DateTimeField(null=True)
    calendar_sequence = models.PositiveIntegerField(null=True)
    calendar_off = models.BooleanField(default=False)

    class Meta:
        """Rules of the table."""

        ordering: ClassVar = ["number"]
        indexes: ClassVar = [
            models.Index(name="session_by_time", fields=["dyad", "planned_start"])
        ]
        constraints: ClassVar = [
            UniqueConstraint(
                name="session_number_stands_once", fields=["dyad", "number"]
            ),
            only("session_number_is_from_one", Q(number__gte=1)),
            only(
                "session_ends_after_it_starts",
                Q(started__isnull=True)
                | Q(ended__isnull=True)
                | Q(ended__gte=F("started")),
            ),
            only("session_has_a_mode", Q(mode="") | is_one_of("mode", Mode)),
            only("session_has_a_status", is_one_of("status", Status)),
            only("session_moved_by_a_seat", Q(by="") | is_one_of("by", Seat)),
            only(
                "session_is_planned_for_minutes",
                Q(planned_minutes__isnull=True)
                | Q(planned_minutes__range=(1, LONGEST_MIN)),
            ),
            only("session_edge_has_a_tag", Q(tag="") | is_one_of("tag", Tag)),
            only("session_edge_is_one_that_moved", Q(tag="") | ~Q(started=None)),
            only(
                "session_in_a_calendar_has_its_time",
                Q(calendar="", calendar_start=None, calendar_sequence=None)
                | Q(
                    is_this_long("calendar", IN_CALENDAR),
                    calendar_start__isnull=False,
                    calendar_sequence__isnull=False,
                ),
            ),
            only(
                "session_is_off_in_a_calendar_that_names_it",
                Q(calendar_off=False) | ~Q(calendar=""),
            ),
            UniqueConstraint(
                name="session_stands_once_in_a_calendar",
                fields=["dyad", "calendar"],
                condition=~Q(calendar=""),
            ),
        ]

    def __str__(self) -> str:
        return f"session {self.pk}"

    def as_record(self) -> records.Session:
        """Return the session as a record, its times in the zone of the practice."""
        return records.Session(
            number=self.number,
            planned_start=_local(self.planned_start),
            started=_local(self.started),
            ended=_local(self.ended),
            mode=Mode(self.mode) if self.mode else None,
            status=Status(self.status),
            by=Seat(self.by) if self.by else None,
            planned_minutes=self.planned_minutes,
        )


def _local(time: datetime | None) -> datetime | None:
    return None if time is None else timezone.localtime(time)


def session_days(ref: str) -> tuple[date, ...]:
    """Return the days of the sessions of a pair that were held or are planned."""
    planned = Session.objects.filter(dyad__ref=ref, status=Status.HELD).values_list(
        "planned_start", flat=True
    )
    return tuple(timezone.localdate(start) for start in planned)


def sessions_asked_about(dyad_id: int, *, now: datetime) -> tuple[int, ...]:
    """Return the numbers of the next sessions of a pair, planned or not, the first first.

    As far as a yes that is given now can reach; what is off is not among them.
    """
    to_come = Session.objects.filter(dyad=dyad_id, planned_start__gt=now)
    planned = dict(to_come.order_by("number").values_list("number", "status"))
    last: int = Dyad.objects.values_list("last_number", flat=True).get(pk=dyad_id)
    held = (number for number, status in planned.items() if status == Status.HELD)
    first = next(held, last + 1)
    reach = range(first, ends_with(first) + 1)
    return tuple(n for n in reach if planned.get(n, Status.HELD) == Status.HELD)
