"""What a question asks for: the kind of answer and the unit it should come in, from its wording alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.tokens import stem
from qa.measures import units


class Kind(StrEnum):
    """The kind of answer expected."""

    NUMBER = "number"
    DATE = "date"
    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    NAME = "name"  # a title, an award, anything else named
    LIST = "list"
    EVENTS = "events"  # what happened in a period
    COMPARE = "compare"
    CALC = "calc"
    YES_NO = "yes/no"
    TEXT = "text"  # why, how: the sentences that say so


class Operation(StrEnum):
    SUM = "sum"
    DIFFERENCE = "difference"
    SHARE = "share"
    AVERAGE = "average"
    RATIO = "ratio"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Unit and classes of unit that an answer should have; empty when the question does not say.

    ``near`` are classes that would do (册 for 种); a figure of any other class answers something else.
    """

    unit: str = ""
    kinds: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()


_COMPARE = re.compile(
    r"(?:哪一?(?:家|个|座|所|边|个馆)|哪(?:里|边)|谁|哪个?(?:馆|图书馆)).{0,14}(?:更|最|较)?(?:多|少|高|低|大|早|晚|(?<![馆局校市县区镇乡村部会科处站队组家店院社])长)(?!少)"
    r"|(?:比|较|跟|和|与).{1,24}(?:更|还|要)?(?:多|少|高|低|大|早)(?:吗|么|不|$|[?？])|相比|对比|比较|最多的|最少的|最高的"
    r"|\bcompare|\bwhich (?:of |library|one|city|district|report|year|month)?.{0,60}\b(?:more|most|fewer|fewest|less|least|higher|highest|larger|largest|earlier|longer|bigger)\b"
    r"|\b(?:more|fewer|less|higher|larger|earlier|longer|bigger|greater)\b.{0,80}\b(?:than|or)\b|\bwho (?:had|held|lent|issued|received|opened|ran) (?:more|the most)"
)
_HOW_MANY = re.compile(r"多少|几(?!乎|次三番|何)|\bhow (?:many|much)\b")
# Two things of one report held against each other: 看报纸的人多还是看期刊的人多, did the website get more hits than the app.
_EITHER = re.compile(
    r"还是.{0,16}(?:多|少|高|低|大|小|早|晚|长|先)|(?:多|少|高|低|大|小|早|晚|长|先).{0,4}还是|比.{1,30}(?:多|少|高|低|大|小|早|晚|长)(?:吗|么)|"
    r"(?:^|, ?)(?:did|does|do|is|are|was|were|has|have|had)\b.*\b(?:more|fewer|less|higher|lower|larger|smaller|greater|bigger|earlier|later|longer)\b.*\b(?:than|or)\b(?! (?:about |over |some )?\d)|"
    r"(?:^|, ?)(?:did|does|do|is|are|was|were|has|have|had)\b.*\bor\b.*\b(?:more|fewer|less|higher|lower|larger|smaller|greater|bigger|earlier|later|longer|first|most)\b|"
    r"^(?:did|does|do|is|are|was|were|has|have|had)\b.*\bas (?:many|much)\b.*\bas\b|"
    r"\b(?:earlier|later|first)\b.{0,60}[:,].*\bor\b|(?:哪(?:一)?(?:个|项|场|件|家)|谁)先"
)
_SHARE = re.compile(
    r"占比|比例|百分之几|百分比|百分之多少|占.{0,16}(?:多少|几成|多大)|几成|\b(?:what|which) (?:share|proportion|fraction|part)\b|"
    r"\b(?:share|proportion|fraction) of\b|\bpercentage\b|\bper ?cent\b"
)
_RATE = re.compile(r"率(?:是|为|达|有|到|多少)|\b(?:what|which) (?:\w+ ){0,3}rate\b")
_AVERAGE = re.compile(
    r"平均|人均|\b(?:average|the mean|per (?:month|day|event|session|person|visit|week|quarter|reader|volunteer|visitor|activity|group|space|library|trip|hour))\b"
)
_RATIO = re.compile(
    r"(?:是|为).{0,16}(?:的)?(?:多少|几)倍|几倍|多少倍|\b(?:how many times (?:as|more|larger|bigger|higher|greater)|ratio)\b"
)
_DIFFERENCE = re.compile(
    r"相差|差(?:了|距|额|值)?(?:是)?(?:多少|几)|差多少|(?:多|少|高|低)(?:出|了)?(?:多少|几)(?!倍)|\b(?:difference|how (?:many|much) (?:more|fewer|less|higher|lower))\b|\bgap\b|\bexceed\w* .{0,40}by\b|(?:除去|扣除|减去|刨去|除了|不算|不含).{1,30}(?:多少|几)|除.{1,20}(?:以外|之外).{0,12}(?:多少|几)|\bhow (?:many|much) .{3,90}\b(?:did not|didn't|was not|were not|weren't|wasn't|excluding|apart from|other than|not counting)\b|\b(?:minus|subtract\w*)\b|\bby how (?:much|many)\b"
)
_SUM = re.compile(
    r"合计|合起来|加起来|加在一起|总和|之和|总共加|加总|合在一起|加(?:在)?一块|相加|(?:和|与|跟|、).{1,20}(?:一共|总共|共(?:有|计|是)?)(?:多少|几)|\badding\b|\band\b.{1,60}\bin total\b|\btotal (?:number )?of .{1,40}\band\b|\b(?:combined|altogether|in all|sum of|together(?! with)|put together|add(?:ed)? up|taken together)\b"
)
_YES_NO = re.compile(r"(?:吗|么|是不是|有没有|是否)|^(?:did|does|do|is|are|was|were|has|have|had|will|can)\b")
_DATE = re.compile(
    r"哪(?:一)?(?:天|日|年|月|几天)|几月|几号|几日|何时|什么时候|什么时间|啥时候|哪个月|什么日子|日期|多会儿|起止|^(?!.*\b(?:which|what|who|where|how)\b).*\bwhen\b|\bwhen (?:did|was|were)\b|\b(?:what|which|on what|on which) (?:date|day|week|month|year|dates|days)\b|\bdates?\b.{0,12}\b(?:of|for|when)\b|\bfrom when\b|\bhow (?:early|late)\b"
)
_LIST = re.compile(
    r"哪些|哪几|有些什么|都有什么|都有谁|分别是|分别叫|列出|列举|哪(?:两|三|四|五|六|七|八|九|十|\d+)|什么和什么|\b(?:list|name (?:the|all|both|every|three|four|five|six|two)|which (?:two|three|four|five|six|seven|eight|\d+))\b"
    r"|\b(?:which|what) (?:(?!of\b)\w+[ -]){0,3}?\w+s (?:were|are|did|have|had|received|won|make|made|took|got|does|do|of)\b|\bwhat (?:kinds|types|sorts|are|were) (?:of |the )|\bwho (?:were|are)\b"
)
_NUMBER = re.compile(
    r"多少|几(?!乎|次三番|何|楼)|多大|多长时间|数量|总量|人数|总数|(?:量|率|数)$|率(?:是|为|达|到)|\b(?:headcount|rate)\b|\bhow (?:many|much|often|long|large|big)\b|"
    r"\bwhat (?:did|does|do|will|would) .{1,80}\b(?:cost|pay|spend|earn|charge)\b|\bwhat was (?:\w+ ){0,3}(?:spent|paid|earned|charged)\b|"
    r"\bwhat (?:was|is|were|are|will be) (?:the |its |their )?(?:[\w'-]+ ){0,6}?(?:gdp|population|budget|price|cost|costs|value|revenues?|income|spending|investment|turnover|size|area|length|share|age|charge|fee)\b|\b(?:number|total|amount|figure|count|size) (?:of|for)\b|\bwhat (?:\w+ )?(?:total|figure|number|amount)\b|\bwhat (?:was|is|were) .{0,40}\b(?:number|total|target|figure|amount|count|rate|goal|quota|area|cost|budget)\b|面积|经费"
)
_PERSON = re.compile(
    r"谁|哪位|什么人|哪一位|哪个人|(?:人|者|师|长|家|员|将军)(?:叫|是)(?:什么|啥)|名字是什么|\bwho\b|\bwhose\b|\bwhom\b"
)
_PLACE = re.compile(
    r"哪里|哪儿|在哪(?!位|些)|什么地方|何处|何地|地点|哪个(?:地方|镇|村|县|市|区|社区|学校|广场|厅|室|场馆|楼)|哪(?:个|一)?(?:楼|层)|几楼|\bwhere\b|\b(?:which|what) (?:town|city|village|place|venue|county|district|room|floor|hall|location|school|park|community|province|building)\b"
)
_ORGANISATION = re.compile(
    r"(?:哪|什么|何)(?:一)?(?:个|家|所)?(?:县级|市级|省级|上级|兄弟)?(?:单位|机构|馆|图书馆|部门|公司|集团|协会|学会|局|组织|学校|大学)|\b(?:which|what) (?:\w+ ){0,2}?(?:library|organi[sz]ation|company|department|bureau|agency|body|institution|unit|society|association|school|university|group)\b"
)
_EVENTS_ONLY = re.compile(
    r"(?:都|主要|具体|大致|一共|共|各)?(?:做|干|忙|办|搞|发生|记|开展|举办|组织|进行|安排|记载|记录|有|是|说|写)?(?:了|过|的|着)?(?:些|哪些|什么|啥|怎么样|一些)*(?:什么|啥|哪些)?(?:大事记?|事情|事儿|事|活动|动静|动作|工作|内容|情况|大事件|事件|记录|新闻|动态)?"
)
_PLANNED = re.compile(
    r"计划|打算|规划|想(?:要)?(?:把|办|建|做|搞|打造|开展|推|突破|达到|增|新|招|买|引进|实现)|(?:今年|年内|明年|本年)要|力争|预计|预期|目标|拟|将要|将会|准备(?!工作)|要(?:新建|建设|开展|做)|下一年|明年|来年|未来|\bplan(?:s|ned|ning)?\b|\btarget(?:s|ed)?\b|\bintend\w*\b|\bgoing to\b|\bwill\b|\baim\w*\b|\bexpect\w*\b|\bpropos\w+\b|\bset out to\b|\bwants? to\b|\bhop(?:es?|ing) to\b|\bwould like to\b|\bseeks? to\b|\bgoals?\b"
)
_WHY = re.compile(
    r"(?<![评称名定选誉作视题])为什么|为何|为啥|原因|怎么(?!样)|怎样|如何|什么样|\bwhy\b|\bhow (?:did|does|do|was|were|is|are|can|has|have)\b|\bin what way\b"
)


