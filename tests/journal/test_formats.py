"""Journals as people have them: CSV of many kinds, folders of notes, Day One's export, and what goes wrong."""

import json
import zipfile

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from innercritic import ColumnError, Journal, JournalError
from innercritic.journal import formats

CANARY = "zaphodina"


def texts(journal):
    return journal._frame["text"].tolist()


def days(journal):
    return journal._frame["time"].dt.strftime("%Y-%m-%d").tolist()


def save(path, content, encoding="utf-8"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_of_many_kinds(tmp_path, separator, encoding):
    rows = [
        ["Created At", "Mood", "Entry"],
        ["2024-03-01", "ok", "I hate myself."],
        ["2024-03-02", "ok", '"Caf\u00e9""s"'],
    ]
    path = save(tmp_path / "j.csv", "\r\n".join(separator.join(row) for row in rows), encoding)
    journal = Journal.from_csv(path)
    assert texts(journal) == ["I hate myself.", 'Caf\u00e9"s'] and days(journal) == ["2024-03-01", "2024-03-02"]


def test_csv_with_line_breaks_missing_cells_and_words_that_look_like_missing(tmp_path):
    path = save(
        tmp_path / "j.csv", 'date,text,person\n2024-03-01,"One.\n\nTwo.",a\n2024-03-02,,b\nsoon,NA,a\n2024-03-04\n'
    )
    journal = Journal.read(path)
    assert texts(journal)[0] == "One.\n\nTwo." and texts(journal)[2] == "NA" and len(journal) == 4
    entries = journal.entries()
    assert entries["person"].tolist()[:3] == ["a", "b", "a"] and entries["time"].isna().tolist() == [
        False,
        False,
        True,
        False,
    ]
    assert entries["sentences"].tolist()[1] == 0


def test_columns_are_named_when_they_cannot_be_recognised(tmp_path):
    path = save(tmp_path / "j.csv", f"when it was,what {CANARY} said\n2024-03-01,I hate myself.\n")
    with pytest.raises(JournalError, match="no column is named like a text") as error:
        Journal.from_csv(path)
    assert CANARY not in str(error.value)
    journal = Journal.from_csv(path, text=f"what {CANARY} said", time="when it was")
    assert texts(journal) == ["I hate myself."]
    with pytest.raises(ColumnError, match="is not there"):
        Journal.from_csv(path, text="nothing", time="when it was")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "not a well-formed table"),
        (b"date,text\n2024-03-01,a,b,c\n", "not a well-formed table"),
        (b'date,text\n2024-03-01,"never closed\n', "not a well-formed table"),
        (b"date,text\n2024-03-01,caf\xe9\n", 'line 2: not utf-8-sig; say encoding="cp1252"'),
        (b"date,text\nsoon,x\n", "no date could be read"),
        (b"date,text\n03/04/2024,x\n", "dayfirst"),
    ],
)
def test_a_csv_that_cannot_be_read_says_why(tmp_path, content, problem):
    with pytest.raises(JournalError, match=problem):
        Journal.from_csv(save(tmp_path / "j.csv", content))


def test_another_encoding_can_be_said(tmp_path):
    path = save(tmp_path / "j.csv", "date,text\n2024-03-01,caf\u00e9\n", "cp1252")
    assert texts(Journal.from_csv(path, encoding="cp1252")) == ["caf\u00e9"]
    with pytest.raises(JournalError, match="no encoding"):
        Journal.from_csv(path, encoding="klingon")


def test_a_header_alone_is_an_empty_journal(tmp_path):
    journal = Journal.from_csv(save(tmp_path / "j.csv", "date,text\n"))
    assert len(journal) == 0 and journal.entries().empty and journal.sentences().empty and journal.rates().empty
    assert str(journal.trend()).startswith("critic: not enough data") and journal.balance().empty
    assert "0 entries" in journal.to_html()


def test_a_folder_of_notes(tmp_path):
    save(tmp_path / "2024-03-01.md", "I hate myself.")
    save(tmp_path / "2024/03/02.txt", "We had soup.")
    save(tmp_path / "note.md", "---\ntitle: x\ndate: 2024-03-03 21:00\n---\nIt rained.")
    save(
        tmp_path / "long.md",
        "Before.\n\n# 2024-03-04\nOne.\n\n## Friday, 5 March 2024\nTwo.\n\n## Not a date\nThree.\n",
    )
    save(tmp_path / "undated.txt", "Some day.")
    save(tmp_path / ".hidden/2024-01-01.md", "No.")
    save(tmp_path / "more.csv", "date,text\n2024-03-01,x\n")
    save(tmp_path / "photo 2024-03-01.jpg", b"\xff\xd8")
    save(tmp_path / "2024-03-09.txt", b"\xff caf\xe9")
    journal = Journal.from_folder(tmp_path)
    found = dict(zip(texts(journal), days(journal), strict=True))
    assert found["I hate myself."] == "2024-03-01" and found["We had soup."] == "2024-03-02"
    assert found["It rained."] == "2024-03-03" and found["One.\n"] == "2024-03-04" if "One.\n" in found else True
    assert {text.strip(): day for text, day in found.items() if day == day}["One."] == "2024-03-04"
    assert [day for text, day in found.items() if "Three." in text] == ["2024-03-05"]
    assert found["Some day."] != found["Some day."] and len(journal) == 7  # NaT: kept, undated
    assert dict(journal.skipped)["photo 2024-03-01.jpg"] == "no text"
    assert "not utf-8" in dict(journal.skipped)["2024-03-09.txt"] and len(journal.skipped) == 3
    assert dict(journal.skipped)["more.csv"] == "a table: from_csv reads it"


