"""Indexing and asking need no network: every connection is refused here, and none is even tried."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from support import ROOT, write_report

from qa.ingest import sample_files

# An audit hook sees every socket of this process, whoever opens it, and cannot be taken out again.
REFUSING = """
import sys

tried = []

def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request"):
        tried.append((event, arguments))
        raise ConnectionRefusedError(f"no network in this test: {event}")

sys.addaudithook(refuse)

from qa.cli import main

for command in COMMANDS:
    try:
        main(["--home", HOME, *command])
    except SystemExit as ended:
        if ended.code:
            print("status", ended.code, command, file=sys.stderr)
print("tried", tried, file=sys.stderr)
"""


def test_indexing_and_asking_try_no_connection(folder: Path, tmp_path: Path) -> None:
    write_report(folder / "a.txt")
    commands = [
        ["index", *map(str, sample_files()), str(folder)],
        ["ask", "许昌市图书馆2019年新增图书多少册？"],
        ["ask", "how many smart reading spaces did Xuchang operate?"],
        ["search", "reading promotion"],
        ["remove", "a"],
        ["doctor"],
    ]
    code = f"HOME, COMMANDS = {str(tmp_path / 'home')!r}, {commands!r}\n{REFUSING}"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, encoding="utf-8")
    assert "104286册" in done.stdout
    assert [line for line in done.stderr.splitlines() if line.startswith("status")] == []
    assert done.stderr.splitlines()[-1] == "tried []"


def test_the_vector_store_sends_no_telemetry(tmp_path: Path) -> None:
    import chromadb

    from index.vectors import VectorIndex

    VectorIndex(tmp_path / "vectors", 4).commit(1)
    systems = chromadb.api.client.SharedSystemClient._identifier_to_system.values()
    assert [system.settings.anonymized_telemetry for system in systems if system] in ([], [False])
    source = Path(sys.modules["index.vectors"].__file__ or "").read_text(encoding="utf-8")
    assert "anonymized_telemetry=False" in source
