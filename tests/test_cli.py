import json
import os
import subprocess
import sys

import pytest

import innercritic
from tests.conftest import UGLY


def run(*arguments, stdin=None):
    return subprocess.run(
        [sys.executable, "-m", "innercritic", *arguments], input=stdin, capture_output=True, timeout=120
    )


def out(*arguments, stdin=None):
    done = run(*arguments, stdin=stdin)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def test_analyze_prints_words():
    assert "self-judgment" in out("analyze", "I'm such an idiot.")


def test_text_file_and_stdin_are_the_same(tmp_path):
    text = "I'm such an idiot. Caf\u00e9."
    path = tmp_path / "page.txt"
    path.write_text(text, "utf-8")
    by_text = json.loads(out("analyze", text, "--json"))
    assert json.loads(out("analyze", str(path), "--json")) == by_text
    assert json.loads(out("analyze", "-", "--json", stdin=text.encode())) == by_text
    assert by_text["sentences"][0]["facets"] == ["self_judgment"]


def test_utf_16_with_its_mark_is_read(tmp_path):
    path = tmp_path / "page.txt"
    path.write_bytes("I want to die. I'm such an idiot.".encode("utf-16"))
    assert json.loads(out("analyze", str(path), "--json"))["safety"]["flags"] == ["crisis"]


@pytest.mark.parametrize("content", ["I want to die.".encode("utf-16-le"), bytes(200)])
def test_what_is_no_text_is_an_error_and_never_clear(tmp_path, content):
    path = tmp_path / "page.txt"
    path.write_bytes(content)
    done = run("analyze", str(path), "--json")
    assert done.returncode == 1 and not done.stdout and b"no text" in done.stderr


def test_a_folder_is_no_text(tmp_path):
    assert json.loads(out("analyze", "", "--json"))["sentences"] == []
    done = run("analyze", str(tmp_path))
    assert done.returncode == 1 and b"that is a folder" in done.stderr


def test_words_without_quotes_are_wrong_usage_and_are_not_repeated():
    done = run("analyze", "I", "am", "Zaphodina")
    assert done.returncode == 2 and b"quotes" in done.stderr and b"aphodina" not in done.stderr


def test_version():
    assert out("--version").strip() == innercritic.__version__


def test_an_unknown_country_is_told():
    assert b"directories alone" in run("analyze", "I want to die.", "--country", "Narnia").stderr
    assert b"directories" not in run("analyze", "I want to die.", "--country", "UK").stderr


def test_no_text_leaves_every_word_out():
    printed = out("analyze", "Zaphodina thinks I'm such an idiot.", "--no-text")
    assert "aphodina" not in printed and "idiot" not in printed
    assert json.loads(printed)["sentences"][0]["facets"] == ["self_judgment"]


def test_danger_is_said_on_stderr_and_in_json():
    done = run("analyze", "I want to die.", "--json")
    assert done.returncode == 0 and b"safety gate was raised (crisis)" in done.stderr
    assert json.loads(done.stdout)["safety"]["clear"] is False


def test_demo_shows_a_reframe_and_the_gate():
    printed = out("demo")
    assert (
        "→" in printed
        and "No reframes here" in printed
        and "over-identification" in printed
        and "common humanity" in printed
    )


@pytest.mark.parametrize(
    "name", ["empty", "blank", "emoji", "curly", "crlf", "html", "right_to_left", "no_space", "dotted_capital"]
)
def test_ugly_stdin(name):
    out("analyze", "-", stdin=UGLY[name].encode())
    json.loads(out("analyze", "-", "--json", stdin=UGLY[name].encode()))


@pytest.mark.parametrize("payload", [b"I'm an idiot \xff\xfe", b"\x00I hate myself", b"\xed\xa0\xbd x y"])
def test_bytes_that_are_no_utf8(payload):
    out("analyze", "-", stdin=payload)
    json.loads(out("analyze", "-", "--json", stdin=payload))


def test_exit_codes(tmp_path):
    assert run("analyze", "x", "--model", "nothing").returncode == 1
    assert b"bundled are" in run("analyze", "x", "--model", "nothing").stderr
    assert run("analyze", "notes.txt").returncode == 1
    assert run("analyze").returncode == 2
    assert run("analyze", "x", "--colour").returncode == 2
    assert run("train", "--check", "--data", str(tmp_path)).returncode == 1


