"""The table of figures as HTML: each row opens its line. The page's script filters, sorts, plots and gives the CSV.

It works on what is already in the browser, so that a filter answers at every key.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.facts import Fact
from qa.page.marks import button, text
from qa.page.texts import say
from qa.saying.wording import month_text, organisation_text

MOST_ROWS = 3000
_COLUMNS = ("organisation", "year", "month", "what", "value", "unit", "stance", "where")


def facts(found: Sequence[Fact], language: str) -> str:
    if not found:
        return f'<p class="notice">{say("no_reports", language)}</p>'
    rows = "".join(_row(fact, language) for fact in found[:MOST_ROWS])
    heads = "".join(
        f'<th scope="col"><button type="button" data-sort="{n}">{say(f"fact_{name}", language)}</button></th>'
        for n, name in enumerate(_COLUMNS)
    )
    more = say("more_facts", language, n=len(found), most=MOST_ROWS) if len(found) > MOST_ROWS else ""
    return (
        f'<div class="facts-table">{_controls(found, language)}'
        f'<div class="plot facts-plot" aria-live="polite"></div>{f"<p class=notice>{text(more)}</p>" if more else ""}'
        f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div></div>'
    )


def _controls(found: Sequence[Fact], language: str) -> str:
    names = dict.fromkeys(fact.organisation for fact in found)
    options = "".join(f'<option value="{text(n)}">{text(organisation_text(n, language))}</option>' for n in names)
    return (
        f'<div class="controls"><input type="search" data-filter aria-label="{say("filter", language)}" '
        f'placeholder="{say("filter", language)}">'
        f'<select data-whose aria-label="{say("fact_organisation", language)}">'
        f'<option value="">{say("everything", language)}</option>{options}</select>'
        f'<span class="status" data-count></span>{button("csv", "CSV", kind="chip")}</div>'
    )


def _row(fact: Fact, language: str) -> str:
    name = organisation_text(fact.organisation, language)
    month = month_text(fact.month, None, language) if fact.month else ""
    where = button(
        "open", f"{fact.report} {fact.line}", kind="link", report=fact.report, line=fact.line, last=fact.line
    )
    cells = (name, fact.year or "", month, fact.what, fact.written, fact.unit, say(f"stance_{fact.stance}", language))
    shown = "".join(f"<td>{text(cell)}</td>" for cell in cells)
    return (
        f'<tr data-whose="{text(fact.organisation)}" data-value="{fact.value}" data-unit="{text(fact.unit)}" '
        f'data-month="{fact.month or 0}">{shown}<td>{where}</td></tr>'
    )
