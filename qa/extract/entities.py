"""Named things in a chunk: persons, places, organisations, titles, awards.

No model and no list of names: the segmenter's tags, what stands beside a name (a title of office, a verb of
presenting, an ordinal) and the suffix a Chinese name of a place or body ends with. Each thing is found with generous
bounds; which of them answers a question is decided in ``names``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from documents.dates import MONTHS_EN
from qa.scan import Scan

HAN = r"\u3400-\u9fff"
QUOTED = re.compile(r"《[^《》\n]{1,60}》|“[^“”\n]{1,60}”|「[^「」\n]{1,40}」|『[^『』\n]{1,40}』|\"[^\"\n]{2,60}\"")
# A theme or title that stands without quotation marks.
_STATED_TITLE = re.compile(
    r"(?:主题|题目|课题|口号|书名|片名|展名|题名|项目名称|名称)(?:是|为|叫|"
    r":)\s*(?![“《「])([^,。;:、“”《》\n]{2,30})|以([^,。;:“”《》\n]{2,24}?)为(?:分享|活动)?(?:主题|题)|"
    r"题为\s*(?![“《])([^,。;“”《》\n]{2,30})"
)
_BODY = re.compile(
    "图书馆|博物馆|文化馆|美术馆|档案馆|科技馆|纪念馆|体育馆|分馆|总馆|学会|协会|商会|基金会|理事会|联合会|研究会|总会|工会|联盟|文联|妇联|残联|侨联|科协|作协|"
    "团委|学校|小学|中学|幼儿园|大学|学院|公司|集团|银行|企业|工厂|委员会|居委会|政协|人大|政府|医院|"
    "支队(?!伍)|大队|中心|俱乐部|朗诵团|艺术团|志愿队|服务队|读书会|诗词坊|工作室|考察团|代表团|文化站|服务站|工作站|"
    "[一二三四五六七八九十]{1,3}[中小](?=[、,，。;和及等]|$)|党支部|支部|党委|支中心|办事处|出版社|报社|电视台|研究所|研究院|合作社|"
    "(?<![来到我本全入闭开场各市省县区进出离])馆(?![员长内外里藏际舍])|[\u3400-\u9fff]{2}部(?![门分队长署位件])|"
    "[\u3400-\u9fff](?:(?<![布格结当大全开])局|(?<![能告展大餐客])厅|委)(?![\u3400-\u9fff]?长|员|派)"
)
_SITE = re.compile(
    "活动中心|文化中心|中心|多功能厅|报告厅|会议室|活动室|阅览室|展览厅|展厅|大厅|剧场|剧院|(?:广场|公园)[东西南北]?|花园|小区|社区|"
    "街道|基地|空间|书房|书屋|书店|茶楼|艺苑|书院|学社|古镇|古城|老街|古窑|水村|景区|农场|车站|机场|门前|馆前"
    "|[\u3400-\u9fff](?:镇|乡|村|县|区|市|省|州|园|楼|寺|山|湖|路)(?![长委民级])"
)
_AWARD = re.compile(
    r"(?:[一二三特\d]等奖|提名奖|组织奖|创新奖|成果奖|金奖|银奖|铜奖|优秀奖|贡献奖|大奖|奖(?!状|励|项|品|惩|金)|"
    r"荣誉称号|先进(?:集体|个人|单位|工作单位|工作者|基层党组织)|优秀[\u3400-\u9fff]{0,8}?(?:项目|作品|集体|党员|"
    r"共产党员|党支部|组织单位|案例|课程|分馆)|文明单位|健康单位|"
    r"示范(?:区|点|单位|基地)|典型案例|十佳[\u3400-\u9fff]{0,4}|标兵|能手|品牌项目)"
)
_SHORT_SUFFIX = frozenset("馆部局厅委镇乡村县区市省州园楼寺山湖路奖")
_AWARD_WORD = re.compile(r"奖|荣誉|称号|先进|优秀|示范|典型|文明单位|标兵|十佳|最美|最佳")
_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方"
    "俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于傅皮卞齐康伍余元卜顾孟平黄穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏"
    "成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫房裘"
    "缪干解宗丁宣邓郁单杭洪包诸左石崔吉钮龚程嵇邢裴陆荣翁荀惠甄曲家封芮羿储靳段焦巴牧谷车侯宓蓬郗班仰秋仲伊宫宁仇栾甘"
    "祖武符刘景詹束龙叶司黎薄印白怀蒲鄂索咸籍赖卓蔺屠蒙池乔阴胥苍闻翟谭贡劳姬申扶堵冉宰雍桑桂牛寿通边扈燕冀浦尚农温别"
    "庄晏柴瞿阎慕连茹习艾鱼容向古易慎戈廖庾终暨居衡步耿弘匡国文寇广阙东欧沃利蔚隆师巩聂晁勾敖融冷辛阚简饶曾沙养鞠须丰"
    "巢关查荆游竺权盖益桓仉覃岳帅缑亢况琴肖付代闫邸仝岩隋逯楚晋佟边花仇栗冒苟鞠丛战雒逄郄郗戎牟佘佴麦禚綦亓庾扈敖晁訾腾栾仵尧楼"
    "甯厉玉迟"
)
_COMPOUND = ("欧阳", "司马", "上官", "诸葛", "东方", "尉迟", "皇甫", "公孙", "慕容", "令狐", "司徒", "夏侯")
_OFFICE = (
    "老师|教师|教授|讲师|博士|院士|馆长|局长|主席|部长|市长|县长|区长|镇长|乡长|村长|书记|科长|处长|厅长|主任|院长|"
    "校长|会长|秘书长|社长|团长|队长|站长|总经理|经理|董事长|委员|常委|同志|将军|先生|女士|作家|画家|书法家|诗人|"
    "专家|学者|教练|法师|记者|导演|研究员|主编|总编|馆员|理事"
)
_BEFORE = re.compile(
    rf"(?:{_OFFICE}|[一-鿿]家|嘉宾|主讲人?|主持人?|会员|职工|员工|读者|志愿者|选手|负责人|代表|组长|党员|模范|"
    rf"[校馆园所站]友)(?:是|为|:)?$|(?:授予|由|请来|特邀|邀请到?了?|聘请|颁给|为|叫|是|[:(])$"
)
_AFTER = re.compile(
    rf"(?:副?(?:{_OFFICE})|副(?={_OFFICE})|等|一行|主讲|带队|讲座|讲解|分享|担任|主持|讲授|授课|应邀|作品|荣?获|"
    rf"[一二三四五六七八九十两\d]+[位人名]|《|[(])"
)
_TAUGHT = re.compile(r"(?:学习|贯彻|落实|坚持|践行|围绕|以)$")
_NO_PERSON = re.compile(
    rf"^(?:小学|中学|大学|学校|学院|幼儿园|社区|镇|乡|村|县|区|市|省|路|街|集团|公司|中心|图书馆|文化|古镇|老街|等奖|"
    rf"[{HAN}]?馆)"
)
_NOT_GIVEN = frozenset("是为在和与及到了的一等将把给有于由从对向上下中内不又也就都并同之其这那个们场次名位年月日")
# What a person does, in one character: after a name of two it begins what is told, any other is a third (许天放领读).
_ACTS_AFTER = frozenset(
    "讲说任系带率获作做来去赴谈写画唱赠捐送当出接领办主授宣发致介参应受担入调退著编译题揭剪代颁教陪随携离升兼提指得拿借读看走"
)
# Who takes an office up stands before it: 孙长虹当选理事长.
_TAKES_OFFICE = re.compile(
    rf"(?<=[,，、;；。:：由\n])[{''.join(sorted(_SURNAMES))}][\u4e00-\u9fff]{{1,2}}?"
    rf"(?=当选|接任|继任|担任|出任|主讲|任[\u4e00-\u9fff]{{0,6}}?(?:{_OFFICE}))"
)
_HOLDS = re.compile(rf"(?:{_OFFICE}|编[剧辑审]|[员师士者手生])$")
_PLACE_END = re.compile(r"[镇乡村县区市省州旗盟路街]$")
_ALL_HAN = re.compile(r"[\u4e00-\u9fff]+")
# An office, a trade (护士, 律师, 传承人), or 由 before who does something: whoever is named stands right behind it.
_OFFICE_BEFORE_NAME = re.compile(
    rf"(?:{_OFFICE}|选手|组长|老人|馆友|学生|同学|编[剧辑审]|护士|[医律术艺影计技程剪图]师|[洁演委职队学司销]员|承人|由)"
    rf"(?:\([^()]{{1,6}}\))?(?=[{''.join(sorted(_SURNAMES))}过][\u4e00-\u9fff])"
)
_ENDS_NAME = re.compile(
    rf"$|[\s,。;:、()《“！？!?]|[{''.join(sorted(_ACTS_AFTER))}]|等(?!奖)|一行|[为在于从向与和及以到因被曾将]|荣获|朗[读诵]|[撰诵]|前往|应邀|专程|亲自|先后|分别|老师|同志|先生|女士|教授"
)
# Verbs that stand inside names as nouns do: 阅读空间, 自助图书馆, 志愿服务队.
NOMINAL = frozenset(
    "服务 阅读 体验 活动 教育 宣传 培训 管理 推广 自助 流动 志愿 建设 发展 研究 交流 展示 借阅 出版 学习 创新 实践 "
    "读书 朗诵 考察 示范 护路 投资 旅游 广播 演艺 设计 保护 运动 健身 美思 投递 绘画 文广 演讲 辅导 指导 规划 工作 "
    "贯彻 党建 竞赛 开发".split()
)
_STOP_BEFORE = frozenset("p c uj ul uz uv d r f q y e x u v df ud ug".split())
_STOP_WORDS = frozenset("让使令被把将均已仍皆较并则即各另该此本")
_MEASURED = re.compile(r"[家个位座所名场次期批多余几两第]|\d$")
_TITLES_EN = "Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Sir|Dame|Lord|Lady|Councillor|Cllr|General|Captain|Judge|Mayor"
_LATIN_NAME = re.compile(
    rf"(?:\b(?:{_TITLES_EN})\.? )?\b[A-Z][\w'’&-]*(?:(?: (?:of|of the|for|for the|de|van|von))?(?: |\n)[A-Z][\w'’&-]*)*"
)
_CALENDAR = frozenset(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday Q1 Q2 Q3 Q4 The This That These "
    "In On At By For From With To A An Our We It Its "
    "They He She "
    "Some All New Two Three Four Five Six Seven Eight Nine Ten After Before During When While More Nearly About "
    "Visits Total".split()
).union(MONTHS_EN)
_HONORIFIC = re.compile(rf"(?:{_TITLES_EN})\.? ")


@dataclass(frozen=True, slots=True)
class Named:
    """A named thing at ``[start, end)``; ``kind`` is person, place, organisation, title, award or latin.

    ``sure`` (0 to 1) is how far its form alone tells that it is one.
    """

    start: int
    end: int
    kind: str
    sure: float = 1.0


@dataclass(frozen=True, slots=True)
class Token:
    word: str
    tag: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def tokens_of(folded: str) -> tuple[Token, ...]:
    """The segmenter's words with their tags and places."""
    import rjieba

    at, found = 0, []
    for word, tag in rjieba.tag(folded):
        found.append(Token(word, tag, at, at + len(word)))
        at += len(word)
    return tuple(found)


