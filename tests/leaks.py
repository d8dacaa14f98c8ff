"""Leaks to plant: each is a mistake that somebody could make, and the test that sees it.

The page docs/security.md shows the table; a test keeps the two alike.
"""

import dataclasses
import logging
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from importlib import import_module
from itertools import chain as chain_of

from django.conf import settings
from django.contrib.sessions.models import Session as Visit
from django.db import transaction
from django.db.models import F, Q

import hidden
from app import (
    test_agreement,
    test_both_seats,
    test_fields,
    test_frame,
    test_matrix,
    test_noninterference,
    test_noting,
    test_paper,
    test_reach,
    test_recordings,
    test_reminders,
    test_side_channels,
    test_signing_in,
    test_transcripts,
)
from duologue import instruments
from duologue.errors import NotYoursError
from duologue.formats.ics import reader as ics_reader
from duologue.records import Kind
from duologue.sharing import opening
from duologue.sharing import seen as seen_module
from duologue.store import actions, chain, queries
from duologue.store.actions import changing, inviting, rooms
from duologue.store.actions import opening as opening_actions
from duologue.store.actions import transcripts as transcript_actions
from duologue.store.models import (
    Agreement,
    Answer,
    Consent,
    Dyad,
    HereAndNow,
    Invitation,
    Person,
    Practice,
    PrivatePage,
    Reflection,
    Room,
    Transcript,
)
from duologue.store.models.transcript import marks_in
from duologue.store.queries import pairs
from duologue.web import access, middleware, readings, shown
from duologue.web.account import adapters as account_adapters
from duologue.web.account import visits as account_visits
from duologue.web.came_for import views as came_for_views
from duologue.web.reach import views as reach_views
from duologue.web.recordings import views as recording_views
from duologue.web.reflect import views as reflect_views
from duologue.web.reminder import note
from duologue.web.room import views as room_views
from duologue.web.together import views as together_views
from duologue.web.transcripts import held as transcript_held
from duologue.web.transcripts import views as transcript_views
from signing_in import with_app
from visitors import few, likely_first, looking_at, sending

# Packages name functions like these two modules, and show the functions.
seen_queries = import_module("duologue.store.queries.seen")
private_queries = import_module("duologue.store.queries.private")
contact_queries = import_module("duologue.store.queries.contacts")
today_queries = import_module("duologue.store.queries.today")
agreement_queries = import_module("duologue.store.queries.agreements")
consent_queries = import_module("duologue.store.queries.consents")
consent_rows = import_module("duologue.store.models.consent")
preference_queries = import_module("duologue.store.queries.preferences")
outcome_queries = import_module("duologue.store.queries.outcomes")

LEAKS = []


@dataclass(frozen=True)
class Leak:
    """A mistake, how it is made, and the test that must see it."""

    name: str
    plant: object
    caught_by: str
    check: object


def leak(name, caught_by, check):
    """Add a leak to the list; what is decorated plants it."""

    def add(plant):
        LEAKS.append(Leak(name, plant, caught_by, check))
        return plant

    return add


# The tests that see them ---------------------------------------------------------

HIDDEN = "test_what_one_keeps_back_changes_nothing_for_the_other"
OUTSIDE = "test_nothing_of_a_pair_reaches_anybody_else"
COST = "test_what_one_keeps_back_costs_the_other_no_more_and_no_less"
REACHED = "test_one_sees_on_which_days_the_other_was_shown_how_to_reach_one"
KEPT = "test_a_page_kept_for_one_is_never_served_to_the_other"
ANOTHER = "test_another_pair_of_the_same_therapist_changes_nothing"
COLD = "test_a_hidden_write_leaves_the_others_page_warm"
WARM = "test_a_page_costs_the_same_whether_or_not_the_other_has_looked"
LOGS = "test_nothing_is_logged_of_what_anybody_writes_or_looks_at"
READS = "test_looking_changes_nothing_in_the_store_but_the_chain"
OF_READS = ("world", "visitors", "monkeypatch", "caplog")
NOTED = "test_whatever_shows_what_the_other_has_opened_is_noted"
VISIBLE = "test_what_opens_to_both_does_change_the_others_pages"
FIELD = "test_a_field_is_seen_by_those_who_may_and_by_nobody_else"
BOTH_SEATS = "test_what_one_keeps_back_in_a_pair_changes_nothing_in_another"
ROUTE = "test_an_address_answers_each_person_as_its_row_says"
ABSENT = "test_what_is_not_ones_own_looks_as_if_it_were_not_there"
DEMO = "test_outside_a_demo_nobody_comes_in_and_a_visit_that_was_begun_ends"
SCHEDULE = "test_no_answer_and_no_tap_of_one_moves_the_question"
TITLE = "test_a_title_is_on_the_page_where_one_chooses_and_nowhere_else"
NO_WAY_IN = "test_the_second_visit_of_somebody_without_a_way_in_leads_nowhere_else"
NEWER = "test_a_newer_code_ends_whoever_came_with_the_earlier_one"
ENDED = "test_an_invitation_that_has_ended_lets_nobody_make_a_way_in"
SEEDS = "test_seeds_lie_sealed"
USED_UP = "test_an_invitation_is_used_up_by_the_first_who_has_a_way_in"
ENDS = "test_a_code_is_of_no_use_once_its_time_is_over"
CALLED = "test_an_invitation_says_what_each_is_called_there_and_nobody_s_account"
NOTE_COMES = "test_it_comes_just_as_well_to_whoever_has_looked_back"
NOTE_SAYS = "test_the_note_says_just_this_and_nothing_of_anybody"
OWN_WORDS = (
    "test_a_therapist_begins_with_their_own_words_and_nobody_with_those_of_another_pair"
)
NO_FILE = "test_before_both_have_said_yes_no_file_is_asked_for"
WORDS_ALONE = "test_the_words_stand_on_the_page_of_their_session_alone"
COLD_MARKS = "test_a_mark_moves_no_page_of_both_and_no_revision_but_the_therapists"
WAITS = "test_what_waits_in_the_form_is_sealed_for_whoever_sent_it"
NO_YES = "test_before_both_have_said_yes_nothing_is_asked_for"
CACHES = "test_every_page_is_kept_out_of_caches_and_under_the_policy"


