"""``duologue synchrony`` as a researcher reads it."""

import csv
import json

import numpy as np
import pytest

from motion_files import records

SEATS = ("--client", "1", "--therapist", "2")
QUICK = ("--rate", "5", "--window", "10", "--step", "5", "--lag", "2", "--smooth", "0")


def written(path, *, r=0.8, delay=3, size=1000, seed=1):
    """Write a made-up session in which the client is followed by so many samples."""
    rng = np.random.default_rng(seed)
    client, other = rng.random((2, size)) * 100
    therapist = r * np.roll(client, delay) + (1 - r) * other
    rows = "".join(f"{a:.3f} {b:.3f}\n" for a, b in zip(client, therapist, strict=True))
    path.write_text(rows)
    return path


@pytest.fixture
def file(tmp_path):
    return written(tmp_path / "session.txt")


def said(ended):
    return " ".join(ended.out.split())


def test_it_says_how_far_they_went_together_beside_chance_and_never_that_it_is_good(
    cli, file
):
    ended = cli("synchrony", file, *SEATS, *QUICK)

    assert (ended.code, ended.err) == (0, "")
    told = said(ended)
    assert "3 min 20 s at 5 Hz." in told
    assert "38 windows of 10 s every 5 s, lags up to 2 s; 100% of cells" in told
    assert "is at a lag of 0.60 s (above 0 the client leads)." in told
    assert (
        "more than when the same recordings are slid against each other (p = 0.001 of 1,000"
        in told
    )
    assert "Described, not scored: more is not better." in told


def test_unrelated_people_cannot_be_told_from_chance_and_nobody_leads(cli, tmp_path):
    path = written(tmp_path / "session.txt", r=0.0)

    told = said(cli("synchrony", path, *SEATS, *QUICK))

    assert "too often for this session to tell it from chance" in told
    assert "Who led cannot be told." in told


def test_the_seats_exchanged_exchange_who_is_first(cli, file):
    there = json.loads(cli("synchrony", file, *SEATS, *QUICK, "--json").out)[
        "sessions"
    ][0]
    turned = ("--client", "2", "--therapist", "1")
    back = json.loads(cli("synchrony", file, *turned, *QUICK, "--json").out)[
        "sessions"
    ][0]

    assert there["peak_lag_s"] == -back["peak_lag_s"] == 0.6
    assert there["peak"] == back["peak"]
    assert there["first_leads"] == back["second_leads"]
    assert there["chance"]["p_peak"] == back["chance"]["p_peak"]


def test_as_rmea_it_gives_its_numbers_without_chance(cli, shared):
    path = shared / "data" / "motion" / "normal" / "200_01.txt"
    seats = ("--client", "pat", "--therapist", "th", "--rate", "25")

    ended = cli("synchrony", path, *seats, "--compat", "rmea", "--json")

    (found,) = json.loads(ended.out)["sessions"]
    assert found["grand_mean"] == pytest.approx(-0.00337537191907026, abs=1e-9)
    assert found["first_leads"] == pytest.approx(-0.0334755594147465, abs=1e-9)
    assert "chance" not in found


def test_as_rmea_it_stands_beside_shuffled_segments_with_a_warning(cli, tmp_path):
    path = written(tmp_path / "session.txt", size=1010)
    asked = ("synchrony", path, *SEATS, *QUICK, "--compat", "rmea", "--segments", "100")

    told = said(cli(*asked))
    found = json.loads(cli(*asked, "--json").out)["sessions"][0]["segment_shuffles"]

    assert (
        "Beside 100 shuffles of its 6 segments, without 110 samples at the end that make "
        "none: grand mean z" in told
    )
    assert "up to 16 sessions of 100 get a p of .05 or less" in told
    assert (found["n_segments"], found["n_left_out"]) == (6, 110)
    assert found["p_grand_mean"] == pytest.approx(1 / 101)
    assert found["surrogate_grand_mean"] < found["grand_mean"]
    assert found["warning"] in told


