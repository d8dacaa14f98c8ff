"""One recording, looked at by the two of them: the same for both."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from duologue.corpus.recorded import by_window
from duologue.errors import NotYoursError
from duologue.faces.as_html import Picture
from duologue.faces.moving_pictures import of_series, of_windows
from duologue.records import SEATS, Modality
from duologue.relationship.moving import clock
from duologue.store import queries
from duologue.store.queries import Pair, RecordingKept
from duologue.web.access import pair_of
from duologue.web.recordings.forms import CALLED


@require_safe
def recording(
    request: HttpRequest, ref: str, number: int, modality: str
) -> HttpResponse:
    """Show one recording from its beginning to its end, and window by window."""
    pair = pair_of(request, ref)
    kept = recording_of(pair, number, modality)
    called = (SEATS[0].called(pair.kind), SEATS[1].called(pair.kind))
    page = {
        "pair": pair,
        "recording": kept.recorded,
        "moments": kept.found.moments,
        "spans": [(clock(m.start_s), clock(m.end_s)) for m in kept.found.moments or ()],
        "client_called": called[0],
        "therapist_called": called[1],
        "of": CALLED[kept.recorded.modality],
        "kept_on": kept.kept_on,
        "series": _series(kept, called),
        "windows": _windows(kept, called),
    }
    return render(request, "recordings/recording.html", page)


def recording_of(pair: Pair, number: int, modality: str) -> RecordingKept:
    """Return a recording as an address names it, or refuse as if there were none."""
    if modality not in set(Modality):
        raise NotYoursError("there is no such recording.")
    return queries.recording(pair, number, Modality(modality))


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
