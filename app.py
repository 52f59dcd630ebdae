"""The chat page: ``python app.py`` does the same as ``qa serve``, and takes the same options."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.assistant import Assistant
    from qa.settings import Settings


def serve(assistant: Assistant, settings: Settings, *, auth: str | None = None, **how: Any) -> Any:
    """Serve the page over an assistant: one assistant, no logic of its own. ``how`` as for ``qa.page.serve``."""
    from eval.onpage import evaluations
    from qa.page import Page
    from qa.page import serve as serve_page

    page = Page.over(assistant, settings.home, evaluations(assistant, settings.home), auth=bool(auth))
    return serve_page(page, auth=auth, **how)


if __name__ == "__main__":
    from qa.cli import main

    main(["serve", *sys.argv[1:]])