@lru_cache(maxsize=4096)
def named_things(scanned: Scan) -> tuple[Named, ...]:
    """Every named thing of a chunk; kinds may overlap (a title within an award)."""
    text, tokens = scanned.folded, tokens_of(scanned.folded)
    holders = [*_office_holders(text), *_foreign_names(tokens, text)]
    taken = {offset for holder in holders for offset in range(holder.start, holder.end)}
    persons = [p for p in _persons(text, tokens) if p.start not in taken and p.end - 1 not in taken]
    found = [*_titles(text), *holders, *persons, *_latin(scanned.chunk.text)]
    for kind, pattern in (("organisation", _BODY), ("place", _SITE), ("award", _AWARD)):
        for match in pattern.finditer(text):
            start = phrase_start(text, match.start(), match.end())
            if match.end() - start > 2 and not _crosses(text, tokens, match.end()):
                found.append(Named(start, match.end(), kind, 1.0 if start < match.start() else 0.6))
    found += [Named(t.start, t.end, "place", 0.8) for t in tokens if t.tag == "ns" and len(t.word) > 1]
    best: dict[tuple[int, int, str], Named] = {}
    for thing in found:
        best.setdefault((thing.start, thing.end, thing.kind), thing)
    return tuple(sorted(best.values(), key=lambda n: (n.start, n.end, n.kind)))


