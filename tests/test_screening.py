"""The gate's rules are asked only about sentences that could raise them: this must never change a verdict."""

import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.lang.en import English

from innercritic.resources import asset
from innercritic.safety import default_gate

RULES = asset("safety.toml")
WORDS = sorted(
    {
        word
        for rule in RULES["rule"]
        for phrase in rule["phrases"]
        for part in phrase.split()
        for word in re.findall(r"[a-z]+", part)
    }
    | set(RULES["disguised"])
    | {form for forms in RULES["short_forms"].values() for form in forms}
)
LEET = str.maketrans({"i": "1", "a": "@", "e": "3", "s": "$"})


def disguise(word):
    middle = len(word) // 2
    return st.sampled_from(
        [
            word,
            word.upper(),
            word.translate(LEET),
            word[:middle] + "*" + word[middle + 1 :],
            " ".join(word),
            "-".join(word),
            word + word[-1] * 3,
            word + ".",
            f"({word})",
            word[:-1] + "*",
        ]
    )


def phrase_of(rule_phrase):
    """One way to say a phrase of the rules."""
    parts = []
    for part in rule_phrase.split():
        if part == "...":
            parts.append(st.sampled_from(["", "just", "really not", "so, well,"]))
            continue
        options = [
            choice
            for option in part.strip("()").split("|")
            for choice in (RULES["words"].get(option[1:], [option]) if option.startswith("@") else [option])
        ]
        parts.append(st.sampled_from([re.sub(r"[@*]", "", option).replace("_", " ") for option in options]))
    return st.tuples(*parts).map(" ".join)


PHRASES = st.sampled_from([p for rule in RULES["rule"] for p in rule["phrases"]]).flatmap(phrase_of)
PIECES = st.one_of(PHRASES, st.sampled_from(WORDS).flatmap(disguise), st.text(max_size=8))
TEXTS = st.lists(PIECES, min_size=1, max_size=6).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_the_screen_never_changes_a_verdict(critic_asking_always, critic, text):
    assert critic.analyze(text).safety.flags == critic_asking_always.analyze(text).safety.flags


def test_words_that_spacy_knows_by_another_name_are_heard_as_written(critic, critic_asking_always):
    """The screen may know a token by its NORM alone; in spaCy's own exceptions that differs from what is written."""
    written = sorted(English.Defaults.tokenizer_exceptions)
    texts = [f"and {form} {rest}" for form in written for rest in ("stop touching me", "want to live", "to me")]
    for quick, slow in zip(critic.pipe(texts), critic_asking_always.pipe(texts), strict=True):
        assert quick.safety.flags == slow.safety.flags, quick.text


def test_a_gate_that_knows_nothing_of_its_rules_is_always_asked():
    assert replace(default_gate(), triggers=None).concerns("soup")
