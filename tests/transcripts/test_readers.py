"""Every exporter's shape as a golden file; what is torn, wrongly encoded or nobody's is an error with file and line."""

import io
import json
import zipfile
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innercritic.errors import TranscriptError
from innercritic.transcripts import ReadOptions, Transcript, read, read_sessions
from innercritic.transcripts.readers import ENDINGS, FORMATS

GOLDEN = Path(__file__).parent / "golden"
SECRET = "Zaphodina"


def said(transcript):
    return [(turn.speaker, turn.role, turn.start, turn.end, turn.text, turn.line) for turn in transcript.turns]


EXPECTED = {
    "zoom.vtt": [
        ("Mara Lindqvist", "therapist", 1.0, 4.2, "How did the week go?", 5),
        ("Joel B", "client", 4.5, 12.75, "Slow. I keep telling myself I am the weak link & they know it.", 9),
        ("Mara Lindqvist", "therapist", 13.0, 15.0, "What did you do: call anyone?", 17),
    ],
    "teams.vtt": [
        ("Mara Lindqvist", "therapist", 1.1, 5.0, "Take your time.", 11),
        ("Joel B", "client", 1.1, 9.9, "I can't say it. I froze again.", 11),
    ],
    "whisper.srt": [
        ("SPEAKER_00", "therapist", 0.0, 3.5, "So tell me about the garden.", 3),
        ("SPEAKER_01", "client", 3.5, 7.25, "It died, and that is on me. Every single plant.", 7),
        ("SPEAKER_00", "therapist", 67.25, 69.0, "Mm.", 12),
    ],
    "session.txt": [
        ("THERAPIST", "therapist", None, None, "Where did you notice it first?", 3),
        (
            "CLIENT",
            "client",
            None,
            None,
            "In the kitchen. I dropped the plate\nand thought, typical.\n  I always ruin dinner.",
            4,
        ),
        ("THERAPIST", "therapist", None, None, "And then?", 8),
        ("CLIENT", "client", None, None, "I noticed one thing: silence.", 9),
    ],
    "numbered.txt": [
        ("T1", "therapist", None, None, "Last time you spoke of the choir.", 1),
        ("P1", "client", None, None, "I mouthed the words. Nobody wants to hear me.", 2),
        ("T2", "therapist", None, None, "Nobody?", 3),
        ("P2", "client", None, None, "Well, at 10:30 one woman smiled.", 4),
    ],
    "otter.txt": [
        ("Speaker 1", "therapist", 3.0, None, "How was the drive over here?", 1),
        (
            "Speaker 2",
            "client",
            7.0,
            None,
            "Fine. I got lost twice.\nWho gets lost on a straight road? An idiot.",
            4,
        ),
        ("Speaker 1", "therapist", 3612.0, None, "That sounds harsh.", 8),
    ],
    "rev.txt": [
        ("Speaker 1", "therapist", 2.0, None, "What happened after the call?", 1),
        ("Speaker 2", "client", 6.0, None, "Ok.\nI sat in the car and could not stop replaying it.", 4),
        ("Speaker 1", "therapist", 19.0, None, "Mm-hm.", 8),
    ],
    "bracketed.txt": [
        ("Anna", "client", 5.0, None, "I brought the letter.", 1),
        ("Dr. Webb", "therapist", 11.0, None, "Would you read it to me?", 2),
        ("Anna", "client", 20.0, None, "No. I sound pathetic in it.", 3),
    ],
    "coach.tsv": [
        ("Coach", "therapist", 0.0, None, "Hello there.", 2),
        ("Client", "client", 2.5, None, "I feel behind everybody.", 3),
    ],
    "semicolons.csv": [
        ("P", "client", 1.0, None, "I cannot get anything right.", 2),
        ("T", "therapist", 4.0, None, "Anything?", 3),
    ],
    "whisperx.json": [
        ("SPEAKER_00", "therapist", 0.03, 2.5, "How are the nights?", 1),
        ("SPEAKER_01", "client", 2.9, 9.0, "Long. I go over every word I said.", 2),
    ],
    "interview.cha": [
        ("INV", "therapist", 0.0, 1.2, "what came up?", 6),
        ("ANN", "client", 1.2, 4.0, "I'm really tired of hiding.", 7),
        ("ANN", "client", None, None, "I do not know because nobody asks...", 9),
    ],
}
SPEAKERS = {
    "Mara Lindqvist": "therapist",
    "joel b": "client",
    "SPEAKER_00": "therapist",
    "SPEAKER_01": "client",
    "Speaker 1": "therapist",
    "Speaker 2": "client",
    "Anna": "client",
    "Dr. Webb": "therapist",
}
COLUMNS = {"semicolons.csv": {"text": "Gesagt", "speaker": "Wer", "start": "Wann"}}


