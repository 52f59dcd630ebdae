"""Lists: where their items begin and end, which sort is kept, and lists spread over several entries."""

from __future__ import annotations

import pytest

from documents.report import Chunk, Passage, Period, Stance
from qa.extract.enumerations import enumerations, points, series
from qa.extract.evidence import Evidence
from qa.extract.finding import Finding
from qa.extract.lists import answer_list, asked_count
from qa.scan import Scan, scan
from qa.understanding.directory import Directory
from qa.understanding.question import Question, understand


def chunk(text: str, *, first: int = 1, heading: str = "工作总结") -> Chunk:
    """A chunk whose lines are numbered from ``first``."""
    anchors = [(0, first)]
    anchors += [(i + 1, first + n) for n, i in enumerate((i for i, c in enumerate(text) if c == "\n"), 1)]
    period = Period(2019)
    passage = Passage(text, tuple(anchors))
    return Chunk(f"r-{first}", "r", (heading,), period, Stance.ACHIEVED, passage, frozenset({period}))


def asked(text: str) -> Question:
    return understand(text, Directory(()), lambda keys: (), _everything_is_known)


def _everything_is_known(name: str, *, library: bool = False) -> bool:
    return bool(name) or library


def answer(question: str, *chunks: Chunk) -> Finding | None:
    return answer_list(Evidence.gather(asked(question), chunks))[0]


def items(question: str, *texts: str) -> list[str]:
    found = answer(question, *(chunk(text, first=10 * n) for n, text in enumerate(texts, 1)))
    return [v.shown for v in found.values] if found else []


def listed(text: str) -> list[list[str]]:
    scanned: Scan = scan(chunk(text))
    return [[text[i.start : i.end] for i in e.items] for e in enumerations(scanned)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("服务点有惠民社区、清河社区、望江社区等。", ["惠民社区", "清河社区", "望江社区"]),
        ("到江北图书馆、江南图书馆两地考察。", ["江北图书馆", "江南图书馆"]),
        ("开展了“书香进校园”、“书香进军营”等活动。", ["“书香进校园”", "“书香进军营”"]),
        ("增加了灯光、音响和座椅。", ["灯光", "音响", "座椅"]),
    ],
)
def test_the_first_item_loses_its_lead_in_and_the_last_what_follows(text: str, wanted: list[str]) -> None:
    assert wanted in listed(text)


def test_a_mark_within_quotation_marks_parts_nothing() -> None:
    assert ["“不忘初心、牢记使命”教育", "“改革创新”讨论"] in listed("开展“不忘初心、牢记使命”教育、“改革创新”讨论。")


def test_clauses_after_an_announced_number_are_the_items() -> None:
    wanted = ["馆领导每月一次", "综管部每周一次", "各部门每日一次"]
    assert wanted in listed("检查分三级：馆领导每月一次；综管部每周一次；各部门每日一次。")


def test_clauses_that_all_begin_with_you_are_a_list() -> None:
    text = "少儿专题亮点不断：有“童心”美术展，有“祖国”朗诵会，还有“小森林”故事会、“小剧场”等。"
    assert ["“童心”美术展", "“祖国”朗诵会", "“小森林”故事会", "“小剧场”"] in listed(text)


def test_a_sort_that_is_asked_for_is_kept_and_the_rest_left_out() -> None:
    text = "流动车服务惠民社区、清河社区、望江社区、消防支队、中心医院等。"
    assert items("流动车服务了哪些社区？", text) == ["惠民社区", "清河社区", "望江社区"]


def test_people_are_cut_out_of_the_words_around_them() -> None:
    text = "送春联活动请来王青、林一舟、周启、陆钢四位书法家。"
    assert items("送春联活动请了哪几位书法家？", text) == ["王青", "林一舟", "周启", "陆钢"]


@pytest.mark.parametrize(
    ("question", "count"),
    [("去了哪两家图书馆？", 2), ("Name the three branches that opened.", 3), ("新开了哪些分馆？", None)],
)
def test_the_number_of_items_asked_for_is_read(question: str, count: int | None) -> None:
    assert asked_count(asked(question)) == count


def test_of_two_lists_the_one_with_the_number_asked_for_is_given() -> None:
    texts = "新建分馆两家，即望江分馆、临湖分馆。", "新建分馆的地点有东岸、西岸、南岸、北岸。"
    assert items("新建了哪两家分馆？", *texts) == ["望江分馆", "临湖分馆"]


def test_points_counted_over_several_chunks_are_one_list() -> None:
    texts = "一是队伍要加强。别的不说。", "二是服务要加强。别的不说。", "三是安全要加强。"
    chunks = [chunk(text, first=10 * n, heading="工作重点") for n, text in enumerate(texts, 1)]
    found = answer("工作重点有哪三个方面？", *chunks)
    assert found is not None
    assert [v.shown for v in found.values] == ["队伍要加强", "服务要加强", "安全要加强"]
    assert [str(v.support.lines) for v in found.values] == ["L10", "L20", "L30"]


