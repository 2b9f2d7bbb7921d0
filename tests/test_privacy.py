"""A planted word must not turn up anywhere after every door was used; and nobody opens a socket."""

import io
import logging
import os
import pickle
import socket
import subprocess
import sys
import warnings
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
import spacy

import innercritic as ic
from innercritic.classifier import FacetClassifier
from innercritic.parsing import thread_parser
from innercritic.persistence import read_model

CANARY = "zaphodina"
TEXT = f"My cousin {CANARY} says I'm such an idiot. I want to die, {CANARY}. {CANARY.upper()}!"


@pytest.fixture
def no_sockets(monkeypatch):
    def refuse(*arguments, **options):
        raise AssertionError("a socket was opened")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)


def test_no_network(no_sockets, critic):
    critic.analyze(TEXT)
    nlp = spacy.blank("en")
    nlp.add_pipe("innercritic")
    nlp(TEXT)
    FacetClassifier.load().predict_proba([TEXT])


def test_vocabularies_pickles_and_models_forget(critic, tmp_path):
    for _ in range(3):
        critic.analyze(TEXT)
    assert CANARY.encode() not in pickle.dumps(critic)
    texts = [f"{CANARY} hates me {n}" for n in range(10)] + [f"We had soup {n}" for n in range(10)]
    fitted = FacetClassifier(min_count=2, vectors=None).fit(
        texts, [["SJ"]] * 10 + [[]] * 10, groups=["a"] * 10 + ["b"] * 10
    )
    fitted.predict_proba(texts)
    nlp = thread_parser()._tokenizer._nlp
    assert CANARY not in nlp.vocab.strings and CANARY.encode() not in nlp.to_bytes()
    fitted.save(tmp_path / "model")
    model, metadata = read_model(tmp_path / "model")
    assert CANARY not in " ".join([*model.space.terms, *model.warm_words, *model.space.words]) + repr(metadata)


def test_no_value_of_the_process_holds_a_word_that_was_read():
    """Words that were met are remembered by their hashes alone."""
    code = f"""
import gc, sys
import innercritic as ic
word = "".join({list(CANARY)!r})
critic = ic.load()
for _ in range(2):
    critic.analyze(f"I told {{word}}'s sister that i hate myself.")
    critic.score([f"{{word.lower()}}, {{word}}-ish and 12{{word}}"] * 30)
found, seen, left = 0, set(), gc.get_objects()
while left:  # the collector lists neither dicts and tuples of plain values nor the keys of any dict
    owner = left.pop()
    for value in (*gc.get_referents(owner), *(owner.copy() if isinstance(owner, dict) else ())):
        if isinstance(value, str | bytes):
            found += value is not word and word in str(value).lower()
        elif isinstance(value, dict | tuple | frozenset) and not gc.is_tracked(value) and id(value) not in seen:
            seen.add(id(value))
            left.append(value)
print(found)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0"]


def test_logs_warnings_and_errors_hold_no_text(critic):
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.DEBUG)
    messages = []
    with warnings.catch_warnings(record=True) as caught, redirect_stdout(log), redirect_stderr(log):
        warnings.simplefilter("always")
        critic.analyze(TEXT)
        for wrong in ([TEXT, None], [TEXT, TEXT.encode()], [[TEXT]]):
            with pytest.raises(ic.NotTextError) as error:
                list(critic.pipe(wrong))
            messages.append(str(error.value))
        with pytest.raises(ValueError, match="sentences but") as mismatch:
            FacetClassifier().fit([TEXT, TEXT], [["SJ"]])
        messages.append(str(mismatch.value))
    logging.getLogger().removeHandler(handler)
    everything = log.getvalue() + " ".join(messages) + " ".join(str(item.message) for item in caught)
    assert CANARY not in everything.lower()


def test_journals_keep_words_where_they_belong(tmp_path):
    path = tmp_path / f"{CANARY}.txt"
    with pytest.raises(ic.JournalError) as error:
        ic.Journal.read(path.parent / "2024-03-01.csv")
    assert CANARY not in str(error.value)
    (tmp_path / "j.csv").write_text(f'date,text\n2024-03-01,"{TEXT}"\n2024-03-02,{CANARY} hates me\n', "utf-8")
    journal = ic.Journal.read(tmp_path / "j.csv")
    page = journal.to_html(include_text=False)
    shown = [repr(journal), str(journal.trend()), page]
    for table in (journal.sentences(), journal.entries(), journal.rates(), journal.balance()):
        shown.append(table.to_csv())
    assert CANARY not in " ".join(shown).lower()
    unclosed, long = f'date,text\n{CANARY},"{CANARY}', f"date,text\n{CANARY},{CANARY},x\n"
    for broken in (f"{CANARY},text\n{CANARY},{CANARY}\n", unclosed, long):
        (tmp_path / "j.csv").write_text(broken, "utf-8")
        with pytest.raises(ic.InnerCriticError) as error:
            ic.Journal.read(tmp_path / "j.csv")
        assert CANARY not in str(error.value)


def test_repr_of_results_holds_no_text(critic):
    assert CANARY not in repr(critic)
    assert CANARY not in repr(critic.analyze(TEXT, explain="all")).lower()
    assert "my cousin" not in repr(critic.analyze("I always fail my cousin, I'm such an idiot.")).lower()


def test_no_file_is_written(tmp_path):
    code = f"import innercritic as ic; ic.analyze({TEXT!r})"
    environment = {**os.environ, "HOME": str(tmp_path), "TMPDIR": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, check=True)
    assert list(Path(tmp_path).rglob("*")) == []


def test_the_spacy_span_group_holds_no_copy_of_the_text(critic):
    nlp = spacy.blank("en")
    nlp.add_pipe("innercritic")
    group = nlp(TEXT).spans["innercritic"]
    assert CANARY not in repr(group.attrs)


@pytest.fixture
def sessions(tmp_path):
    """Sessions with the canary in what is said, in speakers' names, and in files that cannot be read."""
    folder = tmp_path / "sessions"
    folder.mkdir()
    (folder / "1.txt").write_text(f"Dr {CANARY}: hi\nP: {TEXT}\nDr {CANARY}: so\nP: My name is {CANARY.title()}.\n")
    (folder / "2.csv").write_text(f"who,role,said\n{CANARY},client,{CANARY} hates me.\n{CANARY},client\n")
    (folder / "3.txt").write_text(f"{CANARY}: hi\nT: ho\n{CANARY}: he\n")
    (folder / "4.jsonl").write_text('{"role": "client", "text": "' + CANARY)
    (folder / "5.vtt").write_text(f"WEBVTT\n\n{CANARY}\n00:00:01.000 --> 00:{CANARY}\n")
    (folder / "6.txt").write_bytes(f"P: {CANARY} \xe9\n".encode("latin-1"))
    (folder / "7.docx").write_text(CANARY)
    return folder


