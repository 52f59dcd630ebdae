"""Named things: what is recognised, what a question asks for, and which of them is given as the answer."""

from __future__ import annotations

import pytest

from documents.report import Chunk, Passage, Period, Stance
from index.scope import Scope
from qa.extract.builtin import find
from qa.extract.entities import named_things
from qa.extract.evidence import Evidence
from qa.extract.finding import Finding
from qa.extract.focus import focus_of
from qa.extract.limits import ordinal_factor, without_excluded
from qa.extract.names import answer_name
from qa.scan import scan
from qa.understanding.directory import Directory
from qa.understanding.question import Question, understand


def chunk(text: str, *, number: int = 1, month: int | None = None) -> Chunk:
    """A chunk of one line of a report for 2019."""
    period = Period(2019, month)
    passage = Passage(text, ((0, number),))
    return Chunk(f"r-{number}", "r", ("大事记",), period, Stance.ACHIEVED, passage, frozenset({period}))


def asked(text: str) -> Question:
    return understand(text, Directory(()), lambda keys: (), _everything_is_known)


def _everything_is_known(name: str, *, library: bool = False) -> bool:
    return bool(name) or library


def answer(question: str, *texts: str) -> Finding | None:
    chunks = [chunk(text, number=n) for n, text in enumerate(texts, 1)]
    return answer_name(Evidence.gather(asked(question), chunks))[0]


def short(question: str, *texts: str) -> str | None:
    found = answer(question, *texts)
    return found.short if found else None


def named(text: str, kind: str) -> set[str]:
    scanned = scan(chunk(text))
    return {scanned.folded[n.start : n.end] for n in named_things(scanned) if n.kind == kind}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("书法家林一舟到场。", "林一舟"),
        ("由馆长高岚带队检查。", "高岚"),
        ("请来石远航老师主讲。", "石远航"),
        ("听贺家红同志作报告。", "贺家红"),
    ],
)
def test_a_title_of_office_beside_it_makes_a_person_of_a_name(text: str, name: str) -> None:
    assert name in named(text, "person")


def test_a_name_inside_a_slogan_is_no_person_to_answer_with() -> None:
    scanned = scan(chunk("座谈“学习张海峰精神”"))
    assert all(n.sure < 0.5 for n in named_things(scanned) if n.kind == "person")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("活动由东山富士康科技集团协办", "东山富士康科技集团"),
        ("副局长来到市图书馆座谈", "市图书馆"),
        ("承办方是襄垣县图书馆。", "襄垣县图书馆"),
    ],
)
def test_an_organisation_begins_after_the_verb_in_front_of_it(text: str, name: str) -> None:
    assert name in named(text, "organisation")


def test_a_suffix_within_a_word_ends_no_name() -> None:
    assert not any(name.endswith("中学") for name in named("党员集中学习三次", "organisation"))


@pytest.mark.parametrize(
    ("question", "sort", "word"),
    [
        ("讲座走进了哪所学校？", "suffix", "小学"),
        ("科普日的主题是什么？", "stated", "主题"),
        ("2月放映了哪部电影？", "beside", "影片"),
        ("Which company sponsored the concert?", "suffix", "集团"),
        ("Which poet read in the garden?", "person", "诗人"),
    ],
)
def test_the_asked_noun_says_what_an_answer_must_look_like(question: str, sort: str, word: str) -> None:
    focus = focus_of(asked(question))
    assert focus.sort == sort
    assert word in focus.words


def test_asked_for_a_school_the_school_is_given_and_not_the_town() -> None:
    text = "11月20日，亲子大讲坛来到石桥镇紫藤小学，主讲人介绍了绘本。"
    assert short("亲子大讲坛走进的是哪所学校？", text) == "石桥镇紫藤小学"


def test_asked_for_a_town_the_town_is_given_and_not_the_hall() -> None:
    text = "9月10日，分馆工作会议在石桥镇文化活动中心召开。"
    assert short("分馆工作会议在哪个镇召开？", text) == "石桥镇"


def test_a_word_behind_a_quoted_title_says_what_it_is() -> None:
    text = "推出“青春诵读”线上活动、“纸上山河”特种文献展、“我爱读书”征文。"
    assert short("特种文献展叫什么名字？", text) == "纸上山河"


def test_a_question_for_a_film_is_not_answered_by_a_department() -> None:
    assert short("5月放映了哪部电影？", "5月，流通部放映小组整理了设备。") is None


def test_no_holder_of_an_office_is_made_up_from_another_office() -> None:
    assert short("馆长叫什么？", "主讲人李国庆老师是诗词学会会长。") is None


def test_each_honour_goes_to_the_person_of_its_own_clause() -> None:
    text = "年终大会上，先进工作者授予杨利丽，优秀志愿者授予俞菊芳。"
    assert short("谁获得先进工作者？", text) == "杨利丽"


def test_a_counted_sort_of_thing_is_no_name() -> None:
    assert short("新建的分馆叫什么名字？", "全年新建分馆2家，设备也已到位。") is None


