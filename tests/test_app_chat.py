"""The chat in a real browser: answers that grow, are stopped, asked again, copied, mended; by keyboard too."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client
from walking import ask, lit, needs_browser, room, serve

from qa.answer import Answer
from qa.assistant import Assistant
from qa.ingest import ingest
from qa.page.serving import ANSWERING, QUEUE

pytestmark = needs_browser

NAMELESS = """[...document.querySelectorAll('button, input, textarea, select')].filter((part) => part.offsetParent
    && !(part.ariaLabel || part.innerText || part.title || part.placeholder || part.labels?.length)).length"""
ASKED = "许昌市图书馆2019年新增图书多少册？"


class Slow(Assistant):
    """Answers like any other, but when streaming gives its texts again and again until it may go on."""

    may_go_on = threading.Event()
    called_off = threading.Event()

    def stream(self, *given: Any, **named: Any) -> Iterator[str | Answer]:
        value, text, answer = super().stream(*given, **named)
        try:
            for grown in (value, text):
                yield grown
                while not self.may_go_on.wait(0.05):
                    yield grown
                self.may_go_on.clear()
        except GeneratorExit:
            self.called_off.set()
            raise
        yield answer

    def ask(self, *given: Any, **named: Any) -> Answer:
        *_, answer = super().stream(*given, **named)
        assert isinstance(answer, Answer)
        return answer


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[str]:
    """A page whose answers wait for ``Slow.may_go_on``."""
    Slow.may_go_on.clear()
    Slow.called_off.clear()
    page, index = serve(tmp_path / "home", Slow)
    yield page.local_url
    Slow.may_go_on.set()
    page.close()
    index.close()


class Blocked(Assistant):
    """Answers programs only when it may."""

    may_go_on = threading.Event()

    def ask(self, *given: Any, **named: Any) -> Answer:
        self.may_go_on.wait(60)
        return super().ask(*given, **named)


def begin(page: Any, question: str) -> None:
    page.wait_for_selector(".thread")
    page.fill("#box textarea", question)
    page.press("#box textarea", "Enter")


def test_the_value_comes_first_then_the_sentence_then_the_citations(visit: Any, slow: str) -> None:
    page = visit(at=slow)
    begin(page, ASKED)
    page.wait_for_selector(".growing .value")
    assert page.locator(".growing").inner_text().strip() == "104286册"
    assert page.locator(".dots").count() == 1
    Slow.may_go_on.set()
    page.wait_for_selector(".growing q")
    assert page.locator(".growing .cite").count() == 0
    Slow.may_go_on.set()
    page.wait_for_selector(".turn[data-turn] .cite")
    assert page.locator(".growing, .working").count() == 0
    page.wait_for_function("document.getElementById('told').textContent.includes('104286册')")


def test_stop_ends_the_answer_and_gives_the_question_back(visit: Any, slow: str) -> None:
    page = visit(at=slow)
    begin(page, ASKED)
    page.wait_for_selector(".growing .value")
    page.click("#stop")
    page.wait_for_selector(".notice")
    assert Slow.called_off.wait(5)
    assert page.locator(".turn").count() == 0
    assert page.input_value("#box textarea") == ASKED
    assert page.locator(".history li").count() == 0
    page.press("#box textarea", "Enter")
    page.wait_for_selector(".growing .value")
    page.press("#box textarea", "Escape")
    page.wait_for_selector(".notice")
    assert page.locator("#stop:visible").count() == 0


def test_a_second_question_waits_and_is_told_so_while_sources_can_be_read(visit: Any, slow: str) -> None:
    page = visit(at=slow)
    begin(page, ASKED)
    for growing in (".growing .value", ".growing q"):
        page.wait_for_selector(growing)
        Slow.may_go_on.set()
    page.wait_for_selector(".turn[data-turn]")
    begin(page, "那昆山呢？")
    page.wait_for_selector(".growing .value")
    page.locator(".turn .cite").first.click()
    assert lit(page) == [165]
    begin(page, "那长治呢？")
    page.wait_for_selector(".editing", state="visible")
    assert page.locator("#stop:visible").count() == 1
    for _ in range(2):
        Slow.may_go_on.set()
        page.wait_for_timeout(300)
    page.locator(".turn[data-turn]").nth(1).wait_for()
    assert page.locator(".turn").count() == 2
    assert page.locator("#source .ln.cited").count() == 1


def test_who_asks_when_the_queue_is_full_is_told_in_their_language(visit: Any, tmp_path: Path) -> None:
    Blocked.may_go_on.set()
    served, index = serve(tmp_path / "home", Blocked)
    page = visit(at=served.local_url)
    page.wait_for_selector(".thread")
    Blocked.may_go_on.clear()
    client = Client(served.local_url, verbose=False, max_workers=2 * QUEUE)
    jobs = [client.submit(ASKED, api_name="/ask") for _ in range(QUEUE + ANSWERING + 4)]
    try:
        page.wait_for_timeout(2000)
        begin(page, ASKED)
        page.get_by_test_id("toast-text").filter(has_text="提问的人太多").wait_for()
        assert page.input_value("#box textarea") == ASKED
    finally:
        Blocked.may_go_on.set()
        for job in jobs:
            job.cancel()
        client.close()
        served.close()
        index.close()


def test_an_answer_is_asked_for_again_copied_and_its_question_mended(visit: Any) -> None:
    page = visit()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, ASKED)
    page.locator(".turn").get_by_role("button", name="复制").click()
    page.wait_for_selector(".tool.done")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "104286册" in copied
    assert "[1] xuchang-2019 · 第 165 行" in copied
    page.evaluate("document.querySelector('.turn').dataset.before = 'yes'")
    page.locator(".turn").get_by_role("button", name="重新回答").click()
    page.locator(".turn[data-turn]:not([data-before]) .value").wait_for()
    assert page.locator(".turn .value").all_inner_texts() == ["104286册"]
    page.locator(".turn").get_by_role("button", name="修改问题").click()
    page.wait_for_selector(".editing")
    assert page.input_value("#box textarea") == ASKED
    begin(page, "昆山市图书馆2019年新增图书多少册？")
    page.wait_for_selector(".value:has-text('168540册')")
    assert page.locator(".turn").count() == 1


def test_follow_ups_cross_from_one_language_to_the_other(visit: Any) -> None:
    page = visit()
    ask(page, "昆山2019年新增图书多少册？")
    assert "volumes" in ask(page, "what about Changzhi?").locator(".value").inner_text()
    assert "册" in ask(page, "那许昌呢？").locator(".value").inner_text()
    assert "2020" in ask(page, "那2020年呢").locator(".understood").inner_text()


def test_a_quotation_leads_to_its_line(visit: Any) -> None:
    page = visit()
    ask(page, ASKED).locator(".answer q").click()
    assert lit(page) == [165]


def test_a_question_may_have_several_lines_and_the_box_keeps_the_focus(visit: Any) -> None:
    page = visit()
    page.wait_for_selector(".thread")
    page.click("#box textarea")
    page.keyboard.type("许昌市图书馆2019年")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("新增图书多少册？")
    assert page.input_value("#box textarea").count("\n") == 1
    page.click("#send")
    page.wait_for_selector(".turn[data-turn]")
    page.wait_for_function("document.activeElement === document.querySelector('#box textarea')")


def focused(page: Any, name: str) -> None:
    """Tab on until the focus is at something of this name."""
    for _ in range(60):
        page.keyboard.press("Tab")
        at = page.evaluate("[document.activeElement.ariaLabel, document.activeElement.innerText].join(' ')")
        if name in at:
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
            return
    raise AssertionError(f"{name} cannot be reached with the Tab key")


def test_the_whole_way_can_be_gone_by_keyboard(visit: Any) -> None:
    page = visit()
    page.wait_for_selector(".welcome .chip")
    page.wait_for_function("document.activeElement === document.querySelector('#box textarea')")
    page.keyboard.type("昆山3月做了什么？")
    page.keyboard.press("Enter")
    page.wait_for_selector(".turn[data-turn]")
    page.evaluate("document.querySelector('.turn .cite').focus()")
    page.keyboard.press("Enter")
    first = lit(page)
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"document.querySelector('#source .ln.cited').dataset.line != '{first[0]}'")
    focused(page, "下一处")
    page.keyboard.press("Escape")
    page.wait_for_selector("#source .src", state="detached")
    page.evaluate("document.querySelector('.top button:not(.only-narrow)').focus()")
    for name in ("切换明暗", "问答", "新对话", "出处 1", "复制", "重新回答", "回答有误", "提问"):
        focused(page, name)


def test_every_button_has_a_name(visit: Any) -> None:
    page = visit()
    ask(page, "昆山3月做了什么？").locator(".cite").first.click()
    page.wait_for_selector("#source .src")
    for number in range(4):
        room(page, number)
        page.wait_for_timeout(300)
        assert page.evaluate(NAMELESS) == 0


def test_everybody_sees_that_a_report_is_being_indexed(visit: Any, home: Path, tmp_path: Path) -> None:
    uploader, other = visit(), visit("en-GB")
    other.wait_for_selector(".welcome")
    files = []
    for number in range(12):
        files.append(tmp_path / f"report {number}.txt")
        lines = (f"2018年{n}月，第{number}市图书馆接待读者{n}{number}0{n}人次。" for n in range(1, 13))
        files[-1].write_text("\n\n".join([f"第{number}市图书馆2018年工作总结", *list(lines) * 40]), "utf-8")
    room(uploader, 1)
    uploader.locator("#upload input[type=file]").set_input_files(files)
    other.wait_for_selector(".top .doing")
    said = other.locator(".top .doing").inner_text()
    assert "ndex" in said or "updated" in said
    uploader.wait_for_function("document.querySelectorAll('.news li').length === 12")
    other.wait_for_selector(".top .doing", state="detached")


def test_a_pdf_report_tells_the_page(visit: Any, tmp_path: Path) -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(tmp_path / "青山.pdf"))
    for lines in (
        ["青山市图书馆2017年工作总结", "一、文献资源", "2017年新增图书5310册。"],
        ["二、读者服务", "2017年办证864张。"],
    ):
        canvas.setFont("STSong-Light", 11)
        for number, line in enumerate(lines):
            canvas.drawString(72, 780 - 24 * number, line)
        canvas.showPage()
    canvas.save()
    page = visit()
    room(page, 1)
    page.locator("#upload input[type=file]").set_input_files(tmp_path / "青山.pdf")
    page.wait_for_selector(".news .added")
    room(page, 0)
    turn = ask(page, "青山市图书馆2017年办证多少张？")
    assert turn.locator(".value").inner_text() == "864张"
    assert "第 2 页" in turn.locator(".sources").inner_text()
    turn.locator(".cite").first.click()
    page.wait_for_selector("#source .ln.cited")
    assert "第 2 页" in page.locator("#source .marks").inner_text()
    assert page.locator("#source .page-mark").all_inner_texts() == ["第 1 页", "第 2 页"]


def test_a_report_that_changed_since_the_answer_is_told_beside_its_old_words(visit: Any, tmp_path: Path) -> None:
    page = visit()
    report = tmp_path / "白河.txt"
    for books in (4400, 4500):
        report.write_text(f"白河市图书馆2016年工作总结\n\n2016年新增图书{books}册。\n", "utf-8")
        room(page, 1)
        page.locator("#upload input[type=file]").set_input_files(report)
        page.wait_for_selector(".news .added")
        room(page, 0)
        if books == 4400:
            ask(page, "白河市图书馆2016年新增图书多少册？")
    page.locator(".turn .cite").first.click()
    page.wait_for_selector("#source .src")


def test_the_page_is_ready_before_an_index_is(visit: Any, tmp_path: Path) -> None:
    page, index = serve(tmp_path / "empty")
    try:
        for report in index.reports():
            index.remove(report.id)
        seen = visit(at=page.local_url)
        seen.wait_for_selector(".thread .notice")
        report = tmp_path / "新来.txt"
        report.write_text("新来市图书馆2015年工作总结\n\n2015年，新来市图书馆办证777张。\n", "utf-8")
        ingest(index, [report])
        seen.wait_for_selector(".welcome .chip")
        assert seen.locator(".thread .notice").count() == 0
    finally:
        page.close()
        index.close()
