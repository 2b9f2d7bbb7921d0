"""Every bundled template, in every voice, with every word its slots can hold, passes every check."""

import tomllib
from pathlib import Path

import pytest

from innercritic.packs import FILLERS, check_pack, renderings
from innercritic.resources import asset, reframe_packs
from innercritic.slots import Slot, find_slots
from innercritic.templates import VOICES, default_templates

EVENTS = [
    "I missed the deadline.",
    "I forgot my sister's birthday.",
    "I failed the driving test.",
    "I lost my temper, and then we left.",
    "I dropped out of college.",
    "I ate the whole cake.",
    "I quit my job.",
    "I cancelled on my friends.",
    "I spent all the money.",
    "I froze in the interview.",
]


@pytest.mark.parametrize("pack", reframe_packs(), ids=lambda path: path.stem)
def test_a_bundled_pack_has_no_findings(critic, pack):
    assert list(check_pack(pack, critic.check_reframe)) == []


def every_filler(slot):
    lists = {"feeling": "feelings", "absolute": "absolutes", "others": "others"}
    if slot in lists:
        return asset("slots.toml")[lists[slot]]
    if slot == "topic":
        return [f"my {topic}" for topic in asset("slots.toml")["topics"]]
    return [find_slots(text)["event"].text for text in EVENTS]


@pytest.mark.parametrize("template", [t for t in default_templates() if t.slots], ids=lambda t: t.id)
def test_every_word_a_slot_can_hold_passes_every_check(critic, template):
    (slot,) = template.slots
    findings = {}
    for words in every_filler(slot):
        for voice in VOICES:
            text = template.fill(voice, {slot: Slot(words, 0, 0)})
            if found := critic.check_reframe(text, template.facet, words):
                findings[words, voice] = found
    assert findings == {}


def test_fillers_have_the_shape_that_slots_have():
    for words in FILLERS["feeling"]:
        assert find_slots(f"I feel {words}.")["feeling"].text == words
    for name in ("topic", "others", "absolute"):
        for words in FILLERS[name]:
            assert find_slots(f"It is {words} now")[name].text == words


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
    assert {finding.rule for _, finding in check_pack(broken, critic.check_reframe)} >= {8}
