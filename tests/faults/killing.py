"""A server that is killed again and again while people write, and what was kept.

    kill_under_load(folder, 12, dice(1), forks=forks)
    validate_kills(200)

Several people send real forms over HTTP, each on a connection of their own, as fast as
they are answered. What was answered with a redirect has been promised. At some moment
the server is killed (SIGKILL), started again on what it left, and everything that was
ever promised must be there in its newest value; of each form that was on its way, all or
nothing. Nothing here needs pytest.
"""

import re
import tempfile
import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import asdict, dataclass, field
from functools import partial
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from faults.forks import PATIENCE_S, Forks
from faults.power import dice

SERVED = "Ctrl-C stops it"
LOOPBACK = "127.0.0.1"
PASSPHRASE = "made-up-passphrase"  # noqa: S105 - the name of a demo's file
SEED = 20_261_126
SHORTEST_S, LONGEST_S = 0.05, 0.5
"""After so long at least, and at most, the server is killed."""

WARM = 0.8
"""So often that is counted from its first answer, else from its first request on."""

N_WRITERS = 8
CHECK_EVERY = 20
"""After so many kills ``duologue verify`` has its say too; at the end it always has."""

KEPT, STAYED, REFUSED = 302, 409, 404
SCALES = ("open", "understood", "safe", "here", "deep", "toward", "level")
CHOICES = {"apart": ("no", "came_back", "still_there"), "unsaid": ("no", "a_little")}
LETTERS = "abcdefghij äöüß éà жщ 漢字 \u200d🙂"
BROKEN = (OSError, HTTPException)
"""What a writer meets when the server is killed."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What came of it.

    Attributes
    ----------
    n_kills : int
        How often the server was killed.
    n_acknowledged : int
        Forms that were answered with: it is kept.
    n_unanswered, n_unanswered_kept : int
        Forms that were on their way when it was killed, and those that were kept.
    n_refused : int
        Forms to which the app said no, as for what had opened meanwhile.
    n_events : int
        Events that were added to the chain.
    lost : tuple of str
        What was promised and is not there, without what it said.
    halves : tuple of str
        Forms of which a part was kept.
    faults : tuple of str
        What the practice's own check found, and what else was not as it must be.
    """

    n_kills: int
    n_acknowledged: int
    n_unanswered: int
    n_unanswered_kept: int
    n_refused: int
    n_events: int
    lost: tuple[str, ...]
    halves: tuple[str, ...]
    faults: tuple[str, ...]


def validate_kills(n_kills=200):
    """Kill a server of a made-up practice so often; return the figures by their names.

    Nothing is printed, and everything that is made on the way is removed.
    """
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="duologue-kills-") as made:
        place = Path(made)
        with closing(Forks(place)) as forks:
            folder = place / "demo"
            make_demo(folder, forks)
            found = kill_under_load(folder, n_kills, dice(SEED), forks=forks)
    seconds = round(time.monotonic() - begun, 1)
    return {
        **asdict(found),
        "n_lost": len(found.lost),
        "n_halves": len(found.halves),
        "n_faults": len(found.faults),
        "seconds": seconds,
    }


def make_demo(folder, forks):
    """Make a demo whose passphrase costs nothing to try, without charts on its page."""
    server = forks.start("demo", folder, "--port", 0, cheap=True)
    server.until(SERVED)
    server.end()