def kind_of(folded: str, *, organisations: int, has_period: bool, content: str) -> Kind:
    """The kind of answer a folded question asks for.

    ``content`` is the question without names of organisations and periods: when nothing is left of it but "what
    happened", the question asks for the events of a period.
    """
    if has_period and is_bare_events(content):
        return Kind.EVENTS
    if operation_of(folded) and not (_COMPARE.search(folded) and organisations > 1 and not _DIFFERENCE.search(folded)):
        return Kind.CALC
    if not _HOW_MANY.search(folded) and _compares(folded, organisations):
        return Kind.COMPARE
    for kind, pattern in (
        (Kind.DATE, _DATE),
        (Kind.LIST, _LIST),
        (Kind.NUMBER, _NUMBER),
        (Kind.PERSON, _PERSON),
        (Kind.ORGANISATION, _ORGANISATION),
        (Kind.PLACE, _PLACE),
    ):
        if pattern.search(folded) or (kind is Kind.LIST and asks_for_several(folded)):
            return kind
    if _WHY.search(folded):
        return Kind.TEXT
    return Kind.YES_NO if _YES_NO.search(folded) and not re.search(r"什么|which|what", folded) else Kind.NAME


def _compares(folded: str, organisations: int) -> bool:
    if _EITHER.search(folded):
        return True
    return bool(_COMPARE.search(folded)) and (organisations > 1 or bool(re.search(r"哪|谁|which|who", folded)))


