import pytest

from innercritic.facets import COMPASSIONATE_FACETS, CRITIC_FACETS, LABEL_CODES, Facet, SafetyFlag


def test_values_are_the_contract():
    assert [str(f) for f in Facet] == [
        "self_judgment",
        "isolation",
        "over_identification",
        "self_kindness",
        "common_humanity",
        "mindfulness",
    ]
    assert [str(f) for f in SafetyFlag] == ["crisis", "harm_from_others", "harm_to_others", "disordered_eating"]


@pytest.mark.parametrize("facet", Facet)
def test_opposites_pair_critic_and_compassion(facet):
    assert facet.opposite.opposite is facet
    assert facet.is_critic != facet.opposite.is_critic


def test_every_member_has_words():
    assert all(f.term and f.definition for f in Facet)
    assert all(f.definition for f in SafetyFlag)
    assert set(CRITIC_FACETS) | set(COMPASSIONATE_FACETS) == set(Facet)
    assert list(LABEL_CODES) == ["SJ", "IS", "OI", "SK", "CH", "MI", "CR", "AB"]
