"""Filled-in forms as a FHIR R4 Bundle, for a program that takes in several at once."""

from collections.abc import Callable, Iterable
from uuid import NAMESPACE_URL, uuid5

from duologue.errors import ParameterError
from duologue.formats.fhir.forms import called, observation_of, response_of
from duologue.formats.fhir.names import ACT_REASON, FORM, Resource
from duologue.instruments.instrument import Instrument
from duologue.instruments.leaving import may_leave
from duologue.records import Measure, Seat


def bundle_of(
    measures: Iterable[Measure],
    load: Callable[[str], Instrument],
    *,
    client: str,
    therapist: str,
    made_up: bool = False,
) -> Resource:
    """Return filled-in forms, each with its total where it has one, as a collection.

    Parameters
    ----------
    measures : iterable of Measure
        The forms; one that is wholly blank is left out. A therapist's about their own
        wellbeing never leaves: take those out with :func:`leave_out`.
    load : callable
        Gives the instrument of an id.
    client, therapist : str
        Codes of the two people, never names.
    made_up : bool
        Whether it is marked as test data: nobody in it exists.

    Returns
    -------
    dict
        JSON's kinds of values only. Equal forms give an equal bundle: it has no date
        but theirs, and its addresses are made of what the forms are called.

    Raises
    ------
    ParameterError
        If a form may not leave, or a code is none.
    InstrumentError
        If an answer is not one that its instrument takes; the message never holds it.
    """
    entries: list[Resource] = []
    codes = {Seat.CLIENT: client, Seat.THERAPIST: therapist}
    if client == therapist:
        raise ParameterError("client and therapist must be two codes.")
    for measure in measures:
        if all(value is None for _, value in measure.answers):
            continue  # FHIR has no form without an answer
        instrument, source = load(measure.instrument), codes[measure.seat]
        response = response_of(
            measure, instrument, subject=client, author=source, source=source
        )
        entries.append(_entry(response, called(measure, client)))
        total = observation_of(measure, instrument, subject=client, source=source)
        if total is not None:
            entries.append(_entry(total, called(measure, client)))
    marked = {"meta": {"tag": [{"system": ACT_REASON, "code": "HTEST"}]}}
    return {
        "resourceType": "Bundle",
        **(marked if made_up else {}),
        "type": "collection",
        "entry": entries,
    }


def leave_out(
    measures: Iterable[Measure], load: Callable[[str], Instrument]
) -> tuple[Measure, ...]:
    """Return the forms that may leave: all but a therapist's on their own wellbeing."""
    return tuple(m for m in measures if may_leave(load(m.instrument), m.seat))


def _entry(resource: Resource, form: str) -> Resource:
    """Return a resource with an address of its own, made of what its form is called."""
    named = f"{FORM}:{form}:{resource['resourceType']}"
    return {"fullUrl": f"urn:uuid:{uuid5(NAMESPACE_URL, named)}", "resource": resource}
