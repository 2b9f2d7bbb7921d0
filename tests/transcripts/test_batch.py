"""The job: all rows, once, whatever happens to it."""

import csv
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
import warnings
from collections import Counter

import pandas as pd
import pytest

import innercritic as ic
from innercritic.errors import JobError
from innercritic.transcripts import IdentifiersFoundError, PrivacyWarning, analyze, read
from innercritic.transcripts.scorer import KEYS, row_types
from innercritic.transcripts.sources import find_sources

SMALL = 2_000
"""Characters a shard, so that a few sessions make many."""


def log_of(result):
    return [json.loads(line) for line in result.log.read_text("utf-8").splitlines()]


def command(folder, out, *more):
    return [sys.executable, "-m", "innercritic", "transcripts", str(folder), "--out", str(out), *more]


def test_rows_are_those_of_score_frame(make_sessions, tmp_path):
    folder = make_sessions(3)
    result = analyze(folder, tmp_path / "a.parquet")
    rows = pd.read_parquet(result.out)
    assert list(rows) == list(row_types(with_text=True))
    assert set(rows["role"]) == {"client"} and result.rows == len(rows) and result.sessions == 3
    path = folder / "c000" / "s0.txt"
    turns = [turn for turn in read(path).turns if turn.role == "client"]
    frame = ic.score_frame(pd.DataFrame({"text": [turn.text for turn in turns]}), include_text=True)
    mine = rows[rows["source"] == "c000/s0.txt"]
    for name in ("start", "end", "sentence", "text", "p_self_judgment", "isolation", "crisis"):
        pd.testing.assert_series_equal(
            mine[name].reset_index(drop=True), frame[name].reset_index(drop=True), check_dtype=False
        )
    assert set(mine["client"]) == {"c000"} and set(mine["session"]) == {"s0"}
    by_line = {turn.line: turn.text for turn in turns}
    real = mine[mine["sentence"] >= 0]
    assert all(by_line[row.line][row.start : row.end] == row.text for row in real.itertuples())
    assert "[laughs]" not in set(mine.loc[mine["abstained"].isna(), "text"])


def test_only_the_roles_asked_for(make_sessions, tmp_path):
    folder = make_sessions(1)
    result = analyze(folder, tmp_path / "a.parquet", roles=["client", "therapist"])
    assert set(pd.read_parquet(result.out)["role"]) == {"client", "therapist"}
    with pytest.raises(ValueError, match="roles is a list"):
        analyze(folder, tmp_path / "b.parquet", roles="client")


def test_the_gate_covers_the_session(tmp_path):
    (tmp_path / "s.txt").write_text("T: hi\nP: I want to kill myself.\nT: oh\nP: We had soup.\n")
    (tmp_path / "t.txt").write_text("T: hi\nP: We had soup.\n")
    rows = pd.read_parquet(analyze([tmp_path / "s.txt", tmp_path / "t.txt"], tmp_path / "a.parquet").out)
    assert rows["crisis"].tolist() == [True, False, False]
    assert rows["document_crisis"].tolist() == [True, True, False]
    assert rows["document_clear"].tolist() == [False, False, True]


@pytest.mark.parametrize("ending", ["parquet", "jsonl", "csv"])
def test_shards_and_processes_do_not_change_a_byte(ending, make_sessions, tmp_path):
    folder = make_sessions(8)
    one = analyze(folder, tmp_path / f"one.{ending}")
    many = analyze(folder, tmp_path / f"many.{ending}", shard_characters=SMALL, n_jobs=2)
    if ending == "parquet":
        assert pd.read_parquet(one.out).equals(pd.read_parquet(many.out))
    else:
        assert one.out.read_bytes() == many.out.read_bytes()
    assert log_of(one) == log_of(many)


def test_the_formats_hold_the_same(make_sessions, tmp_path):
    folder = make_sessions(2)
    table = pd.read_parquet(analyze(folder, tmp_path / "a.parquet").out)
    lines = [json.loads(line) for line in analyze(folder, tmp_path / "a.jsonl").out.read_text().splitlines()]
    with analyze(folder, tmp_path / "a.csv").out.open(newline="") as file:
        cells = list(csv.DictReader(file))
    assert len(table) == len(lines) == len(cells) and list(lines[0]) == list(cells[0]) == list(table)
    for row, line, cell in zip(table.to_dict("records"), lines, cells, strict=True):
        assert row["text"] == line["text"] or pd.isna(row["text"])
        assert (line["p_isolation"] is None) == pd.isna(row["p_isolation"]) == (cell["p_isolation"] == "")
        assert str(line["start"]) == cell["start"] and str(line["isolation"]) == cell["isolation"]


