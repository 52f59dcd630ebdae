"""HTML put together by hand: what comes from a document is text, never markup.

Every piece of text goes through ``text()``; every tag and attribute is written in this package. No Markdown anywhere,
so nothing a report contains can become a link, an image, a script or a formula.
"""

from __future__ import annotations

import html
import re

from qa.commands.terminal import clean

ICONS = {
    "copy": "M9 9h10v12H9zM5 15V3h10",
    "again": "M20 11a8 8 0 1 0-2.3 6.3M20 5v6h-6",
    "edit": "M4 20h4L19 9l-4-4L4 16zM13 7l4 4",
    "up": "M7 11v9H4v-9zM7 11l4-8c2 0 3 1 2.5 3.5L13 9h6l-1.5 9.5c-.2 1-.8 1.5-1.8 1.5H7",
    "down": "M17 13V4h3v9zM17 13l-4 8c-2 0-3-1-2.5-3.5L11 15H5l1.5-9.5C6.7 4.500 7.300 4 8.300 4H17",
    "close": "M6 6l12 12M18 6L6 18",
    "left": "M15 5l-7 7 7 7",
    "right": "M9 5l7 7-7 7",
    "bin": "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
    "plus": "M12 5v14M5 12h14",
    "sun": "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M5 19l2-2M17 7l2-2",
    "list": "M4 6h16M4 12h16M4 18h10",
    "page": "M6 3h8l4 4v14H6zM14 3v4h4",
}


def text(value: object) -> str:
    """Any text as HTML text: escaped, and without control and direction characters."""
    return html.escape(clean(str(value)), quote=True)


def icon(name: str) -> str:
    return f'<svg viewBox="0 0 24 24" aria-hidden="true"><path d="{ICONS[name]}"/></svg>'


def button(what: str, label: str, *, inside: str = "", kind: str = "", title: str = "", **data: object) -> str:
    """A button that tells the server ``what`` was pressed, with ``data``. ``inside`` is HTML, ``label`` text.

    With ``inside`` the label is what a screen reader says and a pointer shows.
    """
    extra = "".join(f' data-{name.replace("_", "-")}="{text(value)}"' for name, value in data.items())
    named = (
        f' aria-label="{text(label)}" title="{text(title or label)}"'
        if inside
        else (f' title="{text(title)}"' if title else "")
    )
    return (
        f'<button type="button" class="{kind or "quiet"}" data-do="{what}"{extra}{named}>'
        f"{inside or text(label)}</button>"
    )


def squeezed(value: str) -> str:
    """Text without the blanks of its layout at the edges, on one line."""
    return re.sub(r"\s+", " ", value).strip()
