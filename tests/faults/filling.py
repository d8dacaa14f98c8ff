"""A practice of real people, as far as there can be one: made by the app's own actions.

What its two people write is written in a process of its own, with the practice open
(``faults.forks`` calls it). Every sentence in
it is unlike any other, so that it can be searched for.
"""

from datetime import timedelta

NAME = "Practice under the nine lindens"
CRISIS = "Ring the yellow lantern line, it answers by night (made up)."
FRAME = "We meet beside the walnut stove; whoever is late says so by noon."
RHYTHM = "each second week, by the tide table"
LIMITS = "What the willow hears stays by the willow, but for these three things."
CLIENT, THERAPIST = "kestrel-client-7731", "heron-therapist-4412"
OPENED = {
    "client": "the otter went under when you looked at the clock",
    "therapist": "I lost the thread between the blue gate and the well",
}
"""The line of each about the session that has opened to both."""

KEPT_BACK = {
    "client": "nobody has asked me about the drowned bell",
    "therapist": "I was thinking of my own brother and his kites",
}
"""The line of each about the session that has not."""

LATER = "by now the otter comes up again on its own"
REMOVED = "this sentence about the copper kettle is taken out again"
TAKEN_OUT = "and this one about the glass orchard too"

AFTERWARDS = "written on the evening after the backup had been made"

FOR_ONESELF = {
    "client": "in my own drawer: the harbour was locked again in my dream",
    "therapist": "note to myself: the marsh bell rings before I speak",
}
"""The private page of each."""

TEACHING = "this work is teaching me to wait for the second frost"
REACH = {
    "name": "Quintessa Underbough",
    "email": "quintessa@the-seventh-lock.example",
    "phone": "07700 900461 (the ferry house)",
    "safely": "texts only, while the mill is running",
}
"""How the client can be reached."""

TORN_OUT = "a private page about the salted lamp, torn out again"

SEED = "the seed of the codes of heron 4412"
"""What the therapist's codes for signing in are made of."""

SEALED = (
    *(FRAME, RHYTHM, LIMITS, *OPENED.values(), *KEPT_BACK.values(), LATER),
    *(*FOR_ONESELF.values(), TEACHING, *REACH.values(), SEED),
)
"""What is free text, and there."""

GONE = (REMOVED, TAKEN_OUT, TORN_OUT)
"""What was free text, and is gone."""

TOLD = (CLIENT, THERAPIST, CRISIS)
"""What the database holds as it is, and is sealed with the whole file alone."""


def fill(folder, passphrase):
    """Let a new practice have a pair, and let both write; return the pair's name."""
    from faults.telling import open_practice

    open_practice(folder, passphrase, change=True)
    return _fill()


def write_later(folder, passphrase):
    """Let the client write `AFTERWARDS` and withdraw a line, as after a backup."""
    from faults.telling import open_practice

    open_practice(folder, passphrase, change=True)
    from duologue.store import actions
    from duologue.store.models import Dyad
    from duologue.web.clock import now

    dyad = Dyad.objects.select_related("client").get()
    words = {"line": None, "deep": 71.0}
    actions.reflect(dyad.client, dyad.ref, 2, words, now=now())
    actions.add_later_thought(dyad.client, dyad.ref, 1, "line", AFTERWARDS, now=now())


def forget_all(folder, passphrase):
    """Let the client delete all that they have written."""
    from faults.telling import open_practice

    open_practice(folder, passphrase, change=True)
    from duologue.store import actions
    from duologue.store.models import Dyad
    from duologue.web.clock import now

    dyad = Dyad.objects.select_related("client").get()
    actions.forget_all_of(dyad.client, dyad.ref, now=now())
    return True


