"""Turn-taking by the rules, one after the other, in plain Python and whole ticks.

Slow and obviously right: what `duologue.engine.turns` is compared with. A tick is a
tenth of a second; a row is (seat, start, end, acknowledges, ends_asking).
"""

NEAR = JOINED = 2
SHORT = 10
TURN, BACKCHANNEL, INSIDE = "turn", "backchannel", "inside"


class Stretch:
    """One joined stretch of one speaker, and the numbers of its rows."""

    def __init__(self, number, row):
        self.numbers = [number]
        self.seat, self.start, self.end, self.acknowledges, _ = row

    def take(self, number, row):
        """Join one more row."""
        self.numbers.append(number)
        self.end = max(self.end, row[2])
        self.acknowledges = self.acknowledges and row[3]


def stretches_of(rows):
    """Join rows of one speaker that lie closer than two ticks."""
    joined, open_one = [], {}
    for number in sorted(range(len(rows)), key=lambda n: rows[n][1]):
        row = rows[number]
        last = open_one.get(row[0])
        if last is not None and row[1] - last.end < JOINED:
            last.take(number, row)
        else:
            open_one[row[0]] = Stretch(number, row)
            joined.append(open_one[row[0]])
    return joined


def _answers(rows, stretch):
    order = sorted(range(len(rows)), key=lambda n: rows[n][1])
    place = order.index(stretch.numbers[0])
    before = [rows[n] for n in order[:place] if rows[n][0] != stretch.seat]
    own_end = rows[stretch.numbers[0]][2]
    return bool(before) and before[-1][4] and before[-1][2] <= own_end


def kinds_of(rows, *, by_length):
    """Say of each stretch what it does."""
    joined = stretches_of(rows)
    kinds = {}
    for place in reversed(range(len(joined))):
        one = joined[place]
        others = [o for o in joined if o.seat != one.seat]
        reached = [o.end for o in joined[:place] if o.seat != one.seat]
        if by_length:
            may_be = one.end - one.start <= SHORT
        else:
            may_be = one.acknowledges and not _answers(rows, one)
        near = any(one.start < end + NEAR for end in reached)
        goes_on = any(end >= one.end for end in reached)
        after = joined[place + 1] if place + 1 < len(joined) else None
        followed = after is not None and (
            after.seat != one.seat or kinds[place + 1] == BACKCHANNEL
        )
        if may_be and near and (goes_on or followed):
            kinds[place] = BACKCHANNEL
        elif any(
            o.start <= one.start < o.end
            and one.end <= o.end
            and one.end - one.start < o.end - o.start
            for o in others
        ):
            kinds[place] = INSIDE
        else:
            kinds[place] = TURN
    return [(one, kinds[place]) for place, one in enumerate(joined)]


def turns_of(rows, *, by_length):
    """Return (seat, start, end) of each turn."""
    turns = []
    for one, kind in kinds_of(rows, by_length=by_length):
        if kind != TURN:
            continue
        if turns and turns[-1][0] == one.seat:
            turns[-1] = (one.seat, turns[-1][1], one.end)
        else:
            turns.append((one.seat, one.start, one.end))
    return turns


def ticks_of(rows, seat):
    """Return the ticks in which a seat speaks."""
    return {
        tick
        for one in stretches_of(rows)
        if one.seat == seat
        for tick in range(one.start, one.end)
    }


def silences_of(rows):
    """Return (start, end, who ended, who begins) of each run of ticks with nobody."""
    spoken = ticks_of(rows, 0) | ticks_of(rows, 1)
    found, begun = [], None
    for tick in range(min(spoken), max(spoken) + 1):
        if tick in spoken and begun is not None:
            ended = {o.seat for o in stretches_of(rows) if o.end == begun}
            begins = {o.seat for o in stretches_of(rows) if o.start == tick}
            found.append((begun, tick, ended, begins))
            begun = None
        elif tick not in spoken and begun is None:
            begun = tick
    return found
