"""One table of questions, and every door gives the same answer: the library, the command, a process, an evaluation."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from support import ROOT, Qa

from documents.report import LineRange
from eval.metrics import is_right
from eval.questions import Question, load_questions
from qa.assistant import Assistant
from qa.ingest import sample_files


class Golden(NamedTuple):
    """A question, what its answer must hold (nothing: it abstains), and a line that must be cited."""

    question: str
    type: str
    values: tuple[str, ...]
    report: str = ""
    line: int = 0


TABLE = [
    Golden("how many smart reading spaces did Xuchang operate?", "number", ("32",), "xuchang-2019", 107),
    Golden("许昌市图书馆2019年新增图书多少册？", "number", ("104286",), "xuchang-2019", 165),
    Golden("全许昌的“书香许昌”电子书借阅机一共摆了多少台", "number", ("108",), "xuchang-2019", 153),
    Golden("许图一年里上了多少次市级以上的电视？", "number", ("26",), "xuchang-2019", 273),
    Golden("去三八社区送书的党员志愿者有几个人？", "number", ("5",), "xuchang-2019", 347),
    Golden("长治馆文学借阅处借出了多少册次？", "number", ("132926",), "changzhi-2019", 47),
    Golden("长治馆支委会全年开了多少回？", "number", ("14",), "changzhi-2019", 11),
    Golden("How many government information items did Changzhi digitise?", "number", ("8000",), "changzhi-2019", 55),
    Golden("昆图年底总藏书量有多少册？", "number", ("3008005",), "kunshan-2019", 149),
    Golden("昆山全市有多少个图书流通点？", "number", ("170",), "kunshan-2019", 8),
    Golden("昆图打算2020年再建几家分馆？", "number", ("2",), "kunshan-2019", 19),
    Golden(
        "How many picture books did Jincheng Kindergarten receive from Kunshan Library?",
        *("number", ("600",), "kunshan-2019", 64),
    ),
    Golden("源城2020年业务骨干给基层人员辅导了多少人次？", "number", ("70",), "yuancheng-2020", 57),
    Golden("How many people entered Yuancheng District Library in 2020?", "number", ("47000",), "yuancheng-2020", 35),
    Golden("科创总部分馆和亭林片玉分馆什么时候开的馆？", "date", ("12月24日",), "kunshan-2019", 144),
    Golden("昆山的快乐作文公益集训营起止日期", "date", ("8月19日", "23日"), "kunshan-2019", 103),
    Golden(
        "When did Xuchang hold its children's poetry recital for Mid-Autumn Festival?",
        *("date", ("8 September",), "xuchang-2019", 441),
    ),
    Golden(
        "In which year and month was Changzhi's Lei Feng volunteer team founded?",
        *("date", ("February 2015",), "changzhi-2019", 71),
    ),
    Golden("昆图馆长叫什么？", "name", ("金磊",), "kunshan-2019", 61),
    Golden(
        "Who gave the talk on how nature inspires writing at Kunshan Library in April?",
        *("name", ("沈石溪",), "kunshan-2019", 74),
    ),
    Golden(
        "Name the three 24-hour branches that opened in Kunshan on 28 November.",
        *("list", ("枫景苑", "嘉禾", "绿中海"), "kunshan-2019", 135),
    ),
    Golden("昆图6月的大事记记了些什么？", "month", ("安全生产月", "孔维治", "故事达人"), "kunshan-2019", 88),
    Golden("洛阳市图书馆2019年接待读者多少人次？", "unanswerable", ()),
    Golden("昆山图书馆2018年外借了多少册次？", "unanswerable", ()),
    Golden("How many visitors came to Xuchang Library in 2018?", "unanswerable", ()),
    Golden("How many yuan did Kunshan Library spend on new books in 2019?", "unanswerable", ()),
]
SAMPLES = {path.stem: path for path in sample_files()}
every_question = pytest.mark.parametrize("golden", TABLE, ids=lambda golden: golden.question)


def as_question(golden: Golden) -> Question:
    answers = tuple((value,) for value in golden.values)
    language = "en" if golden.question.isascii() else "zh"
    return Question(golden.question, language, golden.question, golden.type, answers)


def told(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without what differs from run to run."""
    return {key: value for key, value in answer.items() if key not in ("timing_ms", "id")}


@every_question
def test_the_library_answers_right_and_cites_the_line(assistant: Assistant, golden: Golden) -> None:
    answer = assistant.ask(golden.question)
    assert is_right(as_question(golden), answer.to_dict()), answer.text
    cited = [c for c in answer.citations if c.report_id == golden.report and golden.line in c.lines]
    assert bool(cited) == bool(golden.values)


@every_question
def test_every_quote_is_the_file_s_own_lines(assistant: Assistant, golden: Golden) -> None:
    for citation in assistant.ask(golden.question).citations:
        lines = SAMPLES[citation.report_id].read_text(encoding="utf-8").split("\n")
        assert citation.quote == "\n".join(lines[citation.lines.start - 1 : citation.lines.end])


@every_question
def test_the_command_gives_the_library_s_answer(assistant: Assistant, qa: Qa, golden: Golden) -> None:
    done = qa("ask", golden.question, "--json")
    assert told(done.json) == told(assistant.ask(golden.question).to_dict())
    assert (done.status, done.err) == (0 if golden.values else 1, "")


def test_an_evaluation_gives_the_library_s_answers(assistant: Assistant, qa: Qa, tmp_path: Path) -> None:
    asked, written = tmp_path / "questions.jsonl", tmp_path / "answers.jsonl"
    asked.write_text("\n".join(json.dumps(record(golden), ensure_ascii=False) for golden in TABLE), encoding="utf-8")
    done = qa("eval", asked, "--answers", written, "--json", "--fail-under", "1")
    answers = [json.loads(line) for line in written.read_text(encoding="utf-8").splitlines()]
    assert [answer["id"] for answer in answers] == [golden.question for golden in TABLE]
    assert [told(answer) for answer in answers] == [told(assistant.ask(g.question).to_dict()) for g in TABLE]
    assert (done.status, done.json["totals"]["wrong_scope"]) == (0, 0)
    assert load_questions(asked)[0] == as_question(TABLE[0])


def record(golden: Golden) -> dict[str, Any]:
    asked = as_question(golden)
    return {
        "id": asked.id,
        "lang": asked.lang,
        "question": asked.question,
        "type": asked.type,
        "answers": [list(item) for item in asked.answers],
    }


def test_a_process_of_its_own_gives_the_library_s_answer(assistant: Assistant, samples_home: Path) -> None:
    asked = TABLE[0].question
    command = [sys.executable, "-m", "qa.cli", "--home", str(samples_home), "ask", asked, "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    assert told(json.loads(done.stdout)) == told(assistant.ask(asked).to_dict())
    assert done.stderr == b""


def test_a_plan_s_figure_is_not_told_as_done(assistant: Assistant) -> None:
    answer = assistant.ask("how many smart reading spaces did Xuchang operate?")
    assert "34" not in (answer.short or "")
    assert not any("34" in conflict.value for conflict in answer.conflicts)


def test_the_text_form_shows_value_and_lines(qa: Qa) -> None:
    shown = qa("ask", "许昌市图书馆2019年新增图书多少册？").out
    assert shown.startswith("104286册")
    assert f"[1] xuchang-2019 {LineRange(165, 165)}" in shown
    assert "165 │ 2019 年新增图书 104286 册" in shown
