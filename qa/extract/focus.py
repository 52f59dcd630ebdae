"""The noun a question asks for (哪所学校, which picture book) and what in a text agrees with it.

A Chinese name says what it is by its last characters (紫竹小学, 周庄镇), a quoted title by the word beside it
(电影《…》, “…”展). So the asked noun becomes a few words to look for there. The table gives the narrower words that are
no synonyms and so stand in no dictionary: a 小学 is a 学校, a 集团 a company.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from index.tokens import is_chinese, stem, words
from qa.extract.entities import NOMINAL
from qa.understanding.kinds import Kind
from qa.understanding.question import Question

# asked for (Chinese and English, "|") : sort : words that answer.
_TABLE = """
学校|school : suffix : 学校 小学 中学 大学 学院 幼儿园 职高 school college academy
高校|院校|大学|学院|college|university : suffix : 大学 学院 学校 university college
幼儿园|kindergarten|nursery : suffix : 幼儿园 kindergarten nursery
小学|primary|primary school|elementary school : suffix : 小学 学校 school
中学|secondary school|middle school|high school : suffix : 中学 学校 school
公司|企业|厂家|商家|company|firm|enterprise|business|corporation : suffix : 公司 集团 企业 厂 银行 书店 ltd inc
馆|图书馆|library : suffix : 图书馆 分馆 馆 library
分馆|branch : suffix : 分馆 图书馆 馆 branch library
镇|乡镇|乡|township|town : suffix : 镇 乡 街道 town
村|村子|village : suffix : 村 屯 庄 寨 village
县|county : suffix : 县 county
区|district : suffix : 区 district borough
市|城市|city : suffix : 市 city
省|省份|province : suffix : 省 province
社区|小区|community|neighbourhood|neighborhood|estate : suffix : 社区 小区 community
街道|街|大街|大道|路|street|road : suffix : 街道 大道 路 街 street road
局|bureau : suffix : 局 bureau
部门|科室|department : suffix : 部 局 厅 处 科 办 委 室 department
单位|机构|部门|组织|团体|organisation|organization|institution|body|agency|unit|authority|partner : organisation :
设计院|研究院|研究所|institute : suffix : 设计院 研究院 研究所 公司 institute
协会|学会|society|association : suffix : 学会 协会 研究会 society association
委员会|committee|commission|council : suffix : 委员会 committee commission council
医院|hospital : suffix : 医院 hospital
银行|bank : suffix : 银行 bank
酒店|宾馆|饭店|hotel : suffix : 酒店 宾馆 饭店 hotel
餐厅|饭馆|restaurant : suffix : 餐厅 饭店 餐馆 restaurant
茶楼|茶馆|茶室|teahouse|tea house : suffix : 茶楼 茶馆 茶室 teahouse
咖啡馆|cafe|coffee shop : suffix : 咖啡馆 咖啡厅 cafe
电视台|电台|tv station|television : suffix : 电视台 电台 television
书店|bookshop|bookstore : suffix : 书店 bookshop
公园|园子|园|花园|park|garden : suffix : 园 park garden
广场|square|plaza : suffix : 广场 square plaza
厅|hall : suffix : 厅 堂 hall
室|房间|room : suffix : 室 厅 room
楼|楼层|层|floor : suffix : 楼 层 floor
中心|centre|center : suffix : 中心 centre center
基地|base : suffix : 基地 base
空间|space : suffix : 空间 space
站|station : suffix : 站 station
俱乐部|社团|队伍|战队|代表队|club|group|team|troupe : suffix : 俱乐部 团 队 会 社 坊 club group team
报纸|报|newspaper|paper : beside : 报 日报 晚报 晨报
出版社|publisher|press : suffix : 出版社 press
地方|地点|位置|场地|场馆|处所|venue|place|location|site|spot : place :
奖|奖项|荣誉|称号|奖励|award|prize|honour|honor|recognition|distinction|accolade|medal : award :
电影|影片|片子|film|movie : beside : 电影 影片 放映 展播 观看 影 film movie
书|图书|书籍|读物|绘本|名著|小说|诗集|book|picture book|novel|classic : beside : 书 绘本 图书 读 阅读 经典 book novel
展|展览|画展|书法展|展会|exhibition|exhibit|show : beside : 展 展览 exhibition
讲座|报告会|演讲|talk|lecture|speech : beside : 讲座 报告 主讲 讲堂 讲坛 题为 lecture talk
课|课程|课堂|course|class|lesson|session : beside : 课 课堂 课程 训练营 题为 course class
主题|theme : stated : 主题 theme
口号|标语|slogan|motto : stated : 口号 主题 slogan motto
题目|标题|课题|书名|片名|题|title|topic|subject : stated : 题为 题目 课题 题 名为 展名 title
姓名|真名|本名|real name|full name : person :
名字|名称|名|name : thing :
活动|activity|event : beside : 活动 event
项目|project|scheme|programme|program|initiative : beside : 项目 工程 行动 计划 project programme
品牌|系列|brand|series : beside : 品牌 系列 brand series
歌|歌曲|song : beside : 歌 歌曲 唱 song
比赛|大赛|竞赛|competition|contest : beside : 大赛 竞赛 比赛 赛 杯 competition contest
公众号|账号|account : beside : 公众号 微信号 号 account
书吧|书房|书屋|书店|书城|study|study room|city study|book bar : suffix : 书吧 书房 书屋 书店 书城
设备|机器|器材|equipment|device|machine|facility : suffix : 机 设备 机器 器 柜 系统 仪 墙
平台|系统|platform|system|software|app : beside : 平台 系统 软件 platform system
文件|通知|document|notice|circular : beside : 文件 通知 文号 方案 document notice
论文|文章|调研报告|essay|article|thesis : beside : 报告 论文 文章 课题 调研 paper essay
节目|表演|剧|戏|play|performance : beside : 节目 剧 演出 表演 play
"""
_UNITS_OF_LAND = frozenset("市县区旗")  # the counties of a city are cities and districts too
_PERSON_EN = frozenset(
    map(
        stem,
        "person people child general scholar teacher lecturer speaker writer author novelist poet calligrapher artist "
        "painter director librarian curator "
        "professor expert reader volunteer official leader mayor secretary chairman chairwoman chair president "
        "manager staff member instructor "
        "host guest soldier officer doctor journalist performer singer winner participant employee worker woman man "
        "colleague "
        "consultant adviser advisor interpreter translator choreographer inheritor head architect curator designer "
        "surgeon nurse engineer conservator driver keeper ranger founder "
        "donor photographer historian economist trainer coach champion minister governor commissioner trustee".split(),
    )
)
_OFFICE_TABLE = """
writer 作家|author 作者 作家|novelist 作家|poet 诗人|general 将军|scholar 学者 教授|teacher 老师 教师
calligrapher 书法家|artist 画家 艺术家|painter 画家|director 馆长 局长 主任 院长|librarian 馆员
expert 专家|professor 教授|mayor 市长
secretary 书记|chairman 主席 会长|speaker 主讲|lecturer 主讲 讲师 老师
"""
# The office at the top of a body, by the word for the body: a library has no 局长.
_TOP_OFFICE = (
    (re.compile(r"图书馆|博物馆|文化馆|档案馆|美术馆|馆|\b(?:librar|museum|archive|galler)"), "馆长"),
    (re.compile(r"医院|\bhospital"), "院长"),
    (re.compile(r"学校|中学|小学|\b(?:school|universit)"), "校长"),
    (re.compile(r"局|\bbureau"), "局长"),
    (re.compile(r"学会|协会|\b(?:society|association)"), "会长"),
)
_TOP = re.compile(r"\b(?:director|head|president|chief|boss|leader)s?$|负责人$|一把手$|领导$")
# Who heads a part of the house is its 主任.
_OF_A_PART = re.compile(
    r"(?: of (?:the )?(?:[\w-]+ ){0,2})?\b(?:it|tech\w*|children|reference|lending|circulation|acquisitions?|"
    r"catalogu?ing|training|department|section|division)\b"
)
_OF_A_WORK = re.compile(
    r"\b(?:title|name) of (?:the |its |their |an? )?(?:[\w-]+ ){0,2}"
    r"(?:essay|book|film|movie|article|paper|poem|novel|song)\b|"
    r"(?:论文|文章|诗集|小说|专著)[^,。?]{0,6}(?:题目|标题|题名|名字|名称|书名)"
)
_DEPUTY = re.compile(r"副|\b(?:deputy|vice|assistant)\b")
_OFFICES = {stem(row.split()[0]): tuple(row.split()[1:]) for row in re.split(r"[|\n]", _OFFICE_TABLE.strip())}
_PERSON_ZH = re.compile(
    r"(?:[作画诗艺专行书法]家|[馆局部市县区镇院校会团队站社处科厅村]长|主席|书记|主任|老师|教师|教授|将军|讲师|学者|"
    r"博士|嘉宾|主讲人?|负责人|干部|员工|馆员|专家|孩子|小朋友|[真本姓]名|[人者])$"
)
# Whoever speaks or is invited may be called so; the report says what he or she is instead (学者, 作家, 研究员).
_ANYBODY = re.compile(
    r"(?:\b(?:leader|official|guest|dignitary|person|people)s?|专家|嘉宾|老师|讲师|主讲人?|讲课人|名家|[真本姓]名|人物|人士)$"
)
_AGENT = re.compile(
    r"主办|承办|协办|合办|联合举办|颁发|颁给|赞助|资助|捐|赠|送的|出资|冠名|牵头|\b(?:organi[sz]ed|co-?hosted|hosted|sponsored|funded|awarded|"
    r"donated|jointly)\b"
)
_GIVES = re.compile(r"\b(?:bestow|award|grant|confer|win|won|receiv|earn|given|present|honou?r)")
_MEASURE = (
    "个|些|所|家|位|部(?!门)|本|项(?!目)|座|场|种|类|篇|首|条|级|处|间|名(?!字|称)|份|届|支|只|次|期|出|堂|门|款|块|张"
)
_WHICH_ZH = re.compile(
    rf"(?:哪|什么|啥|何)(?:[一两几三四五六七八九十]|\d+)?(?:{_MEASURE})?(?P<noun>[\u4e00-\u9fff]{{1,8}})?"
)
_BEFORE_COPULA = re.compile(
    r"(?P<noun>[\u4e00-\u9fff]{1,12}?)(?:的)?(?:名字|名称)?(?:到底|究竟|具体|都|分别)?(?:(?:叫|是|为|叫做|名为|是叫)(?:什么|啥|哪|谁|何)|(?:是|叫)\??$)"
)
_NP_EN = re.compile(
    r"\b(?:which|what)(?: of (?:the|its|their|[\w-]+(?: [\w-]+){0,3}?'s?))?"
    r"(?: (?:was|is|were|are) (?:the|its|their))? (?P<noun>[\w' -]+)"
)
_WHO_EN = re.compile(
    r"\bwho (?:is|was) (?:(?:the|its|their) )?(?P<noun>[\w' -]+)|"
    r"\bwho .{0,60}?\bas (?:(?:the|its|their|an?) )?(?P<as>[\w' -]+)"
)
# 列出…的分馆, name the branches …
_ORDERED_ZH = re.compile(r"(?:列出|列举|说出|写出|给出)(?P<noun>.+?)[。?]?$")
_ORDERED_EN = re.compile(
    r"^(?:please )?(?:name|list|give|identify) "
    r"(?:(?:all|any|of|the|its|their|two|three|four|five|six|seven) )*(?P<noun>[\w' -]+)"
)
_NAME_OF = re.compile(r"\bnames? of (?:the |its |their |an? )?(?P<noun>[\w' -]+)")
_STOP_EN = frozenset(
    "did do does was were is are has have had will would can could of in at on for from by to with that who which "
    "and or it its the a during into "
    "spoke got gave led took ran held went made won met taught read sang came said wrote began sent chose cut drew set "
    "put beat shot became brought bought built lent lost kept left paid sold told sat spent".split()
)

_TITLE_OF = re.compile(r"\btitles? of (?:the|its|this|an?)\b")  # a work's, though it won something
# 题目到底叫什么, what exactly is the title: it says nothing of what is asked for.
_EMPHASIS = re.compile(r"到底|究竟|具体|准确地?|确切地?|\b(?:exactly|precisely|actually|really) ")


@dataclass(frozen=True, slots=True)
class Focus:
    """What is asked for.

    ``sort``: person, place, organisation, award; ``suffix`` (a name ending in one of ``words``); ``beside`` and
    ``stated`` (a title beside one of them); ``thing`` (whatever is named). ``words`` are Chinese, or English in lower
    case.
    """

    sort: str
    words: tuple[str, ...] = ()
    noun: str = ""


def focus_of(question: Question) -> Focus:
    """What a question for a name asks for, by its noun; by its kind when it names none."""
    folded = _EMPHASIS.sub("", question.folded)
    houses = {m.name.split()[0] for m in question.mentions}
    noun = _noun_zh(folded) if question.written_in == "zh" else _noun_en(folded, houses)
    if question.kind is Kind.PERSON and _AGENT.search(question.folded) and not is_person(noun):
        return Focus("agent", (), noun)
    if question.kind is Kind.PERSON or is_person(noun):
        return Focus("person", _office(noun, question), noun)
    honour = noun.endswith("title") and _GIVES.search(folded) and not _TITLE_OF.search(folded)
    if question.written_in == "en" and honour:
        return Focus("award", (), noun)
    sort, accepted = _looked_up(noun)
    whole = _translated_whole(noun, question)
    if whole and sort == "suffix" and not whole[0].endswith(accepted):  # a study room (书房) is no room (阅览室)
        return Focus(sort, whole, noun)
    named = _translated(noun, question)
    if sort == "stated" and _OF_A_WORK.search(question.folded):
        accepted = (*accepted, "论文", "书")
    if not sort and re.search(r"(?:house|shop|store|room|hall|land|yard|field|garden|theatre|theater)s?$", noun):
        sort = "place"
    if not sort:
        sort = {Kind.PLACE: "place", Kind.ORGANISATION: "organisation"}.get(question.kind, "thing")
        if named and sort == "thing" and noun:
            return Focus("thing", named, noun)
    if question.kind is Kind.LIST and _UNITS_OF_LAND.intersection(accepted):
        accepted = tuple(dict.fromkeys((*accepted, *_UNITS_OF_LAND)))
    if sort in ("place", "organisation") and question.kind is Kind.LIST:
        return Focus(sort, (), noun)
    return Focus(
        sort, tuple(dict.fromkeys((*accepted, *(named if sort in ("suffix", "beside", "stated") else ())))), noun
    )


def is_person(noun: str) -> bool:
    if is_chinese(noun):
        return bool(_PERSON_ZH.search(noun))
    return bool(noun) and stem(noun.split()[-1]) in _PERSON_EN


def is_anybody(noun: str) -> bool:
    """A noun that any person may answer to."""
    return _ANYBODY.search(noun) is not None


def _noun_zh(folded: str) -> str:
    """The noun after 哪 or 什么, else the one before 是什么.

    >>> _noun_zh("满天星走进的是哪所学校"), _noun_zh("科普日的主题是什么?"), _noun_zh("哪个区的图书馆")
    ('学校', '主题', '区')
    """
    for match in _WHICH_ZH.finditer(folded):
        noun = _head_zh((match["noun"] or "").lstrip("儿里"), last=False)
        if noun and noun not in ("名字", "名称", "名", "时候"):
            return noun
    before = _BEFORE_COPULA.search(folded) or _ORDERED_ZH.search(folded)
    return _head_zh(before["noun"], last=True) if before else ""


def _head_zh(text: str, *, last: bool) -> str:
    """The noun at the front of what follows 哪, or at the end of what precedes 是什么, with its modifiers."""
    import rjieba

    run: list[str] = []
    tagged = rjieba.tag(text)
    for word, tag in reversed(tagged) if last else tagged:
        if not (
            word in _rows()
            or tag[:1] in "nsgbzj"
            or tag in ("vn", "an", "l", "q", "k")
            or (tag == "x" and len(word) > 1)
            or (tag[:1] == "v" and (len(word) > 2 or word in NOMINAL))
        ):
            break
        run.append(word)
    return "".join(reversed(run) if last else run)


def _noun_en(folded: str, houses: Set[str] = frozenset()) -> str:
    """The noun phrase after which or what, up to a verb or preposition.

    >>> _noun_en("which old-town reading space opened together?"), _noun_en("what was the title of the talk?")
    ('old-town reading space', 'title')
    """
    match = _NP_EN.search(folded) or _WHO_EN.search(folded)
    if match is None or re.match(r"(?:full |exact )?names?\b", match["noun"] or ""):
        match = _NAME_OF.search(folded) or match or _ORDERED_EN.search(folded)
    noun = match["noun"] or match.groupdict().get("as") or "" if match else ""
    if match is not None and match.re is _NAME_OF:
        noun = re.sub(r"^[\w-]+'s? ", "", noun)
    elif noun == "name" or noun.startswith("name "):  # the head of IT: what is the name?
        said = re.findall(r"[\w-]+", folded)
        noun = next((f"{a} {b}" for a, b in pairwise(said) if is_person(b)), noun)
    run: list[str] = []
    for word in re.sub(r"(?<=ren|men|ple)'s\b", "", noun).split():
        if word.endswith("'s"):  # which township's station: the township is asked for
            return " ".join([*run, word[:-2]])
        if (
            word in _STOP_EN
            or (run and word in houses)
            or (run and re.search(r"(?:ed|ing)$", word) and word not in ("reading", "training", "building", "meeting"))
        ):
            break
        run.append(word)
    return " ".join(run)


@cache
def _rows() -> dict[str, tuple[str, tuple[str, ...]]]:
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for line in _TABLE.strip().splitlines():
        asked, sort, accepted = (part.strip() for part in line.split(":"))
        for word in asked.split("|"):
            found.setdefault(word if is_chinese(word) else _stems(word), (sort, tuple(accepted.split())))
    return found


def _stems(phrase: str) -> str:
    return " ".join(token for token, _, _ in words(phrase))


def _looked_up(noun: str) -> tuple[str, tuple[str, ...]]:
    """The table's row for the longest end of a noun: 县级馆 as 馆, primary schools as primary school."""
    if is_chinese(noun):
        ends = [noun[at:] for at in range(len(noun))] + [noun[:at] for at in range(len(noun) - 1, 0, -1)]
    else:
        tokens = _stems(noun).split()
        ends = [" ".join(tokens[at:]) for at in range(len(tokens))]
    return next((_rows()[end] for end in ends if end in _rows()), ("", ()))


