"""Browsers of seven people, and everything that one of them can get from the app."""

import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from duologue.web.account.visits import SEEN, seen_now
from stories import GOAL, WORDING
from stories import PAGE as PAGE_OF

PEOPLE = {
    "client": "ann",
    "therapist": "therapist",
    "supervisor": "sup",
    "another client": "bo",
    "another therapist": "other_therapist",
    "stranger": "out",
    "signed out": None,
}
"""Who asks, relative to the pair of Ann and the therapist."""

SEATED = ("client", "therapist")
PAGES = tuple(PAGE_OF.values())
BACKEND = "duologue.web.account.backend.ByDemoLink"
TOKEN = re.compile(
    rb'((?:name="(?:csrfmiddlewaretoken|remove|proposal|goal|wording)" value="'
    rb'|name="(?:was|goal)-|(?:id|aria-describedby)="live-))'
    rb"[A-Za-z0-9_-]{22,64}"
)
CODE = re.compile(
    rb'(?<=class="code">)[0-9]{3} [0-9]{3}|(?<=name="code" value=")[0-9]{6}'
    rb'|(?<=<div class="qr-code">).*?(?=</div>)',
    re.DOTALL,
)
"""The code of a room, in each of the ways in which a page shows it."""

PAGE = re.compile(rb"(/private/)[A-Za-z0-9_-]{22}/")
"""The address of a page of one's own that a test has just made."""
PAIR = re.compile(r"(/with/)[A-Za-z0-9_-]{22}/")
"""The address of a pair that a test has just made: the others have short ones."""
ICS = b"""BEGIN:VCALENDAR
BEGIN:VEVENT
UID:a
DTSTART:20260407T140000Z
DTEND:20260407T145000Z
SUMMARY:Made up
END:VEVENT
END:VCALENDAR
"""
"""A calendar with one event to come."""

NUMBERS = (1, 2, 3)
"""The sessions of the pair that have begun."""


def make_visitors(world):
    """Return a browser for each role."""
    return {role: browser(world, who) for role, who in PEOPLE.items()}


def browser(world, who):
    """Return the browser of one person, signed in; of nobody where there is none."""
    made = Client()
    if who is not None:
        made.force_login(world.people[who], backend=BACKEND)
        made.cookies[SEEN] = seen_now(made.session.session_key)
    return made


@dataclass(frozen=True)
class Shown:
    """One whole answer of the app, its random tokens masked."""

    status: int
    headers: tuple
    body: bytes


def shown(response):
    """Return everything of a response that its reader gets."""
    body = PAGE.sub(rb"\1PAGE/", response.content)
    body = PAIR.sub(r"\1PAIR/", body.decode()).encode()
    body = CODE.sub(b"CODE", TOKEN.sub(rb"\1TOKEN", body))
    headers = dict(response.headers)
    if b"CODE" in body:
        headers["Content-Length"] = str(len(body))  # a picture's length is its code's
    headers = sorted((k.lower(), PAIR.sub(r"\1PAIR/", v)) for k, v in headers.items())
    cookies = sorted(
        (name, "TOKEN" if name == "csrftoken" else morsel.OutputString())
        for name, morsel in response.cookies.items()
        if name != SEEN  # it comes once a minute, by the clock of whoever looks
    )
    return Shown(response.status_code, (*headers, *cookies), body)


OF_NO_PAIR = (
    *("people", "about", "help", "telling", "account_login", "join", "join-as", "me"),
    *("here", "practice", "invite", "practice-forms", "wondered"),
    *("mfa_generate_recovery_codes", "account_set_password"),
)
"""Pages that are of no pair."""


