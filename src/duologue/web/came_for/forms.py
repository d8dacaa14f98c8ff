"""From goals and published forms to what is put on a page, and back."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django import forms
from django.http import QueryDict

from duologue import instruments
from duologue.errors import NotNowError
from duologue.instruments import Instrument, Known
from duologue.records import Item, Seat
from duologue.records.measure import GOAL_ENDS
from duologue.sharing.outcomes import RHYTHMS
from duologue.store import actions, queries
from duologue.store.models.goal import LONGEST_GOAL
from duologue.store.queries import FormSeen, GoalSeen
from duologue.web.proposals import Act

ANSWERS: dict[str, Act] = {
    "accept": actions.accept_goal,
    "set_aside": actions.set_goal_aside,
    "take_back": actions.take_goal_back,
}
STEPS = tuple(range(GOAL_ENDS[0], GOAL_ENDS[1] + 1))
"""What a goal can be rated."""

STEPS_WRITTEN = {str(step) for step in STEPS}


class GoalForm(forms.Form):
    """What is proposed: words for a goal, or that it rests."""

    goal = forms.CharField(required=False)
    words = forms.CharField(required=False, max_length=LONGEST_GOAL)
    rests = forms.BooleanField(required=False)

    def read(self) -> tuple[str, str, bool]:
        """Return the goal (blank for a new one), its words, and whether it is to rest.

        Raises
        ------
        NotNowError
            If the words are too long.
        """
        if not self.is_valid():
            raise NotNowError(f"a goal takes 1 to {LONGEST_GOAL} characters.")
        found = self.cleaned_data
        return found["goal"], found["words"], found["rests"]


def read_ratings(posted: QueryDict) -> tuple[int, dict[str, float | None]]:
    """Return the session, and what each goal that was touched is rated after it.

    Raises
    ------
    NotNowError
        If something is none of what can be given.
    """
    found: dict[str, float | None] = {}
    for name, given in posted.items():
        kind, _, goal = name.partition("goal-")
        if kind or not goal or str(given) == posted.get(f"was-{goal}", ""):
            continue
        if given and given not in STEPS_WRITTEN:
            raise NotNowError("each goal is rated 0 to 10, or left blank.")
        found[goal] = float(str(given)) if given else None
    return _whole(posted.get("session", "")), found


def read_answers(instrument: Instrument, posted: QueryDict) -> dict[str, float | None]:
    """Return what was answered to each item; a blank is ``None``.

    Raises
    ------
    NotNowError
        If something is none of the answers that the form offers.
    """
    found: dict[str, float | None] = {}
    for item in instrument.items:
        given = posted.get(f"item-{item.id}", "")
        worths = {f"{o.value:g}": o.value for o in item.options[Seat.CLIENT]}
        if given and given not in worths:
            raise NotNowError("each is one of the answers offered, or blank.")
        found[item.id] = worths.get(given)
    return found


def read_rhythm(posted: QueryDict) -> int | None:
    """Return after how many days a form is to be asked for, ``None`` for never.

    Raises
    ------
    NotNowError
        If it is no number.
    """
    given = posted.get("every", "")
    return None if given == "never" else _whole(given)


def _whole(given: str) -> int:
    if not (given.isascii() and given.isdigit() and len(given) < 8):
        raise NotNowError("that is none of the answers that can be given here.")
    return int(given)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """A goal as it is put to the client after a session."""

    ref: str
    words: str
    was: str
    steps: tuple[tuple[str, bool], ...]


def to_rate(goals: tuple[GoalSeen, ...], session: int) -> list[Rated]:
    """Return the goals that hold, with how they were rated after this session so far."""
    found = []
    for goal in goals:
        rated = goal.rated_after(session)
        was = "" if rated is None else f"{rated:g}"
        found.append(
            Rated(
                ref=goal.ref,
                words="" if goal.holds is None else goal.holds.words,
                was=was,
                steps=tuple((str(step), str(step) == was) for step in STEPS),
            )
        )
    return found


ITEMS_A_MINUTE = 12
"""About five seconds a question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A form that can be filled in, and how long that takes, in words."""

    id: str
    name: str
    takes: str


def offered(instrument: Instrument) -> Offered:
    """Return a form as it stands in a list."""
    n = len(instrument.items)
    minutes = -(-n // ITEMS_A_MINUTE)
    time = "under a minute" if minutes == 1 else f"about {minutes} minutes"
    recall = f", about {instrument.recall}" if instrument.recall else ""
    questions = "1 question" if n == 1 else f"{n} questions"
    takes = f"{questions}, {time}{recall}"
    return Offered(id=instrument.id, name=instrument.name, takes=takes)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAsked:
    """One item of a form: its words, its answers, and whether it is shown unaltered.

    ``choices`` are the worth of each answer, its label, whether it was chosen, and whether
    it is above the least; ``above`` says whether one of those was chosen.
    """

    id: str
    text: str
    choices: tuple[tuple[str, str, bool, bool], ...]
    unaltered: bool
    above: bool


def items_asked(
    instrument: Instrument, answers: Mapping[str, float | None]
) -> list[ItemAsked]:
    """Return the items of a form in its own words, with what was answered so far."""
    return [
        ItemAsked(
            id=item.id,
            text=item.text[Seat.CLIENT],
            choices=tuple(
                (
                    f"{o.value:g}",
                    o.label,
                    answers.get(item.id) == o.value,
                    _is_above(item, o.value),
                )
                for o in item.options[Seat.CLIENT]
            ),
            unaltered=item.id in instrument.shown_unaltered,
            above=_is_above(item, answers.get(item.id)),
        )
        for item in instrument.items
    ]


def _is_above(item: Item, value: float | None) -> bool:
    return value is not None and item.is_above_least(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A form that was filled in, as both see it.

    Attributes
    ----------
    id, name : str
        Of its instrument; of one that is not known any more the id alone.
    day : datetime.date
        When.
    total, highest : str
        What it adds up to, and the most there can be; blank where too much is.
    answers : tuple of (str, str)
        Each item with its answer as it was given; a blank has none.
    unaltered : tuple of (str, str)
        Those of them that are never shown only within a total, where they are above the
        least.
    source, credit : str
        Whose words they are; and the line that their holder asks for, where one is.
    """

    id: str
    name: str
    day: date
    total: str
    highest: str
    answers: tuple[tuple[str, str], ...]
    unaltered: tuple[tuple[str, str], ...]
    source: str
    credit: str = ""