def _translated(noun: str, question: Question) -> tuple[str, ...]:
    """The noun itself and, for an English one, the words of the reports that its head stands for."""
    if not noun:
        return ()
    if is_chinese(noun):
        return tuple(dict.fromkeys((noun, noun[-2:])))
    head = stem(noun.split()[-1])
    return tuple(
        dict.fromkeys(
            alternative
            for term in question.terms
            if term.surface.split()[-1:] == [head]
            for alternative, quality in term.alternatives
            if quality >= 0.5 and is_chinese(alternative)
        )
    )


def _translated_whole(noun: str, question: Question) -> tuple[str, ...]:
    """What the reports call a thing that an English phrase of several words names as one: the word and its head."""
    phrases = [
        alternative
        for term in question.terms
        if len(term.surface.split()) > 1 and _stems(noun).endswith(term.surface)
        for alternative, quality in term.alternatives
        if quality >= 0.8 and is_chinese(alternative) and len(alternative) > 1
    ]
    heads = [parts[-1] for surface, parts in question.singles if phrases and _stems(noun).endswith(surface)]
    phrases += [a for head in heads for a, q in head.alternatives if q >= 0.8 and is_chinese(a) and len(a) > 1]
    return tuple(dict.fromkeys(word for phrase in phrases for word in (phrase, phrase[-2:])))


