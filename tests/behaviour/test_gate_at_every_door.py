"""No input, however odd, gives a reframe together with a raised gate, through any door."""

import json

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import innercritic as ic
from innercritic.cli import app
from innercritic.practices import PRACTICES
from innercritic.templates import REGISTERS, VOICES

SELF_CRITICAL = (
    "I'm such an idiot.",
    "nobody likes me",
    "I can't stop thinking about how I failed my exam",
    "We had soup.",
)
DANGER = (
    "I want to die.",
    "kms",
    "i wanna d i e",
    "su1c1de",
    "My husband hit me",
    "he r*ped me",
    "I hit my son last night",
    "i make myself sick after dinner",
    "they'd be better off without me",
)
ODD = (
    "\x00",
    "\ud83d",
    "\u202e",
    "<p>",
    "[NAME]",
    "\u200b",
    "\u2028",
    "\u0130",
    "\U0001f62d",
    "''",
    "\u2019",
    "...",
    "\r\n",
)
TEXTS = st.lists(
    st.one_of(st.sampled_from(SELF_CRITICAL), st.sampled_from(DANGER), st.sampled_from(ODD), st.text(max_size=12)),
    max_size=6,
).flatmap(lambda pieces: st.sampled_from([" ", "", "\n", ". ", "\t"]).map(lambda joint: joint.join(pieces)))


def reframes_in(found):
    """Every reframe in a JSON-like value, however deep."""
    if isinstance(found, dict):
        return [*(found.get("reframes") or ()), *(item for value in found.values() for item in reframes_in(value))]
    if isinstance(found, list | tuple):
        return [item for value in found for item in reframes_in(value)]
    return []


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.sampled_from(VOICES), st.sampled_from([None, *REGISTERS]), st.integers(0, 3))
def test_python(critic, text, voice, register, seed):
    analysis = critic.analyze(text, voice=voice, seed=seed)
    wished = critic.reframes_for(analysis, voice=voice, register=register, seed=seed, limit=3)
    practices = [critic.practice(name, text) for name in PRACTICES]
    if analysis.safety.raised:
        assert analysis.safety.card and analysis.safety.evidence and not analysis.safety.clear
        assert not any(s.reframes for s in analysis.sentences) and not any(wished) and not any(practices)
        assert not reframes_in(analysis.to_dict())
    else:
        assert analysis.safety.card == "" and analysis.safety.clear
    (alone,) = critic.pipe([text], voice=voice, seed=seed)
    assert alone == analysis


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_spacy_data_frame_and_html(critic, text):
    pd = pytest.importorskip("pandas")
    analysis = critic.analyze(text)
    scored = ic.score_frame(pd.DataFrame({"text": pd.Series([text], dtype=object)}), model=critic)
    assert (not scored["document_clear"].iloc[0]) == analysis.safety.raised
    assert not [column for column in scored if "reframe" in column]
    nlp = spacy.blank("en")
    nlp.add_pipe("innercritic")
    doc = nlp(text.encode("utf-8", "replace").decode())  # spaCy itself refuses lone surrogates
    told = doc.spans["innercritic"].attrs
    assert not reframes_in(told) and told["safety"]["raised"] == critic.analyze(doc.text).safety.raised
    if hasattr(analysis, "_repr_html_") and analysis.safety.raised:
        assert not any(reframe.text in analysis._repr_html_() for reframe in all_reframes(critic, text))


def all_reframes(critic, text):
    """What there would be without a gate."""
    off = ic.load(gate="off", reason="what would have been offered")
    return [reframe for sentence in off.analyze(text).sentences for reframe in sentence.reframes]


@settings(max_examples=40, deadline=None)
@given(TEXTS.filter(lambda text: text.isprintable() and not text.startswith("-") and text.strip()))
def test_command_line(critic, text):
    run = CliRunner().invoke(app, ["analyze", "--json", "--country", "GB", "--", text])
    if "no such file" in run.output:
        return
    found = json.loads(run.stdout)
    assert found["safety"]["raised"] == critic.analyze(text).safety.raised
    if found["safety"]["raised"]:
        assert not reframes_in(found) and found["safety"]["resources"] and "safety gate was raised" in run.stderr


def test_the_command_line_says_why_the_gate_is_off():
    run = CliRunner().invoke(app, ["analyze", "--gate-off", "reframes are compared", "I'm such an idiot."])
    assert run.exit_code == 0 and "switched off: reframes are compared" in run.stderr
    assert CliRunner().invoke(app, ["analyze", "--gate-off", "no", "I'm such an idiot."]).exit_code == 2