def filled(form: FormSeen, at: Known) -> Filled:
    """Return a form in its own words, as far as they are known there."""
    above = {item for item, is_above in queries.as_given(form, at).items() if is_above}
    instrument = at.find_asked(form.instrument, form.edition)
    if instrument is None:
        plain = tuple((item, f"{value:g}") for item, value in form.answers.items())
        return Filled(
            id=form.instrument,
            name=form.instrument,
            day=form.day,
            total="",
            highest="",
            answers=plain,
            unaltered=_told_plainly(form, at, above),
            source="",
        )
    known = {i: form.answers[i] for i in instrument.item_ids if i in form.answers}
    total = instruments.score(instrument, known).total
    return Filled(
        id=instrument.id,
        name=instrument.name,
        day=form.day,
        total="" if total is None else f"{total:g}",
        highest=f"{instrument.range[1]:g}",
        answers=tuple(
            (item.text[Seat.CLIENT], _label(item, known)) for item in instrument.items
        ),
        unaltered=tuple(
            (item.text[Seat.CLIENT], _label(item, known))
            for item in instrument.items
            if item.id in above
        ),
        source=source_of(instrument),
        credit=instrument.credit,
    )


def _told_plainly(
    form: FormSeen, at: Known, above: Collection[str]
) -> tuple[tuple[str, str], ...]:
    """Say of answers that are shown as given what can be said without the form's words."""
    was = at.find_filled(form.instrument, form.edition)
    told = []
    for name in above:
        item = was.item(name) if was else None
        value = f"{form.answers[name]:g}"
        if item is None:
            told.append((name, value))
        else:
            bounds = f"of {item.low:g} to {item.high:g}"
            told.append(("An answer on dying or harm", f"{value}, {bounds}"))
    return tuple(told)


def source_of(instrument: Instrument) -> str:
    """Return whose words a form's are: it stands wherever they do."""
    of = f"{instrument.citation} Licence: {instrument.licence}."
    return f"{of} {instrument.credit}".rstrip()


def rhythms(
    rhythm: Mapping[str, int | None], at: Known
) -> list[tuple[Instrument, list[tuple[str, str, bool]]]]:
    """Return how often each form can be asked for, and which of that is chosen."""
    return [
        (
            at.load(name),
            [
                *(
                    (str(days), f"every {days // 7} weeks", days == every)
                    for days in RHYTHMS
                ),
                ("never", "not at all", every is None),
            ],
        )
        for name, every in rhythm.items()
    ]


def _label(item: Item, answers: Mapping[str, float]) -> str:
    value = answers.get(item.id)
    if value is None:
        return ""
    options = item.options[Seat.CLIENT]
    return next((o.label for o in options if o.value == value), f"{value:g}")
