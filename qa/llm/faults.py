"""What went wrong with a call, in words: the fact and the next step, without the key.

An error may have come through two libraries; what was first raised is what is told. Where a server refused the key,
nothing of its message is: servers like to repeat what they were given.
"""

from __future__ import annotations

from collections.abc import Iterator

from qa.llm.clients import OPTIONAL
from qa.llm.endpoint import KEYRING_SERVICE, Endpoint


def refused(error: BaseException) -> set[str]:
    """Options a server names when it turns a request down."""
    if getattr(error, "status_code", None) not in (400, 422):
        return set()
    said = f"{error} {getattr(error, 'body', '')}"
    return {option for option in OPTIONAL if option in said}


def timed_out(error: BaseException) -> bool:
    import httpx

    return any(isinstance(e, httpx.TimeoutException) for e in chain(error))


def chain(error: BaseException) -> Iterator[BaseException]:
    """An error and what it came of: OpenAI's client wraps whatever our transport raises."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


def told(error: BaseException, key: str | None) -> str:
    status = getattr(error, "status_code", None)
    if isinstance(status, int) and status > 0:
        said = "" if status in (401, 403, 407) else _masked(_message_of(error), key)
        return f"HTTP {status}" + (f" ({said[:120]})" if said else "")
    if isinstance(error, ValueError | TypeError | AttributeError | LookupError | RecursionError):
        return f"it sent what is not in the protocol ({type(error).__name__})"
    return next((_masked(str(e), key) for e in reversed([*chain(error)]) if str(e).strip()), type(error).__name__)


def _message_of(error: BaseException) -> str:
    body = getattr(error, "body", None)
    inner = body.get("message") if isinstance(body, dict) else None
    return str(inner or getattr(error, "error", None) or error)


def _masked(text: str, key: str | None) -> str:
    """Nothing at all where even the beginning of the key shows: the rest may be written in some other way."""
    return "" if key and key[: max(6, len(key) // 3)] in text else text


def next_step(cause: object, endpoint: Endpoint) -> str:
    if cause in (401, 403):
        return f"Set the key with QA_LLM_KEY, or keep it in the keyring: keyring set {KEYRING_SERVICE} {endpoint.host}"
    if cause == 404:
        pull = f"ollama pull {endpoint.model}" if endpoint.protocol == "ollama" else "QA_LLM and QA_LLM_URL"
        return f"Check the model's name: {pull}"
    if cause == 429:
        return "It is asked too often, or the account is used up. Try again later, or set QA_LLM_RETRIES higher."
    if isinstance(cause, BaseException) and any("CERTIFICATE" in str(e) for e in chain(cause)):
        return "Name the file with the certificate of whoever signed it: SSL_CERT_FILE=/path/to/ca.pem"
    if isinstance(cause, TimeoutError):
        return "Give it longer with QA_LLM_TIMEOUT, or take a smaller model."
    return "Check that the server runs, QA_LLM and QA_LLM_URL (see: qa doctor); or ask with --answerer extractive."
