"""The Self-Compassion Scale (26 items) and its short form (12): answers by item number -> subscales and total.

The wording of the items is not shipped; the scale is at self-compassion.org.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan
from numbers import Real
from statistics import fmean
from typing import TYPE_CHECKING, Any, Final

from .errors import AnswerError
from .facets import CRITIC_FACETS, Facet

if TYPE_CHECKING:
    import pandas as pd

    from .journal import Journal

LOWEST, HIGHEST = 1, 5
LEAST_ANSWERED = 0.75
"""A subscale is scored when at least this share of its items is answered."""

ITEMS: Final[Mapping[str, Mapping[Facet, tuple[int, ...]]]] = {
    "SCS-26": {
        Facet.SELF_KINDNESS: (5, 12, 19, 23, 26),
        Facet.SELF_JUDGMENT: (1, 8, 11, 16, 21),
        Facet.COMMON_HUMANITY: (3, 7, 10, 15),
        Facet.ISOLATION: (4, 13, 18, 25),
        Facet.MINDFULNESS: (9, 14, 17, 22),
        Facet.OVER_IDENTIFICATION: (2, 6, 20, 24),
    },
    "SCS-SF": {
        Facet.SELF_KINDNESS: (2, 6),
        Facet.SELF_JUDGMENT: (11, 12),
        Facet.COMMON_HUMANITY: (5, 10),
        Facet.ISOLATION: (4, 8),
        Facet.MINDFULNESS: (3, 7),
        Facet.OVER_IDENTIFICATION: (1, 9),
    },
}
"""The published coding keys: which items make up which subscale."""

_FORM_OF: Final = {sum(map(len, key.values())): form for form, key in ITEMS.items()}

NOT_THE_SAME: Final = (
    "These are not the same thing. The scale is what somebody says of how they usually treat themself, asked about "
    "hard times in general; a rate is how many sentences of some days' writing a program read as one stance, about "
    "whatever those days brought. Neither checks the other, and a difference between them is not an error in either."
)


@dataclass(frozen=True, slots=True)
class SCSScores:
    """A scored questionnaire.

    Parameters
    ----------
    form : {"SCS-26", "SCS-SF"}
        Which form was answered.
    subscales : dict of Facet to float
        Mean answer a subscale, 1 to 5, as answered: a high self-judgment is much self-judgment. NaN where too few
        items were answered.
    total : float
        Mean of the six subscale means, 1 to 5, the three uncompassionate ones reversed: high is self-compassionate.
        NaN unless all six are there.
    answered : int
        How many items were answered.
    """

    form: str
    subscales: Mapping[Facet, float]
    total: float
    answered: int

    @property
    def band(self) -> str:
        """The total in words, by Neff's rough guide: "low" under 2.5, "high" over 3.5, else "moderate"; no norm."""
        if isnan(self.total):
            return "not scored"
        return "low" if self.total < 2.5 else "high" if self.total > 3.5 else "moderate"


def score(answers: Sequence[float | None] | Mapping[int, float | None]) -> SCSScores:
    """Score the Self-Compassion Scale or its short form.

    A missing answer is None, NaN or pandas' NA. A subscale is the mean of its answered items when at least three
    quarters of them are there: one may be missing in the long form, none in the short form, whose subscales have two
    items. The authors give no rule for missing answers; replacing up to a fifth of a subscale by the person's own mean
    is safe by Downey and King (1998). The authors of the short form advise against reading its subscales one by one.

    Parameters
    ----------
    answers : sequence of 26 or 12 numbers, or mapping of item number to number
        Answers from 1 (almost never) to 5 (almost always), in the order of the items, or by item number from 1. Every
        item has a place, so that a long form with gaps is not taken for a short one.

    Returns
    -------
    SCSScores

    Raises
    ------
    AnswerError
        A ValueError: neither 26 nor 12 answers, or an answer that is no whole number from 1 to 5. It names items,
        never answers.

    References
    ----------
    Neff, K. D. (2003). The development and validation of a scale to measure self-compassion. Self and Identity, 2,
    223-250. There the total is the sum of the six subscale means; divided by six it is the one here, and that of
    Neff's later scoring sheet (self-compassion.org), whose key and steps are followed to the letter. The subscales of
    the people in BioPsyKit's published test data (Richer et al., 2021) come out the same; its total does not, as it
    is the mean of all 26 items.

    Richer, R., Küderle, A., Ullrich, M., Rohleder, N., & Eskofier, B. (2021). BioPsyKit: A Python package for the
    analysis of biopsychological data. Journal of Open Source Software, 6(66), 3702.

    Raes, F., Pommier, E., Neff, K. D., & Van Gucht, D. (2011). Construction and factorial validation of a short form
    of the Self-Compassion Scale. Clinical Psychology & Psychotherapy, 18, 250-255.

    Downey, R. G., & King, C. V. (1998). Missing data in Likert ratings: a comparison of replacement methods. The
    Journal of General Psychology, 125, 175-191.

    Examples
    --------
    >>> scores = score([4, 2, 3, 4, 3, 2, 3, 4, 4, 3, 5, 4])
    >>> scores.form, scores.subscales[Facet.SELF_JUDGMENT], scores.total, scores.band
    ('SCS-SF', 4.5, 2.25, 'low')
    """
    by_item = dict(answers) if isinstance(answers, Mapping) else dict(enumerate(_checked_sequence(answers), 1))
    form = _FORM_OF.get(len(by_item))
    if form is None or set(by_item) != set(range(1, len(by_item) + 1)):
        raise AnswerError("give 26 answers (SCS) or 12 (SCS-SF), one an item, with None for those missing")
    given = {item: value for item, answer in by_item.items() if (value := _answer(item, answer)) is not None}
    subscales = {facet: _subscale(items, given) for facet, items in ITEMS[form].items()}
    turned = [HIGHEST + LOWEST - v if facet in CRITIC_FACETS else v for facet, v in subscales.items()]
    return SCSScores(form, subscales, fmean(turned), len(given))


