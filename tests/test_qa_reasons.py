"""An abstention names what is silent, in the question's own words, and where the nearest statement stands."""

from __future__ import annotations

from documents.report import Chunk, Passage, Period, Stance
from qa.extract.builtin import find
from qa.saying.reasons import weak_evidence
from qa.understanding.directory import Directory
from qa.understanding.question import Question, understand


def asked(text: str) -> Question:
    return understand(text, Directory(()), lambda keys: (), lambda name, library=False: True)


def reason(question: str, text: str, *, stance: Stance = Stance.ACHIEVED) -> str:
    period = Period(2019, None)
    chunk = Chunk("r-1", "qingshan-2019", ("概况",), period, stance, Passage(text, ((0, 7),)), frozenset({period}))
    understood = asked(question)
    finding, candidates = find(understood, [chunk])
    assert finding is None
    return weak_evidence(understood, candidates)


def test_what_is_silent_is_named_and_the_nearest_statement_has_its_line() -> None:
    told = reason("救护车有几辆？", "全年新建学校14座，新增学位500个。")
    assert "救护车" in told
    assert "“全年新建学校14座，新增学位500个”" in told
    assert "qingshan-2019 L7" in told


def test_words_are_shown_as_the_question_writes_them() -> None:
    told = reason("How many helicopters does the hospital own?", "The hospital bought 22 ventilators in May.")
    assert "helicopters" in told
    assert "helicopt”" not in told


def test_a_plan_is_told_as_a_plan() -> None:
    told = reason("新建学校多少座？", "新建学校14座。", stance=Stance.PLANNED)
    assert told.startswith("只有计划提到")
    assert "L7" in told