HANDFUL = 8


def handfuls():
    """Give a few pages, a handful at a time, first those where most leaks are seen."""
    addresses = likely_first(few())
    for start in range(0, len(addresses), HANDFUL):
        yield addresses[start : start + HANDFUL]


def hides(change, hider="client"):
    """Return the check that a hidden change stays hidden.

    Where a few of the pages and answers that it compares differ already, it has failed.
    """

    def check(world, visitors, **_):
        seen = (world, visitors, hider, [change])
        pages = (partial(looking_at, addresses=handful) for handful in handfuls())
        sent = (partial(sending, part=slice(n, None, HANDFUL)) for n in range(HANDFUL))
        for look in chain_of(pages, sent):
            assert test_noninterference.noticed(*seen, look=look) == {}
        test_noninterference.check_hidden(*seen)

    return check


def costs(change, hider="client"):
    """Return the check that a hidden change costs the other nothing.

    Where a few of the pages that it counts differ already, it has failed.
    """

    def check(world, visitors, **_):
        seen = (world, visitors, hider, [change])
        for handful in handfuls():
            test_side_channels.check_costs(*seen, of_pages=handful)
        test_side_channels.check_costs(*seen)

    return check


def field(name, row, seat="client"):
    """Return the check that a field is seen by those who may."""
    case = next(c for c in test_fields.CASES if c[:2] == (name, row))
    return lambda world, visitors, **_: test_fields.check_fields(
        world, visitors, seat, [case]
    )


def route(name):
    """Return the check of one address as everybody."""
    return lambda world, visitors, **_: getattr(test_matrix, ROUTE)(
        world, visitors, name
    )


def looks(name):
    """Return a check of what looking and warm pages tell."""
    return lambda world, visitors, **_: getattr(test_side_channels, name)(
        world, visitors, "client"
    )


def of_fixtures(module, name, *fixtures, more=()):
    """Return a check that takes these of what a test is given."""
    return lambda **given: getattr(module, name)(
        *(given[fixture] for fixture in fixtures), *more
    )


# Small mistakes, made again and again ---------------------------------------------


def other_of(pair):
    """Return the answers of the other, which nobody should look at."""
    return Answer.objects.filter(
        reflection__session__dyad__ref=pair.ref, reflection__seat=pair.seat.other
    )


def _anns(world):
    """Return the pair of Ann as she knows it, whoever asks."""
    return queries.find_pair(world.ann, "ref-of-ann")


def appended(patch, module, words):
    """Let the pages of a module end with words about the pair."""
    render = module.render

    def leaky(request, template, page=None, **more):
        response = render(request, template, page, **more)
        if page and "pair" in page:
            said = words(page["pair"]).encode()
            response.content = response.content.replace(b"</main>", said + b"</main>")
        return response

    patch.setattr(module, "render", leaky)


def with_header(patch, name, value):
    """Let every page carry a header that depends on all that is stored."""
    respond = middleware.KindRefusals.__call__

    def leaky(self, request):
        response = respond(self, request)
        response[name] = value()
        return response

    patch.setattr(middleware.KindRefusals, "__call__", leaky)


def count_of_answers():
    """Return how much has been written by anybody."""
    return str(Answer.objects.count())


def everything_loaded(patch):
    """Load what nobody has opened, too."""
    loadable = seen_queries._loadable

    def leaky(found, *, with_own):
        ids = [pair.id for pair in found]
        return loadable(found, with_own=with_own) | seen_queries.Q(
            reflection__session__dyad__in=ids
        )

    patch.setattr(seen_queries, "_loadable", leaky)


# Redaction ------------------------------------------------------------------------


@leak("sharing forgets to redact", HIDDEN, hides(hidden.answers_afresh))
def _(patch, world):
    everything_loaded(patch)
    patch.setattr(seen_module, "_opened", lambda course: course)


@leak(
    "a mean of both people's answers, hidden ones among them",
    HIDDEN,
    hides(hidden.changes_an_answer),
)
def _(patch, world):
    def mean(pair):
        found = Answer.objects.filter(reflection__session__dyad__ref=pair.ref)
        numbers = [a.number for a in found if a.number is not None]
        return f"<p>{sum(numbers) / len(numbers):.1f}</p>"

    appended(patch, together_views, mean)


@leak("one willing person is enough", HIDDEN, hides(hidden.is_willing_alone))
def _(patch, world):
    everything_loaded(patch)
    patch.setattr(seen_module, "items_open", _open_by_one)


def _open_by_one(prompts, pair):
    shared = {
        a.item for r in pair.values() if r is not None for a in r.answers if a.shared
    }
    held = [{a.item for a in r.answers} for r in pair.values() if r is not None]
    return tuple(i.id for i in prompts.items if i.id in shared & set.union(*held))


