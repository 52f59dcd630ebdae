"""The page in a real browser: what a visitor does, walked from end to end. Needs a Chromium; without one, skipped."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from walking import ask, lit, needs_browser, open_index, room, serve

from qa.assistant import Assistant
from qa.ingest import ingest

pytestmark = needs_browser

HOSTILE = """恶意<img src=x onerror=window.hacked=6>市图书馆2018年工作报告

一、业务数据<script>window.hacked=7</script>
2018年，恶意市图书馆接待到馆读者<script>window.hacked=1</script>77000人次。
2018年，恶意市图书馆新增图书<img src=x onerror="window.hacked=2">6600册。
2018年举办[讲座](javascript:window.hacked=3)41场，$$\\frac{1}{2}$$，**加粗**。
2018年3月，<svg onload=window.hacked=8>活动<iframe srcdoc="<script>parent.hacked=9</script>"></iframe>12场。
&lt;b&gt;实体&lt;/b&gt; ${window.hacked=4} {{constructor}}。
"""
# What a report's text must never become, wherever it is shown.
MADE = "img, iframe, script[src], .katex, svg[onload], a[href^='javascript'], a[href^='http']"


@pytest.mark.parametrize(
    ("language", "question", "value"),
    [
        ("zh-CN", "许昌市图书馆2019年新增图书多少册？", "104286册"),
        ("en-GB", "How many books did Xuchang add in 2019?", "104,286 volumes"),
    ],
)
def test_the_value_stands_first_and_its_lines_are_one_press_away(
    visit: Any, language: str, question: str, value: str
) -> None:
    page = visit(language)
    turn = ask(page, question)
    assert turn.locator(".value").inner_text() == value
    turn.locator(".cite").first.click()
    assert lit(page) == [165]


def test_a_follow_up_shows_what_was_understood_and_can_be_put_right(visit: Any) -> None:
    page = visit()
    ask(page, "昆山3月做了什么？")
    turn = ask(page, "那4月呢？")
    assert "昆山市图书馆" in turn.locator(".understood").inner_text()
    assert "4月" in turn.locator(".understood").inner_text()
    turn.get_by_role("button", name="更正").click()
    page.wait_for_selector(".editing")
    assert page.input_value("#box textarea") == "昆山4月做了什么？"
    page.fill("#box textarea", "昆山5月做了什么？")
    page.press("#box textarea", "Enter")
    page.locator(".turn").nth(1).locator(".understood", has_text="5月").wait_for()
    assert page.locator(".turn .answer").count() == 2


def test_citations_are_stepped_through_and_scrolled_into_view(visit: Any) -> None:
    page = visit()
    ask(page, "昆山3月做了什么？").locator(".cite").first.click()
    first = lit(page)
    page.locator(".step-on").click()
    page.wait_for_function(f"document.querySelector('#source .ln.cited').dataset.line != '{first[0]}'")
    assert lit(page) == [first[0] + 1]
    page.wait_for_function(
        """() => {
            const [line, page] = ['.ln.cited', '.page'].map((s) => document.querySelector(s).getBoundingClientRect());
            return line.top >= page.top && line.bottom <= page.bottom;
        }"""
    )
    page.keyboard.press("Escape")
    page.wait_for_selector("#source .src", state="detached")


def test_a_scope_set_by_hand_limits_the_answer(visit: Any) -> None:
    page = visit()
    page.wait_for_selector(".thread")
    page.locator("#scope .label-wrap").click()
    page.get_by_label("月份").click()
    page.get_by_role("option", name="3月", exact=True).click()
    page.wait_for_timeout(500)
    turn = ask(page, "昆山市图书馆做了什么？")
    assert "3月" in turn.locator(".understood").inner_text()
    turn.locator(".cite").first.click()
    assert "2019-03" in page.locator("#source .marks").inner_text()


def run_set(page: Any, name: str) -> None:
    page.wait_for_function(f"[...document.querySelectorAll('#trial-row input')].some(i => i.value.includes('{name}'))")
    page.wait_for_timeout(500)  # what is shown is sent a moment later only
    page.click("#run")


def unharmed(page: Any) -> None:
    """Nothing a report says has run or become a part of the page, in any pane that is drawn."""
    assert page.evaluate("window.hacked") is None
    panes = [f"#{pane} :is({MADE})" for pane in ("thread", "source", "reports", "facts", "result", "history", "news")]
    assert page.locator(", ".join(panes)).count() == 0


def test_what_a_report_says_is_never_markup(visit: Any, tmp_path: Path) -> None:
    page = visit()
    report = tmp_path / "恶意.txt"
    report.write_text(HOSTILE, "utf-8")
    room(page, 1)
    page.locator("#upload input[type=file]").set_input_files(report)
    page.wait_for_selector(".news .added")
    unharmed(page)
    room(page, 0)
    for question in (
        "恶意市图书馆2018年<img src=x onerror=window.hacked=5>新增图书多少册？",
        "恶意市图书馆2018年到馆读者多少人次？",
        "恶意市图书馆2018年举办讲座多少场？",
        "恶意市图书馆2018年3月做了什么？",
    ):
        ask(page, question).locator(".cite, .tool").first.click()
    page.locator(".turn").nth(1).locator(".cite").first.click()
    page.wait_for_selector("#source .ln.cited")
    shown = page.locator("#source .page").inner_text()
    for text in ("<script>window.hacked=1</script>", "[讲座](javascript:window.hacked=3)", "&lt;b&gt;", "<svg onload"):
        assert text in shown
    assert "<img" in page.locator(".history li").first.inner_text()
    unharmed(page)


def test_nor_in_the_facts_the_evaluation_or_what_is_taken_away(visit: Any, home: Path, tmp_path: Path) -> None:
    report = tmp_path / "恶意二.txt"
    report.write_text(HOSTILE.replace("恶意", "险恶"), "utf-8")
    with open_index(home) as index:
        ingest(index, [report])
    page = visit()
    ask(page, "险恶市图书馆2018年举办[讲座](javascript:alert(1))多少场？")
    page.locator("#take-away .label-wrap").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Markdown").click()
    outside_of_code = re.sub(r"(?m)^    .*$", "", Path(saved.value.path()).read_text("utf-8"))
    assert not re.search(r"(?<!\\)\]\(|(?<!\\)<", outside_of_code)
    room(page, 2)
    page.wait_for_selector(".facts-table tbody tr")
    page.fill("[data-filter]", "险恶")
    assert page.locator(".facts-table tbody tr:not([hidden])").count() > 1
    unharmed(page)
    room(page, 3)
    own = tmp_path / "<img src=x onerror=window.hacked=10>.jsonl"
    asked = "险恶市图书馆2018年<img src=x onerror=window.hacked=11>到馆读者多少人次？"
    row = {"id": "<b>x</b>", "lang": "zh", "question": asked, "type": "number", "report": ["<u>.txt"]}
    own.write_text(json.dumps(row | {"answers": [["<script>window.hacked=12</script>"]]}) + "\n", "utf-8")
    page.locator("input[type=file][accept*=jsonl]").first.set_input_files(own)
    run_set(page, "hacked")
    page.locator(".miss", has_text="<img src=x").wait_for()
    unharmed(page)


def test_good_files_come_in_bad_ones_are_told_and_reports_can_go(visit: Any, tmp_path: Path) -> None:
    page = visit()
    good, empty, strange = (tmp_path / name for name in ("临江 2017.txt", "空.txt", "脚本.exe"))
    good.write_text("临江市图书馆2017年年报\n\n2017年，临江市图书馆接待到馆读者81234人次。\n", "utf-8")
    empty.write_bytes(b"")
    strange.write_bytes(b"MZ")
    room(page, 1)
    page.locator("#upload input[type=file]").set_input_files([good, empty, strange])
    page.wait_for_function("document.querySelectorAll('.news li').length === 3")
    page.wait_for_selector(".card[data-report='临江-2017']")
    assert page.locator(".news .refused").count() == 2
    card = page.locator(".card[data-report='临江-2017']")
    card.get_by_role("button", name="移除").click()
    card.get_by_role("button", name="确认移除？").click()
    card.wait_for(state="detached")


def test_changes_made_elsewhere_show_up_by_themselves(visit: Any, home: Path, tmp_path: Path) -> None:
    page = visit()
    room(page, 1)
    page.wait_for_selector(".card")
    report = tmp_path / "elsewhere.txt"
    report.write_text("海滨市图书馆2016年年报\n\n2016年，海滨市图书馆办证4321张。\n", "utf-8")
    with open_index(home) as other:
        ingest(other, [report])
    page.wait_for_selector(".card[data-report='elsewhere']")


def test_a_conversation_is_there_again_after_a_reload_and_can_be_taken_away(visit: Any) -> None:
    page = visit()
    ask(page, "许昌市图书馆2019年新增图书多少册？")
    page.wait_for_selector(".history li")
    page.wait_for_timeout(800)
    page.reload()
    page.wait_for_selector(".turn .answer")
    assert page.locator(".turn .value").inner_text() == "104286册"
    page.locator("#take-away .label-wrap").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Markdown").click()
    assert "104286册" in Path(saved.value.path()).read_text("utf-8")
    with page.expect_download() as saved:
        page.get_by_role("button", name="JSON").click()
    assert json.loads(Path(saved.value.path()).read_text("utf-8"))["turns"][0]["answer"]["citations"][0]["lines"] == [
        165,
        165,
    ]


def test_another_browser_does_not_see_the_conversation(visit: Any) -> None:
    ask(visit(), "许昌市图书馆2019年新增图书多少册？")
    stranger = visit()
    stranger.wait_for_selector(".welcome")
    assert stranger.locator(".history li").count() == 0


def test_votes_become_questions(visit: Any, home: Path) -> None:
    page = visit()
    turn = ask(page, "许昌市图书馆2019年新增图书多少册？")
    turn.get_by_role("button", name="回答正确").click()
    page.wait_for_selector(".tool.pressed")
    page.locator("#take-away .label-wrap").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="导出评价").click()
    from eval.questions import load_questions

    questions = load_questions(Path(saved.value.path()))
    assert questions[-1].answers == (("104286册",),)


def test_an_evaluation_runs_from_the_page(visit: Any, tmp_path: Path) -> None:
    page = visit("en-GB")
    room(page, 3)
    own = tmp_path / "mine.jsonl"
    question = {
        "lang": "zh",
        "question": "许昌市图书馆2019年新增图书多少册？",
        "type": "number",
        "report": ["xuchang-2019.txt"],
    }
    rows = [question | {"id": "a", "answers": [["104286"]]}, question | {"id": "b", "answers": [["1"]]}]
    own.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    page.locator("#own-set + input, #own-set input, input[type=file][accept*=jsonl]").first.set_input_files(own)
    run_set(page, "mine.jsonl")
    page.wait_for_selector(".figures")
    assert "50.0%" in page.locator(".figures").inner_text()
    assert page.locator(".miss").count() == 1
    page.locator(".miss .chip").first.click()
    page.wait_for_selector("#source .src")


def test_figures_are_filtered_plotted_taken_away_and_lead_to_their_line(visit: Any) -> None:
    page = visit()
    room(page, 2)
    page.wait_for_selector(".facts-table tbody tr")
    page.fill("[data-filter]", "到馆读者 昆山")
    page.wait_for_function("document.querySelectorAll('.facts-table tbody tr:not([hidden])').length < 20")
    rows = page.locator(".facts-table tbody tr:not([hidden])")
    assert all("昆山" in row and "到馆读者" in row for row in rows.all_inner_texts())
    with page.expect_download() as saved:
        page.get_by_role("button", name="CSV").click()
    assert len(Path(saved.value.path()).read_text("utf-8-sig").splitlines()) == rows.count() + 1
    rows.first.get_by_role("button").click()
    page.wait_for_selector("#source .ln.first")


def test_the_language_and_the_theme_can_be_switched(visit: Any) -> None:
    page = visit("en-GB", color_scheme="dark")
    page.wait_for_selector(".welcome")
    assert page.locator("body.dark").count() == 1
    page.get_by_role("button", name="中文").click()
    page.wait_for_function("document.querySelector('.top h1').innerText === '报告问答'")
    page.get_by_role("button", name="切换明暗").click()
    page.wait_for_selector("body:not(.dark)")
    page.reload()
    page.wait_for_selector(".welcome")
    assert page.locator(".top h1").inner_text() == "报告问答"
    page.wait_for_selector("body:not(.dark)")


def test_a_phone_shows_the_source_over_the_page(visit: Any) -> None:
    page = visit(viewport={"width": 390, "height": 844})
    turn = ask(page, "许昌市图书馆2019年新增图书多少册？")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    turn.locator(".cite").first.click()
    page.wait_for_selector("#source .ln.cited")
    page.get_by_role("button", name="关闭").click()
    page.wait_for_selector("#source .src", state="detached")


def test_a_password_lets_in_who_knows_it(visit: Any, tmp_path: Path) -> None:
    from qa.page.login import hashed

    page, index = serve(tmp_path, auth=hashed("馆员", "对的密码"))
    try:
        seen = visit(at=page.local_url)
        for password, let_in in (("错的密码", False), ("对的密码", True)):
            seen.get_by_label("用户名").fill("馆员")
            seen.get_by_label("密码").fill(password)
            seen.get_by_role("button", name="登录").click()
            if not let_in:
                seen.get_by_text("用户名或密码不对").wait_for()
                assert seen.locator(".thread").count() == 0
        seen.wait_for_selector(".welcome")
    finally:
        page.close()
        index.close()


def test_wrong_passwords_are_slowed_down_and_told(visit: Any, tmp_path: Path) -> None:
    from qa.page.attempts import FREE
    from qa.page.login import hashed

    page, index = serve(tmp_path, auth=hashed("馆员", "对的密码"))
    try:
        seen = visit("zh-CN", page.local_url)
        seen.get_by_label("用户名").fill("馆员")
        for _ in range(FREE["both"] + 1):
            seen.get_by_label("密码").fill("错的密码")
            with seen.expect_response("**/login") as answered:
                seen.keyboard.press("Enter")
        assert answered.value.status == 429
        seen.get_by_text("秒后再试").wait_for()
        wait = int(answered.value.headers["retry-after"])
        seen.wait_for_timeout(wait * 1000 + 300)
        seen.get_by_label("密码").fill("对的密码")
        seen.keyboard.press("Enter")
        seen.wait_for_selector(".welcome")
        seen.get_by_role("link", name="退出").click()
        seen.get_by_label("密码").wait_for()
    finally:
        page.close()
        index.close()


def test_text_stands_out_from_what_is_behind_it() -> None:
    from qa.page.theme import PALETTE

    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    pairs = [(t, b) for t in ("ink", "soft", "faint", "accent", "bad", "good", "second") for b in ("paper", "card")]
    pairs += [
        ("on-accent", "accent"),
        ("ink", "lit"),
        ("ink", "also"),
        ("ink", "tint"),
        ("warn", "warn-tint"),
        ("accent", "tint"),
        ("soft", "sunk"),
    ]
    for text, behind in pairs:
        for shade in (0, 1):
            high, low = sorted((light(PALETTE[text][shade]), light(PALETTE[behind][shade])), reverse=True)
            assert (high + 0.05) / (low + 0.05) >= 4.5, (text, behind, shade)


def test_programs_get_what_the_command_line_gives(url: str, home: Path) -> None:
    from gradio_client import Client

    client = Client(url, verbose=False)
    question = "许昌市图书馆2019年新增图书多少册？"
    with open_index(home) as index:
        expected = Assistant(index).ask(question).to_dict()
    answer = client.predict(question, api_name="/ask")
    for citation in expected["citations"]:
        citation["file"] = Path(citation.pop("path")).name
    assert {**answer, "timing_ms": 0} == {**json.loads(json.dumps(expected)), "timing_ms": 0}
    assert "xuchang-2019" in [report["id"] for report in client.predict(api_name="/reports")]
    hits = client.predict(question, ["xuchang-2019"], 2019, None, 3, api_name="/search")
    assert len(hits) == 3
    assert sorted(client.view_api(return_format="dict", print_info=False)["named_endpoints"]) == [
        "/ask",
        "/reports",
        "/search",
    ]
