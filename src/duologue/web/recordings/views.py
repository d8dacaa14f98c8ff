"""What recordings showed of the two: added and deleted by either, seen by both alike."""

from threading import Lock

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from duologue.corpus.recorded import is_quick, synchrony_in
from duologue.errors import NotNowError
from duologue.records import Seat
from duologue.store import actions, queries
from duologue.store.queries import Pair, RecordingsSeen
from duologue.web import clock, readings
from duologue.web.access import pair_of, person_of
from duologue.web.recordings.forms import CALLED, MOST_BYTES, AddForm, WhichForm

_one_at_a_time = Lock()


@require_http_methods(["GET", "HEAD", "POST"])
def recordings(request: HttpRequest, ref: str) -> HttpResponse:
    """Show what is kept of recordings, and add one where both have said yes."""
    now, pair = clock.now(), pair_of(request, ref)
    found = queries.recordings(pair, now=now)
    refused = ""
    if request.method == "POST":
        try:
            _add(request, pair, found)
            return redirect("recordings", ref)
        except NotNowError as error:
            refused = str(error)
    page = {
        "pair": pair,
        "client_called": Seat.CLIENT.called(pair.kind),
        "therapist_called": Seat.THERAPIST.called(pair.kind),
        "recordings": found,
        "kept": [(each, CALLED[each.modality]) for each in found.kept],
        "modalities": CALLED.items(),
        "given": request.POST,
        "is_quick": is_quick(),
        "most_mb": f"{MOST_BYTES / 1e6:g}",
        "refused": refused,
    }
    status = 409 if refused else 200
    return render(request, "recordings/recordings.html", page, status=status)


@require_POST
def delete_recording(request: HttpRequest, ref: str) -> HttpResponse:
    """Delete what is kept of one recording, for both."""
    person, now = person_of(request), clock.now()
    pair_of(request, ref)  # whose pair it is comes before what the form says
    which = WhichForm(request.POST).which()
    actions.delete_recording(person, ref, which.number, which.modality, now=now)
    readings.forget(pair_of(request, ref))
    return redirect("recordings", ref)


def _add(request: HttpRequest, pair: Pair, found: RecordingsSeen) -> None:
    """Read a file and keep what it shows; refused before any of that takes its time."""
    which = WhichForm(request.POST).which()
    if which.number not in found.may_be_added:
        raise NotNowError(
            "a recording is added once its session has begun, and both of you have said "
            "yes to it beforehand."
        )
    if any(
        (k.number, k.modality) == (which.number, which.modality) for k in found.kept
    ):
        raise NotNowError(actions.ONE_OF_A_KIND)
    if not is_quick():
        raise NotNowError(
            "recordings cannot be compared where this practice runs: what does it is not "
            "installed there (duologue[corpus])."
        )
    recorded = AddForm(request.POST, request.FILES).read()
    with _one_at_a_time:  # each keeps a processor busy
        actions.keep_recording(
            *(person_of(request), pair.ref, recorded, synchrony_in(recorded)),
            now=clock.now(),
        )