@leak(
    "“I would rather not answer” opens like an answer",
    HIDDEN,
    hides(hidden.declines_where_both_are_willing),
)
def _(patch, world):
    prompts_of = instruments.prompts

    def leaky(kind):
        found = prompts_of(kind)
        items = (dataclasses.replace(i, declines=frozenset()) for i in found.items)
        return dataclasses.replace(found, items=tuple(items))

    patch.setattr(instruments, "prompts", leaky)


@leak(
    "what is the author's alone opens like everything else",
    "answer_private_never_opens",
    hides(hidden.says_what_kept_it_unsaid),
)
def _(patch, world):
    everything_loaded(patch)
    patch.setattr(opening, "may_open", lambda item: True)


@leak("sharing what was unsaid reaches back", HIDDEN, hides(hidden.shares_late))
def _(patch, world):
    share = opening_actions.share_unsaid

    def leaky(person, ref, *, on, now):
        share(person, ref, on=on, now=now)
        if not on:
            return
        with changing.changing(person, ref, "willing", now=now) as change:
            own = Answer.objects.filter(reflection__seat=change.seat, item="unsaid")
            own.update(shares=True)

    patch.setattr(actions, "share_unsaid", leaky)


@leak("what was taken back stays open", FIELD, field("Answer.taken_back", "open"))
def _(patch, world):
    def leaky(*, willing, shares, taken_back):
        return willing and shares

    patch.setattr(seen_queries, "is_shared", leaky)


@leak(
    "whoever is no longer willing stays open",
    FIELD,
    field("Reflection.willing", "open"),
)
def _(patch, world):
    patch.setattr(
        seen_queries,
        "is_shared",
        lambda *, willing, shares, taken_back: shares and not taken_back,
    )


# What says that somebody was here --------------------------------------------------


@leak("“they are willing”", HIDDEN, hides(hidden.is_willing_alone))
def _(patch, world):
    def words(pair):
        found = Reflection.objects.filter(seat=pair.seat.other, willing=True)
        return "<p>They are willing.</p>" * found.count()

    appended(patch, together_views, words)


@leak("“they have done theirs” after a skip", HIDDEN, hides(hidden.skips))
def _(patch, world):
    def words(pair):
        found = Reflection.objects.filter(seat=pair.seat.other, finished=True)
        return f"<p>Done: {found.count()}</p>"

    appended(patch, reflect_views, words)


@leak("“last here” from the table of visits", HIDDEN, hides(hidden.comes_in))
def _(patch, world):
    appended(patch, together_views, lambda pair: f"<p>{Visit.objects.count()}</p>")


@leak(
    "a read receipt: looking writes to the store",
    READS,
    of_fixtures(test_side_channels, READS, *OF_READS),
)
def _(patch, world):
    find = access.find_pair

    def leaky(person, ref):
        pair = find(person, ref)
        Dyad.objects.filter(ref=ref).update(code=f"pair-{pair.seat}")
        return pair

    patch.setattr(access, "find_pair", leaky)


@leak(
    "a page shows what the other has opened, and nobody can learn that it did",
    NOTED,
    of_fixtures(test_noting, NOTED, "world", "visitors", "monkeypatch"),
)
def _(patch, world):
    patch.setattr(shown, "note", lambda *_, **__: None)


@leak(
    "the other learns at what time somebody looked, not only the day",
    READS,
    of_fixtures(test_side_channels, READS, *OF_READS),
)
def _(patch, world):
    add = chain.append

    def to_the_minute(what, *, at, **more):
        add(what, at=at + timedelta(hours=19), **more)

    patch.setattr(chain, "append", to_the_minute)


@leak("the other's tap in the room is told", HIDDEN, hides(hidden.taps_where_shown))
def _(patch, world):
    def words(pair):
        tapped = Room.objects.filter(**{f"{pair.seat.other}_tapped": True})
        return "<p>They have tapped.</p>" * tapped.count()

    appended(patch, room_views, words)


@leak("whoever is near sees that a code is shown", HIDDEN, hides(hidden.shows_a_code))
def _(patch, world):
    def words(pair):
        return "<p>A code is shown.</p>" * Room.objects.count()

    appended(patch, room_views, words)


@leak("a card arrives when it is sent", HIDDEN, hides(hidden.sends_a_card))
def _(patch, world):
    patch.setattr(
        today_queries,
        "_card_from_other",
        lambda pair, lately, day: today_queries.Card.objects.filter(
            dyad=pair.id, seat=pair.seat.other
        ).exists(),
    )


@leak(
    "the list of people shows a card before its day",
    HIDDEN,
    hides(hidden.sends_a_card),
)
def _(patch, world):
    for_today = queries.for_today

    def leaky(pairs, *, now):
        sent = {
            pair.id
            for pair in pairs
            for card in today_queries.Card.objects.filter(dyad=pair.id)
            if card.seat == pair.seat.other
        }
        return [
            dataclasses.replace(found, card=pair.id in sent)
            for pair, found in zip(pairs, for_today(pairs, now=now), strict=True)
        ]

    patch.setattr(queries, "for_today", leaky)


@leak(
    "a card leaves a trace when withdrawn",
    HIDDEN,
    hides(hidden.sends_and_withdraws_a_card),
)
def _(patch, world):
    withdraw = actions.withdraw_card

    def leaky(person, ref, *, now):
        withdraw(person, ref, now=now)
        Dyad.objects.filter(ref=ref).update(code="pair-with-something")

    patch.setattr(actions, "withdraw_card", leaky)


