"""Models of sentence-transformers from this machine: loaded quietly, never downloaded, refused with the next step.

A model of gigabytes should be somebody's decision, so what is not in a folder or in the local Hugging Face cache is
not fetched; the message names the command that fetches it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from documents.errors import ModelUnavailable


def load_local(kind: str, class_name: str, name_or_folder: str) -> Any:
    """A `SentenceTransformer` or `CrossEncoder`; ``kind`` is what messages call it. Raises `ModelUnavailable`."""
    # Even for a model in the cache the hub's client would ask its server about the user agent it is to send.
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    folder = Path(name_or_folder).expanduser()
    try:
        import sentence_transformers
        from transformers.utils import logging

        logging.disable_progress_bar()
        maker = getattr(sentence_transformers, class_name)
        return maker(str(folder) if folder.is_dir() else name_or_folder, local_files_only=True)
    except (ImportError, OSError, ValueError, RuntimeError) as error:
        raise ModelUnavailable(_told(kind, name_or_folder, error)) from error


def _told(kind: str, name: str, error: Exception) -> str:
    if isinstance(error, ImportError):
        return (
            f"The {kind} {name} needs sentence-transformers, which is not installed. "
            'Install it with: pip install "report-qa[transformers]"'
        )
    if name.startswith((".", "/", "~")) or Path(name).exists():
        return (
            f"The folder {name} holds no {kind} that can be loaded ({type(error).__name__}). "
            "Name one that sentence-transformers has saved, or fetch a published model with: hf download NAME"
        )
    return f"The {kind} {name} is not on this machine ({type(error).__name__}). Fetch it with: hf download {name}"
