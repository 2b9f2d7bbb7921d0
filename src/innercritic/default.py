"""The doors that need no model of one's own: everything here uses the default critic, loaded once."""

from collections.abc import Sequence
from typing import Any

from .analyzer import load
from .reframe_rules import Finding
from .results import Analysis


def analyze(text: str, **options: Any) -> Analysis:
    """Read one text with the default model; see `InnerCritic.analyze`.

    Examples
    --------
    >>> analyze("").sentences
    ()
    """
    return load().analyze(text, **options)


def check_reframe(text: str, facet: str, source: str | None = None, recent: Sequence[str] = ()) -> tuple[Finding, ...]:
    """Check a reframe, a template author's or another program's, by the rules for reframes.

    Parameters
    ----------
    text : str
        The reframe.
    facet : str
        The compassionate facet it is meant to speak for.
    source : str, optional
        The sentence it answers; with it, the rules on specificity, scope and amends are checked too.
    recent : sequence of str
        Reframes that the same person saw lately.

    Returns
    -------
    tuple of Finding
        Empty when it is fine.

    Examples
    --------
    >>> [finding.message for finding in check_reframe("This hurts, and you should simply be kinder to yourself.",
    ...                                               "self_kindness")]
    ["'should' is an order, not an offer", '10 words; it takes 11 to 38']
    """
    return load().check_reframe(text, facet, source, recent)