@leak(
    "a card that lies there goes when another is sent",
    HIDDEN,
    hides(hidden.sends_another_on_the_day_of_a_card),
)
def _(patch, world):
    send = actions.send_card

    def leaky(person, ref, *, now):
        send(person, ref, now=now)
        today_queries.Card.objects.filter(dyad__ref=ref).update(lies_on=None)

    patch.setattr(actions, "send_card", leaky)


# Order, counts, sizes, names -------------------------------------------------------


@leak(
    "my people, ordered by what others wrote",
    HIDDEN,
    hides(hidden.answers_afresh),
)
def _(patch, world):
    find = queries.pairs_of

    def leaky(person):
        def wrote(pair):
            return other_of(pair).filter(reflection__session__number=3).count()

        return tuple(sorted(find(person), key=wrote))

    patch.setattr(queries, "pairs_of", leaky)


@leak(
    "a page grows by a space for each hidden answer",
    HIDDEN,
    hides(hidden.answers_afresh),
)
def _(patch, world):
    appended(patch, together_views, lambda pair: " " * other_of(pair).count())


@leak("a count in the title", HIDDEN, hides(hidden.answers_afresh))
def _(patch, world):
    render = together_views.render

    def leaky(request, template, page=None, **more):
        response = render(request, template, page, **more)
        n = other_of(page["pair"]).count()
        response.content = response.content.replace(
            b"<title>", f"<title>({n}) ".encode()
        )
        return response

    patch.setattr(together_views, "render", leaky)


@leak("a count in an aria label", HIDDEN, hides(hidden.answers_afresh))
def _(patch, world):
    appended(
        patch,
        room_views,
        lambda pair: f'<p aria-label="{other_of(pair).count()} answers"></p>',
    )


@leak("a field of data in the page for a script", HIDDEN, hides(hidden.answers_afresh))
def _(patch, world):
    appended(
        patch,
        together_views,
        lambda pair: (
            f'<i data-theirs="{Dyad.objects.get(ref=pair.ref).client_revision}">'
        ),
    )


@leak(
    "questions in an order that depends on answers",
    HIDDEN,
    hides(hidden.answers_afresh),
)
def _(patch, world):
    questions_of = reflect_views.questions_of

    def leaky(seen, pair, prompts):
        found = questions_of(seen, pair, prompts)
        turn = other_of(pair).count() % len(found.asked)
        asked = found.asked[turn:] + found.asked[:turn]
        return dataclasses.replace(found, asked=asked)

    patch.setattr(reflect_views, "questions_of", leaky)


@leak(
    "a rotating question chosen by an answer", HIDDEN, hides(hidden.changes_an_answer)
)
def _(patch, world):
    questions_of = reflect_views.questions_of

    def leaky(seen, pair, prompts):
        found = questions_of(seen, pair, prompts)
        low = other_of(pair).filter(item="deep", number__lt=40).exists()
        asked = found.asked[:-1] if low else found.asked
        return dataclasses.replace(found, asked=asked)

    patch.setattr(reflect_views, "questions_of", leaky)


@leak("a form filled in with the other's answers", HIDDEN, hides(hidden.answers_afresh))
def _(patch, world):
    session_seen = queries.session_seen

    def leaky(pair, number, *, now):
        found = session_seen(pair, number, now=now)
        theirs = {
            a.item: a.value
            for a in other_of(pair).filter(reflection__session__number=number)
        }
        items = tuple(
            dataclasses.replace(i, mine=i.mine or theirs.get(i.item.id))
            for i in found.items
        )
        return dataclasses.replace(found, items=items)

    patch.setattr(queries, "session_seen", leaky)


# Headers, redirects, errors, logs ---------------------------------------------------


@leak("an ETag made of all that is stored", HIDDEN, hides(hidden.answers_afresh))
def _(patch, world):
    with_header(patch, "ETag", lambda: f'"{count_of_answers()}"')


@leak("Last-Modified from the other's writing", HIDDEN, hides(hidden.answers_afresh))
def _(patch, world):
    with_header(patch, "Last-Modified", lambda: f"Mon, {count_of_answers()}")


@leak("Server-Timing with what the database did", HIDDEN, hides(hidden.answers_afresh))
def _(patch, world):
    with_header(patch, "Server-Timing", lambda: f"rows;dur={count_of_answers()}")


@leak("a cookie that counts", HIDDEN, hides(hidden.answers_afresh))
def _(patch, world):
    respond = middleware.KindRefusals.__call__

    def leaky(self, request):
        response = respond(self, request)
        response.set_cookie("n", count_of_answers())
        return response

    patch.setattr(middleware.KindRefusals, "__call__", leaky)


@leak("a redirect that depends on the other", HIDDEN, hides(hidden.answers_afresh))
def _(patch, world):
    redirect = together_views.redirect

    def leaky(name, ref, *more):
        found = Answer.objects.filter(reflection__session__number=3)
        name = "together" if found.exists() else name
        return redirect(name, ref, *(more if name != "together" else ()))

    patch.setattr(together_views, "redirect", leaky)


@leak("an error that says what the other did", HIDDEN, hides(hidden.shows_a_code))
def _(patch, world):
    tap = actions.tap

    def leaky(person, ref, number, code, *, now):
        if Room.objects.exists():
            raise rooms.NotNowError("they show another code.")
        tap(person, ref, number, code, now=now)

    patch.setattr(actions, "tap", leaky)


@leak(
    "a refusal that depends on the other's answers",
    HIDDEN,
    hides(hidden.answers_afresh),
)
def _(patch, world):
    say = actions.say_willing

    def leaky(person, ref, number, *, now):
        if not Answer.objects.filter(reflection__session__number=number).exists():
            raise rooms.NotNowError("they have not answered yet.")
        say(person, ref, number, now=now)

    patch.setattr(actions, "say_willing", leaky)


