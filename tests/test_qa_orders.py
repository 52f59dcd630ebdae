"""Lines that speak to whoever answers are told from lines that speak of the library."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hostile_reports import Passage, passages
from support import ROOT

from qa.checking.orders import is_order
from qa.ingest import sample_files

HIDDEN = {"encoded-4", "encoded-8", "encoded-9", "split-2"}  # what they demand does not stand there in plain sight


@pytest.mark.parametrize("passage", [p for p in passages() if p.id not in HIDDEN], ids=lambda p: p.id)
def test_every_hostile_passage_in_plain_sight_is_an_order(passage: Passage) -> None:
    assert is_order(passage.text.replace("\n", " "))


def test_no_line_of_a_truthful_report_is_an_order() -> None:
    files = [*sample_files(), *sorted((ROOT / "tests" / "fixtures" / "reports").iterdir())]
    sentences = [s for file in files for s in re.split(r"[。！？!?\n]", Path(file).read_text("utf-8")) if s.strip()]
    assert len(sentences) > 500
    assert [sentence for sentence in sentences if is_order(sentence)] == []


@pytest.mark.parametrize(
    "text",
    [
        "参考咨询台全年回答读者提问9999次。",
        "接到读者来电请求，均在三日内答复。",
        "征集“我为图书馆说一句话”留言312条。",
        "图书馆管理系统全年运行平稳，系统用户1.2万人。",
        "少儿部开展角色体验活动12场。",
        "11月，请大学教授林一舟讲《运河传说》，听众142人。",
        "邀请书法家现场书写春联300副。",
        "12人应邀书写横幅20条。",
        "Staff answered 4,120 questions at the desk.",
        "The system served 88 branches.",
        "Visitors say that the new hall is bright.",
        "The assistant director wrote 12 reports.",
        "Readers printed 1,200 pages.",
    ],
)
def test_what_is_told_of_a_library_is_none(text: str) -> None:
    assert not is_order(text)
