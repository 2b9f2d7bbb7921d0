"""What tests share: the default critic, and texts nobody should have to read but somebody will send."""

import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

import innercritic as ic
from innercritic.safety import default_gate

UGLY = {
    "empty": "",
    "blank": " \t\n ",
    "emoji": "\U0001f62d",
    "emoji_run": "\U0001f62d" * 32_000,
    "brackets": "(" * 8_000,
    "no_full_stop": "i do not know why it goes on and on " * 28_000,
    "no_space": "a" * 200_000,
    "lone_surrogate": "I'm so \ud83d stupid",
    "nul": "I hate\x00 myself",
    "curly": "I\u2019m \u201csuch\u201d an idiot and I can\u2019t stop.",
    "crlf": "I'm an idiot.\r\nNobody likes me.\r\n\r\nWe had soup.",
    "html": "<p>I&#39;m an idiot &amp; <b>nobody</b> likes me.</p><script>alert(1)</script>",
    "right_to_left": "\u05d0\u05e0\u05d9 \u05dc\u05d1\u05d3 \u0648\u062d\u064a\u062f",
    "dotted_capital": "\u0130\u0130 I\u0130 hate \u0130stanbul",
    "zero_width": "I am a fail\u200bure and no\u00adbody cares.",
    "placeholders": "[NAME] said <PERSON_1> and {{city}} XXXX *** [**First Name8 (NamePattern2) **] hate me.",
    "line_separator": "I hate myself.\u2028Nobody cares.\u0085No.",
}


@pytest.fixture(scope="session")
def critic() -> ic.InnerCritic:
    return ic.load()


@pytest.fixture(scope="session")
def accurate() -> ic.InnerCritic:
    """neff-accurate; what it needs comes with the extra "test", and the model with every checkout."""
    return ic.load("neff-accurate")


@pytest.fixture(params=UGLY, ids=list(UGLY))
def ugly(request: pytest.FixtureRequest) -> str:
    return UGLY[request.param]


@pytest.fixture(scope="session")
def critic_asking_always(critic: ic.InnerCritic) -> ic.InnerCritic:
    """The same critic, with its gate asked about every sentence."""
    gate = replace(default_gate(), triggers=None)
    return ic.InnerCritic(critic.model, "asking always", critic._folder, gate)


_REBUILDING = pytest.StashKey[subprocess.Popen[bytes]]()
_REBUILT = pytest.StashKey[Path]()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start rebuilding the bundled model beside the other tests if one of them waits for it: it takes minutes."""
    if session.config.option.collectonly or not any("rebuilt" in getattr(i, "fixturenames", ()) for i in session.items):
        return
    room = tempfile.TemporaryDirectory()
    folder = Path(room.name) / "neff-fast"
    data = Path(__file__).parents[1] / "data"
    command = [sys.executable, "-m", "innercritic", "train", "--data", str(data), "--out", str(folder)]
    started = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    session.config.stash[_REBUILDING], session.config.stash[_REBUILT] = started, folder
    session.config.add_cleanup(room.cleanup)
    session.config.add_cleanup(started.kill)


@pytest.fixture(scope="session")
def rebuilt(request: pytest.FixtureRequest) -> Path:
    """Folder of the bundled model as the command rebuilds it, in a process of its own: it pins what numpy chooses."""
    started = request.config.stash[_REBUILDING]
    errors = started.communicate()[1]
    assert started.returncode == 0, errors.decode()
    return request.config.stash[_REBUILT]
