"""Trust: which signs tell an answer that stands from one that merely stands near."""

from __future__ import annotations

from dataclasses import replace

import pytest

from documents.report import Chunk, Passage, Period, Stance
from index.bilingual import Term, Translation
from qa.extract import trust
from qa.extract.builtin import find, propose
from qa.extract.evidence import Evidence
from qa.extract.words import TELLS, labels, sort_of
from qa.understanding.directory import Directory, Mention
from qa.understanding.question import Question, understand


def chunk(text: str, *, number: int = 1) -> Chunk:
    period = Period(2019, None)
    return Chunk(
        f"r-{number}", "r", ("概况",), period, Stance.ACHIEVED, Passage(text, ((0, number),)), frozenset({period})
    )


def known(name: str, *, library: bool = False) -> bool:
    return True


def asked(text: str) -> Question:
    return understand(text, Directory(()), lambda keys: (), known)


def signs(question: str, *texts: str) -> dict[str, float]:
    understood = asked(question)
    evidence = Evidence.gather(understood, [chunk(text, number=n) for n, text in enumerate(texts, 1)])
    finding, _ = propose(understood, evidence)
    assert finding is not None
    return trust.signs(evidence, finding.candidates)


def short(question: str, *texts: str) -> str | None:
    found, _ = find(asked(question), [chunk(text, number=n) for n, text in enumerate(texts, 1)])
    return found.short if found else None


def test_every_sign_has_a_weight_and_every_weight_a_sign() -> None:
    assert trust.weights().keys() - {"bias"} == signs("设有床位多少张？", "设有床位60张。").keys()


def test_a_phrase_nothing_says_is_heard_by_its_words() -> None:
    rows = [Translation("read", "阅览", 0.8, "glossary"), Translation("read room", "图书室", 0.9, "glossary")]
    question = understand(
        "How many reading room visits?", Directory(()), lambda k: [r for r in rows if r.source in k], known
    )
    apart = Evidence.gather(question, [chunk("全年阅览3000人次。")])
    whole = Evidence.gather(question, [chunk("全年阅览3000人次，图书室2间。")])
    assert "read" in {term.surface for term in apart.terms}
    assert "read room" in {term.surface for term in whole.terms}
    assert (apart.apart, whole.apart) == (1, 0)


def test_a_noun_that_stands_nowhere_is_told_from_one_that_stands_elsewhere() -> None:
    nowhere = signs("新建机场多少座？", "新建学校14座。")
    elsewhere = signs("新建机场多少座？", "新建学校14座。", "机场客流增长。")
    assert nowhere["noun gone"] > elsewhere["noun gone"] == 0
    assert elsewhere["noun elsewhere"] > nowhere["noun elsewhere"]


def test_a_word_with_other_words_for_it_that_stands_nowhere_tells_more() -> None:
    understood = asked("设有床位多少张？")
    evidence = Evidence.gather(understood, [chunk("设有座位60张。")], (Term("床位", (("床位", 1.0), ("病床", 0.9))),))
    unknown = Evidence.gather(understood, [chunk("设有座位60张。")], (Term("床位", (("床位", 1.0),)),))
    known_gone, unknown_gone = (
        trust.signs(e, [c])["known gone"]
        for e in (evidence, unknown)
        for c in e.candidates(lambda s: list(s.sentences), lambda s, span: ())
    )
    assert known_gone > unknown_gone == 0


def test_a_short_word_is_heard_weakly_through_its_rare_character() -> None:
    evidence = Evidence.gather(
        asked("销户多少张？"), [chunk("新办证15张，注销证2张。")], (Term("销户", (("销户", 1.0),)),)
    )
    (heard,) = evidence.matches[0]
    assert (heard.start, heard.end) == (8, 9)
    assert heard.quality < 0.5


def test_what_nothing_speaks_for_is_kept_back_and_what_is_asked_for_is_said() -> None:
    assert short("新建学校多少座？", "全年新建学校14座，新增学位500个。") == "14座"
    assert short("救护车有几辆？", "全年新建学校14座，新增学位500个。") is None


