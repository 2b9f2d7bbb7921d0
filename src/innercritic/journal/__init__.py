"""Entries over time: read a journal, count facets with honest intervals, draw it, make a page of it."""

from .diary import Journal
from .trends import State, Trend

__all__ = ["Journal", "State", "Trend"]
