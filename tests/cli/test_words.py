"""``duologue words`` as a stranger, and as a researcher, reads it."""

import csv
import json
import re
import sys
import time
from types import SimpleNamespace

import numpy as np
import pytest

from duologue.cli import who_is_who, words_files
from duologue.formats import sentences
from duologue.relationship.lint import banned_words

SEATS = ("--client", "Cara", "--therapist", "Theo")
LEXICON = [
    f"word{'abcdefghij'[i % 10]}{'xyz'[i // 10 % 3] * (i // 30 + 1)}"
    for i in range(150)
]
COMMON = ["i", "you", "the", "so", "it", "and", "of", "was", "not", "then"]
SENTINEL = "geheimnis"
NEVER = ("lsm", "coordination", "dialign", "score of", "style")


def at(seconds):
    whole, ms = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{ms:03}"


def talk(n_pairs=35, *, follows=0.0, seed=1):
    """Return made-up turns, in which the therapist takes up so many of the words."""
    rng = np.random.default_rng(seed)
    before = []
    for _ in range(n_pairs):
        for who in ("Cara", "Theo"):
            words = [*rng.choice(LEXICON, 6), *rng.choice(COMMON, 6)]
            if who == "Theo":
                words = [
                    old if rng.random() < follows else new
                    for old, new in zip(before, words, strict=True)
                ]
            yield who, " ".join(words)
            before = words


def written(path, turns, *, gap_s=1.5, long_s=4.0):
    """Write turns as WebVTT, with gaps between them that differ."""
    lines, now = ["WEBVTT", ""], 1.0
    for n, (who, text) in enumerate(turns):
        lines += [f"{at(now)} --> {at(now + long_s)}", f"<v {who}>{text}.", ""]
        now += long_s + gap_s + 0.1 * (n % 7)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def file(tmp_path):
    return written(tmp_path / "session.vtt", talk(follows=0.6))


@pytest.fixture
def short(tmp_path):
    turns = [
        ("Cara", f"I said {SENTINEL} to them, and I was not sure"),
        ("Theo", "Right now, between us, what was it like?"),
        ("Cara", "I don't know. It's fine"),
        ("Theo", "So you have to go there again"),
    ]
    return written(tmp_path / "short.vtt", turns)


def said(ended):
    return " ".join(ended.out.split())


def sessions(cli, *arguments):
    ended = cli("words", *arguments, "--json")
    assert ended.code == 0, ended.err
    return json.loads(ended.out)["sessions"]


def test_it_tells_of_talk_turns_pauses_and_following_beside_chance(cli, file):
    ended = cli("words", file, *SEATS)

    assert (ended.code, ended.err) == (0, "")
    told = said(ended)
    assert "Talk: the client 420 words (50%), the therapist 420 (50%)" in told
    assert "Turns: the client 35 of 12 words on average, 0 with a question mark" in told
    assert "Pauses: 69 silences of 1 s or more, 0 of 3 s or more" in told
    assert "client to therapist 35, therapist to client 34" in told
    assert re.search(r"the client's turns [+-]0\.\d{3}, not told from chance", told)
    assert re.search(r"the therapist's turns \+0\.\d{3}, beyond chance \(z = ", told)
    assert "More is not better." in told
    assert "Counted, not scored" in told
    assert not any(word in told.casefold() for word in NEVER)


def test_below_30_pairs_nothing_is_said_of_following(cli, short):
    told = said(cli("words", short, *SEATS))

    assert (
        "nothing is said, since that takes 30 pairs of turns, both of 3 words or more"
        in told
    )
    assert "1 have the client second, 2 the therapist." in told
    assert "beyond chance" not in told


def test_counts_are_literal_and_passages_are_pointers(cli, short):
    told = said(cli("words", short, *SEATS))

    assert "here-and-now wording: between us, right now … 0 (0.0) 2 (13.3)" in told
    assert "wording such as “you need to”, “you have to” 0 (0.0) 1 (6.7)" in told
    assert "hedges: maybe, kind of, I guess … 2 (13.3) 0 (0.0)" in told
    assert (
        "0:06, turn 2, the therapist: here-and-now wording (2); then the client: 5 words"
    ) in told


def test_no_word_is_shown_but_with_quote(cli, short, tmp_path):
    page, table = tmp_path / "page.html", tmp_path / "table.csv"
    asked = ("words", short, *SEATS, "--html", page, "--table", table)

    plain = cli(*asked).out + page.read_text() + table.read_text()
    as_json = cli("words", short, *SEATS, "--json").out
    page.unlink()
    table.unlink()
    shown = cli(*asked, "--quote").out

    for words in ("what was it like", SENTINEL, "Cara", "Theo"):
        assert words not in plain
        assert words not in as_json
    assert "“Right now, between us, what was it like?.”" in shown
    assert "what was it like?" in page.read_text()
    assert "what was it like" not in table.read_text()
    assert "Cara" not in shown