def kill_under_load(folder, n_kills, rng, *, forks, never_sent=0):
    """Let people write, kill the server, and look for what was promised; so many times.

    Parameters
    ----------
    folder : pathlib.Path
        A demo that is not served.
    n_kills : int
        How often.
    rng : random.Random
        Draws what is written, and when the server is killed.
    forks : Forks
        Starts the server.
    never_sent : int
        So many answers are taken for promised that no server was ever sent. They must
        be found lost, or the examination sees nothing.

    Returns
    -------
    Figures
        What came of it; `Figures.lost` must be empty.
    """
    passphrase, tell, server, ledger, writers = _begun(folder, rng, forks)
    for n in range(1, n_kills + 1):
        server = _one_kill(server, ledger, writers, rng, forks, folder)
        if n == n_kills:
            ledger.pretend(never_sent, writers, rng)
        ledger.settle(tell(), writers)
        if n % CHECK_EVERY == 0:
            ledger.verified(forks.run("verify", folder, passphrase=passphrase))
    ended = server.end()
    if (ended.code, ended.err) != (130, ""):
        ledger.faults.append(f"the server ended with {ended.code}: {ended.err}")
    ledger.verified(forks.run("verify", folder, passphrase=passphrase))
    return ledger.figures(n_kills, writers)


def _begun(folder, rng, forks):
    """Start the server of a demo, with people who are ready to write.

    Returns the passphrase, what tells of the practice, the server, the ledger and the
    writers.
    """
    passphrase = (folder / PASSPHRASE).read_text("utf-8").strip()
    tell = partial(
        forks.call, "faults.telling:tell", folder=folder, passphrase=passphrase
    )
    server = forks.start("serve", folder, "--port", 0)
    links = links_in(server.until(SERVED))
    ledger = Ledger(tell())
    return passphrase, tell, server, ledger, _writers(ledger, links, rng)


def act_under_load(folder, rng, *, forks, act):
    """Do something beside a server of a demo to which people are writing.

    Parameters
    ----------
    folder, rng, forks : pathlib.Path, random.Random, Forks
        As in `kill_under_load`.
    act : callable
        Is called with the passphrase once the first answer has been kept.

    Returns
    -------
    Figures
        What came of what was written meanwhile; nobody is killed.
    """
    passphrase, tell, server, ledger, writers = _begun(folder, rng, forks)
    threads = _started(writers)
    ledger.first.wait(PATIENCE_S)
    act(passphrase)
    for writer in writers:
        writer.tired = True
    for thread in threads:
        thread.join()
    server.end()
    ledger.settle(tell(), writers)
    return ledger.figures(0, writers)


def _started(writers):
    """Let them write, each in a thread of their own."""
    threads = [threading.Thread(target=writer.write) for writer in writers]
    for thread in threads:
        thread.start()
    return threads


def _one_kill(server, ledger, writers, rng, forks, folder):
    """Let them write, kill the server meanwhile; return the one that is started next."""
    ledger.first.clear()
    threads = _started(writers)
    if rng.random() < WARM:
        ledger.first.wait(PATIENCE_S)
    time.sleep(rng.uniform(SHORTEST_S, LONGEST_S))
    server.kill()
    for thread in threads:
        thread.join()
    server = forks.start("serve", folder, "--port", 0)
    links = links_in(server.until(SERVED))
    for writer in writers:
        writer.move(links)
    return server


def links_in(said):
    return dict(re.findall(r"^  (\S+) +(http://\S+)$", said, re.MULTILINE))


def _writers(ledger, links, rng):
    """Give each of some seats to somebody who writes, and nobody else does."""
    seats = [each for each in ledger.people if each[3] == "therapy"]
    rng.shuffle(seats)
    shares = [seats[n::N_WRITERS] for n in range(N_WRITERS)]
    return [Writer(ledger, share, links, dice(rng.random())) for share in shares]


