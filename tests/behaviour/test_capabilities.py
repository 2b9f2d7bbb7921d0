"""What the model must be able to do, in sentences written apart from the corpus (method of Ribeiro et al. 2020).

Minimum functionality: plain cases of each facet, and near misses that carry none. Invariance: what must not change the
answer. Direction: what must move it one way.
"""

import pytest

from innercritic import Facet

PLAIN = {
    "self_judgment": [
        "I'm such a failure.",
        "I hate myself for what I did.",
        "I can't do anything right.",
        "I'm not good enough for any of them.",
        "I'm a burden to my family.",
        "What is wrong with me, I'm so stupid.",
    ],
    "isolation": [
        "Nobody understands what I'm going through.",
        "I feel completely alone.",
        "Everyone else seems happier than me.",
        "I don't belong anywhere.",
        "I have no one to talk to.",
        "I'm the only one who can't cope.",
    ],
    "over_identification": [
        "I can't stop thinking about it.",
        "Everything is ruined and it will never get better.",
        "I keep replaying it in my head all day.",
        "I'm spiralling and I can't stop.",
        "My life is over.",
        "I'm obsessing over every word she said.",
    ],
    "self_kindness": ["I'm trying to be gentle with myself today.", "I forgive myself for that night."],
    "common_humanity": ["Lots of people go through this.", "Nobody is perfect, we all make mistakes."],
    "mindfulness": ["I notice that I'm anxious, and it will pass.", "It's just a thought, I can let it come and go."],
}
NONE = [
    "I failed my exam.",
    "I got two answers wrong.",
    "I'm sad today.",
    "I'm nervous about Monday.",
    "My dog died last week and I miss him.",
    "I was home on my own this weekend.",
    "He is such a failure.",
    "My sister hates her body.",
    "I should call the bank.",
    "I want to get better at maths.",
    "I'm really tired after that shift.",
    "Is it normal to feel sad after a move?",
    "We broke up in March.",
    "I owe her an apology.",
    "I'm not very good at chess.",
    "I'm glad it's Friday.",
]


@pytest.mark.parametrize(("facet", "text"), [(facet, text) for facet, texts in PLAIN.items() for text in texts])
def test_plain_cases(critic, facet, text):
    assert facet in {str(f) for s in critic.analyze(text).sentences for f in s.facets}


def test_near_misses_carry_no_critic(critic):
    flagged = [text for text in NONE if any(s.critic_facets for s in critic.analyze(text).sentences)]
    assert len(flagged) <= 1, flagged


def probability(critic, facet, text):
    return critic.analyze(text).sentences[0].probabilities[facet]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I can't stop thinking, I'm such an idiot.", "I can\u2019t stop thinking, I\u2019m such an idiot."),
        ("[NAME] must think I'm an idiot.", "<PERSON_1> must think I'm an idiot."),
        ("[NAME] must think I'm an idiot.", "[**First Name8 (NamePattern2) **] must think I'm an idiot."),
        ("i feel completely alone.", "I FEEL COMPLETELY ALONE."),
        ("I feel completely alone.", "I feel &nbsp;completely <i>alone</i>."),
    ],
)
def test_what_must_not_change_the_answer(critic, one, other):
    for facet in Facet:
        assert probability(critic, facet, one) == pytest.approx(probability(critic, facet, other), abs=0.02)


@pytest.mark.parametrize(
    ("facet", "said", "lower"),
    [
        ("self_judgment", "I'm a failure.", "I'm not a failure."),
        ("self_judgment", "I'm such an idiot.", "He is such an idiot."),
        ("isolation", "I feel alone.", "I don't feel alone any more."),
        ("isolation", "Nobody likes me.", "Nobody likes him."),
        ("self_judgment", "I hate myself.", "I don't hate myself."),
    ],
)
def test_what_must_lower_it(critic, facet, said, lower):
    assert probability(critic, facet, lower) < probability(critic, facet, said)
