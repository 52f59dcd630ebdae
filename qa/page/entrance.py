"""The way in where there is a password: our own page for it, and the address it is asked from.

Gradio's login page takes no style and knows no pause; so whoever is not yet known gets this one in its place, which
talks to the same ``/login``. The check gets a name and a password only; the address is handed past Gradio.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from http.cookies import SimpleCookie
from typing import Any

from qa.page.texts import preferred, say
from qa.page.theme import FONTS, colours

address: ContextVar[str] = ContextVar("address", default="")

_STYLE = """
body { margin: 0; min-height: 100dvh; display: grid; place-items: center; background: var(--q-paper); color: var(--q-ink); line-height: 1.6; }
main { width: min(22rem, calc(100vw - 3rem)); margin-bottom: 12vh; } h1 { font-size: 1.5rem; margin: 0; } h1 + p { color: var(--q-soft); margin: .2rem 0 1.4rem; }
form { display: grid; gap: .9rem; background: var(--q-card); border: 1px solid var(--q-line); border-radius: .9rem; padding: 1.3rem; box-shadow: var(--q-shadow); }
label { display: grid; gap: .25rem; font-size: .9rem; color: var(--q-soft); }
input { font: inherit; font-size: 1rem; color: var(--q-ink); background: var(--q-paper); border: 1px solid var(--q-line); border-radius: .6rem; padding: .55rem .7rem; }
button { font: inherit; font-weight: 600; color: var(--q-on-accent); background: var(--q-accent); border: 0; border-radius: .7rem; padding: .65rem; cursor: pointer; } button:hover { background: var(--q-accent-strong); } button:disabled { opacity: .6; }
[role=alert] { color: var(--q-bad); margin: 0; font-size: .9rem; } [role=alert]:empty { display: none; } :focus-visible { outline: 2px solid var(--q-accent); outline-offset: 2px; }
"""  # noqa: E501
_SCRIPT = """
const kept = (() => { try { return localStorage.getItem("report-qa-theme"); } catch { return null; } })();
const dark = kept ? kept === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
document.body.classList.toggle("dark", dark); document.documentElement.style.colorScheme = dark ? "dark" : "light";
const form = document.forms[0], said = document.querySelector("[role=alert]"), button = form.querySelector("button");
form.addEventListener("submit", async (event) => {
  event.preventDefault(); said.textContent = ""; button.disabled = true;
  try {
    const answer = await fetch("login", { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (answer.ok) return location.reload();
    const wait = answer.headers.get("Retry-After");
    said.textContent = wait ? form.dataset.paused.replace("{n}", wait) : form.dataset.wrong;
  } catch { said.textContent = form.dataset.lost; }
  button.disabled = false; form.password.select();
});
"""


class Entrance:
    """An ASGI middleware: notes where a request comes from, and gives the page to log in to who is not known."""

    def __init__(self, app: Callable[..., Awaitable[None]]):
        self._app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        address.set((scope.get("client") or ("",))[0])
        if scope["type"] == "http" and scope["method"] == "GET" and scope["path"] == "/" and not _known(scope):
            from starlette.responses import HTMLResponse

            language = preferred(_header(scope, b"accept-language"))
            await HTMLResponse(form(language), headers={"Cache-Control": "no-store"})(scope, receive, send)
            return
        await self._app(scope, receive, send)


def form(language: str) -> str:
    """The page to log in, with its own style and script: nothing else is given to who is not known."""

    def told(key: str) -> str:
        return say(key, language)

    return (
        f'<!doctype html><html lang="{"zh-CN" if language == "zh" else "en"}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>report-qa</title>'
        f"<style>{colours()}body,button,input{{font-family:{','.join(map(_quoted, FONTS))}}}{_STYLE}</style></head>"
        f"<body><main><h1>{told('name')}</h1><p>{told('tagline')}</p>"
        f'<form method="post" action="login" data-wrong="{told("wrong_password")}" data-lost="{told("lost")}" '
        f'data-paused="{told("paused")}">'
        f'<label>{told("user")}<input name="username" autocomplete="username" required autofocus></label>'
        f'<label>{told("password")}<input name="password" type="password" autocomplete="current-password" required>'
        f'</label><p role="alert"></p><button>{told("log_in")}</button></form></main>'
        f"<script>{_SCRIPT}</script></body></html>"
    )


def _quoted(font: str) -> str:
    return f'"{font}"' if " " in font else font


def _header(scope: dict[str, Any], name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


def _known(scope: dict[str, Any]) -> bool:
    """Whether a request carries a token that Gradio gave; where it keeps them otherwise, its own page is as good."""
    tokens, cookie = getattr(scope["app"], "tokens", None), getattr(scope["app"], "cookie_id", None)
    if tokens is None or cookie is None:
        return True
    held = SimpleCookie(_header(scope, b"cookie"))
    names = (f"access-token-{cookie}", f"access-token-unsecure-{cookie}")
    return any(name in held and held[name].value in tokens for name in names)
