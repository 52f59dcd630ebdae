"""Chinese names in Latin letters, as the places themselves write them."""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def _pypinyin() -> Any:
    import pypinyin

    # In names of places 长 is read chang (长治, 长垣); where it is not (馆长, 校长), the phrase book knows better.
    pypinyin.load_single_dict({ord("长"): "cháng,zhǎng"})
    return pypinyin


def syllables(han: str) -> list[str]:
    """The usual reading, one item a character, without tones.

    >>> syllables("长治"), syllables("馆长")
    (['chang', 'zhi'], ['guan', 'zhang'])
    """
    return list(_pypinyin().lazy_pinyin(han))