def _office(noun: str, question: Question) -> tuple[str, ...]:
    """Titles that should stand beside a person's name."""
    if not is_person(noun) or len(noun) < 2:
        return ()
    top = _top_office(noun, question)
    if top:
        return tuple(dict.fromkeys((top, *(noun.split()[-1:] if not is_chinese(noun) else ()))))
    if is_anybody(noun):
        return ()
    if is_chinese(noun):
        import rjieba

        title = noun[-2:] if rjieba.has_word(noun[-2:]) and not noun.endswith(("理事长", "秘书长")) else noun[-3:]
        own = (title, noun)
        english = [
            a for t in question.terms if t.surface in own for a, q in t.alternatives if q >= 0.5 and not is_chinese(a)
        ]
        return tuple(dict.fromkeys((title, *english)))
    head = noun.split()[-1]
    return tuple(dict.fromkeys((*_translated(noun, question), *_OFFICES.get(stem(head), ()), head)))


def _top_office(noun: str, question: Question) -> str:
    """The Chinese title of who heads the body that a question names after the office, else before it."""
    office = _TOP.search(noun)
    if office is None:
        return ""
    if _OF_A_PART.search(noun[: office.start()]) or _OF_A_PART.match(
        question.folded, question.folded.find(noun) + len(noun)
    ):
        return "" if is_chinese(noun) else "主任"
    at = question.folded.find(noun)
    behind, before = question.folded[at + len(noun) :], question.folded[: at + office.start()]
    first = min(
        ((m.start(), title) for body, title in _TOP_OFFICE for m in [body.search(behind)] if m), default=(0, "")
    )
    last = max(((m.start(), title) for body, title in _TOP_OFFICE for m in body.finditer(before)), default=(0, ""))
    title = (last if is_chinese(noun) else first)[1] or (first if is_chinese(noun) else last)[1]
    return ("副" if title and _DEPUTY.search(noun) else "") + title
