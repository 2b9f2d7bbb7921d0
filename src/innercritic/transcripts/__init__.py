"""Transcripts of therapy sessions: read them, check that they are anonymous, score them at any scale."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .anonymity import IdentifiersFoundError, PrivacyWarning, check_anonymity, count_identifiers
    from .batch import JobResult, analyze
    from .readers import ReadOptions, read, read_sessions
    from .session_rates import rates
    from .turns import Transcript, Turn
    from .workers import Progress

_ROOMS = {
    "anonymity": ("IdentifiersFoundError", "PrivacyWarning", "check_anonymity", "count_identifiers"),
    "batch": ("JobResult", "analyze"),
    "session_rates": ("rates",),
    "readers": ("ReadOptions", "read", "read_sessions"),
    "turns": ("Transcript", "Turn"),
    "workers": ("Progress",),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = [
    "IdentifiersFoundError",
    "JobResult",
    "PrivacyWarning",
    "Progress",
    "ReadOptions",
    "Transcript",
    "Turn",
    "analyze",
    "check_anonymity",
    "count_identifiers",
    "rates",
    "read",
    "read_sessions",
]


def __getattr__(name: str) -> object:
    """Import a name's room when it is first asked for: a worker needs few of them."""
    if name not in _ROOM_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_ROOM_OF[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
