"""Every word the page says, in Chinese and in English."""

from __future__ import annotations

LANGUAGES = ("zh", "en")

_TEXTS: dict[str, tuple[str, str]] = {
    "name": ("报告问答", "Report Q&A"),
    "tagline": ("答案出自报告原文，逐行可查", "Every answer shows the lines it rests on"),
    "chat": ("问答", "Chat"),
    "reports": ("报告", "Reports"),
    "evaluation": ("评测", "Evaluation"),
    "other_language": ("English", "中文"),
    "switch_theme": ("切换明暗", "Light or dark"),
    "log_out": ("退出", "Log out"),
    "ask_placeholder": ("问报告里的任何事", "Ask anything about the reports"),
    "send": ("提问", "Ask"),
    "stop": ("停止", "Stop"),
    "new": ("新对话", "New conversation"),
    "history": ("对话记录", "Conversations"),
    "no_history": ("这里会列出您的对话。", "Your conversations will be listed here."),
    "welcome": ("想从报告里知道什么？", "What would you like to know?"),
    "welcome_text": (
        "先给出数值，再给出原文一句，每处都标明行号；报告没有说的，不会编造。",
        "The value first, then the report’s own sentence, with its lines. What the reports do not say is not made up.",
    ),
    "no_reports": ("还没有报告。请在“报告”页上传，或运行 qa index 文件夹。", "No reports yet. Add some under Reports, or run: qa index FOLDER"),
    "try": ("可以这样问", "For example"),
    "next": ("接着问", "Ask next"),
    "understood": ("理解为", "Understood as"),
    "carried": ("承接上文", "carried over"),
    "correct": ("更正", "Correct"),
    "everything": ("全部报告", "all reports"),
    "working": ("正在查阅报告……", "Reading the reports…"),
    "sources": ("出处", "Sources"),
    "source": ("出处 {n}", "Source {n}"),
    "other_values": ("报告中另有不同说法", "The reports also state other values"),
    "copy": ("复制", "Copy"),
    "copied": ("已复制", "Copied"),
    "again": ("重新回答", "Answer again"),
    "edit": ("修改问题", "Edit question"),
    "editing": ("正在修改第 {n} 问；其后的问答会被替换。", "Editing question {n}; what follows it will be replaced."),
    "cancel": ("取消", "Cancel"),
    "up": ("回答正确", "This is right"),
    "down": ("回答有误", "This is wrong"),
    "note": ("正确答案或说明（可不填）", "The right answer, or a note (optional)"),
    "send_vote": ("提交", "Send"),
    "thanks": ("已记录，谢谢。", "Noted, thank you."),
    "page_n": ("第 {n} 页", "p. {n}"),
    "line_n": ("第 {a} 行", "line {a}"),
    "lines_n": ("第 {a}–{b} 行", "lines {a}–{b}"),
    "plan": ("计划", "plan"),
    "outline": ("目录", "Outline"),
    "previous": ("上一处", "Previous"),
    "following": ("下一处", "Next"),
    "close": ("关闭", "Close"),
    "delete": ("删除", "Delete"),
    "earlier": ("更早的行", "Earlier lines"),
    "later": ("后面的行", "Later lines"),
    "changed": ("该报告已更新；引文出自先前的版本。", "The report has changed since this answer; the quotation is of the earlier version."),
    "gone": ("该报告已不在索引中。答案引用的原文如下：", "The report is no longer indexed. The answer rested on these lines:"),
    "scope": ("限定范围", "Limit to"),
    "scope_reports": ("报告（不选即全部）", "Reports (none: all)"),
    "scope_year": ("年份", "Year"),
    "scope_month": ("月份", "Month"),
    "any": ("不限", "any"),
    "export": ("导出", "Export"),
    "export_markdown": ("Markdown", "Markdown"),
    "export_json": ("JSON", "JSON"),
    "export_votes": ("导出评价为题集", "Export votes as questions"),
    "busy": ("您还有问题正在回答，请稍候再问。", "Your earlier questions are still being answered. Please wait a moment."),
    "too_long": ("问题太长：{n} 字，最多 {most} 字。", "The question is too long: {n} characters, at most {most}."),
    "stopped": ("已停止。", "Stopped."),
    "add_reports": ("添加报告", "Add reports"),
    "upload": ("添加报告：{kinds}；每次至多 {most} 个文件，每个至多 {mb} MB。", "Add reports: {kinds}; up to {most} files at a time, {mb} MB each."),
    "not_indexed": ("题集所问的报告未编入索引：{names}", "The questions are about reports that are not indexed: {names}"),
    "indexing": ("正在编入索引：{name}（{n}/{all}）", "Indexing {name} ({n} of {all})"),
    "added": ("已加入", "added"),
    "replaced": ("已更新", "updated"),
    "unchanged": ("已有相同内容", "already indexed"),
    "refused": ("未能加入", "not added"),
    "too_many": ("一次最多 {most} 个文件，收到 {n} 个；其余的请再传一次。", "At most {most} files at a time; {n} came. Add the rest in another go."),
    "too_big": ("文件 {mb} MB，超过上限 {most} MB。请拆分后再传。", "The file has {mb} MB; at most {most} MB are taken. Split it."),
    "wrong_kind": ("不支持 {kind} 文件。支持：{kinds}。", "{kind} files are not supported. Supported: {kinds}."),
    "year": ("年份", "Year"),
    "n_lines": ("{n} 行", "{n} lines"),
    "n_sections": ("{n} 节", "{n} sections"),
    "n_chunks": ("{n} 段", "{n} passages"),
    "indexed_at": ("编入于 {at}", "indexed {at}"),
    "covered": ("各月内容", "By month"),
    "no_months": ("没有按月的内容", "nothing by month"),
    "read": ("阅读", "Read"),
    "ask_this": ("就此提问", "Ask about it"),
    "reindex": ("重新编入", "Re-index"),
    "remove": ("移除", "Remove"),
    "sure": ("确认移除？", "Really remove?"),
    "removed": ("已移除 {name}。原文件未删除。", "{name} was removed. Its file stays where it is."),
    "file_gone": ("{name} 的文件已不在原处：{path}", "The file of {name} is gone: {path}"),
    "status": ("{n} 份报告", "{n} reports"),
    "status_one": ("1 份报告", "1 report"),
    "question_set": ("题集", "Question set"),
    "own_set": ("或上传题集（.jsonl）", "Or add a question file (.jsonl)"),
    "run": ("开始评测", "Run"),
    "running": ("已问 {n}/{all} 题", "{n} of {all} asked"),
    "accuracy": ("正确率", "Accuracy"),
    "citations": ("引文命中", "Citations right"),
    "wrong_scope": ("越界引用", "Wrong report"),
    "abstained": ("未作答", "Abstained"),
    "median": ("每题用时（中位）", "Median time"),
    "by_type": ("按题型与语言", "By type and language"),
    "type": ("题型", "Type"),
    "all": ("合计", "All"),
    "misses": ("答错的题", "Misses"),
    "no_misses": ("全部答对。", "Every question was answered rightly."),
    "wanted": ("应为", "Wanted"),
    "said": ("答为", "Said"),
    "evidence": ("依据", "Evidence"),
    "abstain": ("（不作答）", "(abstain)"),
    "against_last": ("与上次相比", "Against the last run"),
    "fixed": ("改对 {n} 题", "{n} fixed"),
    "broken": ("改错 {n} 题", "{n} broken"),
    "first_run": ("这是该题集的第一次评测。", "This is the first run of this set."),
    "evaluation_text": (
        "用已知答案的题集检验问答：按题型和语言的正确率、引文、答错的题。",
        "Ask a set of questions with known answers: accuracy by type and language, citations, and every miss.",
    ),
    "no_sets": ("没有可用的题集。", "There is no question set."),
    "failed": ("出错了：{what}", "That did not work: {what}"),
}  # fmt: skip


def say(key: str, language: str, **values: object) -> str:
    """A text in a language, with its values put in."""
    text = _TEXTS[key][0 if language == "zh" else 1]
    return text.format(**values) if values else text


def preferred(accept_language: str | None) -> str:
    """The page's language for a browser's Accept-Language header: the first of the two that it names.

    >>> preferred("en-GB,en;q=0.9,zh;q=0.8"), preferred("zh-CN"), preferred("de-DE"), preferred(None)
    ('en', 'zh', 'en', 'en')
    """
    for part in (accept_language or "").split(","):
        language = part.split(";")[0].strip().lower().partition("-")[0]
        if language in LANGUAGES:
            return language
    return "en"
