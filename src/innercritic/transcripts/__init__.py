"""Transcripts of therapy sessions: read them, check that they are anonymous, score them at any scale."""

from .readers import ReadOptions, read, read_sessions
from .turns import Transcript, Turn

__all__ = ["ReadOptions", "Transcript", "Turn", "read", "read_sessions"]