def test_under_another_day_stands_another_thing() -> None:
    entries = "10月25日，讲坛被评为“社区品牌项目”。\n10月28日，图书馆被评为“健康场所典型案例”。"
    assert short("10月28日图书馆被评为什么称号？", entries) == "健康场所典型案例"


def test_a_clause_that_counts_another_speaks_of_that_one() -> None:
    question = asked("第三季度是什么活动？")
    assert ordinal_factor(question, "第一季度是")[1] < ordinal_factor(question, "第三季度是")[1]


def test_words_the_question_shuts_out_weigh_nothing() -> None:
    evidence = Evidence.gather(asked("除自助图书馆外新设了哪个分馆？"), [chunk("新设望江分馆和自助图书馆。")])
    weights = dict(zip((t.surface for t in evidence.terms), without_excluded(evidence).weights, strict=True))
    assert weights["自助"] == 0.0
    assert weights["分馆"] > 0.0


def test_an_english_answer_gives_a_person_in_pinyin_beside_the_name() -> None:
    found = answer("Who took part in 2019?", "2019年，书法家林一舟参加活动。")
    assert found is None or found.short == "Lin Yizhou (林一舟)"


def test_an_english_report_answers_with_its_names() -> None:
    text = "Park ranger Simon Achebe was named Green Champion of the Year by the Northern Parks Forum."
    assert short("Who was named Green Champion of the Year?", text) == "Simon Achebe"


def test_the_citation_is_the_line_of_the_name() -> None:
    found = answer("讲座走进了哪所学校？", "展览开幕。", "讲座走进紫藤小学。")
    assert found is not None
    assert [str(v.support.lines) for v in found.values] == ["L2"]


def test_a_scope_without_the_report_has_no_answer() -> None:
    question = asked("讲座走进了哪所学校？").within(scope=Scope(reports=frozenset({"other"})))
    assert answer_name(Evidence.gather(question, [chunk("讲座走进紫藤小学。")]))[0] is None


@pytest.mark.parametrize(
    ("text", "name"),
    [("文史作家司马青禾主讲。", "司马青禾"), ("馆长林一舟主持。", "林一舟")],
)
def test_a_surname_of_two_characters_is_no_whole_name(text: str, name: str) -> None:
    assert name in named(text, "person")
    assert "司马" not in named(text, "person")


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who was the director of Qingshan City Library in 2019?", ("馆长", "director")),
        ("Who is the president of Yu'an County People's Hospital?", ("院长", "president")),
        ("青山市图书馆的负责人是谁？", ("馆长",)),
    ],
)
def test_the_head_of_a_body_has_the_title_of_that_body(question: str, words: tuple[str, ...]) -> None:
    assert focus_of(asked(question)).words == words


def test_the_one_who_took_over_is_not_the_one_who_left() -> None:
    text = "Sir Alan Merrow stepped down as chair of the trustees in May; Professor Lucy Hartnell took over as chair."
    assert "Hartnell" in (short("Who is the new chair of the trustees?", text) or "")


def test_persons_in_a_row_share_the_title_in_front_of_the_first() -> None:
    text = "馆员王丽娟获得个人二等奖，陈敏获得个人三等奖。"
    assert short("哪位馆员获得个人三等奖？", text) == "陈敏"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("诗社社长许天放领诵", "许天放"),
        ("宣传部部长江映川剪彩", "江映川"),
        ("由大学教授萧望舒讲《心学》", "萧望舒"),
        ("馆长李明讲课", "李明"),
        ("馆长方面已有安排", None),
        ("委员成立小组", None),
        ("主任高度重视", None),
    ],
)
def test_a_name_behind_an_office_is_told_by_what_follows_it(text: str, name: str | None) -> None:
    persons = {text[n.start : n.end] for n in named_things(scan(chunk(text))) if n.kind == "person" and n.sure > 0.9}
    assert persons == ({name} if name else set())


def test_a_year_without_its_sign_limits_a_chinese_question() -> None:
    assert asked("许图2019办证多少").scope.years == {2019}
    assert asked("2024上半年来馆人次").scope.years == {2024}
    assert asked("赠书2019册的是谁").scope.years == frozenset()


def test_a_name_said_twice_in_a_sentence_is_one_person() -> None:
    text = "馆长臧北辰，副馆长郎秋水、戚维桢，其中戚维桢6月由利津县图书馆调任。"
    assert short("从利津县调任来的副馆长是谁？", text) == "戚维桢"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("市医院护士隋明月捐出日记。", "隋明月"),
        ("由余晚舟接任馆长。", "余晚舟"),
        ("馆长楚云天被评为先进。", "楚云天"),
        ("考古学者钱松年主讲《运河》。", "钱松年"),
        ("6月换届，陆静川任书记。", "陆静川"),
        ("由大学教授额尔敦主讲。", "额尔敦"),
    ],
)
def test_who_does_something_behind_an_office_or_a_trade_is_a_person_named_whole(text: str, name: str) -> None:
    assert name in named(text, "person")


