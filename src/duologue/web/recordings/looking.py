"""One recording, looked at by the two of them: the same for both."""

import numpy as np
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from duologue.corpus.recorded import by_window
from duologue.errors import NotYoursError
from duologue.faces.as_html import Picture
from duologue.faces.moving_pictures import of_series, of_windows
from duologue.faces.moving_svg import Floats
from duologue.records import SEATS, Modality
from duologue.relationship.moving import clock
from duologue.store import queries
from duologue.store.queries import Pair, RecordingKept
from duologue.web.access import pair_of
from duologue.web.recordings.forms import CALLED

MOST_POINTS = 40_000
"""So many points of each person are drawn in detail: an hour at ten a second, and more."""


@require_safe
def recording(
    request: HttpRequest, ref: str, number: int, modality: str
) -> HttpResponse:
    """Show one recording from its beginning to its end, and window by window."""
    pair = pair_of(request, ref)
    kept = recording_of(pair, number, modality)
    called = (SEATS[0].called(pair.kind), SEATS[1].called(pair.kind))
    moments = kept.found.moments or ()
    page = {
        "pair": pair,
        "recording": kept.recorded,
        "moments": kept.found.moments,
        "moments_at": [(_at(m.start_s), _at(m.end_s)) for m in moments],
        "client_called": called[0],
        "therapist_called": called[1],
        "of": CALLED[kept.recorded.modality],
        "kept_on": kept.kept_on,
        "series": _series(kept, called),
        "windows": _windows(kept, called),
    }
    return render(request, "recordings/recording.html", page)


@require_safe
def series(request: HttpRequest, ref: str, number: int, modality: str) -> HttpResponse:
    """Return the two series of one recording as numbers, to be drawn in detail."""
    kept = recording_of(pair_of(request, ref), number, modality)
    motion = kept.recorded.motion
    by = max(1, -(-motion.client.size // MOST_POINTS))
    return JsonResponse(
        {
            "step_s": by / motion.rate,
            "client": _rounded(motion.client, by),
            "therapist": _rounded(motion.therapist, by),
            "moments": [(m.start_s, m.end_s) for m in kept.found.moments or ()],
        }
    )


def recording_of(pair: Pair, number: int, modality: str) -> RecordingKept:
    """Return a recording as an address names it, or refuse as if there were none."""
    if modality not in set(Modality):
        raise NotYoursError("there is no such recording.")
    return queries.recording(pair, number, Modality(modality))


def _at(seconds: float) -> tuple[str, str]:
    """Return a time of a session for a script, and for a person."""
    return f"{seconds:g}", clock(seconds)


def _rounded(values: Floats, by: int) -> list[float | None]:
    """Return the mean of every so many samples in four digits, ``None`` where all are blank."""
    padded = np.full(-(-values.size // by) * by, np.nan)
    padded[: values.size] = values
    rows = padded.reshape(-1, by)
    count = (~np.isnan(rows)).sum(axis=1)
    total = np.nansum(rows, axis=1)
    return [
        float(f"{t / n:.4g}") if n else None
        for t, n in zip(total.tolist(), count.tolist(), strict=True)
    ]


def _series(kept: RecordingKept, called: tuple[str, str]) -> Picture:
    motion = kept.recorded.motion
    return of_series(
        motion.client,
        motion.therapist,
        [(each.start_s, each.end_s) for each in kept.found.moments or ()],
        rate=motion.rate,
        id_prefix="series",
        called=called,
    )


def _windows(kept: RecordingKept, called: tuple[str, str]) -> Picture | None:
    found = by_window(kept.recorded)
    if found is None:
        return None
    windows = found.windows
    return of_windows(
        found.lagged.z,
        windows.lags / windows.rate,
        window_s=windows.window_s,
        step_s=windows.step_s,
        end_s=found.motion.seconds,
        id_prefix="windows",
        called=called,
    )