def test_what_is_too_blank_for_shuffled_segments_is_told(cli, tmp_path):
    path = tmp_path / "once.txt"
    made = np.random.default_rng(1).random((2, 900))
    made[:, 100:] = 0.0  # in most orders the two never move at one time
    path.write_text("".join(f"{a:.3f} {b:.3f}\n" for a, b in made.T))

    told = said(
        cli("synchrony", path, *SEATS, *QUICK, "--compat", "rmea", "--segments", "100")
    )

    assert "Too much is blank to put shuffled segments beside it." in told


def test_as_susy_it_prints_its_measures_by_its_names_with_a_warning(cli, shared):
    path = shared / "data" / "motion" / "normal" / "200_01.txt"
    seats = ("--client", "pat", "--therapist", "th", "--rate", "25")
    folder = shared / "reference" / "mirroring" / "susy"
    (row,) = (
        r for r in records(folder / "susy_sessions.csv") if r["uid"] == "normal_200_1"
    )

    told = cli("synchrony", path, *seats, "--compat", "susy").out
    found = json.loads(cli("synchrony", path, *seats, "--compat", "susy", "--json").out)

    assert "20 segments of 30 s at 25 Hz, lags up to 5 s" in " ".join(told.split())
    assert "SUSY's ES is not Cohen's d" in told
    assert found["warning"] in " ".join(told.split())
    measures = found["sessions"][0]["measures"]
    assert len(measures) == 20
    for name, value in measures.items():
        assert value == pytest.approx(float(row[name]), rel=1e-9), name
        assert f"{name} " in told


def test_as_susy_rows_that_are_dropped_are_told(cli, tmp_path):
    path = written(tmp_path / "session.txt")
    lines = path.read_text().splitlines()
    lines[10] = "NA 3"
    path.write_text("\n".join(lines))
    quick = ("--rate", "5", "--window", "20", "--lag", "2")

    told = said(cli("synchrony", path, *SEATS, *quick, "--compat", "susy"))

    assert "Note: dropped where one of the two is missing: 1 samples." in told
    assert "9 segments of 20 s" in told


def test_two_files_of_two_rates_are_one_session(cli, tmp_path):
    rng = np.random.default_rng(4)
    client = np.repeat(rng.random(1000), 4)
    times = np.arange(4000) / 20
    rows = "".join(f"{t},{v}\n" for t, v in zip(times.tolist(), client, strict=True))
    (tmp_path / "c.csv").write_text(f"t,a\n{rows}")
    therapist = np.roll(client[::4], 3)
    rows = "".join(f"{i / 5},{v}\n" for i, v in enumerate(therapist.tolist()))
    (tmp_path / "t.csv").write_text(f"t,b\n{rows}")
    both = f"{tmp_path / 'c.csv'}+{tmp_path / 't.csv'}"
    seats = ("--client", "a", "--therapist", "b", "--time", "t")

    (found,) = json.loads(cli("synchrony", both, *seats, *QUICK[2:], "--json").out)[
        "sessions"
    ]

    assert found["file"] == "c.csv+t.csv"
    assert found["rate"] == pytest.approx(5)
    assert "the client's series is brought from 20 to 5 Hz, by means" in found["notes"]
    assert found["peak_lag_s"] == pytest.approx(0.6)


def test_two_files_in_one_folder_are_of_one_pair(cli, tmp_path):
    files = []
    for i in range(5):
        folder = tmp_path / f"pair{i % 4}"
        folder.mkdir(exist_ok=True)
        for who, column in enumerate("ct"):
            values = np.random.default_rng([i, who]).random(600)
            (folder / f"{i}{column}.txt").write_text("\n".join(map(str, values)))
        files.append(f"{folder / f'{i}c.txt'}+{folder / f'{i}t.txt'}")
    seats = ("--client", "1", "--therapist", "1", "--shifts", "0")

    told = said(cli("synchrony", *files, *seats, *QUICK, "--partners", "folders"))

    assert "The peaks of 4 real pairs" in told


