"""The page of a journal in a real browser, as its reader has it."""

import pytest

from innercritic import Journal
from tests.e2e.browser import SHOWN
from tests.journal.conftest import DANGER, make_entries


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    entries = make_entries(60)
    entries.loc[3, "text"] += (
        " <img src='https://example.org/a.png' onerror='alert(1)'> I hate myself <script>alert(2)</script>."
    )
    entries.loc[50, "text"] = DANGER
    path = tmp_path_factory.mktemp("page") / "journal.html"
    Journal.from_frame(entries).to_html(path, title="A journal")
    return path


def test_it_opens_without_an_error_or_a_request(opened, page):
    assert opened.js("document.title") == "A journal" and opened.js(f"{SHOWN}.length") > 5
    assert opened.problems() == []
    assert opened.requests() == [page.as_uri()]


def test_nothing_is_wider_than_the_screen(opened):
    assert opened.js("document.documentElement.scrollWidth <= window.innerWidth")
    assert opened.js("[...document.images].every(i => i.complete && i.naturalWidth > 300 && i.alt.length > 30)")


def test_text_stands_out_enough(opened):
    """WCAG AA: 4.5 to 1, for every element with text of its own, against what really lies behind it."""
    assert opened.faint() == ""


def test_dark_is_dark_and_pictures_follow(browser, page):
    shades = {}
    for scheme in ("light", "dark"):
        browser.open(page, scheme=scheme)
        shade = browser.js("getComputedStyle(document.body).backgroundColor")
        shades[scheme] = (sum(map(int, shade[4:-1].split(","))), browser.js("document.images[0].currentSrc.length"))
    assert shades["light"][0] > 700 > 120 > shades["dark"][0] and shades["light"][1] != shades["dark"][1]


def test_filters_work_by_mouse_and_by_keyboard(browser, page):
    browser.open(page)
    everything = browser.js(f"{SHOWN}.length")
    assert browser.js("document.querySelector('.count').textContent") == f"{everything} of {everything} are shown."
    browser.js("document.querySelector('.filters input[value=self_judgment]').click()")
    fewer = browser.js(f"{SHOWN}.length")
    only = browser.js("document.querySelectorAll('.passage[data-tags=self_judgment]').length")
    assert only > 0 and fewer == everything - only
    browser.js("document.querySelector('.filters input[value=self_judgment]').focus()")
    browser.key(" ", " ")
    assert browser.js(f"{SHOWN}.length") == everything


def test_the_keyboard_reaches_everything_and_shows_where_it_is(browser, page):
    browser.open(page)
    reached = []
    for _ in range(40):
        browser.key("Tab")
        reached.append(browser.js("document.activeElement.className + document.activeElement.tagName"))
        if browser.js("document.activeElement === document.body"):
            break
        outline = "(s => s.outlineStyle + parseFloat(s.outlineWidth))(getComputedStyle(document.activeElement))"
        assert browser.js(outline) not in ("none0", "none3") and browser.js(
            "document.activeElement.offsetParent !== null"
        )
    assert reached[0] == "skipA" and {"A", "INPUT"} <= set(reached) and "scrollDIV" in reached
    browser.js("document.querySelector('.skip').focus()")
    browser.key("Enter", "\r")
    assert browser.js("document.activeElement.id") == "main"


def test_practices_unfold(browser, page):
    """They are held back here by the gate near the end, so a page without it is opened."""
    other = page.with_name("calm.html")
    Journal.from_frame(make_entries(30)).to_html(other)
    browser.open(other)
    browser.js("document.querySelector('summary').focus()")
    browser.key("Enter", "\r")
    assert browser.js("document.querySelector('details').open")
    browser.js("window.dispatchEvent(new Event('beforeprint'))")
    assert browser.js("[...document.querySelectorAll('details')].every(d => d.open)")


def test_the_gate_is_seen_first_and_user_text_is_text(browser, page):
    browser.open(page)
    assert browser.js("document.querySelector('main').innerText.indexOf('No reframes here') < 60")
    assert browser.js("document.querySelectorAll('img:not([src^=data])').length") == 0
    assert browser.js("document.querySelectorAll('script').length") == 1


def test_the_policy_forbids_what_the_page_does_not_do(browser, page):
    browser.open(page)
    blocked = browser.js(
        "new Promise(done => { document.addEventListener('securitypolicyviolation', e => done(e.effectiveDirective));"
        "const i = new Image(); i.src = 'https://example.org/x.png'; setTimeout(() => done('nothing'), 3000); })"
    )
    assert blocked == "img-src"
    assert browser.js("fetch('https://example.org').then(() => 'sent', () => 'refused')") == "refused"


def test_paper_is_white_and_holds_no_filters(browser, page):
    browser.open(page, scheme="dark")
    browser.send(
        "Emulation.setEmulatedMedia", media="print", features=[{"name": "prefers-color-scheme", "value": "light"}]
    )
    assert browser.js("getComputedStyle(document.querySelector('.filters')).display") == "none"
    assert browser.js("getComputedStyle(document.body).backgroundColor") == "rgb(253, 252, 249)"
    browser.send("Emulation.setEmulatedMedia", media="")


def test_a_picture_can_be_taken(browser, page, tmp_path):
    browser.open(page, width=390)
    browser.screenshot(tmp_path / "phone.png")
    assert (tmp_path / "phone.png").stat().st_size > 50_000
