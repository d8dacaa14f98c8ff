"""The form of a tap: the code that is shown, and the session that the page names."""

from django import forms

from duologue.errors import NotNowError


class TapForm(forms.Form):
    """A code of six digits, spaces among them or not, and a session."""

    code = forms.RegexField(r"^[0-9 ]{6,9}$")
    number = forms.IntegerField(min_value=1, max_value=10**6)

    def read(self) -> tuple[str, int]:
        """Return what was given.

        Raises
        ------
        NotNowError
            If it is no code.
        """
        if not self.is_valid():
            raise NotNowError("a code has six digits.")
        number: int = self.cleaned_data["number"]
        return self.cleaned_data["code"].replace(" ", ""), number
