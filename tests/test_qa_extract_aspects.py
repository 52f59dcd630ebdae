"""What a figure is beside its value: which of two figures that the same words speak for is the one asked for."""

from __future__ import annotations

import pytest
from support import Over

MEAN = "全年外借图书36000册次，日均借出120册次。"
CHANGE = "新馆启用后阅览座位由40个增至128个。"
HOUSE = "全市图书外借90000册次、还回88000册次，其中市图书馆外借52000册次、还回51000册次。"
STOCK = "年内新建分馆3家，目前共有分馆21家。"
PARTS = "全年外借文献52000册次，其中通过自助设备办理31000册次，少儿馆9000册次；还回文献50500册次。"
CAMP = "“萤火”暑期营报名430人，完成全部打卡的212人。"
ELLIPSIS = "新建“山谷书屋”6处，累计41处。"
BRACKETS = "全年到馆读者41000人次（2020年为23000人次），新办读者证5100个。3月流动车进社区，现场办证57个。"
LAST_YEAR = "流动图书车全年出车76次（上年142次）。全年办活动128场，比上年的104场增长23.1%。"
HALVES = "上半年外借图书64000册次，同比下降48.6%。全年外借图书179000册次，同比下降29.8%，其中下半年115000册次。"
WHOLE_YEAR = "下半年外借图书115000册次，增长6.2%（全年179000册次，增长4.1%）；新办证920个（全年1630个）。"
SO_FAR = "“听见光”累计录制有声读物满1000小时，其中今年录制260小时。"
SINCE = "“你选书”活动全年由读者选购新书3400册；2019年开办以来累计选购14700册。"
OTHERS = "联合11个区镇共采购新书29000册，其中松岭市图书馆采购13000册。"
DEEDS = "2021年文献外借41000册次。全年新增文献65200册，报刊另计。"
TARGET = "全年新购图书27480册，超额完成25000册的年度计划。"
THRESHOLD = "志愿服务时长21400小时。服务时长超过200小时的志愿者有17人。"
WHOLE = "流动图书车出车121次，外借图书24600册次。\n\n全馆服务如下：图书外借483700册次（含电子图书62500册次）。"
BUILT = "一是馆舍老化，总馆建于1998年，面积仅4600平方米；二是购书经费由150万元减至118万元。"
OLDEST = "手机班开班12期，学员最大的86岁，累计培训720人次。"
ONCE = "2021年新增图书8000册。6月采购的图书到馆，本次新增图书2100册。"
TABLE = """到馆情况如下：

| 馆名 | 到馆人次 |
|---|---|
| 东门馆 | 21000 |
| 西门馆 | 17000 |
| 合计 | 38000 |
"""


