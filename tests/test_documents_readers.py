"""Text files to lines: encodings, line ends, wrong suffixes, refusals. The formats have test files of their own."""

from __future__ import annotations

import hashlib
import io
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.decoding import decode, plausibility, split_lines
from documents.errors import UnreadableReport
from documents.readers import MAX_BYTES, SUFFIXES, Content, read_lines, supported

SIMPLIFIED = "青山市图书馆全年接待读者47000人次，外借图书55818册。\n新增分馆3个，举办活动112场。\n"
TRADITIONAL = "青山市圖書館全年接待讀者47000人次，外借圖書55818冊。\n新增分館3個，舉辦活動112場。\n"
SAMPLES = Path(__file__).parent.parent / "documents" / "samples"
ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]


def _file(folder: Path, data: bytes, name: str = "report.txt") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def _texts(content: Content) -> list[str]:
    return [line.text for line in content.lines]


def _refusal(path: Path) -> str:
    with pytest.raises(UnreadableReport) as caught:
        read_lines(path)
    assert str(path) in str(caught.value)
    return str(caught.value)


def test_lines_are_numbered_as_in_an_editor(tmp_path: Path) -> None:
    path = _file(tmp_path, "一\r\n\n  二\r三\u2028三\x0b三\x85三\n\f四\n".encode())
    content = read_lines(path)
    assert _texts(content) == ["一", "", "  二", "三\u2028三\x0b三\x85三", "四"]
    assert [line.number for line in content.lines] == [1, 2, 3, 4, 5]


def test_the_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    data = SIMPLIFIED.encode("gb18030")
    assert read_lines(_file(tmp_path, data)).digest == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_simplified_chinese_is_read_in_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    assert _texts(read_lines(_file(tmp_path, SIMPLIFIED.encode(encoding)))) == SIMPLIFIED.splitlines()


@pytest.mark.parametrize("encoding", [*ENCODINGS, "big5", "cp950", "big5hkscs"])
def test_traditional_chinese_is_read_in_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    assert _texts(read_lines(_file(tmp_path, TRADITIONAL.encode(encoding)))) == TRADITIONAL.splitlines()


@pytest.mark.parametrize("text", ["许昌", "联通", "图书馆", "2019年", "分馆：5个", "青山市圖書館"])
def test_a_few_characters_are_enough_to_tell_gb18030(text: str) -> None:
    assert decode(text.encode("gb18030")) == text


@pytest.mark.parametrize("text", ["圖書館", "許昌市", "新增讀者 12 人", "二〇一九年大事記"])
def test_a_few_characters_are_enough_to_tell_big5(text: str) -> None:
    assert decode(text.encode("big5hkscs")) == text


@pytest.mark.parametrize("text", ["The library’s café – “open”", "£5 a year", "résumé"])
def test_english_from_windows_is_not_taken_for_chinese(text: str) -> None:
    assert decode(text.encode("cp1252")) == text
    assert decode(text.encode()) == text


@pytest.mark.parametrize("text", ["Библиотека: отчёт", "Αθήνα", "도서관", "東京の図書館", "μ × 5", "plain"])
def test_valid_utf8_of_any_script_stays_utf8(text: str) -> None:
    assert decode(text.encode()) == text


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le", "utf-16-be"])
def test_the_samples_are_the_same_in_every_encoding(encoding: str) -> None:
    for path in SAMPLES.glob("*.txt"):
        text = path.read_bytes().decode("utf-8-sig")
        assert decode(text.encode(encoding)) == text


def test_wrong_readings_of_chinese_are_implausible() -> None:
    assert plausibility(TRADITIONAL.encode("big5").decode("gb18030", "replace")) < 0.2
    assert plausibility(SIMPLIFIED.encode("gb18030").decode("big5", "replace")) < 0.2
    assert plausibility(SIMPLIFIED) > 0.8


def test_bytes_that_two_encodings_read_equally_well_are_refused(tmp_path: Path) -> None:
    message = _refusal(_file(tmp_path, "濬縣".encode("big5")))
    assert "GB18030" in message
    assert "Big5" in message


def test_one_bad_byte_is_named_with_its_place(tmp_path: Path) -> None:
    good = (SIMPLIFIED * 40).encode()
    data = good + "第八十一行".encode() + b"\xff" + good
    message = _refusal(_file(tmp_path, data))
    assert f"byte 0xFF at offset {data.index(0xFF)} (line 81) is not valid UTF-8" in message


def test_a_bad_byte_in_gb18030_is_not_dropped(tmp_path: Path) -> None:
    data = SIMPLIFIED.encode("gb18030") + b"\xff" + SIMPLIFIED.encode("gb18030")
    assert "not valid GB18030" in _refusal(_file(tmp_path, data))