@leak("polling that says something has changed", HIDDEN, hides(hidden.answers_afresh))
def _(patch, world):
    as_kept = readings._as_kept

    def leaky(html, **more):
        kept = as_kept(html, **more)
        return dataclasses.replace(kept, digest=kept.digest + count_of_answers())

    patch.setattr(readings, "_as_kept", leaky)


@leak(
    "a line in the log with what was written",
    LOGS,
    of_fixtures(test_side_channels, LOGS, "world", "visitors", "caplog"),
)
def _(patch, world):
    reflect = actions.reflect

    def leaky(person, ref, number, answers, **more):
        logging.getLogger("duologue.store").info("kept %s", answers)
        return reflect(person, ref, number, answers, **more)

    patch.setattr(actions, "reflect", leaky)


@leak(
    "pages that a cache on the way may keep",
    CACHES,
    of_fixtures(test_matrix, CACHES, "world", "visitors", more=("mine",)),
)
def _(patch, world):
    patch.setattr(
        middleware,
        "private_pages",
        lambda get_response: get_response,
    )


# Caches and time --------------------------------------------------------------------


@leak(
    "one cache for both seats: the other's page is served",
    KEPT,
    of_fixtures(test_noninterference, KEPT, "world", "visitors", more=("client",)),
)
def _(patch, world):
    patch.setattr(
        readings,
        "_key",
        lambda part, pair, day: f"{part}:{pair.ref}:{pair.revision[1]}",
    )


@leak(
    "what both see is kept for both: a warm page says that the other looked",
    WARM,
    looks(WARM),
)
def _(patch, world):
    key = readings._key

    def leaky(part, pair, day):
        return (
            f"ours:{pair.ref}:{pair.revision[1]}"
            if part == "ours"
            else key(part, pair, day)
        )

    patch.setattr(readings, "_key", leaky)


@leak(
    "the other's hidden answers are loaded, then dropped: a slower page",
    COST,
    costs(hidden.answers_afresh),
)
def _(patch, world):
    everything_loaded(patch)


@leak(
    "an early return where the other has written nothing",
    COST,
    costs(hidden.answers_afresh),
)
def _(patch, world):
    session_seen = queries.session_seen

    def leaky(pair, number, *, now):
        if other_of(pair).filter(reflection__session__number=number).exists():
            session_seen(pair, number, now=now)
        return session_seen(pair, number, now=now)

    patch.setattr(queries, "session_seen", leaky)


@leak(
    "a hidden write makes the other's page cold",
    COLD,
    looks(COLD),
)
def _(patch, world):
    patch.setattr(
        readings,
        "_key",
        lambda part, pair, day: (
            f"{part}:{pair.seat}:{Dyad.objects.get(ref=pair.ref).client_revision}"
        ),
    )


# One's own -------------------------------------------------------------------------


@leak(
    "a private page moves what both see: the other's page goes cold",
    COLD,
    looks(COLD),
)
def _(patch, world):
    write = actions.write_page

    def leaky(person, ref, words, **more):
        write(person, ref, words, **more)
        Dyad.objects.filter(ref=ref).update(ours_revision=F("ours_revision") + 1)

    patch.setattr(actions, "write_page", leaky)


@leak(
    "looking for words looks into the other's pages, too",
    HIDDEN,
    hides(hidden.writes_a_private_page),
)
def _(patch, world):
    own, find = private_queries._own, queries.find_in_private

    def of_both(pairs):
        ids = [pair.id for pair in pairs]
        return PrivatePage.objects.filter(dyad__in=ids).select_related("person")

    def leaky(pairs, words):
        private_queries._own = of_both
        try:
            return find(pairs, words)
        finally:
            private_queries._own = own

    patch.setattr(queries, "find_in_private", leaky)


@leak(
    "a private page of the other is found by its address",
    ROUTE,
    route("private-page"),
)
def _(patch, world):
    def of_both(pairs):
        ids = [pair.id for pair in pairs]
        return PrivatePage.objects.filter(dyad__in=ids).select_related("person")

    patch.setattr(private_queries, "_own", of_both)


@leak(
    "name and details are shown to whom their owner has not shown them",
    HIDDEN,
    hides(hidden.fills_in_and_shows_nobody),
)
def _(patch, world):
    def leaky(pair, seat):
        return contact_queries._first(Q(**{f"person__as_{seat}": pair.id}))

    patch.setattr(contact_queries, "_shared_by", leaky)


@leak(
    "details are loaded, and then dropped where they are not shown: a slower page",
    COST,
    costs(hidden.fills_in_and_shows_nobody),
)
def _(patch, world):
    shared_by = contact_queries._shared_by

    def leaky(pair, seat):
        contact_queries._first(Q(**{f"person__as_{seat}": pair.id}))
        return shared_by(pair, seat)

    patch.setattr(contact_queries, "_shared_by", leaky)


@leak(
    "somebody's details are shown, and they cannot learn on which days",
    REACHED,
    of_fixtures(
        test_reach,
        REACHED,
        *("world", "visitors", "monkeypatch"),
        more=("client",),
    ),
)
def _(patch, world):
    patch.setattr(reach_views, "shown", _With(shown, note=lambda *_, **__: None))


# Whose it is ------------------------------------------------------------------------


@leak("a pair is found by its address alone", ROUTE, route("choices"))
def _(patch, world):
    def leaky(person, ref):
        rows = Dyad.objects.filter(ref=ref).values(*pairs._COLUMNS)
        return pairs._pair(person, **rows[0])

    patch.setattr(access, "find_pair", leaky)