@pytest.mark.parametrize("name", EXPECTED)
def test_golden_files(name):
    transcript = read(GOLDEN / name, speakers=SPEAKERS, columns=COLUMNS.get(name))
    assert said(transcript) == EXPECTED[name]
    assert (transcript.session, transcript.source) == (name.partition(".")[0], name)


def test_every_golden_file_is_expected():
    several = {"utterances.csv", "turns.jsonl", "sessions.jsonl"}
    assert {path.name for path in GOLDEN.iterdir()} == EXPECTED.keys() | several


def test_a_table_of_several_sessions():
    first, second = read_sessions(GOLDEN / "utterances.csv")
    assert (first.session, first.client) == ("7", "7")
    assert said(first) == [
        ("", "therapist", 5.0, None, "Tell me, if you like.", 2),
        ("", "client", 9.0, None, 'I said "no" again\nand hated myself for it.', 3),
    ]
    assert said(second) == [("", "client", 2.0, None, "Nothing to add.", 5)]
    with pytest.raises(TranscriptError, match="2 sessions in it"):
        read(GOLDEN / "utterances.csv")


def test_json_lines_of_utterances_and_of_sessions():
    first, second = read_sessions(GOLDEN / "turns.jsonl")
    assert [turn.line for turn in (*first.turns, *second.turns)] == [1, 2, 4] and first.turns[1].start == 3
    first, second = read_sessions(GOLDEN / "sessions.jsonl")
    assert (first.session, second.session, first.client, second.client) == ("s-01", "s-02", "c-9", "c-9")


