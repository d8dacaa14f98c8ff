"""The few fields for signing in that are ours."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from duologue.store.models import Person


class CodeForm(forms.Form):
    """The code of an invitation."""

    code = forms.CharField(max_length=80)


class PasswordForm(forms.Form):
    """A password to sign in with, beside an app's codes."""

    password = forms.CharField(max_length=128, strip=False)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._person = person

    def clean_password(self) -> str:
        """Refuse what is too short, or is known to be tried first."""
        password: str = self.cleaned_data["password"]
        validate_password(password, self._person)
        return password
