"""How a case is judged, and how the files of cases are read."""

import pytest

from innercritic import Facet
from innercritic.cases import Claims, Moves, Reading, Same, read_cases
from innercritic.errors import AssetError

SJ, OI, SK = Facet.SELF_JUDGMENT, Facet.OVER_IDENTIFICATION, Facet.SELF_KINDNESS


def reading(*claimed, **probabilities):
    return Reading(frozenset(claimed), {facet: probabilities.get(facet, 0.0) for facet in Facet})


@pytest.mark.parametrize(
    ("wanted", "claimed", "passes"),
    [
        ([SJ], [SJ], True),
        ([SJ], [SJ, OI], True),
        ([SJ], [OI], False),
        ([SJ], [SJ, SK], False),
        ([SJ, OI], [SJ], False),
        ([SK], [SK, SJ], False),
        ([], [], True),
        ([], [SK], False),
    ],
)
def test_all_that_is_wanted_is_claimed_and_nothing_of_the_other_pole(wanted, claimed, passes):
    assert Claims(frozenset(wanted)).passes([reading(*claimed)]) is passes


def test_the_same_is_claimed_within_the_tolerance():
    one, other = reading(SJ, self_judgment=0.9), reading(SJ, self_judgment=0.7)
    assert Same(1.0).passes([one, other]) and not Same(0.1).passes([one, other])
    assert not Same(1.0).passes([one, reading(self_judgment=0.9)])


@pytest.mark.parametrize(
    ("change", "before", "after", "claimed", "passes"),
    [
        ("raises", 0.2, 0.5, False, True),
        ("raises", 0.2, 0.25, False, False),
        ("lowers", 0.9, 0.2, False, True),
        ("lowers", 0.99, 0.8, True, False),
        ("lowers", 0.2, 0.15, False, False),
        ("does not lower", 0.99, 0.95, True, True),
        ("does not lower", 0.9, 0.7, True, False),
        ("does not lower", 0.1, 0.9, True, True),
    ],
)
def test_a_probability_moves_the_way_it_should(change, before, after, claimed, passes):
    readings = [reading(self_judgment=before), reading(*[SJ] * claimed, self_judgment=after)]
    assert Moves(SJ, change).passes(readings) is passes


def test_a_text_carries_what_any_of_its_sentences_carries(critic):
    whole = Reading.of(critic.analyze("We had soup. I'm such an idiot."))
    assert whole.claimed == {SJ} and whole.probabilities[SJ] > 0.5


MINIMUM = 'kind = "minimum functionality"\n[[capability]]\n'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("kind = ", "not valid TOML"),
        ("", "kind: expected one of minimum functionality"),
        ('kind = "speed"', "kind: expected one of"),
        ('kind = "invariance"', "there are no cases"),
        (MINIMUM + "facets = []", "capability 1: it has no name"),
        (MINIMUM + 'name = "a"', "a: expected the keys name, facets, sentences"),
        (MINIMUM + 'name = "a"\nfacets = []\nsentences = ["x"]\ntypo = 1', "a: expected the keys"),
        (MINIMUM + 'name = "a"\nfacets = []\nsentences = []', "a: it has no cases"),
        (MINIMUM + 'name = "a"\nfacets = []\nsentences = "word"', "a: sentences is not a list"),
        (MINIMUM + 'name = "a"\nfacets = ["SJ"]\nsentences = ["x"]', "a: a facet is one of self_judgment"),
        (MINIMUM + 'name = "a"\nfacets = []\nsentences = ["x", " "]', "a: case 2 is not a text"),
        (MINIMUM + 'name = "a"\nfacets = []\nsentences = ["x", 7]', "a: case 2 is not a text"),
        (MINIMUM + 'name = "a"\nfacets = 3\nsentences = ["x"]', "a: facets is not a list"),
        ('capability = 3\nkind = "invariance"', "capability: expected tables"),
        ('capability = [3]\nkind = "invariance"', "capability: expected tables"),
        ('kind = "invariance"\n[[capability]]\nname = "a"\npairs = [["x"]]', "a: case 1 is not a pair of texts"),
        (
            'kind = "invariance"\n[[capability]]\nname = "a"\ntolerance = "x"\npairs = [["x", "y"]]',
            "a: tolerance is a number from 0 to 1",
        ),
        (
            'kind = "direction"\n[[capability]]\nname = "a"\nchange = "up"\npairs = {isolation = [["x", "y"]]}',
            "a: change is one of raises, lowers, does not lower",
        ),
        (
            'kind = "direction"\n[[capability]]\nname = "a"\nchange = "raises"\npairs = [["x", "y"]]',
            "a: pairs is not a table",
        ),
    ],
)
def test_a_broken_file_is_refused_by_name(tmp_path, content, message):
    (tmp_path / "broken.toml").write_text(content)
    with pytest.raises(AssetError, match=message):
        read_cases(tmp_path)


def test_a_capability_has_one_home(tmp_path):
    for name in ("one.toml", "two.toml"):
        (tmp_path / name).write_text(MINIMUM + 'name = "a"\nfacets = []\nsentences = ["x"]')
    with pytest.raises(AssetError, match=r"two\.toml, a: there is a capability of this name already"):
        read_cases(tmp_path)
