"""What ``duologue words`` says in words: of one session, of several, and of partners."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from duologue.corpus.words import SessionWords
from duologue.corpus.words_figures import turn_number
from duologue.corpus.words_partners import AgainstPartners
from duologue.engine.exchanging import Exchanged
from duologue.engine.matching.excess import FEWEST_PAIRS, Excess
from duologue.engine.turns.reasons import Reason
from duologue.engine.wording.lists import Sign
from duologue.records import LONG_S, SEATS, Noticed, Passage, Response, Spoken, Timed
from duologue.relationship.literal import SIGNS
from duologue.relationship.moving import BEYOND, clock
from duologue.relationship.talk import BEYOND_Z, WHY_NOT
from duologue.relationship.wording import counted as counted_of

LIMITS = (
    "Counted, not scored: what is listed stands in the words, and what it means is for the "
    "two to say. Nothing here tells trust, depth or what was held back."
)

CHANCE = (
    "Chance is the turns just before, in random order. Where the order means nothing, 1 "
    "session in 40 is beyond it for each of the two; topics that drift do so too, without "
    "anybody answering. More is not better."
)

FOLLOWS = (
    "Following is words in common with the turn before, above what the same turns in random "
    f"order have, of sessions with {FEWEST_PAIRS} pairs or more: 0 is chance. Topics that "
    "drift raise it too, without anybody answering, and longer sessions have more of it. "
    "More is not better."
)

OTHER_THINGS = (
    "Other sessions are about other things, so that real partners have more words in "
    "common is no sign that anybody follows. Three comparisons, none corrected."
)

NOT_ENGLISH = (
    "Few of the words are English function words. What is counted by lists, and passages, "
    "are of English, and are not told."
)

Row = tuple[str, ...]
COUNTED_HEAD = ("in the words (in 100 words of each)", "client", "therapist")


def words(one: SessionWords) -> list[str]:
    """Tell of one session, a sentence or two a line."""
    spoken = one.spoken
    notes = [f"Of the file: {note}" for note in spoken.notes]
    if not spoken.is_of_both:
        return ["Nothing is said of the two: it takes words by both.", *notes]
    lines = [_talk(spoken), _turns(spoken), *_thirds(spoken), *_pauses(spoken)]
    lines += _following(one)
    if not one.is_english:
        lines.append(NOT_ENGLISH)
    return [*lines, *notes]


def counted(one: SessionWords) -> list[Row]:
    """Return a row for each list: how often by each, and in a hundred words of each."""
    if not (one.is_english and one.spoken.is_of_both):
        return []
    rows = []
    for sign, client, therapist in one.spoken.wording:
        counts = (client, therapist)
        cells = [str(n) for n in counts]
        if sign != Sign.OPENINGS:  # these are of turns, not of words
            rates = one.per_100_words(counts)
            cells = [f"{n} ({r:.1f})" for n, r in zip(counts, rates, strict=True)]
        rows.append((SIGNS[sign], *cells))
    return rows


def passages(one: SessionWords) -> tuple[tuple[Passage, ...], ...]:
    """Return the passages that may be told; a turn found by two signs is one."""
    if not (one.is_english and one.spoken.is_of_both):
        return ()
    by_turn = groupby(one.spoken.passages, attrgetter("stretch"))
    return tuple(tuple(found) for _, found in by_turn)


def pointer(spoken: Spoken, found: Sequence[Passage]) -> str:
    """Say where a passage stands, and who speaks."""
    stretch = found[0].stretch
    start_s = spoken.stretches[stretch].start_s
    turn = f"turn {turn_number(spoken, stretch)}, the {found[0].seat}"
    return turn if start_s is None else f"{clock(start_s)}, {turn}"


def passage(found: Sequence[Passage]) -> str:
    """Say by which literal signs it was found, and what came next, in counts."""
    what = " and ".join(map(_sign, found))
    if not found[0].replies:
        return what
    said = ", ".join(str(reply.n_words) for reply in found[0].replies)
    unit = "word" if said == "1" else "words"
    return f"{what}; then the {found[0].seat.other}: {said} {unit}"


def _sign(each: Passage) -> str:
    if each.kind is Noticed.HERE_AND_NOW:
        return f"here-and-now wording ({each.n_here_and_now})"
    return f"more “I” words than their usual here ({each.i_words} of {each.n_words})"


def over_sessions(found: Sequence[SessionWords]) -> list[Row]:
    """Return a row a session: the client's share of words; words in common, if told."""
    return [
        (
            share(one),
            *(f"{of.excess_loo:+.3f}" if is_told(of) else "" for of in one.lexical),
        )
        for one in found
    ]


def share(one: SessionWords) -> str:
    """Return the client's share of the words; blank where only one of the two speaks."""
    client, therapist = one.spoken.n_words
    return f"{client / (client + therapist):.0%}" if one.spoken.is_of_both else ""


def is_told(of: Excess) -> bool:
    """Whether something may be said of one session in one direction."""
    return of.enough and not math.isnan(of.z)


def partners_in_words(found: AgainstPartners) -> list[str]:
    """Say whether real partners are more alike than exchanged ones."""
    return [
        _partners("words in common, the client second", found.client_follows),
        _partners("words in common, the therapist second", found.therapist_follows),
        _partners("function words (LSM)", found.style),
        OTHER_THINGS,
    ]


