"""A course on disk, read with the instruments that are known."""

from pathlib import Path

from duologue import instruments
from duologue.formats.course_folder import read_course
from duologue.instruments import Known
from duologue.records import Course, Kind, Prompts


def course_at(folder: Path, known: Known) -> Course:
    """Read a course, in which the forms that are known may have been filled in.

    Raises
    ------
    FileError
        As :func:`duologue.formats.course_folder.read_course` does.
    """

    def asked(kind: Kind) -> Prompts:
        return known.extend(instruments.prompts(kind))

    return read_course(folder, asked, check_answer=known.check_answer)