@leak("a supervisor may look at the supervisee's clients", ROUTE, route("mine"))
def _(patch, world):
    find = access.find_pair

    def leaky(person, ref):
        if person.code == "sup-code":
            return find(Person.objects.get(code="therapist-code"), ref)
        return find(person, ref)

    patch.setattr(access, "find_pair", leaky)


@leak(
    "the prior of another pair: its answers move this page",
    ANOTHER,
    of_fixtures(
        test_noninterference,
        ANOTHER,
        *("world", "visitors"),
        more=(hidden.writes_in_another_pair,),
    ),
)
def _(patch, world):
    def words(pair):
        found = Answer.objects.exclude(reflection__session__dyad__ref=pair.ref)
        return f"<p>{sum(a.number or 0 for a in found)}</p>"

    appended(patch, together_views, words)


@leak(
    "what somebody keeps back in another pair is counted in this one",
    BOTH_SEATS,
    lambda world, visitors, **_: getattr(test_both_seats, BOTH_SEATS)(
        test_both_seats.make_pairs(world), visitors, "client"
    ),
)
def _(patch, world):
    def words(pair):
        other = Dyad.objects.get(ref=pair.ref).person_of(pair.seat.other)
        theirs = Dyad.objects.filter(Q(client=other) | Q(therapist=other))
        found = Answer.objects.filter(reflection__session__dyad__in=theirs)
        return (
            f"<p>{found.exclude(reflection__session__dyad__ref=pair.ref).count()}</p>"
        )

    appended(patch, together_views, words)


@leak(
    "absent and somebody else's are told apart",
    ABSENT,
    of_fixtures(test_matrix, ABSENT, "world", "visitors", more=("another client",)),
)
def _(patch, world):
    find = access.find_pair

    def leaky(person, ref):
        try:
            return find(person, ref)
        except NotYoursError:
            if Dyad.objects.filter(ref=ref).exists():
                raise rooms.NotNowError("this is not yours.") from None
            raise

    patch.setattr(access, "find_pair", leaky)


@leak("“only mine” shows the other's", HIDDEN, hides(hidden.changes_an_answer))
def _(patch, world):
    def across(pair):
        return dataclasses.replace(
            pair, seat=pair.seat.other, person=pair.other, other=pair.person
        )

    patch.setattr(
        together_views,
        "readings",
        _With(readings, mine=lambda pair, *, now: readings.mine(across(pair), now=now)),
    )


@leak("“they see” shows the other's own page", HIDDEN, hides(hidden.changes_an_answer))
def _(patch, world):
    def leaky(pair):
        across = dataclasses.replace(
            pair, seat=pair.seat.other, person=pair.other, other=pair.person
        )
        found = queries.seen(across)
        return dataclasses.replace(found, ours=found.mine)

    patch.setattr(queries, "shown_to_other", leaky)


@leak(
    "a demo link lets somebody in outside a demo",
    DEMO,
    of_fixtures(test_matrix, DEMO, "world", "visitors", "monkeypatch"),
)
def _(patch, world):
    patch.setattr("duologue.web.account.backend.settings", _With(settings, DEMO=True))


# Accounts ---------------------------------------------------------------------------


@leak(
    "whom a therapist can turn to is shown to clients",
    FIELD,
    field("Practice.supervisor", "any"),
)
def _(patch, world):
    help_for = queries.help_for

    def leaky(person):
        supervisor = Practice.objects.get().supervisor
        found = help_for(person)
        return tuple(dataclasses.replace(h, supervisor=supervisor) for h in found)

    patch.setattr(queries, "help_for", leaky)


@leak(
    "whoever has no way in yet is let on",
    NO_WAY_IN,
    of_fixtures(test_signing_in, NO_WAY_IN, "world"),
)
def _(patch, world):
    patch.setattr(account_visits, "is_enrolled", lambda request: True)


@leak(
    "whoever came with an earlier code takes the seat after a newer one was made",
    NEWER,
    of_fixtures(test_signing_in, NEWER, "world", more=(True,)),
)
def _(patch, world):
    patch.setattr(inviting, "end_code", lambda invitation, now: None)


@leak(
    "an invitation that has ended lets somebody in who came before its end",
    ENDED,
    of_fixtures(test_signing_in, ENDED, "world", "monkeypatch"),
)
def _(patch, world):
    patch.setattr(actions, "still_kept", lambda person, now: None)
    patch.setattr(actions, "become", lambda person, now: None)


@leak(
    "seeds of codes for signing in are kept as they are",
    SEEDS,
    lambda world, **_: getattr(test_signing_in, SEEDS)(with_app(world.ann)),
)
def _(patch, world):
    for name in ("encrypt", "decrypt"):
        patch.setattr(account_adapters.Factors, name, lambda self, text: text)


@leak(
    "the code of an invitation works twice",
    USED_UP,
    lambda world, monkeypatch, **_: getattr(test_signing_in, USED_UP)(
        world, monkeypatch.setattr(transaction, "on_commit", lambda act, **_: act())
    ),
)
def _(patch, world):
    patch.setattr(actions, "become", lambda person, *, now: None)


@leak(
    "the code of an invitation never ends",
    ENDS,
    of_fixtures(test_signing_in, ENDS, "world", "monkeypatch"),
)
def _(patch, world):
    patch.setattr(inviting, "HOLDS", timedelta(days=36_500))