def _titles(text: str) -> Iterator[Named]:
    for match in QUOTED.finditer(text):
        yield Named(match.start(), match.end(), "title")
        if _AWARD_WORD.search(match[0]):
            yield Named(match.start(), match.end(), "award")
    for match in _STATED_TITLE.finditer(text):
        group = next(g for g in (1, 2, 3) if match[g])
        yield Named(match.start(group), match.end(group), "title", 0.9)


def phrase_start(text: str, start: int, end: int) -> int:
    """Back from a suffix over the nouns and names in front of it, to a verb, preposition or punctuation.

    >>> phrase_start("活动由昆山富士康科技集团主办", 10, 12)
    3
    """
    tokens = tokens_of(text)
    at = next((i for i, t in enumerate(tokens) if t.end > start), 0)
    first = min(start, tokens[at].start) if tokens and not _cut_inside(tokens[at], start) else start
    for token in reversed(tokens[max(0, at - 8) : at]):
        if not _belongs(token, text) or end - token.start > 26:
            break
        first = token.start
    return _without_lead(text, first, end)


def _crosses(text: str, tokens: Sequence[Token], end: int) -> bool:
    """A suffix that ends within a word is none: 中学 in 集中学习; 园 in 园内 is one."""
    if text[end : end + 1] in "内里外中前":
        return False
    return any(t.start < end < t.end for t in tokens) and (
        text[end - 2 : end] in ("中学", "大学") or text[end - 1] in _SHORT_SUFFIX
    )


