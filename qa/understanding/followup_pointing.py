"""Libraries that a follow-up points at instead of naming them: "前一个馆", "the first library", "the latter"."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qa.understanding import followup_wording as said


def pointed(text: str, names: Sequence[str]) -> str:
    """A follow-up with the names of the libraries it points at.

    ``names`` are those asked about, each once, the latest first. What points at one that was not asked about stays.

    >>> pointed("前一个馆的分馆呢？", ["长治", "昆山"]), pointed("and the first library?", ["Xuchang", "Kunshan"])
    ('昆山的分馆呢？', 'and Kunshan?')
    """
    for pattern, chosen in _PLACES:
        if len(names) > 1:
            text = pattern.sub(chosen(names), text)
    return text


_PLACES: tuple[tuple[said.Pattern, Callable[[Sequence[str]], str]], ...] = (
    (said.BEFORE_LAST, lambda names: names[1]),
    (said.FIRST, lambda names: names[-1]),
    (said.LATEST, lambda names: names[0]),
)
