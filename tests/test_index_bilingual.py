from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from pathlib import Path

import pytest

from documents.errors import InvalidSetting
from index.bilingual import FAINT_WEIGHT, MAX_ALTERNATIVES, Term, Translation, question_terms
from index.lexicon import DATA, Lexicon
from index.tokens import fold, words

Ask = Callable[[str], dict[str, Term]]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.load()


def tokens(text: str) -> list[str]:
    return [token for token, _, _ in words(fold(text))]


def table(lexicon: Lexicon, corpus: str) -> Callable[[Collection[str]], Iterable[Translation]]:
    rows = list(lexicon.expand_vocabulary({*tokens(corpus), *lexicon.terms_in(corpus)}))
    return lambda keys: [row for row in rows if row.source in keys]


def asked(lexicon: Lexicon, corpus: str, question: str) -> dict[str, dict[str, float]]:
    return {term.surface: dict(term.alternatives) for term in question_terms(tokens(question), table(lexicon, corpus))}


def test_a_dictionary_word_reaches_its_chinese_word(lexicon: Lexicon) -> None:
    assert "篮球" in asked(lexicon, "篮球 足球", "Who plays basketball?")["basketbal"]


def test_a_script_is_reached_by_the_name_of_its_language(lexicon: Lexicon) -> None:
    assert "蒙古文" in asked(lexicon, "蒙古文文献", "How many volumes in Mongolian?")["mongolian"]


def test_an_article_is_cut_from_the_front_of_a_gloss_only(lexicon: Lexicon) -> None:
    assert "郊区" in asked(lexicon, "郊区 市区", "in which suburban district")["suburban district"]


def test_a_name_glossed_in_two_ways_is_reached_by_either(lexicon: Lexicon) -> None:
    assert "黄河" in asked(lexicon, "到黄河边", "the Yellow River")["yellow river"]


def test_a_glossary_phrase_takes_its_words_and_has_one_vote(lexicon: Lexicon) -> None:
    found = asked(lexicon, "新建智慧阅读空间三座", "How many smart reading spaces?")
    assert found["smart read space"]["智慧阅读空间"] == 1.0
    assert "read" not in found


def test_a_term_the_reports_lack_is_not_offered(lexicon: Lexicon) -> None:
    found = asked(lexicon, "智慧城市", "smart reading spaces")
    assert "smart read space" not in found
    assert "智慧" in found["smart"]


def test_a_term_of_several_tokens_is_seen_in_the_text_despite_blanks(lexicon: Lexicon) -> None:
    assert "24小时自助图书馆" in lexicon.terms_in("共有 24 小时自助图书馆 19 个")


@pytest.mark.parametrize(
    ("question", "surface", "target"),
    [
        ("When did Hangzhou open?", "hangzhou", "杭州"),
        ("Who is Wang Xiaoming?", "wang xiaom", "王小明"),
        ("Who is Xiaoming Wang?", "xiaom wang", "王小明"),
    ],
)
def test_names_are_found_by_their_pinyin(lexicon: Lexicon, question: str, surface: str, target: str) -> None:
    assert asked(lexicon, "杭州 王小明", question)[surface][target] >= 0.5


def test_a_place_is_found_without_its_suffix(lexicon: Lexicon) -> None:
    assert {"shuanglongzhen", "shuanglong", "双龙"} <= {row.source for row in lexicon.expand_vocabulary(["双龙镇"])}


def test_a_known_english_word_is_not_taken_for_pinyin() -> None:
    rows = [Translation("long", "长", 0.8, "dictionary"), Translation("long", "龙", 0.9, "pinyin")]
    (term,) = question_terms(["long"], lambda keys: [row for row in rows if row.source in keys])
    assert term.alternatives[:2] == (("long", 1.0), ("长", 0.8))
    assert dict(term.alternatives)["龙"] < 0.4


def test_chinese_synonyms_reach_the_reports_word(lexicon: Lexicon) -> None:
    assert asked(lexicon, "全年外借图书", "一年借出多少？")["借出"]["外借"] > 0.5


def test_chinese_questions_reach_english_reports(lexicon: Lexicon) -> None:
    corpus = "The branch libraries lent 500 volumes to visitors."
    found = asked(lexicon, corpus, "分馆的读者借阅多少册")
    assert "branch librari" in found["分馆"]
    assert "lent" in found["借阅"]
    assert "volum" in found["册"]


def test_british_spelling_reaches_the_dictionarys_american(lexicon: Lexicon) -> None:
    assert "现代化" in asked(lexicon, "现代化", "What was modernised?")["modernis"]


