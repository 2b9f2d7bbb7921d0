import pytest

from innercritic import AssetError, ModelNotFoundError
from innercritic.resources import asset, bundled_models, model_folder, read_toml, reframe_packs, word_set


def test_models_are_found_by_name_and_by_path():
    folder = model_folder("neff-fast")
    assert "neff-fast" in bundled_models()
    assert model_folder(folder) == folder == model_folder(str(folder))
    with pytest.raises(ModelNotFoundError):
        model_folder("nowhere")


def test_assets_cannot_be_changed_by_their_users():
    with pytest.raises(TypeError):
        asset("cues.toml")["negations"] = []


def test_three_packs():
    assert [path.stem for path in reframe_packs()] == ["common_humanity", "mindfulness", "self_kindness"]


@pytest.mark.parametrize("words", [[], "no", [1], [""], None])
def test_a_word_list_is_checked(words):
    with pytest.raises(AssetError, match=r"x\.toml, things"):
        word_set("x.toml", "things", words)


def test_broken_toml_names_the_file(tmp_path):
    (tmp_path / "bad.toml").write_bytes(b"\xff = 1")
    with pytest.raises(AssetError, match=r"bad\.toml"):
        read_toml(tmp_path / "bad.toml")
