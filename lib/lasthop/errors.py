"""What can go wrong, as one small tree.

    LasthopError            anything that a person is told about
    ├── InputError          wrong input or use: the person can mend it (exit 2)
    │   ├── UnreadableFile  a whole file that cannot be read; its neighbours still are
    │   ├── NotFound        nothing answers to that name, id or path
    │   └── Conflict        someone else has changed it since it was read
    └── Failure             the fault is ours or the machine's (exit 1)

A line that cannot be read is no exception: it is data, kept as a rejected line.
"""


class LasthopError(Exception):
    """Says what happened (``title``), the particulars (``message``) and the next step (``hint``)."""

    def __init__(self, title: str, message: str = "", hint: str = "") -> None:
        super().__init__(" ".join(part for part in (title, message, hint) if part))
        self.title, self.message, self.hint = title, message, hint


class InputError(LasthopError):
    """Wrong input or wrong use; nothing was changed."""


class UnreadableFile(InputError):
    """One file cannot be read at all: nothing of it was loaded, everything else still is."""


class NotFound(InputError):
    """No message, source or file answers to what was asked for."""


class Conflict(InputError):
    """What was to be saved has been changed by someone else since it was read; nothing was overwritten."""


class Failure(LasthopError):
    """The work could not be done although the input was right: disk full, lock held, table damaged."""
