"""How long things take on this machine: a warm query, a cold start, the embedder, indexing.

Everything runs in a temporary home, with what the project ships. Cold starts and the embedder run in processes of their
own, since an import is only paid once a process. Times are wall times: on a busy machine they say little.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeVar

from documents.errors import ReportQAError
from eval.questions import load_questions
from index.embedding import load_embedder
from index.lexicon import Lexicon
from index.store import Index, searchable_text
from qa.assistant import Assistant
from qa.ingest import find_files, ingest, sample_files

if TYPE_CHECKING:
    from rich.table import Table

T = TypeVar("T")

COLD_STARTS = 5
COPIES = 20  # so many copies of each report are indexed: a few reports say nothing about a steady rate

# Peak memory, not current: what was needed is what has to be there. On Linux a child's ru_maxrss starts at its
# parent's, so the kernel's own count is read there. Everything the embedder imports counts as its own.
_EMBEDDER_PROBE = """
import json, sys, time
from pathlib import Path
def peak_mb():
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1024
    try:
        import resource
    except ImportError:
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
before, start = peak_mb(), time.perf_counter()
from index.embedding import load_embedder
load_embedder().embed(["图书馆"])
print(json.dumps([(time.perf_counter() - start) * 1000, peak_mb() - before if before else None]))
"""


@dataclass(frozen=True, slots=True)
class Speed:
    """Times in milliseconds unless the name says otherwise; memory in MB, None where the system does not tell.

    ``search`` is understanding a question and ranking the chunks; ``ask`` adds reading them and checking the answer.
    ``cold_ask`` is a whole `qa ask` process. ``load_embedder`` goes from a bare interpreter to the first vector.
    """

    queries: int
    chunks: int
    search_p50_ms: float
    search_p95_ms: float
    ask_p50_ms: float
    ask_p95_ms: float
    cold_ask_ms: float
    load_embedder_ms: float
    load_embedder_mb: float | None
    index_chunks_per_s: float
    embed_chunks_per_s: float

    def to_dict(self) -> dict[str, object]:
        return {k: round(v, 2) if isinstance(v, float) else v for k, v in asdict(self).items()}

    def table(self) -> Table:
        from rich import box
        from rich.table import Table

        shown = Table(box=box.SIMPLE_HEAD, title="speed", title_justify="left")
        shown.add_column("what", no_wrap=True)
        shown.add_column("figure", justify="right", no_wrap=True)
        memory = "–" if self.load_embedder_mb is None else f"{self.load_embedder_mb:.0f} MB"
        for what, figure in (
            (f"search, warm, {self.chunks} chunks: median", f"{self.search_p50_ms:.1f} ms"),
            ("search, warm: 95th percentile", f"{self.search_p95_ms:.1f} ms"),
            ("answer, warm: median", f"{self.ask_p50_ms:.1f} ms"),
            ("answer, warm: 95th percentile", f"{self.ask_p95_ms:.1f} ms"),
            ("qa ask, from start of the process to its end", f"{self.cold_ask_ms:.0f} ms"),
            ("load the embedder", f"{self.load_embedder_ms:.0f} ms"),
            ("memory the embedder adds", memory),
            ("indexing, files to searchable", f"{self.index_chunks_per_s:.0f} chunks/s"),
            ("of that, embedding alone", f"{self.embed_chunks_per_s:.0f} chunks/s"),
        ):
            shown.add_row(what, figure)
        return shown


def measure_all(reports: Path | None, questions: Path) -> Speed:
    """Measure over a folder of reports (None: the bundled ones) and a question file.

    Raises ``UnreadableReport`` or ``InvalidQuestionFile`` for what cannot be read.
    """
    asked = [question.question for question in load_questions(questions)]
    paths = find_files([reports]) if reports else sample_files()
    embedder, lexicon = load_embedder(), Lexicon.load()
    with TemporaryDirectory(prefix="qa-bench-") as scratch:
        home = Path(scratch) / "home"
        with Index.open(home, embedder, create=True, lexicon=lexicon) as index:
            ingest(index, paths)  # also the warm-up: dictionaries and segmenter are loaded here
            assistant, chunks = Assistant(index), index.chunks()
            search = _times(assistant.search, asked)
            answer = _times(assistant.ask, asked)
        with Index.open(Path(scratch) / "many", embedder, create=True, lexicon=lexicon) as many:
            rate = _indexing_rate(many, paths, Path(scratch) / "copies")
        texts = [searchable_text(chunk) for chunk in chunks] * COPIES
        embed = _times(embedder.embed, [texts])[0] / 1000
        cold = median(_times(lambda question: _cold_ask(home, question), asked[:COLD_STARTS]))
        load_ms, load_mb = _load_embedder()
    return Speed(
        queries=len(asked),
        chunks=len(chunks),
        search_p50_ms=_percentile(search, 50),
        search_p95_ms=_percentile(search, 95),
        ask_p50_ms=_percentile(answer, 50),
        ask_p95_ms=_percentile(answer, 95),
        cold_ask_ms=cold,
        load_embedder_ms=load_ms,
        load_embedder_mb=load_mb,
        index_chunks_per_s=rate,
        embed_chunks_per_s=len(texts) / embed,
    )


def _times(action: Callable[[T], object], inputs: Sequence[T]) -> list[float]:
    times = []
    for value in inputs:
        start = time.perf_counter()
        action(value)
        times.append((time.perf_counter() - start) * 1000)
    return times


def _percentile(times: Sequence[float], percent: int) -> float:
    ordered = sorted(times)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def _indexing_rate(index: Index, paths: Sequence[Path], folder: Path) -> float:
    """Chunks a second over many copies, each with a last line of its own: the same bytes would not be indexed twice."""
    folder.mkdir()
    copies = []
    for number in range(COPIES):
        for path in paths:
            copy = folder / f"{path.stem}-{number}{path.suffix}"
            copy.write_bytes(path.read_bytes() + f"\n{number}\n".encode("ascii"))
            copies.append(copy)
    summary = ingest(index, copies)
    return summary.chunks / summary.seconds


def _cold_ask(home: Path, question: str) -> None:
    command = [sys.executable, "-m", "qa.cli", "--home", str(home), "ask", "--", question]
    done = subprocess.run(command, capture_output=True, text=True, cwd=_root(), check=False)
    if done.returncode not in (0, 1):
        raise ReportQAError(f"qa ask ended with {done.returncode}: {done.stderr.strip()}. Try it by hand.")


def _load_embedder() -> tuple[float, float | None]:
    """Milliseconds and MB, the medians of several processes."""
    runs = []
    for _ in range(COLD_STARTS):
        command = [sys.executable, "-c", _EMBEDDER_PROBE]
        done = subprocess.run(command, capture_output=True, text=True, cwd=_root(), check=True)
        runs.append(json.loads(done.stdout))
    sizes = [size for _, size in runs if size is not None]
    return median(ms for ms, _ in runs), median(sizes) if sizes else None


def _root() -> Path:
    return Path(__file__).parent.parent