def write(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


VTT = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n"
WRONG = {
    "no header": ("a.vtt", "00:00:01.000 --> 00:00:02.000\nP: hi\n", 1, "header"),
    "torn time": ("a.vtt", VTT + "P: hi\n\n00:00:02.000 --> 00:0", 6, "torn"),
    "torn cue": ("a.vtt", VTT + "P: hi\n\n00:00:02.000 --> 00:00:03.000\n", 6, "torn"),
    "torn number": ("a.srt", "1\n00:00:01,000 --> 00:00:02,000\nP: hi\n\n2", 5, "torn"),
    "no cues": ("a.vtt", "WEBVTT\n\nNOTE only this\n", None, "no cues"),
    "empty srt": ("a.srt", "", None, "no cues"),
    "empty text": ("a.txt", "", None, "no speaker labels"),
    "no labels": ("a.txt", f"{SECRET} went home.\n", None, "no speaker labels"),
    "unmapped": ("a.txt", f"T: hi\n{SECRET}: I am lost.\nT: oh\n{SECRET}: yes\n", 2, "has no role"),
    "unmapped once": ("a.txt", f"T: hi\n{SECRET} Beeb: I am lost.\n", 2, "has no role"),
    "unmapped number": ("a.vtt", VTT + "Speaker 3: hi\n\n" + VTT[8:] + "Speaker 3: ho\n", 4, "'Speaker 3' has no role"),
    "nobody": ("a.vtt", VTT + "hi\n", 4, "without a speaker"),
    "no text column": ("a.csv", f"{SECRET},b\n1,2\n", 1, "no column for the text"),
    "empty table": ("a.csv", "", 1, "no column for the text"),
    "only a header": ("a.csv", "role,text\n", None, "nothing is said"),
    "ragged": ("a.csv", "role,text\nclient,I am\nclient\n", 3, "1 cells under 2"),
    "open quote": ("a.csv", 'role,text\nclient,"I am lost\n', 2, "table"),
    "comes again": ("a.csv", "session,role,text\n1,client,a\n2,client,b\n1,client,c\n", 4, "comes again"),
    "torn json": ("a.json", '{"segments": [\n{"text": "' + SECRET, 2, "JSON"),
    "deep json": ("a.json", "[" * 100_000, None, "nested"),
    "no list": ("a.json", '{"text": "hi"}', None, "no list"),
    "no text": ("a.json", '[{"speaker": "P1", "words": []}]', 1, "no text"),
    "torn line": ("a.jsonl", '{"role": "client", "text": "a"}\n{"role": "cli', 2, "JSON"),
    "not an object": ("a.jsonl", "[1]\n", 1, "expected an object"),
    "no chat": ("a.cha", "*PAR:\thi .\n", 1, "@Begin"),
    "torn chat": ("a.cha", "@Begin\n@Participants:\tPAR Client\n*PAR:\thi .\n", 3, "torn"),
    "latin": ("a.txt", b"T: hi\nP: caf\xe9 " + SECRET.encode(), 2, "not utf-8"),
    "latin table": ("a.csv", b"role,text\nclient,ok\nclient,caf\xe9\n", 3, "not utf-8"),
    "utf-16 without a mark": ("a.txt", "T: hi\nP: ho\n".encode("utf-16-le"), 1, "NUL"),
    "not a zip": ("a.docx", "PK\x03\x04 nonsense", None, "not a Word document"),
    "unknown": ("a.pdf", "%PDF", None, "unknown kind"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_names_file_and_line_and_no_word(case, tmp_path):
    name, content, line, reason = WRONG[case]
    with pytest.raises(TranscriptError, match=reason) as error:
        read(write(tmp_path, name, content))
    assert (error.value.file, error.value.line) == (name, line)
    assert str(error.value).startswith(f"{name}, line {line}: " if line else f"{name}: ")
    assert SECRET not in str(error.value)


def test_sessions_before_the_tear_and_beside_a_bad_one_are_kept(tmp_path):
    rows = "session,speaker,text\n1,P,a\n2,Nemo,b\n3,P,c\n4,P\n"
    found = list(read_sessions(write(tmp_path, "a.csv", rows)))
    assert [getattr(item, "session", None) for item in found] == ["1", None, None]  # whether 3 is whole nobody knows
    assert [item.line for item in found if isinstance(item, TranscriptError)] == [3, 5]


def test_a_missing_file_is_an_error_that_names_it(tmp_path):
    with pytest.raises(TranscriptError, match=r"gone\.vtt: cannot be read"):
        read(tmp_path / "gone.vtt")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize(("name", "ending"), [("session.txt", "\r\n"), ("utterances.csv", "\r\n"), ("zoom.vtt", "\n")])
def test_marked_encodings_and_line_endings_do_not_matter(name, ending, encoding, tmp_path):
    plain = (GOLDEN / name).read_bytes().decode().replace("\r\n", "\n")
    path = write(tmp_path, name, plain.replace("\n", ending).encode(encoding))
    options = ReadOptions(speakers=SPEAKERS)
    assert list(read_sessions(path, options)) == list(read_sessions(GOLDEN / name, options))


def test_another_encoding_can_be_named(tmp_path):
    path = write(tmp_path, "a.txt", "T: hi\nP: caf\u00e9\n".encode("cp1252"))
    assert read(path, encoding="cp1252").turns[1].text == "caf\u00e9"


def test_speech_without_a_speaker_can_be_given_to_somebody(tmp_path):
    cues = VTT + "I was late\n\n00:00:02.000 --> 00:00:03.000\nagain.\n"
    (turn,) = read(write(tmp_path, "a.vtt", cues), speakers={"*": "client"}).turns
    assert (turn.role, turn.text, turn.end) == ("client", "I was late again.", 3.0)
    diary = read(write(tmp_path, "a.txt", "First.\n\nSecond,\nlonger.\n"), speakers={"*": "client"})
    assert [(turn.text, turn.line) for turn in diary.turns] == [("First.", 1), ("Second,\nlonger.", 3)]


def test_a_declared_role_wins_over_everything(tmp_path):
    path = write(tmp_path, "a.csv", "speaker,role,text\nA,client,x\nB,client,y\n")
    assert [turn.role for turn in read(path, speakers={"b": "other"}).turns] == ["client", "other"]


@pytest.mark.parametrize(
    "wrong", [{"speakers": {"A": "patient"}}, {"columns": {"texts": "a"}}, {"format": "pdf"}, {"encoding": "utf-99"}]
)
def test_options_that_make_no_sense_are_refused(wrong):
    with pytest.raises((ValueError, LookupError)):
        read(GOLDEN / "session.txt", **wrong)


def word_file(folder, *, table=(), lines=()):
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    if table:
        grid = document.add_table(len(table), len(table[0]))
        for row, cells in zip(grid.rows, table, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    path = folder / "a.docx"
    document.save(str(path))
    return path


def test_word_documents(tmp_path):
    path = word_file(tmp_path, lines=["Mara L   0:03", "How was it?", "Joel B   0:07", "I failed", "again."])
    assert said(read(path, speakers={"Mara L": "therapist", "Joel B": "client"})) == [
        ("Mara L", "therapist", 3.0, None, "How was it?", 1),
        ("Joel B", "client", 7.0, None, "I failed\nagain.", 3),
    ]
    path = word_file(tmp_path, table=[("T", "0:01", "How was it?"), ("P", "0:04", "I failed.")])
    assert said(read(path)) == [
        ("T", "therapist", 1.0, None, "How was it?", 1),
        ("P", "client", 4.0, None, "I failed.", 2),
    ]


def repacked(path, name, content):
    """The same docx with one entry replaced or added."""
    old = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, content if entry == name else old.read(entry))
        if name not in old.namelist():
            new.writestr(name, content)
    return path


def test_zip_and_entity_bombs_are_refused(tmp_path):
    path = word_file(tmp_path, lines=["T: hi", "P: ho"])
    with pytest.raises(TranscriptError, match="zip bomb"):
        read(repacked(path, "word/media/a.bin", b"\0" * 300 * 2**20))
    path = word_file(tmp_path, lines=["T: hi", "P: ho"])
    with pytest.raises(TranscriptError, match="zip bomb"):
        read(repacked(path, "word/media/a.bin", b"\0" * 30 * 2**20))
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    for content in (laughs.encode(), laughs.encode("utf-16")):
        path = word_file(tmp_path, lines=["T: hi", "P: ho"])
        with pytest.raises(TranscriptError, match="entity bomb"):
            read(repacked(path, "word/document.xml", content))


def test_a_torn_word_file_is_an_error(tmp_path):
    whole = word_file(tmp_path, lines=["T: hi", "P: ho"]).read_bytes()
    for share in (0.2, 0.5, 0.9, 0.99):
        with pytest.raises(TranscriptError, match="Word document"):
            read(write(tmp_path, "b.docx", whole[: int(len(whole) * share)]))


def test_a_file_too_large_for_one_session_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("innercritic.transcripts.readers.MAX_BYTES", 100)
    with pytest.raises(TranscriptError, match="larger than"):
        read(write(tmp_path, "a.txt", "T: hi\n" * 100))


MARKS = st.sampled_from(
    [
        *("WEBVTT", "NOTE", "-->", "00:00:01.000 --> 00:00:02.000", "00:01,5", "1", "", " ", "\t", ":", "::"),
        *("P: ", "T1:", "[00:01] A: ", "Speaker 1  0:03", "<v A>", "</v>", "<v>", "&amp;", "\x15", "\x150_9\x15"),
        *("@Begin", "@End", "*P:\t", "%mor:", "[/]", "<a b>", "[: x]", "text,role", '"', ",", ";", "{", "}", "[", "]"),
        *(
            '{"text": "a", "role": "client"}',
            '{"segments": []}',
            "null",
            "NaN",
            "1e999",
            "\u2028",
            "\x85",
            "\x0b",
            "\x00",
        ),
    ]
)
CONTENT = st.lists(st.one_of(MARKS, st.text(max_size=8)), max_size=25).flatmap(
    lambda parts: st.sampled_from(["\n", " ", "\r\n", ""]).map(lambda joint: joint.join(parts))
)
ANYBODY = st.sampled_from([{}, {"*": "client"}, {"A": "client", "P": "other"}])


@pytest.mark.parametrize("format", FORMATS)
@settings(max_examples=120, deadline=None)
@given(
    content=st.one_of(CONTENT.map(lambda text: text.encode("utf-8", "replace")), st.binary(max_size=60)), who=ANYBODY
)
def test_no_content_breaks_a_reader(format, content, who, tmp_path_factory):
    path = tmp_path_factory.mktemp("any") / "session.any"
    path.write_bytes(content)
    found = list(read_sessions(path, ReadOptions(speakers=who, format=format)))
    assert found
    for item in found:
        assert isinstance(item, (Transcript, TranscriptError))
        if isinstance(item, Transcript):
            assert item.turns and all(turn.text.strip() and turn.line > 0 for turn in item.turns)
            times = [time for turn in item.turns for time in (turn.start, turn.end) if time is not None]
            assert all(0 <= time < 1e10 for time in times)
        else:
            assert item.file == "session.any" and (item.line is None or item.line > 0)


WORDS = st.lists(st.sampled_from("I you we feel lost today and it's fine really".split()), min_size=1, max_size=8)
TALK = st.lists(st.tuples(st.sampled_from("TP"), WORDS.map(" ".join)), min_size=1, max_size=8)


def as_vtt(talk):
    return "WEBVTT\n\n" + "".join(
        f"00:00:{n:02}.000 --> 00:00:{n + 1:02}.000\n{s}: {t}\n\n" for n, (s, t) in enumerate(talk)
    )


def as_srt(talk):
    cues = (f"{n}\n00:00:{n:02},000 --> 00:00:{n + 1:02},000\n{s}: {t}\n\n" for n, (s, t) in enumerate(talk, 1))
    return "".join(cues)


WRITERS = {
    "vtt": as_vtt,
    "srt": as_srt,
    "text": lambda talk: "".join(f"{s}: {t}\n" for s, t in talk),
    "csv": lambda talk: "speaker,text\n" + "".join(f'{s},"{t}"\n' for s, t in talk),
    "tsv": lambda talk: "speaker\ttext\n" + "".join(f"{s}\t{t}\n" for s, t in talk),
    "json": lambda talk: json.dumps([{"speaker": s, "text": t} for s, t in talk]),
    "jsonl": lambda talk: "".join(json.dumps({"speaker": s, "text": t}) + "\n" for s, t in talk),
    "chat": lambda talk: "@Begin\n" + "".join(f"*{s}:\t{t} .\n" for s, t in talk) + "@End\n",
}


@pytest.mark.parametrize("format", WRITERS)
@settings(max_examples=40, deadline=None)
@given(talk=TALK)
def test_what_was_said_is_all_there(format, talk, tmp_path_factory):
    path = tmp_path_factory.mktemp("talk") / f"a.{next(end for end, kind in ENDINGS.items() if kind == format)[1:]}"
    path.write_text(WRITERS[format](talk), "utf-8")
    turns = read(path).turns
    words = [(turn.speaker, word) for turn in turns for word in turn.text.replace(".", "").split()]
    assert words == [(speaker, word) for speaker, text in talk for word in text.split()]
    assert {turn.role for turn in turns} <= {"client", "therapist"}
