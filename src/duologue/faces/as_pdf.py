"""A reading as a tagged PDF, for a printer, a file and a screen reader.

The page is laid out by WeasyPrint, which needs Pango and HarfBuzz; they are loaded only
when a PDF is wanted, since few people install them.
"""

import hashlib
import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from logging import Logger
from typing import Any

from duologue.errors import ParameterError
from duologue.faces.as_html import on_paper
from duologue.relationship import Reading

BEGINS = b"%PDF-"
OURS = b"Duologue-"
"""Begins the identifier of every PDF of ours, which stands in it as it is."""

NO_PANGO = (
    "a PDF needs Pango and HarfBuzz, which are not both on this machine "
    "(on Debian: libpango-1.0-0, libpangoft2-1.0-0, libharfbuzz-subset0)."
)

VARIANT = "pdf/ua-1"
"""ISO 14289-1, PDF for everyone: tags, language, title and words for each picture."""


def to_pdf(reading: Reading, *, asked: bool = False) -> bytes:
    """Return one reading as a PDF of A4 pages.

    It is tagged after PDF/UA-1, holds no date but those of the reading, and nothing is
    loaded for it: equal readings give equal bytes on one machine, whose typefaces it
    takes. A letter that none of them has is a box.

    Parameters
    ----------
    reading : Reading
        What is shown, all of it unfolded; nothing else is in the file.
    asked : bool
        Whether the reader asked for what is shown only on request (left unsaid). Paper
        is left lying about, so without it not even a heading says that there is some.

    Raises
    ------
    ParameterError
        If WeasyPrint, Pango or HarfBuzz is not on this machine.
    """
    weasyprint = _weasyprint()
    page = on_paper(reading, asked=asked)
    # What cannot be written in UTF-8 has been cleaned away, so this cannot fail.
    identifier = OURS + hashlib.sha256(page.encode()).hexdigest()[:32].encode()
    nothing = weasyprint.urls.URLFetcher(allowed_protocols=())
    with _silent(weasyprint.LOGGER):
        pdf: bytes = weasyprint.HTML(string=page, url_fetcher=nothing).write_pdf(
            pdf_variant=VARIANT, pdf_identifier=identifier
        )
    return pdf


@contextmanager
def _silent(logger: Logger) -> Iterator[None]:
    """Keep a log still: it would name letters of the page that no typeface has."""
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


def _weasyprint() -> Any:
    """Load what lays pages out; what it has to say of a fault is said in our words."""
    try:
        with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore", DeprecationWarning)
            import weasyprint
            from weasyprint.text.ffi import harfbuzz_subset
    except ImportError:
        raise ParameterError(
            "a PDF needs a package that is not installed (duologue[pdf])."
        ) from None
    except OSError:  # one of the libraries that it calls is not there
        raise ParameterError(NO_PANGO) from None
    if harfbuzz_subset is None:
        # It would do without, warns that it may not for ever, and puts the time of day
        # into the typefaces, so that equal readings give unequal files.
        raise ParameterError(NO_PANGO)
    return weasyprint
