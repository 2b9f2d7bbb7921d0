import json
from pathlib import Path

import pytest

from innercritic.corpus import SAFETY_SPLITS, SPLITS, corpus_hash, near_duplicates, read_corpus, read_safety
from innercritic.errors import CorpusError
from innercritic.facets import LABEL_CODES, SafetyFlag

DATA = Path(__file__).parents[1] / "data"
VOICES = '[ann]\nsplit = "train"\n[bob]\nsplit = "test"\n'


def write(tmp_path, *rows, voices=VOICES):
    (tmp_path / "voices.toml").write_text(voices, "utf-8")
    (tmp_path / "sentences.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n", "utf-8")
    return tmp_path


def row(number, text, labels=(), voice="ann"):
    return {"id": f"s{number}", "text": text, "labels": list(labels), "voice": voice, "topic": ""}


def test_the_corpus_keeps_its_rules():
    sentences = read_corpus(DATA)
    assert len(sentences) > 8_000
    by_split = {split: {s.voice for s in sentences if s.split == split} for split in SPLITS}
    assert all(by_split.values())
    assert sum(map(len, by_split.values())) == len({s.voice for s in sentences}), "no voice is in two splits"
    counts = {code: sum(code in s.labels for s in sentences) for code in LABEL_CODES}
    assert min(counts.values()) >= 150
    assert 0.5 < sum(not s.labels for s in sentences) / len(sentences) < 0.75


def test_rows_become_sentences(tmp_path):
    (sentence,) = read_corpus(write(tmp_path, row(1, "I hate it.", ["SJ", "OI"], "bob")))
    assert (sentence.labels, sentence.split) == (("SJ", "OI"), "test")


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([row(1, "  ")], "line 1: empty text"),
        ([row(1, "x ")], "line 1: white space"),
        ([row(1, "x", ["SX"])], "unknown label 'SX'"),
        ([row(1, "x", ["OI", "SJ"])], "order of the codebook"),
        ([row(1, "x", voice="zoe")], "unknown voice"),
        ([row(1, "one"), row(1, "two")], "id 's1' occurs 2 times"),
        ([row(1, "Same thing."), row(2, "same THING!")], "s2 says the same as s1"),
        (
            [
                row(1, "I really can't stand the way I look today"),
                row(2, "I really can't stand the way I look today ok"),
            ],
            "s2 says the same",
        ),
        ([{"text": "x"}], "line 1: not a valid row"),
    ],
)
def test_broken_rules_are_named(tmp_path, rows, problem):
    with pytest.raises(CorpusError, match=problem):
        read_corpus(write(tmp_path, *rows))


def test_a_voice_needs_a_split(tmp_path):
    with pytest.raises(CorpusError, match="voice ann has no split"):
        read_corpus(write(tmp_path, row(1, "x"), voices='[ann]\nsplit = "some"\n'))


def test_messages_hold_no_sentence(tmp_path):
    with pytest.raises(CorpusError) as caught:
        read_corpus(
            write(tmp_path, row(1, "zaphodina", ["XX"]), row(2, "zaphodina called"), row(3, "zaphodina called"))
        )
    assert "zaphodina" not in str(caught.value)


def test_a_missing_folder_is_an_error(tmp_path):
    with pytest.raises(CorpusError, match="FileNotFoundError"):
        read_corpus(tmp_path)


def test_short_texts_are_compared_word_for_word():
    assert list(near_duplicates(["I am sad", "I am so sad", "i am SAD."])) == [(0, 2)]


def test_the_hash_changes_with_the_data(tmp_path):
    (tmp_path / "safety").mkdir()
    files = (
        "sentences.jsonl",
        "voices.toml",
        "vectors.npz",
        "golden.txt",
        "safety/sentences.jsonl",
        "safety/voices.toml",
    )
    for name in files:
        (tmp_path / name).write_text("x")
    hashes = [corpus_hash(tmp_path)]
    for name in files:
        (tmp_path / name).write_text("y")
        hashes.append(corpus_hash(tmp_path))
    assert len(set(hashes)) == len(hashes)


def safety(tmp_path, **changes):
    (tmp_path / "safety").mkdir(exist_ok=True)
    line = {"id": "s1", "text": "I want to rest.", "flags": [], "kind": "self_critical", "voice": "ann"} | changes
    (tmp_path / "safety" / "sentences.jsonl").write_text(json.dumps(line), "utf-8")
    (tmp_path / "safety" / "voices.toml").write_text('[ann]\nsplit = "heldout"\n', "utf-8")
    return tmp_path


def test_the_safety_set_is_read_and_checked(tmp_path):
    (sentence,) = read_safety(safety(tmp_path, flags=["crisis"], kind="veiled"))
    assert (sentence.flags, sentence.split) == (("crisis",), "heldout")
    for changes, problem in (
        ({"flags": ["sad"]}, "unknown flag 'sad'"),
        ({"kind": "odd"}, "unknown kind 'odd'"),
        ({"voice": "zoe"}, "unknown voice"),
        ({"text": " "}, "empty text"),
    ):
        with pytest.raises(CorpusError, match=problem):
            read_safety(safety(tmp_path, **changes))


def test_the_safety_datasheet_counts_what_is_there():
    sentences, told = read_safety(DATA), (DATA / "safety" / "README.md").read_text("utf-8")
    splits = [sentences, *([s for s in sentences if s.split == split] for split in SAFETY_SPLITS)]

    def row(name, marked):
        return f"| {name} | " + " | ".join(f"{sum(map(marked, part)):,}" for part in splits) + " |"

    assert row("sentences", lambda s: True) in told and row("traps: no flag", lambda s: not s.flags) in told
    for flag in SafetyFlag:
        assert row(f"`{flag}`", lambda s, flag=flag: flag in s.flags) in told
    assert f"the {len({s.voice for s in sentences})} voices" in told
