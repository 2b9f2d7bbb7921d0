import pytest


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("\U0001f62d\U0001f62d", "no_words"),
        ("... !!", "no_words"),
        ("12:30", "no_words"),
        ("Okay.", "too_short"),
        ("I'm.", "too_short"),
        ("Yeah, exactly.", "too_short"),
        ("Mm-hmm, uh-huh.", "too_short"),
        ("So alone.", None),
        ("No, never again.", None),
        ("I'm stupid.", None),
        ("Ich bin so dumm und hasse mich selbst.", "not_english"),
        ("je me sens tellement seule et personne ne comprend", "not_english"),
        ("me siento muy sola y nadie me entiende", "not_english"),
        ("jestem beznadziejna i nikt mnie nie lubi", "not_english"),
        ("\u042f \u0442\u0430\u043a\u0430\u044f \u0433\u043b\u0443\u043f\u0430\u044f", "not_english"),
        ("\u6211\u5f88 \u5b64\u72ec", "not_english"),
        ("im so dum lol wat is wrng w me", None),
        ("I told her 'je ne sais quoi' and felt silly about it all day.", None),
        ("na so life be, I no fit sleep", None),
    ],
)
def test_what_is_not_judged(critic, text, reason):
    (sentence,) = critic.analyze(text).sentences
    assert sentence.abstained == reason
    if reason:
        assert sentence.facets == () and sentence.reframes == () and sentence.evidence == ()
        assert sentence.no_reframe == "abstained"


def test_an_abstained_sentence_carries_the_base_rates(critic):
    first, second = critic.analyze("Okay.").sentences + critic.analyze("...!").sentences
    assert first.probabilities == second.probabilities
    assert 0 < first.probabilities["isolation"] < 0.5