def test_nothing_is_kept_back_where_no_trust_is_asked_for() -> None:
    text = [chunk("全年新建学校14座，新增学位500个。")]
    kept_back, _ = find(asked("救护车有几辆？"), text)
    said, _ = find(asked("救护车、机场、学校有几座？"), text, least=0.0)
    assert kept_back is None
    assert said is not None


def test_an_answer_that_less_speaks_for_is_trusted_less() -> None:
    text = [chunk("全年新建学校14座，新增学位500个。")]
    sure, _ = find(asked("新建学校多少座？"), text, least=0.0)
    doubtful, _ = find(asked("新建机场多少座？"), text, least=0.0)
    assert sure is not None
    assert doubtful is not None
    assert doubtful.confidence < sure.confidence


@pytest.mark.parametrize(
    ("question", "text", "clashing"),
    [
        ("读书会第85期有多少人？", "读书会第76期有20人参加。", 1.0),
        ("读书会第76期有多少人？", "读书会第76期有20人参加。", 0.0),
        ("How many stops does Line 3 have?", "Line 4 opened with nine stops.", 1.0),
        ("How many stops does Line 4 have?", "Line 4 opened with nine stops.", 0.0),
        ("副馆长是谁？", "馆长林一舟带队检查。", 1.0),
        ("馆长是谁？", "馆长林一舟带队检查。", 0.0),
        ("副局长是谁？", "副局长林一舟带队检查。", 0.0),
        ("金奖给了谁？", "馆员林一舟获金奖。", 0.0),
        ("馆长是谁？", "技术部主任林一舟带队检查，馆长参加。", 1.0),
        ("每周开放多少小时？", "建成开放24小时自助图书馆3家。", 1.0),
    ],
)
def test_another_of_a_series_and_another_office_clash(question: str, text: str, clashing: float) -> None:
    assert signs(question, text)["clash"] == clashing


def test_a_quoted_title_that_stands_nowhere_is_noticed() -> None:
    text = "讲座“溪边的童年”听众180人。"
    assert signs("讲座“山里的星空”有多少听众？", text)["title gone"] == 1
    assert signs("讲座“溪边的童年”有多少听众？", text)["title gone"] == 0


@pytest.mark.parametrize(
    ("question", "surface", "sort"),
    [
        ("绍兴办了几场讲座", "绍兴", "name"),
        ("救护车有几辆", "救护车", "noun"),
        ("搞了几百场活动", "百场", "unit"),
        ("how many helicopters took part", "helicopt", "unknown"),
        ("how many trees did Storm Freya bring down", "freya", "name"),
        ("how many trees did Storm Freya bring down", "bring", "light"),
        ("how many e-readers does Harwick lend", "e reader", "phrase"),
    ],
)
def test_words_are_sorted_by_what_their_silence_means(question: str, surface: str, sort: str) -> None:
    term = next((t for t in asked(question).terms if t.surface == surface), None)
    assert term is None or sort_of(term, asked(question)) == sort
    assert sort in TELLS


def test_labels_tell_one_of_a_series_from_the_others() -> None:
    assert labels("第十二期沙龙与第3届大赛") == {"期": {"12"}, "届": {"3"}}
    assert labels("the 95th session on line 3") == {"session": {"95"}, "line": {"3"}}


def test_the_most_of_something_is_found_where_a_sentence_says_it_outright() -> None:
    assert short("2019年借阅最多的是哪位读者？", "全年外借2万册次，其中借阅最多的读者罗小丽借书310册。") == "罗小丽"


def test_opening_hours_a_week_are_asked_for_by_one_week() -> None:
    assert short("一周开放多少小时？", "免费开放，每周开放56小时。录音整理32小时。") == "56小时"


def test_the_head_of_another_library_is_not_the_one_asked_for() -> None:
    question = replace(asked("馆长是谁？"), mentions=(Mention(0, 0, "松江市图书馆", frozenset({"r"})),))
    found, _ = find(question, [chunk("座谈会召开，省图书馆馆长陈志宏、市图书馆馆长李文博出席。")])
    assert found is not None
    assert found.short == "李文博"
