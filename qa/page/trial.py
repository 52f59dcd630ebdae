"""What happens in the evaluation room."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from documents.errors import ReportQAError
from qa.page.evaluation import Evaluations, progress, result
from qa.page.marks import text
from qa.page.texts import say
from qa.page.uploads import safe_name

MOST_BROUGHT = 50  # question sets of visitors; the oldest go first


class Trial:
    """Runs question sets for the page. Sets that visitors bring live as long as the app."""

    def __init__(self, evaluations: Evaluations):
        self._run = evaluations.run
        self._sets = dict(evaluations.sets)
        self._folder = Path(tempfile.mkdtemp(prefix="report-qa-sets."))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._sets)

    def bring(self, file: Path) -> str:
        """Take a question file in; the name it is offered under."""
        name = safe_name(file.name)
        shutil.copyfile(file, self._folder / name)
        self._sets.pop(name, None)
        self._sets[name] = self._folder / name
        brought = [n for n, path in self._sets.items() if path.parent == self._folder]
        for old in brought[:-MOST_BROUGHT]:
            self._sets.pop(old).unlink(missing_ok=True)
        return name

    def run(self, name: str | None, language: str) -> Iterator[str]:
        """Run a set; what to show after each step."""
        path = self._sets.get(name or "")
        if path is None:
            yield f'<p class="notice">{say("no_sets", language)}</p>'
            return
        try:
            for step in self._run(path):
                yield result(step.result, language) if step.result else progress(step, language)
        except ReportQAError as error:
            yield f'<p class="notice">{text(say("failed", language, what=error))}</p>'
