"""From how the client would like to work to a form, and back."""

from django.http import QueryDict

from duologue.errors import NotNowError
from duologue.records import Seat
from duologue.sharing import PREFERENCES, Standing
from duologue.store.queries import ItemSeen, PreferencesSeen
from duologue.web.reflect.form import Question, question_of


def questions(seen: PreferencesSeen) -> list[Question]:
    """Return what the client is asked, with what they have answered so far."""
    answered = {item.id: value for item, value in seen.values}
    return [
        question_of(
            ItemSeen(
                item=item,
                mine=answered.get(item.id),
                theirs=None,
                standing=Standing.SEALED,
                taken_back=False,
                thoughts=(),
            ),
            Seat.CLIENT,
        )
        for item in PREFERENCES
    ]


def read(posted: QueryDict) -> dict[str, float | None]:
    """Return what was touched: a number, or a blank where it was left blank on purpose.

    Raises
    ------
    NotNowError
        If something is neither.
    """
    found: dict[str, float | None] = {}
    for item in PREFERENCES:
        given = posted.get(item.id)
        if given is None or given == posted.get(f"was-{item.id}", ""):
            continue
        try:
            found[item.id] = float(given) if given else None
        except ValueError:
            raise NotNowError("each is a place on its line, or blank.") from None
    return found