@leak(
    "whoever is invited sees with which account somebody invites them",
    CALLED,
    of_fixtures(test_signing_in, CALLED, "world"),
)
def _(patch, world):
    find = queries.find_invitation

    def leaky(digest, *, now):
        found = find(digest, now=now)
        row = Invitation.objects.get(digest=digest).dyad
        return dataclasses.replace(found, by=f"{found.by} ({row.therapist.code})")

    patch.setattr(queries, "find_invitation", leaky)


# The agreement, consent, and how the client would like to work -----------------------


@leak(
    "the therapist is asked about a recording to which the client said no",
    HIDDEN,
    hides(hidden.declines_to_be_recorded),
)
def _(patch, world):
    ledger = queries.ledger

    def leaky(pair, *, now):
        found = ledger(pair, now=now)
        other = Consent.objects.filter(dyad=pair.id, seat=pair.seat.other)
        asks = tuple(row.session for row in other.filter(purpose="recording"))
        asked = tuple(
            dataclasses.replace(each, asks=asks)
            if each.purpose == "recording"
            else each
            for each in found.asked
        )
        return dataclasses.replace(found, asked=asked) if asks else found

    patch.setattr(queries, "ledger", leaky)


@leak(
    "“they have said yes” before one has oneself",
    HIDDEN,
    hides(hidden.says_yes_alone),
)
def _(patch, world):
    patch.setattr(consent_rows, "_visible", lambda seat, mine: Q())
    patch.setattr(
        consent_queries,
        "both",
        lambda seat, mine, theirs: frozenset(word.key for word in theirs if word.given),
    )


@leak(
    "the other's yeses are all loaded, and most are dropped: a slower page",
    COST,
    costs(hidden.says_yes_alone),
)
def _(patch, world):
    patch.setattr(consent_rows, "_visible", lambda seat, mine: Q())


@leak(
    "preferences are shown that are not shared",
    HIDDEN,
    hides(hidden.fills_in_preferences),
)
def _(patch, world):
    row = preference_queries.Preferences.objects

    def leaky(pair):
        found = row.filter(dyad=pair.id).first()
        items = preference_queries.PREFERENCES
        values = ((item, getattr(found, item.id, None)) for item in items)
        return queries.PreferencesSeen(
            shared=found is not None and found.shared,
            values=tuple((item, value) for item, value in values if value is not None),
        )

    patch.setattr(queries, "preferences", leaky)


@leak(
    "the page for both to look at shows what the client keeps back",
    HIDDEN,
    hides(hidden.fills_in_preferences),
)
def _(patch, world):
    def leaky(pair):
        own = dataclasses.replace(pair, seat=preference_queries.Seat.CLIENT)
        return queries.preferences(own)

    patch.setattr(queries, "shared_preferences", leaky)


@leak(
    "how often the client wants to be asked for a form is told to the other",
    HIDDEN,
    hides(hidden.chooses_when_to_be_asked),
)
def _(patch, world):
    patch.setattr(outcome_queries, "rates", lambda kind, seat: kind is Kind.THERAPY)
    patch.setattr(came_for_views, "rates", lambda kind, seat: kind is Kind.THERAPY)


@leak(
    "the therapist takes a client's form to another program",
    ROUTE,
    route("form-to-take"),
)
def _(patch, world):
    patch.setattr(came_for_views, "rates", lambda kind, seat: kind is Kind.THERAPY)


@leak(
    "the page of the two on paper holds one's own answers",
    "test_it_is_equal_for_the_two_of_them_and_leads_from_their_page",
    of_fixtures(
        *(test_paper, "test_it_is_equal_for_the_two_of_them_and_leads_from_their_page"),
        *("world", "visitors"),
    ),
)
def _(patch, world):
    read = readings._read

    def leaky(_, pair, now):
        return read(queries.seen(pair), pair, now)

    patch.setattr(readings, "_read", leaky)


@leak(
    "an agreement that both accepted is edited in its place",
    "agreement_stays_once_accepted",
    of_fixtures(test_agreement, "check_both_must_accept_a_change", "world", "visitors"),
)
def _(patch, world):
    def leaky(person, ref, terms, *, now):
        row = Agreement.objects.get(dyad__ref=ref, version__isnull=False)
        row.length_min = terms.length_min
        row.save()

    patch.setattr(actions, "propose", leaky)


@leak(
    "a client begins with the words of another client's agreement",
    OWN_WORDS,
    of_fixtures(
        test_agreement,
        *("check_nobody_is_given_the_words_of_another_pair", "world", "visitors"),
    ),
)
def _(patch, world):
    own_words = queries.own_words

    def leaky(pair):
        return own_words(
            dataclasses.replace(pair, seat=agreement_queries.Seat.THERAPIST)
        )

    patch.setattr(queries, "own_words", leaky)


@leak(
    "a therapist begins with what another client wrote",
    OWN_WORDS,
    of_fixtures(
        test_agreement,
        *("check_nobody_is_given_the_words_of_another_pair", "world", "visitors"),
    ),
)
def _(patch, world):
    def leaky(pair):
        newest = Agreement.objects.filter(version__isnull=False).exclude(dyad=pair.id)
        row = newest.select_related("dyad").order_by("-pk").first()
        is_therapist = pair.seat is agreement_queries.Seat.THERAPIST
        return row.as_terms() if row and is_therapist else None

    patch.setattr(queries, "own_words", leaky)


@leak(
    "what somebody deletes stays in what was made of it",
    test_agreement.GONE,
    of_fixtures(
        test_agreement, test_agreement.GONE, "world", "visitors", more=("client",)
    ),
)
def _(patch, world):
    patch.setattr(readings, "forget", lambda pair: None)