def _partners(what: str, found: Exchanged) -> str:
    if math.isnan(found.p):
        return f"Partners, {what}: too little is there to compare them."
    left = f", {found.n_left_out} pairs left out" if found.n_left_out else ""
    both = (
        f"Partners, {what}: {found.real:.3f} in {found.n_pairs} real pairs, "
        f"{found.mismatched:.3f} in exchanged ones (p = {found.p:.4f}{left})."
    )
    if found.p > BEYOND:
        return f"{both} That does not tell real partners from exchanged ones."
    return f"{both} As a group, real partners are more alike."


def _talk(spoken: Spoken) -> str:
    client, therapist = spoken.n_words
    total = client + therapist
    told = (
        f"Talk: the client {counted_of(client, 'word')} ({client / total:.0%}), the therapist "
        f"{therapist:,} ({therapist / total:.0%})"
    )
    if spoken.seconds is None or not sum(spoken.seconds):
        return f"{told}."
    in_time = [each / sum(spoken.seconds) for each in spoken.seconds]
    return f"{told}; of the time spoken {in_time[0]:.0%} and {in_time[1]:.0%}."


def _turns(spoken: Spoken) -> str:
    (client, therapist), (words, others) = spoken.n_turns, spoken.n_words
    asked, others_asked = spoken.n_question_turns
    return (
        f"Turns: the client {_of_length(client, words)}, {asked} with a question mark; "
        f"the therapist {_of_length(therapist, others)}, {others_asked} with one."
    )


def _thirds(spoken: Spoken) -> list[str]:
    """Tell the three parts of the session, where somebody speaks in each of them."""
    if not all(sum(part.n_words) for part in spoken.thirds):
        return []
    shares = [f"{part.n_words[0] / sum(part.n_words):.0%}" for part in spoken.thirds]
    turns = [str(sum(part.n_turns)) for part in spoken.thirds]
    asking = [str(sum(part.n_question_turns)) for part in spoken.thirds]
    return [
        (
            f"By thirds: the client {', '.join(shares)} of the words; {', '.join(turns)} turns "
            f"of both, {', '.join(asking)} of them with a question mark."
        )
    ]


def _of_length(n_turns: int, n_words: int) -> str:
    """Say how many turns, and how long; all may have been said inside the other's."""
    return f"{n_turns} of {n_words / n_turns:.0f} words on average" if n_turns else "0"


def _pauses(spoken: Spoken) -> list[str]:
    timed = spoken.timed
    if timed is None:
        reason = WHY_NOT[spoken.not_timed or Reason.NO_ENDS]
        return [f"Pauses: nothing is said of them, since {reason}."]
    return [_silences(timed), _responses(timed)]


def _silences(timed: Timed) -> str:
    n = len(timed.silences)
    if not n:
        return "Pauses: no silence of 1 s or more."
    long = sum(s.end_s - s.start_s >= LONG_S for s in timed.silences)
    between = Counter((s.before, s.after) for s in timed.silences)
    by = ", ".join(
        f"{before} to {after} {between[before, after]}"
        for before in SEATS
        for after in SEATS
    )
    return (
        f"Pauses: {counted_of(n, 'silence')} of 1 s or more, {long} of 3 s or more, the "
        f"longest of {timed.longest_s or 0:.1f} s. By who spoke before and after: {by}."
    )


def _responses(timed: Timed) -> str:
    client, therapist = (_response(one) for one in timed.responses)
    aside, others_aside = timed.n_backchannels
    return (
        f"Taking over: the client {client}; the therapist {therapist}. “Mm hm” and the like "
        f"while the other kept the turn: the client {aside}, the therapist {others_aside}."
    )


def _response(one: Response) -> str:
    before = f"{one.n_overlaps} of {one.n_changes} times before the other had ended"
    if one.latency_s is None:
        return before
    return f"after {one.latency_s[1]:.1f} s (median), and {before}"


def _following(one: SessionWords) -> list[str]:
    lines = list(_one_following("Words in common with the turn before", one.lexical))
    if one.meaning is not None:
        lines += _one_following("Meaning, as the model places it", one.meaning)
    return [*lines, CHANCE] if any(map(is_told, one.lexical)) else lines


def _one_following(what: str, found: tuple[Excess, Excess]) -> Iterator[str]:
    if any(of.enough for of in found) and not any(map(is_told, found)):
        yield f"{what}: nothing is said, since all pairs of turns have alike much."
        return
    if not any(map(is_told, found)):
        client, therapist = (of.n_pairs for of in found)
        yield (
            f"{what}: nothing is said, since that takes {FEWEST_PAIRS} pairs of turns, "
            f"both of 3 words or more; {client} have the client second, {therapist} the "
            "therapist."
        )
        return
    for seat, of in zip(SEATS, found, strict=True):
        if is_told(of):
            yield f"{what}: the {seat}'s turns {_excess(of)}."
        else:
            yield f"{what}: too few pairs have the {seat} second ({of.n_pairs})."


def _excess(of: Excess) -> str:
    how = "beyond chance" if of.z > BEYOND_Z else "not told from chance"
    return (
        f"{of.excess_loo:+.3f}, {how} (z = {of.z:.1f}; 95 % interval {of.lower:+.3f} to "
        f"{of.upper:+.3f}; {of.n_pairs} pairs)"
    )