def ends_a_noun(text: str, end: int) -> bool:
    """Whether a noun ends here: 举办 ends in 办 and names no office."""
    last = next((t for t in tokens_of(text) if t.start < end <= t.end), None)
    return (
        last is not None
        and (last.end == end or text[end : end + 1] in "内里外中前")
        and (last.tag[0] in "njglxsb" or last.tag == "vn")
    )


def _cut_inside(token: Token, start: int) -> bool:
    """A suffix that begins inside a word which is not itself part of a name (来到馆)."""
    return token.start < start and token.tag[:1] not in "nasjbliz"


def _belongs(token: Token, text: str) -> bool:
    word = token.word
    if word in NOMINAL or (word.isdigit() and text.startswith("小时", token.end)):
        return True
    if word in _STOP_WORDS:
        return False
    if token.tag == "m":
        return not _MEASURED.search(word) and text[token.end : token.end + 1] not in "家个位座所名场次期批"
    if word.isascii():
        return word.isalnum()
    return token.tag not in _STOP_BEFORE and "\u3400" <= word[0] <= "\u9fff"


_LEAD = re.compile(
    r"(?:全[市省县区国馆]|.*(?:等|了|到|对|在|由|归|进|邀请|来自|得|连同)|.*?举办|召开|参观点?|一行|全体|部分|有关|其他|其中|地点|"
    r"主办方|承办方|分别|前往|走进|年度?|有|即|本|新建|新增|新设|新开|建成|建设|第[一二三四五六七八九十]+[批期次]|"
    r"特色|优秀(?=.馆))+(?=.{2})"
)


def _without_lead(text: str, first: int, end: int) -> int:
    match = _LEAD.match(text, first, end)
    return match.end() if match and match.end() < end else first