def test_what_is_done_first_is_told_and_changes_what_is_compared(cli, file, tmp_path):
    out = tmp_path / "out.csv"
    out.write_text("start,end\n0,20\n")
    asked = (
        *("--offset", "0.4", "--find-offset", "3", "--leave-out", out),
        *("--drop-outliers", "--log", "--difference"),
    )

    plain = json.loads(cli("synchrony", file, *SEATS, *QUICK, "--json").out)
    found = json.loads(cli("synchrony", file, *SEATS, *QUICK, *asked, "--json").out)
    told = said(cli("synchrony", file, *SEATS, *QUICK, *asked))

    before, after = plain["sessions"][0], found["sessions"][0]
    assert before["peak_lag_s"] == pytest.approx(0.6)
    # What the therapist's file tells at 0 s was .4 s later than the client's told.
    assert after["peak_lag_s"] == pytest.approx(1.0)
    assert after["coverage"] < 1
    for words in (
        "the therapist's recording is taken to start 0.4 s later, as asked",
        "the client's recording is taken to start 0.60 s later; that may be one person",
        "20.0 s are left out of both, as asked",
        "samples above 10 standard deviations are left out: 0 of the client",
        "compared is log(1 + x) of both",
        "compared is what changes from sample to sample",
    ):
        assert any(words in note for note in after["notes"]), words
        assert words in told


def test_several_sessions_are_told_in_turn(cli, tmp_path):
    files = [written(tmp_path / f"{name}.txt", seed=i) for i, name in enumerate("ab")]

    found = json.loads(cli("synchrony", *files, *SEATS, *QUICK, "--json").out)[
        "sessions"
    ]

    assert [each["file"] for each in found] == ["a.txt", "b.txt"]


def test_any_number_of_processors_gives_the_same_to_the_byte(
    cli, tmp_path, monkeypatch
):
    files = [written(tmp_path / f"{i}.txt", seed=i) for i in range(5)]
    many = cli("synchrony", *files, *SEATS, *QUICK, "--json").out

    monkeypatch.setattr("os.cpu_count", lambda: 1)

    assert cli("synchrony", *files, *SEATS, *QUICK, "--json").out == many


def test_of_several_sessions_the_first_that_does_not_fit_is_named(cli, tmp_path):
    long, short = (written(tmp_path / f"{n}.txt", size=n) for n in (1000, 50))

    ended = cli("synchrony", long, short, *SEATS, *QUICK)

    assert ended.code == 2
    assert "50.txt" in ended.err
    assert "must last" in ended.err


def test_a_table_has_a_row_for_each_session_with_what_json_says(cli, tmp_path):
    files = [written(tmp_path / f"{i}.txt", seed=i) for i in range(3)]
    target = tmp_path / "sessions.csv"

    ended = cli("synchrony", *files, *SEATS, *QUICK, "--json", "--table", target)

    told = json.loads(ended.out)["sessions"]
    rows = list(csv.DictReader(target.read_text().splitlines()))
    assert [row["file"] for row in rows] == ["0.txt", "1.txt", "2.txt"]
    for row, one in zip(rows, told, strict=True):
        for name in ("peak", "peak_lag_s", "grand_mean", "seconds", "window_s"):
            assert float(row[name]) == pytest.approx(one[name], rel=1e-8)
        assert float(row["p_peak"]) == pytest.approx(one["chance"]["p_peak"])
        assert row["n_moments"] == ""


def test_a_table_without_chance_is_blank_there(cli, tmp_path, file):
    target = tmp_path / "sessions.csv"

    cli("synchrony", file, *SEATS, *QUICK, "--shifts", "0", "--table", target)

    (row,) = csv.DictReader(target.read_text().splitlines())
    assert row["p_peak"] == row["n_surrogates"] == ""
    assert row["peak"]


