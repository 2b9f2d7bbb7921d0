"""The cases a model is tried with: what a case expects of how its texts are read, and the TOML files they lie in.

Minimum functionality: a sentence and the facets to be claimed in it. Invariance: two ways to write the same, which must
be read the same. Direction: a change that must raise a facet, lower it, or at least not lower it. CONTRIBUTING.md shows
the files.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from .errors import AssetError
from .facets import Facet
from .resources import read_toml
from .results import Analysis

Kind = Literal["minimum functionality", "invariance", "direction"]
Change = Literal["raises", "lowers", "does not lower"]

MARGIN = 0.1
"""A probability that moves by less has not moved; the tolerance of the paper."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole text, read: what any of its sentences claims, and the highest probability of each facet."""

    claimed: frozenset[Facet]
    probabilities: Mapping[Facet, float]

    @classmethod
    def of(cls, analysis: Analysis) -> "Reading":
        """Take it from an analysis."""
        return cls(
            frozenset(facet for sentence in analysis.sentences for facet in sentence.facets),
            {facet: max(sentence.probabilities[facet] for sentence in analysis.sentences) for facet in Facet},
        )


@dataclass(frozen=True, slots=True)
class Claims:
    """Minimum functionality: all these facets are claimed and none of the other pole; without facets, none at all.

    Parameters
    ----------
    facets : frozenset of Facet
        What the sentence carries.
    """

    facets: frozenset[Facet]

    def passes(self, readings: Sequence[Reading]) -> bool:
        """Judge the reading of a sentence."""
        (reading,) = readings
        poles = {facet.is_critic for facet in self.facets}
        return self.facets <= reading.claimed and all(facet.is_critic in poles for facet in reading.claimed)


@dataclass(frozen=True, slots=True)
class Same:
    """Invariance: the same facets are claimed, and no probability moves by more than the tolerance.

    Parameters
    ----------
    tolerance : float
        Largest difference of a probability; 1 where only the claims must be the same.
    """

    tolerance: float

    def passes(self, readings: Sequence[Reading]) -> bool:
        """Judge the readings of both ways to write it."""
        one, other = readings
        moved = max(abs(one.probabilities[facet] - other.probabilities[facet]) for facet in Facet)
        return one.claimed == other.claimed and moved <= self.tolerance


@dataclass(frozen=True, slots=True)
class Moves:
    """Direction: the change moves the probability of a facet the way it should, by 0.1 or more.

    Parameters
    ----------
    facet : Facet
        The facet looked at.
    change : {"raises", "lowers", "does not lower"}
        Where it should go. What is lowered must also not be claimed afterwards.
    """

    facet: Facet
    change: Change

    def passes(self, readings: Sequence[Reading]) -> bool:
        """Judge the readings before and after the change."""
        before, after = readings
        rise = after.probabilities[self.facet] - before.probabilities[self.facet]
        if self.change == "raises":
            return rise >= MARGIN
        if self.change == "lowers":
            return rise <= -MARGIN and self.facet not in after.claimed
        return rise > -MARGIN


@dataclass(frozen=True, slots=True)
class Case:
    """One case: a text, or two to be compared, and what is expected.

    Parameters
    ----------
    capability : str
        What it is a case of.
    kind : {"minimum functionality", "invariance", "direction"}
        How it is judged.
    texts : tuple of str
        One text, or two.
    expected : Claims, Same or Moves
        What must be true of their readings.
    """

    capability: str
    kind: Kind
    texts: tuple[str, ...]
    expected: Claims | Same | Moves


def read_cases(folder: Path) -> tuple[Case, ...]:
    """Read every case file of a folder.

    Parameters
    ----------
    folder : Path
        The folder.

    Returns
    -------
    tuple of Case
        Sorted by file, the cases of a capability together.

    Raises
    ------
    AssetError
        When a file breaks the rules, a capability occurs twice, or there is no case at all.
    """
    cases: list[Case] = []
    for path in sorted(folder.glob("*.toml")):
        content = read_toml(path)
        kind: Any = content.get("kind")
        tables = content.get("capability", [])
        if kind not in get_args(Kind):
            raise AssetError(path.name, "kind", f"expected one of {', '.join(get_args(Kind))}")
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            raise AssetError(path.name, "capability", "expected tables headed [[capability]]")
        known = {case.capability for case in cases}
        for number, table in enumerate(tables, 1):
            name = table.get("name")
            if not isinstance(name, str) or not name:
                raise AssetError(path.name, f"capability {number}", "it has no name")
            try:
                cases += _capability(kind, name, table, known)
            except _Broken as broken:
                raise AssetError(path.name, name, str(broken)) from None
            known.add(name)
    if not cases:
        raise AssetError(folder.name, "whole folder", "there are no cases in it")
    return tuple(cases)


class _Broken(ValueError):
    """A capability breaks a rule; the message names the rule."""


_Found = Iterator[tuple[tuple[str, ...], Claims | Same | Moves]]


def _capability(kind: Kind, name: str, table: dict[str, Any], known: set[str]) -> list[Case]:
    if name in known:
        raise _Broken("there is a capability of this name already")
    found = [Case(name, kind, texts, expected) for texts, expected in _READERS[kind](table)]
    if not found:
        raise _Broken("it has no cases")
    return found


def _minimum_functionality(table: dict[str, Any]) -> _Found:
    _check_keys(table, {"facets", "sentences"})
    expected = Claims(frozenset(map(_facet, _listed("facets", table["facets"]))))
    for number, text in enumerate(_listed("sentences", table["sentences"]), 1):
        if not _is_text(text):
            raise _Broken(f"case {number} is not a text")
        yield (text,), expected


def _invariance(table: dict[str, Any]) -> _Found:
    _check_keys({"tolerance": 1.0, **table}, {"tolerance", "pairs"})
    tolerance = table.get("tolerance", 1.0)
    if not isinstance(tolerance, float | int) or not 0 <= tolerance <= 1:
        raise _Broken("tolerance is a number from 0 to 1")
    for texts in _pairs(table["pairs"]):
        yield texts, Same(tolerance)


def _direction(table: dict[str, Any]) -> _Found:
    _check_keys(table, {"change", "pairs"})
    if table["change"] not in get_args(Change):
        raise _Broken(f"change is one of {', '.join(get_args(Change))}")
    if not isinstance(table["pairs"], dict):
        raise _Broken("pairs is not a table with a list of pairs a facet")
    for facet, pairs in table["pairs"].items():
        expected = Moves(_facet(facet), table["change"])
        for texts in _pairs(pairs):
            yield texts, expected


_READERS: dict[Kind, Callable[[dict[str, Any]], _Found]] = {
    "minimum functionality": _minimum_functionality,
    "invariance": _invariance,
    "direction": _direction,
}


def _check_keys(table: dict[str, Any], wanted: set[str]) -> None:
    if table.keys() - {"name"} != wanted:
        raise _Broken(f"expected the keys name, {', '.join(sorted(wanted))}")


def _pairs(value: object) -> Iterator[tuple[str, ...]]:
    for number, pair in enumerate(_listed("pairs", value), 1):
        if not isinstance(pair, list) or len(pair) != 2 or not all(map(_is_text, pair)):
            raise _Broken(f"case {number} is not a pair of texts")
        yield tuple(pair)


def _listed(key: str, value: object) -> list[Any]:
    if not isinstance(value, list):
        raise _Broken(f"{key} is not a list")
    return value


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _facet(value: Any) -> Facet:
    try:
        return Facet(value)
    except ValueError:
        raise _Broken(f"a facet is one of {', '.join(Facet)}") from None
