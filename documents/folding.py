"""One spelling for matching: simplified characters, half width, lower case.

The length never changes, so an offset into the folded text is an offset into the original.
"""

from __future__ import annotations

import unicodedata
from functools import cache


@cache
def _fold_table() -> dict[int, str]:
    """Full width to half width, upper to lower case, traditional to simplified: one character for one."""
    from opencc import OpenCC

    table: dict[int, str] = {}
    han = [chr(c) for c in range(0x4E00, 0xA000)]
    simplified = OpenCC("t2s").convert("\n".join(han)).split("\n")
    table.update({ord(t): s for t, s in zip(han, simplified, strict=True) if t != s and len(s) == 1})
    for code in [*range(0x21, 0x250), *range(0x2000, 0x2BFF), *range(0x3000, 0x3100), *range(0xFF00, 0xFFF0)]:
        folded = unicodedata.normalize("NFKC", chr(code)).lower()
        if len(folded) == 1 and folded != chr(code):
            table[code] = folded
    return table


def fold(text: str) -> str:
    """Lower case, half width, simplified characters; ``len(fold(text)) == len(text)``.

    >>> fold("Ｎｏ．１ 圖書館")
    'no.1 图书馆'
    """
    return text.translate(_fold_table())
