"""The agreement of a pair: what is in force, what was, and what is proposed.

All of it is both people's, and looks the same to each but for what each may do with it.
"""

from dataclasses import dataclass
from datetime import date

from duologue.records import Seat, Terms
from duologue.store.models import Agreement, Dyad
from duologue.store.queries.pairs import Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version, or one proposal, as both see it.

    Attributes
    ----------
    ref : str
        Its name in forms.
    number : int or None
        Of the version, ``None`` while it is not agreed.
    terms : Terms
        What it says.
    proposed_by : Seat or None
        Who proposed it; ``None`` for what was agreed before there were proposals.
    proposed_on, client_accepted_on, therapist_accepted_on, set_aside_on : date or None
        On which days.
    """

    ref: str
    number: int | None
    terms: Terms
    proposed_by: Seat | None
    proposed_on: date
    client_accepted_on: date | None
    therapist_accepted_on: date | None
    set_aside_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What is in force, what waits for one of the two, and all others, newest first."""

    in_force: Version | None
    proposal: Version | None
    earlier: tuple[Version, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreeing:
    """How far the two are: whether anything is agreed, and whose proposal waits."""

    agreed: bool
    proposed_by: Seat | None


def agreed(pair: Pair) -> Agreed:
    """Return the agreement of the pair, with its history."""
    rows = Agreement.objects.filter(dyad=pair.id).select_related(*Agreement.UP_TO_PAIR)
    versions = [_version(row) for row in rows]
    numbered = [v for v in versions if v.number is not None]
    in_force = max(numbered, key=lambda v: v.number or 0, default=None)
    proposal = next((v for v in versions if _waits(v)), None)
    return Agreed(
        in_force=in_force,
        proposal=proposal,
        earlier=tuple(v for v in reversed(versions) if v not in (in_force, proposal)),
    )


def own_words(pair: Pair) -> Terms | None:
    """Return the words that a therapist proposed to somebody before, for their own form.

    Those are the newest first version, at this practice and for the same kind of work,
    that this therapist proposed and the other accepted. A first version holds no words of
    the other's: whoever changes an agreement begins with what holds, and may carry on
    what the other wrote. ``None`` where there are none, and for whoever sits in the
    client's seat: nobody is given the words of a pair that is not theirs.
    """
    if pair.seat is not Seat.THERAPIST:
        return None
    of_this = Dyad.objects.filter(pk=pair.id)
    rows = Agreement.objects.filter(
        dyad__therapist__in=of_this.values("therapist"),
        dyad__practice__in=of_this.values("practice"),
        dyad__kind=pair.kind,
        version=1,
        proposed_by=Seat.THERAPIST,
    ).exclude(dyad=pair.id)
    newest = rows.select_related(*Agreement.UP_TO_PAIR).order_by("-pk").first()
    return None if newest is None else newest.as_terms()


def agreeing(pair: Pair) -> Agreeing:
    """Return how far the two of a pair are, without what they say."""
    rows = Agreement.objects.filter(dyad=pair.id, set_aside_on=None)
    found = list(rows.values_list("version", "proposed_by"))
    proposed = [by for version, by in found if version is None]
    return Agreeing(
        agreed=len(proposed) < len(found),
        proposed_by=Seat(proposed[0]) if proposed else None,
    )


def _version(row: Agreement) -> Version:
    return Version(
        ref=row.ref,
        number=row.version,
        terms=row.as_terms(),
        proposed_by=Seat(row.proposed_by) if row.proposed_by else None,
        proposed_on=row.proposed_on,
        client_accepted_on=row.client_accepted_on,
        therapist_accepted_on=row.therapist_accepted_on,
        set_aside_on=row.set_aside_on,
    )


def _waits(version: Version) -> bool:
    return version.number is None and version.set_aside_on is None
