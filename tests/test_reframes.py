from dataclasses import replace

import pytest

from innercritic import FacetScores, SafetyVerdict, SentenceReading
from innercritic.facets import Facet, SafetyFlag
from innercritic.reframes import Wish, suggest
from innercritic.results import SafetyEvidence
from innercritic.slots import find_slots
from innercritic.templates import REGISTERS, default_templates

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
    (reframe,) = suggest(READING, CLEAR, TEMPLATES, Wish(voice="friend")).reframes
    assert "your boss" in reframe.text and " I " not in f" {reframe.text} "
    with pytest.raises(ValueError, match="voice"):
        Wish(voice="guru")


def test_seed_chooses_and_recent_is_left_out():
    plain = replace(READING, text="I'm useless.")
    assert suggest(plain, CLEAR, TEMPLATES, Wish(seed=3)) == suggest(plain, CLEAR, TEMPLATES, Wish(seed=3))
    drawn = {suggest(plain, CLEAR, TEMPLATES, Wish(seed=seed)).reframes[0].template for seed in range(30)}
    assert len(drawn) >= 3
    recent: list[str] = []
    while (found := suggest(plain, CLEAR, TEMPLATES, Wish(recent=recent))).reframes:
        assert found.reframes[0].template not in recent
        recent.append(found.reframes[0].template)
    assert len(recent) >= 3 and found.reason == "no_template"


def test_several_facets_may_get_one_each():
    both = replace(READING, facets=(Facet.SELF_JUDGMENT, Facet.OVER_IDENTIFICATION))
    facets = {reframe.facet for reframe in suggest(both, CLEAR, TEMPLATES, Wish(limit=200)).reframes}
    assert facets == {Facet.SELF_KINDNESS, Facet.MINDFULNESS}


@pytest.mark.parametrize("facet", [Facet.SELF_JUDGMENT, Facet.ISOLATION, Facet.OVER_IDENTIFICATION])
def test_admitted_harm_leaves_room_for_amends(facet):
    text = "I lied to my sister and now I feel awful."
    scores = FacetScores([0.9 if f is facet else 0.0 for f in Facet])
    for seed in range(5):
        (reframe,) = suggest(
            SentenceReading(text, 0, len(text), scores, (facet,)), CLEAR, TEMPLATES, Wish(seed=seed)
        ).reframes
        assert reframe.technique == "amends"


def test_a_specific_reframe_shares_words_with_its_sentence(critic):
    texts = [
        "I feel so guilty, I'm such an idiot.",
        "I always ruin my friendships.",
        "Everyone else has it together.",
        TEXT,
    ]
    for text in texts:
        for sentence in critic.analyze(text).sentences:
            for reframe in sentence.reframes:
                assert reframe.specific
                assert any(slot.text in reframe.text for slot in find_slots(text).values())


@pytest.mark.parametrize("register", REGISTERS)
def test_a_register_is_kept_to_and_teen_only_on_request(critic, register):
    analysis = critic.analyze("My boss must think I'm useless. I'm such an idiot.")
    by_id = {template.id: template for template in TEMPLATES}
    for offered in critic.reframes_for(analysis, register=register, limit=5):
        assert offered and all(by_id[reframe.template].register == register for reframe in offered)
    anything = critic.reframes_for(analysis, limit=500)
    assert all(by_id[reframe.template].register != "teen" for offered in anything for reframe in offered)


def test_techniques_limit_recent_and_other_wishes(critic):
    analysis = critic.analyze("I'm such an idiot. I hate myself.")
    first, second = critic.reframes_for(analysis, limit=3, techniques=["friend_letter", "needs_question"])
    assert {reframe.technique for reframe in first + second} <= {"friend_letter", "needs_question"}
    assert len({reframe.template for reframe in first + second}) == len(first + second)
    seen = [reframe.template for reframe in first]
    assert not set(seen) & {
        r.template for offered in critic.reframes_for(analysis, recent=seen, limit=9) for r in offered
    }
    with pytest.raises(ValueError, match="technique"):
        critic.reframes_for(analysis, techniques=["magic"])
    with pytest.raises(ValueError, match="register"):
        critic.reframes_for(analysis, register="loud")


def test_no_wish_gets_past_the_gate(critic):
    analysis = critic.analyze("I'm such an idiot. I want to die.")
    for voice in ("first", "friend"):
        assert critic.reframes_for(analysis, voice=voice, limit=50) == [(), ()]


@pytest.mark.parametrize(
    "text",
    [
        "My sister says she hates herself.",
        "I used to hate myself, but I don't any more.",
        '"I\'m such a failure," he said and cried.',
        "\u201cI\u2019m such a failure,\u201d he said and cried.",
        "My boss called me useless and I told him off.",
        "He thinks he's worthless.",
        "My friend said she can't stop thinking about him.",
        "I no longer think I'm stupid.",
        "She said I'm an idiot and I laughed.",
        "I don't feel alone any more.",
        "I don't hate myself for it.",
        "He told me that his life is over.",
        "My daughter feels left out at school.",
    ],
)
def test_no_reframe_for_somebody_else_or_a_stance_given_up(critic, text):
    (sentence,) = critic.analyze(text).sentences
    assert sentence.reframes == ()
    assert sentence.no_reframe in {"no_critic_facet", "quoted", "somebody_else", "given_up"}


def test_several_reframes_use_different_techniques(critic):
    (offered,) = critic.reframes_for(critic.analyze("My boss must think I'm such an idiot."), limit=5)
    assert len({reframe.technique for reframe in offered}) == 5


def test_what_happened_comes_before_things_and_things_before_general_words(critic):
    (event,) = critic.analyze("I missed the bus to work and I'm always such an idiot.").sentences
    assert "missing the bus" in event.reframes[0].text
    (thing,) = critic.analyze("My boss always thinks I'm such an idiot.").sentences
    assert "my boss" in thing.reframes[0].text


def test_a_long_text_repeats_none_among_the_last_twenty_and_never_runs_dry(critic):
    analysis = critic.analyze("My boss must think I'm such an idiot. " * 90)
    used = [sentence.reframes[0].template for sentence in analysis.sentences]
    assert len(used) == 90
    room = min(20, len(set(used)))
    assert all(len(set(used[place : place + room])) == room for place in range(len(used) - room))
