"""How far a named thing is what a question asks for, from its kind, its last characters and the words beside it."""

from __future__ import annotations

import re

from index.tokens import is_chinese
from qa.extract.entities import Named
from qa.extract.focus import Focus
from qa.scan import Scan

MARKS = re.compile(r"[\s“”‘’《》「」\"'()（）]")
_NEAR = 8  # characters beside a title in which a word says what it is
_FAR = 24  # before a title: 绘本课活动举办，课题是《…》
_AWARD_NEAR = re.compile(r"^.{0,6}?(?:荣誉|称号|奖|项目|课程|案例|单位)|^的?(?:荣誉|称号|奖项|奖)")
# Behind what gives it, or before what calls it one, a quoted phrase is an honour: 流通部获自治区“…”.
_AWARD_GIVEN = re.compile(r"(?:获|获得|荣获|获评|评为|授予|命名为|入选|摘得|称为)[^,。;“”《》\n]{0,14}$")
_WORKS = frozenset("书 绘本 电影 论文 歌".split())  # what is written stands in 《》, what is done in “”
_TELLING = 7  # characters of a phrase that names something, not 重点项目
_NO_WORK = 0.7
_COUNTED = re.compile(r"(?:\d|[一二两三四五六七八九十百]|[余多])\s*(?:家|个|座|所|处|间|台|辆|项|名|位|批)$")
_COUNT_AFTER = re.compile(
    r"(?:共|有|共有)?\s*(?:\d+|[一二两三四五六七八九十百]+)\s*(?:家|个|座|所|处|间|台|辆|项|名|位)"
)
_DEPUTY = re.compile(r"副|\b(?:deputy|vice|assistant)\b")
_DEPUTY_ZH = re.compile(r"副[^,。、]{0,3}长|副主席|副书记|副主任")
_TAKES_UP = re.compile(
    r"(?:当选|接任|担任|出任|继任|就任|任)(?:为|新任|本馆|该馆)?([\u4e00-\u9fff]{0,6}?(?:馆长|局长|主席|书记|主任|院长|校长|会长|秘书长|理事长|社长|队长|部长))"
)
_GROUP = re.compile(r"(?:团|会|坊|队|社|俱乐部|支部|集团|公司|[局委])$")  # people, not a place to go to
_AT_PLACE = re.compile(r"(?:在|走进|来到|于|到|至|赴|地点[是为在:]?|前往|参观|迎来)$")

# How well a kind of thing does for a sort of question, before what stands beside it is looked at.
_BASE = {
    "person": {"person": 1.0, "latin": 0.9},
    "agent": {"person": 1.0, "organisation": 0.95, "latin": 0.9},
    "place": {"place": 1.0, "organisation": 0.85, "latin": 0.7, "title": 0.4},
    "organisation": {"organisation": 1.0, "place": 0.45, "latin": 0.7, "title": 0.45},
    "award": {"award": 1.1, "title": 0.5, "latin": 0.5},
    "beside": {"title": 0.8, "phrase": 0.75, "latin": 0.7, "award": 0.5, "organisation": 0.35, "place": 0.3},
    "stated": {"title": 0.85, "latin": 0.6, "award": 0.35},
    "thing": {
        "title": 0.95, "phrase": 0.85, "award": 0.8, "latin": 0.8, "organisation": 0.55, "place": 0.5, "person": 0.4,
    },
}  # fmt: skip


def fit_of(focus: Focus, scanned: Scan, thing: Named) -> float:
    """How far a thing is what is asked for: 1 for the kind, more when a word beside it says so."""
    text = scanned.folded
    if focus.sort == "suffix":
        return _suffix_fit(focus, text, thing)
    base = _BASE[focus.sort].get(thing.kind, 0.0) * (0.3 + 0.7 * thing.sure) * _uncounted(scanned.folded, thing)
    if not base:
        return 0.0
    before, after = text[max(0, thing.start - _NEAR) : thing.start], text[thing.end : thing.end + _NEAR]
    if focus.sort == "award":
        far = text[max(0, thing.start - _FAR) : thing.start]
        honour = thing.kind == "title" and (_AWARD_NEAR.search(after) or _AWARD_GIVEN.search(far))
        return base * (2.0 if honour else 1.0)
    if focus.sort == "place":
        group = thing.kind == "organisation" and _GROUP.search(text[thing.start : thing.end])
        return base * (0.45 if group else 1.15 if _AT_PLACE.search(before) else 1.0)
    if thing.kind == "phrase" and focus.sort == "beside" and thing.end - thing.start > _TELLING:
        return base * 1.3  # 24小时自助图书馆项目 says that it is a project
    if not focus.words or thing.kind not in ("title", "latin", "person"):
        return base
    said = agrees(focus, text, thing)
    if focus.sort == "person":
        han = is_chinese(focus.noun) and is_chinese(text[thing.start])
        return base * (1.25 if said else 0.5 if han else 0.9)
    quoted_done = _WORKS.intersection(focus.words) and text[thing.start] in '“"'
    prize = focus.sort == "stated" and MARKS.sub("", text[thing.start : thing.end]).endswith("奖")
    done = thing.kind == "title" and (quoted_done or prize)
    return base * (1.45 if said else 1.0) * (_NO_WORK if done else 1.0)


