import pytest
from hypothesis import given
from hypothesis import strategies as st

from innercritic.slots import SLOTS, Slot, admits_harm, find_slots


@pytest.mark.parametrize(
    ("text", "slot", "words"),
    [
        ("I feel so guilty.", "feeling", "guilty"),
        ("I'm exhausted by this town", "feeling", "exhausted"),
        ("I missed the deadline and now he hates me", "event", "missing the deadline"),
        ("because I yelled at my kids again, I'm a monster", "event", "yelling at my kids"),
        ("My boss must think I'm useless", "topic", "my boss"),
        ("I always ruin it", "absolute", "always"),
        ("I'm such an idiot for saying yes", "event", "saying yes"),
        ("What if I lose my job?", "fear", "losing my job"),
        ("I yelled at [NAME] and I hate it", "event", "yelling at [NAME]"),
        ("I'm so scared of being late, I can't sleep", "fear", "being late"),
        ("I'm a terrible mother", "role", "a mother"),
        ("I can't stop thinking about it", "theme", "all this thinking"),
        ("I feel so stupid at work", "topic", "work"),
        ("Everyone else copes", "others", "everyone else"),
    ],
)
def test_what_is_taken_up(text, slot, words):
    assert find_slots(text)[slot].text == words


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("what I lost in the move", "event"),
        ("I lost what I had", "event"),
        ("I left my", "event"),
        ("I hate her for making me feel", "event"),
        ("I ruined what we had", "event"),
        ("I am worthless", "feeling"),
        ("I'm afraid of dogs", "feeling"),
        ("my boss's face", "topic"),
        ("What if I lose what I have", "fear"),
        ("She is a mother", "role"),
    ],
)
def test_what_is_left_alone(text, slot):
    assert slot not in find_slots(text)


def test_a_friend_says_your():
    assert Slot("missing my exam", 0, 0).said_by("friend") == "missing your exam"
    assert Slot("missing my exam", 0, 0).said_by("first") == "missing my exam"


@pytest.mark.parametrize(
    ("text", "harm"),
    [
        ("I lied to my sister about it", True),
        ("I screamed at him in front of everyone", True),
        ("I was cruel to her", True),
        ("He lied to me", False),
        ("I lied down on my bed", False),
        ("I failed my exam", False),
    ],
)
def test_admitted_harm(text, harm):
    assert admits_harm(text) == harm


@given(st.text(max_size=60))
def test_slots_are_stretches_of_the_sentence(text):
    for name, slot in find_slots(text).items():
        assert name in SLOTS and text[slot.start : slot.end].strip()
        assert 0 <= slot.start < slot.end <= len(text)


@pytest.mark.parametrize(
    "text", ["So much panic\u0130 again.", "PANIC\u0130", "\u212aind of an\u0131ety, my fa\u0130ure"]
)
def test_letters_that_grow_when_lowered_break_nothing(text):
    for slot in find_slots(text).values():
        assert 0 <= slot.start < slot.end <= len(text)
