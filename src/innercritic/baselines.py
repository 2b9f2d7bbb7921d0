"""What simple means reach: the lines every figure of a model is to be read against."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .facets import CRITIC_FACETS, Facet

KEYWORDS: Final[Mapping[Facet, tuple[str, ...]]] = {
    Facet.SELF_JUDGMENT: (
        *("hate myself", "my fault", "not good enough", "ashamed of myself", "disgusted with myself", "blame myself"),
        *("i'm stupid", "i am stupid", "idiot", "failure", "loser", "worthless", "useless", "pathetic", "a burden"),
    ),
    Facet.ISOLATION: (
        *("alone", "lonely", "isolated", "no one understands", "nobody understands", "nobody cares", "no one cares"),
        *("no friends", "everyone else", "left out", "don't belong", "unwanted", "invisible"),
    ),
    Facet.OVER_IDENTIFICATION: (
        *("overwhelmed", "can't stop thinking", "can't take it", "hopeless", "falling apart", "going crazy", "ruined"),
        *("never get better", "losing my mind", "drowning", "can't cope", "my life is over", "out of control"),
    ),
}
"""A keyword list as somebody would write it down in ten minutes."""

NEGATIVE = -0.05
"""VADER's own bound of a negative sentence (Hutto & Gilbert 2014)."""


def baselines(texts: Sequence[str]) -> dict[str, NDArray[np.bool_]]:
    """Claim the critic facets by simple means.

    Parameters
    ----------
    texts : sequence of str
        Sentences.

    Returns
    -------
    dict of str to ndarray of bool, shape (sentences, 3)
        By name: everything claimed everywhere, the keyword list, and, where it is installed, VADER taken as a detector
        (a negative sentence carries all three).

    Examples
    --------
    >>> baselines(["I'm such an idiot.", "We had soup."])["keyword list"].tolist()
    [[True, False, False], [False, False, False]]
    """
    plain = [text.lower().replace("\u2019", "'") for text in texts]
    found = {
        "all positive": np.ones((len(texts), len(CRITIC_FACETS)), bool),
        "keyword list": np.array(
            [[any(word in text for word in KEYWORDS[facet]) for facet in CRITIC_FACETS] for text in plain], bool
        ).reshape(len(texts), len(CRITIC_FACETS)),
    }
    try:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
    except ImportError:
        return found
    score = SentimentIntensityAnalyzer().polarity_scores
    negative = np.array([score(text)["compound"] <= NEGATIVE for text in texts], bool)
    return {**found, "VADER": np.repeat(negative[:, None], len(CRITIC_FACETS), axis=1)}
