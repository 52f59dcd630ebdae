"""Bytes to text without losing a character: strict decoding, and a choice by plausibility where nothing says which.

Order: byte order mark, strict UTF-8, the encoding the file itself declares (HTML), then the candidates of Chinese and
English office files. Statistical detectors guess from byte frequencies and go astray on short texts (charset-normalizer
takes a 20-byte Chinese heading in GB18030 for Korean in UTF-16), and almost any Big5 file also decodes as GB18030, into
rare characters. So we decode with every candidate and ask which result people would write: share of everyday
characters, typographic marks, no private-use or control characters. A decoding is then accepted only if strict; where
none is plausible, the file is refused rather than read wrongly.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import cache

from documents.errors import UnreadableReport

SAMPLE_BYTES = 65_536
PLAUSIBLE = 0.35  # readings in the wrong encoding score below 0.25 from about three characters on, right ones above 0.5
TIE = 0.05  # two readings closer than this are equally plausible
CLEARLY = 0.3  # a reading better than the declared one by more than this is not a matter of taste
MAX_ODD_SHARE = 0.01  # of control or replacement characters in a text that is still a text

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_CANDIDATES = ("utf-8", "gb18030", "cp950", "big5hkscs", "utf-16-le", "utf-16-be", "cp1252")
_NAMES = {"cp950": "Big5", "big5hkscs": "Big5", "cp1252": "Windows-1252"}
# Browsers read these labels as their supersets; Latin-1 labels say nothing, since they fit any bytes.
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "cp950"}
_SAYS_NOTHING = frozenset({"ascii", "iso8859-1", "cp1252"})

# The characters written most, and those of annual reports; then the traditional forms of the same.
_EVERYDAY = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所"
    "然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与"
    "长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己"
    "制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系"
    "气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社"
    "便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉"
    "格望觉术领共确传师观清今切院让识候带导争运笔往图馆读阅览藏办证流借册份服举宣项培训街县省级组织参划推广讲座古"
    "籍护志愿收费免网站微源备编购订辖亿千百零〇六七八九元余增约均每累"
    "這個們來爲國說時會對於過發後裏種經麼學現當沒動還進樣開從實軍無與長機關點業將兩間問並應戰頭體見產話內給門兒東"
    "聲員論處義幾認條氣題爾別變總電數報結務場計資許統區隊決馬書則聽卻達強難權設記類據邊張該規萬覺術領確傳師觀讓識"
    "帶導爭運筆圖館讀閱覽辦證冊舉項訓縣級組織參劃廣講護願費網備編購訂轄億餘約"
)
_TYPOGRAPHY = frozenset(
    "，。、；：？！“”‘’《》〈〉（）【】「」『』—…·～〔〕％－／．　–•№℃°×±§©®™€£¥«»→■●◆★①②③④⑤" + "\xa0"
)
_ODD = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffd\ufffe\uffff]")
_ACCENTED = re.compile(r"(?<=[A-Za-z])[À-ÖØ-öø-ÿ]|[À-ÖØ-öø-ÿ](?=[A-Za-z])")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of a file's bytes, without its byte order mark.

    ``declared`` is the encoding the content names, if it does; it is believed only where it decodes strictly.
    Raises UnreadableReport for bytes that no candidate decodes into plausible text, and for NUL or too many control
    characters.

    >>> decode("許昌圖書館".encode("big5")), decode("联通".encode("gb18030"))
    ('許昌圖書館', '联通')
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(_strict(data, encoding, len(mark)))
    text = _utf8(data)
    if text is None:
        text = _as_declared(data, declared) if declared else None
    if text is None:
        encoding, score = _most_plausible(data)
        if score < PLAUSIBLE:
            raise _unrecognised(data)
        _refuse_a_tie(data, encoding, score)
        text = _strict(data, encoding)
    return _checked(text)


def split_lines(text: str) -> list[str]:
    """Physical lines as an editor counts them: ended by CR LF, LF or CR, and by nothing else.

    A form feed is a page break inside a line and is taken out. The end of the last line starts no further one.

    >>> split_lines("a\\r\\nb\\u2028c\\x0bd\\re\\n\\ff\\n")
    ['a', 'b\\u2028c\\x0bd', 'e', 'f']
    """
    lines = text.replace("\f", "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not lines[-1]:
        lines.pop()
    return lines


def plausibility(text: str) -> float:
    """How much the characters outside ASCII look like what people write, at most 1.0; 1.0 when there are none.

    >>> plausibility("圖書館的讀者"), plausibility("瓜眖繻产弄") < 0.35
    (1.0, True)
    """
    unusual = [char for char in text if char > "\x7f" or (char < " " and char not in "\t\n\v\f\r")]
    if not unusual:
        return 1.0
    accents = len(_ACCENTED.findall(text))  # é inside a word is French; in a row of its like it is misread Chinese
    return min(1.0, (sum(map(_weight, unusual)) + 0.5 * accents) / len(unusual))


@cache
def _weight(char: str) -> float:
    if char in _EVERYDAY:
        return 1.0
    if char in _TYPOGRAPHY:
        return 0.8
    if char in _known_han():
        return 0.4
    if unicodedata.category(char) in ("Cc", "Cn", "Co", "Cs") or char == "\ufffd":
        return -2.0
    return -0.3 if "\u3400" <= char <= "\u9fff" or char > "\uffff" else 0.0


@cache
def _known_han() -> frozenset[str]:
    """The first levels of GB 2312 (3,755 characters) and Big5 (5,401): what schools teach."""
    gb = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    big5 = (bytes((row, cell)) for row in range(0xA4, 0xC7) for cell in (*range(0x40, 0x7F), *range(0xA1, 0xFF)))
    found = [pair.decode("gb2312", "ignore") for pair in gb] + [pair.decode("big5", "ignore") for pair in big5]
    return frozenset(char for char in found if char >= "\u4e00")


def _utf8(data: bytes) -> str | None:
    """Strict UTF-8, unless it is more likely an accident.

    A few Chinese characters in GB18030 can form valid UTF-8 of two-byte letters only (the word 联通 does), and English
    in UTF-16 is valid UTF-8 full of NULs.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    sample = _sample(data).decode("utf-8", "replace")
    if "\0" in text or (max(sample, default="") < "\u0800" and plausibility(sample) < PLAUSIBLE):
        encoding, score = _most_plausible(data)
        if encoding != "utf-8" and score > PLAUSIBLE:
            return None
    return text