def gets(ref="ref-of-ann"):
    """Return every address that can be looked at, of one pair and of no pair."""
    of_pair = (
        *(
            "together",
            "ours",
            "before",
            "wonder",
            "mine",
            "they-see",
            "choices",
            "sessions",
        ),
        *("room", "room-now", "invitation", "private", "reach"),
        *("agreement", "consent", "preferences", "look-together", "came-for"),
        *("recordings", "transcripts"),
    )
    of_session = ("session", "session-ours", "reflect")
    of_frame = (
        reverse("calendar", args=[ref]),
        *(reverse("frame", args=[ref, i]) for i in (*NUMBERS, 4)),
    )
    return (
        *of_frame,
        *(reverse(name) for name in OF_NO_PAIR),
        *(reverse(name, args=[ref]) for name in of_pair),
        *(reverse(name, args=[ref, i]) for name in of_session for i in NUMBERS),
        *(reverse("session", args=[ref, i]) for i in (4, 99)),
        *(reverse("private-page", args=[ref, page]) for page in PAGES),
        *(reverse("aftercare", args=[ref, i]) for i in (2, 3)),
        reverse("my-reach"),
        reverse("reminder"),
        reverse("form", args=[ref, "phq4"]),
        *(reverse("filled-form", args=[ref, "phq9", day]) for day in FORM_DAYS),
        *(reverse("form-to-take", args=[ref, "phq9", day]) for day in FORM_DAYS),
        *(reverse(name, args=[ref, 1, "motion"]) for name in OF_RECORDING),
        *(reverse("transcript", args=[ref, i]) for i in (1, 2)),
    )


OF_RECORDING = ("recording", "recording-series")
"""Addresses of one recording."""

FORM_DAYS = ("2026-03-30", "2026-03-01")
"""A day on which the client of the pair filled in a form, and one on which they did not."""


def few():
    """Return an address of each kind: what is counted there is counted for all."""
    return [a for a in gets() if "/1/" not in a and "/99/" not in a]


OUTSIDE = ("/", "/help/", "/help/telling/", "/me/", "/with/ref-of-ann/1/")
"""What stands for everything to somebody outside the pair: test_matrix has the rest."""


def posts(ref="ref-of-ann"):
    """Return things that somebody can send, each as (address, fields)."""

    def to(name, *more, **fields):
        return reverse(name, args=[ref, *more]), fields

    return (
        to("save", 3, line="of the one who looks", done="yes"),
        to("save", 3, skip="yes"),
        to("save", 1, open="11", done="yes"),
        to("save", 3, unsaid="matters", unsaid_why="too_raw", then="ask_again"),
        to("willing", 3, say="willing"),
        to("willing", 3, say="not"),
        to("take-back", 3, item="open"),
        to("later", 3, item="open", words="later"),
        to("later", 1, item="line", words="later"),
        to("share-unsaid", share="on"),
        to("card", do="send"),
        to("tap", code="000000", number="2"),
        to("take-back", 2, item="open"),
        to("save", 2, open="12", done="yes"),
        to("show-code"),
        to("close-room"),
        to("write-page", words="a page of the one who looks", session="2"),
        *(to("edit-page", page, words="changed", was="") for page in PAGES),
        *(to("remove-page", page) for page in PAGES),
        to("find-pages", find="a private"),
        to("find-pages", find="hidden", everywhere="yes"),
        to("write-page", teaching="a line of the one who looks"),
        *(to("keep-aftercare", number, words="a walk") for number in (2, 3)),
        to("share-reach", share="on"),
        to("share-reach", share="off"),
        (reverse("keep-reach"), {"reach-name": "the one who looks"}),
        (reverse("delete-reach"), {}),
        (reverse("keep-reminder"), {"note-address": "me@example.org", "at": "20"}),
        (reverse("end-reminder"), {}),
        to("propose", **CHANGED),
        to("answer-proposal", proposal="not-there", do="accept"),
        *(
            to("say-consent", purpose="supervision", say=say)
            for say in ("yes", "withdraw")
        ),
        *(
            to("say-consent", purpose=purpose, say=say, first="4", last="6")
            for purpose in ("recording", "transcript")
            for say in ("yes", "no", "withdraw")
        ),
        to("forget-all"),
        to("recordings", session="2", modality="motion"),
        to("delete-recording", session="1", modality="motion"),
        to("transcripts", session="2"),
        to("seat-transcript", session="2", held="none"),
        to("delete-transcript", session="1"),
        to("mark-here-and-now", 1, **{"mark-0": "no"}),
        to("save-preferences", pace="20"),
        to("share-preferences", share="on"),
        *of_goals(to),
        *of_frame(to),
        to("invitation"),
        to("end-invitation"),
        (reverse("practice"), {"name": "Another name", "crisis": ""}),
        (reverse("practice-forms"), {"use": "clinical"}),
        (reverse("practice-forms"), {"pack": SimpleUploadedFile("a.zip", b"none")}),
        (reverse("remove-pack"), {"pack": "no-such"}),
        (reverse("invite"), {"whom": "client", "called": "N.", "me": "T."}),
        (reverse("end-visits"), {}),
    )


