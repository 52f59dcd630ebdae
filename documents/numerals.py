"""Numbers as reports write them: digits, Chinese numerals and mixtures, read to an exact value.

Full-width digits are read, and a blank inside a number (``3万 1千``) does not end it. ``Decimal`` throughout: a figure
is compared, added and shown exactly as it was written.
"""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2, "O": 0}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_EN_SCALE = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "m": 10**6, "bn": 10**9, "k": 1000}
_TENS_EN = "twenty thirty forty fifty sixty seventy eighty ninety".split()
CARDINALS_EN = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
} | {word: 10 * tens for tens, word in enumerate(_TENS_EN, 2)}
ORDINALS_EN = {
    word: value
    for value, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), 1)
}

_ARABIC = r"[0-9０-９]+(?:[,，][0-9０-９]{3}(?![0-9０-９]))*(?:[.．][0-9０-９]+)?"
_EN_WORD = rf"(?:(?:{'|'.join(_TENS_EN)})-)?(?:{'|'.join(sorted(CARDINALS_EN, key=len, reverse=True))})"
NUMBER = re.compile(
    rf"(?P<mixed>{_ARABIC}(?:\s?(?:[十百万萬亿億]|千(?![瓦克米卡伏]))(?:\s?{_ARABIC}\s?[十百千万萬]|\s?[零一二三四五六七八九两]\s?[十百千万萬])*)*)"
    r"|(?P<han>(?!千[瓦克米卡伏])[零〇一二三四五六七八九十百千万萬亿億两兩]+(?:点[零一二三四五六七八九]+)?)"
    rf"|(?P<word>(?<![A-Za-z0-9-]){_EN_WORD}(?![A-Za-z0-9]))",
    re.IGNORECASE,
)
_PART = re.compile(rf"({_ARABIC}|[零〇一二三四五六七八九两兩])?\s?([十百千万萬亿億])?")
_EN_SCALE_AFTER = re.compile(r"\s*(hundred|thousand|million|billion|bn|m|k)\b", re.IGNORECASE)


def _plain(digits: str) -> Decimal:
    return Decimal(digits.translate(_HALF_WIDTH).replace(",", "").replace("，", ""))


_HALF_WIDTH = {0xFF10 + i: str(i) for i in range(10)} | {0xFF0E: "."}


def read_number(text: str) -> Decimal | None:
    """The value of one number as written, or None.

    >>> [str(read_number(t)) for t in ("3万1千", "104,286", "三十", "70.15 万", "二〇一九", "百", "twenty-one")]
    ['31000', '104286', '30', '701500', '2019', '100', '21']
    """
    text = text.strip()
    if NUMBER.fullmatch(text) is None:
        return None
    word = text.lower()
    if word.isascii() and word.replace("-", "").isalpha():
        parts = [CARDINALS_EN.get(p) for p in word.split("-")]
        return None if None in parts or not parts else Decimal(sum(p for p in parts if p is not None))
    if "点" in text:
        whole, _, rest = text.partition("点")
        head = read_number(whole)
        fraction = "".join(str(_DIGITS[c]) for c in rest if c in _DIGITS)
        return None if head is None else head + Decimal("0." + (fraction or "0"))
    if len(text) > 1 and all(c in _DIGITS for c in text):  # 二〇一九: digit by digit
        return Decimal("".join(str(_DIGITS[c]) for c in text))
    return _read_scaled(text)


def in_chinese(value: int) -> str:
    """A number below 100 in Chinese numerals.

    >>> in_chinese(13), in_chinese(20), in_chinese(91), in_chinese(0)
    ('十三', '二十', '九十一', '零')
    """
    tens, ones = divmod(value, 10)
    digits = "零一二三四五六七八九"
    return ("" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十") + (
        digits[ones] if ones or not tens else ""
    )


def _read_scaled(text: str) -> Decimal | None:
    """Sum digit × scale; 万 and 亿 multiply what stands before them: 2亿3000万 is 2 × 10^8 + 3000 × 10^4."""
    total, section, pending, last_scale, seen = Decimal(0), Decimal(0), None, 1, False
    for number, scale in (m.groups() for m in _PART.finditer(text)):
        if number is None and scale is None:
            continue
        seen = True
        if number is not None:
            after_zero = pending == 0 and number in _DIGITS
            pending = Decimal(_DIGITS[number]) if number in _DIGITS else _plain(number)
            if scale is None and number in _DIGITS and last_scale > 10 and not after_zero and pending:
                pending *= last_scale // 10  # 两万六 is 26,000
        if scale in _SMALL:
            section += (Decimal(1) if pending is None else pending) * _SMALL[scale]
            pending, last_scale = None, _SMALL[scale]
        elif scale in _LARGE:
            section += pending or Decimal(0)
            factor = _LARGE[scale]
            total = total + section * factor if total >= factor else (total + (section or Decimal(1))) * factor
            section, pending, last_scale = Decimal(0), None, factor
    value = total + section + (pending or Decimal(0))
    return (value.to_integral_value() if value == value.to_integral_value() else value) if seen else None


def english_scale(text: str, at: int) -> tuple[Decimal, int]:
    """The multiplier written after a number (``1.39 million``) and where it ends; (1, at) where there is none."""
    match = _EN_SCALE_AFTER.match(text, at)
    return (Decimal(_EN_SCALE[match[1].lower()]), match.end()) if match else (Decimal(1), at)
