"""Colours of the interface: dark, light, and one with high contrast. Nothing is said by colour alone."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="longlist-dark",
    primary="#5b9bd5",
    secondary="#7a88cf",
    accent="#e0af68",
    warning="#e0af68",
    error="#f7768e",
    success="#9ece6a",
    foreground="#d5d9e0",
    background="#14171c",
    surface="#1a1e25",
    panel="#232934",
    variables={"muted": "#8f99a8", "border-blurred": "#3a4352", "footer-key-foreground": "#e0af68"},
)
LIGHT = Theme(
    name="longlist-light",
    primary="#1d5c96",
    secondary="#4a4f9c",
    accent="#8a4b00",
    warning="#8a4b00",
    error="#a8172f",
    success="#256b29",
    foreground="#1b1f24",
    background="#f7f7f4",
    surface="#efefea",
    panel="#e2e2db",
    dark=False,
    variables={"muted": "#5a606a", "border-blurred": "#b5b5ac", "footer-key-foreground": "#8a4b00"},
)
CONTRAST = Theme(
    name="longlist-contrast",
    primary="#ffff00",
    secondary="#00ffff",
    accent="#00ffff",
    warning="#ffff00",
    error="#ff8080",
    success="#80ff80",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#101010",
    text_alpha=1.0,
    variables={
        "muted": "#ffffff",
        "border-blurred": "#ffffff",
        "footer-key-foreground": "#ffff00",
        "text-primary": "#ffff00",
        "text-accent": "#00ffff",
    },
)
#: Variables of ours, for themes that come with Textual and know nothing of them.
DEFAULTS = {"muted": "#8a8f98"}
THEMES = (DARK, LIGHT, CONTRAST)