def of_goals(to):
    """Return what can be sent of what the client came for."""
    return (
        to("propose-goal", words="To say more."),
        to("propose-goal", goal=GOAL, words="To say much."),
        to("propose-goal", goal=GOAL, rests="on"),
        to("answer-goal", wording=WORDING, do="accept"),
        to("rate-goals", session="2", **{f"goal-{GOAL}": "7"}),
        to("rate-goals", session="1", **{f"goal-{GOAL}": "", f"was-{GOAL}": "4"}),
        to("goals-reviewed"),
        to("save-form", "gad7", **{"item-1": "2"}),
        to("delete-form", "phq9", FORM_DAYS[0]),
        to("form-rhythm", "phq4", every="never"),
    )


def of_frame(to):
    """Return what the one who holds the frame can send; anybody else is refused."""
    held = (
        '[[["a",true,[["",1775500000,3000,false,0],["",1774800000,3000,false,1]],[]]]]'
    )
    file = {"calendar": SimpleUploadedFile("a.ics", ICS)}
    return (
        to("add-session", starts="2026-06-01T14:00", mode="room"),
        to("remove-session", 4),
        to("move-session", 4, starts="2026-06-01T14:00"),
        to("note-frame", 3, status="cancelled", by="client"),
        to("note-frame", 2, status="held", began="19:10", ended="20:30", tag="meant"),
        to("note-frame", 4, status="cancelled"),
        to("calendar-choose", **file),
        to("calendar-look", held=held, choose="0"),
        to("calendar-follow", held=held),
    )


CHANGED = {
    "length_min": "45",
    "rhythm": "each second week",
    "frame": "In the room with the red door.",
    "confidentiality": "What is said stays, with exceptions.",
    "supervision": "opened",
    "keep_free_text_days": "60",
    "keep_numbers_years": "5",
}
"""The fields of a proposal."""


@contextmanager
def undone():
    """Undo whatever is written inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    caches["pages"].clear()


def everything(visitor, *, warm=False, part=slice(None)):
    """Return all that a visitor can get: pages, and answers to what they send.

    What they send is undone again, and nothing that was kept earlier is used unless
    ``warm``. ``part`` says what of all that can be sent.
    """
    return dict(looking(visitor, warm=warm, part=part))


def looking(visitor, *, warm=False, part=slice(None)):
    """Give all that a visitor can get, one thing after another."""
    yield from looking_at(visitor, gets(), warm=warm)
    yield from sending(visitor, part)


def sending(visitor, part=slice(None)):
    """Give the answers to all that a visitor can send, each undone again."""
    for i, (address, fields) in list(enumerate(posts()))[part]:
        with undone():
            answered = visitor.post(address, fields)
            after = visitor.get(answered.url) if answered.status_code == 302 else None
        yield f"POST {i} {address}", shown(answered)
        if after is not None:
            yield f"POST {i} {address}, then", shown(after)


def pages(visitor, addresses, *, warm=False):
    """Return what a visitor gets at these addresses."""
    return dict(looking_at(visitor, addresses, warm=warm))


def looking_at(visitor, addresses, *, warm=False):
    """Give what a visitor gets at these addresses, one after another."""
    if not warm:
        caches["pages"].clear()
    for address in addresses:
        yield address, shown(visitor.get(address))


FOUND_AT = Counter()
"""How often something was otherwise at an address: there one looks first."""


def likely_first(addresses):
    """Return addresses in an order in which a difference is found soon."""
    return sorted(addresses, key=FOUND_AT.__getitem__, reverse=True)


def difference(before, found):
    """Name the first thing that a visitor gets otherwise; they look until they do."""
    looked_at = set()
    for name, now in found:
        looked_at.add(name)
        if before.get(name) != now:
            FOUND_AT[name] += 1
            return name
    return next(iter(sorted({*before} - looked_at)), None)


def at(visitor, name, *args, **query):
    """Return a page as text."""
    response = visitor.get(reverse(name, args=args), query)
    return response.content.decode()
