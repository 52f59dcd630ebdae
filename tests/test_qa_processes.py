"""Real processes: an indexing run interrupted and resumed, a reader beside a writer, a progress bar on a terminal."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support import ROOT, Qa, write_report

from index.embedding import load_embedder
from index.store import Index
from qa.assistant import Assistant

REPORTS = 60
FILLER = [f"第{n}项：本馆于{n % 12 + 1}月{n % 27 + 1}日举办读书活动，到场读者{n * 7 + 3}人次。" for n in range(1, 40)]
on_posix = pytest.mark.skipif(os.name != "posix", reason="signals and terminals of POSIX")


def many_reports(folder: Path, count: int = REPORTS) -> None:
    for number in range(count):
        sections = [f"{'一二三四五六七八九'[part]}、第{part}部分\n" + "\n".join(FILLER) for part in range(9)]
        write_report(folder / f"r{number:03}.txt", "青山", 1000 + number, *sections)


def indexing(home: Path, folder: Path, stderr: int = subprocess.PIPE) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "qa.cli", "--home", str(home), "index", str(folder)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=stderr)


def reports_in(home: Path) -> int:
    """How many reports the catalog has committed, as seen from outside."""
    try:
        with sqlite3.connect(f"file:{home / 'catalog.sqlite'}?mode=ro", uri=True) as db:
            return int(db.execute("SELECT count(*) FROM reports").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


@on_posix
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "kill -9"])
def test_an_interrupted_indexing_is_resumed(own: Qa, folder: Path, tmp_path: Path, sent: signal.Signals) -> None:
    many_reports(folder)
    home = tmp_path / "home"
    process = indexing(home, folder)
    while process.poll() is None and not reports_in(home):
        time.sleep(0.01)
    process.send_signal(sent)
    out, err = process.communicate()
    if sent is signal.SIGINT:
        assert (process.returncode, out) == (130, b"")
        assert err.decode().splitlines() == ["Interrupted. Nothing is left half done; run the command again to go on."]
    done = reports_in(home)
    assert 0 < done < REPORTS
    again = own("index", folder, "--json").json
    assert (len(again["unchanged"]), len(again["added"])) == (done, REPORTS - done)
    assert own("doctor").status == 0
    assert len({(r["lines"], r["chunks"]) for r in own("reports", "--json").json}) == 1


def test_a_reader_is_served_while_another_process_writes(own: Qa, folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    own("index", write_report(tmp_path / "first" / "white.txt", "白水", 4321))
    many_reports(folder, 40)
    answered = 0
    with Index.open(home, load_embedder("builtin")) as index:
        assistant = Assistant(index)
        process = indexing(home, folder)
        while process.poll() is None:
            assert assistant.ask("白水市图书馆2019年新增图书多少册？").short == "4321册"
            answered += 1
        assert process.communicate()[1] == b""
        assert answered > 1
        assert len(assistant.reports()) == 41
        assert assistant.ask("新增图书1007册的是哪一年？").hits


@on_posix
def test_progress_is_drawn_on_a_terminal_only(folder: Path, tmp_path: Path) -> None:
    write_report(folder / "a.txt")
    assert indexing(tmp_path / "piped", folder).communicate()[1] == b""
    terminal, shown_to = os.openpty()
    process = indexing(tmp_path / "shown", folder, stderr=shown_to)
    os.close(shown_to)
    out, _ = process.communicate()
    assert b"Indexing" in os.read(terminal, 65536)
    os.close(terminal)
    assert out.startswith(b"1 added")