def test_real_partners_are_told_from_mismatched_ones(cli, tmp_path):
    files = [written(tmp_path / f"{i}.txt", seed=i) for i in range(6)]
    asked = (*files, *SEATS, *QUICK, "--shifts", "0", "--partners", "files")

    told = said(cli("synchrony", *asked))
    found = json.loads(cli("synchrony", *asked, "--json").out)

    assert "All 6 sessions The peaks of 6 real pairs are at a mean z of" in told
    assert (
        "As a group, these pairs move in step more than exchanged partners do." in told
    )
    assert len(found["sessions"]) == 6
    assert found["partners"]["real"] > found["partners"]["mismatched"]
    assert found["partners"]["p"] < 0.01  # of 720 ways


def test_partners_of_very_unequal_sessions_are_told_to_be_cut(cli, tmp_path):
    files = [
        written(tmp_path / f"{i}.txt", seed=i, size=size)
        for i, size in enumerate((1000, 1000, 1000, 400, 990))
    ]
    asked = (*SEATS, *QUICK, "--shifts", "0", "--partners", "files")

    told = said(cli("synchrony", *files, *asked))
    found = json.loads(cli("synchrony", *files, *asked, "--json").out)["partners"]
    alike = said(cli("synchrony", *files[:3], files[4], *asked))

    assert (
        "Sessions last from 1 min 20 s to 3 min 20 s: exchanged partners are cut to the "
        "shorter of the two" in told
    )
    assert (found["shortest_s"], found["longest_s"]) == (80, 200)
    assert "are cut to the shorter" not in alike


def test_lags_that_are_blank_are_left_out_of_the_comparison_and_that_is_told(
    cli, tmp_path
):
    path = tmp_path / "echo.txt"
    client = np.random.default_rng(1).random(1000)
    rows = zip(client, np.roll(client, 3), strict=True)
    path.write_text("".join(f"{a:.3f} {b:.3f}\n" for a, b in rows))

    told = said(cli("synchrony", path, *SEATS, *QUICK))
    (found,) = json.loads(cli("synchrony", path, *SEATS, *QUICK, "--json").out)[
        "sessions"
    ]

    assert "of 1,000 surrogates, at 20 of 21 lags: those that could be said" in told
    assert found["chance"]["n_lags_compared"] == 20
    assert found["chance"]["p_peak"] is not None


def test_sessions_of_one_folder_are_of_one_pair(cli, tmp_path):
    files = []
    for i in range(8):
        folder = tmp_path / f"pair{i // 2}"
        folder.mkdir(exist_ok=True)
        files.append(written(folder / f"{i}.txt", seed=i, r=0.0))
    asked = (*SEATS, *QUICK, "--shifts", "0", "--partners", "folders")

    told = said(cli("synchrony", *files, *asked))
    of_three = cli("synchrony", *files[:6], *asked)

    assert "The peaks of 4 real pairs" in told
    assert "That does not tell real partners from exchanged ones." in told
    assert of_three.code == 2
    assert "must be of 4 pairs or more, got 3" in of_three.err


def test_a_recording_that_is_given_twice_is_no_other_pair(cli, tmp_path):
    files = [written(tmp_path / f"{i}.txt", seed=i) for i in range(4)]
    again = tmp_path / "again.txt"
    again.write_bytes(files[0].read_bytes())

    ended = cli("synchrony", *files, again, *SEATS, *QUICK, "--partners", "files")

    assert ended.code == 2
    assert "two of the sessions are one and the same recording" in ended.err


