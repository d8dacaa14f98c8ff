"""What a file is that is no transcript, told by how it begins, whatever its name."""

from collections.abc import Callable, Mapping

from duologue.errors import FileError

_HEAD = 1024  # bytes that are looked at
_WORD_PART = b"word/document.xml"  # names inside a zip file are not compressed
_SAVE = "save the transcript as plain text, WebVTT or CSV, and read that."

_BEGINS = {
    b"PK\x03\x04": "a zip file",
    b"PK\x05\x06": "an empty zip file",
    b"%PDF-": "a PDF",
    b"{\\rtf": "a document in rich text (RTF)",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel document",
    b"\x1f\x8b": "a compressed file (gzip)",
    b"SQLite format 3\0": "a database",
}
_SOUND_BEGINS = (b"RIFF", b"ID3", b"OggS", b"fLaC", b"\x1aE\xdf\xa3")
_TEXT_BEGINS: Mapping[bytes, str] = {
    b"<!doctype html": "a web page",
    b"<html": "a web page",
    b'file type = "ootextfile"': "a Praat TextGrid",
}


def check_kind(content: bytes, where: str) -> None:
    """Refuse what is known to be something else than a transcript.

    Parameters
    ----------
    content : bytes
        The whole file.
    where : str
        What errors call it.

    Raises
    ------
    FileError
        Naming what it is: a Word document, a PDF, a recording, a web page and others.
    """
    kind = _kind(content)
    if kind is not None:
        raise FileError(where, f"must be a transcript, but is {kind}; {_SAVE}")


def _kind(content: bytes) -> str | None:
    head = content[:_HEAD]
    if head.startswith(b"PK") and _WORD_PART in content:
        return "a Word document (.docx)"
    # A text may begin with these letters too, but it holds no zero byte.
    if b"\0" in head and (head.startswith(_SOUND_BEGINS) or head[4:8] == b"ftyp"):
        return "a recording in a binary file"
    return _found(_BEGINS, head.startswith) or _found(
        _TEXT_BEGINS, head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith
    )


def _found(begins: Mapping[bytes, str], starts: Callable[[bytes], bool]) -> str | None:
    return next((kind for begin, kind in begins.items() if starts(begin)), None)