def test_no_banned_word_is_said_and_nobody_is_told_what_to_do(
    cli, file, short, tmp_path
):
    page = tmp_path / "page.html"
    files = [written(tmp_path / f"{i}.vtt", talk(5, seed=i)) for i in range(4)]

    told = said(
        cli("words", file, short, *files, *SEATS, "--html", page, "--partners", "files")
    )
    told += page.read_text(encoding="utf-8").partition("</style>")[2]

    assert "Partners, function words" in told
    assert banned_words(told) == ()
    literal = "such as “you need to”, “you have to”"
    assert not re.search(
        r"\b(should|must|ought|have to|need to)\b", told.replace(literal, "")
    )


def test_what_is_quoted_can_start_nothing(cli, tmp_path):
    turns = [
        ("Cara", "I was there and then not there"),
        ("Theo", "Right now <b>[bold red]\x1b[31m so " + "it was far then " * 50),
    ]
    path, page = written(tmp_path / "odd.vtt", turns), tmp_path / "page.html"

    shown = cli("words", path, *SEATS, "--quote", "--html", page).out

    assert "\x1b" not in shown
    assert " …”" in shown
    assert len(shown) < 4000
    assert "<b>" not in page.read_text().partition("</style>")[2]


def test_where_times_cannot_tell_the_reason_is_told(cli, tmp_path):
    path = tmp_path / "plain.txt"
    path.write_text("T: How was it for you, then?\nC: I was not sure of it.\n")

    told = said(cli("words", path))

    assert "Pauses: nothing is said of them, since the file does not say when" in told
    assert "turn 1" not in told or "0:" not in told


def test_captions_end_to_end_say_nothing_of_pauses(cli, tmp_path):
    path = tmp_path / "captions.vtt"
    cues = "".join(
        f"{at(i * 1.3)} --> {at(i * 1.3 + 1.3)}\n<v {'TC'[i % 2]}>So it was then.\n\n"
        for i in range(9)
    )
    path.write_text(f"WEBVTT\n\n{cues}")

    told = said(cli("words", path))

    assert (
        "since the ends in the file are likely those of captions, not of speech" in told
    )


def test_the_seats_exchanged_exchange_what_is_told(cli, file):
    (there,) = sessions(cli, file, *SEATS)
    (back,) = sessions(cli, file, "--client", "Theo", "--therapist", "Cara")

    for name in ("words", "turns", "variety", "turn_lsm_duologue_form", "coordination"):
        assert there[name]["client"] == back[name]["therapist"], name
    assert there["lsm"] == back["lsm"]
    assert (
        there["timing"]["silences"]["client_then_therapist"]
        == (back["timing"]["silences"]["therapist_then_client"])
    )


def test_json_holds_what_is_not_told_of_one_session_and_says_so(cli, short):
    ended = cli("words", short, *SEATS, "--json")

    told = json.loads(ended.out)
    (one,) = told["sessions"]
    assert told["limits"].startswith("Of a single session nothing can be said by lsm")
    assert {"lsm", "turn_lsm_duologue_form", "coordination"} <= set(one)
    assert one["following"]["therapist"]["n_pairs"] == 2
    assert one["lsm"]["value"] is None
    assert one["counted"]["must"] == {"client": 0, "therapist": 1}
    assert one["versions"]["lists"] == "lists-1"
    assert one["passages"][0]["turn"] == 2
    assert one["passages"][0]["start_s"] == 6.5
    assert "following_in_meaning" not in one


def test_a_table_has_a_row_for_each_session_with_what_json_says(
    cli, file, short, tmp_path
):
    target = tmp_path / "sessions.csv"

    ended = cli("words", file, short, *SEATS, "--json", "--table", target)

    told = json.loads(ended.out)["sessions"]
    rows = list(csv.DictReader(target.read_text().splitlines()))
    assert [row["file"] for row in rows] == ["session.vtt", "short.vtt"]
    for row, one in zip(rows, told, strict=True):
        assert int(row["words_client"]) == one["words"]["client"]
        assert row["is_english"] == "true"
        for who in ("client", "therapist"):
            z = one["following"][who]["z"]
            assert row[f"following_{who}_z"] == ("" if z is None else str(z))
    assert rows[1]["lsm_value"] == ""
    assert not {"passages", "notes", "windows"} & set(rows[0])