def _fill():
    from allauth.mfa.models import Authenticator

    from duologue.records import Terms
    from duologue.store import actions
    from duologue.store.actions.agreeing import keep_agreed
    from duologue.store.keys.factors import seal_seed
    from duologue.store.models import (
        Dyad,
        LaterThought,
        Person,
        Practice,
        PrivatePage,
        Session,
    )
    from duologue.web.clock import now

    client, therapist = (_person(Person, code) for code in (CLIENT, THERAPIST))
    dyad = Dyad.objects.create(
        code="pair-under-the-lindens",
        practice=Practice.objects.get(),
        client=client,
        therapist=therapist,
        client_code=CLIENT,
        therapist_code=THERAPIST,
    )
    agreed = Terms(frame=FRAME, rhythm=RHYTHM, confidentiality=LIMITS)
    keep_agreed(dyad, agreed, day=now().date())
    for kind, name in (("totp", "secret"), ("recovery_codes", "seed")):
        data = {name: seal_seed(SEED), "used_mask": 0}
        Authenticator.objects.create(user=therapist, type=kind, data=data)
    for number in (1, 2):
        start = now() - timedelta(weeks=3 - number)
        Session.objects.create(dyad=dyad, number=number, planned_start=start)
    people = {"client": client, "therapist": therapist}
    for seat, person in people.items():
        both = {"open": 61.0, "line": OPENED[seat]}
        actions.reflect(person, dyad.ref, 1, both, now=now())
        actions.say_willing(person, dyad.ref, 1, now=now())
        actions.reflect(person, dyad.ref, 2, {"line": TAKEN_OUT}, now=now())
        actions.reflect(person, dyad.ref, 2, {"line": None}, now=now())
        own = {"open": 34.0, "line": KEPT_BACK[seat]}
        actions.reflect(person, dyad.ref, 2, own, now=now())
    for words in (LATER, REMOVED):
        actions.add_later_thought(client, dyad.ref, 1, "line", words, now=now())
    last = LaterThought.objects.order_by("pk").last()
    actions.remove_later_thought(client, dyad.ref, last.ref, now=now())
    actions.take_back(therapist, dyad.ref, 1, "open", now=now())
    actions.send_card(client, dyad.ref, now=now())
    for seat, person in people.items():
        for words in (FOR_ONESELF[seat], TORN_OUT):
            actions.write_page(person, dyad.ref, words, now=now())
        torn = PrivatePage.objects.filter(person=person).latest("pk")
        actions.remove_page(person, dyad.ref, torn.ref, now=now())
    actions.keep_teaching(therapist, dyad.ref, TEACHING, now=now())
    actions.keep_contact(client, REACH, now=now())
    actions.share_reach(client, dyad.ref, on=True, now=now())
    return dyad.ref


def _person(model, code):
    made = model(code=code)
    made.set_unusable_password()
    made.save()
    return made


def export_plain(folder, passphrase, to):
    """Write the tables as somebody sees them who has the key of the file, and no other."""
    from faults.telling import open_practice

    opened = open_practice(folder, passphrase)
    from contextlib import closing
    from pathlib import Path

    from duologue.store.folder import DATABASE
    from duologue.store.safekeeping.database import open_database

    with closing(open_database(Path(folder) / DATABASE, opened.ring)) as database:
        database.execute("ATTACH DATABASE ? AS plain KEY ''", (to,))
        database.execute("SELECT sqlcipher_export('plain')")


def move_words(folder, passphrase):
    """Put the sealed words of one seat where the other's are; return the row's number."""
    from faults.telling import open_practice

    opened = open_practice(folder, passphrase)
    from contextlib import closing
    from pathlib import Path

    from duologue.store.folder import DATABASE
    from duologue.store.models import Answer
    from duologue.store.safekeeping.database import open_database

    mine, theirs = Answer.objects.filter(item="line", opened_at=None).order_by("pk")
    with closing(open_database(Path(folder) / DATABASE, opened.ring)) as database:
        database.execute(
            "UPDATE store_answer SET words = "
            "(SELECT words FROM store_answer WHERE id = ?) WHERE id = ?",
            (mine.pk, theirs.pk),
        )
    return theirs.pk


def keys_of(folder, passphrase):
    """Return every key that the passphrase leads to, in hexadecimal digits."""
    from faults.telling import open_practice

    opened = open_practice(folder, passphrase)
    from duologue.store.keys.ring import NAMES
    from duologue.store.safekeeping.checking import holders

    of_ring = [getattr(opened.ring, name) for name in NAMES]
    held = [open_key() for _, open_key in holders()]
    return [key.hex() for key in (opened.master, *of_ring, *held)]


def seal(folder, passphrase):
    """Make keys for a database from before there were any; return who is in it.

    Where there are keys already, it is opened with them, and nothing else is done.
    """
    from contextlib import closing
    from pathlib import Path

    from duologue.store.folder import DATABASE
    from duologue.store.keys import keyfile, ring
    from duologue.store.safekeeping import unlocking
    from duologue.store.safekeeping.database import open_database

    place = Path(folder)
    if unlocking.has_keys(place):
        unlocking.unlock(place, passphrase, alone=True)
    else:
        cost = keyfile.Cost(passes=1, lanes=1, memory_kib=1024)
        public = keyfile.new_recovery_key()[1]
        unlocking.make_keys(place, passphrase, public, cost=cost)
    with closing(open_database(place / DATABASE, ring.current())) as database:
        return [code for (code,) in database.execute("SELECT code FROM store_person")]


def rekey_carelessly(folder, passphrase, new):
    """Change every key in the wrong order, for a test that is to notice."""
    from pathlib import Path

    from duologue.store.folder import DATABASE, NEW_DATABASE
    from duologue.store.keys.keyfile import write_key_file
    from duologue.store.safekeeping import rekeying, unlocking

    place = Path(folder)
    opened = unlocking.unlock(place, passphrase, alone=True)
    ring = opened.ring.renewed()
    rekeying._export(place / DATABASE, place / NEW_DATABASE, opened.ring, ring)
    rekeying.put_in_place(place / DATABASE, place / NEW_DATABASE)
    write_key_file(place, opened.keys.with_master(opened.master, new, ring))
    return True