def _persons(text: str, tokens: Sequence[Token]) -> Iterator[Named]:
    """Names of two to four characters, from the tagger's guess and from what stands before and after."""
    for at, token in enumerate(tokens):
        if token.word[0] not in _SURNAMES and not _is_unknown_name(token, text):
            continue
        best = max(
            (_person(text, token, end, known) for end, known in _ends(tokens, at)),
            key=lambda n: (n.sure, n.end),
            default=None,
        )
        if best and best.sure > 0:
            yield best


def _is_unknown_name(token: Token, text: str) -> bool:
    """Three characters behind an office that the segmenter takes for a name, though no word list has them."""
    import rjieba

    held = token.tag == "nr" and len(token.word) == 3 and _HOLDS.search(text, max(0, token.start - 6), token.start)
    return bool(held) and not rjieba.has_word(token.word)


def _office_holders(text: str) -> Iterator[Named]:
    """Who is named right behind an office (部长江映川剪彩): the segmenter often cuts such a name, so characters decide.

    Two or three characters: whichever is followed by a mark or by what a person does; three where both are.
    """
    for match in _TAKES_OFFICE.finditer(text):
        if not _is_word(match[0]) and match[0][-1] not in "镇乡村县区市部局馆员":
            yield Named(match.start(), match.end(), "person", 0.95)
    for match in _OFFICE_BEFORE_NAME.finditer(text):
        start = match.end()
        given = start + (2 if text.startswith(_COMPOUND, start) else 1)
        ends = [e for e in (given + 2, given + 1) if _ENDS_NAME.match(text, e) and _ALL_HAN.fullmatch(text, start, e)]
        ends = [
            e for e in ends if not set(text[given : given + 1] + text[given + 1 : e].strip("年月名中之")) & _NOT_GIVEN
        ]
        if len(ends) > 1 and text[given + 1] in _ACTS_AFTER:  # 馆长高岚带领: the third character begins what is told
            ends = ends[1:]
        if ends and not _is_word(text[start : ends[0]]):
            yield Named(start, ends[0], "person", 0.95)


def _foreign_names(tokens: Sequence[Token], text: str) -> Iterator[Named]:
    """Names that begin with no surname, as of Mongols and Uyghurs: what stands whole between an office or a trade and
    what its holder does (教授额尔敦主讲, 编辑巴图朝鲁。), of words that the segmenter takes for names.
    """
    for at, token in enumerate(tokens[:-1]):
        if not _HOLDS.search(token.word):
            continue
        end = at + 1
        while end < len(tokens) and tokens[end].tag[:2] in ("nr", "ns", "nz") and _ALL_HAN.fullmatch(tokens[end].word):
            end += 1
        first, last = tokens[at + 1], tokens[end - 1]
        length = last.end - first.start
        foreign = first.word[0] not in _SURNAMES or (length > 3 and len(first.word) > 1)
        whole = end > at + 1 and 2 < length < 7 and _ENDS_NAME.match(text, last.end)
        if foreign and whole and not _PLACE_END.search(last.word):
            yield Named(first.start, last.end, "person", 0.9)


def _is_word(name: str) -> bool:
    """Whether the segmenter knows two characters as a common word (成立, 方面)."""
    import rjieba

    (word, tag), *rest = rjieba.tag(name)
    return not rest and len(word) == 2 and tag[0] in "nvadbcfjlrsztz" and not tag.startswith("nr")


def _ends(tokens: Sequence[Token], at: int) -> Iterator[tuple[int, bool]]:
    """Where a name that begins at a token could end, and whether the tagger takes it for a name."""
    first = tokens[at]
    compound = first.word in _COMPOUND
    longest = 4 if first.word.startswith(_COMPOUND) or first.tag == "nr" else 3
    known = first.tag.startswith("nr") or (first.tag == "x" and len(first.word) > 1)
    if 2 <= len(first.word) <= longest and not compound:
        runs_on = len(first.word) == 4 and first.word[-1] in _ACTS_AFTER  # 陆静川任书记
        if not runs_on:
            yield first.end, known
        if runs_on or (len(first.word) > 2 and first.word[-1] in _NOT_GIVEN):
            yield first.end - 1, known
    for follower in tokens[at + 1 : at + 3]:
        length = follower.end - first.start
        if (
            length > (4 if compound else 3)
            or not all("\u3400" <= c <= "\u9fff" for c in follower.word)
            or follower.word[0] in _NOT_GIVEN
        ):
            return
        third = len(first.word) == 2 and len(follower.word) == 1 and follower.word not in _ACTS_AFTER
        odd = third or follower.tag in ("zg", "ng", "g", "x", "nr", "nrt", "nrfg")
        yield follower.end, (known or first.tag == "zg") and (odd or compound)


