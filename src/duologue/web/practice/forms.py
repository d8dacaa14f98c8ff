"""What is asked of a therapist: the practice's words, and whom they invite."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.utils.crypto import salted_hmac

from duologue.errors import NotNowError
from duologue.instruments.packs import Use
from duologue.records import Kind, Mode, Seat
from duologue.store.models import Person

USES = {
    Use.CLINICAL: "seeing clients, paid or not",
    Use.EDUCATIONAL: "teaching",
    Use.RESEARCH: "research",
    Use.COMMERCIAL: "something that is sold with them",
}
"""What forms are filled in for, as it is asked."""

INVITES = {
    "client": (Kind.THERAPY, Seat.CLIENT),
    "supervisor": (Kind.SUPERVISION, Seat.THERAPIST),
    "supervisee": (Kind.SUPERVISION, Seat.CLIENT),
}
"""Whom one may invite: what for, and into which seat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """An invitation as it was put in.

    Attributes
    ----------
    kind, seat : Kind, Seat
        What for, and the seat that is kept free.
    called, me : str
        What the two are called.
    starts : datetime or None
        When they meet first, if they know.
    mode : Mode
        Where.
    """

    kind: Kind
    seat: Seat
    called: str
    me: str
    starts: datetime | None
    mode: Mode


class InviteForm(forms.Form):
    """Whom somebody invites, what the two are called, and when they meet first."""

    whom = forms.ChoiceField(choices=[(each, each) for each in INVITES])
    called = forms.CharField(max_length=40)
    me = forms.CharField(max_length=40)
    starts = forms.DateTimeField(input_formats=["%Y-%m-%dT%H:%M"], required=False)
    mode = forms.ChoiceField(
        choices=[(mode.value, mode.value) for mode in Mode], required=False
    )

    def read(self) -> Invite:
        """Return what was given.

        Raises
        ------
        NotNowError
            If somebody is not called anything, or a day is no day.
        """
        if not self.is_valid():
            raise NotNowError(
                "an invitation takes what each of you is called, up to 40 letters, and "
                "may take a day and a time."
            )
        given = self.cleaned_data
        kind, seat = INVITES[given["whom"]]
        return Invite(
            kind=kind,
            seat=seat,
            called=given["called"],
            me=given["me"],
            starts=given["starts"],
            mode=Mode(given["mode"] or Mode.ROOM),
        )


class PackForm(forms.Form):
    """A pack's file; or what forms are filled in for, where that is asked first."""

    pack = forms.FileField(required=False)
    use = forms.ChoiceField(choices=[(use, use) for use in Use], required=False)

    def read(self) -> tuple[bytes, str]:
        """Return what the file holds, and the use; either may be blank.

        Raises
        ------
        NotNowError
            If there is neither.
        """
        if not self.is_valid() or not any(self.cleaned_data.values()):
            raise NotNowError("choose a file that is not empty.")
        file, use = self.cleaned_data["pack"], self.cleaned_data["use"]
        return file.read() if file else b"", use


def name_of_pair(person: Person, sent: Mapping[str, str]) -> str | None:
    """Return the name of the pair that a form makes: sent twice, it makes one.

    Each form that is shown has a token of its own. A form that is changed makes another.
    ``None`` for what was sent without one.
    """
    if "csrfmiddlewaretoken" not in sent:
        return None
    said = json.dumps([person.pk, sorted(sent.items())])
    made = salted_hmac("duologue.invite", said, algorithm="sha256").digest()
    return urlsafe_b64encode(made[:16]).rstrip(b"=").decode()
