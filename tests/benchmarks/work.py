"""What is measured against what: our doors, spaCy's tokenizer and sentencizer alone, VADER."""

from collections.abc import Callable, Sequence

import pandas as pd
import spacy
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

import innercritic as ic


def batches(texts: Sequence[str]) -> dict[str, Callable[[], object]]:
    """The work of reading these texts, each way."""
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    vader, critic, table = SentimentIntensityAnalyzer(), ic.load(), pd.DataFrame({"text": texts})
    return {
        "spaCy": lambda: list(nlp.pipe(texts)),
        "VADER": lambda: [vader.polarity_scores(text) for text in texts],
        "score_frame": lambda: ic.score_frame(table),
        "pipe": lambda: list(critic.pipe(texts)),
    }
