"""Two journals: one that turns quieter, one with an entry in danger. Blatant sentences, so that any model agrees."""

import numpy as np
import pandas as pd
import pytest

from innercritic import Journal

CRITIC = [
    "I'm such an idiot.",
    "I hate myself for it.",
    "Nobody understands me and I have no one to turn to.",
    "I can't stop thinking about it and everything is ruined.",
]
KIND = ["I did what I could, and I can let that be enough.", "Lots of people go through this."]
PLAIN = ["We had soup.", "The bus was late again.", "I called my aunt.", "It rained all day.", "Work was long."]
DANGER = "I want to die."


def make_entries(entries=90, seed=1):
    rng, day, rows = np.random.default_rng(seed), pd.Timestamp("2024-01-01 21:00"), []
    for n in range(entries):
        day += pd.Timedelta(days=int(rng.integers(1, 4)))
        critic = 0.35 if n < entries / 2 else 0.1
        kinds = rng.choice(3, size=rng.integers(5, 16), p=[critic, 0.08, 0.92 - critic])
        rows.append((day, " ".join(str(rng.choice((CRITIC, KIND, PLAIN)[kind])) for kind in kinds)))
    return pd.DataFrame(rows, columns=["date", "text"])


@pytest.fixture(scope="session")
def table():
    return make_entries()


@pytest.fixture(scope="session")
def journal(table):
    return Journal.from_frame(table)


@pytest.fixture(scope="session")
def gated(table):
    """The same, with one entry in danger in the middle."""
    changed = table.head(40).copy()
    changed.loc[20, "text"] = f"{DANGER} I'm such an idiot."
    return Journal.from_frame(changed)