def test_a_table_larger_than_a_shard_is_taken_apart(make_sessions, tmp_path):
    table = tmp_path / "all.csv"
    with table.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["session", "speaker", "text"])
        for place, path in enumerate(sorted(make_sessions(8).rglob("*.txt"))):
            for line in path.read_text().splitlines():
                writer.writerow([place, *line.split(": ", 1)])
    whole = pd.read_parquet(analyze(table, tmp_path / "a.parquet").out)
    parts = pd.read_parquet(analyze(table, tmp_path / "b.parquet", shard_characters=SMALL).out)
    assert whole.equals(parts) and whole["session"].nunique() == 8


BAD = {
    "torn.vtt": "WEBVTT\n\n00:00:01.000 --> 00",
    "latin.txt": b"P: caf\xe9",
    "empty.srt": "",
    "who.txt": "Nemo: hi\nNemo: ho\n",
    "silent.txt": "T: hi\nT: ho\n",
    "bomb.docx": "PK",
}


def test_what_cannot_be_read_is_one_row_in_the_log(make_sessions, tmp_path):
    folder = make_sessions(2)
    whole = pd.read_parquet(analyze(folder, tmp_path / "whole.parquet").out)
    for name, content in BAD.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    (folder / "notes.pdf").write_text("x")
    (folder / ".hidden.txt").write_text("x")
    os.mkfifo(folder / "pipe.txt")
    (folder / "loop").symlink_to(folder)
    (folder / "gone.txt").symlink_to(folder / "nowhere")
    result = analyze(folder, tmp_path / "a.parquet")
    assert pd.read_parquet(result.out).equals(whole)
    assert (result.sessions, result.failed, result.skipped) == (2, len(BAD) + 1, 1)
    failed = {entry["source"]: entry for entry in log_of(result) if entry["status"] == "failed"}
    assert failed.keys() == {*BAD, "gone.txt"} and all(entry["reason"] for entry in failed.values())
    assert (failed["latin.txt"]["line"], failed["who.txt"]["line"]) == (1, 1)


def test_the_log_counts(make_sessions, tmp_path):
    result = analyze(make_sessions(3), tmp_path / "a.parquet")
    rows = pd.read_parquet(result.out)
    for entry in log_of(result):
        mine = rows[(rows["source"] == entry["source"]) & (rows["sentence"] >= 0)]
        assert entry["sentences"] == len(mine) and entry["abstained"] == mine["abstained"].notna().sum()
        assert (entry["turns"], entry["turns_scored"]) == (12, 6)


def test_done_is_done_and_another_job_is_refused_with_the_reason(make_sessions, tmp_path, monkeypatch):
    folder, out = make_sessions(2), tmp_path / "a.parquet"
    first = analyze(folder, out)
    changed = out.stat().st_mtime_ns
    with monkeypatch.context() as patch:
        patch.setattr("innercritic.transcripts.batch.score_all", None)
        assert analyze(folder, out) == first and out.stat().st_mtime_ns == changed
    assert sorted(path.name for path in first.log.parent.iterdir()) == [
        "_SUCCESS",
        "lock",
        "log.jsonl",
        "manifest.json",
    ]
    for different, reason in (
        ({"roles": ["client", "other"]}, "roles differs"),
        ({"speakers": {"x": "other"}}, "reading options differs"),
        ({"text": False}, "text differs"),
    ):
        with pytest.raises(JobError, match=reason):
            analyze(folder, out, **different)
    (folder / "c000" / "s0.txt").write_text("P: I changed.\n")
    with pytest.raises(JobError, match="input and bytes differ"):
        analyze(folder, out)
    assert analyze(folder, out, resume=False).rows != first.rows
    with monkeypatch.context() as patch:
        patch.setattr("innercritic.transcripts.batch.__version__", "9")
        with pytest.raises(JobError, match="version differs"):
            analyze(folder, out)


def test_somebody_elses_file_is_not_written_over(make_sessions, tmp_path):
    out = tmp_path / "a.csv"
    out.write_text("mine")
    with pytest.raises(JobError, match="exists and no job"):
        analyze(make_sessions(1), out)
    assert out.read_text() == "mine"


def test_what_is_read_is_not_written_over(tmp_path):
    table = tmp_path / "turns.csv"
    table.write_text("speaker,role,text\nP,client,We had soup.\n")
    for resume in (True, False):
        with pytest.raises(JobError, match="the file to write"):
            analyze(table, table, resume=resume)
    assert "soup" in table.read_text()


def test_a_lost_output_is_made_again(make_sessions, tmp_path):
    folder, out = make_sessions(2), tmp_path / "a.jsonl"
    analyze(folder, out)
    content = out.read_bytes()
    out.unlink()
    analyze(folder, out)
    assert out.read_bytes() == content


