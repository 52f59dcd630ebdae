"""Why a file was refused, for readers of Chinese: the reasons come in English, for the terminal has them too."""

from __future__ import annotations

import re

# What a reason says, and how it is said in Chinese; the first that matches.
_REASONS = (
    (r"empty \(0 bytes\)", "文件是空的。请确认已完整保存或下载。"),
    (r"holds no text", "里面没有文字。请确认文件没有选错。"),
    (r"no text layer", "这份 PDF 没有文字层，页面都是图片。请先做文字识别（OCR），再上传。"),
    (r"PDF asks for a password|PDF is encrypted", "这份 PDF 加了密码或保护。请另存一份不加密的。"),
    (r"PDF is damaged", "这份 PDF 已损坏。请重新导出或打印成 PDF。"),
    (r"Word document cannot be unpacked", "这份 Word 文档无法解开。请另存为不加密的 .docx。"),
    (r"Word document is damaged", "这份 Word 文档已损坏。请用 Word 或 WPS 打开，另存为 .docx。"),
    (r"unpacks from", "文档解开后过大。请去掉大图片后另存。"),
    (r"encoding cannot be told|is not valid|wrong encoding", "文字编码无法辨认。请用原来的程序打开，另存为 UTF-8。"),
    (r"binary file", "这不是文本文件。请从原来的程序导出为 .txt（UTF-8）、.docx 或 .pdf。"),
    (r"its suffix is (\S+), but the content is", r"内容与后缀 \1 不符。请改成正确的后缀，或另存为所支持的格式。"),
    (r"more than the [\d,]+ allowed", "文件太大。请分成几份。"),
    (r"Another process is writing", "另一个程序正在写索引。请稍候再试。"),
)


def told(reason: str, language: str) -> str:
    """A reason in the page's language; as it is where there is no other way to say it."""
    if language != "zh":
        return reason
    found = ((match, said) for pattern, said in _REASONS if (match := re.search(pattern, reason)))
    return next((match.expand(said) for match, said in found), reason)