def test_every_transcript_of_a_table_is_a_session(cli, tmp_path):
    path = tmp_path / "corpus.csv"
    rows = [f"{i},{who[0]},{text}" for i in range(14) for who, text in talk(3, seed=i)]
    path.write_text("transcript_id,speaker,text\n" + "\n".join(rows))

    found = sessions(cli, path)
    told = said(cli("words", path))
    (alone,) = sessions(cli, path, "--transcript", "9")

    assert [one["transcript"] for one in found] == [str(i) for i in range(14)]
    assert {**found[9]} == alone
    assert "All 14 sessions" in told
    assert "corpus.csv, 13 50%" in told
    assert "Talk: the client" not in told, "of so many, a line each"
    assert "--html tells of each, and quotes with --quote" in told


def test_real_partners_are_told_from_exchanged_ones(cli, tmp_path):
    files = []
    for i in range(5):
        folder = tmp_path / f"pair{i}"
        folder.mkdir()
        files.append(written(folder / "a.vtt", talk(10, follows=0.9, seed=i)))
    asked = ("words", *files, *SEATS, "--partners", "folders")

    told = said(cli(*asked))
    found = json.loads(cli(*asked, "--json").out)["partners"]

    assert "Partners, words in common, the therapist second:" in told
    assert "in 5 real pairs" in told
    assert "no sign that anybody follows" in told
    assert (
        found["words_therapist_follows"]["real"]
        > (found["words_therapist_follows"]["mismatched"])
    )
    assert found["words_therapist_follows"]["p"] < 0.05


def test_sessions_of_one_folder_are_of_one_pair(cli, tmp_path):
    files = [written(tmp_path / f"{i}.vtt", talk(5, seed=i)) for i in range(4)]

    ended = cli("words", *files, *SEATS, "--partners", "folders")

    assert ended.code == 2
    assert "--partners: the sessions must be of 4 pairs or more, got 1." in ended.err


def test_the_page_has_a_ribbon_and_a_table_and_needs_no_script(
    cli, file, short, tmp_path
):
    target = tmp_path / "page.html"

    ended = cli("words", file, short, *SEATS, "--html", target)

    assert ended.code == 0
    text = target.read_text(encoding="utf-8")
    assert "<script" not in text
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
    assert text.count("<svg") == 4  # two ribbons, and two over both sessions
    assert text.count("<table>") == 4 + 2  # each has its numbers, and the counts
    assert "Who spoke when" in text
    assert 'id="s2"' in text
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert not any(word in text.partition("</style>")[2].casefold() for word in NEVER)


def test_of_one_voice_nothing_is_said_of_two(cli, tmp_path):
    path = written(
        tmp_path / "one.vtt", [("Cara", "I was there"), ("Cara", "Then not")]
    )
    page = tmp_path / "page.html"

    told = said(cli("words", path, "--client", "Cara", "--html", page))

    assert "Nothing is said of the two: it takes words by both." in told
    assert "Only one of the two speaks" in told
    assert page.exists()


@pytest.mark.parametrize(
    "texts",
    [
        ("אני לא יודע מה לומר על זה", "ומה זה היה בשבילך"),
        ("😀 😀😀 🙃", "👍🏽 👨‍👩‍👧 😀"),
        ("Ich weiß es nicht so genau", "Das klingt nach viel Mühe"),
    ],
    ids=["right to left", "emoji", "German"],
)
def test_other_scripts_are_read_and_lists_of_english_say_nothing(cli, tmp_path, texts):
    path = written(tmp_path / "other.vtt", zip(("Cara", "Theo"), texts, strict=True))

    ended = cli("words", path, *SEATS, "--quote")

    assert (ended.code, ended.err) == (0, "")
    if "😀" in texts[0]:
        assert "it takes words by both" in said(ended)
    else:
        assert "Few of the words are English function words." in said(ended)
    assert "hedges" not in ended.out
    assert not any(text in ended.out for text in texts)


def test_turns_without_words_are_passed_over(cli, tmp_path):
    turns = [
        ("Cara", "I was there"),
        ("Theo", "[nods]"),
        ("Theo", ""),
        ("Theo", "And then"),
    ]
    path = written(tmp_path / "empty.vtt", turns)

    (one,) = sessions(cli, path, *SEATS)

    assert one["words"] == {"client": 3, "therapist": 2}
    assert one["turns"] == {"client": 1, "therapist": 1}


def test_starts_that_run_backwards_are_told(cli, tmp_path):
    path = tmp_path / "back.csv"
    path.write_text("speaker,start,text\nT,9,So it was then.\nC,3,I was not sure.\n")

    told = said(cli("words", path))

    assert "Of the file: " in told
    assert "order" in told


def test_a_talk_of_three_hours_is_counted_in_seconds(cli, tmp_path):
    path = written(tmp_path / "long.vtt", talk(1000), long_s=4.0)

    begun = time.process_time()
    (one,) = sessions(cli, path, *SEATS)
    took = time.process_time() - begun

    assert one["timing"]["span_s"] > 3 * 3600
    assert one["following"]["client"]["n_pairs"] == 999
    assert took < 20