def test_time_stamps_that_are_rounded_have_one_rate(cli, tmp_path):
    files = []
    for i, late in enumerate((0.0, 1.7e3, 3.1e5, 1e6)):
        client, therapist = np.random.default_rng(i).random((2, 600))
        rows = zip(late + np.arange(600) / 5, client, therapist, strict=True)
        path = tmp_path / f"{i}.csv"
        path.write_text(
            "t,a,b\n" + "".join(f"{float(t)!r},{a},{b}\n" for t, a, b in rows)
        )
        files.append(path)
    seats = ("--client", "a", "--therapist", "b", "--time", "t")
    quick = ("--window", "10", "--step", "5", "--lag", "2", "--shifts", "0")

    ended = cli("synchrony", *files, *seats, *quick, "--partners", "files")

    assert (ended.code, ended.err) == (0, "")
    assert "The peaks of 4 real pairs" in said(ended)


def test_without_a_lag_nobody_leads(cli, tmp_path):
    path = written(tmp_path / "session.txt", delay=0)

    told = said(cli("synchrony", path, *SEATS, *QUICK, "--lag", "0"))

    assert "Who led cannot be told." in told
    assert "nan" not in told


def test_files_of_one_name_are_told_apart(cli, tmp_path):
    files = []
    for name in "ab":
        (tmp_path / name).mkdir()
        files.append(written(tmp_path / name / "s.txt"))

    found = json.loads(cli("synchrony", *files, *SEATS, *QUICK, "--json").out)

    assert [each["file"] for each in found["sessions"]] == list(map(str, files))


def test_the_profile_is_written_whole_with_chance_beside_it(cli, file, tmp_path):
    target = tmp_path / "profile.csv"

    ended = cli("synchrony", file, *SEATS, *QUICK, "--profile", target)

    assert ended.code == 0
    head, *rows = target.read_text().splitlines()
    assert head == "lag_s,mean_z,chance_mean,chance_low,chance_high,chance_band"
    assert (len(rows), rows[0][:3], rows[-1][:2]) == (21, "-2,", "2,")
    again = cli("synchrony", file, *SEATS, *QUICK, "--profile", target)
    assert "exists already" in again.err


def test_a_page_has_its_words_pictures_and_numbers(cli, tmp_path):
    path = with_a_moment(tmp_path / "<session>.txt")
    target = tmp_path / "page.html"

    ended = cli("synchrony", path, *SEATS, *LONG, "--moments", "--html", target)

    assert ended.code == 0
    written_page = target.read_text()
    for words in (
        "<h2>&lt;session&gt;.txt</h2>",
        "<p>The highest mean z, 0.",
        "Described, not scored: more is not better.",
        "<h3>Lag by lag</h3>",
        "<h3>Window by window</h3>",
        "<h3>Moments beyond chance</h3>",
        "<th scope=col>1 in 20 above at any lag",
    ):
        assert words in written_page, words
    assert written_page.count("<svg") == 4
    again = cli("synchrony", path, *SEATS, *LONG, "--html", target)
    assert (again.code, "exists already" in again.err) == (2, True)


def test_a_page_of_who_never_moves_has_no_picture(cli, tmp_path):
    path, target = tmp_path / "still.txt", tmp_path / "page.html"
    path.write_text("".join(f"{i % 7} 0\n" for i in range(1000)))

    assert cli("synchrony", path, *SEATS, *QUICK, "--html", target).code == 0

    assert "<svg" not in target.read_text()
    assert "Nothing can be said:" in target.read_text()


def test_who_never_moves_is_told_so(cli, tmp_path):
    path = tmp_path / "still.txt"
    path.write_text("".join(f"{i % 7} 0\n" for i in range(1000)))

    told = said(cli("synchrony", path, *SEATS, *QUICK))

    assert "The therapist: 0% of samples above 0" in told
    assert "Nothing can be said: in no window are both present and both change" in told


LONG = ("--rate", "2", "--window", "30", "--step", "30", "--smooth", "0")