@dataclass(frozen=True)
class Comparison:
    """Scores of a questionnaire beside the rates of the writing before it.

    Parameters
    ----------
    frame : DataFrame
        A row a questionnaire and facet: ``time``, ``person`` where the journal has one, ``facet``, ``scs`` (1 to 5),
        ``entries``, ``sentences``, ``facet_sentences``, ``rate``, ``low``, ``high`` (per 100 sentences).
    note : str
        What must be said wherever the two are shown.
    """

    frame: "pd.DataFrame"
    note: str = NOT_THE_SAME

    def __str__(self) -> str:
        return f"{self.note}\n\n{self.frame}"

    def _repr_html_(self) -> str:
        from .pages import Prose, fragment

        return fragment([Prose((self.note,))]) + str(self.frame.to_html())


def compare(journal: "Journal", scores: Mapping[Any, SCSScores], *, days: int = 28) -> Comparison:
    """Put questionnaires beside the writing of the days before them.

    Parameters
    ----------
    journal : Journal
        The entries.
    scores : mapping of date to SCSScores
        When a questionnaire was filled in, and what it came to. With several people in the journal the keys are
        ``(person, date)``.
    days : int, default 28
        How many days before a questionnaire count as its writing, its own day included.

    Returns
    -------
    Comparison
        The two side by side. No correlation is computed: a handful of questionnaires does not carry one.

    Raises
    ------
    ValueError
        When `days` is less than 1, or `scores` is no such mapping or has a date that cannot be read.

    Examples
    --------
    >>> import pandas as pd
    >>> from innercritic import Journal
    >>> entries = pd.DataFrame({"date": ["2024-03-01", "2024-03-02"], "text": ["I'm such an idiot.", "We had soup."]})
    >>> compared = compare(Journal.from_frame(entries), {"2024-03-02": score([3] * 26)})
    >>> compared.frame.query("facet == 'self_judgment'")[["scs", "entries", "sentences", "facet_sentences"]].values
    array([[3., 2., 2., 1.]])
    """
    import pandas as pd

    if days < 1:
        raise ValueError(f"days is at least 1, not {days}")
    rows = []
    for person, time, scored in _dated(scores, journal.has_people):
        window = journal.between(time - pd.Timedelta(days=days - 1), time, person)
        for facet, (entries, sentences, count, rate, low, high) in window.items():
            rows.append(
                (time, person, facet, scored.subscales[Facet(facet)], entries, sentences, count, rate, low, high)
            )
    names = ["time", "person", "facet", "scs", "entries", "sentences", "facet_sentences", "rate", "low", "high"]
    frame = pd.DataFrame(rows, columns=names)
    return Comparison(frame if journal.has_people else frame.drop(columns="person"))


def _dated(scores: Mapping[Any, SCSScores], has_people: bool) -> Iterator[tuple[Any, "pd.Timestamp", SCSScores]]:
    """Who filled in what, and when by the clock there."""
    import pandas as pd

    from .journal.dates import read_times

    keys = "(person, date)" if has_people else "date"
    if not isinstance(scores, Mapping) or not all(isinstance(scored, SCSScores) for scored in scores.values()):
        raise ValueError(f"scores is a mapping of {keys} to what scs.score gave")
    for key, scored in scores.items():
        if has_people and not (isinstance(key, tuple) and len(key) == 2):
            raise ValueError("several people write in this journal; the keys of scores are (person, date)")
        person, when = key if has_people else (None, key)
        time = read_times(pd.Series([when]))[0] if isinstance(when, str) else pd.Timestamp(when)
        if pd.isna(time):
            raise ValueError("the date of a questionnaire is missing or cannot be read")
        yield person, time.tz_localize(None), scored


def _checked_sequence(answers: object) -> Iterator[Any]:
    if isinstance(answers, str | bytes) or not hasattr(answers, "__iter__"):
        raise AnswerError("answers are a sequence of numbers, or a mapping of item number to number")
    return iter(answers)


def _answer(item: object, answer: Any) -> int | None:
    if answer is None or type(answer).__name__ == "NAType" or answer != answer:  # NaN is not itself
        return None
    if not isinstance(answer, Real) or isinstance(answer, bool) or answer not in range(LOWEST, HIGHEST + 1):
        raise AnswerError(f"item {item}: an answer is a whole number from {LOWEST} to {HIGHEST}")
    return int(float(answer))


def _subscale(items: Sequence[int], given: Mapping[int, int]) -> float:
    answered = [given[item] for item in items if item in given]
    return fmean(answered) if len(answered) >= LEAST_ANSWERED * len(items) else nan
