"""The chat page: rooms in HTML of our own, put together with Gradio.

Only the files of this package and ``app.py`` import gradio, and only inside functions: the rest of the project never
pays for it.
"""

from qa.page.evaluation import Evaluations
from qa.page.layout import Page
from qa.page.serving import build, serve

__all__ = ["Evaluations", "Page", "build", "serve"]
