"""The page's looks: a theme over system fonts, our own style sheet and script. Nothing is fetched from anywhere."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

FONTS = [
    "system-ui", "-apple-system", "Segoe UI", "Roboto", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei",
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "sans-serif",
]  # fmt: skip
MONO = ["ui-monospace", "SF Mono", "Cascadia Mono", "Consolas", "Noto Sans Mono CJK SC", "monospace"]


def theme() -> Any:
    import gradio as gr

    return gr.themes.Base(font=FONTS, font_mono=MONO, radius_size=gr.themes.sizes.radius_md).set(
        body_background_fill="var(--q-paper)", body_background_fill_dark="var(--q-paper)",
        body_text_color="var(--q-ink)", body_text_color_dark="var(--q-ink)",
        body_text_color_subdued="var(--q-soft)", body_text_color_subdued_dark="var(--q-soft)",
        background_fill_primary="var(--q-card)", background_fill_primary_dark="var(--q-card)",
        background_fill_secondary="var(--q-sunk)", background_fill_secondary_dark="var(--q-sunk)",
        block_background_fill="var(--q-card)", block_background_fill_dark="var(--q-card)",
        block_border_color="var(--q-line)", block_border_color_dark="var(--q-line)",
        block_label_text_color="var(--q-soft)", block_label_text_color_dark="var(--q-soft)",
        border_color_primary="var(--q-line)", border_color_primary_dark="var(--q-line)",
        color_accent="var(--q-accent)", color_accent_soft="var(--q-tint)", color_accent_soft_dark="var(--q-tint)",
        border_color_accent="var(--q-accent)", border_color_accent_dark="var(--q-accent)",
        input_background_fill="var(--q-card)", input_background_fill_dark="var(--q-card)",
        input_border_color="var(--q-line)", input_border_color_dark="var(--q-line)",
        input_border_color_focus="var(--q-accent)", input_border_color_focus_dark="var(--q-accent)",
        input_placeholder_color="var(--q-faint)", input_placeholder_color_dark="var(--q-faint)",
        button_primary_background_fill="var(--q-accent)", button_primary_background_fill_dark="var(--q-accent)",
        button_primary_background_fill_hover="var(--q-accent-strong)",
        button_primary_background_fill_hover_dark="var(--q-accent-strong)",
        button_primary_text_color="var(--q-on-accent)", button_primary_text_color_dark="var(--q-on-accent)",
        button_secondary_background_fill="var(--q-card)", button_secondary_background_fill_dark="var(--q-card)",
        button_secondary_text_color="var(--q-ink)", button_secondary_text_color_dark="var(--q-ink)",
        button_secondary_border_color="var(--q-line)", button_secondary_border_color_dark="var(--q-line)",
        link_text_color="var(--q-accent)", link_text_color_dark="var(--q-accent)",
        shadow_drop="none", shadow_drop_lg="none", block_shadow="none", block_shadow_dark="none",
    )  # fmt: skip


def head() -> str:
    """Our style sheet and script, inside the page itself.

    Not by Gradio's own ``css``, which puts its container before every selector and so cannot speak of the body.
    """
    return f"<style>{_file('page.css')}</style><script>{_file('page.js')}</script>"


def _file(name: str) -> str:
    return (files("qa.page") / name).read_text("utf-8")
