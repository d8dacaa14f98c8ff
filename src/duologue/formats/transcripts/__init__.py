"""Transcripts: several formats in, records with seats in place of names out."""

from duologue.formats.transcripts.csv_file import write_transcript
from duologue.formats.transcripts.reader import (
    read_transcript,
    read_transcripts,
    speakers,
    speakers_in,
    transcript_in,
)
from duologue.formats.transcripts.seats import Speaker

__all__ = [
    "Speaker",
    "read_transcript",
    "read_transcripts",
    "speakers",
    "speakers_in",
    "transcript_in",
    "write_transcript",
]
