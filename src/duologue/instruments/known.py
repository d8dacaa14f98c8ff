"""The instruments that are known in one place: those that ship, and those of its packs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from duologue.errors import InstrumentError
from duologue.instruments import library
from duologue.instruments.answers import check_answer_of
from duologue.instruments.instrument import About, Instrument
from duologue.instruments.packs import Pack
from duologue.records import Prompts, Seat


@dataclass(frozen=True, slots=True)
class Known:
    """What ships, and the packs that one practice has added under their licences.

    Where two packs have an instrument of one id, the first counts.

    Attributes
    ----------
    packs : tuple of Pack
        Those that are asked there.
    former : tuple of Pack
        Those that are not, or no longer: of a form that was filled in of one nothing is
        said but which of its answers are shown as they were given.
    """

    packs: tuple[Pack, ...] = ()
    former: tuple[Pack, ...] = ()

    def __iter__(self) -> Iterator[Instrument]:
        """Go through all of them: what ships by its id, then pack by pack."""
        yield from (library.load(name) for name in library.names())
        for pack in self.packs:
            yield from pack.instruments

    def names(self) -> tuple[str, ...]:
        """Return the id of each of them."""
        return tuple(one.id for one in self)

    def find(self, instrument_id: str) -> Instrument | None:
        """Return the instrument of this id, or ``None`` where none is known."""
        if instrument_id in library.names():
            return library.load(instrument_id)
        found = (pack.instrument(instrument_id) for pack in self.packs)
        return next((one for one in found if one is not None), None)

    def edition(self, instrument_id: str) -> str:
        """Return which pack an instrument is of that is asked; blank of what ships."""
        if instrument_id in library.names():
            return ""
        found = (p.edition for p in self.packs if p.instrument(instrument_id))
        return next(found, "")

    def find_asked(self, instrument_id: str, edition: str) -> Instrument | None:
        """Return the instrument if it is asked in this very edition.

        A form that was filled in of another edition may have asked something else.
        """
        found = self.find(instrument_id)
        return found if edition == self.edition(instrument_id) else None

    def find_filled(self, instrument_id: str, edition: str) -> Instrument | None:
        """Return what was filled in of this edition, whether it is asked still or not."""
        asked = self.find_asked(instrument_id, edition)
        if asked is not None:
            return asked
        packs = (p for p in (*self.packs, *self.former) if p.edition == edition)
        return next((p.instrument(instrument_id) for p in packs), None)

    def load(self, instrument_id: str) -> Instrument:
        """Return the instrument of this id.

        Raises
        ------
        InstrumentError
            If none is known; the message gives the ids that are.
        """
        found = self.find(instrument_id)
        if found is None:
            known = ", ".join(self.names())
            raise InstrumentError(f"instrument must be one of {known}.")
        return found

    def check_answer(
        self, instrument_id: str, seat: Seat, item_id: str, value: float | None
    ) -> None:
        """Refuse an answer that its instrument does not take.

        As :func:`duologue.instruments.check_answer`, for all that are known here.
        """
        check_answer_of(self.load(instrument_id), seat, item_id, value)

    def extend(self, prompts: Prompts) -> Prompts:
        """Return what a pair is asked, with the forms of the packs that its client may fill in.

        They are the client's own outcome measures, which both people see (E1): a form
        that both fill in, or that is about the two of them, is none. Nor is one that no
        page can ask: without its words, or with items that have no answers to choose
        from. Where the client is asked for no form at all, nothing is added.
        """
        if not prompts.outcomes:
            return prompts
        more = {one.id for pack in self.packs for one in pack.instruments if _asks(one)}
        return replace(prompts, outcomes=prompts.outcomes | more)


SHIPPED = Known()
"""What is known where no pack was added."""


def _asks(one: Instrument) -> bool:
    """Whether it is a client's outcome measure that can be filled in on a page."""
    return (
        one.answered_by == (Seat.CLIENT,)
        and one.about is not About.RELATIONSHIP
        and one.has_text(Seat.CLIENT)
        and all(item.options.get(Seat.CLIENT) for item in one.items)
    )