def test_check_reframe(tmp_path):
    from innercritic.resources import reframe_packs

    pack = reframe_packs()[0]
    assert run("check-reframe", str(pack)).returncode == 0
    broken = tmp_path / "broken.toml"
    broken.write_text(pack.read_text("utf-8").replace("perhaps", "you must"), "utf-8")
    done = run("check-reframe", str(broken))
    assert done.returncode == 1 and b"rule 8" in done.stdout
    broken.write_text("facet = 3", "utf-8")
    assert run("check-reframe", str(broken)).returncode == 1


def test_journal_writes_a_page_and_tells_of_it(tmp_path):
    table = tmp_path / "diary.csv"
    table.write_text("date,text\n2024-03-01,Zaphodina says I'm such an idiot.\n2024-03-02,I want to die.\n", "utf-8")
    page = tmp_path / "out.html"
    done = run("journal", str(table), "--html", str(page), "--title", "Mine")
    assert done.returncode == 0 and done.stdout == b"" and b"2 entries, 2 sentences judged" in done.stderr
    assert b"safety gate was raised in 1" in done.stderr and b"Reading" not in done.stderr
    assert "<h1>Mine</h1>" in page.read_text("utf-8")
    assert run("journal", str(table), "--html", str(page), "--no-text").returncode == 0
    assert "aphodina" not in page.read_text("utf-8")


def test_journal_shows_its_progress_on_a_terminal_only(tmp_path):
    (tmp_path / "a.csv").write_text("date,text\n2024-03-01,We had soup.\n", "utf-8")
    command = [
        sys.executable,
        "-m",
        "innercritic",
        "journal",
        str(tmp_path / "a.csv"),
        "--html",
        str(tmp_path / "a.html"),
    ]
    done = subprocess.run(command, capture_output=True, env={**os.environ, "FORCE_COLOR": "1"}, timeout=300)
    assert done.returncode == 0 and b"Reading" in done.stderr and b"100%" in done.stderr and done.stdout == b""


def test_journal_reads_folders_and_names_what_it_cannot_read(tmp_path):
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "2024-03-01.md").write_text("I'm such an idiot.", "utf-8")
    (tmp_path / "notes" / "photo.jpg").write_bytes(b"x")
    done = run("journal", str(tmp_path / "notes"), "--html", str(tmp_path / "out.html"))
    assert done.returncode == 0 and b"not read: photo.jpg (no text)" in done.stderr


def test_a_journal_is_not_written_over(tmp_path):
    table, note = tmp_path / "diary.csv", tmp_path / "2024-01-01.md"
    table.write_text("date,text\n2024-01-01,We had soup.\n")
    note.write_text("We had soup.")
    for read, written in ((table, table), (tmp_path, note)):
        before = written.read_text()
        done = run("journal", str(read), "--html", str(written))
        assert done.returncode == 1 and b"not written over" in done.stderr and written.read_text() == before


def test_journal_exit_codes(tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,2\n", "utf-8")
    done = run("journal", str(bad), "--html", str(tmp_path / "out.html"))
    assert done.returncode == 1 and b"no column is named like a text" in done.stderr and b"Traceback" not in done.stderr
    assert run("journal", str(bad)).returncode == 2
    assert run("journal", str(tmp_path / "nothing.csv"), "--html", "x.html").returncode == 2
    good = tmp_path / "good.csv"
    good.write_text("date,text\n2024-03-01,We had soup.\n", "utf-8")
    done = run("journal", str(good), "--html", str(tmp_path / "no" / "out.html"))
    assert done.returncode == 1 and b"Traceback" not in done.stderr


def test_without_the_extra_the_error_says_what_to_install(tmp_path):
    code = "import sys; sys.modules['pandas'] = None; from innercritic.cli import main; main()"
    (tmp_path / "a.csv").write_text("date,text\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", code, "journal", str(tmp_path / "a.csv"), "--html", "x.html"], capture_output=True
    )
    assert done.returncode == 1 and b'pip install "innercritic[notebook]"' in done.stderr


def test_evaluate_writes_its_report(tmp_path):
    pytest.importorskip("matplotlib", reason="the extra notebook is not installed")
    done = run("evaluate", "--split", "dev", "--no-curve", "--out", str(tmp_path))
    assert done.returncode == 0 and b"macro-F1" in done.stderr
    report = (tmp_path / "EVALUATION.md").read_text("utf-8")
    assert "Dev voices of the corpus" in report and "keyword list" in report and "| capability |" in report


def test_train_check_counts():
    done = run("train", "--check")
    assert done.returncode == 0 and b"no problems" in done.stderr