def with_a_moment(path):
    """Write eleven minutes with one in which the client is followed after 1.5 s."""
    rng = np.random.default_rng(3)
    client, therapist = rng.random((2, 1320)) * 100
    therapist[600:720] = 0.9 * client[597:717] + 0.1 * therapist[600:720]
    rows = zip(client, therapist, strict=True)
    path.write_text("".join(f"{a:.3f} {b:.3f}\n" for a, b in rows))
    return path


def test_a_moment_beyond_chance_is_told_with_its_time_and_who_was_first(cli, tmp_path):
    path = with_a_moment(tmp_path / "session.txt")

    told = said(cli("synchrony", path, *SEATS, *LONG, "--moments"))
    (found,) = json.loads(
        cli("synchrony", path, *SEATS, *LONG, "--moments", "--json").out
    )["sessions"]

    (one,) = found["moments"]["found"]
    assert (one["leader"], round(one["lag_s"], 1)) == ("client", 1.5)
    assert one["start_s"] == pytest.approx(300, abs=20)
    assert one["end_s"] == pytest.approx(360, abs=20)
    assert "they went together beyond chance, the client first by 1.5 s (p =" in told
    assert "In 1 session of 20 chance alone makes such a moment." in told


def test_no_moment_is_the_usual_answer_and_a_short_session_has_none(cli, tmp_path):
    long = written(tmp_path / "long.txt", r=0.0, size=1320)
    short = written(tmp_path / "short.txt", r=0.0, size=600)

    of_long = said(cli("synchrony", long, *SEATS, *LONG, "--moments"))
    of_short = said(cli("synchrony", short, *SEATS, *LONG, "--moments"))

    assert "No moment stood out from chance. That is the usual answer." in of_long
    assert "Moments are told of sessions of 10 min 0 s or more." in of_short


def with_a_rhythm(path, *, ahead_s=0.0, strength=30.0, size=2000, seed=11):
    """Write a session with a wandering rhythm of 4 s in which the client is ahead."""
    rng = np.random.default_rng(seed)
    other = rng.random((2, size)) * 100
    phase = np.cumsum(2 * np.pi / 16 + 0.1 * rng.normal(size=size))
    client = other[0] + strength * (1 + np.cos(phase + 2 * np.pi * ahead_s / 4))
    therapist = other[1] + strength * (1 + np.cos(phase))
    rows = zip(client, therapist, strict=True)
    path.write_text("".join(f"{a:.3f} {b:.3f}\n" for a, b in rows))
    return path


RHYTHM = ("--rate", "4", "--smooth", "0", "--shifts", "100", "--rhythm")


def test_a_shared_rhythm_is_told_with_its_period_and_who_is_ahead(cli, tmp_path):
    path = with_a_rhythm(tmp_path / "session.txt", ahead_s=0.7)

    told = said(cli("synchrony", path, *SEATS, *RHYTHM))
    (found,) = json.loads(cli("synchrony", path, *SEATS, *RHYTHM, "--json").out)[
        "sessions"
    ]

    one = found["rhythm"]
    assert (one["leader"], one["n_surrogates"], one["n_segments"]) == (
        *("client", 200),
        32,
    )
    assert one["period_s"] == pytest.approx(4, abs=0.6)
    assert one["lead_s"] == pytest.approx(0.7, abs=0.2)
    assert (
        f"A rhythm of about {one['period_s']:.1f} s is shared more than when the same "
        "recordings are slid against each other (p = 0.005 of 200 surrogates)" in told
    )
    assert f"In it the client is ahead by {one['lead_s']:.1f} s (p = 0.005)" in told
    assert "behind by the rest of the rhythm would look the same" in told


def test_the_seats_exchanged_exchange_who_is_ahead_in_a_rhythm(cli, tmp_path):
    path = with_a_rhythm(tmp_path / "session.txt", ahead_s=0.7)
    turned = ("--client", "2", "--therapist", "1")

    there, back = (
        json.loads(cli("synchrony", path, *seats, *RHYTHM, "--json").out)["sessions"][
            0
        ]["rhythm"]
        for seats in (SEATS, turned)
    )

    assert (there["leader"], back["leader"]) == ("client", "therapist")
    assert there["lead_s"] == pytest.approx(-back["lead_s"])
    for name in ("p", "p_lead", "period_s"):
        assert there[name] == back[name]


