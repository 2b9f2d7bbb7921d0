import pytest

from innercritic.transcripts.roles import recognised, split_label, true_labels, unmapped


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("CLIENT", "client"),
        ("Patient 2", "client"),
        ("P5", "client"),
        ("c", "client"),
        ("T1", "therapist"),
        ("Dr.", "therapist"),
        ("Counsellor:", "therapist"),
        ("Mother", "other"),
        ("Speaker 1", None),
        ("Tom", None),
        ("Dr. Webb", None),
        ("P2P", None),
        ("", None),
    ],
)
def test_labels_that_state_a_role(label, role):
    assert recognised(label) == role


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("T1: so", ("T1", "", "so")),
        ("[00:12] Anna B.: so", ("Anna B.", "00:12", "so")),
        ("Speaker 1 (00:12): so", ("Speaker 1", "00:12", "so")),
        ("[SPEAKER_00]: so", ("SPEAKER_00", "", "so")),
        ("at 10:30 we left", ("", "", "at 10:30 we left")),
        ("https://example.org", ("", "", "https://example.org")),
        ("no label here", ("", "", "no label here")),
        ("12: so", ("", "", "12: so")),
    ],
)
def test_splitting(line, parts):
    assert split_label(line) == parts


def test_what_is_a_label_and_what_only_has_a_colon():
    assert true_labels(["T", "P", "one thing", "P"], {}) == {"T", "P"}
    assert true_labels(["anna", "anna", "well then"], {}) == {"anna"}
    assert true_labels(["T", "Jo Ann"], {}) == {"T", "Jo Ann"}
    assert true_labels(["Look"], {}) == frozenset()
    assert true_labels(["T", "mcKenzie", "\u674e", "well", "and Jo"], {}) == {"T", "mcKenzie", "\u674e"}
    assert true_labels(["jo"], {"jo": "client"}) == {"jo"}


def test_only_a_label_that_names_nobody_is_repeated():
    assert "'Speaker 2'" in unmapped("Speaker 2") and "'SPEAKER_01'" in unmapped("SPEAKER_01")
    assert "Anna" not in unmapped("Anna") and "4 characters" in unmapped("Anna")