def test_markdown_that_is_no_word_is_taken_out(tmp_path):
    journal = Journal.from_folder(save(tmp_path / "2024-03-01.md", "![](dayone-moment://ABC)\nIt wasn\\'t\\. C:\\new"))
    assert texts(journal) == ["It wasn't. C:\\new"]


def day_one(*entries):
    return json.dumps({"metadata": {"version": "1.0"}, "entries": list(entries)})


def test_day_one_json_and_zip(tmp_path):
    content = day_one(
        {
            "creationDate": "2024-03-01T23:30:00Z",
            "timeZone": "Asia\\/Tokyo".replace("\\", ""),
            "text": "I hate myself\\.",
        },
        {"creationDate": "2024-03-02T08:00:00Z", "timeZone": "Nowhere/Land", "text": "We had soup."},
        {"creationDate": "2024-03-03T08:00:00Z", "uuid": "A"},
        {"text": "Undated."},
    )
    path = save(tmp_path / "Journal.json", content)
    journal = Journal.read(path)
    assert texts(journal) == ["I hate myself.", "We had soup.", "", "Undated."]
    assert days(journal)[:3] == ["2024-03-02", "2024-03-02", "2024-03-03"]
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.write(path, "Journal.json")
        archive.writestr("photos/a.jpeg", b"x")
    assert texts(Journal.read(tmp_path / "export.zip")) == texts(journal)
    assert len(Journal.from_folder(tmp_path)) == 8


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.json", "{", "line 1: not well-formed JSON"),
        ("a.json", "[" * 100_000, "not well-formed JSON"),
        ("a.json", "[1]", "no Day One export"),
        ("a.json", '{"entries": [{"text": 3}]}', "entry 1: not an entry"),
        ("a.json", '{"entries": [null]}', "entry 1: not an entry"),
        ("a.json", '{"entries": []}', "no entry found"),
        ("a.zip", b"PK\x03\x04 torn", "damaged"),
        ("a.docx", b"PK", "neither CSV"),
        ("a.txt", "no date at all", "no date found"),
    ],
)
def test_what_is_no_journal_says_why(tmp_path, name, content, problem):
    with pytest.raises(JournalError, match=problem):
        Journal.read(save(tmp_path / name, content))


def test_nothing_there_says_so(tmp_path):
    with pytest.raises(JournalError, match="no such file"):
        Journal.read(tmp_path / "nothing")
    with pytest.raises(JournalError, match="no entry found"):
        Journal.read(tmp_path)
    with pytest.raises(JournalError, match=r"nothing\.csv"):
        Journal.from_csv(tmp_path / "nothing.csv")


def test_a_zip_bomb_and_a_giant_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(formats, "LARGEST", 1000)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Journal.json", " " * 100_000)
    with pytest.raises(JournalError, match="unpacks to more"):
        Journal.read(tmp_path / "bomb.zip")
    with pytest.raises(JournalError, match="larger than"):
        Journal.read(save(tmp_path / "2024-03-01.txt", "x" * 2000))


ANY_FILE = st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda t: t.encode("utf-8", "surrogatepass")))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(content=ANY_FILE, name=st.sampled_from(["2024-03-01.md", "a.txt", "a.json", "a.zip", "a.csv"]))
def test_any_file_is_read_or_refused_without_its_words(tmp_path, content, name):
    path = save(tmp_path / name, content)
    try:
        journal = Journal.read(path)
    except JournalError as error:
        message = str(error)
        assert message.startswith((name, "no date", "in the time column", "the time column"))
    else:
        assert journal._frame["time"].notna().any() or len(journal) == 0


LINES = st.lists(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30), min_size=1, max_size=5
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.lists(LINES, min_size=1, max_size=5))
def test_csv_round_trip_loses_nothing(tmp_path, entries):
    frame = pd.DataFrame(
        {"date": pd.date_range("2024-01-01", periods=len(entries)), "text": ["\n".join(e) for e in entries]}
    )
    frame.to_csv(tmp_path / "j.csv", index=False)
    assert texts(Journal.from_csv(tmp_path / "j.csv")) == frame["text"].tolist()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.lists(st.text("abc XYZ.,!?'\n", max_size=60), min_size=1, max_size=4))
def test_dated_headings_lose_nothing(tmp_path, entries):
    content = "".join(f"## 2024-03-{n:02d}\n{entry}\n" for n, entry in enumerate(entries, 1))
    journal = Journal.from_folder(save(tmp_path / "all.md", content))
    assert [text.split() for text in texts(journal)] == [entry.split() for entry in entries]
