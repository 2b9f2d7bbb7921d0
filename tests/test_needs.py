"""The gate is asked only about sentences, and phrases, that may raise it: this never changes what it says."""

import random
import re
from dataclasses import replace
from pathlib import Path

import pytest

import innercritic as ic
from innercritic.corpus import read_safety
from innercritic.resources import asset
from innercritic.safety import default_gate

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture(scope="module")
def always_asked():
    return ic.load(gate=replace(default_gate(), triggers=None))


def said_any_way(number):
    """Phrases of the gate's with any of their alternatives, among other words, broken up by signs."""
    draw, content = random.Random(0), asset("safety.toml")
    phrases = [phrase for rule in content["rule"] for phrase in rule["phrases"]]
    fillers = ("", "", "", "really", "just so", "well , i", "(", "...", "the very same old", "it's", "1", "*", "- -")

    def spoken(part):
        if part == "..." or (part.startswith("(") and draw.random() < 0.5):
            return draw.choice(fillers)
        option = draw.choice(part.strip("()").split("|"))
        if found := re.search("@([a-z]+)", option):
            option = option.replace(found.group(), draw.choice(content["words"][found.group(1)]))
        return option.replace("_", " ").replace("*", draw.choice(("", "s", "ing"))) + draw.choice(
            ("", "", "", ",", "!")
        )

    for _ in range(number):
        parts = [spoken(part) for phrase in draw.sample(phrases, 2) for part in phrase.split()]
        parts = [word for part in parts for word in (part, *([draw.choice(fillers)] if draw.random() < 0.1 else []))]
        yield " ".join(filter(None, parts))


def test_what_is_written_of_danger_is_heard_alike(critic, always_asked):
    texts = [sentence.text for sentence in read_safety(DATA)]
    assert critic.score(texts).flags.tolist() == always_asked.score(texts).flags.tolist()


def test_what_the_rules_look_for_is_heard_alike(critic, always_asked):
    texts = list(said_any_way(3000))
    flags = always_asked.score(texts).flags
    assert flags.any(axis=1).mean() > 0.2
    assert critic.score(texts).flags.tolist() == flags.tolist()


def test_one_at_a_time_they_are_heard_as_in_company(critic):
    texts = [text for text in said_any_way(400) if text.strip()]
    together = [verdict.flags for verdict in (analysis.safety for analysis in critic.pipe(texts))]
    assert [critic.analyze(text).safety.flags for text in texts] == together
