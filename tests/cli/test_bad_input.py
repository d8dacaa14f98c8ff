"""Bad input: one line that helps, exit code 2, and nothing else anywhere.

Each case spoils a sound course, or makes one file of its own, with a sentinel in the
place that is wrong; whatever is said about it never repeats the sentinel.
"""

import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from duologue.cli import instruments as instruments_command
from duologue.cli.demo import MARKER_TEXT
from duologue.cli.main import COMMANDS
from duologue.cli.serving import listen

SENTINEL = "sentinel-31337"
NUMBER = "31337.25"
WORD = "geheimnis"
TELLTALES = (SENTINEL, "31337", WORD)

REFLECTIONS = "session,seat,item,value,shared\n"
SESSIONS = "session,planned_start,started,ended,status\n"
HEAD = '[seats]\nclient = "c-1"\ntherapist = "t-1"\n'
CUES = "WEBVTT\n\n" + "".join(
    f"00:0{i}.000 --> 00:0{i}.900\n<v {label}>{SENTINEL} {i}.\n\n"
    for i, label in enumerate((WORD, "B", "C"), start=1)
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One way to be wrong.

    Attributes
    ----------
    files : dict of str to str, bytes or int
        What to write below the folder; a number makes an empty file of that size.
    arguments : tuple of str
        The command; ``{}`` stands for the folder.
    says : tuple of str
        What the message must hold.
    """

    files: dict
    arguments: tuple
    says: tuple


CASES = {}


def course(name, files, *says, options=()):
    """Add a case: a sound course in which these files are replaced."""
    CASES[name] = Case(
        files={f"course/{path}": text for path, text in files.items()},
        arguments=("read", "{}/course", *options),
        says=says,
    )


def single(name, files, arguments, *says):
    """Add a case without a course."""
    CASES[name] = Case(files=files, arguments=arguments, says=says)


# A course: answers
course(
    "wrong seat",
    {"reflections.csv": f"{REFLECTIONS}1,{SENTINEL},open,50,yes\n"},
    "reflections.csv, line 2",
    "client, therapist",
)
course(
    "blank seat",
    {"reflections.csv": f"{REFLECTIONS}1,,open,{NUMBER},yes\n"},
    "reflections.csv, line 2",
    "client or therapist",
)
course(
    "unknown item",
    {"reflections.csv": f"{REFLECTIONS}1,client,{SENTINEL},50,yes\n"},
    "reflections.csv, line 2",
    "must be one of open,",
)
course(
    "value out of range",
    {"reflections.csv": f"{REFLECTIONS}1,client,open,{NUMBER},yes\n"},
    "reflections.csv, line 2",
    "0 to 100",
)
course(
    "text in a scale's value",
    {"reflections.csv": f"{REFLECTIONS}1,client,open,{SENTINEL},yes\n"},
    "reflections.csv, line 2",
    "a number in 0 to 100",
)
for odd in ("nan", "inf", "-inf", "1e999", "0x1F", "1_0", "５０"):
    course(
        f"{odd} for a value",
        {"reflections.csv": f"{REFLECTIONS}1,client,open,{odd},yes\n"},
        "reflections.csv, line 2",
        "a number in 0 to 100",
    )
course(
    "an option that the prompt does not have",
    {"reflections.csv": f"{REFLECTIONS}1,client,unsaid,{SENTINEL},yes\n"},
    "reflections.csv, line 2",
    "unsaid of the client takes one of",
)
course(
    "duplicate answer",
    {"reflections.csv": f"{REFLECTIONS}1,client,open,5,yes\n1,client,open,31.337,no\n"},
    "reflections.csv, line 3",
    "twice",
)
course(
    "sharing is neither yes nor no",
    {"reflections.csv": f"{REFLECTIONS}1,client,open,5,{SENTINEL}\n"},
    "reflections.csv, line 2",
    "yes, no or blank",
)
course(
    "a session that is no number",
    {"reflections.csv": f"{REFLECTIONS}{SENTINEL},client,open,5,yes\n"},
    "reflections.csv, line 2",
    "whole number",
)
course(
    "a session that the course does not have",
    {"reflections.csv": f"{REFLECTIONS}31337,client,open,5,yes\n"},
    "reflections.csv, line 2",
    "sessions.csv does not have this session",
)
# A course: sessions
course(
    "date order",
    {"sessions.csv": f"{SESSIONS}1,2026-02-05T14:00,,,\n2,2026-01-05T14:00,,,\n"},
    "sessions.csv, line 3",
    "before that of an earlier session",
)
course(
    "ended before started",
    {
        "sessions.csv": f"{SESSIONS}"
        "1,2026-01-05T14:00,2026-01-05T14:00,2026-01-05T13:00,held\n"
    },
    "sessions.csv, line 2",
    "end",
)
course(
    "duplicate session",
    {"sessions.csv": f"{SESSIONS}1,,,,\n1,,,,\n"},
    "sessions.csv, line 3",
    "earlier line too",
)
course(
    "a time that is none",
    {"sessions.csv": f"{SESSIONS}1,{SENTINEL},,,\n"},
    "sessions.csv, line 2",
    "ISO 8601",
)
course(
    "a status that is none",
    {"sessions.csv": f"{SESSIONS}1,,,,{SENTINEL}\n"},
    "sessions.csv, line 2",
    "held, cancelled, no_show, moved",
)
course(
    "a session folder without a session",
    {"session-009/transcript.csv": f"seat,start,end,text\nclient,,,{SENTINEL}\n"},
    "session-009",
    "no session 9",
)
course(
    "two transcripts in one folder",
    {
        "session-001/transcript.csv": f"seat,start,end,text\nclient,,,{SENTINEL}\n",
        "session-001/transcript.vtt": CUES,
    },
    "session-001",
    "one transcript",
)
course(
    "a transcript whose speakers nobody has placed",
    {"session-001/transcript.vtt": CUES},
    "session-001",
    "transcript.vtt",
    "under [labels] in course.toml",
)
# A course: other tables
course(
    "a form's answer is text",
    {
        "measures.csv": "session,seat,instrument,item,value\n"
        f"1,client,phq9,1,{SENTINEL}\n"
    },
    "measures.csv, line 2",
    "a number",
)
MEASURES = "session,seat,instrument,item,value\n1,client,phq9,1,2\n"
course(
    "a form of an instrument that there is not",
    {"measures.csv": f"{MEASURES}1,client,{SENTINEL},1,2\n"},
    "measures.csv, line 3",
    "instrument must be one of arm5, gad7, phq4, phq9",
)
course(
    "a form's item that there is not",
    {"measures.csv": f"{MEASURES}1,client,phq4,{SENTINEL},2\n"},
    "measures.csv, line 3",
    "phq4 has the items 1, 2, 3, 4",
)
course(
    "a form's answer that is not allowed",
    {"measures.csv": f"{MEASURES}1,client,phq9,2,{NUMBER}\n"},
    "measures.csv, line 3",
    "phq9 item 2 takes one of 0, 1, 2, 3",
)
course(
    "a form in the wrong seat",
    {"measures.csv": f"{MEASURES}1,therapist,phq9,2,3\n"},
    "measures.csv, line 3",
    "filled in by the client",
)
course(
    "a goal rated outside 0 to 10",
    {"goals.csv": f"goal,words,session,rating\ng1,{SENTINEL},1,{NUMBER}\n"},
    "goals.csv, line 2",
    "0 to 10",
)
course(
    "an edge of a kind that there is not",
    {"frame.csv": f"session,kind,by,tag\n1,{SENTINEL},,\n"},
    "frame.csv, line 2",
    "overran",
)
# A course: tables as such
course(
    "unknown column",
    {"reflections.csv": f"session,seat,item,value,{SENTINEL}\n1,client,open,5,x\n"},
    "reflections.csv, line 1",
    "session, seat, item, value, shared",
)
course(
    "missing column",
    {"reflections.csv": f"session,seat,item\n1,client,{SENTINEL}\n"},
    "reflections.csv, line 1",
    "value is missing",
)
course("empty file", {"reflections.csv": b""}, "reflections.csv", "empty")
course(
    "binary file",
    {"reflections.csv": REFLECTIONS.encode() + b"\x00\x01" + SENTINEL.encode()},
    "reflections.csv, line 2",
    "binary",
)
course(
    "Latin-1",
    {"goals.csv": f"goal,words\ng1,café {SENTINEL}\n".encode("latin-1")},
    "goals.csv, line 2",
    "UTF-8",
)
course(
    "UTF-16",
    {"goals.csv": f"goal,words\ng1,{SENTINEL}\n".encode("utf-16")},
    "goals.csv, line 1",
    "UTF-8",
)
course(
    "200 MB",
    {"reflections.csv": 200_000_000},
    "reflections.csv",
    "at most 20 MB",
)
course(
    "a file that ends mid-line",
    {"reflections.csv": f"{REFLECTIONS}1,client,open,5,yes\n1,client,{SENTINEL}"},
    "reflections.csv, line 3",
    "5 cells",
)
course(
    "a file that ends within quotation marks",
    {"goals.csv": f'goal,words\ng1,"{SENTINEL}'},
    "goals.csv, line 2",
    "quotation marks",
)
course(
    "a row with a cell too many",
    {"reflections.csv": f"{REFLECTIONS}1,client,open,5,yes,{SENTINEL}\n"},
    "reflections.csv, line 2",
    "5 cells",
)
# A course: settings
course(
    "one seat only",
    {"course.toml": f'[seats]\nclient = "{SENTINEL}"\n'},
    "course.toml",
    "both seats",
)
course(
    "one person in both seats",
    {"course.toml": f'[seats]\nclient = "{SENTINEL}"\ntherapist = "{SENTINEL}"\n'},
    "course.toml",
)
course(
    "an unknown key",
    {"course.toml": f'{SENTINEL} = "{WORD}"\n{HEAD}'},
    "course.toml",
    "made_up, kind, code, seats",
)
course(
    "an unknown key in the agreement",
    {"course.toml": f'{HEAD}[agreement]\n{SENTINEL} = "{WORD}"\n'},
    "course.toml",
    "length_min, rhythm, frame, crisis",
)
course(
    "a kind that there is not",
    {"course.toml": f'kind = "{SENTINEL}"\n{HEAD}'},
    "course.toml",
    "therapy, supervision",
)
course(
    "settings that are no TOML",
    {"course.toml": f"{HEAD}{SENTINEL}\n"},
    "course.toml, line 4",
    "TOML",
)
# Options that do not go with a course
for option in ("--pair=7", "--range=0:10", "--items=open", "--client=Q"):
    course(
        f"{option} with a course",
        {},
        option.partition("=")[0],
        "does not go with a course folder",
        options=(option,),
    )
course("an option that does not exist", {}, "--foo", options=(f"--foo={SENTINEL}",))
course("a word too many", {}, "too many arguments", options=(SENTINEL,))
course("a reader that there is not", {}, "ours", options=("--as", SENTINEL))
course("a day that is none", {}, "--as-of", "a day", options=("--as-of", SENTINEL))
course("a day to come", {}, "--as-of", options=("--as-of", "2999-01-01"))
course("an option without its value", {}, "--html", options=("--html",))
# Ratings
WIDE = "session,client_open,therapist_open\n"
TABLE = {"ratings.csv": f"{WIDE}1,4,6\n2,5,5\n"}
READ = ("read", "{}/ratings.csv")
single("range reversed", TABLE, (*READ, "--range", "10:0"), "low then high")
single("range of one", TABLE, (*READ, "--range", "5:5"), "low then high")
single("range of words", TABLE, (*READ, "--range", SENTINEL), "0:10")
single("range without end", TABLE, (*READ, "--range=0:inf"), "0:10")
single("range of nan", TABLE, (*READ, "--range=nan:10"), "0:10")
single("items empty", TABLE, (*READ, "--items", ""), "--items", "NAME=NAME")
single("items twice", TABLE, (*READ, "--items", "open,open"), "--items")
single("an item under two names", TABLE, (*READ, "--items", "a=x,b=x"), "items")
single(
    "an item without a column",
    TABLE,
    (*READ, "--items", "open,safe=9"),
    "ratings.csv, line 1",
    "item safe",
)
single("a pair where there are none", TABLE, (*READ, "--pair", SENTINEL), "pair")
single("a role that there is not", TABLE, (*READ, "--columns", f"{WORD}=x"), "roles")
single(
    "a transcript's option with ratings",
    TABLE,
    (*READ, "--transcript", SENTINEL),
    "--transcript does not go with a table of ratings",
)
single("one label for both", TABLE, (*READ, "--client=a", "--therapist=a"), "not the")
single(
    "a rating outside the range",
    {"ratings.csv": f"{WIDE}1,4,{NUMBER}\n"},
    (*READ, "--range", "0:10"),
    "ratings.csv, line 2",
    "0 to 10",
)
single(
    "ratings of one seat only",
    {"ratings.csv": f"{WIDE}1,4,\n"},
    (*READ, "--as", "research"),
    "ratings.csv",
    "therapist never answers",
)
single(
    "several pairs and none chosen",
    {"ratings.csv": f"pair,{WIDE}{SENTINEL},1,4,5\n{WORD},1,4,5\n"},
    READ,
    "2 pairs",
    "--pair CODE",
)
single(
    "no column that is known",
    {"ratings.csv": f"session,{SENTINEL}\n1,4\n"},
    READ,
    "ratings.csv, line 1",
    "client_open",
)
single(
    "a wrong seat in ratings",
    {"ratings.csv": f"session,seat,item,value\n1,{SENTINEL},open,5\n"},
    READ,
    "ratings.csv, line 2",
    "client, therapist",
)
single(
    "a day for what has no days",
    TABLE,
    (*READ, "--as", "research", "--as-of", "2026-01-01"),
    "a date for every session",
)
single("an empty table", {"ratings.csv": b""}, READ, "ratings.csv", "empty")
single("a large table", {"ratings.csv": 200_000_000}, READ, "at most 20 MB")
# Transcripts
TALK = {"talk.vtt": CUES}
HEAR = ("read", "{}/talk.vtt")
single("three speakers and none given", TALK, HEAR, "talk.vtt", "3 labels", "--client")
single(
    "a label that is not there",
    TALK,
    (*HEAR, "--client=Q", "--therapist=B"),
    "talk.vtt",
    "not all that were given",
)
single("one label for both speakers", TALK, (*HEAR, "--client=B", "--therapist=b"), "a")
single(
    "one of a table's transcripts where there is no table",
    TALK,
    (*HEAR, "--transcript", SENTINEL, "--client=B", "--therapist=C"),
    "talk.vtt",
    "only a table",
)
single(
    "a rating's option with a transcript",
    TALK,
    (*HEAR, "--range", "0:10"),
    "--range does not go with a transcript",
)
single("speakers and a page", TALK, (*HEAR, "--speakers", "--json"), "--json")
single("speakers of ratings", TABLE, (*READ, "--speakers"), "needs a transcript")
single(
    "several transcripts and none chosen",
    {"talk.csv": f"transcript_id,speaker,text\n1,T,{SENTINEL}\n2,C,{WORD}\n"},
    ("read", "{}/talk.csv"),
    "talk.csv",
    "--transcript ID",
)
single(
    "a row that ends before it starts",
    {"talk.csv": f"speaker,start,end,text\nT,5,4,{SENTINEL}\n"},
    ("read", "{}/talk.csv"),
    "talk.csv, line 2",
)
single("nothing said", {"talk.txt": "\n\n"}, ("read", "{}/talk.txt"), "talk.txt")
single(
    "a transcript cut off in its times",
    {"talk.vtt": f"WEBVTT\n\n00:01.000 --> \n<v {WORD}>{SENTINEL}\n"},
    HEAR,
    "talk.vtt",
)
single(
    "a sound for a transcript",
    {"talk.wav": b"RIFF\x00\x00" + SENTINEL.encode()},
    ("read", "{}/talk.wav"),
    "talk.wav",
    "binary",
)
single(
    "a word document under another name",
    {"talk.vtt": b"PK\x03\x04" + b"word/document.xml" + SENTINEL.encode()},
    HEAR,
    "talk.vtt",
    "a Word document",
)
single("a PDF", {"talk.txt": f"%PDF-1.7\n{SENTINEL}"}, ("read", "{}/talk.txt"), "a PDF")
single(
    "a transcript that does not say who speaks",
    {"talk.vtt": f"WEBVTT\n\n00:01.000 --> 00:02.000\n{SENTINEL}\n"},
    HEAR,
    "talk.vtt",
    "does not say who speaks",
)
single(
    "times without labels",
    {"talk.txt": f"10:02:33 {SENTINEL}\n10:02:40 {WORD}\n"},
    ("read", "{}/talk.txt"),
    "gives times and no labels",
)
single(
    "a cue that ends before it starts",
    {"talk.vtt": f"WEBVTT\n\n00:02.000 --> 00:01.000\n<v {WORD}>{SENTINEL}\n"},
    HEAR,
    "talk.vtt, line 3",
    "must not end before it starts",
)
single(
    "entities in a transcript of ELAN",
    {
        "talk.eaf": f'<!DOCTYPE a [<!ENTITY b "{SENTINEL}">]>\n'
        "<ANNOTATION_DOCUMENT>&b;</ANNOTATION_DOCUMENT>"
    },
    ("read", "{}/talk.eaf"),
    "talk.eaf, line 1",
    "must not declare a document type",
)
single(
    "XML that is not of ELAN",
    {"talk.eaf": f"<?xml version='1.0'?>\n<tt>{SENTINEL}</tt>"},
    ("read", "{}/talk.eaf"),
    "talk.eaf, line 2",
    "not of ELAN",
)
single(
    "text in no encoding",
    {"talk.txt": b"T: So.\nC: \x81 " + SENTINEL.encode()},
    ("read", "{}/talk.txt"),
    "talk.txt, line 2",
    "neither UTF-8 nor Windows-1252",
)
# Where the page goes
SEATED = (*HEAR, "--client", "B", "--therapist", "C")
single("a page onto the input", TALK, (*SEATED, "--html", "{}/talk.vtt"), "replace")
single(
    "a page onto the transcript of a folder",
    {"one/transcript.vtt": CUES},
    (
        *("read", "{}/one", "--client", "B", "--therapist", "C"),
        *("--html", "{}/one/transcript.vtt"),
    ),
    "replace",
)
single(
    "a page onto the input by another way",
    {**TALK, "sub/x": ""},
    (*SEATED, "--html", "{}/sub/../talk.vtt"),
    "replace",
)
single(
    "a page onto a file that is no page",
    {**TALK, "notes.txt": SENTINEL},
    (*SEATED, "--html", "{}/notes.txt"),
    "notes.txt",
    "not a page",
)
single("a page onto a folder", TALK, (*SEATED, "--html", "{}"), "not a page")
single(
    "a page into a missing folder",
    TALK,
    (*SEATED, "--html", "{}/no/page.html"),
    "page.html",
    "folder does not exist",
)
single(
    "a page with a name too long",
    TALK,
    (*SEATED, "--html", "{}/" + "x" * 300),
    "too long",
)
# Paths
single("nothing there", {}, ("read", "{}/gone.vtt"), "gone.vtt", "no such file")
single("no table there", {}, ("read", "{}/gone.csv"), "gone.csv", "no such file")
single("no folder there", {}, ("read", "{}/gone"), "gone", "no such file")
single("a folder without a course", {}, ("read", "{}"), "course.toml")
single(
    "a folder of courses",
    {"a/course.toml": HEAD, "b/course.toml": HEAD},
    ("read", "{}"),
    "2 courses",
)
single("a name too long", {}, ("read", "{}/" + "x" * 300), "too long")
single("a name of two lines", {}, ("read", "{}/two\nlines.vtt"), "two lines.vtt")
single("a null device", {}, ("read", os.devnull), "device")
# The other commands
single("a command that there is not", {}, ("reed", "{}"), "read", "simulate")
single("no path", {}, ("read",), "PATH")
single(
    "simulate into a folder with something in it",
    {"out/x": SENTINEL},
    ("simulate", "{}/out"),
    "empty folder",
)
single(
    "one pair into a folder with something in it",
    {"out/x": SENTINEL},
    ("simulate", "{}/out", "--scenario", "just-begun"),
    "out",
    "not empty",
)
single("simulate onto a file", {"out": ""}, ("simulate", "{}/out"), "empty folder")
single("simulate below a file", {"out": ""}, ("simulate", "{}/out/x"), "out")
single(
    "one pair onto a file",
    {"out": ""},
    ("simulate", "{}/out", "--scenario", "just-begun"),
    "out",
)
single(
    "one pair below nothing",
    {},
    ("simulate", "{}/a/b", "--scenario", "just-begun"),
    "folder above",
)
single("simulate to nowhere", {}, ("simulate",), "FOLDER")
single(
    "a scenario that there is not",
    {},
    ("simulate", "{}/out", "--scenario", SENTINEL),
    "just-begun",
)
for seed in ("-1", "1.5", "x", "1" * 30):
    single(f"seed {seed}", {}, ("simulate", "{}/out", f"--seed={seed}"), "--seed")
single("a list and a folder", {}, ("simulate", "{}/out", "--list"), "--list")
single(
    "demo into a folder with something in it",
    {"out/x": SENTINEL},
    ("demo", "{}/out"),
    "something else",
)
single(
    "demo below a file with something in it",
    {"out": SENTINEL},
    ("demo", "{}/out/x/y", "--files-only"),
    "out is not a folder",
)
single("demo below a file", {"out": ""}, ("demo", "{}/out/x", "--files-only"), "out")
single("fresh files only", {}, ("demo", "{}/out", "--fresh", "--files-only"), "--fresh")
for word in ("demo", "serve"):
    for port in ("-1", "65536", "80.5", "８０", "", SENTINEL):
        single(
            f"{word} on port {port or 'blank'}",
            {"out/x": SENTINEL},
            (word, "{}/out", f"--port={port}"),
            "--port",
            "0 to 65535",
        )
single("serve nothing", {}, ("serve",), "FOLDER")
single("serve what is not there", {}, ("serve", "{}/gone"), "gone", "no practice")
single("serve a file", {"out": SENTINEL}, ("serve", "{}/out"), "out", "no practice")
single(
    "serve a folder without a practice",
    {"out/x": SENTINEL},
    ("serve", "{}/out"),
    "out",
    "`duologue setup` makes one",
)
single(
    "serve a demo without an app",
    {"out/made-up.txt": MARKER_TEXT},
    ("serve", "{}/out"),
    "out",
    "`duologue setup` makes one",
)
single(
    "serve what is no demo",
    {"out/practice.sqlite3": SENTINEL, "out/made-up.txt": WORD},
    ("serve", "{}/out"),
    "out",
    "holds no practice",
)
for word, more in (
    ("serve", ()),
    ("backup", ("--to", "{}/to")),
    ("verify", ()),
    ("rekey", ()),
):
    single(f"{word} an empty folder", {"out/x": ""}, (word, "{}/out", *more), "out")
single("unlock what nobody serves", {}, ("unlock", "{}/out"), "no locked practice")
single("backup to nowhere", {}, ("backup", "{}/out"), "--to")
single("verify what is not there", {}, ("verify", "{}/out"), "is not there")
single(
    "verify a backup without a key", {"b.age": ""}, ("verify", "{}/b.age"), "--recovery"
)
RECOVERY = "# a key\nAGE-SECRET-KEY-1\n"
single(
    "verify a backup with a key that is none",
    {"b.age": SENTINEL, "key": WORD},
    ("verify", "{}/b.age", "--recovery-key", "{}/key"),
    "holds no recovery key",
)
single(
    "verify a backup with half a key",
    {"b.age": SENTINEL, "key": RECOVERY},
    ("verify", "{}/b.age", "--recovery-key", "{}/key"),
    "age secret key",
)
single(
    "restore into a folder with something in it",
    {"b.age": SENTINEL, "key": RECOVERY, "out/x": SENTINEL},
    ("restore", "{}/b.age", "{}/out", "--recovery-key", "{}/key"),
    "--replace",
)
SETUP = ("setup", "{}/out", "--name", "P", "--crisis", "{}/words", "--recovery-key")
single("setup without words for a crisis", {}, (*SETUP, "{}/key"), "words", "No such")
single(
    "setup with its recovery key beside it",
    {"words": WORD},
    (*SETUP, "{}/out/key"),
    "must not lie in",
)
single(
    "setup over a recovery key",
    {"words": WORD, "key": SENTINEL},
    (*SETUP, "{}/key"),
    "is there already",
)
single(
    "setup in a folder with something in it",
    {"words": WORD, "out/x": SENTINEL},
    (*SETUP, "{}/key"),
    "new or an empty folder",
)
single(
    "setup where nobody can be asked",
    {"words": WORD},
    (*SETUP, "{}/key"),
    "--new-passphrase-fd",
)
single(
    "an instrument that there is not",
    {},
    ("instruments", SENTINEL),
    "arm5, gad7, phq4, phq9, after_session, supervision",
)
single(
    "words for the prompts",
    {"w.toml": f'open = "{SENTINEL}"\n'},
    ("instruments", "after_session", "--text", "{}/w.toml"),
    "not prompts",
)
single("words of no instrument", {}, ("instruments", "--text", "{}/x"), "NAME")
single("a hash of nothing", {}, ("instruments", "arm5", "--hash", SENTINEL), "--text")
single(
    "words for what ships its own",
    {"w.toml": f'1 = "{SENTINEL}"\n'},
    ("instruments", "phq9", "--text", "{}/w.toml"),
    "its own words",
)
single(
    "words for an item that there is not",
    {"w.toml": f'"{SENTINEL}" = "{WORD}"\n'},
    ("instruments", "arm5", "--text", "{}/w.toml"),
    "items",
)
single(
    "words in no format",
    {"w.toml": SENTINEL},
    ("instruments", "arm5", "--text", "{}/w.toml"),
    "w.toml",
    "TOML or JSON",
)
single(
    "words nested without end",
    {"w.json": "[" * 100_000},
    ("instruments", "arm5", "--text", "{}/w.json"),
    "w.json",
)
single(
    "words that are not there",
    {},
    ("instruments", "arm5", "--text", "{}/w.toml"),
    "w.toml",
    "no such file",
)
single(
    "a definition that lacks everything",
    {"d.toml": f'id = "{SENTINEL}"\n'},
    ("instruments", "--check", "{}/d.toml"),
    "d.toml",
)
single("a definition too large", {"d.toml": 200_000_000}, ("instruments", "--check",
       "{}/d.toml"), "at most 1 MB")  # fmt: skip
single(
    "a check and a name",
    {"d.toml": ""},
    ("instruments", "arm5", "--check", "{}/d.toml"),
    "--check",
)


single(
    "a table of scores that is none",
    {"s.csv": f"{SENTINEL}\n1\n"},
    ("change", "{}/s.csv", "--instrument", "phq9"),
    "s.csv",
    "the column course is missing",
)
single(
    "a score beyond its instrument",
    {"s.csv": "course,session,score\nA,1,98765\n"},
    ("change", "{}/s.csv", "--instrument", "phq9"),
    "s.csv",
    "0 to 27",
)
single(
    "a folder that holds no course",
    {"f/nothing.txt": SENTINEL},
    ("wonder", "{}/f"),
    "must be a course folder, or hold some",
)


# Words
COUNT = ("words", "{}/talk.vtt")
COUNTED = (*COUNT, "--client", "B", "--therapist", "C")
single("words of three speakers", TALK, COUNT, "talk.vtt", "3 labels", "--client")
single("words of a label that is not there", TALK,
       (*COUNT, "--client=Q", "--therapist=B"), "talk.vtt", "not all that were given")  # fmt: skip
single("words of one label for both", TALK, (*COUNT, "--client=B", "--therapist=b"),
       "share a label")  # fmt: skip
single("words of nobody", {"talk.vtt": f"WEBVTT\n\n00:01.000 --> 00:02.000\n{SENTINEL}\n"},
       COUNT, "talk.vtt", "does not say who speaks")  # fmt: skip
single("words with times that run backwards",
       {"talk.vtt": f"WEBVTT\n\n00:02.000 --> 00:01.000\n<v B>{SENTINEL}\n"},
       COUNTED, "talk.vtt, line 3", "must not end before it starts")  # fmt: skip
single("words of a Word document under another name",
       {"talk.vtt": b"PK\x03\x04" + b"word/document.xml" + SENTINEL.encode()},
       COUNTED, "talk.vtt", "a Word document")  # fmt: skip
single("words of which there are none", {"talk.vtt": "WEBVTT\n\n"}, COUNTED, "talk.vtt",
       "holds nothing that was said")  # fmt: skip
single("words of a table of which one has no speakers",
       {"talk.vtt": f"transcript_id,speaker,text\n1,T,a\n1,C,b\n2,{WORD},{SENTINEL}\n"},
       COUNT, "talk.vtt, transcript 2 of 2", "--client")  # fmt: skip
single("words of a table with a time that is none",
       {"talk.vtt": f"speaker,start,text\nT,{SENTINEL},a\n"},
       COUNT, "talk.vtt, line 2", "the start must be in seconds")  # fmt: skip
single("words with a second file that is not there", TALK,
       ("words", "{}/talk.vtt", "{}/gone.vtt", "--client=B", "--therapist=C",
        "--html", "{}/page.html"), "gone.vtt", "no such file")  # fmt: skip
single("words of a transcript that a table does not hold",
       {"talk.vtt": "transcript_id,speaker,text\n1,T,a\n"},
       (*COUNT, "--transcript", SENTINEL), "talk.vtt", "none with the id")  # fmt: skip
single("words of a transcript without an id", TALK, (*COUNT, "--transcript", " "),
       "--transcript")  # fmt: skip
single("words of one transcript of two files", TALK,
       ("words", "{}/talk.vtt", "{}/talk.vtt", "--transcript", "1"), "one FILE")  # fmt: skip
single("words quoted in JSON", TALK, (*COUNTED, "--quote", "--json"), "--quote")
single("words to one file twice", TALK,
       (*COUNTED, "--html", "{}/x", "--table", "{}/x"), "another file")  # fmt: skip
single("words over the transcript", TALK, (*COUNTED, "--table", "{}/talk.vtt"),
       "talk.vtt", "exists already")  # fmt: skip
single("words of too few pairs", TALK, (*COUNTED, "--partners", "files"), "--partners",
       "4 pairs or more, got 1")  # fmt: skip
single("words in columns of no role", TALK, (*COUNT, "--columns", f"{WORD}=x"),
       "roles are speaker, start, end, text, transcript")  # fmt: skip
single("words in a column twice", TALK, (*COUNT, "--columns", "text=a,text=b"),
       "ROLE=NAME")  # fmt: skip
single("words by a model that is not there", TALK,
       (*COUNTED, "--sentences", "{}/gone"), "sentence")  # fmt: skip

MOVING = ("--client", "1", "--therapist", "2", "--rate", "5")
single("a movement that is no number", {"m.txt": f"1 2\n3 {SENTINEL}\n"},
       ("synchrony", "{}/m.txt", *MOVING), "m.txt, line 2", "column 2")  # fmt: skip
single("a movement below nothing", {"m.txt": "1 2\n3 -31337\n"},
       ("synchrony", "{}/m.txt", *MOVING), "m.txt, line 2", "below 0")  # fmt: skip
single("a movement of one person", {"m.txt": "1\n2\n"},
       ("synchrony", "{}/m.txt", *MOVING), "two columns")  # fmt: skip
single("a stretch that is no time", {"m.txt": "1 2\n" * 99, "o.csv": f"start,end\n1,{SENTINEL}\n"},
       ("synchrony", "{}/m.txt", *MOVING, "--leave-out", "{}/o.csv"), "o.csv, line 2")  # fmt: skip
single("a movement in two files of which one is not there", {"m.txt": "1\n2\n"},
       ("synchrony", "{}/m.txt+{}/n.txt", *MOVING), "n.txt", "no such file")  # fmt: skip
single("a movement that is no text", {"m.txt": b"1 2\n\xff 3\n"},
       ("synchrony", "{}/m.txt", *MOVING), "m.txt", "UTF-8")  # fmt: skip
single("a movement of days", {"m.txt": 200_000_000},
       ("synchrony", "{}/m.txt", *MOVING), "at most 100 MB")  # fmt: skip

# Videos
LEFT, RIGHT, FILMED = "0,0,9,9", "20,0,9,9", {"v.mp4": SENTINEL * 50}


def film(name, *says, files=FILMED, client=LEFT, out=("--out", "{}/m.csv"), more=()):
    """Add a case of a video."""
    seats = (f"--client={client}", f"--therapist={RIGHT}")
    single(name, files, ("motion", "{}/v.mp4", *seats, *out, *more), *says)


film("a video that is none", "v.mp4", "is no video")
film("a video of nothing", "v.mp4", "is no video", files={"v.mp4": b""})
film("a video of a gigabyte of nothing", "is no video", files={"v.mp4": 2**30})
film("a video that is not there", "v.mp4", "no such file", files={})
film("a video that is a folder", "v.mp4", "is a folder", files={"v.mp4/x": ""})
film(
    "a list of videos elsewhere",
    "v.mp4",
    "is no video",
    files={"v.mp4": f"#EXTM3U\n#EXTINF:9,\nhttp://127.0.0.1/{SENTINEL}.ts\n"},
)
film("a video for nothing", "--out, --still or both", out=())
film("a table onto the video", "exists already", out=("--out", "{}/v.mp4"))
film("a table into no folder", "does not exist", out=("--out", "{}/no/m.csv"))
film("a still onto the table", "one file", more=("--still", "{}/m.csv"))
film("a region of words", "--client", "x,y,width,height", client=SENTINEL)
film("a region of three numbers", "--client", "x,y,width,height", client="1,2,31337")
film("a region of two corners", "--client", "x,y,width,height", client="1,2 3,31337")
film("a region left of the picture", "--client", "0 or more", client="-31337,2,3,4")
film("a region of nan", "--client", "0 or more", client="nan,2,3,4")
film("one background", "--background", more=("--background", "0,0,1,1"))
film("a rate of words", "--rate", more=("--rate", SENTINEL))
film("a rate of none", "--rate must be above 0", more=("--rate", "0"))
film("a cut-off of words", "--cut-off", "background", more=("--cut-off", SENTINEL))
film("a cut-off beyond white", "--cut-off", "255", more=("--cut-off", "31337"))
film("a part that ends before it begins", "--to", more=("--from", "9", "--to", "8"))


def write(folder, files):
    """Write the files of a case."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, int):
            with path.open("wb") as file:
                file.truncate(content)
        elif isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content, encoding="utf-8")


