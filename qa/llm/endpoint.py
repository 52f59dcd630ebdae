"""Which model, at which address, by which protocol, with which key: what the settings name.

The key is never shown: not by ``repr``, not in a message. An address may not hold one either: addresses are shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlsplit

from documents.errors import InvalidSetting
from qa.settings import Settings

KEYRING_SERVICE = "report-qa"
OLLAMA = "http://127.0.0.1:11434"
OPENAI = "https://api.openai.com/v1"
_FORMS = "Use ollama/MODEL, openai/MODEL, or MODEL with QA_LLM_URL for a server that speaks OpenAI's protocol."


@dataclass(frozen=True, slots=True)
class Price:
    """What a million tokens cost, in whatever currency the settings mean."""

    prompt: Decimal
    completion: Decimal

    def of(self, prompt_tokens: int, completion_tokens: int) -> float:
        return float((self.prompt * prompt_tokens + self.completion * completion_tokens) / 10**6)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A model at an address. ``protocol`` is ``ollama`` or ``openai``; ``name`` is the setting as it was given."""

    name: str
    protocol: str
    model: str
    url: str
    key: str | None = field(default=None, repr=False)

    @property
    def host(self) -> str:
        """Host, and port where one is given: the user a key is kept under in the keyring."""
        return urlsplit(self.url).netloc

    @property
    def is_local(self) -> bool:
        """Whether the server runs on this machine: then no proxy may come between."""
        host = urlsplit(self.url).hostname or ""
        return host == "localhost" or host == "::1" or host.startswith("127.")


def endpoint_of(settings: Settings) -> Endpoint:
    """What the settings name; the key from them, else from the platform's keyring. Raises ``InvalidSetting``."""
    name = (settings.llm or "").strip()
    protocol, model = _parted(name)
    url = _address(settings.llm_url) if settings.llm_url else {"ollama": OLLAMA, "openai": OPENAI}.get(protocol)
    if not model or not url:
        raise InvalidSetting(f"QA_LLM is {name!r}, which names no {'server' if model else 'model'}. {_FORMS}")
    bare = Endpoint(name, protocol or "openai", model, url)
    key = (settings.llm_key or "").strip() or _kept(bare.host)
    if key and not re.fullmatch(r"[\x21-\x7e]+", key):
        raise InvalidSetting("QA_LLM_KEY holds what no key can: blanks, or characters beyond ASCII. Copy it once more.")
    return Endpoint(name, bare.protocol, model, url, key)


def _parted(name: str) -> tuple[str, str]:
    """Protocol and model; other slashes belong to the model's own name (Qwen/Qwen3-8B)."""
    head, _, rest = name.partition("/")
    return (head, rest.strip()) if head in ("ollama", "openai") else ("", name)


def _address(url: str) -> str:
    try:
        parts = urlsplit(url.strip())
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise InvalidSetting(
            "QA_LLM_URL is no address of a server. Give it as: http://127.0.0.1:8000/v1 (the part before /chat)."
        )
    if parts.username or parts.password:
        raise InvalidSetting("QA_LLM_URL holds a user or a password. Take it out, and set the key with QA_LLM_KEY.")
    return url.strip().rstrip("/")


def _kept(host: str) -> str | None:
    """The key the platform's keyring holds for a host; None without the extra, without a keyring, without a key."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None
    try:
        return keyring.get_password(KEYRING_SERVICE, host)
    except KeyringError:
        return None  # a server that wants a key will say so, and that message names the next step


def price_of(text: str | None) -> Price | None:
    """``0.15/0.60``: what a million tokens of prompt and of answer cost. Raises ``InvalidSetting``."""
    if not text:
        return None
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*/\s*(\d+(?:\.\d+)?)\s*", text)
    if match is None:
        raise InvalidSetting(f"QA_LLM_PRICE is {text!r}. Give what a million tokens cost, in/out, as: 0.15/0.60")
    return Price(Decimal(match[1]), Decimal(match[2]))