def test_an_expert_asked_for_may_be_called_what_he_is() -> None:
    assert short("江湖讲坛讲运河的专家是哪位？", "4月2日，江湖讲坛邀请作家林一舟讲《运河》。") == "林一舟"


def test_a_nickname_leads_to_the_person_and_not_to_the_event() -> None:
    text = "“木棉树下故事会”每周举行，主讲人是馆员苏日娜，孩子们叫她“木棉姐姐”。"
    assert short("“木棉姐姐”的真名叫什么？", text) == "苏日娜"


def test_a_quoted_phrase_behind_the_verb_that_gives_it_is_an_honour() -> None:
    text = "我馆获学会“全民阅读基地”称号。\n流通部获自治区“工人先锋号”。"
    assert short("流通部拿到的自治区荣誉叫什么？", text) == "工人先锋号"


def test_a_book_stands_in_the_marks_for_books() -> None:
    text = "4月，馆员林一舟在“馆员说书”比赛中获奖，说的书是《长河落日》。"
    assert short("林一舟获奖时说的是哪本书？", text) == "长河落日"


@pytest.mark.parametrize(
    ("question", "noun"),
    [
        ("Who took over as head of the library?", "head"),
        ("Name of the photographer of the show?", "photographer"),
        ("Which county leader cut the ribbon?", "county leader"),
        ("科普日的主题口号是？", "主题口号"),
    ],
)
def test_the_noun_asked_for_is_found_in_shorter_wordings(question: str, noun: str) -> None:
    assert focus_of(asked(question)).noun == noun


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("新一届学会的秘书长是谁？", "迟明远"),
        ("新一届学会的理事长是谁？", "孙长川"),
    ],
)
def test_whoever_takes_an_office_up_holds_that_one(question: str, name: str) -> None:
    text = "学会选举产生新一届理事会，孙长川当选理事长，李海波当选副理事长，迟明远当选秘书长。"
    assert short(question, text) == name


def test_the_one_who_held_an_office_before_does_not_hold_it() -> None:
    text = "7月，原馆长范国平到龄退休；11月，沈敏秀任馆长。"
    assert short("馆长是谁？", text) == "沈敏秀"
    assert short("原馆长是谁？", text) == "范国平"


def test_a_place_on_the_rostrum_is_its_own_holders() -> None:
    text = "决赛冠军为小学学生黎芷青，亚军为学生玉子凡，季军为学生邓嘉木。"
    assert short("谁是决赛亚军？", text) == "玉子凡"
    assert short("决赛金奖得主是谁？", text) == "黎芷青"


def test_a_body_named_in_the_questions_own_words_is_what_it_asks_about() -> None:
    text = "把东湖公园西建成文旅主题阅读空间。"
    assert short("文旅主题阅读空间设在哪里？", text) == "东湖公园西"


def test_a_guest_named_more_often_than_the_library_may_still_answer() -> None:
    entries = ["8月8日，与新河县图书馆联合举办“两地共读”活动。", "9月1日，新河县图书馆来访。"]
    assert short("和哪个县图书馆一起办的“两地共读”？", *entries) == "新河县图书馆"


def test_the_title_asked_for_with_an_adverb_is_a_title() -> None:
    text = "《自助图书馆建设调研报告》获“繁星奖”理论研究成果铜奖。"
    assert short("获“繁星奖”铜奖的文章，标题到底叫什么？", text) == "自助图书馆建设调研报告"


def test_a_remark_between_office_and_name_parts_them_not() -> None:
    assert "吕晨" in named("副馆长（挂职）吕晨。", "person")


def test_the_first_of_many_is_the_one_told_to_be() -> None:
    told = "志愿服务时长最长的是退休教师刘桂兰，达到300小时，课程由志愿者王海川领衔。"
    assert short("服务时长最长的志愿者是哪位？", told) == "刘桂兰"


def test_which_of_a_librarys_rooms_asks_for_a_room() -> None:
    assert focus_of(asked("Which of Donghu's study rooms drew the most visitors?")).noun == "study rooms"


def test_one_of_many_is_named_where_there_is_nothing_to_compare() -> None:
    told = chunk("28日，公布年度“十佳读者”，借阅量最多的读者刘建华全年借书312册次。")
    found = find(asked("谁的借阅量最多？"), [told], least=0.0)[0]
    assert found is not None
    assert "刘建华" in (found.short or "")


def test_one_of_many_is_not_named_where_no_line_says_which() -> None:
    told = chunk("借阅活动中，读者刘建华全年借书312册次，读者赵明全年借书118册次。")
    assert find(asked("谁的借阅量最多？"), [told], least=0.0)[0] is None


def test_who_took_over_may_have_held_another_office_before() -> None:
    told = "9月，陈远山调文化馆任馆长，副馆长由原辅导部主任李国强接任。"
    assert short("陈远山调走后，副馆长换成了谁？", "馆长周平，副馆长吴敏、陈远山。", told) == "李国强"