def tree_of(folder):
    """Return what is below a folder: names, sizes, times and, where small, bytes."""
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        small = path.is_file() and status.st_size < 1_000_000
        found[str(path)] = (
            status.st_size,
            status.st_mtime_ns,
            path.read_bytes() if small else None,
        )
    return found


def assert_refused(ended, *says):
    """Check everything that holds for each refusal."""
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("duologue: ")
    assert ended.err.endswith("\n")
    assert ended.err.count("\n") == 1, "one line"
    assert "Traceback" not in ended.err
    for telltale in TELLTALES:
        assert telltale not in ended.err
    for words in says:
        assert words in ended.err


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_refused_in_one_line_that_helps(
    cli, tmp_path, monkeypatch, course_folder, name
):
    case = CASES[name]
    if "{}/course" not in case.arguments:
        for path in course_folder.iterdir():
            path.unlink()
        course_folder.rmdir()
    monkeypatch.chdir(tmp_path)
    write(tmp_path, case.files)
    before = tree_of(tmp_path)

    started = time.perf_counter()
    ended = cli(*(a.replace("{}", str(tmp_path)) for a in case.arguments))
    took = time.perf_counter() - started

    assert_refused(ended, *case.says)
    assert tree_of(tmp_path) == before
    assert took < 5, "refused without reading everything"


