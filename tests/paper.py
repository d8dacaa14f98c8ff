"""Whether a PDF can be made here, and what one says."""

import io
import os
import re

import pytest

from duologue.errors import ParameterError
from duologue.faces import as_pdf


def need_paper():
    """Skip where a PDF cannot be made or read; CI must be able to."""
    try:
        as_pdf._weasyprint()
        import pypdf  # noqa: F401, PLC0415
    except (ParameterError, ImportError) as lack:
        if os.environ.get("CI"):
            pytest.fail(f"{lack} CI must have it.")
        pytest.skip(str(lack))


def sets_type():
    """Whether a PDF can be made here."""
    try:
        as_pdf._weasyprint()
    except ParameterError:
        return False
    return True


class Paper:
    """A PDF as another program reads it.

    Attributes
    ----------
    pages : list of str
        The words of each page, each run of white space made one blank.
    elements : list
        The structure in reading order: every element that is tagged.
    """

    def __init__(self, content):
        import pypdf  # noqa: PLC0415 - need_paper says whether it is here

        self.reader = pypdf.PdfReader(io.BytesIO(content))
        self.root = self.reader.trailer["/Root"]
        self.pages = [" ".join(p.extract_text().split()) for p in self.reader.pages]
        self.elements = list(_elements(self.root["/StructTreeRoot"]))

    @property
    def text(self):
        """The words of all pages without a blank, since a line may end in a word."""
        return together(" ".join(self.pages))

    def tagged(self, tag):
        """Return the elements of one kind."""
        return [e for e in self.elements if e.get("/S") == tag]


def together(text):
    """Return text without white space and soft ends of lines."""
    return re.sub(r"\s+", "", text)


def _elements(node):
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        found = kid.get_object()
        if isinstance(found, dict) and "/S" in found:
            yield found
            yield from _elements(found)