def test_the_folder_may_move_and_hold_the_output(make_sessions, tmp_path):
    folder = make_sessions(2)
    first = analyze(folder, folder / "a.jsonl")
    assert analyze(folder, folder / "a.jsonl") == first and first.failed == 0
    shutil.copytree(folder, tmp_path / "moved")
    again = analyze(tmp_path / "moved", tmp_path / "moved" / "a.jsonl")
    assert (again.rows, again.out.read_bytes()) == (first.rows, first.out.read_bytes())


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda f: f / "gone", "no such file"),
        (lambda f: [f, f], "given twice"),
        (lambda f: [f, f / "c000"], "inside another"),
        (lambda f: [], "no file to read"),
    ],
)
def test_paths_that_make_no_job(make, reason, make_sessions, tmp_path):
    with pytest.raises(JobError, match=reason):
        analyze(make(make_sessions(2)), tmp_path / "a.csv")
    assert not list(tmp_path.glob("a.csv*"))


def test_several_paths_keep_their_sessions_apart(make_sessions, tmp_path):
    paths = [make_sessions(1, name="one"), make_sessions(1, name="two")]
    assert [source.name for source in find_sources(paths)] == ["one/c000/s0.txt", "two/c000/s0.txt"]
    rows = pd.read_parquet(analyze(paths, tmp_path / "a.parquet").out)
    assert rows["source"].nunique() == 2


def test_without_text_there_are_hashes(make_sessions, tmp_path):
    folder = make_sessions(3)
    plain = pd.read_parquet(analyze(folder, tmp_path / "a.parquet").out)
    rows = pd.read_parquet(analyze(folder, tmp_path / "b.parquet", text=False, salt="s").out)
    same = pd.read_parquet(analyze(folder, tmp_path / "c.parquet", text=False, salt=b"s").out)
    other = pd.read_parquet(analyze(folder, tmp_path / "d.parquet", text=False).out)
    assert "text" not in rows and rows.equals(same) and not (rows["text_hash"] == other["text_hash"]).any()
    shared = [name for name in row_types(with_text=False) if name not in ("speaker", "text_hash")]
    assert rows[shared].equals(plain[shared])
    pairs = {(text, hashed) for text, hashed in zip(plain["text"].dropna(), rows["text_hash"].dropna(), strict=True)}
    assert len(pairs) == plain["text"].nunique() == rows["text_hash"].nunique()
    assert set(rows["speaker"]).isdisjoint({"P", "T"})
    assert not (tmp_path / "d.parquet.job" / "salt").exists()
    with pytest.raises(JobError, match="salt differs"):
        analyze(folder, tmp_path / "b.parquet", text=False, salt="t")
    with pytest.raises(ValueError, match="text=False"):
        analyze(folder, tmp_path / "e.parquet", salt="s")


