"""Files into the index, again and again: what is new, changed, moved, gone, or cannot be read."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from support import Qa, write_report

from documents.errors import UnreadableReport
from qa.ingest import find_files, sample_files

ASKED = "青山市图书馆2019年新增图书多少册？"


def counts(qa: Qa, *arguments: object) -> dict[str, int]:
    """What an indexing run says it did, without the zeros."""
    told = qa("index", *arguments, "--json").json
    return {key: len(value) for key, value in told.items() if isinstance(value, list) and value}


def short(qa: Qa, *scope: str) -> str | None:
    value = qa("ask", ASKED, "--json", *scope).json["short"]
    return None if value is None else str(value)


def test_an_unchanged_file_is_skipped(own: Qa, folder: Path) -> None:
    write_report(folder / "a.txt")
    assert counts(own, folder) == {"added": 1}
    assert counts(own, folder) == {"unchanged": 1}


def test_a_touched_file_is_unchanged(own: Qa, folder: Path) -> None:
    path = write_report(folder / "a.txt")
    own("index", folder)
    path.touch()
    assert counts(own, folder) == {"unchanged": 1}


def test_a_changed_file_is_replaced_in_full(own: Qa, folder: Path, tmp_path: Path) -> None:
    write_report(folder / "a.txt", "青山", 1234, "三、旧事", "本馆新购移动书架4321个。")
    own("index", folder)
    assert short(own) == "1234册"
    write_report(folder / "a.txt", "青山", 5678)
    assert counts(own, folder) == {"replaced": 1}
    assert short(own) == "5678册"
    assert [hit["report"] for hit in own("search", "移动书架4321", "--json").json if "4321" in hit["text"]] == []
    assert "4321" not in own("show", "a").out
    assert own("doctor").status == 0
    assert not occurs(tmp_path / "home" / "catalog.sqlite", "4321")


def occurs(catalog: Path, text: str) -> bool:
    """Whether any row of any table of a catalog holds a text."""
    with sqlite3.connect(catalog) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return any(text in str(row) for table in tables for row in db.execute(f"SELECT * FROM {table}"))


@pytest.mark.parametrize("by_command", [True, False], ids=["qa remove", "file deleted"])
def test_a_removed_report_leaves_nothing_behind(own: Qa, folder: Path, tmp_path: Path, by_command: bool) -> None:
    path = write_report(folder / "a.txt")
    write_report(folder / "b.txt", "白水", 99)
    own("index", folder)
    if by_command:
        assert own("remove", "a").out == "Removed a.\n"
    else:
        path.unlink()
        done = own("index", folder)
        assert "1 removed" in done.out
        assert "a: its file is gone" in done.err
    assert own("ask", ASKED).status == 1
    assert {hit["report"] for hit in own("search", "新增图书", "--json").json} == {"b"}
    assert own("show", "a").status == 2
    assert own("doctor").status == 0
    assert not occurs(tmp_path / "home" / "catalog.sqlite", "1234")


def test_a_deleted_file_elsewhere_is_not_this_folder_s_business(own: Qa, folder: Path, tmp_path: Path) -> None:
    elsewhere = write_report(tmp_path / "elsewhere" / "a.txt")
    write_report(folder / "b.txt", "白水")
    own("index", folder, elsewhere.parent)
    elsewhere.unlink()
    assert counts(own, folder) == {"unchanged": 1}
    assert short(own) == "1234册"


def test_removing_is_all_or_nothing(own: Qa, folder: Path) -> None:
    write_report(folder / "a.txt")
    own("index", folder)
    assert own("remove", "a", "nowhere").status == 2
    assert short(own) == "1234册"
    assert own("remove", "a", "a").status == 0


def test_the_same_name_in_two_folders_makes_two_reports(own: Qa, folder: Path) -> None:
    write_report(folder / "one" / "report.txt", "青山", 1234)
    write_report(folder / "two" / "report.txt", "白水", 99)
    assert counts(own, folder) == {"added": 2}
    first, second = (report["id"] for report in own("reports", "--json").json)
    assert first == "report"
    assert second.startswith("report-")
    assert short(own) == "1234册"
    assert counts(own, folder) == {"unchanged": 2}


def test_an_identical_copy_is_not_indexed_twice_and_is_told(own: Qa, folder: Path) -> None:
    path = write_report(folder / "a.txt")
    shutil.copy(path, folder / "b.txt")
    done = own("index", folder, "--json")
    assert (done.json["added"], done.json["copies"]) == (["a"], [{"file": str(folder / "b.txt"), "report": "a"}])
    assert "same bytes as a" in done.err


def test_a_copy_takes_over_when_the_first_is_deleted(own: Qa, folder: Path) -> None:
    path = write_report(folder / "a.txt")
    shutil.copy(path, folder / "b.txt")
    own("index", folder)
    path.unlink()
    assert counts(own, folder) == {"replaced": 1}
    assert [r["path"] for r in own("reports", "--json").json] == [str(folder / "b.txt")]


def test_a_moved_file_keeps_its_id(own: Qa, folder: Path) -> None:
    path = write_report(folder / "a.txt")
    own("index", folder)
    path.rename(folder / "renamed.txt")
    assert counts(own, folder) == {"replaced": 1}
    (report,) = own("reports", "--json").json
    assert (report["id"], report["path"]) == ("a", str(folder / "renamed.txt"))


def test_files_that_change_places_lose_nothing(own: Qa, folder: Path) -> None:
    write_report(folder / "b.txt", "青山", 1234)
    own("index", folder)
    (folder / "b.txt").rename(folder / "a.txt")
    write_report(folder / "b.txt", "白水", 99)
    own("index", folder)
    assert short(own) == "1234册"
    assert own("ask", "白水市图书馆2019年新增图书多少册？", "--json").json["short"] == "99册"


def test_a_file_that_fails_is_told_each_time_and_tried_again(own: Qa, folder: Path) -> None:
    write_report(folder / "a.txt")
    bad = folder / "bad.txt"
    bad.write_bytes(b"")
    for _ in range(2):
        done = own("index", folder)
        assert (done.status, "1 skipped" in done.out, f"skipped: Cannot read {bad}" in done.err) == (0, True, True)
    write_report(bad, "白水", 99)
    assert counts(own, folder) == {"added": 1, "unchanged": 1}


def test_a_file_spoilt_after_indexing_keeps_its_report_and_says_so(own: Qa, folder: Path) -> None:
    path = write_report(folder / "a.txt")
    own("index", folder)
    path.write_bytes(b"")
    done = own("index", folder)
    assert "The version indexed before stays." in done.err
    assert short(own) == "1234册"


def test_nothing_but_failures_is_an_error(own: Qa, folder: Path) -> None:
    (folder / "bad.txt").write_bytes(b"")
    done = own("index", folder)
    assert done.status == 2
    assert "0 added" in done.out


def test_a_single_file_of_an_unknown_kind_is_told(own: Qa, folder: Path) -> None:
    sheet = folder / "figures.xlsx"
    sheet.write_bytes(b"PK")
    done = own("index", sheet)
    assert done.status == 2
    assert "no reader for the suffix .xlsx" in done.err


def test_an_empty_folder_is_an_error(own: Qa, folder: Path) -> None:
    done = own("index", folder)
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert str(folder) in done.err


def test_hidden_files_and_readmes_are_no_reports(folder: Path) -> None:
    wanted = write_report(folder / "year" / "a.txt")
    for name in (".hidden.txt", ".git/b.txt", "README.md", "~$draft.docx", "a.txt.toml"):
        write_report(folder / name)
    assert find_files([folder]) == [wanted]


def test_a_file_named_twice_is_read_once(folder: Path) -> None:
    path = write_report(folder / "a.txt")
    assert find_files([path, folder, folder / ".." / folder.name / "a.txt"]) == [path]
    with pytest.raises(UnreadableReport, match="No such file or folder"):
        find_files([folder / "nowhere"])


def test_organisation_and_year_can_be_given(own: Qa, folder: Path) -> None:
    path = folder / "a.txt"
    path.write_text("工作总结\n\n新增图书1234册。\n", encoding="utf-8")
    own("index", path)
    assert counts(own, path, "--organisation", "青山市图书馆", "--year", "2018") == {"replaced": 1}
    (report,) = own("reports", "--json").json
    assert (report["organisation"], report["year"]) == ("青山市图书馆", 2018)
    assert counts(own, path) == {"unchanged": 1}
    assert own("ask", "青山市图书馆2018年新增图书多少册？", "--json").json["short"] == "1234册"


def test_a_sidecar_file_gives_organisation_and_year(own: Qa, folder: Path) -> None:
    write_report(folder / "a.txt")
    sidecar = folder / "a.txt.toml"
    sidecar.write_text('organisation = "白水市图书馆"\nyear = 2017\n', encoding="utf-8")
    own("index", folder)
    (report,) = own("reports", "--json").json
    assert (report["organisation"], report["year"]) == ("白水市图书馆", 2017)
    sidecar.write_text("year = 2016\n")
    assert counts(own, folder) == {"replaced": 1}
    assert counts(own, folder, "--year", "2015") == {"replaced": 1}


@pytest.mark.parametrize("text", ["year = ", 'year = "2017"', "colour = 1", "year = true", "\xff"])
def test_a_sidecar_that_cannot_be_used_is_told(own: Qa, folder: Path, text: str) -> None:
    write_report(folder / "a.txt")
    (folder / "a.txt.toml").write_text(text, encoding="latin-1")
    done = own("index", folder)
    assert done.status == 2
    assert "a.txt.toml" in done.err


def test_what_a_reader_could_not_read_is_told(own: Qa, folder: Path) -> None:
    write_report(folder / "a.txt", "青山", 1234, "馆长\ufffd\ufffd说。", *["全年开放。"] * 60)
    done = own("index", folder, "--json")
    assert [note["file"] for note in done.json["notes"]] == [str(folder / "a.txt")]
    assert "characters lost" in done.err


def test_the_samples_are_four_reports() -> None:
    assert [path.stem for path in sample_files()] == ["changzhi-2019", "kunshan-2019", "xuchang-2019", "yuancheng-2020"]


def test_indexing_without_a_path_takes_the_samples(own: Qa) -> None:
    assert counts(own) == {"added": 4}
    assert counts(own) == {"unchanged": 4}
