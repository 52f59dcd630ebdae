"""`qa doctor`: what it sees, and what it can mend."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from support import Done, Qa, write_report


@pytest.fixture
def indexed(own: Qa, folder: Path) -> Qa:
    write_report(folder / "a.txt")
    write_report(folder / "b.txt", "白水", 99)
    own("index", folder)
    return own


def failed(done: Done) -> dict[str, str]:
    """The checks that failed, with what was seen."""
    return {check["check"]: check["detail"] for check in done.json if not check["ok"]}


def test_a_sound_home_is_well(indexed: Qa) -> None:
    done = indexed("doctor", "--json")
    assert (done.status, failed(done)) == (0, {})
    assert [check["check"] for check in done.json] == ["home", "embedding", "index", "stores", "files"]
    assert indexed("doctor").out.count("ok ") == 5


def test_a_file_that_is_gone_is_told_with_the_command_that_takes_it_out(indexed: Qa, folder: Path) -> None:
    (folder / "b.txt").unlink()
    done = indexed("doctor", "--json")
    assert done.status == 2
    assert failed(done) == {"files": "gone: b. Take them out with: qa remove b"}
    indexed("remove", "b")
    assert indexed("doctor").status == 0


@pytest.mark.parametrize("store", ["keyword", "vectors"])
def test_a_lost_store_is_filled_again_when_the_home_is_opened(indexed: Qa, tmp_path: Path, store: str) -> None:
    shutil.rmtree(tmp_path / "home" / store)
    assert indexed("doctor", "--repair").status == 0
    assert indexed("ask", "青山市图书馆2019年新增图书多少册？", "--json").json["short"] == "1234册"


@pytest.mark.parametrize("store", ["keyword", "vectors"])
def test_a_damaged_store_is_repaired(indexed: Qa, tmp_path: Path, store: str) -> None:
    for path in (tmp_path / "home" / store).rglob("*"):
        if path.is_file():
            path.write_bytes(b"garbage" * 40)
    assert indexed("doctor", "--repair").status == 0
    assert indexed("doctor").status == 0
    assert indexed("ask", "青山市图书馆2019年新增图书多少册？", "--json").json["short"] == "1234册"


def test_a_catalog_that_lost_rows_is_told(indexed: Qa, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "home" / "catalog.sqlite") as db:
        db.execute("DELETE FROM vectors WHERE chunk = 1")
    done = indexed("doctor", "--json")
    assert (done.status, "has no vector" in failed(done)["stores"]) == (2, True)


def test_a_home_that_is_not_there_is_told(own: Qa) -> None:
    done = own("doctor", "--json")
    assert done.status == 2
    assert set(failed(done)) == {"home", "index"}