def test_a_bad_byte_far_behind_english_text_is_found(tmp_path: Path) -> None:
    data = b"visits rose again\n" * 20_000 + "“quoted” text, ".encode() * 9 + b"\x81\n"
    assert "(line 20001) is not valid UTF-8" in _refusal(_file(tmp_path, data))


def test_a_utf16_file_cut_in_mid_character_is_refused(tmp_path: Path) -> None:
    assert "UTF-16" in _refusal(_file(tmp_path, SIMPLIFIED.encode("utf-16")[:-1]))


@pytest.mark.parametrize("data", [bytes(range(256)) * 8, b"report\0\0\0\x01\x02" * 50, b"\0" * 100])
def test_binary_bytes_are_refused(tmp_path: Path, data: bytes) -> None:
    assert "NUL" in _refusal(_file(tmp_path, data))


def test_many_control_characters_are_refused_and_a_stray_one_is_kept(tmp_path: Path) -> None:
    assert "control" in _refusal(_file(tmp_path, b"abc\x01\x02\x03" * 100))
    assert _texts(read_lines(_file(tmp_path, b"visits\x07 rose"))) == ["visits\x07 rose"]


def test_characters_lost_before_saving_are_counted(tmp_path: Path) -> None:
    content = read_lines(_file(tmp_path, (SIMPLIFIED * 9 + "新增\ufffd个").encode()))
    assert content.notes == ("characters lost before this file was saved (U+FFFD stands for them): 1",)


def test_a_very_long_line_stays_one_line(tmp_path: Path) -> None:
    assert _texts(read_lines(_file(tmp_path, ("图" * 1_000_000).encode()))) == ["图" * 1_000_000]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"\x1f\x8b\x08\0", "compressed"),
        (b"{\\rtf1 x}", "Rich Text"),
        (b"PK\x03\x04broken", "ZIP"),
    ],
)
def test_a_text_file_that_is_something_else_says_what(tmp_path: Path, data: bytes, what: str) -> None:
    assert what in _refusal(_file(tmp_path, data))


@pytest.mark.parametrize(
    ("member", "what"),
    [("word/document.xml", ".docx"), ("xl/workbook.xml", "Excel"), ("x.txt", "ZIP")],
)
def test_an_office_file_named_txt_says_which(tmp_path: Path, member: str, what: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(member, "x")
    assert what in _refusal(_file(tmp_path, packed.getvalue()))


@pytest.mark.parametrize("data", [b"", b"  \n\t\r\n\f", "\ufeff\u3000\n".encode()])
def test_a_file_without_text_is_refused(tmp_path: Path, data: bytes) -> None:
    _refusal(_file(tmp_path, data))


def test_an_unsupported_suffix_lists_the_supported_ones(tmp_path: Path) -> None:
    message = _refusal(_file(tmp_path, b"x", "report.xlsx"))
    assert all(suffix in message for suffix in SUFFIXES)


def test_folders_and_missing_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "reports.txt").mkdir()
    assert "folder" in _refusal(tmp_path / "reports.txt")
    assert "no such file" in _refusal(tmp_path / "none.txt")


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    with path.open("wb") as sparse:
        sparse.truncate(MAX_BYTES + 1)
    assert f"{MAX_BYTES:,}" in _refusal(path)


def test_a_link_is_read_and_suffixes_ignore_case(tmp_path: Path) -> None:
    target = _file(tmp_path, SIMPLIFIED.encode(), "REPORT.TXT")
    link = tmp_path / "link.md"
    link.symlink_to(target)
    assert supported(target)
    assert _texts(read_lines(link)) == _texts(read_lines(target))


# Chinese outside the everyday range is not text people write, and no reader can tell it from a wrong decoding.
_WRITTEN = st.text(st.sampled_from("图书馆年月日全市读者活动的和在，。、：（）《》 abcXYZ0123456789%\t"), max_size=40)


@given(st.lists(_WRITTEN, max_size=30), st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["utf-8", "gb18030"]))
def test_written_lines_are_read_back_with_their_numbers(lines: list[str], end: str, encoding: str) -> None:
    lines = ["图书馆的全年读者活动", *lines]  # a lone bracket can be a letter of another encoding
    data = "".join(line + end for line in lines).encode(encoding)
    assert split_lines(decode(data)) == lines


_ANY_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffd\ufffe\uffff"))


@given(st.lists(_ANY_TEXT.map(lambda text: "图书馆" + text)))
def test_any_unicode_survives_utf8(lines: list[str]) -> None:
    assert split_lines(decode("".join(line + "\n" for line in lines).encode())) == lines


@given(st.binary(max_size=200))
def test_any_bytes_give_text_or_a_refusal(data: bytes) -> None:
    with suppress(UnreadableReport):
        assert "\0" not in decode(data)