def test_the_course_that_the_cases_spoil_is_sound(cli, course_folder):
    ended = cli("read", course_folder)

    assert (ended.code, ended.err) == (0, "")


def test_the_cases_cover_every_command():
    assert {case.arguments[0] for case in CASES.values()} >= set(COMMANDS)


@pytest.mark.parametrize(
    "name",
    ["wrong seat", "three speakers and none given", "a word too many", "no path"],
)
def test_a_process_ends_with_2_and_one_line_too(process, tmp_path, course_folder, name):
    case = CASES[name]
    write(tmp_path, case.files)

    ended = process(*(a.replace("{}", str(tmp_path)) for a in case.arguments))

    assert_refused(ended, *case.says)


@pytest.mark.parametrize("command", ["demo", "serve"])
def test_a_port_that_is_taken_is_refused(process, tmp_path, socket_enabled, command):
    files = {"made-up.txt": MARKER_TEXT, "practice.keys": ""}
    write(tmp_path, files)
    before = tree_of(tmp_path)

    with listen(0) as taken:
        port = taken.getsockname()[1]
        ended = process(command, tmp_path, "--port", port)

    assert_refused(ended, f"--port {port}", "in use", "0 takes any that is free")
    assert tree_of(tmp_path) == before


@pytest.mark.parametrize("suffix", [".vtt", ".csv", ".tsv", ".txt", ""])
def test_a_pipe_is_refused_and_never_waited_for(process, tmp_path, suffix):
    pipe = tmp_path / f"pipe{suffix}"
    os.mkfifo(pipe)

    assert_refused(process("read", pipe), "pipe", "must be an ordinary file")


