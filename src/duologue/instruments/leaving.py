"""What may leave in a file or a record: words by their licence, answers by whose.

Every format that carries an instrument or a form to somebody else asks here first.
"""

from duologue.errors import InstrumentError, ParameterError
from duologue.instruments.instrument import About, Instrument, Tier
from duologue.records import Seat

ABOUT_ANOTHER = (About.RELATIONSHIP, About.CLIENT)
"""What a therapist's form may be about, if it is to leave."""


def check_may_leave(instrument: Instrument, seat: Seat | None = None) -> None:
    """Refuse to let anything of the therapist's own wellbeing leave.

    Whatever leaves is filed under the client: how the therapist is doing would then
    stand in the client's record. So a form that the therapist alone fills in never
    leaves, whatever it says of itself, and of a form that both fill in the therapist's
    answers leave only where the definition says that they are about something else.

    Parameters
    ----------
    instrument : Instrument
        What is to leave.
    seat : Seat, optional
        Whose answers are to leave; by default the empty form.

    Raises
    ------
    ParameterError
        If it may not leave, or if this seat does not fill the instrument in.
    """
    if instrument.answered_by == (Seat.THERAPIST,):
        raise ParameterError(
            f"{instrument.id} is filled in by the therapist alone and never leaves: "
            "a therapist's own wellbeing stands in nobody's record."
        )
    if seat is None:
        return
    if seat not in instrument.answered_by:
        allowed = " or ".join(instrument.answered_by)
        raise ParameterError(f"{instrument.id} is filled in by the {allowed} only.")
    if seat is Seat.THERAPIST and instrument.about not in ABOUT_ANOTHER:
        allowed = " or ".join(f"{about.value!r}" for about in ABOUT_ANOTHER)
        raise ParameterError(
            f"{instrument.id}: the therapist's form leaves only where the definition "
            f"has about = {allowed}; a therapist's own wellbeing never leaves."
        )


def may_leave(instrument: Instrument, seat: Seat) -> bool:
    """Whether a form that this seat has filled in may leave; see `check_may_leave`."""
    try:
        check_may_leave(instrument, seat)
    except ParameterError:
        return False
    return True


def words_may_leave(instrument: Instrument) -> bool:
    """Whether the words of the form may stand in a file for somebody else.

    Those of tier A may, those of tier B with their credit line. Pasted words, and
    words of which nobody has said so, stay here.

    Raises
    ------
    InstrumentError
        If they may leave with their credit line only, and there is none.
    """
    if not instrument.text_shipped:
        return False
    if instrument.tier is Tier.SEPARATE and not instrument.credit:
        raise InstrumentError(
            f"{instrument.id}: words of tier B leave with their credit line only, and "
            "the definition has none."
        )
    return instrument.tier in (Tier.SHIPPED, Tier.SEPARATE)