_ASKED_NOUN_EN = re.compile(
    r"\b(?:which|what)(?: (?:were|are) (?:the|its|their))? ((?:(?!(?:did|do|does|was|were|is|are|has|have|had|will|would|can|could|of|in|at|on|for|from|by|to|with|that|who|and|or)\b|\w+ed\b)[\w'-]+ ?)+)"
)


def asks_for_several(folded: str) -> bool:
    """An English question whose asked noun is a plural: which colleges, what honours."""
    nouns = _ASKED_NOUN_EN.search(
        re.sub(r"\b(which|what) (?!children|women|people|men)(\w+)'s?\b.*", r"\1 \2 ", folded)
    )
    return bool(
        nouns
        and re.search(r"\w{2,}(?<!s)(?<![ui'])s$", " ".join(w for w in nouns[1].split()[:4] if w != "elsewhere"))
        and not re.search(r"series|news|figures|numbers|years$", nouns[1])
    )


def is_bare_events(content: str) -> bool:
    """Nothing but a request for what happened: no subject of its own."""
    chinese = re.sub(r"[^\u4e00-\u9fff]", "", content)
    latin = re.findall(r"[a-z]+", content)
    generic = {
        stem(w)
        for w in "what happened happen took take place did do done went go on events event activities activity list summarise summarize give me tell us about main all the of in at during for were was is are there that any entries entry chronicle report reports recorded record listed key highlights library held happening everything month organised organized run hold had have and a which please rundown get got up to overview digest recap busy kept from through between until and both month months months' occurred january february march april may june july august september october november december".split()
    }
    return all(stem(w) in generic for w in latin) and _strip_events(chinese) == "" and bool(chinese or latin)


