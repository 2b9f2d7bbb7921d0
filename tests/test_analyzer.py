import math
import pickle
import threading
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import innercritic as ic
from tests.conftest import UGLY

TEXT = "I burnt the rice. I'm such an idiot.\n\nEveryone else has it together and nobody would understand."


def test_the_contract(critic):
    analysis = critic.analyze(TEXT)
    first, second, third = analysis.sentences
    assert first.facets == () and second.facets == ("self_judgment",) and "isolation" in third.facets
    assert second.text == TEXT[second.start : second.end] == "I'm such an idiot."
    assert set(second.probabilities) == set(ic.Facet)
    assert second.reframes and second.no_reframe is None and first.no_reframe == "no_critic_facet"
    assert analysis.safety.clear and analysis.safety.flags == ()
    assert analysis.model == "neff-fast"


def test_evidence_adds_up_to_the_probability(critic):
    for text in (TEXT, "not an idiot", "I always, always ruin everything!"):
        for sentence in critic.analyze(text, explain="all").sentences:
            for facet in ic.Facet:
                weights = [e.weight for e in sentence.evidence if e.facet is facet]
                assert math.isclose(1 / (1 + math.exp(-sum(weights))), sentence.probabilities[facet], abs_tol=1e-5)


def test_evidence_points_at_its_words(critic):
    text = "  Caf\u00e9! I\u2019m \u201csuch\u201d an [NAME] idiot  \n I hate\u200b myself."
    for sentence in critic.analyze(text, explain="all").sentences:
        assert all(text[e.start : e.end] == e.text for e in sentence.evidence)
        assert all(sentence.start <= e.start <= e.end <= sentence.end for e in sentence.evidence)


def test_the_right_words_speak(critic):
    (sentence,) = critic.analyze("I went to the shop and I'm such an idiot.").sentences
    top = max((e for e in sentence.evidence if e.facet == "self_judgment"), key=lambda e: e.weight)
    assert "idiot" in top.text


def test_ugly_input_has_an_answer(critic, ugly):
    analysis = critic.analyze(ugly)
    for sentence in analysis.sentences:
        assert ugly[sentence.start : sentence.end] == sentence.text
        assert all(0 <= p <= 1 for p in sentence.probabilities.values())
    assert (len(analysis.sentences) == 0) == (not ugly.strip())


@pytest.mark.parametrize("name", ["curly", "crlf", "html", "nul", "zero_width"])
def test_ugly_signs_do_not_hide_the_critic(critic, name):
    assert any(s.critic_facets for s in critic.analyze(UGLY[name]).sentences)


@pytest.mark.parametrize(("value", "kind"), [(None, "NoneType"), (float("nan"), "NaN"), (b"x", "bytes"), (3, "int")])
def test_what_is_no_text_is_refused(critic, value, kind):
    with pytest.raises(TypeError, match=kind):
        critic.analyze(value)
    with pytest.raises(ic.NotTextError, match=f"position 1, got {kind}"):
        list(critic.pipe(["fine", value]))
    for read in (critic.read, critic.score):
        with pytest.raises(ic.NotTextError, match=f"position 1, got {kind}"):
            read(["fine", value])


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=20),
            st.sampled_from(
                [
                    "I'm an idiot. ",
                    "[NAME]",
                    "\ud83d",
                    "\x00",
                    "\u2028",
                    "<b>",
                    "nobody cares",
                    "I want to die",
                    "\u0130",
                ]
            ),
        ),
        max_size=8,
    ).map("".join)
)
def test_any_text_at_all(critic, text):
    analysis = critic.analyze(text)
    ends = 0
    for sentence in analysis.sentences:
        assert ends <= sentence.start < sentence.end <= len(text)
        assert text[sentence.start : sentence.end] == sentence.text
        assert all(0 <= p <= 1 for p in sentence.probabilities.values())
        assert bool(sentence.reframes) == (sentence.no_reframe is None)
        ends = sentence.end
    if not analysis.safety.clear:
        assert not any(sentence.reframes for sentence in analysis.sentences)
    analysis.to_dict()


def test_pipe_gives_the_same_as_analyze_for_every_batch_size(critic):
    texts = [TEXT, "", "Okay.", "I want to die.", *(f"I failed test {n} and I'm a loser." for n in range(20))]
    expected = [critic.analyze(text) for text in texts]
    for size in (1, 7, 256):
        for got, want in zip(critic.pipe(iter(texts), batch_size=size), expected, strict=True):
            assert [s.facets for s in got.sentences] == [s.facets for s in want.sentences]
            assert got.safety == want.safety
            for a, b in zip(got.sentences, want.sentences, strict=True):
                assert np.allclose(list(a.probabilities.values()), list(b.probabilities.values()), atol=1e-6)


