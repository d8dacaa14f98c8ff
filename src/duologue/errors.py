"""The errors that a caller may catch: one class, one meaning.

No message ever holds an answer, a person's name or a sentence of a transcript: it
names the parameter, or the file and line, what is allowed, and what kind of thing
came.
"""


class DuologueError(Exception):
    """Anything that Duologue refuses; the command line prints it and exits with 2."""


class ParameterError(DuologueError, ValueError):
    """A function was called with a value outside what its docstring allows."""


class RecordError(DuologueError, ValueError):
    """A record would contradict itself, or another record of the same course."""


class NotSeatedError(DuologueError):
    """The person who asks sits in neither seat of this pair."""


class NotYoursError(DuologueError):
    """There is no such thing for the person who asks: absent and withheld are one."""


class NotNowError(DuologueError):
    """What was asked cannot be done as things stand; the message says what can."""


class LockedError(DuologueError):
    """The practice is locked: no key is held, and nothing can be read or written."""


class SealError(DuologueError, ValueError):
    """What is sealed does not open: changed, moved, or sealed with another key."""


class InstrumentError(DuologueError, ValueError):
    """An instrument's definition is unknown, incomplete, or does not fit the answers."""


class FileError(DuologueError, ValueError):
    """A file cannot be read, or written, as what it is said to be.

    Parameters
    ----------
    where : str
        The file's name as the caller gave it.
    problem : str
        What is allowed, and what kind of thing came.
    line : int, optional
        Line in the file, counted from 1.
    """

    def __init__(self, where: str, problem: str, *, line: int | None = None) -> None:
        self.where = where
        self.line = line
        self.problem = problem
        place = where if line is None else f"{where}, line {line}"
        super().__init__(f"{place}: {problem}")


class WhoIsWhoError(FileError):
    """A file names its speakers and nobody has said who sits in which seat."""


class PassphraseError(FileError):
    """A passphrase, or a recovery key, does not open this practice, or may not be one."""
