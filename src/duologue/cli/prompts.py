"""What the two are asked after a session, item by item, for whoever keeps the files."""

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.table import Table

from duologue.records import (
    Item,
    ItemType,
    Kind,
    Prompts,
    Rotation,
    Seat,
    Visibility,
)

TYPES = {
    ItemType.SCALE: "a number in {low:g} to {high:g}",
    ItemType.BIPOLAR: "a number in {low:g} to {high:g}; neither end is the good one",
    ItemType.CHOICE: "one of the options",
    ItemType.CHIPS: "any of the options, joined by | in a file",
    ItemType.TEXT: "at most {most} characters, never analysed",
}
"""What an answer is, in words."""

TIMES = {
    Rotation.CORE: "core: after every session",
    Rotation.ROTATING: "rotating: after {turns} of every {n} sessions",
    Rotation.OPTIONAL: "optional: offered, never counted as missing",
}
"""When an item is asked, in words."""

SEEN_BY = {
    Visibility.PAIR_IF_BOTH: (
        "whoever answered; both, once both answered and opened it"
    ),
    Visibility.AUTHOR_ONLY: "whoever answered, and never the other",
    Visibility.AUTHOR_ONLY_UNLESS_BOTH: (
        "whoever answered; both only if both answered and switched on sharing of it"
    ),
}
"""Who may see an answer, in words."""


def show_prompts(prompts: Prompts, kind: Kind, console: Console) -> None:
    """Print the prompts of a kind of pair: each item with all that a file may hold."""
    console.print(f"{prompts.id} {prompts.version}, after a session of {kind.value}")
    console.print(_grid([("licence", prompts.licence), ("status", prompts.status)]))
    console.print(
        "\nIn a file: the first word of each item is its id, client and therapist are "
        "the seats, and a word before = is the id of an option."
    )
    for item in prompts.items:
        console.print(f"\n{item.id}  ({item.type.value})")
        console.print(_grid(_facts(item, prompts, kind)))


def _grid(facts: Iterable[tuple[str, str]]) -> Table:
    grid = Table.grid(padding=(0, 2))
    for name, words in facts:
        grid.add_row(f"  {name}", words)
    return grid


def _facts(item: Item, prompts: Prompts, kind: Kind) -> Iterator[tuple[str, str]]:
    """Yield what there is to know of an item, both seats in the same number of rows."""
    yield (
        "answer",
        TYPES[item.type].format(low=item.low, high=item.high, most=item.max_characters),
    )
    yield (
        "asked",
        TIMES[item.rotation].format(
            turns=prompts.rotation.count(item.id), n=len(prompts.rotation)
        ),
    )
    yield "seen by", SEEN_BY[item.visibility]
    for seat in Seat:
        yield _called(seat, kind), "\n".join(_put_to(item, seat))


def _called(seat: Seat, kind: Kind) -> str:
    """Name a seat as a file does, and as such a pair does where that is different."""
    called = seat.called(kind)
    return seat.value if called == seat.value else f"{seat.value} ({called})"


def _put_to(item: Item, seat: Seat) -> Iterator[str]:
    """Yield the wording for a seat, its ends, and its options."""
    yield item.text[seat]
    if seat in item.ends:
        low, high = item.ends[seat]
        yield f"{item.low:g} = {low}; {item.high:g} = {high}"
    for option in item.options.get(seat, ()):
        declines = " (counts as no answer)" if option.id in item.declines else ""
        yield f"{option.id} = {option.label}{declines}"
    if item.flip is seat:
        yield "(turned round before the two are compared)"
