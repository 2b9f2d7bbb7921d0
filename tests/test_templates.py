import pytest

from innercritic import AssetError
from innercritic.facets import COMPASSIONATE_FACETS
from innercritic.templates import TECHNIQUES, default_templates, read_pack

PACK = """
facet = "mindfulness"
[sources]
neff = "Neff 2003"
[[template]]
id = "a"
technique = "soothing_touch"
source = "neff"
register = "plain"
example = "My boss hates me."
slots = ["topic"]
first = "It is hard with {topic}."
friend = "It is hard with {topic}."
"""


def write(tmp_path, text):
    path = tmp_path / "pack.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_pack_is_read(tmp_path):
    (template,) = read_pack(write(tmp_path, PACK))
    assert (template.id, template.facet, template.source, template.slots) == (
        "a",
        "mindfulness",
        "Neff 2003",
        ("topic",),
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('facet = "mindfulness"', 'facet = "isolation"', "pack.toml, facet"),
        ('technique = "soothing_touch"', 'technique = "magic"', "pack.toml, a: unknown technique"),
        ('source = "neff"', 'source = "me"', "unknown source 'me'"),
        ('register = "plain"', 'register = "loud"', "unknown register"),
        ('example = "My boss hates me."', 'example = "Hm."', "has nothing for the slot 'topic'"),
        ('slots = ["topic"]', 'slots = ["mood"]', "unknown slot"),
        ('slots = ["topic"]', "", "not those it declares"),
        ('friend = "It is hard with {topic}."', "", "'friend' is missing"),
        ('id = "a"', 'id = "a"\ncolour = "red"', "unknown key 'colour'"),
        ('id = "a"', "", "template 1"),
        ("[[template]]", "[[template", "not valid TOML"),
    ],
)
def test_a_broken_pack_names_file_entry_and_reason(tmp_path, old, new, message):
    with pytest.raises(AssetError, match=message):
        read_pack(write(tmp_path, PACK.replace(old, new)))


def test_an_id_may_not_repeat(tmp_path):
    with pytest.raises(AssetError, match="more than once"):
        read_pack(write(tmp_path, PACK + PACK[PACK.index("[[template]]") :]))


@pytest.mark.parametrize("facet", COMPASSIONATE_FACETS)
def test_the_bundled_packs_cover_every_antidote(facet):
    templates = [template for template in default_templates() if template.facet == facet]
    assert len(templates) >= 8
    assert sum(bool(template.slots) for template in templates) >= 8
    assert any(not template.slots and not template.amends for template in templates)
    assert any(template.amends and not template.slots for template in templates)


def test_techniques_are_covered_and_ids_are_unique():
    templates = default_templates()
    assert {template.technique for template in templates} == set(TECHNIQUES)
    assert len({template.id for template in templates}) == len(templates)


def test_a_pack_of_ones_own_takes_the_place_of_ours(tmp_path):
    import innercritic as ic

    pack = write(tmp_path, PACK.replace("mindfulness", "self_kindness"))
    mine = ic.load(packs=[pack])
    (sentence,) = mine.analyze("My boss must think I'm such an idiot.").sentences
    for same in (str(pack), tmp_path.glob(pack.name)):
        assert ic.load(packs=same).analyze(sentence.text).sentences == (sentence,)
    assert [reframe.template for reframe in sentence.reframes] == ["a"]
    assert ic.load().analyze(sentence.text).sentences[0].reframes[0].template != "a"
    with pytest.raises(AssetError, match=r"pack\.toml"):
        ic.load(packs=[write(tmp_path, "facet = 1")])
    for no_path in (3, [pack, None]):
        with pytest.raises(TypeError, match="packs is a path, or several"):
            ic.load(packs=no_path)
