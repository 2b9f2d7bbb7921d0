"""Transcripts of therapy sessions: read them, check that they are anonymous, score them at any scale."""

from .anonymity import IdentifiersFoundError, PrivacyWarning, check_anonymity, count_identifiers
from .batch import JobResult, analyze
from .readers import ReadOptions, read, read_sessions
from .turns import Transcript, Turn
from .workers import Progress

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
    "read",
    "read_sessions",
]
