"""The forms of the frame: when the two meet, what became of it, and a calendar."""

from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone

from duologue.errors import NotNowError
from duologue.records import Mode, Seat, Status, Tag
from duologue.store.actions import Noted

A_DAY = timedelta(days=1)


class SessionForm(forms.Form):
    """When the two meet, or met, and where."""

    starts = forms.DateTimeField(input_formats=["%Y-%m-%dT%H:%M"])
    mode = forms.ChoiceField(choices=[(mode.value, mode.value) for mode in Mode])

    def read(self) -> tuple[datetime, Mode]:
        """Return what was given.

        Raises
        ------
        NotNowError
            If it is no day, time and place.
        """
        if not self.is_valid():
            raise NotNowError("a session takes a day, a time, and where you meet.")
        return self.cleaned_data["starts"], Mode(self.cleaned_data["mode"])


class MoveForm(forms.Form):
    """To when a session is moved."""

    starts = forms.DateTimeField(input_formats=["%Y-%m-%dT%H:%M"])

    def read(self) -> datetime:
        """Return what was given.

        Raises
        ------
        NotNowError
            If it is no day and time.
        """
        if not self.is_valid():
            raise NotNowError("a session is moved to a day and a time.")
        found: datetime = self.cleaned_data["starts"]
        return found


class NotedForm(forms.Form):
    """What became of a session: times of the day, and a word."""

    began = forms.TimeField(input_formats=["%H:%M"], required=False)
    ended = forms.TimeField(input_formats=["%H:%M"], required=False)
    status = forms.ChoiceField(choices=[(one.value, one.value) for one in Status])
    by = forms.ChoiceField(
        choices=[(one.value, one.value) for one in Seat], required=False
    )
    tag = forms.ChoiceField(
        choices=[(one.value, one.value) for one in Tag], required=False
    )

    def read(self, planned: datetime) -> Noted:
        """Return what was given; each time of the day is that nearest to the session.

        Raises
        ------
        NotNowError
            If a time is none, or a word none that is asked for.
        """
        if not self.is_valid():
            raise NotNowError("the times of a session are hours and minutes, as 14:05.")
        found = self.cleaned_data
        began = nearest(planned, found["began"]) if found["began"] else None
        ended = (
            first_after(began or planned, found["ended"]) if found["ended"] else None
        )
        return Noted(
            status=Status(found["status"]),
            by=Seat(found["by"]) if found["by"] else None,
            started=began,
            ended=ended,
            tag=Tag(found["tag"]) if found["tag"] else None,
        )


def nearest(moment: datetime, of_day: time) -> datetime:
    """Return when it was this time of the day, nearest to a moment."""
    return min(_moments(moment, of_day), key=lambda found: abs(found - moment))


def first_after(moment: datetime, of_day: time) -> datetime:
    """Return when it was this time of the day first, not before a moment."""
    return min(found for found in _moments(moment, of_day) if found >= moment)


def _moments(moment: datetime, of_day: time) -> list[datetime]:
    """Return when it is this time of the day about then: twice when clocks go back."""
    day, zone = timezone.localdate(moment), timezone.get_current_timezone()
    return [
        datetime.combine(day + i * A_DAY, of_day.replace(fold=fold), tzinfo=zone)
        for i in (-1, 0, 1)
        for fold in (0, 1)
    ]


class CalendarForm(forms.Form):
    """A calendar's file, which is read in memory and not kept."""

    calendar = forms.FileField()

    def read(self) -> bytes:
        """Return what the file holds; its name is not looked at.

        Raises
        ------
        NotNowError
            If there is none.
        """
        if not self.is_valid():
            raise NotNowError("a calendar is a file that ends in .ics, and not empty.")
        content: bytes = self.cleaned_data["calendar"].read()
        return content
