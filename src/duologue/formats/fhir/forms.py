"""A filled-in form as a FHIR R4 QuestionnaireResponse, and its total as Observation."""

import re
from datetime import datetime

from duologue.errors import ParameterError
from duologue.formats.definitions import check_ids
from duologue.formats.fhir.names import (
    CATEGORY,
    CREDIT,
    FORM,
    INSTRUMENT,
    LOINC,
    ORDINAL_VALUE,
    PART,
    PERSON,
    SCORE,
    TOTAL,
    UCUM,
    Resource,
    answer_system,
    number,
)
from duologue.instruments.instrument import Instrument
from duologue.instruments.leaving import check_may_leave, words_may_leave
from duologue.instruments.scorer import Score, score
from duologue.instruments.written import options_of, plain
from duologue.records import Item, Measure, Seat

_CODE = re.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def response_of(
    measure: Measure,
    instrument: Instrument,
    *,
    subject: str,
    author: str,
    source: str,
    at: datetime | None = None,
) -> Resource:
    """Return one filled-in form of a therapy pair as a QuestionnaireResponse.

    Parameters
    ----------
    measure : Measure
        The form. A blank is left out, not sent as an empty answer.
    instrument : Instrument
        The one that was filled in.
    subject : str
        Code of the client, whose record this will stand in.
    author : str
        Code of whoever enters the form: the client or the therapist.
    source : str
        Code of whoever answered: the client for the client's form, somebody else for
        the therapist's.
    at : datetime, optional
        When it was filled in, with its time zone; by default the form's own day, as far
        as that is known.

    Returns
    -------
    dict
        JSON's kinds of values only. The total and the parts stand in it as far as
        they are defined. People are the codes that came, each under a system of ours.

    Raises
    ------
    ParameterError
        If it is a therapist's form about their own wellbeing, if a code is none, if
        ``source`` does not fit the seat, if the form is of another instrument, or if
        ``at`` has no time zone.
    InstrumentError
        If an answer is not one that the instrument takes; the message never holds it.
    """
    scored = _checked(measure, instrument, subject=subject, source=source, at=at)
    _check_code("author", author)
    worded = words_may_leave(instrument)
    answers = dict(measure.answers)
    return {
        "resourceType": "QuestionnaireResponse",
        **_credited(instrument, worded=worded),
        "identifier": _identifier(measure, subject),
        "questionnaire": f"{INSTRUMENT}{instrument.id}|{instrument.version}",
        "status": "completed",
        "subject": _person(subject, subject),
        **_time("authored", at, measure),
        "author": _person(author, subject),
        "source": _person(source, subject),
        "item": [
            *(
                _answer(instrument, item, value, worded=worded)
                for item in instrument.items
                if (value := answers.get(item.id)) is not None
            ),
            *_scores(scored),
        ],
    }


def observation_of(
    measure: Measure,
    instrument: Instrument,
    *,
    subject: str,
    source: str,
    at: datetime | None = None,
) -> Resource | None:
    """Return the total of one filled-in form as an Observation.

    Its code is that of the total in LOINC, not that of the panel; without one, a code
    of ours and the instrument's name.

    Parameters
    ----------
    measure, instrument, subject, source, at
        As for :func:`response_of`.

    Returns
    -------
    dict or None
        JSON's kinds of values only; ``None`` where the form has no total, since more
        items are blank than the instrument allows.

    Raises
    ------
    ParameterError, InstrumentError
        As for :func:`response_of`.
    """
    scored = _checked(measure, instrument, subject=subject, source=source, at=at)
    if scored.total is None:
        return None
    form = {
        "type": "QuestionnaireResponse",
        "identifier": _identifier(measure, subject),
    }
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{"system": CATEGORY, "code": "survey"}]}],
        "code": _total_code(instrument),
        "subject": _person(subject, subject),
        **_time("effectiveDateTime", at, measure),
        "performer": [_person(source, subject)],
        "valueQuantity": {
            "value": plain(scored.total),
            "system": UCUM,
            "code": "{score}",
        },
        "derivedFrom": [form],
    }


def _checked(
    measure: Measure,
    instrument: Instrument,
    *,
    subject: str,
    source: str,
    at: datetime | None,
) -> Score:
    """Refuse what may not leave or does not fit together; otherwise score the form."""
    if measure.instrument != instrument.id:
        raise ParameterError(
            f"measure must be a form of {instrument.id}, got one of another instrument."
        )
    check_may_leave(instrument, measure.seat)
    check_ids(instrument)
    _check_code("subject", subject)
    _check_code("source", source)
    if (source == subject) is not (measure.seat is Seat.CLIENT):
        raise ParameterError(
            "source must be the subject for the client's form, and somebody else for "
            "the therapist's."
        )
    if at is not None and at.utcoffset() is None:
        raise ParameterError("at must have a time zone, got a time without one.")
    return score(instrument, dict(measure.answers))


def _check_code(name: str, code: str) -> None:
    if not _CODE.fullmatch(code):
        raise ParameterError(
            f"{name} must be a code of 1 to 64 letters A to Z, digits and . _ - "
            "(never a name)."
        )


def called(measure: Measure, subject: str) -> str:
    """Return what a filled-in form of a client's record is called."""
    parts = [subject, measure.session, measure.instrument, measure.seat.value]
    if measure.day is not None:  # several may follow one session
        parts.append(measure.day.isoformat())
    return "/".join(map(str, parts))


def _identifier(measure: Measure, subject: str) -> Resource:
    return {"system": FORM, "value": called(measure, subject)}


def _person(code: str, subject: str) -> Resource:
    kind = "Patient" if code == subject else "Practitioner"
    return {"type": kind, "identifier": {"system": PERSON, "value": code}}


def _credited(instrument: Instrument, *, worded: bool) -> Resource:
    """Return the line that the holder of the words asks for, beside them."""
    if not (worded and instrument.credit):
        return {}
    return {"extension": [{"url": CREDIT, "valueString": instrument.credit}]}


def _time(key: str, at: datetime | None, measure: Measure) -> Resource:
    """Return when it was filled in: a day alone where no time is known (FHIR allows it)."""
    if at is not None:
        return {key: at.isoformat(timespec="seconds")}
    return {} if measure.day is None else {key: measure.day.isoformat()}


def _answer(
    instrument: Instrument, item: Item, value: float, *, worded: bool
) -> Resource:
    found: Resource = {"linkId": item.id}
    if worded:
        found["text"] = next(iter(item.text.values()))
    if not item.options:
        return found | {"answer": [{"valueDecimal": plain(float(value))}]}
    option = next(option for option in options_of(item) if option.value == value)
    coding = {
        "extension": [number(ORDINAL_VALUE, value)],
        "system": answer_system(instrument.id),
        "code": option.id,
        **({"display": option.label} if worded and option.label else {}),
    }
    return found | {"answer": [{"valueCoding": coding}]}


def _scores(scored: Score) -> list[Resource]:
    values = {TOTAL: scored.total} | {
        PART.format(part): value for part, value in scored.subscales.items()
    }
    return [
        {"linkId": link, "answer": [{"valueDecimal": plain(value)}]}
        for link, value in values.items()
        if value is not None
    ]


def _total_code(instrument: Instrument) -> Resource:
    if instrument.loinc is None:
        coding = {"system": SCORE, "code": instrument.id}
    else:
        coding = {"system": LOINC, "code": instrument.loinc.total}
    return {"coding": [coding], "text": f"{instrument.name}: total"}
