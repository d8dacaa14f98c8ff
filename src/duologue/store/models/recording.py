"""What a recording showed of how two people moved: held by both, deleted by either."""

import base64
import json
import zlib
from dataclasses import asdict
from typing import Any, ClassVar

import numpy as np
from django.db import models
from django.db.models import Q, UniqueConstraint

from duologue import records
from duologue.errors import ParameterError
from duologue.records import Modality, Moment, Motion, Recorded, Seat, Synchrony
from duologue.store.keys.records import Where
from duologue.store.models.choices import is_one_of, one_of, only
from duologue.store.models.dyad import Dyad
from duologue.store.models.refs import new_ref
from duologue.store.models.sealed import (
    SealedTextField,
    WithSealedText,
    is_sealed_text,
)
from duologue.store.models.session import Session

MOST_SAMPLES = 500_000
"""Of each person: four hours at 30 Hz, and more."""

LONGEST_SERIES = 16 * MOST_SAMPLES * 2
LONGEST_FOUND = 200_000
"""Characters of the series and of what was found, as they are written here."""


class Recording(WithSealedText):
    """The two series of one session's recording, of one modality, and what they showed.

    Both are sealed. Nothing of a picture or a sound is kept, nor the file.
    """

    UP_TO_PAIR = ("dyad",)

    ref = models.CharField(max_length=22, unique=True, default=new_ref)
    dyad = models.ForeignKey(Dyad, models.CASCADE, related_name="recordings")
    session = models.ForeignKey(Session, models.CASCADE, related_name="recordings")
    modality = models.CharField(max_length=12, choices=one_of(Modality))
    series = SealedTextField(max_length=LONGEST_SERIES)
    found = SealedTextField(max_length=LONGEST_FOUND)
    kept_on = models.DateField()

    class Meta:
        """Rules of the table."""

        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            UniqueConstraint(
                name="recording_stands_once_a_session", fields=["session", "modality"]
            ),
            only("recording_is_of_a_modality", is_one_of("modality", Modality)),
            only("recording_series_are_sealed", Q(is_sealed_text("series"))),
            only("recording_found_is_sealed", Q(is_sealed_text("found"))),
        ]

    def __str__(self) -> str:
        return f"recording {self.pk}"

    def place_of(self, field: "models.Field[Any, Any]") -> Where:
        """Return where the series, or what was found, belong; needs the pair."""
        return self.dyad.place(recording_place(self.ref, field.attname))


def recording_place(ref: str, field: str) -> str:
    """Return the name of the place of a recording's series or of what was found."""
    return f"recording:{ref}:{field}"


def as_series(motion: Motion) -> str:
    """Write two series as text: equal series give equal text.

    Raises
    ------
    ParameterError
        If there are more than `MOST_SAMPLES`.
    """
    if motion.client.size > MOST_SAMPLES:
        raise ParameterError(
            f"a recording must hold {MOST_SAMPLES:,} samples or fewer of each person."
        )
    both = np.concatenate([motion.client, motion.therapist]).astype("<f8").tobytes()
    samples = base64.b64encode(zlib.compress(both)).decode()
    told = {"rate": motion.rate, "notes": motion.notes, "samples": samples}
    return json.dumps(told)


def recorded_in(text: str, *, session: int, modality: Modality) -> Recorded:
    """Return two series that `as_series` has written."""
    told = json.loads(text)
    content = zlib.decompress(base64.b64decode(told["samples"]))
    client, therapist = np.frombuffer(content, "<f8").reshape(2, -1)
    motion = Motion(
        client=client,
        therapist=therapist,
        rate=told["rate"],
        notes=tuple(told["notes"]),
    )
    return Recorded(session=session, modality=modality, motion=motion)


def as_found(found: Synchrony) -> str:
    """Write what a recording showed as text."""
    return json.dumps(asdict(found), allow_nan=False)


def synchrony_in(text: str, *, session: int) -> records.Synchrony:
    """Return what `as_found` has written, for the session as it is numbered."""
    told = json.loads(text)
    moments = told.pop("moments")
    lists = {k: tuple(v) for k, v in told.items() if isinstance(v, list)}
    return Synchrony(
        **{**told, **lists, "session": session, "modality": Modality(told["modality"])},
        moments=None if moments is None else tuple(map(_moment, moments)),
    )


def _moment(told: dict[str, Any]) -> Moment:
    first = told.pop("first")
    return Moment(**told, first=None if first is None else Seat(first))