def _strip_events(text: str) -> str:
    for word in (
        "大事记",
        "图书馆",
        "哪几件",
        "几件",
        "动静",
        "动作",
        "请问",
        "请",
        "帮我",
        "讲讲",
        "说说",
        "谈谈",
        "以及",
        "梳理",
        "总结",
        "概括",
        "回顾",
        "告诉我",
        "介绍",
        "一下",
        "列出",
        "列一下",
        "月份",
        "里面",
        "其间",
        "期间",
    ):
        text = text.replace(word, "")
    return re.sub(
        r"[馆里中的了过都有些什么哪啥做干忙办搞发生记载录开展举组织进行安排写说大事情活动件工作内容况主要具体一共那在呢吗个是月份这当下来件项着年度本全上半季和与及至到、份]",
        "",
        text,
    )


def operation_of(folded: str) -> Operation | None:
    """The arithmetic a question asks for, if any."""
    if _RATIO.search(folded):
        return Operation.RATIO
    if _IN_PERCENT.search(folded) or (_GROWTH.search(folded) and not _OF_A_WHOLE.search(folded)):
        return None  # a rate that the report states
    if _SHARE.search(folded):
        return Operation.SHARE
    if _AVERAGE.search(folded):
        return Operation.AVERAGE
    if _DIFFERENCE.search(folded):
        return Operation.DIFFERENCE
    return Operation.SUM if _SUM.search(folded) else None


def asks_for_plan(folded: str) -> bool:
    return bool(_PLANNED.search(folded))


