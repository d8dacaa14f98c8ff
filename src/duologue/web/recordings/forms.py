"""The form of a recording that is added."""

from dataclasses import dataclass

from django import forms

from duologue.errors import FileError, NotNowError, ParameterError
from duologue.formats.motion import MotionColumns, motion_in
from duologue.formats.textfile import as_text
from duologue.records import Modality, Recorded
from duologue.store.models.recording import MOST_SAMPLES

MOST_BYTES = 4_500_000
"""A little less than the longest request that is let in."""

LONGEST_S = 4 * 60 * 60
LONGEST_COLUMN = 60
CALLED = {
    Modality.MOTION: "movement",
    Modality.VOICE: "voice",
    Modality.PHYSIOLOGY: "pulse, breath or skin",
}
"""What a recording may be of, as it is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhichOne:
    """Which recording is meant: of which session, and what it is of."""

    number: int
    modality: Modality


class WhichForm(forms.Form):
    """Which recording is meant."""

    session = forms.IntegerField(min_value=1, max_value=10**6)
    modality = forms.ChoiceField(choices=list(CALLED.items()))

    def which(self) -> WhichOne:
        """Return which recording is meant.

        Raises
        ------
        NotNowError
            If the form does not say it.
        """
        if not self.is_valid():
            raise NotNowError("say of which session, and what it is of.")
        return WhichOne(
            number=self.cleaned_data["session"],
            modality=Modality(self.cleaned_data["modality"]),
        )


class AddForm(WhichForm):
    """A file, and where it has another layout what its columns are."""

    file = forms.FileField()
    client = forms.CharField(max_length=LONGEST_COLUMN, required=False)
    therapist = forms.CharField(max_length=LONGEST_COLUMN, required=False)
    rate = forms.FloatField(min_value=1e-3, max_value=1e5, required=False)

    def read(self) -> Recorded:
        """Return the two series of the file.

        Raises
        ------
        NotNowError
            If there is no file, or it does not hold what the form says: with its line,
            never with what stands there.
        """
        if not self.is_valid():
            raise NotNowError(
                "choose a file that is not empty; a rate is a number of samples a second."
            )
        which, given = self.which(), self.cleaned_data
        if given["file"].size > MOST_BYTES:
            raise NotNowError(
                f"a file may hold {MOST_BYTES / 1e6:g} MB. Fewer samples a second, ten or "
                "more, say as much."
            )
        columns = MotionColumns(
            client=tuple((given["client"] or "client").split("+")),
            therapist=tuple((given["therapist"] or "therapist").split("+")),
            time_s=None if given["rate"] else "time_s",
        )
        try:
            motion = motion_in(
                as_text(given["file"].read(), "the file"),
                "the file",
                columns,
                rate=given["rate"],
                signed=which.modality is not Modality.MOTION,
            )
        except (FileError, ParameterError) as error:
            raise NotNowError(str(error)) from None
        if motion.seconds > LONGEST_S or motion.client.size > MOST_SAMPLES:
            raise NotNowError(
                f"a recording may last {LONGEST_S / 3600:g} hours, and have "
                f"{MOST_SAMPLES:,} samples of each person; an uneven one as many as lie "
                "between its first time stamp and its last."
            )
        return Recorded(session=which.number, modality=which.modality, motion=motion)