@pytest.mark.parametrize(
    "arguments", [("--check",), ("arm5", "--text")], ids=["check", "text"]
)
def test_a_pipe_for_a_definition_is_never_waited_for(process, tmp_path, arguments):
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)

    assert_refused(process("instruments", *arguments, pipe), "must be an ordinary file")


def test_a_pipe_within_a_course_is_never_waited_for(process, course_folder):
    (course_folder / "goals.csv").unlink()
    os.mkfifo(course_folder / "goals.csv")

    assert_refused(process("read", course_folder), "goals.csv", "ordinary file")


def test_a_page_onto_a_pipe_is_refused(process, course_folder, tmp_path):
    os.mkfifo(tmp_path / "page.html")

    ended = process("read", course_folder, "--html", tmp_path / "page.html")

    assert_refused(ended, "not a page")


def test_a_page_into_a_read_only_folder_is_refused(
    cli, course_folder, tmp_path, monkeypatch
):
    def refuse(**_):
        # Whoever runs as root may write anywhere, so the refusal is made here.
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    before = tree_of(tmp_path)

    ended = cli("read", course_folder, "--html", tmp_path / "page.html")

    assert_refused(ended, "page.html", "cannot be written: Permission denied")
    assert tree_of(tmp_path) == before


@pytest.mark.parametrize("fault", [OSError(28, "No space left"), KeyboardInterrupt()])
def test_a_page_that_cannot_be_finished_leaves_nothing(
    cli, course_folder, tmp_path, monkeypatch, fault
):
    def fail(*_):
        raise fault

    page = tmp_path / "page.html"
    cli("read", course_folder, "--html", page)
    before = tree_of(tmp_path)
    monkeypatch.setattr(Path, "replace", fail)

    ended = cli("read", course_folder, "--as", "client", "--html", page)

    assert ended.code == (2 if isinstance(fault, OSError) else 130)
    assert ended.out == ""
    assert tree_of(tmp_path) == before


