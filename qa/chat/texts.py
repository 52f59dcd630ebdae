"""Every word the conversation in a terminal says of its own, in Chinese and in English."""

from __future__ import annotations

import locale

_TEXTS: dict[str, tuple[str, str]] = {
    "welcome": (
        "报告：{n} 份。直接输入问题；/help 列出命令，Ctrl-D 离开。",
        "Reports: {n}. Type a question; /help lists the commands, Ctrl-D leaves.",
    ),
    "help": (
        "直接输入问题，可以追问（“那 4 月呢？”）。命令：\n"
        "  /reports                 列出报告\n"
        "  /scope                   显示范围；限定：/scope report ID…、/scope year 2019、/scope month 3；\n"
        "                           取消：/scope clear\n"
        "  /show [N] [行数]         打开上一个答案的出处 N，连同前后若干行\n"
        "  /explain                 上一个答案是怎样得出的\n"
        "  /save 文件.md 或 .json   保存对话（/save --force 覆盖已有的文件）\n"
        "  /new                     新对话，范围不变\n"
        "  /help、/quit             帮助、离开\n"
        "Tab 补全，↑ 找回以前的输入，Ctrl-C 中止当前的问题。",
        "Type a question; a follow-up may lean on it (“and in April?”). Commands:\n"
        "  /reports                 what is indexed\n"
        "  /scope                   show the scope; set it: /scope report ID…, /scope year 2019, /scope month 3;\n"
        "                           /scope clear opens it again\n"
        "  /show [N] [LINES]        open citation N of the last answer, with so many lines around it\n"
        "  /explain                 how the last answer came about\n"
        "  /save FILE.md or .json   keep the conversation (/save --force replaces a file)\n"
        "  /new                     a new conversation in the same scope\n"
        "  /help, /quit             this help, leave\n"
        "Tab completes, ↑ brings back what was typed, Ctrl-C stops the question at hand.",
    ),
    "understood": ("理解为：{question}", "Understood as: {question}"),
    "stopped": ("已中止。", "Stopped."),
    "how_to_leave": ("按 Ctrl-D 或输入 /quit 离开。", "Ctrl-D or /quit leaves."),
    "scope": ("范围：{scope}", "Scope: {scope}"),
    "everything": ("全部报告", "all reports"),
    "new": ("新对话。", "A new conversation."),
    "saved": ("已存为 {path}。", "Saved as {path}."),
    "no_command": (
        "没有命令 {word}。可用：{known}。",
        "There is no command {word}. There are: {known}.",
    ),
    "no_answer": ("还没有答案。先提一个问题。", "There is no answer yet. Ask a question first."),
    "no_citations": ("上一个答案没有出处。", "The last answer cites nothing. Look a report up with: qa show REPORT"),
    "no_citation": (
        "上一个答案没有出处 {number}。它有：{known}，如 /show {first}。",
        "The last answer has no citation {number}. It has {known}: e.g. /show {first}",
    ),
    "no_report": (
        "没有报告 {report}。用 /reports 查看有哪些。",
        "No report {report} in the index. See what there is with: /reports",
    ),
    "no_year": ("“{value}”不是年份。例如：/scope year 2019", "{value} is no year. Give e.g.: /scope year 2019"),
    "no_month": ("“{value}”不是月份。例如：/scope month 3", "{value} is no month. Give e.g.: /scope month 3"),
    "no_file": ("没有给出文件名。例如：/save 对话.md", "No file is named. Give one, e.g.: /save talk.md"),
    "no_suffix": (
        "不知道用什么格式保存 {path}。文件名请以 .md 或 .json 结尾。",
        "Cannot tell the format of {path}. Give it a name that ends in .md or .json.",
    ),
    "no_folder": (
        "没有文件夹 {folder}。先建好，或换一个位置。",
        "There is no folder {folder}. Make it, or choose another place.",
    ),
    "file_exists": (
        "{path} 已经存在。另取一个名字，或用 /save --force {path} 覆盖。",
        "{path} exists. Choose another name, or replace it with: /save --force {path}",
    ),
    "too_long": (
        "问题有 {n} 个字符，最多 {most} 个。请缩短。",
        "The question has {n} characters, more than {most}. Make it shorter.",
    ),
}


def say(key: str, language: str, **values: object) -> str:
    """A text in a language, with its values put in."""
    text = _TEXTS[key][0 if language == "zh" else 1]
    return text.format(**values) if values else text


def preferred() -> str:
    """The language of this process's locale; English where that is neither."""
    name = locale.getlocale(locale.LC_CTYPE)[0] or ""
    return "zh" if name.lower().startswith(("zh", "chinese")) else "en"
