"""The report of a job in a real browser, as its reader has it."""

import pytest

from innercritic.transcripts import analyze
from innercritic.transcripts.story import tell
from tests.e2e.browser import SHOWN

SAID = {
    "c1/first.txt": ["I'm such an idiot.", "We had soup.", "Nobody understands me.", "It rained."] * 12,
    "c1/second.txt": ["We had soup.", "I can't stop thinking about it and everything is ruined.", "It rained."] * 12,
    "c2/a session with a very long name that goes on and on.txt": ["It rained all day.", "I hate myself for it."] * 20,
    "c3/danger.txt": [
        "I want to kill myself.",
        "<img src='https://example.org/a.png' onerror='alert(1)'> I hate myself.",
    ],
}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sessions")
    for name, turns in SAID.items():
        path = folder / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"T: So you are an idiot?\nP: {turn}\n" for turn in turns), "utf-8")
    path = folder / "report.html"
    path.write_text(
        tell(analyze(folder / "in", folder / "rows.parquet", on_pii="ignore").out, "Four <sessions>", True), "utf-8"
    )
    return path


def test_it_opens_without_an_error_or_a_request(opened, page):
    assert opened.js("document.title") == "Four <sessions>" and opened.js(f"{SHOWN}.length") >= 4
    assert opened.problems() == []
    assert opened.requests() == [page.as_uri()]


def test_it_fits_the_screen_and_can_be_read(opened):
    assert opened.js("document.documentElement.scrollWidth <= window.innerWidth")
    assert opened.js("[...document.images].every(i => i.complete && i.naturalWidth > 300 && i.alt.length > 30)")
    assert opened.faint() == ""


def test_filters_work_by_mouse_and_by_keyboard(browser, page):
    browser.open(page)
    everything = browser.js(f"{SHOWN}.length")
    browser.js("document.querySelector('.filters input[value=self_judgment]').click()")
    only = browser.js("document.querySelectorAll('.passage[data-tags=self_judgment]').length")
    assert 0 < only < everything and browser.js(f"{SHOWN}.length") == everything - only
    browser.js("document.querySelector('.filters input[value=self_judgment]').focus()")
    browser.key(" ", " ")
    assert browser.js(f"{SHOWN}.length") == everything
    assert browser.js("document.querySelector('.count').textContent") == f"{everything} of {everything} are shown."


def test_the_gate_is_seen_first_and_what_was_said_is_text(browser, page):
    browser.open(page)
    assert browser.js("document.querySelector('main').innerText.indexOf('The safety gate was raised') < 60")
    assert browser.js("document.querySelectorAll('img:not([src^=data])').length") == 0
    assert browser.js("document.querySelectorAll('script').length") == 1


def test_a_picture_can_be_taken(browser, page, tmp_path):
    for width in (1100, 390):
        browser.open(page, width=width)
        browser.screenshot(tmp_path / f"{width}.png")
        assert (tmp_path / f"{width}.png").stat().st_size > 50_000


def test_long_names_leave_room_for_what_the_gate_named(browser, page):
    browser.open(page)
    assert browser.js("[...document.querySelectorAll('.scroll')].every(s => s.scrollWidth <= s.clientWidth)")
