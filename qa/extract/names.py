"""Named things in a chunk (persons, places, organisations, titles, awards) and which of them answers a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.extract.evidence import Candidate, Evidence, period_factor, stance_factor
from qa.kinds import Kind
from qa.scan import Scan, Span

_QUOTED = re.compile(r"《[^《》\n]{1,60}》|“[^“”\n]{1,60}”|「[^「」\n]{1,40}」|\"[^\"\n]{2,60}\"")
_ORGANISATION = re.compile(
    r"(?:图书馆|博物馆|文化馆|美术馆|档案馆|分馆|学会|协会|学校|小学|中学|幼儿园|大学|学院|公司|集团|委员会|政协|医院|支队|俱乐部|朗诵团|读书会|诗词坊|考察团|文化站|党支部|办事处|"
    r"(?<=[\u4e00-\u9fff])(?:局|厅|委|部|处|团))"
)
_PLACE = re.compile(
    r"(?:[一二三四五六七八九十0-9]+楼)?[\u4e00-\u9fff]{0,10}?(?:文化体育活动中心|活动中心|多功能厅|报告厅|会议室|活动室|阅览室|展厅|广场|公园|社区|街道|基地|艺苑|馆前|大厅|书店|剧院|茶楼|古窑|学社|少儿部)|[\u4e00-\u9fff]{2,6}(?:镇|乡|村|县|区|市|省|园)"
)
_AWARD = re.compile(r"[^，。；：、,;:\n“”《》]{0,14}(?:[一二三特\d]等奖|提名奖|组织奖|创新奖|成果奖|金奖|银奖|铜奖|奖|荣誉称号|称号|先进集体|先进个人|先进单位|优秀项目|优秀党员|优秀共产党员|先进工作者|文明单位|示范区|典型案例)")
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜谢邹苏潘葛范彭郎鲁韦马方俞任袁柳唐罗薛雷贺倪汤殷毕郝安常乐于傅齐康伍余元顾孟黄和穆萧尹姚邵汪祁毛米贝明臧计成戴宋庞熊纪舒屈项祝董梁杜阮蓝季贾路娄江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房解应宗丁宣邓郁单杭洪包左石崔吉龚程邢裴陆荣翁荀甄家封储靳段焦谷车侯宓全郗班仰秋仲伊宫宁仇甘武符刘景詹束龙叶幸司黎薄白怀蒲从鄂索咸赖卓蔺屠蒙池乔阴闻翟谭贡劳申扶冉宰雍桑桂牛寿通边扈燕冀尚农温庄晏柴瞿阎连习艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广阙东利师巩聂关包诸左石曾沙丰"
_TITLE_AFTER = re.compile(r"(?:副?(?:老师|馆长|局长|主席|部长|市长|县长|区长|书记|科长|主任|院长|校长|会长|秘书长)|副(?=局长|主席|馆长|部长|市长|书记|主任)|同志|将军|先生|女士|教授|博士|作家|获|等|一行)")
_STOP_BEFORE = frozenset("p c uj ul uz v d r f m q y e zg".split())
_LATIN_NAME = re.compile(r"\b(?:[A-Z][\w'’.-]+(?: (?:of|the|and|for|de))? ?){1,6}")


@dataclass(frozen=True, slots=True)
class Named:
    """A named thing at ``[start, end)``; ``kind`` is person, place, organisation, title or award."""

    start: int
    end: int
    kind: str


@lru_cache(maxsize=4096)
def named_things(scanned: Scan) -> tuple[Named, ...]:
    """Every named thing of a chunk; kinds may overlap (a title within an award)."""
    text = scanned.folded
    found = [Named(m.start(), m.end(), "title") for m in _QUOTED.finditer(text)]
    found += [Named(m.start() + _lead(m[0]), m.end(), "award") for m in _AWARD.finditer(text)]
    tagged = _tagged(text)
    found += [Named(s, e, "person") for s, e in _persons(text, tagged)]
    found += [Named(_phrase_start(tagged, m.start(), m.end()), m.end(), "organisation") for m in _ORGANISATION.finditer(text)]
    found += [Named(_phrase_start(tagged, m.end() - 1, m.end()), m.end(), "place") for m in _PLACE.finditer(text)]
    found += [Named(s, e, "place") for w, tag, s, e in tagged if tag == "ns"]
    found += [Named(m.start(), m.end(), "title") for m in _LATIN_NAME.finditer(scanned.chunk.text) if len(m[0].strip()) > 3]
    return tuple(sorted({n for n in found if n.end - n.start > 1}, key=lambda n: (n.start, n.end, n.kind)))


def _lead(text: str) -> int:
    """Where the award's own name begins: after the verb that gives it."""
    match = list(re.finditer(r"(?:荣获|获得|获评|获|被评为|评为|授予|被命名为|命名为|的|为|及|和|与)", text[:-2]))
    return match[-1].end() if match else 0


