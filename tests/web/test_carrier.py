"""Who carries the mail of a practice: what its folder may say of it."""

import pytest

from duologue.errors import FileError
from duologue.web import carrier

SENTINEL = "not-to-be-repeated"
NEEDED = 'host = "mail.example.org"\nsender = "notes@example.org"\n'
USER = 'user = "u"\npassword_file = "mail.password"\n'


def of(folder, words):
    """Return the carrier of a folder that names one in these words."""
    (folder / "mail.toml").write_text(words, encoding="utf-8")
    return carrier.of(folder)


def keep_password(folder, content=f"{SENTINEL}\n", mode=0o600):
    """Put a password beside it."""
    path = folder / "mail.password"
    path.write_bytes(content.encode())
    path.chmod(mode)


def test_without_a_file_nobody_carries_anything(tmp_path):
    assert carrier.of(tmp_path) is None


def test_a_host_and_a_sender_are_all_that_it_needs_and_tls_is_on(tmp_path):
    found = of(tmp_path, NEEDED)

    assert (found.host, found.port, found.tls) == ("mail.example.org", 465, True)
    assert (found.sender, found.domain) == ("notes@example.org", "example.org")
    assert (found.user, found.password) == ("", "")


def test_a_password_is_read_from_a_file_of_its_own_and_never_shown(tmp_path):
    keep_password(tmp_path)

    found = of(tmp_path, NEEDED + USER + "port = 587")

    assert (found.user, found.password, found.port) == ("u", SENTINEL, 587)
    assert SENTINEL not in repr(found)


def test_on_this_machine_it_may_do_without_tls(tmp_path):
    words = NEEDED.replace("mail.example.org", "localhost") + "port = 25\ntls = false"

    assert of(tmp_path, words).tls is False


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ('sender = "a@example.org"', "host must name the server"),
        ('host = "mail"', "sender must name the address"),
        (NEEDED + f'password = "{SENTINEL}"', "password must not stand here"),
        (NEEDED + f'"{SENTINEL}" = 1', "takes host, port, sender, user, password_file"),
        (NEEDED + f'[mail]\nhost = "{SENTINEL}"', "and nothing else"),
        (NEEDED + f'user = "{SENTINEL}"', "stand there together, or not"),
        (NEEDED + f'password_file = "{SENTINEL}"', "stand there together, or not"),
        (NEEDED + 'port = "465"', "port must be a whole number"),
        (NEEDED + "port = 0", "port must be a whole number"),
        (NEEDED + 'tls = "no"', "tls must be true or false"),
        (NEEDED + "tls = false", "only where host is this machine"),
        (f'host = "{SENTINEL} x"\nsender = "a@b.org"', "host must be 1 to 255 plain"),
        ('host = "h"\nsender = 1', "sender must be 1 to 254 plain"),
        (f'host = "h"\nsender = "{SENTINEL}"', "sender must be an address alone"),
        (f'host = "h"\nsender = "N <{SENTINEL}@b.org>"', "must be an address alone"),
        ('host = "h"\nsender = "a@b.org\\nBcc: c@d.org"', "254 plain"),
        (NEEDED + f"user = {SENTINEL}", "line 3: must be TOML"),
        (NEEDED + USER, "mail.password: cannot be read"),
    ],
)
def test_what_a_folder_may_not_say_is_refused_by_its_key(tmp_path, words, says):
    with pytest.raises(FileError) as refused:
        of(tmp_path, words)

    assert says in str(refused.value)
    assert SENTINEL not in str(refused.value)


@pytest.mark.parametrize(
    ("content", "mode", "says"),
    [
        (SENTINEL, 0o640, "must be for its owner alone"),
        (SENTINEL, 0o604, "must be for its owner alone"),
        ("", 0o600, "must hold a password alone"),
        (f"{SENTINEL}\nmore", 0o600, "must hold a password alone"),
        (f"{SENTINEL}é", 0o600, "must hold a password alone"),
        ("x" * 1025, 0o600, "must hold a password alone"),
    ],
)
def test_a_password_that_will_not_do_is_refused_without_it(
    tmp_path, content, mode, says
):
    keep_password(tmp_path, content, mode)

    with pytest.raises(FileError, match=says) as refused:
        of(tmp_path, NEEDED + USER)

    assert SENTINEL not in str(refused.value)


def test_a_link_that_leads_nowhere_is_not_taken_for_no_mail(tmp_path):
    (tmp_path / "mail.toml").symlink_to(tmp_path / "moved-away")

    with pytest.raises(FileError, match="cannot be read"):
        carrier.of(tmp_path)