@pytest.mark.parametrize(
    ("ahead_s", "says"),
    [
        (0.0, "In it the two move more at about the same time; who is ahead cannot be"),
        (2.0, "In it one moves more when the other moves less, as in speaking in"),
    ],
)
def test_in_a_rhythm_at_once_or_by_turns_nobody_is_ahead(cli, tmp_path, ahead_s, says):
    path = with_a_rhythm(tmp_path / "session.txt", ahead_s=ahead_s)

    assert says in said(cli("synchrony", path, *SEATS, *RHYTHM))


def test_where_the_lead_is_not_beyond_chance_nobody_is_ahead(cli, tmp_path):
    path = tmp_path / "session.txt"
    with_a_rhythm(path, ahead_s=0.55, strength=6.0, seed=36)

    told = said(cli("synchrony", path, *SEATS, *RHYTHM))

    assert "A rhythm of about 3.8 s is shared more than when" in told
    assert "surrogates); of sessions in which none is, 1 in 20 says so. Who is" in told
    assert "Who is ahead in it cannot be told." in told


def test_who_moves_in_no_whole_stretch_shares_no_rhythm(cli, tmp_path):
    rng = np.random.default_rng(1)
    rows = [f"{v:.3f},0" for v in rng.random(2000)]
    rows[:40] = [f"{a:.3f},{b:.3f}" for a, b in rng.random((40, 2))]
    path = tmp_path / "session.csv"
    path.write_text("\n".join(["1,2", *rows[:40], ",", *rows[41:]]))
    short = ("--window", "8", "--step", "1", "--lag", "1")

    told = said(cli("synchrony", path, *SEATS, *RHYTHM, *short))

    assert "No shared rhythm can be looked for: one of the two does not" in told


def test_no_shared_rhythm_is_told_as_none(cli, tmp_path):
    path = with_a_rhythm(tmp_path / "session.txt", strength=0.0, seed=12)

    told = said(cli("synchrony", path, *SEATS, *RHYTHM))

    assert "No shared rhythm of 2 to 20 s stood out from chance (p = 0." in told
    assert "ahead" not in told


def test_of_a_short_session_or_a_broken_one_no_rhythm_is_told(cli, tmp_path):
    short = with_a_rhythm(tmp_path / "short.txt", size=1919)
    rows = with_a_rhythm(tmp_path / "whole.txt").read_text().splitlines()
    broken = tmp_path / "broken.csv"
    cells = [",".join(row.split()) for row in rows]
    cells[::100] = [","] * len(cells[::100])
    broken.write_text("\n".join(["1,2", *cells]))
    half = tmp_path / "half.csv"
    cells = [",".join(row.split()) for row in rows]
    cells[:1000] = [","] * 1000
    half.write_text("\n".join(["1,2", *cells]))
    files = (short, broken, half)

    told = [said(cli("synchrony", file, *SEATS, *RHYTHM)) for file in files]
    found = json.loads(cli("synchrony", *files, *SEATS, *RHYTHM, "--json").out)

    assert "Too short to look for a shared rhythm: that takes 8 min 0 s." in told[0]
    assert "fewer than 8 stretches of 30 s are present in both" in told[1]
    assert "Too much is blank to compare a shared rhythm with chance." in told[2]
    for each in found["sessions"]:
        assert (each["rhythm"]["p"], each["rhythm"]["leader"]) == (None, None)