def _as_declared(data: bytes, declared: str) -> str | None:
    """The declared reading, if it is strict and no candidate is far more plausible."""
    try:
        name = codecs.lookup(declared).name
        name = _SUPERSETS.get(name, name)
        text = data.decode(name)
    except (LookupError, UnicodeDecodeError):
        return None
    _, score = _most_plausible(data)
    better = score > PLAUSIBLE and score > plausibility(_lenient(_sample(data), name)) + CLEARLY
    return None if better or name in _SAYS_NOTHING else text


def _most_plausible(data: bytes) -> tuple[str, float]:
    """The best candidate for the part where the bytes leave ASCII, and its score; the earlier candidate on a tie."""
    sample = _sample(data)
    scores = {name: plausibility(_lenient(sample, name)) for name in _CANDIDATES}
    best = max(_CANDIDATES, key=lambda name: scores[name])
    return best, scores[best]


def _refuse_a_tie(data: bytes, best: str, score: float) -> None:
    """Two or three characters may be good Chinese in two encodings; a guess could then be wrong in silence."""
    sample = _sample(data)
    reading = _lenient(sample, best)
    for name in _CANDIDATES:
        other = _lenient(sample, name)
        if other != reading and plausibility(other) > score - TIE:
            raise UnreadableReport(
                f"the encoding cannot be told: {reading[:9]!r} as {_label(best)}, {other[:9]!r} as {_label(name)}. "
                "Open it in the program that wrote it and save it as UTF-8."
            )


def _sample(data: bytes) -> bytes:
    """The part to judge by: from shortly before the first byte outside ASCII, at an even offset.

    UTF-16 stays in step there, and no other encoding can be inside a character.
    """
    first = _NOT_ASCII.search(data)
    start = max(0, first.start() - 64) & ~1 if first else 0
    return data[start : start + SAMPLE_BYTES]


def _lenient(sample: bytes, encoding: str) -> str:
    """With U+FFFD for what does not decode, but not for a character cut by the end of a full sample."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    return decoder.decode(sample, final=len(sample) < SAMPLE_BYTES)


def _strict(data: bytes, encoding: str, skip: int = 0) -> str:
    try:
        return data[skip:].decode(encoding)
    except UnicodeDecodeError as error:
        offset = error.start + skip
        line = len(split_lines(data[skip:offset].decode(encoding, "replace") + "."))
        raise UnreadableReport(
            f"byte 0x{data[offset]:02X} at offset {offset} (line {line}) is not valid {_label(encoding)}, which "
            "the rest of the file is. Repair that character in an editor and save the file as UTF-8."
        ) from None


def _label(encoding: str) -> str:
    return _NAMES.get(encoding, encoding.removesuffix("-le").removesuffix("-be").upper())


def _checked(text: str) -> str:
    if "\0" in text:
        raise UnreadableReport(
            f"a NUL byte stands after {text.index(chr(0))} characters: this is a binary file, not text. "
            "Export it from its program as text (UTF-8), .docx or .pdf."
        )
    odd = len(_ODD.findall(text))
    if odd > max(1, MAX_ODD_SHARE * len(text)):
        raise UnreadableReport(
            f"{odd} of {len(text)} characters are control or replacement characters: this is a binary file, or one "
            "saved in the wrong encoding. Save the original as UTF-8."
        )
    return text


def _unrecognised(data: bytes) -> UnreadableReport:
    if b"\0" in data:
        return UnreadableReport(
            f"a NUL byte stands at offset {data.index(0)}: this is a binary file, not text. "
            "Export it from its program as text (UTF-8), .docx or .pdf."
        )
    return UnreadableReport(
        "the encoding cannot be told: none of UTF-8, GB18030, Big5, UTF-16 and Windows-1252 gives plausible text. "
        "Open it in the program that wrote it and save it as UTF-8."
    )
