"""Who speaks: labels ("T1", "Speaker 2", "Anna") -> roles, by declaration or by what the label itself says."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from .turns import CLIENT, CLOCK, OTHER, ROLES, THERAPIST

ANYBODY = "*"
"""Declared for this label, a role holds for every speaker, and for speech without one, that has none otherwise."""

_SAYS_SO: Final = {
    **dict.fromkeys("c cl client clt p pt pat patient par participant interviewee coachee counselee".split(), CLIENT),
    **dict.fromkeys(
        "t th ther therapist counselor counsellor psychologist psychotherapist psychiatrist clinician practitioner "
        "coach facilitator interviewer int inv investigator doctor dr provider".split(),
        THERAPIST,
    ),
    **dict.fromkeys(
        "other mother father mom mum dad parent wife husband partner spouse son daughter sister brother child friend "
        "carer caregiver interpreter translator observer operator narrator supervisor researcher nurse".split(),
        OTHER,
    ),
}
_NUMBERED: Final = re.compile(r"[\s_#.-]*\d{0,4}\.?")
_GENERIC: Final = re.compile(r"(?i)(?:speaker|spk|voice|person|unknown(?: speaker)?|guest|user)?[\s_#-]*[0-9a-z]{0,3}")
_NAME: Final = r"[^\W\d_][\w.'’&()/# -]{0,39}?"
_INLINE: Final = re.compile(
    rf"\s*(?:[\[(]?(?P<before>{CLOCK})[\])]?\s+)?(?:\[(?P<boxed>{_NAME})\]|(?P<label>{_NAME}))"
    rf"\s*(?:[\[(](?P<after>{CLOCK})[\])])?\s*:(?![\d/])\s*(?P<text>.*)",
    re.DOTALL,
)


def label_key(label: str) -> str:
    """The form in which labels are compared: case, spaces and a closing colon do not matter."""
    return " ".join(label.casefold().split()).rstrip(": ")


def recognised(label: str) -> str | None:
    """Give the role a label states by itself, or None.

    Examples
    --------
    >>> recognised("THERAPIST"), recognised("P5"), recognised("Speaker 1")
    ('therapist', 'client', None)
    """
    key = label_key(label)
    word = re.match(r"[a-z]*", key)
    name = word.group() if word else ""
    return _SAYS_SO.get(name) if _NUMBERED.fullmatch(key, len(name)) else None


def role_of(label: str, declared: Mapping[str, str]) -> str | None:
    """Give the role of a label: declared for it, or stated by it; None when neither is so."""
    return declared.get(label_key(label)) or recognised(label)


def declared_roles(speakers: Mapping[str, str] | None) -> dict[str, str]:
    """Check a declaration of roles and bring its labels into the form that is compared.

    Raises
    ------
    ValueError
        For a role that is none of `ROLES`.
    """
    declared = {label_key(label): role for label, role in (speakers or {}).items()}
    for role in declared.values():
        if role not in ROLES:
            raise ValueError(f"a role is one of {', '.join(ROLES)}, not {role!r}")
    return declared


def unmapped(label: str) -> str:
    """Say that a speaker has no role. Only a label that names nobody is repeated."""
    if not label:
        return 'speech without a speaker; declare who it is with speakers={"*": "client"} or --map "*=client"'
    shown = f"the speaker {label!r}" if _GENERIC.fullmatch(label) else f"a speaker ({len(label)} characters)"
    return f'{shown} has no role; declare it with speakers={{LABEL: "client"}} or --map "LABEL=client"'


def split_label(line: str) -> tuple[str, str, str]:
    """Split "[00:12] Anna (00:12): so" into label, time and text; a line without a label gives ("", "", line)."""
    match = _INLINE.fullmatch(line)
    if match is None:
        return "", "", line
    label = (match["boxed"] or match["label"]).strip()
    return label, match["before"] or match["after"] or "", match["text"]


def true_labels(candidates: Iterable[str], declared: Mapping[str, str]) -> frozenset[str]:
    """Tell the labels among what stands before colons: "I noticed one thing: silence" has a colon, too.

    A label is what has a role or comes twice; where there are labels, also what is written like a name ("Anna B",
    "mcKenzie", in a script without capitals any). An error about a speaker who is none is better than the words of one
    person put into the mouth of another.
    """
    counts = Counter(candidate for candidate in candidates if candidate)
    labels = {label for label, number in counts.items() if number > 1 or role_of(label, declared)}
    if labels:
        labels |= {label for label in counts if not any(map(str.islower, label.split()))}
    return frozenset(labels)
