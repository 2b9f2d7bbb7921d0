import subprocess
import sys

import pytest
import spacy
from spacy.tokens import Doc, DocBin

from tests.conftest import UGLY

TEXTS = ["We had soup. I'm such an idiot.", "", "I want to die.", "Everyone else copes and nobody gets me."]


@pytest.fixture(scope="module")
def nlp():
    pipeline = spacy.blank("en")
    pipeline.add_pipe("innercritic")
    return pipeline


def found(doc):
    group = doc.spans["innercritic"]
    return [(span.label_, span.text) for span in group], group.attrs


def test_spans_scores_sentences_and_safety(nlp, critic):
    spans, attrs = found(nlp(TEXTS[0]))
    assert spans == [("self_judgment", "I'm such an idiot.")]
    sentence = critic.analyze(TEXTS[0]).sentences[1]
    assert attrs["scores"] == [sentence.probabilities["self_judgment"]]
    assert attrs["sentences"][1]["probabilities"]["isolation"] == sentence.probabilities["isolation"]
    assert attrs["safety"]["clear"] is True
    assert found(nlp(TEXTS[2]))[1]["safety"]["flags"] == ["crisis"]


def test_it_survives_bytes_and_docbin(nlp):
    doc = nlp(TEXTS[0])
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert found(again) == found(doc)
    (stored,) = DocBin(docs=[doc], store_user_data=True).get_docs(nlp.vocab)
    assert found(stored)[0] == found(doc)[0]


def test_it_survives_disk_without_importing_us(nlp, tmp_path):
    nlp.to_disk(tmp_path / "pipeline")
    code = (
        "import sys, spacy; nlp = spacy.load(sys.argv[1]); assert nlp.pipe_names == ['innercritic'];"
        "doc = nlp(\"I'm such an idiot.\"); print([s.label_ for s in doc.spans['innercritic']])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "pipeline")], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "['self_judgment']"


def test_two_processes_give_the_same(nlp):
    alone = [found(doc) for doc in nlp.pipe(TEXTS)]
    assert [found(doc) for doc in nlp.pipe(TEXTS, n_process=2, batch_size=2)] == alone


def test_sentences_of_the_pipeline_are_kept():
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer", config={"punct_chars": ["|"]})
    nlp.add_pipe("innercritic")
    doc = nlp("We had soup. I'm such an idiot | yes we had bread")
    starts = [s["start"] for s in doc.spans["innercritic"].attrs["sentences"]]
    assert starts == [s.start_char for s in doc.sents]


def test_another_key_and_another_language(critic):
    nlp = spacy.blank("en")
    nlp.add_pipe("innercritic", config={"spans_key": "mine"})
    assert "mine" in nlp("I'm an idiot.").spans
    with pytest.raises(ValueError, match="'de'"):
        spacy.blank("de").add_pipe("innercritic")


def test_it_says_what_it_assigns(nlp):
    assert "doc.spans" in nlp.analyze_pipes()["summary"]["innercritic"]["assigns"]


SPACY_CANNOT = ("lone_surrogate", "emoji_run", "brackets", "no_full_stop", "no_space")
"""spaCy itself refuses the first, and takes minutes or too much memory for the others."""


@pytest.mark.parametrize("name", [name for name in UGLY if name not in SPACY_CANNOT])
def test_ugly_text_through_spacy(nlp, name):
    doc = nlp(UGLY[name])
    assert all(span.text for span in doc.spans["innercritic"])


def test_displacy_draws_it(nlp):
    html = spacy.displacy.render(nlp(TEXTS[0]), style="span", options={"spans_key": "innercritic"}, jupyter=False)
    assert "self_judgment" in html
