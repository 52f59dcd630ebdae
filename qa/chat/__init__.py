"""The conversation in a terminal: what is said (session), how it is shown (voices), how lines are typed (prompt).

The turns themselves are a `qa.conversation.Conversation`, the same as the page's, so that a follow-up means the same
at both doors.
"""

from qa.chat.prompt import Prompt, piped_lines
from qa.chat.session import Session
from qa.chat.voices import Records, Terminal

__all__ = ["Prompt", "Records", "Session", "Terminal", "piped_lines"]
