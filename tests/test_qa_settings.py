from __future__ import annotations

from pathlib import Path

import pytest

from documents.errors import InvalidSetting
from qa.settings import Settings, default_home, load_settings


def test_nothing_set_gives_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path, {}) == Settings(home=tmp_path)
    assert load_settings(None, {}).home == default_home()


def test_the_option_goes_before_the_environment_and_that_before_the_file(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('top_k = 7\nembedding = "hashing"\n')
    assert load_settings(None, {"QA_HOME": str(tmp_path)}).top_k == 7
    assert load_settings(tmp_path, {"QA_HOME": "/elsewhere", "QA_TOP_K": "9"}) == Settings(tmp_path, "hashing", top_k=9)


def test_a_home_may_be_given_from_the_user_s_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load_settings(None, {"QA_HOME": "~/reports"}).home == tmp_path / "reports"


def test_an_empty_variable_sets_nothing_and_foreign_ones_are_let_be(tmp_path: Path) -> None:
    assert load_settings(tmp_path, {"QA_TOP_K": "", "QA_SESSION": "x", "TOP_K": "3"}) == Settings(home=tmp_path)


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "many", "²", "true"])
def test_a_count_must_be_a_whole_number(tmp_path: Path, value: str) -> None:
    with pytest.raises(InvalidSetting, match="whole number"):
        load_settings(tmp_path, {"QA_TOP_K": value})


@pytest.mark.parametrize("text", ["top_k = ", "top_k = true", "colour = 1", "home = '/x'", "embedding = 1", "\xff"])
def test_a_settings_file_that_cannot_be_used_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings.toml").write_text(text, encoding="latin-1")
    with pytest.raises(InvalidSetting, match=r"settings\.toml|top_k"):
        load_settings(tmp_path, {})


def test_a_glossary_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidSetting, match="not a file"):
        load_settings(tmp_path, {"QA_GLOSSARY": str(tmp_path / "words.tsv")})
    (tmp_path / "words.tsv").touch()
    assert load_settings(tmp_path, {"QA_GLOSSARY": str(tmp_path / "words.tsv")}).glossary == tmp_path / "words.tsv"