# How much something grew is told in per cent, unless the question says in what (下降了多少元).
_GROWTH = re.compile(
    r"(?:增长|下降|上涨|上升|增产|减产|下跌|回落|涨|降)(?:了|率|速度|幅度|目标|的)*(?:是|为|有)?(?:多少|几)?(?:个?百分点)?(?=[?？。]|$)|百分之几|增速|涨幅|降幅|"
    r"\b(?:grow|grew|grown|rise|rose|risen|fall|fell|fallen|increase|increased|decrease|decreased|drop|dropped)\b.{0,40}\bper ?cent|\bby what (?:percentage|per ?cent)\b"
)
# A part of a whole, or a growth between two years named, is worked out where it is not stated.
_OF_A_WHOLE = re.compile(
    r"占|\b(?:percentage|per ?cent|share) of\b|[里中](?:的|,)?.{1,20}百分之几|(?:19|20)\d{2}年?.*(?:19|20)\d{2}"
)
_IN_PERCENT = re.compile(r"\bin (?:per ?cent|percent)\b|\(%\)")
_MONEY_EN = re.compile(
    r"\b(?:what|how much) (?:did|does|do|will|would|was|were) .{1,80}\b(?:cost|pay|paid|spend|spent|earn|raise|raised|charge)\b|\bhow much money\b|"
    r"\bwhat (?:was|is|were|will be) (?:the |its |their )?(?:[\w'-]+ ){0,6}?(?:budget|price|cost|costs|revenues?|turnover|gdp|fee)\b"
)
_UNIT_ZH = re.compile(r"(?:多少|几)(?:来|十|百|千|万|亿|多)?\s*(?P<unit>[\u4e00-\u9fff%]{0,8})")
_NOUN_ZH = {
    "人": "person|visit",
    "读者": "person|visit",
    "粉丝": "person",
    "志愿者": "person",
    "市民": "person|visit",
    "学生": "person",
    "员工": "person",
    "孩子": "person",
    "听众": "person|visit",
    "书": "volume",
    "图书": "volume|title",
    "书籍": "volume",
    "钱": "money",
    "时间": "hour|day|minute|month|year",
    "活动": "times",
    "讲座": "times",
    "证": "card",
    "借书证": "card",
    "读者证": "card",
    "家庭": "group",
    "人员": "person",
    "干部": "person",
    "同学": "person",
    "小朋友": "person",
    "员": "person",
    "老师": "person",
    "专家": "person",
    "观众": "person|visit",
}
_NOUN_EN = {
    "hour": "hour", "minut": "minute", "day": "day", "month": "month", "year": "year", "week": "week", "yuan": "money", "money": "money", "kilometr": "length", "kilomet": "length", "metr": "length", "squar": "area", "area": "area", "point": "place|thing", "centr": "place|thing", "center": "place|thing", "school": "place|thing", "club": "thing|group", "team": "group", "prize": "thing|award", "award": "thing|award", "photo": "item|thing", "couplet": "group|item",
    "volum": "volume", "book": "volume|title|item", "copi": "volume", "titl": "title|volume", "peopl": "person|visit", "person": "person|visit", "reader": "person|visit", "visitor": "person|visit", "visit": "visit|person|times",
    "participant": "person|visit|group", "volunt": "person|visit", "student": "person", "children": "person", "famili": "group", "pair": "group", "employe": "person", "staff": "person", "member": "person", "follow": "person", "borrow": "person|visit",
    "event": "times", "activ": "times", "session": "times", "lectur": "times", "talk": "times", "time": "times|visit", "often": "times|visit", "trip": "times", "perform": "times", "card": "card", "page": "page", "seat": "seat",
    "librari": "place|thing", "branch": "place|thing", "space": "place|thing", "loan": "volume|times|visit", "magazin": "title|volume", "newspap": "title|volume|page", "hit": "times", "view": "times|person|visit", "click": "times",
    "percent": "percent", "attend": "person|visit", "machin": "thing", "locker": "thing", "cabinet": "thing", "cours": "episode|times", "video": "episode", "town": "town|thing", "villag": "town|thing|place", "townships": "town|thing", "township": "town|thing",
    "regist": "person|card", "user": "person", "item": "item|volume|thing", "record": "item", "project": "thing", "course": "episode", "meet": "times", "download": "times|visit", "worker": "person", "delegate": "person", "student ": "person",
}  # fmt: skip


_QUANTITIES = (
    (re.compile(r"多长时间|多久|多少时间|\bhow long\b"), ["hour", "day", "minute", "month", "year", "week"]),
    (re.compile(r"面积|\b(?:floor|building|construction|surface|total) area\b|\bwhat (?:is|was) the area\b|square met"), ["area"]),
    (re.compile(r"多少钱|经费|费用|投资额|\bhow much (?:money|did .{1,60} (?:cost|spend|pay))|\b(?:cost|budget|expenditure)\b"), ["money"]),
)


def wanted_unit(folded: str) -> Wanted:
    """The unit the question names (多少册次, how many hours), with the classes of unit that would do."""
    if _SHARE.search(folded) or _RATE.search(folded):
        return Wanted("%", frozenset({"percent"}))
    for pattern, kinds in _QUANTITIES:
        if pattern.search(folded):
            return _of_kinds("", kinds)
    if _GROWTH.search(folded) or _IN_PERCENT.search(folded):
        return Wanted("%", frozenset({"percent", "permille"}))
    if _MONEY_EN.search(folded):
        return Wanted("", frozenset({"money"}))
    match = _UNIT_ZH.search(folded)
    if match and match["unit"] is not None:
        return _wanted_zh(match["unit"])
    named = re.search(r"[(（]([\u4e00-\u9fff]{1,3})[)）]", folded)
    if named and named[1] in units():  # how many copies (册) …
        return _of_kinds(named[1], [units()[named[1]][0]])
    for pattern in (
        r"how many (?:of )?(?:the |its |their )?((?:[\w'-]+ ){0,6}[\w'-]+)",
        r"(?:number|total|amount|count|headcount) of (?:the )?((?:[\w'-]+ ){0,5}[\w'-]+)",
        r"(?:total|figure|number|count) .{0,40}?\bfor (?:the )?((?:[\w'-]+ ){0,5}[\w'-]+)",
        r"how (often|long)",
    ):
        english = re.search(pattern, folded)
        if english:
            kinds = _kinds_of_phrase(english[1])
            return (
                _of_kinds("", kinds.split("|")) if kinds else Wanted("", frozenset(), frozenset(_COUNTED | {"times"}))
            )
    return Wanted()