def _person(text: str, first: Token, end: int, known: bool) -> Named:
    before = text[max(0, first.start - 10) : first.start]
    after = text[end : end + 8]
    whole = known and end - first.start == 3 and bool(_BEFORE.search(before)) and bool(_AFTER.match(after))
    if (
        _NO_PERSON.match(after)
        or text[end - 1] in "镇乡村县区市部局馆展园庄厅院校"
        or (text[end - 1] in _NOT_GIVEN and not whole)  # 学者钱柏年主讲 is whole
    ):
        return Named(first.start, end, "person", 0.0)
    cues = bool(_BEFORE.search(before)) + bool(_AFTER.match(after))
    if _TAUGHT.search(before) or before.count("“") > before.count("”"):  # part of a slogan or a title
        return Named(first.start, end, "person", 0.1)
    series = known and bool(re.match(r"、", after) or before.endswith("、"))
    if known and not cues and not series and _is_common(text[first.start : end]):
        return Named(first.start, end, "person", 0.2)
    if not known and (not cues or _is_word(text[first.start : end])):
        return Named(first.start, end, "person", 0.0)
    return Named(
        first.start, end, "person", min(1.0, _form(text[first.start : end], known) + 0.2 * cues + 0.1 * series)
    )


def _is_common(name: str) -> bool:
    """Two characters that are a word, though the segmenter may take them for a name (齐全)."""
    import rjieba

    return len(name) == 2 and bool(rjieba.has_word(name))


def _form(name: str, known: bool) -> float:
    """How far the characters alone make a name: what the tagger calls a name is often a word it knows (弘扬)."""
    import rjieba

    if not known:
        return 0.5
    return 0.7 if not rjieba.has_word(name) else 0.55 if len(name) > 2 else 0.4


def _latin(text: str) -> Iterator[Named]:
    """Capitalised names of an English text; the first word of a sentence alone is none, nor is a month."""
    for match in _LATIN_NAME.finditer(text):
        words = match[0].split()
        start = match.start()
        while words and words[0] in _CALENDAR:
            start += len(words[0]) + 1
            words = words[1:]
        begins = start == match.start() and (not text[:start].rstrip() or text[:start].rstrip()[-1] in ".!?\n#")
        if (
            not words
            or words[-1] in _CALENDAR
            or len(words) > 9
            or (begins and len(words) == 1)
            or match.end() - start < 3
        ):
            continue
        kind = "person" if _HONORIFIC.match(text, start) else latin_kind(text[start : match.end()])
        lone = len(words) == 1 or (kind == "latin" and (len(words) > 4 or bool({"of", "for"} & set(words))))
        yield Named(start, match.end(), kind, 0.6 if lone else 1.0)


_LATIN_WORDS = {
    "award": "Award Awards Prize Medal Honour Honours Honor Honors Certificate Fellowship",
    "organisation": (
        "Library Libraries School College University Academy Museum Society Ltd Limited Inc Company Council "
        "Association Trust Foundation Committee Department Bureau Ministry Institute "
        "Agency Authority Club Union Bank Press Hospital Group Forum Fund Federation Board Team"
    ),
    "place": (
        "Hall Street Road Park Square Room Centre Center House Garden Gardens Lane "
        "Branch Town City County District Village Island Gallery Theatre"
    ),
}
_LATIN_KINDS = {kind: frozenset(words.split()) for kind, words in _LATIN_WORDS.items()}


def latin_kind(name: str) -> str:
    """What an English name says of itself; ``latin`` when nothing."""
    words = set(re.findall(r"[A-Za-z]+", name))
    return next((kind for kind, said in _LATIN_KINDS.items() if words & said), "latin")
