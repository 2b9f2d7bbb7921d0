"""innercritic: where Neff's three uncompassionate stances speak in what a person writes about themself."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import scs, transcripts
    from .analyzer import InnerCritic, load
    from .classifier import FacetClassifier
    from .default import analyze, check_reframe
    from .errors import (
        AnswerError,
        AssetError,
        ColumnError,
        InnerCriticError,
        JournalError,
        MissingExtraError,
        ModelFormatError,
        ModelNotFoundError,
        NotTextError,
    )
    from .facets import Facet, SafetyFlag
    from .frames import score_frame
    from .helplines import Service, help_resources
    from .journal import Journal
    from .practices import Practice
    from .reframe_rules import Finding
    from .results import Analysis, Evidence, FacetScores, Reframe, SafetyEvidence, SafetyVerdict, SentenceReading
    from .schema import SCHEMA

__version__ = "0.1.0"

_ROOMS = {
    "analyzer": ("InnerCritic", "load"),
    "classifier": ("FacetClassifier",),
    "default": ("analyze", "check_reframe"),
    "errors": (
        "AnswerError",
        "AssetError",
        "ColumnError",
        "InnerCriticError",
        "JournalError",
        "MissingExtraError",
        "ModelFormatError",
        "ModelNotFoundError",
        "NotTextError",
    ),
    "facets": ("Facet", "SafetyFlag"),
    "helplines": ("Service", "help_resources"),
    "frames": ("score_frame",),
    "journal": ("Journal",),
    "practices": ("Practice",),
    "reframe_rules": ("Finding",),
    "results": (
        "Analysis",
        "Evidence",
        "FacetScores",
        "Reframe",
        "SafetyEvidence",
        "SafetyVerdict",
        "SentenceReading",
    ),
    "schema": ("SCHEMA",),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}
_PUBLIC_ROOMS = ("scs", "transcripts")

__all__ = [
    "SCHEMA",
    "Analysis",
    "AnswerError",
    "AssetError",
    "ColumnError",
    "Evidence",
    "Facet",
    "FacetClassifier",
    "FacetScores",
    "Finding",
    "InnerCritic",
    "InnerCriticError",
    "Journal",
    "JournalError",
    "MissingExtraError",
    "ModelFormatError",
    "ModelNotFoundError",
    "NotTextError",
    "Practice",
    "Reframe",
    "SafetyEvidence",
    "SafetyFlag",
    "SafetyVerdict",
    "SentenceReading",
    "Service",
    "__version__",
    "analyze",
    "check_reframe",
    "help_resources",
    "load",
    "score_frame",
    "scs",
    "transcripts",
]


def __getattr__(name: str) -> object:
    """Import a public name's room when it is first asked for, so that ``import innercritic`` stays cheap."""
    if name in _PUBLIC_ROOMS:
        return import_module(f".{name}", __name__)
    if name not in _ROOM_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_ROOM_OF[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