def test_an_abbreviation_reaches_the_full_name_and_back(lexicon: Lexicon) -> None:
    assert "北京大学" in asked(lexicon, "北京大学", "北大")["北大"]
    assert "北大" in asked(lexicon, "北大", "北京大学")["北京大学"]


def test_stop_words_are_dropped_and_numbers_stay(lexicon: Lexicon) -> None:
    assert list(asked(lexicon, "阅览", "What was it in 2019?")) == ["2019"]


def test_words_of_counting_weigh_little() -> None:
    number, book = question_terms(["number", "of", "book"], lambda keys: [])
    assert (number.weight, book.weight) == (FAINT_WEIGHT, 1.0)


def test_the_questions_own_form_leads_and_alternatives_are_capped() -> None:
    rows = [Translation("thing", f"词{i}", 0.5, "dictionary") for i in range(40)]
    (term,) = question_terms(["thing"], lambda keys: rows)
    assert term.alternatives[0] == ("thing", 1.0)
    assert len(term.alternatives) == MAX_ALTERNATIVES


def test_a_users_glossary_extends_ours(tmp_path: Path) -> None:
    own = tmp_path / "own.tsv"
    own.write_text("# ours\n云上书苑|书苑\tcloud study\n", encoding="utf-8")
    assert "云上书苑" in asked(Lexicon.load(own), "走进云上书苑", "the cloud study")["cloud studi"]


def test_a_glossary_line_without_a_tab_is_refused_with_its_number(tmp_path: Path) -> None:
    own = tmp_path / "own.tsv"
    own.write_text("分馆\tbranch\n总馆 main\n", encoding="utf-8")
    with pytest.raises(InvalidSetting, match="Line 2"):
        Lexicon.load(own)


def test_a_missing_glossary_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidSetting, match="cannot be read"):
        Lexicon.load(tmp_path / "none.tsv")


def test_each_translation_is_one_row_with_a_weight_up_to_one(lexicon: Lexicon) -> None:
    rows = list(lexicon.expand_vocabulary(["图书馆", "借阅", "librari", "2019", "的"]))
    assert all(0 < row.weight <= 1 for row in rows)
    assert len({(row.source, row.target) for row in rows}) == len(rows)
    assert {row.target for row in rows} <= {"图书馆", "借阅", "librari"}


def test_the_bundled_files_list_each_chinese_term_once_and_groups_of_two_or_more() -> None:
    glossary = [line.split("\t") for line in (DATA / "glossary.tsv").read_text("utf-8").splitlines() if line[0] != "#"]
    terms = [term for chinese, _ in glossary for term in chinese.split("|")]
    groups = [line.split("\t") for line in (DATA / "synonyms.tsv").read_text("utf-8").splitlines() if line[0] != "#"]
    assert len(terms) == len(set(terms))
    assert len(glossary) >= 350
    assert len(groups) >= 120
    assert all(len(set(group)) == len(group) >= 2 for group in groups)


def test_a_past_tense_reaches_what_the_dictionary_glosses_with_its_base_form(lexicon: Lexicon) -> None:
    assert "唱" in asked(lexicon, "他唱了一首", "Who sang it?")["sang"]


def test_an_english_word_reaches_what_another_of_its_group_means(lexicon: Lexicon) -> None:
    found = asked(lexicon, "演习 火灾", "Was there a rehearsal?")["rehears"]
    assert 0 < found["演习"] < 0.7


def test_irregular_forms_in_an_english_report_are_found_by_one_another(lexicon: Lexicon) -> None:
    assert asked(lexicon, "the choir sang", "Who will sing?")["sing"]["sang"] > 0.9


def test_a_word_of_many_meanings_asks_but_is_not_asked_for(lexicon: Lexicon) -> None:
    assert "报纸" in asked(lexicon, "报纸 报告", "Which papers?")["paper"]
    assert asked(lexicon, "报纸 报告", "Which newspapers?")["newspap"].get("报告", 0.0) < 0.3


def test_a_chinese_word_reaches_an_irregular_form_in_an_english_report(lexicon: Lexicon) -> None:
    assert asked(lexicon, "412 buses", "几辆公交车")["公交车"]["buse"] > 0.9


def test_an_electronic_thing_nobody_knows_is_not_the_printed_one(lexicon: Lexicon) -> None:
    assert list(asked(lexicon, "图书 六万册", "How many e-books?")) == ["e book"]
