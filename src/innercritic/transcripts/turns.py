"""What was said: `Turn` and `Transcript`, and `Spoken`, what a reader makes of a file before roles are known."""

import math
import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

CLIENT, THERAPIST, OTHER = "client", "therapist", "other"
ROLES: Final = (CLIENT, THERAPIST, OTHER)
"""The roles there are."""

CLOCK: Final = r"\d{1,3}(?::\d{2}){1,2}(?:[.,]\d{1,3})?"
"""A time into the session, as exporters write it: ``0:03``, ``00:12:31``, ``12:31.250``."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one person says until another speaks.

    Parameters
    ----------
    speaker : str
        The label in the file; empty where there is none.
    role : {"client", "therapist", "other"}
        Who that is.
    start, end : float or None
        When, in seconds from the start of the session, where the file says.
    text : str
        What was said. All offsets in results count characters of this text.
    line : int
        Where it starts: the line of the file, from 1 (in JSON the number of the segment, in docx of the paragraph).
    """

    speaker: str = field(repr=False)
    role: str
    start: float | None
    end: float | None
    text: str = field(repr=False)
    line: int


@dataclass(frozen=True, slots=True)
class Transcript:
    """One session.

    Parameters
    ----------
    session : str
        Its identifier: the file's name without its ending, or what the session column of a table says.
    turns : tuple of Turn
        In order; at least one.
    client : str
        Whose session it is, for rates by client: the client column, else the folder below the path that was given,
        else the session itself.
    source : str
        The file it came from.
    """

    session: str
    turns: tuple[Turn, ...]
    client: str = ""
    source: str = ""


class Spoken(NamedTuple):
    """Something said, as a reader finds it: labels are not roles yet."""

    speaker: str
    text: str
    line: int
    start: float | None = None
    end: float | None = None
    role: str = ""
    session: str = ""
    client: str = ""


def seconds(clock: object) -> float | None:
    """Turn a time into seconds; what is no time into a session (a date, a word) gives None.

    Examples
    --------
    >>> seconds("00:12:31.5"), seconds("0:03"), seconds("7.25"), seconds("3 June")
    (751.5, 3.0, 7.25, None)
    """
    if isinstance(clock, (int, float)) and not isinstance(clock, bool):
        return float(clock) if math.isfinite(clock) and clock >= 0 else None
    if not isinstance(clock, str) or not clock:
        return None
    written = clock.strip().replace(",", ".")
    if re.fullmatch(r"\d{1,9}(?:\.\d{1,9})?", written, re.ASCII):
        return float(written)
    if not re.fullmatch(CLOCK, written, re.ASCII):
        return None
    total = 0.0
    for part in written.split(":"):
        total = total * 60 + float(part)
    return total