def _tagged(text: str) -> list[tuple[str, str, int, int]]:
    import rjieba

    at, found = 0, []
    for word, tag in rjieba.tag(text):
        found.append((word, tag, at, at + len(word)))
        at += len(word)
    return found


def _persons(text: str, tagged: Sequence[tuple[str, str, int, int]]) -> list[tuple[int, int]]:
    """Names the tagger knows, and surnames with one or two characters after them that stand before a title or verb."""
    found: list[tuple[int, int]] = []
    for at, (word, tag, start, end) in enumerate(tagged):
        if tag == "nr" and 2 <= len(word) <= 4 and word[0] in _SURNAMES:
            stop = end
            if len(word) == 2 and at + 1 < len(tagged) and len(tagged[at + 1][0]) == 1 and tagged[at + 1][1] in ("zg", "ng", "g", "x") and "\u4e00" <= tagged[at + 1][0] <= "\u9fff":
                stop = tagged[at + 1][3]
            found.append((start, stop))
        elif len(word) == 1 and word in _SURNAMES and at + 1 < len(tagged):
            given = tagged[at + 1]
            after = text[given[3] : given[3] + 4]
            if 1 <= len(given[0]) <= 2 and "\u4e00" <= given[0][0] <= "\u9fff" and (tag == "nr" or _TITLE_AFTER.match(after) or after[:1] in "、,，"):
                found.append((start, given[3]))
    return found


def _phrase_start(tagged: Sequence[tuple[str, str, int, int]], start: int, end: int) -> int:
    """Back from a suffix over the nouns and names in front of it, to a verb, preposition or punctuation."""
    inside = [i for i, t in enumerate(tagged) if t[2] < end and t[3] > start]
    at = inside[0] if inside else 0
    first = min(start, tagged[at][2]) if tagged else start
    for word, tag, begin, _ in reversed(tagged[max(0, at - 5) : at]):
        if tag in _STOP_BEFORE or not ("\u4e00" <= word[0] <= "\u9fff" or word.isalnum()):
            break
        first = begin
    return first


_FITS = {
    Kind.PERSON: {"person": 1.0},
    Kind.PLACE: {"place": 1.0, "organisation": 0.85, "title": 0.3},
    Kind.ORGANISATION: {"organisation": 1.0, "place": 0.5, "title": 0.35},
    Kind.NAME: {"title": 1.0, "award": 0.9, "organisation": 0.6, "place": 0.5, "person": 0.4},
}
_ASKS_AWARD = re.compile(r"奖|荣誉|称号|评为|表彰|award|prize|recognition|honou?r|distinction|accolade")


def name_candidates(evidence: Evidence, kind: Kind) -> list[Candidate]:
    """Every named thing in scope that fits the kind asked for, scored by the terms near it."""
    question = evidence.question
    award = _ASKS_AWARD.search(question.folded) is not None
    fits = _FITS.get(kind, _FITS[Kind.NAME])
    bare_question = re.sub(r"[\s“”《》\"']", "", question.folded)

    def targets(scanned: Scan) -> list[Span]:
        best: dict[tuple[int, int], None] = {}
        for thing in named_things(scanned):
            text = re.sub(r"[\s“”《》\"']", "", scanned.folded[thing.start : thing.end])
            if fits.get(thing.kind) and text and text not in bare_question:
                best[thing.start, thing.end] = None
        return [Span(s, e) for s, e in best]

    def factors(scanned: Scan, span: Span) -> Sequence[tuple[str, float]]:
        kinds = [n.kind for n in named_things(scanned) if (n.start, n.end) == (span.start, span.end)]
        fit = max((fits.get(k, 0.0) * (1.15 if award and k == "award" else 0.75 if award and kind is Kind.NAME else 1.0) for k in kinds), default=0.0)
        return (("kind", fit), stance_factor(question, scanned, span.start), period_factor(question, scanned, span.start))

    return evidence.candidates(targets, factors)
