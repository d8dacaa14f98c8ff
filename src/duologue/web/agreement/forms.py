"""The form of a proposal, and what can be done with one."""

from django import forms

from duologue.errors import NotNowError
from duologue.records import Supervision, Terms
from duologue.store import actions
from duologue.store.models.agreement import DAYS, LENGTHS_MIN, YEARS
from duologue.web.proposals import Act

ANSWERS: dict[str, Act] = {
    "accept": actions.accept_proposal,
    "set_aside": actions.set_aside,
    "take_back": actions.take_back_proposal,
}


class TermsForm(forms.Form):
    """All that an agreement says; its texts are looked at where they are kept."""

    length_min = forms.IntegerField(min_value=LENGTHS_MIN[0], max_value=LENGTHS_MIN[1])
    rhythm = forms.CharField(required=False)
    frame = forms.CharField(required=False, strip=False)
    confidentiality = forms.CharField(required=False, strip=False)
    supervision = forms.ChoiceField(choices=[(s.value, s.value) for s in Supervision])
    keep_free_text_days = forms.IntegerField(min_value=DAYS[0], max_value=DAYS[1])
    keep_numbers_years = forms.IntegerField(min_value=YEARS[0], max_value=YEARS[1])

    def read(self) -> Terms:
        """Return what was given.

        Raises
        ------
        NotNowError
            If a number or a choice is missing or out of its bounds.
        """
        if not self.is_valid():
            raise NotNowError(
                f"a session takes {LENGTHS_MIN[0]} to {LENGTHS_MIN[1]} minutes; words are "
                f"kept for at most {DAYS[1]} days and numbers for at most {YEARS[1]} "
                "years after the ending; one of three for supervision."
            )
        found = {**self.cleaned_data}
        found["supervision"] = Supervision(found["supervision"])
        return Terms(**found)
