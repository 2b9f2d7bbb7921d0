import pytest

import innercritic as ic
from innercritic.reframe_rules import check_text, reading_grade

GOOD = "This hurts, and I'm being hard on myself. Perhaps I could use the tone I keep for a good friend."


def rules(text, facet="self_kindness", source=None):
    return {finding.rule for finding in check_text(text, facet, source)}


def test_a_good_one_has_no_findings():
    assert check_text(GOOD, "self_kindness") == ()
    said = "This is a rough moment, and I'm struggling. I'm human, and maybe I could ask what I need right now."
    assert ic.check_reframe(said, "self_kindness") == ()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (GOOD.replace("This hurts, and I'm being hard on myself.", "Today is a day, and it has hours and minutes."), 3),
        (GOOD + " At least it is over.", 3),
        (GOOD.replace("a good friend", "an amazing friend"), 4),
        (GOOD.replace("friend.", "friend!"), 4),
        (GOOD + " It will be fine.", 4),
        (GOOD + " I am better than this.", 4),
        (GOOD + " Everyone slips.", 5),
        (GOOD + " I'm not a failure.", 6),
        (GOOD.replace("Perhaps I could", "I should"), 8),
        ("This hurts, and maybe I can rest.", 9),
        (GOOD + " " + GOOD, 9),
        (GOOD.replace("I keep", "you keep"), 10),
        (GOOD.replace("the tone", "the the tone"), 10),
        (GOOD.replace("a good friend", "an good friend"), 10),
        (GOOD.replace("tone", "{topic}"), 10),
        (GOOD.replace("I'm being", "I is being"), 10),
        (GOOD.replace("This hurts", "These words is painful"), 10),
        (GOOD.rstrip("."), 10),
    ],
)
def test_every_rule_bites(text, rule):
    assert rule in rules(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (GOOD + " At least it is over.", "At least"),
        (GOOD.replace("friend.", "friend!"), "!"),
        (GOOD.replace("Perhaps I could", "I should"), "should"),
        ('It hurts, "never" and all. ' + GOOD + " Everyone slips.", "Everyone"),
    ],
)
def test_a_finding_says_where(text, words):
    spans = [text[f.start : f.end] for f in check_text(text, "self_kindness") if f.start is not None]
    assert words in spans


def test_rule_1_the_right_antidote():
    assert 1 in rules(GOOD, facet="self_judgment")


def test_rule_2_reads_the_reframe_itself():
    said = "This hurts, and I am a worthless idiot who ruins it all; perhaps I could rest a little now."
    assert {finding.rule for finding in ic.check_reframe(said, "self_kindness")} == {2}


def test_rule_5_lets_a_reframe_quote_and_take_up_absolutes():
    assert 5 not in rules('This hurts, and a word like "always" makes it heavier; maybe it is a part and no more.')
    said = (
        "It is painful to compare myself with everyone else. I see what people show, and there may be more behind it."
    )
    assert 5 in rules(said) and 5 not in rules(said, source="everyone else copes")


def test_rule_7_wants_a_word_of_the_sentence():
    source = "My boss must think I'm useless."
    assert 7 in rules(GOOD, source=source)
    assert 7 not in rules(GOOD.replace("This hurts", "This hurts with my boss"), source=source)
    assert 7 not in rules(GOOD, source="I am useless.")


def test_rule_14_keeps_responsibility():
    source = "I lied to my sister and I'm scum."
    assert 14 in rules(GOOD, source=source)
    assert 14 not in rules(GOOD + " I can say sorry.", source=source)


def test_typographic_signs_change_nothing():
    assert rules(GOOD.replace("'", "\u2019")) == set()


def test_reading_grade():
    assert reading_grade("The cat sat on the mat.") < 2
    assert reading_grade("Psychological reconsideration necessitates considerable deliberation.") > 15
    assert reading_grade("") == 0


def test_rule_11_scope(critic):
    said = "It stings when my inner critic talks like this. I can hear it without buying each word, and perhaps rest."
    quoted = '"I\'m such a failure," he said and cried.'
    typographic = "\u201cI\u2019m such a failure,\u201d he said and cried."
    for source in ("We had soup.", "I want to die, I'm an idiot.", quoted, typographic):
        assert 11 in {finding.rule for finding in critic.check_reframe(said, "self_kindness", source)}
    assert 11 not in {finding.rule for finding in critic.check_reframe(said, "self_kindness", "I'm such an idiot.")}


def test_rule_12_no_repeat():
    nearly = GOOD.replace("hurts", "stings")
    assert 12 in {finding.rule for finding in check_text(GOOD, "self_kindness", recent=["x", nearly])}
    assert check_text(GOOD, "self_kindness", recent=["Something else entirely."]) == ()
