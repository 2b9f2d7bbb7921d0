"""One browser for all pages; where there is none, tests that need it are skipped and say so."""

import pytest

from tests.e2e import browser as chromium

LOOKS = [(1100, "light"), (1100, "dark"), (390, "light"), (390, "dark")]
"""Width of the screen, and what the reader prefers."""


@pytest.fixture(scope="package")
def browser(tmp_path_factory):
    if chromium.PATH is None:
        pytest.skip("there is no Chromium here (.ci/run installs it)")
    found = chromium.Browser(tmp_path_factory.mktemp("profile"))
    yield found
    found.close()


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def opened(request, browser, page):
    """The module's `page`, open in the browser, in each look."""
    width, scheme = request.param
    browser.open(page, width=width, scheme=scheme)
    return browser