class Ledger:
    """What is there for certain, and how each promise fared.

    Parameters
    ----------
    told : dict
        What the practice holds at first; see `faults.telling.tell`.
    """

    def __init__(self, told):
        self.people = told["people"]
        self.sessions = told["sessions"]
        self.promised = _by_key(told["kept"])
        self.first = threading.Event()
        self.lost, self.halves, self.faults = [], [], []
        self.n_unanswered_kept = 0
        self._n_events_before = self.n_events = told["n_events"]
        self._learn(told)

    def pretend(self, n, writers, rng):
        """Count so many answers as promised that nobody has sent, or is sending."""
        busy = {
            key for writer in writers for key in (*writer.on_its_way, *writer.unsure)
        }
        keys = [
            ("answer", ref, number, seat, "line")
            for _, ref, seat, _ in self.people
            for number in self.sessions[ref]
        ]
        for key in rng.sample([key for key in keys if key not in busy], n):
            self.promised[key] = "never sent by anybody"

    def settle(self, told, writers):
        """Hold what is there against what was promised, after a kill."""
        kept = _by_key(told["kept"])
        self._learn(told)
        self.faults += told["faults"]
        for writer in writers:
            self._settle_form(writer, kept)
            for key, values in writer.unsure.items():
                if kept.get(key) in values:
                    self.promised[key] = kept[key]
            writer.unsure.clear()
        for key, value in self.promised.items():
            if kept.get(key) != value:
                self.lost.append(_named(key))
        self.promised = kept

    def verified(self, ended):
        """Take note of what ``duologue verify`` said."""
        if (ended.code, ended.err) != (0, "") or ": whole." not in ended.out:
            self.faults.append(f"verify: {ended.code} {ended.out} {ended.err}")

    def figures(self, n_kills, writers):
        """Return what came of it."""
        n_new = self.n_events - self._n_events_before
        n_kept = sum(writer.n_kept for writer in writers)
        n_on_their_way = sum(writer.n_unanswered for writer in writers)
        n_refused = sum(writer.n_refused for writer in writers)
        strange = sum((writer.strange for writer in writers), Counter())
        self.faults += (
            f"answered with {code} ({n} times)" for code, n in strange.items()
        )
        if not n_kept <= n_new <= n_kept + n_on_their_way + n_refused:
            self.faults.append(f"{n_new} events, {n_kept} forms that were kept")
        return Figures(
            n_kills=n_kills,
            n_acknowledged=n_kept,
            n_unanswered=n_on_their_way,
            n_unanswered_kept=self.n_unanswered_kept,
            n_refused=n_refused,
            n_events=n_new,
            lost=tuple(self.lost),
            halves=tuple(self.halves),
            faults=tuple(self.faults),
        )

    def _learn(self, told):
        """Note what can be written beside, and what stays as it is."""
        self.opened = {tuple(key) for key in told["opened"]}
        self.thoughts = {_key(key): ref for key, ref in told["thoughts"]}
        self.n_events = told["n_events"]

    def _settle_form(self, writer, kept):
        """Of a form that was on its way all must be there, or nothing.

        What has opened by now is left out: it may have stayed as it was, which its
        writer would have been told.
        """
        form = writer.on_its_way
        free = [key for key in form if key not in self.opened]
        is_new = [kept.get(key) == form[key] for key in free]
        is_old = [
            kept.get(key) in (self.promised.get(key), *writer.unsure.get(key, ()))
            for key in free
        ]
        if not (all(is_new) or all(is_old)):
            self.halves.append(", ".join(map(_named, free)))
        self.n_unanswered_kept += all(is_new) and not all(is_old)
        for key, value in form.items():
            if kept.get(key) == value:
                self.promised[key] = value


def _by_key(kept):
    return {_key(key): tuple(v) if isinstance(v, list) else v for key, v in kept}


def _key(key):
    return tuple(key)


def _named(key):
    """Return what a key is of, without anybody's words."""
    return " ".join(map(str, key[:5]))


