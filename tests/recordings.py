"""Recordings of the pair of Ann and the therapist, made up."""

from dataclasses import replace
from datetime import timedelta

import numpy as np

from app_people import NOW
from duologue.records import Modality, Motion, Recorded
from duologue.sharing import Purpose
from duologue.store import actions
from duologue.store.models import Recording
from duologue.store.models.recording import as_found, as_series
from made_up_synchrony import FOUND
from two_seats import C, T

AFTER = NOW + timedelta(days=8)
"""When session 4 has been."""

MOTION = Motion(
    client=np.array([1.0, np.nan, 0.1 + 0.2]),
    therapist=np.array([0.0, 7.0, np.nan]),
    rate=30000 / 1001,
    notes=("made up",),
)


def kept(dyad, number=1, modality=Modality.MOTION):
    """Store a recording of a session, as if both had said yes to it."""
    return Recording.objects.create(
        dyad=dyad,
        session=dyad.sessions.get(number=number),
        modality=modality,
        series=as_series(MOTION),
        found=as_found(replace(FOUND, modality=modality)),
        kept_on=NOW.date(),
    )


def agree(two, *purposes, numbers=(4,)):
    """Let both say yes to these, the client first; to all that a recording takes."""
    for purpose in purposes or (Purpose.RECORDING, Purpose.TRANSCRIPT):
        for seat in (C, T):
            two.do(actions.say_yes, seat, purpose, sessions=numbers)


def add(two, seat=C, number=4, modality=Modality.MOTION, now=AFTER):
    """Let one of the two add a recording."""
    recorded = Recorded(session=number, modality=modality, motion=MOTION)
    found = replace(FOUND, session=number, modality=modality)
    two.do(actions.keep_recording, seat, recorded, found, now=now)
