"""What a model can do, capability by capability, measured with cases that lie in TOML files (see `cases`).

References
----------
Ribeiro, M. T., Wu, T., Guestrin, C., & Singh, S. (2020). Beyond accuracy: Behavioral testing of NLP models with
CheckList. Proceedings of ACL 2020, 4902-4912.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .cases import Case, Kind, Reading, read_cases

if TYPE_CHECKING:
    from .analyzer import InnerCritic


@dataclass(frozen=True, slots=True)
class CapabilityRow:
    """How a model did on one capability.

    Parameters
    ----------
    capability : str
        Its name.
    kind : {"minimum functionality", "invariance", "direction"}
        How its cases are judged.
    cases, passed : int
        How many cases there are, and how many were passed.
    """

    capability: str
    kind: Kind
    cases: int
    passed: int

    @property
    def rate(self) -> float:
        """Share of the cases passed, 0 to 1."""
        return self.passed / self.cases


def measure_behaviour(critic: "InnerCritic", folder: Path) -> list[CapabilityRow]:
    """Measure what a model can do, one row a capability.

    Parameters
    ----------
    critic : InnerCritic
        The model to measure.
    folder : Path
        The folder of case files, ``tests/behaviour/cases`` in a checkout.

    Returns
    -------
    list of CapabilityRow
        In the order of the files.

    Raises
    ------
    AssetError
        When a case file breaks its rules; it names file, capability and reason.

    Examples
    --------
    >>> from innercritic import load
    >>> from tempfile import TemporaryDirectory
    >>> file = '''
    ... kind = "minimum functionality"
    ... [[capability]]
    ... name = "failure as fact"
    ... facets = []
    ... sentences = ["I got two answers wrong.", "The bus was late."]
    ... '''
    >>> with TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "harmless.toml").write_text(file)
    ...     measure_behaviour(load(), Path(folder))
    [CapabilityRow(capability='failure as fact', kind='minimum functionality', cases=2, passed=2)]
    """
    cases = read_cases(folder)
    return tally(cases, judge(critic, cases))


def tally(cases: Sequence[Case], passed: Sequence[bool]) -> list[CapabilityRow]:
    """Count judged cases by capability.

    Parameters
    ----------
    cases : sequence of Case
        The cases.
    passed : sequence of bool
        Whether each was passed, from `judge`.

    Returns
    -------
    list of CapabilityRow
        In the order in which the capabilities come up.
    """
    kinds = {case.capability: case.kind for case in cases}
    all_of = Counter(case.capability for case in cases)
    good = Counter(case.capability for case, passes in zip(cases, passed, strict=True) if passes)
    return [CapabilityRow(name, kind, all_of[name], good[name]) for name, kind in kinds.items()]


def judge(critic: "InnerCritic", cases: Sequence[Case]) -> list[bool]:
    """Say of each case whether a model passes it.

    Parameters
    ----------
    critic : InnerCritic
        The model.
    cases : sequence of Case
        Cases, from `read_cases`.

    Returns
    -------
    list of bool
        In the order of the cases.
    """
    texts = list(dict.fromkeys(text for case in cases for text in case.texts))
    readings = {text: Reading.of(analysis) for text, analysis in zip(texts, critic.pipe(texts), strict=True)}
    return [case.expected.passes([readings[text] for text in case.texts]) for case in cases]
