"""What in a text is no language: marks of de-identification, sounds, times, HTML; each in every style we know of."""

import re
from typing import Final

MAX_RUN: Final = 64
"""On longer runs without white space, spaCy's tokenizer takes quadratic time."""

_KINDS = r"""(?:names?|person|patient|client|doctor|therapist|city|town|state|country|location|place|address|street|date
    |age|dob|hospital|school|company|employer|organi[sz]ation|phone|e-?mail|url|link|user(?:name)?|handle|id|ssn|mrn|pii
    |phi|redacted|removed|deleted|omitted|withheld|anonymi[sz]ed|de-?identified|masked)"""
"""What a mark of de-identification may say, in lower case, too."""

_SAID = rf"""(?:[A-Z][A-Z0-9_\ -]{{1,30}}
    |(?i:(?:[a-z'-]{{1,20}}[\ _]){{0,2}}{_KINDS}(?:[\ _][a-z'-]{{1,20}})?[\ _]?\d{{0,4}}))"""
_PLACEHOLDER = rf"""
    \[\*\*[^\]\n]{{1,60}}\]                                # [**First Name8 (NamePattern2) **]
  | \[\[?(?:{_SAID}|\*{{2,}}|X{{2,}}|x{{3,}}|[A-Z][a-z]{{1,20}}\ ?\d{{0,4}})\]\]?(?!\()   # [NAME], [city name], [Mara]
  | <[A-Z_]{{3,20}}>[^<>\n]{{1,40}}</[A-Z_]{{3,20}}>       # <PERSON>Mara</PERSON>
  | <<?{_SAID}>>?                                          # <PERSON_1>, <email>
  | \{{\{{?[A-Za-z][A-Za-z_\ ]{{1,30}}\d{{0,4}}\}}\}}?     # {{name}}, {{{{city}}}}
  | \((?:(?:FIRST\ |LAST\ |FULL\ )?NAME|[A-Z]{{3,12}}_\d{{1,4}}|(?i:(?:name\ )?(?:redacted|removed|withheld)))\)
  | [@%$\#~][A-Z][A-Z_]{{2,30}}\d{{0,4}}[@%$\#~]           # @NAME@, %CITY%
  | (?<![A-Za-z])(?:NAME|PERSON|PATIENT|CLIENT|LOCATION|CITY|DATE|ORG|DOCTOR)_\d{{1,4}}(?!\w)
  | (?<![A-Za-z])[Xx]{{2,4}}(?:[-/.][Xx]{{2,4}}){{1,3}}(?!\w)  # XX/XX/XXXX
  | (?<![A-Za-z*_])(?:X{{3,}}|x{{3,}}|\*{{3,}}|_{{3,}})(?![A-Za-z*_])
  | [\u2588\u25a0\u2587\u2593\u2592\u2591]{{2,}}           # blackened
"""
_SOUND = r"""(?:cross-?talk|overlap\w*|inaudible|unintelligible|indistinct|incomprehensible|unclear|laugh\w*|chuckl\w*
    |giggl\w*|scoff\w*|snort\w*|sigh\w*|groan\w*|gasp\w*|cr(?:ies|ying)|sob\w*|weep\w*|tearful\w*|sniff\w*|cough\w*
    |clears\ throat|breath\w*|inhal\w*|exhal\w*|yawn\w*|whisper\w*|(?:long\ |short\ )?pause\w*|silen\w*|music|noise
    |background\ \w+|applause|static|door\ \w+|phone\ \w+|nods?|nodding|shrug\w*|smil\w*|foreign|no\ audio|gap|beat
    |sic)"""
_NOT_SPEECH = rf"""
    \[\[?\s*{_SOUND}\b[^\])\n]{{0,40}}\]\]? | \(\(?\s*{_SOUND}\b[^\])\n]{{0,40}}\)\)?   # [inaudible 00:12:31]
  | \*{_SOUND}(?:\ \w+)?\* | <{_SOUND}>
  | [\[(]\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?:[.,]\d{{1,3}})?[\])]                            # [00:12:31]
  | [\[(](?:\.{{2,4}}|\?{{1,3}})[\])]                                                     # [...]
"""
_TAG = r"""
    </?(?:[pbiusa]|br|div|span|em|strong|ul|ol|li|h[1-6r]|blockquote|img|t(?:able|r|d|h)|code|pre|font|script|style)\b
    [^<>]{0,200}>
"""
MARK: Final = re.compile(
    rf"""(?=[\[(<&{{*_XxNPCLDO@%$\#~\u2588\u25a0\u2587\u2593\u2592\u2591\u200b\u2060\ufeff\u00ad])  # how all begin
         (?: (?P<noise>(?i:{_NOT_SPEECH} | {_TAG}) | [\u200b\u2060\ufeff\u00ad])
           | (?P<placeholder>{_PLACEHOLDER})
           | (?P<entity>(?i:&(?:amp|lt|gt|quot|apos|nbsp|[rl]squo|[rl]dquo|hellip|\#\d{{2,5}}|\#x[0-9a-f]{{2,4}});)))
       | (?P<run>\S{{{MAX_RUN + 1}}})""",
    re.VERBOSE,
)
"""Every mark, by group what it is. The look at its first sign makes it twice as fast."""


def may_hold_marks(text: str) -> bool:
    """A cheap look before the expensive one: most sentences hold nothing to rewrite."""
    if not text.isascii() or "[" in text or "(" in text or "<" in text or "{" in text:
        return True
    if "&" in text or "*" in text or "_" in text or "XX" in text or "xxx" in text or "xx/" in text:
        return True
    if "@" in text or "%" in text or "$" in text or "#" in text or "~" in text:
        return True
    return has_long_run(text)


def has_long_run(text: str) -> bool:
    """Whether a run is too long; hopping from blank to blank tells of most texts that none is."""
    blank, end = -1, len(text) - MAX_RUN
    while blank < end:
        blank = text.rfind(" ", blank + 1, blank + MAX_RUN + 2)
        if blank < 0:
            return max(map(len, text.split()), default=0) > MAX_RUN
    return False
