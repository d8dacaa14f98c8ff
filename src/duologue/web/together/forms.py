"""The form for a session's day, time and place."""

from datetime import datetime

from django import forms

from duologue.errors import NotNowError
from duologue.records import Mode


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
