"""A password for the page: kept only as a salted scrypt hash, compared in constant time (RFC 7914)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable

from documents.errors import InvalidSetting
from qa.page.attempts import Attempts
from qa.page.entrance import address

_N, _R, _P = 2**14, 8, 1


def hashed(user: str, password: str, salt: bytes | None = None) -> str:
    """The value of QA_AUTH for a user: ``user:scrypt$salt$hash``."""
    if not user or ":" in user:
        raise InvalidSetting(f"The user name is {user!r}. Give one without a colon.")
    salt = salt or secrets.token_bytes(16)
    return f"{user}:scrypt${_encoded(salt)}${_encoded(_digest(password, salt))}"


def check_of(auth: str) -> Callable[[str, str], bool]:
    """From a value of QA_AUTH, the check of a user name and password. Raises ``InvalidSetting``."""
    user, colon, rest = auth.partition(":")
    method, _, salted = rest.partition("$")
    salt, dollar, digest = salted.partition("$")
    if not (colon and user and method == "scrypt" and dollar and salt and digest):
        raise InvalidSetting("QA_AUTH is not user:scrypt$salt$hash. Make it with: qa serve --make-auth USER")
    expected, salt_bytes = base64.b64decode(digest), base64.b64decode(salt)

    def check(name: str, password: str) -> bool:
        same_name = hmac.compare_digest(name.encode(), user.encode())
        return hmac.compare_digest(_digest(password, salt_bytes), expected) and same_name

    return check


def door(auth: str, attempts: Attempts | None = None) -> Callable[[str, str], Awaitable[bool]]:
    """The check as Gradio awaits it, slowed down for who guesses. Raises ``InvalidSetting`` as `check_of` does.

    While it pauses it answers with status 429 and the seconds to wait, whatever the password.
    """
    import asyncio

    check, attempts = check_of(auth), attempts or Attempts()

    async def enter(name: str, password: str) -> bool:
        from fastapi import HTTPException

        caller = address.get()
        if pause := attempts.pause_s(caller, name):
            raise HTTPException(429, "Too many wrong passwords.", headers={"Retry-After": str(pause)})
        right = await asyncio.to_thread(check, name, password)
        (attempts.passed if right else attempts.failed)(caller, name)
        return right

    return enter


def _digest(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=_N, r=_R, p=_P)


def _encoded(value: bytes) -> str:
    return base64.b64encode(value).decode()
