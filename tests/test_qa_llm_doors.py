"""The other doors to a model: the terminal, the evaluation and the doctor."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from model_voices import marks_of
from scripted_model import Fault, Messages, ScriptedModel
from support import ROOT, run_qa

from qa.llm.endpoint import endpoint_of
from qa.settings import load_settings

KEY = "sk-not-to-be-seen"
QUESTION = {
    "id": "a", "lang": "zh", "question": "许昌市图书馆2019年新增图书多少册？", "type": "number",
    "answers": [["104286"]], "report": ["xuchang-2019.txt"], "evidence": ["新增图书104286册"],
}  # fmt: skip


def say(messages: Messages) -> str:
    return f"104286册\n新增图书104286册。{marks_of(messages, '新增图书104286册')}另有99999册。[1]"


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_LLM_KEY", KEY)
    monkeypatch.setenv("QA_LLM_RETRIES", "0")


@pytest.mark.parametrize("protocol", ["openai", "ollama"])
def test_the_doctor_tells_the_model_and_whether_it_is_there(
    configured: None, samples_home: Path, monkeypatch: pytest.MonkeyPatch, protocol: str
) -> None:
    with ScriptedModel(say) as server:
        monkeypatch.setenv("QA_LLM", "ollama/m" if protocol == "ollama" else "m")
        monkeypatch.setenv("QA_LLM_URL", server.root if protocol == "ollama" else server.url)
        well = run_qa("--home", samples_home, "doctor")
    gone = run_qa("--home", samples_home, "doctor")
    assert well.status == 0
    assert f"language model: {'ollama/' if protocol == 'ollama' else ''}m at {server.root}" in well.out
    assert gone.status == 2
    assert "BAD  language model" in gone.out
    assert KEY not in well.out + gone.out + gone.err


def test_answerers_are_evaluated_side_by_side(
    configured: None, samples_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(json.dumps(QUESTION, ensure_ascii=False), "utf-8")
    with ScriptedModel(say) as server:
        monkeypatch.setenv("QA_LLM", "m")
        monkeypatch.setenv("QA_LLM_URL", server.url)
        answerers = ("extractive", "llm", "auto")
        runs = [run_qa("--home", samples_home, "eval", file, "--json", "--answerer", name) for name in answerers]
        (tmp_path / "before.json").write_text(runs[0].out, "utf-8")
        compared = run_qa("--home", samples_home, "eval", file, "--against", tmp_path / "before.json")
    assert [done.json["outcomes"][0]["answerer"] for done in runs] == ["extractive", "llm", "llm"]
    assert [done.json["totals"]["accuracy"] for done in runs] == [1.0, 1.0, 1.0]
    assert "broken: none" in compared.out


def test_the_conversation_in_the_terminal_tells_what_was_left_out(
    configured: None, samples_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedModel(say) as server:
        monkeypatch.setenv("QA_LLM", "m")
        monkeypatch.setenv("QA_LLM_URL", server.url)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(str(QUESTION["question"]).encode()), "utf-8"))
        done = run_qa("--home", samples_home, "chat")
    assert done.out.startswith("104286册。新增图书104286册。[1]\n")
    assert "m: 模型的1句话未通过核对" in done.err


def test_a_question_whose_model_fails_is_answered_in_an_evaluation_too(
    configured: None, samples_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(json.dumps(QUESTION, ensure_ascii=False), "utf-8")
    with ScriptedModel(lambda _: Fault("drop", "104286册")) as server:
        monkeypatch.setenv("QA_LLM", "m")
        monkeypatch.setenv("QA_LLM_URL", server.url)
        done = run_qa("--home", samples_home, "eval", file, "--json", "--answerer", "llm")
    assert done.json["outcomes"][0]["answerer"] == "extractive"
    assert done.json["totals"]["accuracy"] == 1.0


def settings_told() -> list[dict[str, str]]:
    """The variables of each way to a model that the guide names."""
    text = (ROOT / "docs" / "language-models.md").read_text("utf-8")
    blocks = [dict(re.findall(r"^\$ export (\w+)=(.*)$", block, re.MULTILINE)) for block in text.split("```")]
    return [{k: v.replace("…", KEY) for k, v in block.items()} for block in blocks if "QA_LLM" in block]


@pytest.mark.parametrize("told", settings_told(), ids=lambda told: told["QA_LLM"])
def test_every_way_to_a_model_in_the_guide_works_with_a_server_of_its_protocol(
    told: dict[str, str], samples_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = endpoint_of(load_settings(samples_home, told))
    with ScriptedModel(say) as server:
        here = server.root if endpoint.protocol == "ollama" else server.url
        for name, value in {**told, "QA_LLM_URL": here}.items():
            monkeypatch.setenv(name, value)
        done = run_qa("--home", samples_home, "ask", QUESTION["question"], "--json")
    assert done.json["answerer"] == "llm"
    assert server.requests[0].body["model"] == endpoint.model
    assert endpoint.url.startswith(told.get("QA_LLM_URL", "http"))


def test_a_server_of_this_machine_is_not_reached_through_a_proxy(
    samples_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedModel(say) as server, ScriptedModel(say) as proxy:
        for name, value in {"QA_LLM": "m", "QA_LLM_URL": server.url, "HTTP_PROXY": proxy.root}.items():
            monkeypatch.setenv(name, value)
        run_qa("--home", samples_home, "ask", QUESTION["question"])
    assert (len(server.requests), len(proxy.requests)) == (1, 0)


def test_without_a_model_nothing_of_it_is_loaded(samples_home: Path) -> None:
    code = (
        "import sys\nfrom qa.cli import main\ntry:\n    main(['--home', sys.argv[1], 'ask', sys.argv[2]])\n"
        "except SystemExit:\n    heavy = ('llama_index', 'openai', 'ollama', 'qa.llm')\n"
        "    print([m for m in sys.modules if m.startswith(heavy)])"
    )
    arguments = [sys.executable, "-c", code, str(samples_home), str(QUESTION["question"])]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, check=True, encoding="utf-8")
    assert done.stdout.splitlines()[-1] == "[]"
