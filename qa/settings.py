"""Settings: the only place that reads the environment and the settings file.

Order of precedence: command-line option, environment variable, ``settings.toml`` in the home, built-in default.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from documents.errors import InvalidSetting

SETTINGS_FILE = "settings.toml"
_AT_LEAST = {"top_k": 1, "llm_timeout": 1, "llm_context": 1024, "llm_retries": 0}  # the settings that are numbers


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the index lives and what it is read with.

    ``embedding`` is ``builtin``, ``hashing``, ``endpoint:MODEL`` or a sentence-transformers name or folder
    (QA_EMBEDDING), with the address and key of an endpoint (QA_EMBEDDING_URL, QA_EMBEDDING_KEY); ``reranker`` the name
    or folder of a cross-encoder (QA_RERANKER); ``glossary`` a file of terms in the format of the bundled one
    (QA_GLOSSARY); ``top_k`` the number of chunks read for an answer (QA_TOP_K).

    ``auth`` asks for a password at the chat page (QA_AUTH): ``user:scrypt$salt$hash``, made by
    ``qa serve --make-auth``.

    ``llm`` names a language model (QA_LLM): ``ollama/MODEL``, ``openai/MODEL``, or ``MODEL`` at any server that speaks
    OpenAI's protocol (QA_LLM_URL); None: only the built-in answerer. ``llm_key`` is its key (QA_LLM_KEY, and for OpenAI
    itself OPENAI_API_KEY). ``llm_timeout`` bounds a whole answer in seconds, ``llm_context`` prompt and answer together
    in tokens; ``llm_retries`` are the further attempts, ``llm_price`` what a million tokens cost, ``in/out``.
    """

    home: Path
    embedding: str = "builtin"
    embedding_url: str | None = None
    embedding_key: str | None = field(default=None, repr=False)
    reranker: str | None = None
    glossary: Path | None = None
    top_k: int = 24
    auth: str | None = field(default=None, repr=False)
    llm: str | None = None
    llm_url: str | None = None
    llm_key: str | None = field(default=None, repr=False)
    llm_timeout: int = 60
    llm_context: int = 8192
    llm_retries: int = 2
    llm_price: str | None = None


def load_settings(home: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Settings for a home. Raises ``InvalidSetting`` for an unknown key or a value of the wrong kind."""
    environ = os.environ if environ is None else environ
    home = (home or Path(environ.get("QA_HOME") or default_home())).expanduser()
    values: dict[str, Any] = {**_from_file(home / SETTINGS_FILE), **_from_environment(environ)}
    known = {field.name for field in fields(Settings)} - {"home"}
    for key in values:
        if key not in known:
            raise InvalidSetting(
                f"Unknown setting {key!r} in {home / SETTINGS_FILE}. Known: {', '.join(sorted(known))}."
            )
        if key not in _AT_LEAST and not isinstance(values[key], str):
            given = "no text" if key.endswith(("_key", "auth")) else repr(values[key])  # a key is shown to nobody
            raise InvalidSetting(f"{key} is {given} in {home / SETTINGS_FILE}; it must be a text in quotes.")
    if values.get("glossary"):
        values["glossary"] = _existing("glossary", Path(values["glossary"]).expanduser())
    for name in _AT_LEAST.keys() & values.keys():
        values[name] = _whole(name, values[name])
    if str(values.get("llm")).startswith("openai/") and not values.get("llm_url"):
        values.setdefault("llm_key", environ.get("OPENAI_API_KEY") or None)
    return Settings(home=home, **values)


def default_home() -> Path:
    """The platform's user data folder for report-qa."""
    from platformdirs import user_data_path

    return user_data_path("report-qa", appauthor=False)


def _from_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise InvalidSetting(f"Cannot read {path}: {error}. Mend or remove the file.") from error


def _from_environment(environ: Mapping[str, str]) -> dict[str, str]:
    names = {f"QA_{f.name.upper()}": f.name for f in fields(Settings) if f.name != "home"}
    return {names[key]: value for key, value in environ.items() if key in names and value}


def _whole(name: str, value: object) -> int:
    text, least = str(value), _AT_LEAST[name]
    if not text.isdecimal() or int(text) < least:
        raise InvalidSetting(f"{name} is {text!r}; it must be a whole number of at least {least}.")
    return int(text)


def _existing(name: str, path: Path) -> Path:
    if not path.is_file():
        raise InvalidSetting(f"{name} is {path}, which is not a file. Name one that exists, or take the setting out.")
    return path