def agrees(focus: Focus, text: str, thing: Named) -> bool:
    """The asked noun ends the thing, or stands beside it in its sentence: 作家陈迅喆, “…”特种文献展."""
    reach = _NEAR if thing.kind == "person" else _FAR
    before = re.split(r"[。;\n、”》]", text[max(0, thing.start - reach) : thing.start])[-1]
    after = re.split(r"[。;\n、“《]", text[thing.end : thing.end + _NEAR])[0]
    if focus.sort == "person" and (held := _office_taken(text, thing)):
        same_rank = bool(_DEPUTY.search(focus.noun)) == bool(_DEPUTY.search(held))
        return same_rank and any(held.endswith(w) for w in focus.words)
    if focus.sort == "person" and not _DEPUTY.search(focus.noun):
        before, after = _DEPUTY_ZH.sub("", before), _DEPUTY_ZH.sub("", after)
    beside = any(w in before or w in after or ends_in(text, thing, w) for w in focus.words)
    return beside or (focus.sort == "person" and _shares_office(focus, text, thing))


def _office_taken(text: str, thing: Named) -> str:
    """The office that a clause says someone takes up: 甲当选理事长,乙当选秘书长 gives each his own."""
    match = _TAKES_UP.match(text, thing.end)
    return match[1] if match else ""


def _shares_office(focus: Focus, text: str, thing: Named) -> bool:
    """The next in a row of persons under one title: 馆员甲获二等奖，乙获三等奖."""
    start = max(text.rfind(mark, 0, thing.start) for mark in "。;\n") + 1
    led = text[start : thing.start]
    own_title = re.match(
        r"(?:[\u4e00-\u9fff]{0,3}?)(?:长|主席|书记|主任|教授|老师|专家)", text[thing.end : thing.end + 5]
    )
    if led[-1:] not in (",", "、") or own_title:
        return False
    offices = [m for w in focus.words for m in re.finditer(rf"{re.escape(w)}[\u4e00-\u9fff]{{2}}", led[-40:])]
    last = max(offices, key=lambda m: m.start(), default=None)
    deputy = last is not None and led[-40:][: last.start()].endswith("副")
    return last is not None and (not deputy or bool(_DEPUTY.search(focus.noun)))


def _suffix_fit(focus: Focus, text: str, thing: Named) -> float:
    """A name that ends in an accepted word; the very word asked for is surer than a narrower or wider one."""
    if thing.kind == "person":
        return 0.0
    ending = [w for w in focus.words if ends_in(text, thing, w)]
    if ending:
        exact = any(focus.noun.endswith(w) or not is_chinese(focus.noun) for w in ending)
        return (
            (1.0 if exact or len(max(ending, key=len)) > 1 else 0.9)
            * (0.6 + 0.4 * thing.sure)
            * _uncounted(text, thing)
        )
    if thing.kind == "title" and any(text.startswith(w, thing.end) for w in focus.words):
        return 0.95
    if thing.kind == "place" and any(text.startswith(w, thing.end) for w in focus.words if len(w) == 1):
        return 0.9
    return 0.2


def _uncounted(text: str, thing: Named) -> float:
    """A phrase with a number before or behind it (18座新阅读空间, 新建分馆2家) counts things and names none."""
    if thing.kind in ("title", "person", "award"):
        return 1.0
    counted = _COUNTED.search(text[max(0, thing.start - 8) : thing.start]) or _COUNT_AFTER.match(text, thing.end)
    return 0.4 if counted else 1.0


def ends_in(text: str, thing: Named, word: str) -> bool:
    bare = text[thing.start : thing.end].rstrip('”》」』" ')
    return bare.endswith(word) and len(MARKS.sub("", bare)) > len(word)
