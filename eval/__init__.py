"""Whether the answers are right: questions with known answers, measures, a runner and a scoreboard."""

from eval.metrics import citation_hit, is_right
from eval.questions import Question, load_questions
from eval.runner import Outcome, run
from eval.scoreboard import Scoreboard, compare

__all__ = ["Outcome", "Question", "Scoreboard", "citation_hit", "compare", "is_right", "load_questions", "run"]