def asked_at_a_terminal(monkeypatch, *answers):
    """Let a person sit at the terminal and give these answers."""
    given = iter(answers)
    for module in (words_files, who_is_who):
        monkeypatch.setattr(
            module,
            "sys",
            SimpleNamespace(
                stdin=SimpleNamespace(isatty=lambda: True),
                stderr=SimpleNamespace(isatty=lambda: True),
            ),
        )
    monkeypatch.setattr(who_is_who.Prompt, "ask", lambda *_, **__: next(given))


def test_at_a_terminal_it_asks_who_is_who(cli, short, monkeypatch):
    asked_at_a_terminal(monkeypatch, "1", "2")

    ended = cli("words", short)

    assert ended.code == 0
    assert "Talk: the client 15 words" in said(ended)


def test_a_model_of_sentences_is_asked_for_by_its_folder(
    cli, file, tmp_path, monkeypatch
):
    folder = tmp_path / "small-model"
    folder.mkdir()
    (folder / "modules.json").write_text("[]")

    class Model:
        def __init__(self, path, **settings):
            assert settings == {"device": "cpu", "local_files_only": True}
            assert path == str(folder)

        def encode(self, texts, **_):
            return [[1.0 + text.count("a"), text.count("y"), 1.0] for text in texts]

    fake = SimpleNamespace(SentenceTransformer=Model, __spec__=SimpleNamespace())
    monkeypatch.setitem(sys.modules, "sentence_transformers", fake)
    for name in sentences.ALONE:
        monkeypatch.setenv(name, "0")  # what is set is taken back after this test

    told = said(cli("words", file, *SEATS, "--sentences", folder))
    found = json.loads(cli("words", file, *SEATS, "--sentences", folder, "--json").out)

    assert "Meaning, as the model places it: the therapist's turns" in told
    assert found["model"] == "small-model"
    assert found["sessions"][0]["following_in_meaning"]["client"]["n_pairs"] == 34


def test_without_a_model_none_is_loaded(cli, file):
    cli("words", file, *SEATS)

    assert "sentence_transformers" not in sys.modules
    assert "torch" not in sys.modules


def test_a_short_session_is_told_in_thirds_and_pairs_are_not_joined(
    cli, file, tmp_path
):
    course, pairs = tmp_path / "course.html", tmp_path / "pairs.html"
    several = [file]
    for n in range(3):
        several.append(tmp_path / f"{n}.vtt")
        words = file.read_text(encoding="utf-8").replace("word", f"other{'abc'[n]}")
        several[-1].write_text(words, encoding="utf-8")

    for page, more in ((course, ()), (pairs, ("--partners", "files"))):
        assert cli("words", *several, *SEATS, *more, "--html", page).code == 0

    texts = [page.read_text(encoding="utf-8") for page in (course, pairs)]
    over_all = [text.partition('id="s1"')[0].count("<polyline") for text in texts]
    assert over_all[0] > over_all[1] == 0
    first = texts[0].partition('id="s1"')[2].partition('id="s2"')[0]
    numbers = first.partition("<table>")[2].partition("</table>")[0]
    assert numbers.count("<th scope=row>") == 3


def test_mm_hm_while_the_other_goes_on_is_told(cli, tmp_path):
    path = tmp_path / "mm.vtt"
    cues = [
        ("00:01.000", "00:06.000", "Cara", "I went there and then"),
        ("00:04.000", "00:04.500", "Theo", "Mm hm."),
        ("00:06.300", "00:08.000", "Cara", "I came back again"),
        ("00:09.100", "00:12.000", "Theo", "What was it like?"),
    ]
    told = [f"{start} --> {end}\n<v {who}>{text}\n" for start, end, who, text in cues]
    path.write_text("\n".join(["WEBVTT\n", *told]), encoding="utf-8")

    assert "kept the turn: the client 0, the therapist 1." in said(
        cli("words", path, *SEATS)
    )


def test_who_speaks_only_while_the_other_does_has_no_turns(cli, tmp_path):
    file = tmp_path / "one.csv"
    file.write_text(
        "speaker,start,end,text\n"
        "T,0.001,30.512,I was wondering how this week went for you\n"
        "C,5.112,5.601,mm hm\n"
        "T,40.103,60.207,and then on we go with a little more\n"
        "C,45.112,45.603,yeah\n"
    )

    told = said(cli("words", file))

    assert "Turns: the client 0, 0 with a question mark; the therapist 1 of 18" in told


def test_where_nothing_differs_it_is_not_said_that_there_are_too_few(cli, tmp_path):
    file = tmp_path / "same.csv"
    file.write_text("speaker,text\n" + "T,I see it all\nC,I see it all\n" * 40)

    told = said(cli("words", file))

    assert "nothing is said, since all pairs of turns have alike much." in told
    assert "that takes 30 pairs" not in told