def test_identifiers(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text("T: call 555-123-4567\nP: My name is Zaphodina. Call 555-123-4567.\n")
    with pytest.warns(PrivacyWarning, match="1 phone, 1 name"):
        result = analyze(folder, tmp_path / "a.jsonl")
    assert result.identifiers == {"phone": 1, "name": 1} and log_of(result)[0]["identifiers"] == result.identifiers
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        analyze(folder, tmp_path / "a.jsonl", on_pii="ignore")
    with pytest.raises(IdentifiersFoundError, match=r"a\.txt: .*1 phone") as error:
        analyze(folder, tmp_path / "b.jsonl", on_pii="raise", n_jobs=2)
    assert "zaphodina" not in str(error.value).lower() and not (tmp_path / "b.jsonl").exists()


def test_kill_9_again_and_again_loses_and_doubles_nothing(make_sessions, tmp_path):
    folder, out = make_sessions(60), tmp_path / "a.jsonl"
    whole = analyze(folder, tmp_path / "whole.jsonl").out.read_bytes()
    code = (
        "import sys; from innercritic.transcripts import analyze;"
        f"analyze(sys.argv[1], sys.argv[2], shard_characters={SMALL})"
    )
    job = out.with_name("a.jsonl.job")
    kills = 0
    for pause in (0.0, 0.02, 0.05):
        before = len(list(job.glob("part-*")))
        run = subprocess.Popen([sys.executable, "-c", code, str(folder), str(out)])
        while run.poll() is None and len(list(job.glob("part-*"))) < before + 5:
            time.sleep(0.002)
        time.sleep(pause)
        run.send_signal(signal.SIGKILL)
        kills += run.wait() == -signal.SIGKILL
        assert not out.exists() or out.read_bytes() == whole
    assert kills == 3 and list(job.glob("part-*"))
    (job / ".part-0000001.parquet.tmp-99").write_text("half")
    done_before = {path.name: path.stat().st_mtime_ns for path in job.glob("part-*")}
    seen = []
    analyze(folder, out, shard_characters=SMALL, progress=seen.append)
    assert out.read_bytes() == whole
    assert seen[0].done > 0, "what was done was not done again"
    assert done_before and not list(job.glob("*part-*")) and not list(job.glob(".*"))


def test_a_part_that_is_damaged_is_made_again(make_sessions, tmp_path, monkeypatch):
    folder, out = make_sessions(6), tmp_path / "a.jsonl"
    whole = analyze(folder, tmp_path / "whole.jsonl").out.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr("innercritic.transcripts.batch._finish", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            analyze(folder, out, shard_characters=SMALL)
    first, second, *_ = sorted((tmp_path / "a.jsonl.job").glob("part-*"))
    first.write_bytes(first.read_bytes()[:100])
    second.write_bytes(b"")
    analyze(folder, out, shard_characters=SMALL)
    assert out.read_bytes() == whole


def test_two_jobs_on_one_output(make_sessions, tmp_path):
    folder, out = make_sessions(20), tmp_path / "a.jsonl"
    whole = analyze(folder, tmp_path / "whole.jsonl").out.read_bytes()
    runs = [subprocess.Popen(command(folder, out), stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [run.communicate()[1] for run in runs]
    assert out.read_bytes() == whole
    for run, words in zip(runs, said, strict=True):
        assert run.returncode == 0 or "another job is writing a.jsonl" in words


def test_a_full_disk_is_said_and_survived(make_sessions, tmp_path):
    folder, out = make_sessions(30), tmp_path / "a.jsonl"
    whole = analyze(folder, tmp_path / "whole.jsonl").out.read_bytes()

    def little_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    assert len(whole) > 60_000
    run = subprocess.run(command(folder, out), preexec_fn=little_room, capture_output=True, text=True)
    assert run.returncode == 1 and "cannot write a.jsonl" in run.stderr and "run the same again" in run.stderr
    assert not out.exists() and not list(tmp_path.glob(".a.jsonl*"))
    assert subprocess.run(command(folder, out), capture_output=True).returncode == 0
    assert out.read_bytes() == whole


def test_a_killed_worker_is_said_and_survived(make_sessions, tmp_path):
    folder, out = make_sessions(60), tmp_path / "a.jsonl"
    whole = analyze(folder, tmp_path / "whole.jsonl").out.read_bytes()
    code = f"""
import os, signal, psutil
from innercritic.errors import JobError
from innercritic.transcripts import analyze
killed = []
def kill(state):
    if state.sentences and not killed:
        workers = [child for child in psutil.Process().children() if "LokyProcess" in " ".join(child.cmdline())]
        killed.extend(workers)
        for worker in workers:
            worker.kill()
try:
    analyze({str(folder)!r}, {str(out)!r}, shard_characters={SMALL}, n_jobs=2, progress=kill)
except JobError as error:
    print(error)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "worker process was killed" in run.stdout
    analyze(folder, out, shard_characters=SMALL)
    assert out.read_bytes() == whole


def test_a_file_that_changes_under_the_job_is_noticed(make_sessions, tmp_path):
    folder = make_sessions(4)

    def meddle(state):
        (folder / "c000" / "s0.txt").write_text("P: Something else.\n")

    with pytest.raises(JobError, match="changed while the job ran"):
        analyze(folder, tmp_path / "a.jsonl", progress=meddle)
    assert not (tmp_path / "a.jsonl").exists()


def test_the_command_is_quiet_and_says_what_came_of_it(make_sessions, tmp_path):
    folder = make_sessions(2)
    run = subprocess.run(command(folder, tmp_path / "a.csv", "--no-text"), capture_output=True, text=True)
    assert (run.returncode, run.stdout) == (0, "") and "2 session(s)" in run.stderr and "%" not in run.stderr
    (folder / "bad.vtt").write_text("no")
    run = subprocess.run(command(folder / "bad.vtt", tmp_path / "b.csv"), capture_output=True, text=True)
    assert run.returncode == 1 and "no session could be read" in run.stderr
    for wrong in (["--map", "X=patient"], ["--map", "X"], ["--on-pii", "shout"], ["--roles", "boss"]):
        run = subprocess.run(command(folder, tmp_path / "c.csv", *wrong), capture_output=True, text=True)
        assert run.returncode == 2, wrong


def test_keys_come_first_and_once():
    names = list(row_types(with_text=False))
    assert names[: len(KEYS)] == list(KEYS) and max(Counter(names).values()) == 1 and names[-1] == "text_hash"
