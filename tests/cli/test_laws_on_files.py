"""The laws where a person meets them: on files, over the whole command line.

What the other kept back changes nothing: not the output, nor a hint, a refusal or the
exit code. Ratings have no calendar, so that even a session's number may be somebody's.
"""

import pytest

HEAD = "session,seat,item,value,shared\n"
MINE = "".join(f"{n},client,open,{40 + n},no\n" for n in range(1, 15))
OPENED = "".join(
    f"{n},{seat},safe,{50 + n},yes\n"
    for n in range(1, 7)
    for seat in ("client", "therapist")
)

HIDDEN = {
    "nothing": "",
    "the same sessions": "".join(f"{n},therapist,open,7,no\n" for n in range(1, 15)),
    "more sessions": "".join(f"{n},therapist,open,7,no\n" for n in range(1, 40)),
    "another item": "".join(f"{n},therapist,deep,7,no\n" for n in range(1, 15)),
    "willing alone": "".join(f"{n},therapist,deep,7,yes\n" for n in range(20, 40)),
    "blanks": "".join(f"{n},therapist,deep,,yes\n" for n in range(1, 40)),
}


def read(cli, tmp_path, rows, *options):
    table = tmp_path / "ratings.csv"
    table.write_text(HEAD + rows)
    ended = cli("read", table, *options)
    return ended.code, ended.out, ended.err


@pytest.mark.parametrize("reader", ["client", "ours"])
@pytest.mark.parametrize("form", [(), ("--json",)])
@pytest.mark.parametrize("shown", [OPENED, ""], ids=["some opened", "none opened"])
@pytest.mark.parametrize("items", [(), ("--items", "open,safe,deep")])
def test_the_others_hidden_rows_change_nothing(
    cli, tmp_path, reader, form, shown, items
):
    options = ("--as", reader, *form, *items)
    ended = {
        name: read(cli, tmp_path, MINE + shown + hidden, *options)
        for name, hidden in HIDDEN.items()
    }

    assert {ended[name] for name in HIDDEN} == {ended["nothing"]}
    assert ended["nothing"][0] == 0


def test_ones_own_rows_do_change_ones_own_page(cli, tmp_path):
    more = MINE + "15,client,open,3,no\n"

    assert read(cli, tmp_path, MINE, "--as", "client") != read(
        cli, tmp_path, more, "--as", "client"
    )


def test_an_opened_row_does_change_the_page_of_the_two(cli, tmp_path):
    more = OPENED + "9,client,safe,3,yes\n9,therapist,safe,4,yes\n"

    assert read(cli, tmp_path, MINE + OPENED) != read(cli, tmp_path, MINE + more)


def test_the_hint_depends_on_the_header_alone(cli, tmp_path):
    wide = tmp_path / "wide.csv"
    wide.write_text("session,client_open,therapist_open\n1,4,5\n")

    assert "marks nothing as shared" in cli("read", wide).err
    assert read(cli, tmp_path, MINE)[2] == ""
    assert read(cli, tmp_path, MINE.replace(",no", ",yes"))[2] == ""


WIDE = "session,client_open,therapist_open\n" + "".join(
    f"{n},{40 + n},50\n" for n in range(1, 7)
)
BY_PERSON = "session,seat,open\n" + "".join(
    f"{n},{seat},{40 + n}\n" for n in range(1, 7) for seat in ("client", "therapist")
)


@pytest.mark.parametrize(
    ("table", "more"),
    [
        (WIDE, "".join(f"{n},,10\n" for n in range(7, 16))),
        (BY_PERSON, "".join(f"{n},therapist,10\n" for n in range(7, 16))),
        (BY_PERSON, "".join(f"{n},client,\n{n},therapist,9\n" for n in range(7, 16))),
    ],
    ids=["wide", "a row a person", "with blank rows"],
)
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_rows_that_are_there_for_the_other_change_nothing(
    cli, tmp_path, table, more, form
):
    path = tmp_path / "ratings.csv"
    outputs = []
    for rows in (table, table + more):
        path.write_text(rows)
        ended = cli("read", path, "--as", "client", *form)
        outputs.append((ended.code, ended.out, ended.err))

    assert outputs[0] == outputs[1]
    assert outputs[0][0] == 0
