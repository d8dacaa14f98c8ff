"""The course folder: one pair on disk, read and written.

The command line, the researcher and the web's export all use this layout::

    course.toml         who sits in which seat, kind, agreement
    sessions.csv        session, planned_start, started, ended, mode, status, by
    reflections.csv     session, seat, item, value, shared
    measures.csv        session, seat, instrument, item, value
    goals.csv           goal, words, session, rating
    frame.csv           session, kind, by, tag
    session-007/        transcript.csv, .vtt, .srt, ...

Only course.toml must be there, and sessions.csv unless there are session folders. Any
other file is left alone.
"""

from duologue.formats.course_folder.reader import read_course
from duologue.formats.course_folder.writer import write_course

__all__ = ["read_course", "write_course"]
