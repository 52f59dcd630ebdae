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

REPORTS = 42
# Many short sections: the derived stores commit after so many chunks, and that must happen before the last report.
SECTIONS = [f"## 活动{n}\n\n到场读者{n * 7 + 3}人次。" for n in range(60)]
on_posix = pytest.mark.skipif(os.name != "posix", reason="signals and terminals of POSIX")


def many_reports(folder: Path, count: int = REPORTS) -> None:
    for number in range(count):
        write_report(folder / f"r{number:03}.md", "青山", 1000 + number, *SECTIONS)


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
        assert err.decode().strip().splitlines() == [
            "Interrupted. Nothing is left half done; run the command again to go on."
        ]
    done = reports_in(home)
    assert 0 < done < REPORTS
    again = own("index", folder, "--json").json
    assert (len(again["unchanged"]), len(again["added"])) == (done, REPORTS - done)
    assert own("doctor").status == 0
    assert len({(r["lines"], r["chunks"]) for r in own("reports", "--json").json}) == 1


def test_a_reader_is_served_while_another_process_writes(own: Qa, folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    own("index", write_report(tmp_path / "first" / "white.txt", "白水", 4321))
    many_reports(folder, 15)
    answered = 0
    with Index.open(home, load_embedder("builtin")) as index:
        assistant = Assistant(index)
        process = indexing(home, folder)
        while process.poll() is None:
            assert assistant.ask("白水市图书馆2019年新增图书多少册？").short == "4321册"
            answered += 1
            time.sleep(0.05)
        assert process.communicate()[1] == b""  # and no progress bar where nobody sees it
        assert answered > 1
        assert len(assistant.reports()) == 16
        assert assistant.ask("新增图书1007册的是哪一年？").hits


@on_posix
def test_progress_is_drawn_on_a_terminal(folder: Path, tmp_path: Path) -> None:
    write_report(folder / "a.txt")
    terminal, shown_to = os.openpty()
    process = indexing(tmp_path / "home", folder, stderr=shown_to)
    os.close(shown_to)
    out, _ = process.communicate()
    assert b"Indexing" in os.read(terminal, 65536)
    os.close(terminal)
    assert out.startswith(b"1 added")
