"""A follow-up that asks when, where, by whom or for how many: of what the question before was about.

"在哪儿办的？" and "where was it held?" name nothing themselves. What they are about is the earlier question without
what it asked: in Chinese its end goes, in English its question word is exchanged.
"""

from __future__ import annotations

import re

from qa.understanding import followup_wording as said
from qa.understanding.question import Question

_WH_EN = re.compile(r"^\s*(?:when|where|who|why|how|what)\b(?= (?:did|was|were|is|are|does|do)\b)", re.IGNORECASE)
_OF_EN = re.compile(r"^\s*what (?P<be>was|were|is|are) the [a-z]+ of (?P<what>.+?)[\s?.]*$", re.IGNORECASE)


def of_topic(text: str, before: Question) -> str:
    """The follow-up asked of the earlier question's subject; empty where that cannot be told from its wording."""
    if before.written_in == "zh":
        subject = said.ASKED_LAST.sub("", before.text).strip()
        return f"{subject}{said.bare(text)}？" if subject != before.text.strip() and subject else ""
    asked = _WH_EN.match(said.LEAD.sub("", text))
    if asked is None:
        return ""
    if of := _OF_EN.match(before.text):
        return f"{asked[0].capitalize()} {of['be']} {of['what']}?"
    return _WH_EN.sub(asked[0].capitalize(), before.text) if _WH_EN.match(before.text) else ""