@pytest.mark.parametrize(
    ("text", "question", "short"),
    [
        (MEAN, "松岭市图书馆2021年外借多少册次？", "36000册次"),
        (MEAN, "松岭市图书馆日均借出多少册次？", "120册次"),
        (CHANGE, "松岭馆现在有多少个阅览座位？", "128个"),
        (CHANGE, "松岭馆的阅览座位原来有多少个？", "40个"),
        (HOUSE, "松岭全市外借多少册次？", "90000册次"),
        (HOUSE, "松岭市图书馆本馆（不含分馆）外借多少册次？", "52000册次"),
        (HOUSE, "松岭全市还回图书多少册次？", "88000册次"),
        (STOCK, "松岭2021年底有多少家分馆？", "21家"),
        (STOCK, "松岭2021年新建了多少家分馆？", "3家"),
        (PARTS, "松岭馆2021年外借文献多少册次？", "52000册次"),
        (PARTS, "松岭馆外借的文献里自助设备办理的有多少册次？", "31000册次"),
        (PARTS, "How many items did Songling's children's library lend?", "9,000 volumes"),
        (CAMP, "松岭馆暑期营有多少人完成打卡？", "212人"),
        (CAMP, "松岭馆暑期营多少人报名？", "430人"),
        (ELLIPSIS, "松岭2021年底山谷书屋一共多少处？", "41处"),
        (ELLIPSIS, "松岭2021年新建山谷书屋多少处？", "6处"),
        (BRACKETS, "松岭馆2021年新办读者证多少个？", "5100个"),
        (BRACKETS, "松岭馆2020年到馆读者多少人次？", "23000人次"),
        (LAST_YEAR, "松岭流动图书车2020年出车多少次？", "142次"),
        (LAST_YEAR, "松岭流动图书车2021年出车多少次？", "76次"),
        (LAST_YEAR, "松岭馆2020年办了多少场活动？", "104场"),
        (HALVES, "松岭馆2021年外借图书多少册次？", "179000册次"),
        (HALVES, "松岭馆2021年上半年外借图书多少册次？", "64000册次"),
        (HALVES, "松岭馆2021年外借图书下降了百分之几？", "29.8%"),
        (WHOLE_YEAR, "松岭馆2021年外借图书多少册次？", "179000册次"),
        (WHOLE_YEAR, "松岭馆2021年后六个月外借图书多少册次？", "115000册次"),
        (WHOLE_YEAR, "松岭馆2021年新办证多少个？", "1630个"),
        (WHOLE_YEAR, "松岭馆2021年外借图书增长了百分之几？", "4.1%"),
        (SO_FAR, "松岭馆“听见光”2021年当年录制了多少小时？", "260小时"),
        (SO_FAR, "松岭馆“听见光”累计录制了多少小时？", "1000小时"),
        (SINCE, "松岭馆“你选书”开办到现在总共选购了多少册？", "14700册"),
        (SINCE, "松岭馆“你选书”2021年全年选购了多少册？", "3400册"),
        (OTHERS, "不算区镇，松岭市图书馆自己采购了多少册新书？", "13000册"),
        (DEEDS, "松岭馆2021年入藏文献多少册？", "65200册"),
        (TARGET, "松岭馆2021年新购图书多少册？", "27480册"),
        (TARGET, "松岭馆2021年新购图书的目标是多少册？", "25000册"),
        (THRESHOLD, "松岭馆志愿者服务了多少小时？", "21400小时"),
        (WHOLE, "松岭馆2021年外借图书多少册次？", "483700册次"),
        (BUILT, "松岭馆2021年购书经费多少？", "118万元"),
        (OLDEST, "松岭馆手机班最大的学员多大年纪？", "86岁"),
        (ONCE, "松岭2021年全年新增图书多少册？", "8000册"),
        (TABLE, "松岭到馆一共多少人次？", "38000"),
        (TABLE, "松岭西门馆到馆多少人次？", "17000"),
    ],
)
def test_the_words_beside_a_figure_tell_which_is_meant(over: Over, text: str, question: str, short: str) -> None:
    answer = over(f"松岭市图书馆2021年工作总结\n一、业务情况\n{text}\n").ask(question)
    assert answer.short == short


def test_the_rows_of_a_table_are_no_conflict(over: Over) -> None:
    answer = over(f"松岭市图书馆2021年工作总结\n一、业务情况\n{TABLE}").ask("松岭东门馆到馆多少人次？")
    assert answer.short == "21000"
    assert answer.conflicts == ()


def test_a_figure_of_the_year_before_is_told_from_this_years(over: Over) -> None:
    text = "MAPLETON LIBRARY ANNUAL REPORT 2021\n\n1. Visits\n\nWe counted 5,300 visits, up from 4,100 in 2020.\n"
    assistant = over(text)
    assert assistant.ask("How many visits did Mapleton count in 2021?").short == "5,300 visits"
    assert assistant.ask("How many more visits did Mapleton count in 2021 than in 2020?").short == "1,200 visits"


def test_a_report_in_two_halves_is_asked_for_its_year_and_for_each_half(over: Over) -> None:
    halves = "松岭市图书馆2021年上半年工作总结\n一、主要指标\n新购图书3100册。\n"
    halves += "松岭市图书馆2021年下半年工作总结\n一、主要指标\n新购图书4200册（全年7300册）。\n"
    assistant = over(halves)
    assert assistant.ask("松岭馆2021年新购图书多少册？").short == "7300册"
    assert assistant.ask("松岭馆2021年前六个月新购图书多少册？").short == "3100册"
