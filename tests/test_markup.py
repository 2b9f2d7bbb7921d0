import html
import re

import pytest
from spacy import displacy

from innercritic import Facet
from innercritic.markup import MOST_SENTENCES, blocks, passage
from innercritic.pages import Card, Passages

TEXT = "We had soup. I'm such an idiot and <b>nobody</b> likes me. Okay.\n\nLots of people go through this."


def words(shown):
    return html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"<style>.*?</style>", "", shown, flags=re.S)))


def test_words_reasons_and_reframes_are_shown(critic):
    analysis = critic.analyze(TEXT)
    shown = analysis._repr_html_()
    said = words(shown)
    for sentence in analysis.sentences:
        assert sentence.text in said
        assert all(reframe.text in said for reframe in sentence.reframes)
    assert "self-judgment" in said and "too short to judge" in said and "<b>" not in shown
    assert re.search(r'<mark class="t-self_judgment" title="self-judgment: harsh words', shown)


def test_pieces_tile_their_sentence_and_carry_its_facets(critic):
    for sentence in critic.analyze(TEXT).sentences:
        found = passage(sentence)
        assert "".join(piece.text for piece in found.pieces) == sentence.text
        assert [tag.key for tag in found.tags] == list(map(str, sentence.facets))
        assert {tag for piece in found.pieces for tag in piece.tags} <= set(found.tags)


def test_past_a_raised_gate_the_card_comes_first_and_there_is_no_reframe(critic):
    analysis = critic.analyze("I'm such an idiot. I want to die.")
    found = blocks(analysis)
    assert isinstance(found[0], Card) and "findahelpline.com" in found[0].paragraphs[0]
    assert analysis.safety.evidence[0].reason in found[0].paragraphs[1]
    passages = next(block for block in found if isinstance(block, Passages)).passages
    assert passages and not any(item.offers for item in passages)


def test_empty_long_and_ugly_texts(critic, ugly):
    shown = critic.analyze(ugly)._repr_html_()
    shown.encode("utf-8")
    assert shown.count("<div") == 1 and "<script" not in shown
    assert "nothing to read" in critic.analyze("")._repr_html_()
    assert "And 20 more sentences." in critic.analyze("I hate myself. " * (MOST_SENTENCES + 20))._repr_html_()


@pytest.mark.parametrize("style", ["span", "ent"])
def test_displacy_draws_it(critic, style):
    analysis = critic.analyze(TEXT)
    drawn = displacy.render([analysis.to_displacy()], style=style, manual=True, page=False, jupyter=False)
    assert "self_judgment" in drawn and "<b>nobody" not in drawn


def test_displacy_spans_are_the_sentences_of_each_facet(critic):
    analysis = critic.analyze("\n " + TEXT)
    found = analysis.to_displacy()
    claimed = [(s.start, s.end, facet) for s in analysis.sentences for facet in s.facets]
    assert [(span["start"], span["end"], Facet(span["label"])) for span in found["spans"]] == claimed
    for span in found["spans"]:
        tokens = found["tokens"][span["start_token"] : span["end_token"]]
        assert tokens == analysis.text[span["start"] : span["end"]].split()
    assert found["tokens"] == analysis.text.split()
