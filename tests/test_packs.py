"""Every bundled template, in every voice, with every word its slots can hold, passes every check."""

import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from innercritic.facets import COMPASSIONATE_FACETS
from innercritic.packs import FILLERS, check_pack, renderings
from innercritic.reframe_rules import reading_grade
from innercritic.resources import asset, reframe_packs
from innercritic.slots import Slot, admits_harm, find_slots
from innercritic.templates import REGISTERS, VOICES, default_templates

EVENTS = [
    "I missed the deadline.",
    "I forgot my sister's birthday.",
    "I failed the driving test.",
    "I lost my temper, and then we left.",
    "I skipped the whole course.",
    "I quit my job.",
    "I cancelled on my friends.",
    "I spent all the money.",
    "I froze in the interview.",
    "What if I lose my job?",
    "I'm scared of being late.",
    "I'm terrified of letting my team down.",
]


@pytest.mark.parametrize("pack", reframe_packs(), ids=lambda path: path.stem)
def test_a_bundled_pack_has_no_findings(critic, pack):
    assert list(check_pack(pack, critic.check_template)) == []


def every_filler(slot):
    lists = {"feeling": "feelings", "absolute": "absolutes", "others": "others"}
    words = asset("slots.toml")
    if slot in lists:
        return words[lists[slot]]
    if slot == "topic":
        return [f"my {topic}" for topic in words["topics"]] + words["bare_topics"]
    if slot == "theme":
        return list(words["themes"].values())
    if slot == "role":
        return [f"{'an' if role[0] in 'aeiou' else 'a'} {role}" for role in words["roles"]]
    return [find_slots(text)[slot].text for text in EVENTS if slot in find_slots(text)]


@pytest.mark.parametrize("template", [t for t in default_templates() if t.slots], ids=lambda t: t.id)
def test_every_word_a_slot_can_hold_passes_every_check(critic, template):
    (slot,) = template.slots
    filled = {(template.fill(v, {slot: Slot(words, 0, 0)}), words) for words in every_filler(slot) for v in VOICES}
    assert findings(critic, template, filled) == {}


def findings(critic, template, filled):
    """What is found in the texts of a template, each with the words it takes up."""
    checked = [(text, critic.check_template(text, template.facet, words)) for text, words in filled]
    return {text: found for text, found in checked if found}


BANK = (Path(__file__).parent / "reframe_bank.txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize("template", default_templates(), ids=lambda t: t.id)
def test_every_template_answers_every_sentence_it_fits(critic, template):
    filled = set()
    for sentence in BANK:
        slots = find_slots(sentence)
        if set(template.slots) <= slots.keys() and template.amends == admits_harm(sentence):
            taken_up = sentence if template.slots else None
            filled |= {(template.fill(voice, slots), taken_up) for voice in VOICES}
    assert findings(critic, template, filled) == {}


def test_there_are_enough_and_various_templates():
    templates = default_templates()
    assert len(templates) >= 180
    assert {template.register for template in templates} == set(REGISTERS)
    for facet in COMPASSIONATE_FACETS:
        assert {t.register for t in templates if t.facet == facet and not t.amends} == set(REGISTERS)
    for template in (t for t in templates if t.register == "teen"):
        filled = template.fill("first", {slot: Slot("it", 0, 2) for slot in template.slots})
        assert reading_grade(filled) <= 6, template.id


@pytest.mark.parametrize("facet", COMPASSIONATE_FACETS)
def test_twenty_draws_are_various(critic, facet):
    texts, recent = [], []
    for sentence in BANK * 3:
        analysis = critic.analyze(sentence)
        if analysis.safety.clear and len(analysis.sentences) == 1 and facet.opposite in analysis.sentences[0].facets:
            (offered,) = critic.reframes_for(analysis, recent=recent, limit=50)
            mine = [reframe for reframe in offered if reframe.facet == facet][:1]
            texts += [reframe.text for reframe in mine]
            recent += [reframe.template for reframe in mine]
    words = [re.findall(r"[a-z']+", text.lower()) for text in texts[:20]]
    pairs = [pair for sentence in words for pair in pairwise(sentence)]
    assert len(texts) >= 20
    assert len(set(pairs)) / len(pairs) >= 0.7


def test_fillers_have_the_shape_that_slots_have():
    for words in FILLERS["feeling"]:
        assert find_slots(f"I feel {words}.")["feeling"].text == words
    for name in ("topic", "others", "absolute"):
        for words in FILLERS[name]:
            assert find_slots(f"It is about {words} now")[name].text == words
    for words in FILLERS["role"]:
        assert (
            find_slots(f"I'm {words.replace(' ', ' bad ', 1) if words[:2] == 'a ' else words}.")["role"].text == words
        )
    for words in FILLERS["fear"]:
        assert find_slots(f"I'm scared of {words}.")["fear"].text == words


def test_each_voice_and_filler_is_rendered():
    template = next(template for template in default_templates() if template.slots == ("topic",))
    texts = [text for text, _ in renderings(template)]
    assert len(texts) == len(VOICES) * len(FILLERS["topic"])
    assert any("your boss" in text for text in texts)


def test_a_pack_with_a_fault_is_found_out(tmp_path: Path, critic):
    text = reframe_packs()[0].read_text("utf-8")
    broken = tmp_path / "broken.toml"
    broken.write_text(text.replace("perhaps", "you should"), "utf-8")
    assert tomllib.loads(broken.read_text("utf-8"))
    assert {finding.rule for _, finding in check_pack(broken, critic.check_template)} >= {8}
