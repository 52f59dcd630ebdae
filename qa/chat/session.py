"""One conversation as it goes on: a line comes in, and is a question, a follow-up or a command.

What it says goes to a `Voice`. An error of a line is told, and leaves the conversation as it was: the next line works.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from documents.errors import InvalidSetting, ReportQAError
from documents.files import write_whole
from index.scope import Scope
from qa.answer import Answer
from qa.chat.scoping import narrowed, scope_text
from qa.chat.texts import say
from qa.chat.voices import Voice
from qa.conversation import Conversation
from qa.understanding.question import MOST_CHARACTERS, language_of

if TYPE_CHECKING:
    from qa.answer import Answerer
from qa.assistant import Assistant

NEIGHBOURS = 3  # lines shown on either side of a cited place
_SLASHES = "/／、"  # an input method for Chinese gives any of the three for the same key
_CHINESE = {
    "帮助": "help", "报告": "reports", "范围": "scope", "出处": "show", "解释": "explain", "保存": "save",
    "新对话": "new", "退出": "quit",
}  # fmt: skip


class Session:
    """A conversation over an assistant, and the language it is led in: that of the last question."""

    def __init__(
        self,
        assistant: Assistant,
        voice: Voice,
        language: str = "en",
        scope: Scope | None = None,
        answerer: Answerer = "auto",
    ):
        self._assistant = assistant
        self._answerer = answerer
        self._voice = voice
        self.language = language
        self.conversation = Conversation(scope=scope or Scope())
        self.ended = False
        self._commands: dict[str, Callable[[str], None]] = {
            "help": self._help,
            "reports": self._reports,
            "scope": self._scope,
            "show": self._show,
            "explain": self._explain,
            "save": self._save,
            "new": self._new,
            "quit": self._quit,
        }

    @property
    def commands(self) -> list[str]:
        return list(self._commands)

    def take(self, line: str) -> bool:
        """Do what a line asks for. False when it could not be done, which has been told."""
        line = line.encode("utf-8", "replace").decode("utf-8").replace("\0", " ").strip()
        if not line:
            return True
        try:
            command = self._command(line)
            command() if command else self._ask(line)
        except BrokenPipeError:
            raise  # nobody is left to be told
        except (ReportQAError, OSError) as error:
            self._voice.failed(_message(error))
            return False
        return True

    def scope_text(self) -> str:
        """The scope set by hand, in a few words; empty when it is open."""
        return scope_text(self.conversation.scope, self.language)

    def _command(self, line: str) -> Callable[[], None] | None:
        """What a line that begins with a slash asks for. Raises ``InvalidSetting`` for a command there is not."""
        if line[0] not in _SLASHES:
            return None
        word, _, rest = line[1:].partition(" ")
        name = _CHINESE.get(word, word.lower())
        if name not in self._commands:
            if line[0] == "、":
                return None  # a comma of a list: the question just begins with it
            known = ", ".join(f"/{command}" for command in self._commands)
            raise InvalidSetting(say("no_command", self.language, word="/" + word, known=known))
        return lambda: self._commands[name](rest.strip())

    def _ask(self, text: str) -> None:
        self.language = language_of(text)
        if len(text) > MOST_CHARACTERS:
            raise InvalidSetting(say("too_long", self.language, n=len(text), most=MOST_CHARACTERS))
        for grown in self.conversation.stream(self._assistant, text, answerer=self._answerer):
            if isinstance(grown, Conversation):
                self.conversation = grown
                self._voice.answered(grown.turns[-1], self.language)
            else:
                self._voice.growing(grown)

    def _help(self, rest: str) -> None:
        self._voice.told(say("help", self.language).split("\n"), {"commands": self.commands})

    def _quit(self, rest: str) -> None:
        self.ended = True

    def _new(self, rest: str) -> None:
        self.conversation = Conversation(scope=self.conversation.scope)
        self._voice.told([say("new", self.language)], {"new": True})

    def _reports(self, rest: str) -> None:
        reports = self._assistant.reports()
        width = max((len(report.id) for report in reports), default=0)
        lines = [f"{r.id:<{width}}  {r.year or '?'}  {r.organisation or r.title}" for r in reports]
        self._voice.told(
            lines,
            {"reports": [{"id": r.id, "organisation": r.organisation, "year": r.year} for r in reports]},
        )

    def _scope(self, rest: str) -> None:
        if rest:
            known = [report.id for report in self._assistant.reports()]
            scope = narrowed(self.conversation.scope, rest, known, self.language)
            self.conversation = self.conversation.within(scope)
        scope = self.conversation.scope
        self._voice.told(
            [say("scope", self.language, scope=self.scope_text() or say("everything", self.language))],
            {
                "scope": {
                    "reports": sorted(scope.reports) if scope.reports is not None else None,
                    "years": sorted(scope.years),
                    "months": sorted(scope.months),
                }
            },
        )

    def _show(self, rest: str) -> None:
        citations = self._last().citations
        if not citations:
            raise InvalidSetting(say("no_citations", self.language))
        first, *more = rest.replace("[", " ").replace("]", " ").split() or [str(citations[0].number)]
        opened = next((citation for citation in citations if str(citation.number) == first), None)
        if opened is None:
            known = ", ".join(str(citation.number) for citation in citations)
            raise InvalidSetting(
                say("no_citation", self.language, number=first, known=known, first=citations[0].number)
            )
        neighbours = int(more[0]) if more and more[0].isdecimal() else NEIGHBOURS
        self._voice.opened(self._assistant.report(opened.report_id), opened.lines, neighbours)

    def _explain(self, rest: str) -> None:
        lines = self._last().explanation
        self._voice.told(lines, {"explanation": list(lines)})

    def _save(self, rest: str) -> None:
        self._last()
        forced = rest.split(" ")[0] in ("--force", "-f")
        path = _path(rest.partition(" ")[2] if forced else rest)
        if path is None:
            raise InvalidSetting(say("no_file", self.language))
        text = self._written(path)
        if not path.parent.is_dir():
            raise InvalidSetting(say("no_folder", self.language, folder=path.parent))
        if path.exists() and not forced:
            raise InvalidSetting(say("file_exists", self.language, path=path))
        write_whole(path, text)
        self._voice.told([say("saved", self.language, path=path)], {"saved": str(path)})

    def _written(self, path: Path) -> str:
        from qa.page.export import as_json, as_markdown

        match path.suffix.lower():
            case ".json":
                return as_json(self.conversation) + "\n"
            case ".md" | ".markdown":
                return as_markdown(self.conversation, self.language)
        raise InvalidSetting(say("no_suffix", self.language, path=path))

    def _last(self) -> Answer:
        if not self.conversation.turns:
            raise InvalidSetting(say("no_answer", self.language))
        return self.conversation.turns[-1].answer


def _path(text: str) -> Path | None:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    try:
        return Path(text).expanduser() if text else None
    except RuntimeError:  # ~ and a user there is not
        return Path(text)


def _message(error: ReportQAError | OSError) -> str:
    if isinstance(error, OSError):
        return f"{error.filename or type(error).__name__}: {error.strerror or error}"
    return str(error)
