"""A text that arrives in pieces becomes the same sentences however it is cut."""

from __future__ import annotations

import pytest

from qa.llm.sentences import Sentence, Sentences, read_sentence, rendered_elsewhere

TEXTS = [
    (
        "42册\n全年新增图书42册。[1]另有3.5万册[2]。共10场[1][2]！",
        [("42册", ()), ("全年新增图书42册。", (1,)), ("另有3.5万册。", (2,)), ("共10场！", (1, 2))],
    ),
    (
        "It added 42.5 thousand volumes in 2019. [1] Mr. Li opened it on 3 May [2]. He left (No. 5). [3]",
        [
            ("It added 42.5 thousand volumes in 2019.", (1,)),
            ("Mr. Li opened it on 3 May.", (2,)),
            ("He left (No. 5).", (3,)),
        ],
    ),
    ("- **One** item [4]\n2. Second item. [5]", [("One item", (4,)), ("Second item.", (5,))]),
    ("先后两次[1-3]，共【4】次。末句", [("先后两次，共次。", (1, 2, 3, 4)), ("末句", ())]),
    ("说“完成了。”[1]然后结束。", [("说“完成了。”", (1,)), ("然后结束。", ())]),
]


@pytest.mark.parametrize("size", [1, 2, 5, 1000])
@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_pieces_of_any_size_give_the_same_sentences(
    text: str, expected: list[tuple[str, tuple[int, ...]]], size: int
) -> None:
    sentences = Sentences()
    found = [s for at in range(0, len(text), size) for s in sentences.feed(text[at : at + size])]
    found += sentences.close()
    assert [(sentence.text, sentence.cited) for sentence in found] == expected


def test_a_sentence_is_given_out_only_when_it_is_over() -> None:
    sentences = Sentences()
    assert list(sentences.feed("共42册。")) == []
    assert list(sentences.feed("[1")) == []
    assert list(sentences.feed("]另")) == [Sentence("共42册。", (1,))]


def test_a_link_around_a_mark_is_taken_off() -> None:
    assert read_sentence("共42册[1](http://evil.example)。").cited == (1,)
    assert "evil" not in read_sentence("共42册[1](http://evil.example)。").text


@pytest.mark.parametrize(
    "text",
    [
        "![图](http://evil.example/a.png)",
        "请点[这里](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "见 https://evil.example/?q=1",
        "写信到 mailto:a@b.c",
        "see www.evil.example",
        "see evil.example/collect",
        "[1]: http://evil.example",
        "&lt;script&gt;",
    ],
)
def test_what_would_be_more_than_text_is_noticed(text: str) -> None:
    assert rendered_elsewhere(text, "")


def test_an_address_that_the_report_itself_gives_is_text() -> None:
    assert rendered_elsewhere("网址为www.ksl.cn。", "图书馆网址为www.ksl.cn。") == ""
    assert rendered_elsewhere("增长5.3%，共1.2万册。", "") == ""