class Visitor:
    """A browser at one person's host, on one connection: it keeps its cookies."""

    def __init__(self, link):
        self.link = urlsplit(link)
        self._cookies = SimpleCookie()
        self._connection = None

    def come_in(self):
        """Come in by the link."""
        self.ask("GET", self.link.path)
        assert self.post(self.link.path) == KEPT

    def post(self, path, **fields):
        """Send a form; return the status of the answer."""
        fields["csrfmiddlewaretoken"] = self._cookies["csrftoken"].value
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, urlencode(fields), **form)

    def ask(self, method, path, body=None, **headers):
        """Send a request; return the status of the answer once all of it is here."""
        if self._connection is None:
            self._connection = HTTPConnection(LOOPBACK, self.link.port, timeout=60)
        cookies = "; ".join(f"{m.key}={m.value}" for m in self._cookies.values())
        headers |= {"Host": self.link.netloc, "Cookie": cookies}
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        response.read()
        for cookie in response.headers.get_all("Set-Cookie", ()):
            self._cookies.load(cookie)
        return response.status

    def leave(self):
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


@dataclass(kw_only=True)
class Form:
    """Something that can be sent: where to, its fields, and what it is to become."""

    path: str
    fields: dict
    becomes: dict = field(default_factory=dict)


class Writer:
    """Somebody who writes, in seats in which nobody else does.

    Attributes
    ----------
    on_its_way : dict
        What the form was to become that has not been answered.
    unsure : dict
        What may have been kept of forms that were kept but for a part: values by key.
    tired : bool
        Whether they are to stop, the server being there or not.
    """

    def __init__(self, ledger, seats, links, rng):
        self.ledger, self._seats, self._rng = ledger, seats, rng
        self._visitors = {code: Visitor(links[code]) for code, *_ in seats}
        for visitor in self._visitors.values():
            visitor.come_in()
        self.on_its_way, self.unsure = {}, {}
        self.n_kept = self.n_unanswered = self.n_refused = self._n = 0
        self.strange, self.tired = Counter(), False

    def move(self, links):
        """Turn to the address at which the next server listens."""
        for code, visitor in self._visitors.items():
            visitor.leave()
            visitor.link = urlsplit(links[code])

    def write(self):
        """Send one form after the other until the server is gone."""
        try:
            self._write()
        finally:
            for visitor in self._visitors.values():
                visitor.leave()

    def _write(self):
        self.on_its_way = {}
        while not self.tired:
            code, ref, seat, _ = self._rng.choice(self._seats)
            form = self._form(ref, seat)
            self.on_its_way = form.becomes
            try:
                status = self._visitors[code].post(form.path, **form.fields)
            except BROKEN:
                self.n_unanswered += bool(form.becomes)
                return
            self.on_its_way = {}
            self._note(status, form)

    def _note(self, status, form):
        if status == KEPT:
            self.n_kept += 1
            self.ledger.first.set()
            for key, value in form.becomes.items():
                self.unsure.pop(key, None)
                # No other writer has this key: nothing is overwritten by anybody.
                self.ledger.promised[key] = value
        elif status in {STAYED, REFUSED}:
            self.n_refused += 1
            if len(form.becomes) > 1:
                for key, value in form.becomes.items():
                    self.unsure.setdefault(key, []).append(value)
        else:
            self.strange[status] += 1

    # What they send ------------------------------------------------------------------

    def _form(self, ref, seat):
        makers = (
            *(3 * (self._words,)),
            *(2 * (self._marks,)),
            *(self._blank, self._willing, self._closed, self._thought, self._gone),
            *(self._card, self._unsaid),
        )
        return self._rng.choice(makers)(ref, seat)

    def _answers(self, ref, seat, answers):
        """Make a form of answers to one session of which none has opened."""
        number = self._rng.choice(self.ledger.sessions[ref])
        keys = {item: ("answer", ref, number, seat, item) for item in answers}
        if all(key in self.ledger.opened for key in keys.values()):
            return self._words_of(
                ref, seat, self._rng.choice(self.ledger.sessions[ref])
            )
        left = {i: v for i, v in answers.items() if keys[i] not in self.ledger.opened}
        return Form(
            path=f"/with/{ref}/{number}/save/",
            fields={
                **{item: _typed(value) for item, value in left.items()},
                "done": "yes",
            },
            becomes={keys[item]: value for item, value in left.items()},
        )

    def _words(self, ref, seat):
        return self._words_of(ref, seat, self._rng.choice(self.ledger.sessions[ref]))

    def _words_of(self, ref, seat, number):
        key = ("answer", ref, number, seat, "line")
        words = self._said()
        return Form(
            path=f"/with/{ref}/{number}/save/",
            fields={"line": words, "done": "yes"},
            becomes={key: words},
        )

    def _marks(self, ref, seat):
        """Answer several questions at once, in words and numbers."""
        items = self._rng.sample(SCALES, 3)
        answers = {item: float(self._rng.randrange(101)) for item in items}
        asked = self._rng.choice(list(CHOICES))
        return self._answers(
            ref,
            seat,
            {**answers, asked: self._rng.choice(CHOICES[asked]), "line": self._said()},
        )

    def _blank(self, ref, seat):
        """Take words out again that have not opened."""
        number = self._rng.choice(self.ledger.sessions[ref])
        key = ("answer", ref, number, seat, "line")
        return Form(
            path=f"/with/{ref}/{number}/save/",
            fields={"line": "", "was-line": "something", "done": "yes"},
            becomes={key: None},
        )

    def _willing(self, ref, seat):
        number = self._rng.choice(self.ledger.sessions[ref])
        say = self._rng.choice(("willing", "not"))
        return Form(
            path=f"/with/{ref}/{number}/willing/",
            fields={"say": say},
            becomes={("willing", ref, number, seat): say == "willing" or None},
        )

    def _closed(self, ref, seat):
        """Take back an answer that has opened, or let it open again."""
        found = self._own(ref, seat, self.ledger.opened)
        if not found:
            return self._willing(ref, seat)
        _, _, number, _, item = self._rng.choice(found)
        do = self._rng.choice(("take_back", "open_again"))
        return Form(
            path=f"/with/{ref}/{number}/take-back/",
            fields={"item": item, "do": do},
            becomes={
                ("taken back", ref, number, seat, item): do == "take_back" or None
            },
        )

    def _thought(self, ref, seat):
        """Put a later thought beside an answer that has opened; it may be closed now."""
        found = self._own(ref, seat, self.ledger.opened)
        if not found:
            return self._words(ref, seat)
        _, _, number, _, item = self._rng.choice(found)
        words = self._said()
        return Form(
            path=f"/with/{ref}/{number}/later/",
            fields={"item": item, "words": words},
            becomes={("thought", ref, number, seat, item, words): True},
        )

    def _gone(self, ref, seat):
        """Remove a later thought that was there when the server was started."""
        found = self._own(ref, seat, self.ledger.thoughts)
        if not found:
            return self._thought(ref, seat)
        key = self._rng.choice(found)
        return Form(
            path=f"/with/{ref}/{key[2]}/later/",
            fields={"remove": self.ledger.thoughts[key]},
            becomes={key: None},
        )

    def _card(self, ref, seat):
        do = self._rng.choice(("send", "withdraw"))
        return Form(
            path=f"/with/{ref}/choices/card/",
            fields={"do": do},
            becomes={("card", ref, seat): do == "send" or None},
        )

    def _unsaid(self, ref, seat):
        share = self._rng.choice(("on", "off"))
        return Form(
            path=f"/with/{ref}/choices/unsaid/",
            fields={"share": share},
            becomes={("unsaid", ref, seat): share == "on" or None},
        )

    def _own(self, ref, seat, keys):
        """Return those of these keys that are this seat's, in an order that is repeatable."""
        return sorted(key for key in keys if key[1] == ref and key[3] == seat)

    def _said(self):
        """Return words that nobody has written before."""
        self._n += 1
        some = "".join(self._rng.choices(LETTERS, k=self._rng.choice((5, 60, 200))))
        return f"{self._n} {self._rng.randrange(10**9)} {some}".strip()


def _typed(value):
    return f"{value:g}" if isinstance(value, float) else value
