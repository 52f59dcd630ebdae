"""The page's looks: colours, a theme over system fonts, our style sheet and script; nothing comes from elsewhere."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

# Light and dark of each colour, by what it is for. Contrast of text on paper, card and sunk is at least AA (4.5 to 1).
PALETTE = {
    "paper": ("#f5f4f0", "#131819"),
    "card": ("#ffffff", "#1b2123"),
    "sunk": ("#edebe5", "#22292b"),
    "line": ("#dcd9d0", "#343d40"),
    "ink": ("#20292c", "#e4e8e6"),
    "soft": ("#566064", "#a9b3b4"),
    "faint": ("#60686b", "#949fa0"),
    "accent": ("#1c665e", "#74c7ba"),
    "accent-strong": ("#124d47", "#97d9ce"),
    "on-accent": ("#ffffff", "#0f1c1a"),
    "tint": ("#e2efec", "#203532"),
    "lit": ("#fff1bf", "#4a3f17"),
    "lit-edge": ("#d9a514", "#e0b93f"),
    "also": ("#f7f3e3", "#2b2919"),
    "warn": ("#85440f", "#eab47c"),
    "warn-tint": ("#fbeedd", "#35281a"),
    "bad": ("#a1302b", "#f0938c"),
    "good": ("#2b6a35", "#8fce97"),
    "second": ("#7a5f16", "#d3b563"),
}
SHADOW = ("0 1px 2px #20292c0f, 0 6px 24px #20292c0d", "0 1px 2px #0006, 0 6px 24px #0004")
FONTS = (
    "system-ui", "-apple-system", "Segoe UI", "Roboto", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei",
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "sans-serif",
)  # fmt: skip
MONO = ("ui-monospace", "SF Mono", "Cascadia Mono", "Consolas", "Noto Sans Mono CJK SC", "monospace")
# Where Gradio's own parts take their colours from; a name ending in * has a dark twin.
_PARTS = {
    "body_background_fill*": "paper", "body_text_color*": "ink", "body_text_color_subdued*": "soft",
    "background_fill_primary*": "card", "background_fill_secondary*": "sunk", "block_background_fill*": "card",
    "block_border_color*": "line", "block_label_text_color*": "soft", "block_title_text_color*": "soft",
    "border_color_primary*": "line", "border_color_accent*": "accent", "color_accent": "accent",
    "color_accent_soft*": "tint", "button_primary_border_color*": "accent",
    "input_background_fill*": "card", "input_border_color*": "line", "input_border_color_focus*": "accent",
    "input_placeholder_color*": "faint", "button_primary_background_fill*": "accent",
    "button_primary_background_fill_hover*": "accent-strong", "button_primary_text_color*": "on-accent",
    "button_secondary_background_fill*": "card", "button_secondary_background_fill_hover*": "sunk",
    "button_secondary_text_color*": "ink", "button_secondary_border_color*": "line", "link_text_color*": "accent",
}  # fmt: skip


def theme() -> Any:
    """Gradio's theme in our colours; they are spelt out beside the names, for the login page has none of our style."""
    import gradio as gr

    values = {}
    for part, name in _PARTS.items():
        light, dark = PALETTE[name]
        values[part.rstrip("*")] = f"var(--q-{name}, {light})"
        if part.endswith("*"):
            values[part.rstrip("*") + "_dark"] = f"var(--q-{name}, {dark})"
    borders = {"input_border_width": "1px", "button_border_width": "1px", "shadow_drop": "none", "block_shadow": "none"}
    return gr.themes.Base(font=list(FONTS), font_mono=list(MONO), radius_size=gr.themes.sizes.radius_md).set(
        **values, **borders
    )


def head() -> str:
    """Our style sheet and script, inside the page itself.

    Not by Gradio's own ``css``, which puts its container before every selector and so cannot speak of the body.
    """
    return f"<style>{colours()}{_file('page.css')}</style><script>{_file('page.js')}</script>"


def colours() -> str:
    """The palette as style-sheet variables."""
    blocks = []
    for selector, shade in ((":root", 0), (".dark", 1)):
        named = "".join(f"--q-{name}:{pair[shade]};" for name, pair in PALETTE.items())
        blocks.append(f"{selector}{{{named}--q-shadow:{SHADOW[shade]}}}")
    return "".join(blocks)


def _file(name: str) -> str:
    return (files("qa.page") / name).read_text("utf-8")
