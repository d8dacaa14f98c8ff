"""The form of a yes or a no."""

from dataclasses import dataclass

from django import forms

from duologue.errors import NotNowError
from duologue.sharing.consent import EVERY, PER_SESSION, Purpose

HIGHEST = 10**6


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """A yes, a no, or a withdrawal of whatever yes stands (``sessions`` is ``None``)."""

    purpose: Purpose
    yes: bool
    sessions: tuple[int, ...] | None


class SayForm(forms.Form):
    """What is said to which purpose, and for which sessions."""

    purpose = forms.ChoiceField(choices=[(p.value, p.value) for p in Purpose])
    say = forms.ChoiceField(choices=[(w, w) for w in ("yes", "no", "withdraw")])
    first = forms.IntegerField(required=False, min_value=1, max_value=HIGHEST)
    last = forms.IntegerField(required=False, min_value=1, max_value=HIGHEST)

    def read(self) -> Saying:
        """Return what was given.

        Raises
        ------
        NotNowError
            If it is no yes and no no to anything that is asked; keeping is ended by a
            form of its own.
        """
        found = self.cleaned_data if self.is_valid() else {}
        if not found or (found["purpose"] == Purpose.KEEPING and found["say"] != "yes"):
            raise NotNowError("that is no answer to what is asked here.")
        purpose, say = Purpose(found["purpose"]), found["say"]
        first = found["first"] or 0
        last = min(found["last"] or first, first + EVERY - 1)
        sessions = tuple(range(first, last + 1)) if purpose in PER_SESSION else ()
        return Saying(
            purpose=purpose,
            yes=say == "yes",
            sessions=None if say == "withdraw" else sessions,
        )
