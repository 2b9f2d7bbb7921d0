"""How a model is measured by cases; what the bundled one must be able to do is in tests/behaviour."""

from types import SimpleNamespace

from innercritic import Facet
from innercritic.behaviour import judge, measure_behaviour, tally
from innercritic.cases import Case, Claims, Same, read_cases


def test_every_text_is_read_once():
    asked = []

    def pipe(texts):
        asked.extend(texts)
        quiet = SimpleNamespace(facets=(), probabilities=dict.fromkeys(Facet, 0.0))
        return (SimpleNamespace(sentences=(quiet,)) for _ in asked)

    cases = [
        Case("a", "invariance", ("x", "y"), Same(1.0)),
        Case("b", "minimum functionality", ("x",), Claims(frozenset([Facet.SELF_JUDGMENT]))),
        Case("b", "minimum functionality", ("z",), Claims(frozenset())),
    ]
    passed = judge(SimpleNamespace(pipe=pipe), cases)
    assert asked == ["x", "y", "z"] and passed == [True, False, True]
    assert [(row.capability, row.kind, row.cases, row.passed, row.rate) for row in tally(cases, passed)] == [
        ("a", "invariance", 1, 1, 1.0),
        ("b", "minimum functionality", 2, 1, 0.5),
    ]


def test_files_of_the_three_kinds(tmp_path, critic):
    (tmp_path / "a.toml").write_text(
        'kind = "minimum functionality"\n[[capability]]\nname = "labels"\nfacets = ["self_judgment"]\n'
        'sentences = ["I\'m such an idiot.", "The bus was late."]\n'
    )
    (tmp_path / "b.toml").write_text(
        'kind = "invariance"\n[[capability]]\nname = "case"\ntolerance = 0.1\n'
        'pairs = [["I\'m so sad.", "i\'m so sad."]]\n'
    )
    (tmp_path / "c.toml").write_text(
        'kind = "direction"\n[[capability]]\nname = "more"\nchange = "raises"\n'
        '[capability.pairs]\nself_judgment = [["I was late.", "I was late, I\'m such an idiot."]]\n'
    )
    (tmp_path / "notes.txt").write_text("not a case file")
    assert [(row.capability, row.passed) for row in measure_behaviour(critic, tmp_path)] == [
        ("labels", 1),
        ("case", 1),
        ("more", 1),
    ]
    assert [case.texts for case in read_cases(tmp_path)][-1] == ("I was late.", "I was late, I'm such an idiot.")