def test_pipe_streams(critic):
    taken = []

    def endless():
        while True:
            taken.append(1)
            yield "We had soup."

    stream = critic.pipe(endless(), batch_size=4)
    next(stream), next(stream)
    assert len(taken) == 4
    assert list(critic.pipe([])) == []
    with pytest.raises(ValueError, match="batch_size"):
        next(critic.pipe(["x"], batch_size=0))


def test_the_same_question_gets_the_same_answer(critic):
    assert critic.analyze(TEXT) == critic.analyze(TEXT)
    friend = critic.analyze(TEXT, voice="friend", seed=5)
    assert friend == critic.analyze(TEXT, voice="friend", seed=5)
    assert friend.sentences[1].reframes[0].text != critic.analyze(TEXT).sentences[1].reframes[0].text


def test_two_documents_read_like_one(critic):
    alone = critic.analyze("I'm such an idiot.").sentences + critic.analyze("Nobody likes me.").sentences
    together = critic.analyze("I'm such an idiot. Nobody likes me.").sentences
    assert [s.facets for s in alone] == [s.facets for s in together]


def test_eight_threads_share_a_critic(critic):
    expected, wrong = critic.analyze(TEXT), []

    def work():
        wrong.extend(1 for _ in range(10) if critic.analyze(TEXT) != expected)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_pickling_sends_where_the_model_lies(critic):
    sent = pickle.dumps(critic)
    assert len(sent) < 200_000
    assert pickle.loads(sent).analyze(TEXT) == critic.analyze(TEXT)


def test_load_gives_the_same_object_and_names_what_it_has():
    assert ic.load() is ic.load()
    assert ic.analyze(TEXT).model == "neff-fast"
    with pytest.raises(ic.ModelNotFoundError, match=r"bundled are .*neff-fast"):
        ic.load("neff-slow")


def test_a_model_saved_again_is_loaded_again(tmp_path):
    texts = ["I hate myself", "We had soup"] * 5
    for c in (0.1, 10.0):
        estimator = ic.FacetClassifier(min_count=1, vectors=None, folds=0, C=c)
        estimator.fit(texts, [[str(f) for f in ic.Facet], []] * 5).save(tmp_path)
        found = ic.load(tmp_path).analyze("I hate myself").sentences[0].probabilities["isolation"]
        assert found == estimator.predict_proba(["I hate myself"])[0, 1]


def test_options_are_checked(critic):
    with pytest.raises(ValueError, match="explain"):
        critic.analyze("x", explain="some")
    with pytest.raises(ValueError, match="voice"):
        critic.analyze("I'm an idiot", voice="guru")


def test_a_megabyte_without_a_full_stop_takes_linear_time(critic):
    def seconds(text):
        start = time.perf_counter()
        critic.analyze(text)
        return time.perf_counter() - start

    piece = "i do not know why it goes on and on "
    critic.analyze(piece)
    short = min(seconds(piece * 2_000) for _ in range(3))
    assert min(seconds(piece * 16_000) for _ in range(2)) < 16 * short


def test_reframes_pass_the_rules_they_are_made_by(critic):
    texts = [
        "I'm such an idiot.",
        "My boss must think I'm useless.",
        "Everyone else has friends and I don't.",
        "I can't stop thinking about the exam.",
    ]
    for text in texts:
        for sentence in critic.analyze(text).sentences:
            for reframe in sentence.reframes:
                assert critic.check_reframe(reframe.text, reframe.facet, text) == ()


def test_one_text_in_place_of_several_is_an_error_and_is_not_read_letter_by_letter(critic):
    with pytest.raises(TypeError, match="put it into a list"):
        next(critic.pipe("I want to die."))
    for read in (critic.read, critic.score):
        with pytest.raises(TypeError, match="put it into a list"):
            read("I want to die.")
    with pytest.raises(TypeError, match="recent"):
        critic.reframes_for(critic.analyze("I'm such an idiot."), recent="sk-friend")


def test_what_is_no_analysis_and_no_name_of_a_model_is_refused(critic):
    with pytest.raises(TypeError, match="expected an Analysis, got str"):
        critic.reframes_for("I'm such an idiot.")
    with pytest.raises(TypeError, match="by its name or path, not by NoneType"):
        ic.load(None)


def test_a_reframe_to_check_is_text():
    with pytest.raises(ic.NotTextError):
        ic.check_reframe(None, facet="self_kindness")