def test_a_new_series_begins_where_the_count_begins_again() -> None:
    scanned = scan(chunk("一是甲事；二是乙事。后来，一是丙事；二是丁事。"))
    assert [len(run) for run in series([scanned])] == [2, 2]


def test_bulleted_lines_are_points() -> None:
    scanned = scan(chunk("Honours\n- silver medal\n- gold medal"))
    assert [scanned.folded[p.start : p.end] for p in points(scanned)] == ["silver medal", "gold medal"]


def test_titles_of_several_entries_are_gathered_each_with_its_line() -> None:
    text = (
        "1月6日，俱乐部绘本课《腊八粥》开讲。\n4月14日，《雨伞树》绘本课由俱乐部举办。\n"
        "5月1日，广场举办音乐会《春光》。\n7月21日，《夏天》绘本课由俱乐部举办。"
    )
    found = answer("俱乐部的绘本课讲了哪些绘本？", chunk(text))
    assert found is not None
    assert [(v.shown, str(v.support.lines)) for v in found.values] == [
        ("腊八粥", "L1"),
        ("雨伞树", "L2"),
        ("夏天", "L4"),
    ]


def test_english_names_joined_by_and_are_items() -> None:
    text = "The van made 148 trips to eleven villages, among them Upper Marden, Coldwell, Saint Bride and Foxley."
    wanted = ["Upper Marden", "Coldwell", "Saint Bride", "Foxley"]
    assert items("Which four villages did the van make trips to?", text) == wanted


def test_fewer_things_than_asked_for_are_no_answer() -> None:
    assert items("演出请来了哪三位歌手？", "演出请来歌手何小满。") == []


def test_the_words_of_the_question_are_not_given_back_as_a_list() -> None:
    assert items("存在哪些问题和挑战？", "问题和挑战依然存在。") == []


def test_many_brackets_in_a_row_are_read_to_the_end() -> None:
    """Each bracket could be read in two ways, and 2**40 ways would never end."""
    assert listed("(a)" * 40 + "b" * 200 + " " + "word" * 200) == []


def test_a_list_in_brackets_is_a_list_of_its_own() -> None:
    text = "其中一级馆2个（东河县图书馆、西川县图书馆）、二级馆3个（南林县图书馆、北岭县图书馆、中山县图书馆）。"
    assert items("一级馆是哪些图书馆？", text) == ["东河县图书馆", "西川县图书馆"]


def test_names_with_a_figure_behind_each_are_given_without_it() -> None:
    text = "新建城市书房40座，其中涧东区9座、洛南区8座、老城区5座，其余在各县。"
    assert items("新建城市书房的是哪几个区？", text) == ["涧东区", "洛南区", "老城区"]


def test_what_an_order_to_name_asks_for_is_its_noun() -> None:
    text = "“小小朗读者”决赛在分馆举行。\n新建4个，为机关分馆、沙埠镇分馆、大寺镇分馆。"
    assert items("请列出新建的分馆。", text) == ["机关分馆", "沙埠镇分馆", "大寺镇分馆"]


def test_machines_are_found_by_the_last_character_of_their_names() -> None:
    text = "完成基地挂牌，安装自助借还机、自助办证机，录入图书。"
    assert items("安装了哪些自助设备？", text) == ["自助借还机", "自助办证机"]


def test_what_leads_into_a_list_says_what_its_items_are() -> None:
    text = "另有西山、东湖等3个区镇建成。\n协助区镇建设的3家自助图书馆有：西山、东湖、南林。"
    assert items("区镇建设的自助图书馆是哪几家？", text) == ["西山", "东湖", "南林"]


def test_the_counties_of_a_city_are_cities_and_districts_too() -> None:
    text = "办“候鸟书屋”3处，分别设在偃南市、新北县和伊东县。"
    assert items("“候鸟书屋”设在哪几个县？", text) == ["偃南市", "新北县", "伊东县"]


def test_districts_without_their_suffix_are_summed_up_behind_the_list() -> None:
    text = "派出骨干赴临水、甘泉、陇原、定河四市州的县级馆辅导。"
    assert items("去哪几个市州辅导？", text) == ["临水", "甘泉", "陇原", "定河"]


def test_a_count_before_a_bracket_says_what_stands_in_it() -> None:
    told = "评出示范分馆3个（东湖、西山、南岭），达标分馆4个（北桥、柳岸、松坪、石门）。"
    assert items("评出的示范分馆是哪几家？", told) == ["东湖", "西山", "南岭"]


def test_five_stars_are_no_number_of_items() -> None:
    assert asked_count(asked("评出的五星级分馆是哪几家？")) is None
