import datetime

import pytest

import innercritic as ic
from innercritic.errors import AssetError
from innercritic.helplines import countries


def test_at_least_twelve_countries_each_with_a_number_a_source_and_a_date():
    assert len(countries()) >= 12
    for country in countries():
        services = [service for service in ic.help_resources(country) if service.phone]
        assert any("crisis" in service.flags for service in services), country
        for service in services:
            assert service.source.startswith("https://") or service.source.startswith("http://")
            assert datetime.date.fromisoformat(service.checked) <= datetime.date(2100, 1, 1)


@pytest.mark.parametrize("country", [None, "", "ZZ", "Atlantis", "gbr"])
def test_an_unknown_country_gets_directories_and_no_number(country):
    services = ic.help_resources(country)
    assert "findahelpline.com" in services[0].url
    assert not any(service.phone or service.text for service in services)


def test_case_and_flags_do_what_they_say():
    assert ic.help_resources("gb") == ic.help_resources(" GB ")
    only = ic.help_resources("GB", ["harm_from_others"])
    assert only and all("harm_from_others" in service.flags for service in only)
    assert ic.help_resources("GB")[0].to_dict()["flags"] == ["crisis"]


def test_one_flag_and_what_people_write_for_a_code_are_understood():
    assert ic.help_resources("uk", "crisis") == ic.help_resources("GB", ["crisis"])
    with pytest.raises(ValueError, match="suicide"):
        ic.help_resources("GB", ["suicide"])


def test_a_country_is_given_by_its_code():
    with pytest.raises(TypeError, match="code"):
        ic.help_resources(44)


def test_a_host_brings_its_own_table(tmp_path):
    table = tmp_path / "ours.toml"
    table.write_text(
        '[[country.XK]]\nname = "Ours"\nflags = ["crisis"]\nphone = "1"\nsource = "us"\nchecked = 2026-01-01\n', "utf-8"
    )
    (service,) = ic.help_resources("XK", table=table)
    assert (service.name, service.phone, service.checked) == ("Ours", "1", "2026-01-01")


@pytest.mark.parametrize("broken", ['flags = ["sad"]', 'flags = ["crisis"]\nfax = "1"', ""])
def test_a_broken_table_names_file_and_entry(tmp_path, broken):
    table = tmp_path / "ours.toml"
    table.write_text(f'[[directory]]\nname = "Ours"\nsource = "us"\nchecked = 2026-01-01\n{broken}\n', "utf-8")
    with pytest.raises(AssetError, match=r"ours\.toml, Ours"):
        ic.help_resources(table=table)