OPTIONS = {"columns": {"text": "said"}, "speakers": {f"Dr {CANARY}": "therapist"}}


def holds_canary(path):
    """Whether a file holds the word, in a compressed column too."""
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        table = pq.read_table(path)
        return CANARY in f"{table.to_pylist()} {table.schema.metadata}".lower()
    return CANARY.encode() in path.read_bytes().lower()


@pytest.mark.parametrize("ending", ["parquet", "csv", "jsonl"])
def test_a_job_without_text_leaves_no_word_anywhere(ending, sessions, tmp_path, monkeypatch, no_sockets):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setenv("TMPDIR", str(elsewhere))
    out = tmp_path / "out" / f"scores.{ending}"
    out.parent.mkdir()
    seen = []

    def look(state):
        seen.extend(path for path in out.parent.rglob("*") if path.is_file())
        assert not [path.name for path in out.parent.rglob("*") if path.is_file() and holds_canary(path)]

    with pytest.warns(ic.transcripts.PrivacyWarning) as caught:
        result = ic.transcripts.analyze(sessions, out, text=False, progress=look, shard_characters=50, **OPTIONS)
    assert (result.sessions, result.failed) == (1, 6) and any("part-" in path.name for path in seen)
    look(None)
    assert not list(elsewhere.rglob("*"))
    assert CANARY not in repr(result).lower() + " ".join(str(item.message) for item in caught).lower()


def test_the_log_and_the_manifest_of_a_job_with_text_hold_none(sessions, tmp_path):
    with pytest.warns(ic.transcripts.PrivacyWarning):
        result = ic.transcripts.analyze(sessions, tmp_path / "scores.csv", **OPTIONS)
    assert holds_canary(result.out)
    assert not [path.name for path in result.log.parent.iterdir() if holds_canary(path)]


def test_the_command_says_no_word_and_its_page_holds_none(sessions, tmp_path):
    page = tmp_path / "page.html"
    speaker = ["--map", f"Dr {CANARY}=therapist", "--column", "text=said"]
    command = ["transcripts", sessions, "--out", tmp_path / "a.parquet", "--no-text", "--jobs", "2", *speaker]
    run = subprocess.run(
        [sys.executable, "-m", "innercritic", *map(str, command), "--html", str(page), "--summary"],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0 and "1 session(s)" in run.stderr
    assert CANARY not in (run.stdout + run.stderr).lower() and not holds_canary(page)


def test_reading_a_transcript_says_no_word_in_errors_and_reprs(sessions):
    for path in sorted(sessions.iterdir()):
        for item in ic.transcripts.read_sessions(path, ic.transcripts.ReadOptions(**OPTIONS)):
            assert CANARY not in repr(item).lower() and CANARY not in str(item).lower()
