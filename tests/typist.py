"""`qa chat` in a real terminal of its own, typed at by a test."""

from __future__ import annotations

import codecs
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support import ROOT


class Typist:
    """A terminal with `qa chat` in it."""

    def __init__(self, home: Path, **settings: str):
        self.terminal, inside = os.openpty()
        command = [sys.executable, "-m", "qa.cli", "--home", str(home), "chat"]
        environment = {**os.environ, **settings, "TERM": "xterm", "LC_ALL": "C.UTF-8", "INPUTRC": os.devnull}
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=inside, stdout=inside, stderr=inside, env=environment, start_new_session=True,
            preexec_fn=_own_terminal,
        )  # fmt: skip
        os.close(inside)
        self._seen = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")  # a character may come in parts

    def type(self, text: str) -> None:
        os.write(self.terminal, text.encode())

    def until(self, wanted: str) -> str:
        """What is shown up to and with ``wanted``; the rest stays for the next time."""
        while wanted not in self._seen:
            ready, _, _ = select.select([self.terminal], [], [], 60)
            assert ready, f"{wanted!r} did not come; there was {self._seen!r}"
            try:
                self._seen += self._decoder.decode(os.read(self.terminal, 65536))
            except OSError:  # the other side is closed
                assert wanted in self._seen, f"{wanted!r} did not come; there was {self._seen!r}"
        shown, _, self._seen = self._seen.partition(wanted)
        return shown + wanted

    def until_it_waits(self) -> None:
        """Until the process sleeps for a key: CPython's readline notices an earlier signal at the next key only."""
        state = Path(f"/proc/{self.process.pid}/stat")
        while state.exists() and state.read_text().rpartition(") ")[2][0] != "S":
            time.sleep(0.01)
        time.sleep(0.2)  # where the system tells no states, this is all there is

    def status(self) -> int:
        return self.process.wait(60)


def _own_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@contextmanager
def typing(home: Path, **settings: str) -> Iterator[Typist]:
    typist = Typist(home, **settings)
    try:
        yield typist
    finally:
        typist.process.kill()
        typist.process.wait()
        os.close(typist.terminal)