def test_a_short_session_has_no_p(cli, tmp_path):
    path = written(tmp_path / "short.txt", size=200)

    told = said(cli("synchrony", path, *SEATS, *QUICK))

    assert "Too short to compare with chance: that takes 2 min 40 s." in told


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ((), "either a rate or a column of time stamps"),
        (("--rate", "0"), "must be a number above 0"),
        (("--rate", "5"), "the series must last"),
        (("--rate", "5", "--lag", "-1"), "must be a number, 0 or more"),
        ((*QUICK, "--shifts", "5"), "--shifts must be 0, or 100 or more"),
        ((*QUICK, "--seed", "-1"), "--seed must be 0 or more"),
        ((*QUICK, "--compat", "crqa"), "invalid choice"),
        ((*QUICK, "--compat", "susy"), "--step goes without --compat susy"),
        (("--rate", "5", "--compat", "susy"), "must hold two segments of 30 s"),
        (("--rate", "4.9", "--compat", "susy"), "by SUSY's rules rate must be a whole"),
        (
            ("--rate", "5", "--compat", "susy", "--window", "9.5"),
            "by SUSY's rules segment_s must be a whole number, got 9.5 s",
        ),
        (
            ("--rate", "5", "--compat", "susy", "--html", "page.html"),
            "--html goes without --compat susy",
        ),
        ((*QUICK, "--compat", "rmea", "--log"), "--log goes without --compat"),
        (
            ("--rate", "5", "--compat", "susy", "--drop-outliers"),
            "--drop-outliers goes without --compat susy",
        ),
        (
            ("--rate", "5", "--compat", "susy", "--leave-out-rest", "3"),
            "--leave-out-rest goes without --compat susy",
        ),
        ((*QUICK, "--offset", "soon"), "must be a number of seconds"),
        ((*QUICK, "--offset", "99"), "offset_s must leave some of both recordings"),
        ((*QUICK, "--segments", "100"), "--segments goes with --compat rmea"),
        (
            (*QUICK, "--compat", "rmea", "--segments", "9"),
            "--segments must be from 100 to 100,000",
        ),
        (
            (*QUICK, "--compat", "rmea", "--segments", "100"),
            "must hold 4 segments of 30 s or more, got 0",
        ),
        ((*QUICK, "--compat", "rmea", "--lag", "2.5"), "lag_s must be a whole number"),
        (("--rate", "0.2", *LONG[2:], "--moments"), "moments need 0.5 Hz or more"),
        ((*QUICK, "--compat", "rmea", "--moments"), "--moments goes without --compat"),
        ((*QUICK, "--compat", "rmea", "--rhythm"), "--rhythm goes without --compat"),
        ((*QUICK, "--shifts", "0", "--rhythm"), "--rhythm takes --shifts"),
        ((*QUICK, "--rhythm"), r"must last 30 s or more (one segment), got 20 s"),
        (
            (*("--rate", "0.1", "--window", "100", "--step", "50"), "--rhythm"),
            "a rhythm takes 0.2 samples a second or more, got 0.1",
        ),
        (
            (*QUICK, "--compat", "rmea", "--partners", "files"),
            "--partners goes without",
        ),
        (
            (*QUICK, "--partners", "files"),
            "--partners: the sessions must be of 4 pairs or more, got 1",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(cli, tmp_path, more, says):
    path = written(tmp_path / "short.txt", size=100)

    ended = cli("synchrony", path, *SEATS, *more)

    assert ended.code == 2
    assert says in ended.err
    assert len(ended.err.splitlines()) == 1
    assert ended.out == ""


def test_stretches_to_leave_out_are_of_one_session(cli, file, tmp_path):
    ended = cli(
        *("synchrony", file, file, *SEATS, *QUICK),
        *("--leave-out", tmp_path / "out.csv"),
    )

    assert "--leave-out goes with one FILE" in ended.err


def test_a_profile_is_of_one_session(cli, file, tmp_path):
    ended = cli(
        "synchrony", file, file, *SEATS, *QUICK, "--profile", tmp_path / "p.csv"
    )

    assert "--profile goes with one FILE" in ended.err
