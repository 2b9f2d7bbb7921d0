"""Made-up journals of which the truth is known: uneven entries, days that differ, good and bad weeks."""

import numpy as np


def draw(rng, entries, rate, *, alike=0.04, length=16, mood=0.0):
    """Days, facet sentences and sentences of a journal.

    `rate` is a function of time from 0 to 1. `alike` is the correlation of an entry's sentences, `mood` that of an
    entry with the one before it.
    """
    days = np.cumsum(rng.integers(1, 6, entries)).astype(float)
    share = rate((days - days[0]) / (days[-1] - days[0]))
    sentences = rng.negative_binomial(3, 3 / (3 + length - 2), entries) + 2
    if mood:
        noise = rng.normal(size=entries)
        for i in range(1, entries):
            noise[i] = mood * noise[i - 1] + np.sqrt(1 - mood**2) * noise[i]
        share = 1 / (1 + np.exp(-(np.log(share / (1 - share)) + 0.6 * noise)))
    elif alike:
        size = (1 - alike) / alike
        share = rng.beta(size * share, size * (1 - share))
    return days, rng.binomial(sentences, share), sentences


def steady(rate):
    return lambda u: np.full_like(u, rate)


def halved(rate):
    return lambda u: np.where(u < 0.5, rate, rate / 2)


def sinking(rate):
    return lambda u: rate * (1 - u / 2)
