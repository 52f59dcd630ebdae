"""The questions a page offers; kept while what they were made from stays, for making them means asking them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from documents.errors import ReportQAError
from qa.assistant import Assistant
from qa.conversation import Conversation
from qa.suggestions import examples, following

MOST_KEPT = 200  # lists of questions, over all visitors


class Offers:
    """Offered questions over one assistant. Safe between threads: at worst a list is made twice."""

    def __init__(self, assistant: Assistant):
        self._assistant = assistant
        self._kept: OrderedDict[tuple[object, ...], list[str]] = OrderedDict()

    def first(self, conversation: Conversation, language: str) -> list[str]:
        """Examples of what is indexed, for a conversation without a question."""
        if conversation.turns:
            return []
        return self._made(("first", language), lambda: examples(self._assistant, language))

    def next(self, conversation: Conversation, language: str) -> list[str]:
        """What the last answer suggests; nothing while the index cannot be read."""
        if not conversation.turns:
            return []
        last = conversation.turns[-1]
        key = (conversation.id, len(conversation.turns), last.asked, last.at, language)
        try:
            return self._made(key, lambda: following(self._assistant, conversation, language))
        except ReportQAError:
            return []

    def _made(self, key: tuple[object, ...], make: Callable[[], list[str]]) -> list[str]:
        key = (self._assistant.index.generation, *key)
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = make()
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return kept