@leak(
    "private pages stay when somebody deletes all",
    test_agreement.PAGES,
    of_fixtures(
        test_agreement, test_agreement.PAGES, "world", "visitors", more=("client",)
    ),
)
def _(patch, world):
    forget_all_of = actions.forget_all_of

    def leaky(person, ref, *, now, pages_stay=False):
        forget_all_of(person, ref, now=now, pages_stay=True)

    patch.setattr(actions, "forget_all_of", leaky)


# The frame


@leak(
    "a session that somebody has written about cannot be noted as not held",
    HIDDEN,
    hides(hidden.answers_afresh),
)
def _(patch, world):
    note_frame = actions.note_frame

    def leaky(person, ref, number, noted, *, now):
        written = Answer.objects.filter(
            reflection__session__dyad__ref=ref, reflection__session__number=number
        )
        if written.exists():
            raise rooms.NotNowError("somebody has written about that session.")
        note_frame(person, ref, number, noted, now=now)

    patch.setattr(actions, "note_frame", leaky)


@leak(
    "whether it felt met is asked because of an answer",
    SCHEDULE,
    of_fixtures(test_frame, SCHEDULE, "world", "visitors", more=("client",)),
)
def _(patch, world):
    ask = room_views.one_question

    def leaky(session, *, opening):
        deep = Answer.objects.filter(item="deep", reflection__session__number=session)
        return ask(session, opening=1 if deep.exists() else opening)

    patch.setattr(room_views, "one_question", leaky)


@leak(
    "the title of an event goes on with its times",
    TITLE,
    of_fixtures(test_frame, TITLE, "world", "visitors", "caplog"),
)
def _(patch, world):
    series = ics_reader._Reading._series

    def leaky(self, uid):
        found = series(self, uid)
        return dataclasses.replace(found, uid=min(self.titles[uid]))

    patch.setattr(ics_reader._Reading, "_series", leaky)


# Recordings


@leak(
    "a recording is read by machine though only its making was agreed to",
    NO_YES,
    of_fixtures(test_recordings, NO_YES, "world", "visitors", more=("therapist",)),
)
def _(patch, world):
    patch.setattr(consent_rows, "may_hold_recordings", lambda _: frozenset({1, 2, 3}))


@leak(
    "what a recording showed stands on the page of one who has no part in it",
    ROUTE,
    route("recordings"),
)
def _(patch, world):
    patch.setattr(recording_views, "pair_of", lambda *_: _anns(world))


# What was said


@leak(
    "what was said is taken in though only its recording was agreed to",
    NO_FILE,
    of_fixtures(test_transcripts, NO_FILE, "world", "visitors", more=("client",)),
)
def _(patch, world):
    patch.setattr(consent_rows, "may_hold_recordings", lambda _: frozenset({1, 2, 3}))


@leak(
    "what was said stands on the page of one who has no part in it",
    ROUTE,
    route("transcripts"),
)
def _(patch, world):
    patch.setattr(transcript_views, "pair_of", lambda *_: _anns(world))


@leak(
    "words of a transcript stand on the page of the two",
    WORDS_ALONE,
    of_fixtures(test_transcripts, WORDS_ALONE, "world", "visitors"),
)
def _(patch, world):
    appended(
        patch,
        together_views,
        lambda pair: " ".join(
            row.segments
            for row in Transcript.objects.filter(dyad=pair.id).select_related("dyad")
        ),
    )


@leak(
    "the client is shown what the therapist marked as here and now",
    HIDDEN,
    hides(hidden.marks_other_moments_as_here_and_now, "therapist"),
)
def _(patch, world):
    def leaky(pair):
        rows = HereAndNow.objects.filter(transcript__dyad=pair.id)
        found = rows.select_related("person", "transcript__session")
        return {r.transcript.session.number: marks_in(r.marks) for r in found}

    patch.setattr(queries, "here_and_now", leaky)


@leak(
    "a mark moves what both see",
    COLD_MARKS,
    of_fixtures(test_transcripts, COLD_MARKS, "world", "visitors"),
)
def _(patch, world):
    keep = transcript_actions._keep

    def leaky(change, *given):
        change.ours = True
        return keep(change, *given)

    patch.setattr(transcript_actions, "_keep", leaky)


@leak(
    "a file that waits in a form opens for somebody else",
    WAITS,
    of_fixtures(test_transcripts, WAITS, "world", "visitors"),
)
def _(patch, world):
    patch.setattr(transcript_held, "place_of", lambda *_: world.ann.place("a file"))


# Notes by mail


@leak(
    "no note comes to somebody who has looked back already",
    NOTE_COMES,
    of_fixtures(test_reminders, NOTE_COMES, "world", more=("client",)),
)
def _(patch, world):
    due = queries.reminders_due

    def leaky(*, now):
        wrote = Reflection.objects.filter(seat="client", session__number=3)
        return () if wrote.exists() else due(now=now)

    patch.setattr(queries, "reminders_due", leaky)


@leak(
    "the subject of a note says of which pair it is",
    NOTE_SAYS,
    of_fixtures(test_reminders, NOTE_SAYS, "world", more=("client",)),
)
def _(patch, world):
    code = Dyad.objects.get(ref="ref-of-ann").code
    patch.setattr(note, "SUBJECT", f"A minute for you? ({code})")


class _With:
    """Something else in the place of a module, but for what is named."""

    def __init__(self, module, **other):
        self.__dict__["_module"] = module
        self.__dict__.update(other)

    def __getattr__(self, name):
        return getattr(self._module, name)
