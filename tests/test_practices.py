import pytest

from innercritic.practices import FILE, PRACTICES, compose
from innercritic.resources import asset
from innercritic.templates import VOICES

ENTRY = "We had soup. My boss must think I'm useless. I can't sleep."


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("name", PRACTICES)
def test_a_practice_takes_up_the_entry_and_passes_the_rules(critic, name, voice):
    practice = compose(name, critic.analyze(ENTRY), voice)
    thing = "my boss" if voice == "first" else "your boss"
    assert practice.specific and thing in practice.text and "{" not in practice.text
    assert 3 <= len(practice.steps) <= 5 and len(practice.text.split()) < 130
    for step in practice.steps:
        broken = {finding.rule for finding in critic.check_reframe(step, "mindfulness")}
        assert not broken & {2, 4, 5, 6, 8, 9}, step


@pytest.mark.parametrize("name", PRACTICES)
def test_an_entry_without_a_critic_gets_an_unspecific_one(critic, name):
    practice = compose(name, critic.analyze("We had soup."))
    assert not practice.specific and "{" not in practice.text


@pytest.mark.parametrize("name", PRACTICES)
def test_none_past_the_gate(critic, name):
    assert compose(name, critic.analyze(ENTRY + " I want to die.")) is None


def test_it_is_not_about_what_somebody_else_said(critic):
    practice = compose("friend_letter", critic.analyze('"My boss thinks I am such a failure," he said and cried.'))
    assert not practice.specific


def test_its_repr_holds_no_word_of_the_user(critic):
    assert "boss" not in repr(compose("friend_letter", critic.analyze(ENTRY)))


def test_names_and_voices_are_checked(critic):
    with pytest.raises(ValueError, match="a practice is one of"):
        compose("yoga", critic.analyze(ENTRY))
    with pytest.raises(ValueError, match="voice"):
        compose("friend_letter", critic.analyze(ENTRY), "guru")


def test_every_practice_is_sourced_and_has_its_plain_twins():
    for name in PRACTICES:
        content = asset(FILE)[name]
        assert content["title"] and "(" in content["source"]
        for step in content["step"]:
            assert all((f"{voice}_plain" in step) == ("{thing}" in step[voice]) for voice in VOICES)
