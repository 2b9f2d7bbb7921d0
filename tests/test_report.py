import io
from itertools import pairwise

from rich.console import Console

from innercritic.report import ABSTAINED, reasons, render


def printed(analysis):
    console = Console(file=io.StringIO(), width=200, highlight=False)
    console.print(render(analysis))
    return console.file.getvalue()


def test_facets_reasons_and_reframes_in_words(critic):
    text = printed(critic.analyze("We had soup. I'm such an idiot."))
    assert "We had soup." in text and "self-judgment" in text and "→" in text
    assert "such an idiot" in text.split("self-judgment")[1]
    assert "self_judgment" not in text and "%" not in text


def test_reasons_are_whole_words(critic):
    for text in ("I'm drowning in this and nobody notices.", "I can\u2019t do anything right, it's my fault."):
        (sentence,) = critic.analyze(f"We had soup. {text}").sentences[1:]
        for item in (item for facet in sentence.facets for item in reasons(sentence, facet)):
            assert sentence.text[item.start - 13 : item.end - 13] == item.text
            assert item.text[0] not in "'\u2019" and f" {item.text}" in f" {text}"
            assert not text.split(item.text)[1][:1].isalnum()


def test_the_card_stands_in_for_reframes(critic):
    text = printed(critic.analyze("I'm such an idiot. I want to die."))
    assert "No reframes here" in text and "findahelpline.com" in text and "→" not in text


def test_abstentions_say_why_and_nothing_is_said_of_nothing(critic):
    assert "too short to judge" in printed(critic.analyze("Okay."))
    assert "nothing to read" in printed(critic.analyze(" "))
    assert set(ABSTAINED) == {"no_words", "too_short", "not_english"}


def test_text_is_never_read_as_markup(critic):
    text = printed(critic.analyze("I'm [bold red]such[/] an idiot and i want to die [link=x]"))
    assert "[bold red]" in text and "[link=x]" in text


def test_reasons_are_few_strong_apart_and_in_order(critic):
    (sentence,) = critic.analyze(
        "I went to the shop, saw him and thought, I'm such an idiot, I can't do anything right."
    ).sentences
    found = reasons(sentence, sentence.facets[0])
    assert 1 <= len(found) <= 3 and all(item.weight > 0 for item in found)
    assert [item.start for item in found] == sorted(item.start for item in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


def test_ugly_text_prints(critic, ugly):
    writable = ugly[:2_000].encode("utf-8", "replace").decode("utf-8")  # the command line does the same
    assert printed(critic.analyze(writable))