_AFTER_NOUN = ("", *"参来到出入加进在是被获有报读听看借注登了的呢吗到访光使享去前受办用")


def _wanted_zh(rest: str) -> Wanted:
    """From what follows 多少 or 几: a measure word (册次), a noun (读者), or both (个人), where the noun decides."""
    unit = next((rest[:n] for n in range(len(rest), 0, -1) if rest[:n] in units()), "")
    after = rest[len(unit) :]
    for text in (after, rest) if unit in ("个", "") else (rest,):
        noun = next((text[:n] for n in range(len(text), 0, -1) if text[:n] in _NOUN_ZH), "")
        if noun and text[len(noun) : len(noun) + 1] not in _AFTER_NOUN:
            continue  # 图书流通点: the noun goes on
        if noun and len(noun) >= len(unit):
            return _of_kinds("", _NOUN_ZH[noun].split("|"))
    return _of_kinds(unit, [units()[unit][0]]) if unit else Wanted()


def _of_kinds(unit: str, kinds: Sequence[str]) -> Wanted:
    """Classes as a noun gives them, the usual one first: what comes near is near to that one."""
    near = _companions(kinds[0]) if kinds else frozenset()
    return Wanted(unit, frozenset(kinds), near - frozenset(kinds))


_STOPS_EN = re.compile(
    r"\b(?:did|were|was|are|is|do|does|have|has|had|in|at|of|for|from|by|to|on|with|that|who|which|went|could|can|under|through|came|come|took|joined|into|per|during|were|bought|held|lent|taken|made|given|sold|sent|built|left|work|works|live|lives|serve|serves|belong|attend|own|use|need|(?!seed)\w{2,}ed)\b.*"
)


_AGENT = re.compile(
    r"[a-z]{3,}(?:ers|ors|ists|ees|ians|ants)$|^(?:men|women|pupils|kids|guests|experts|people|graders)$"
)
_NO_AGENT = frozenset(
    "newspapers papers computers lockers posters letters numbers counters centers chapters floors doors orders servers centimeters meters kilometers offers covers readers-cards".split()
)


def _kinds_of_phrase(phrase: str) -> str:
    """Classes of unit for a noun phrase, from its head: the last word before a verb, a preposition or an "and"."""
    bare = _STOPS_EN.sub("", phrase).replace("'s", "")
    for part in re.split(r"\band\b|\bor\b|,", bare):
        head = part.split()[-1:] or [""]
        known = _NOUN_EN.get(stem(head[0]))
        if known:
            return known
        if _AGENT.search(head[0]) and head[0] not in _NO_AGENT:
            return "person|visit"
    return ""


_COUNTED = {"thing", "place", "episode", "item", "group", "title", "town", "seat", "card"}
_SAME = (
    _COUNTED,
    {"visit", "person", "group"},
    {"volume", "item", "title"},
    {"times", "visit", "episode"},
    {"page", "item"},
)


def _companions(kind: str) -> frozenset[str]:
    near = frozenset({kind}.union(*(group for group in _SAME if kind in group)))
    return near | {"person"} if kind == "thing" else near


_COMPARABLE = ({"thing", "place", "town"}, {"visit", "person"}, {"times", "episode"})


def alike(one: str, other: str) -> bool:
    """Whether figures of two classes of unit may be added or compared (人次 and 人, not 册 and 种); a bare one with any."""
    return not one or not other or one == other or any({one, other} <= group for group in _COMPARABLE)