def test_a_link_to_the_input_is_the_input(cli, tmp_path):
    write(tmp_path, TALK)
    os.link(tmp_path / "talk.vtt", tmp_path / "same.html")

    ended = cli(
        *(a.replace("{}", str(tmp_path)) for a in SEATED),
        "--html",
        tmp_path / "same.html",
    )

    assert_refused(ended, "same.html")


def test_links_that_go_in_a_circle_are_refused(cli, tmp_path, course_folder):
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")

    assert_refused(cli("read", tmp_path / "a"), "a: ")


def test_a_folder_that_may_not_be_looked_into_is_refused(cli, tmp_path, monkeypatch):
    def refuse(_):
        raise PermissionError(13, "Permission denied", str(tmp_path))

    monkeypatch.setattr(Path, "iterdir", refuse)

    assert_refused(cli("read", tmp_path), "cannot be read: Permission denied")
    for command in ("demo", "simulate"):
        assert_refused(cli(command, tmp_path), "cannot be made: Permission denied")


def test_a_name_that_is_no_text_can_be_refused(process, tmp_path):
    name = os.fsencode(tmp_path) + b"/\xff.vtt"

    ended = process("read", os.fsdecode(name))

    assert_refused(ended, "no such file")


def test_a_name_that_is_no_text_can_be_read_on_every_face(process, tmp_path):
    name = os.fsdecode(os.fsencode(tmp_path) + b"/\xff.csv")
    Path(name).write_text(f"{WIDE}1,40,60\n", encoding="utf-8")
    page = tmp_path / "page.html"

    faces = [(), ("--json",), ("--html", page)]
    ended = [process("read", name, "--as", "research", *face) for face in faces]

    assert [(e.code, e.err) for e in ended] == [(0, "")] * 3
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")


def test_deep_nesting_in_a_definition_is_refused(cli, tmp_path, monkeypatch):
    def deep(_):
        raise RecursionError

    (tmp_path / "d.toml").write_text("x = 1\n", encoding="utf-8")
    monkeypatch.setattr(instruments_command, "load_file", deep)

    ended = cli("instruments", "--check", tmp_path / "d.toml")

    assert_refused(ended, "d.toml", "nested too deeply")
