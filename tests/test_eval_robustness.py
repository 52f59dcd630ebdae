"""Variants must ask the same thing, come out the same for the same seed, and be counted by their rule."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from eval.questions import Question, load_questions
from eval.robustness import RULES, Asked, Loss, losses, main, understood, variants
from eval.runner import Outcome
from qa.assistant import Assistant

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "eval" / "sets" / "samples.jsonl"


def asked(text: str, lang: str = "zh", mentions: tuple[tuple[int, int], ...] = (), year: int | None = None) -> Asked:
    question = Question("q1", lang, text, "number", (("1",),), ("a.txt",))
    return Asked(question, mentions, {"a.txt": "年画和蝶湖湾", "b.txt": "年画"}, year)


def said(rule: str, one: Asked) -> str | None:
    return RULES[rule](one, random.Random(1))


def test_the_date_moves_before_the_library_and_back() -> None:
    assert said("order", asked("许图2018年度办了多少场？", mentions=((0, 2),))) == "2018年度许图办了多少场？"
    assert said("order", asked("2018年许图办了多少场？", mentions=((5, 7),))) == "许图2018年办了多少场？"
    assert said("order", asked("Who spoke in May?", "en")) == "In May, who spoke?"
    assert said("order", asked("In May 2019, who spoke?", "en")) == "Who spoke in May 2019?"


def test_small_words_are_dropped_but_not_from_a_title() -> None:
    assert said("dropped", asked("一共办了多少场“秋天的树”？")) == "办多少场“秋天的树”"
    assert said("dropped", asked("How many were the first?", "en")) == "How many first"


def test_a_typo_changes_one_character_and_no_name() -> None:
    text = "许图活动办了几场"
    changed = said("typo", asked(text, mentions=((0, 2),)))
    assert changed is not None
    assert changed[:2] == "许图"
    assert sum(a != b for a, b in zip(text, changed, strict=True)) == 1


def test_an_english_typo_swaps_two_letters() -> None:
    changed = said("typo", asked("How many volunteers?", "en"))
    assert changed is not None
    assert changed != "How many volunteers?"
    assert sorted(changed) == sorted("How many volunteers?")


def test_the_year_goes_only_where_it_is_the_only_one() -> None:
    assert said("no-year", asked("许图2019年办了几场", year=2019)) == "许图办了几场"
    assert said("no-year", asked("许图2018年办了几场", year=2019)) is None
    assert said("no-year", asked("How many came in 2019?", "en", year=2019)) == "How many came?"


def test_the_library_goes_only_where_a_word_of_the_question_is_found_in_its_report_alone() -> None:
    assert said("no-library", asked("昆图的蝶湖湾小学来了几人", mentions=((0, 2),))) is None
    assert said("no-library", asked("昆图“蝶湖湾”来了几人", mentions=((0, 2),))) == "“蝶湖湾”来了几人"
    assert said("no-library", asked("昆图“年画”来了几人", mentions=((0, 2),))) is None


def test_traditional_is_for_chinese_questions_only() -> None:
    assert said("traditional", asked("图书馆")) == "圖書館"
    assert said("traditional", asked("libraries", "en")) is None


def test_the_same_seed_gives_the_same_variants(assistant: Assistant) -> None:
    some = understood(load_questions(SAMPLES)[::20], assistant)
    first, again, other = ([list(variants(one, seed)) for one in some] for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_variants_keep_answers_and_evidence_and_never_the_wording(assistant: Assistant) -> None:
    for one in understood(load_questions(SAMPLES)[::20], assistant):
        for rule, variant in variants(one):
            assert variant.question != one.text
            assert replace(variant, id="", question="", note="") == replace(one.question, id="", question="", note="")
            assert variant.id.endswith(f"~{rule}")


def outcome(id_: str, right: bool) -> Outcome:
    return Outcome(id_, "zh", "number", right, False, None, True, False, 1, 0.9, 1.0)


def test_losses_are_counted_by_rule_and_together() -> None:
    before = [outcome("q1", True), outcome("q2", True)]
    after = [outcome("q1~typo", False), outcome("q2~typo", True), outcome("q1~order", True)]
    assert losses(before, after) == (Loss("order", 1, 1, 1), Loss("typo", 2, 2, 1), Loss("all", 3, 3, 2))
    assert losses(before, after)[1].points == pytest.approx(50.0)


def test_the_command_writes_a_file_that_can_be_asked(tmp_path: Path) -> None:
    few = tmp_path / "few.jsonl"
    few.write_text("\n".join(SAMPLES.read_text("utf-8").splitlines()[:3]), encoding="utf-8")
    done = CliRunner().invoke(main, [str(few), str(tmp_path / "out.jsonl"), "--write-only"])
    assert done.exit_code == 0, done.output
    assert len(load_questions(tmp_path / "out.jsonl")) >= 3
