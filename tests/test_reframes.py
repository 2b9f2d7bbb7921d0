from dataclasses import replace

import pytest

from innercritic import FacetScores, SafetyVerdict, SentenceReading
from innercritic.facets import Facet, SafetyFlag
from innercritic.reframes import suggest
from innercritic.results import SafetyEvidence
from innercritic.slots import find_slots
from innercritic.templates import default_templates

TEMPLATES = default_templates()
TEXT = "My boss must think I'm useless."
READING = SentenceReading(TEXT, 0, len(TEXT), FacetScores([0.9, 0.0, 0.2, 0, 0, 0]), (Facet.SELF_JUDGMENT,))
CLEAR = SafetyVerdict()
RAISED = SafetyVerdict((SafetyEvidence(SafetyFlag.CRISIS, 0, 1, "x", "rule", "reason"),), "card")


@pytest.mark.parametrize(
    ("reading", "verdict", "reason"),
    [
        (READING, RAISED, "gate"),
        (replace(READING, abstained="too_short"), CLEAR, "abstained"),
        (replace(READING, facets=()), CLEAR, "no_critic_facet"),
        (replace(READING, facets=(Facet.SELF_KINDNESS,)), CLEAR, "no_critic_facet"),
    ],
)
def test_when_there_is_none_there_is_a_reason(reading, verdict, reason):
    suggestion = suggest(reading, verdict, TEMPLATES)
    assert suggestion.reframes == () and suggestion.reason == reason


def test_no_verdict_no_reframe():
    with pytest.raises(TypeError, match="SafetyVerdict"):
        suggest(READING, None, TEMPLATES)


def test_it_answers_with_the_antidote_and_takes_up_the_sentence():
    (reframe,) = suggest(READING, CLEAR, TEMPLATES).reframes
    assert reframe.facet is Facet.SELF_KINDNESS
    assert reframe.specific and "my boss" in reframe.text
    assert reframe.source and reframe.technique


def test_a_friend_says_you():
    (reframe,) = suggest(READING, CLEAR, TEMPLATES, voice="friend").reframes
    assert "your boss" in reframe.text and " I " not in f" {reframe.text} "
    with pytest.raises(ValueError, match="voice"):
        suggest(READING, CLEAR, TEMPLATES, voice="guru")


def test_seed_chooses_and_recent_is_left_out():
    plain = replace(READING, text="I'm useless.")
    assert suggest(plain, CLEAR, TEMPLATES, seed=3) == suggest(plain, CLEAR, TEMPLATES, seed=3)
    drawn = {suggest(plain, CLEAR, TEMPLATES, seed=seed).reframes[0].template for seed in range(30)}
    assert len(drawn) >= 3
    recent: list[str] = []
    while (found := suggest(plain, CLEAR, TEMPLATES, recent=recent)).reframes:
        assert found.reframes[0].template not in recent
        recent.append(found.reframes[0].template)
    assert len(recent) >= 3 and found.reason == "no_template"


def test_several_facets_may_get_one_each():
    both = replace(READING, facets=(Facet.SELF_JUDGMENT, Facet.OVER_IDENTIFICATION))
    facets = {reframe.facet for reframe in suggest(both, CLEAR, TEMPLATES, limit=20).reframes}
    assert facets == {Facet.SELF_KINDNESS, Facet.MINDFULNESS}


@pytest.mark.parametrize("facet", [Facet.SELF_JUDGMENT, Facet.ISOLATION, Facet.OVER_IDENTIFICATION])
def test_admitted_harm_leaves_room_for_amends(facet):
    text = "I lied to my sister and now I feel awful."
    scores = FacetScores([0.9 if f is facet else 0.0 for f in Facet])
    for seed in range(5):
        (reframe,) = suggest(
            SentenceReading(text, 0, len(text), scores, (facet,)), CLEAR, TEMPLATES, seed=seed
        ).reframes
        assert reframe.technique == "amends"


def test_a_specific_reframe_shares_words_with_its_sentence(critic):
    texts = [
        "I feel so ashamed, I'm such an idiot.",
        "I always ruin my friendships.",
        "Everyone else has it together.",
        TEXT,
    ]
    for text in texts:
        for sentence in critic.analyze(text).sentences:
            for reframe in sentence.reframes:
                assert reframe.specific
                assert any(slot.text in reframe.text for slot in find_slots(text).values())
