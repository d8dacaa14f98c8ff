"""ReproSchema 1.0: an activity with its items, in one file of JSON-LD, in and out.

The format is that of ReproNim's reproschema (https://www.repronim.org/reproschema).
"""

from duologue.formats.reproschema.activity import activity_of
from duologue.formats.reproschema.files import read_activity
from duologue.formats.reproschema.reader import instrument_from_activity

__all__ = ["activity_of", "instrument_from_activity", "read_activity"]
