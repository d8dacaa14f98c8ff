"""The answer to a proposal, whatever is proposed: an agreement, or a goal."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from django import forms
from django.http import QueryDict

from duologue.errors import NotNowError

Act: TypeAlias = Callable[..., None]


class AnswerForm(forms.Form):
    """What is done with a proposal."""

    def __init__(
        self, posted: QueryDict, acts: Mapping[str, Act], *, field: str = "proposal"
    ) -> None:
        """Take what was posted.

        Parameters
        ----------
        posted : QueryDict
            ``do`` says what is done, and the other field with which proposal.
        acts : mapping of str to callable
            What can be done, by its name.
        field : str
            The name of the field that holds the proposal.
        """
        super().__init__(posted)
        self._acts, self._field = acts, field
        self.fields["do"] = forms.ChoiceField(choices=[(act, act) for act in acts])
        self.fields[field] = forms.CharField()

    def read(self) -> tuple[Act, str]:
        """Return what is to be done, and with which proposal.

        Raises
        ------
        NotNowError
            If it is neither accepted, set aside nor taken back.
        """
        if not self.is_valid():
            raise NotNowError("a proposal is accepted, set aside or taken back.")
        return self._acts[self.cleaned_data["do"]], self.cleaned_data[self._field]
