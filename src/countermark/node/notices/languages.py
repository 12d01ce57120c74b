"""The languages in which a seller is told things, and which of them somebody reads."""

from countermark.law.wording import LANGUAGES

__all__ = ["LANGUAGES", "NAMES", "language_of"]

#: Each language by its own name.
NAMES = {"en": "English", "fr": "Français", "zh-hans": "简体中文"}


def language_of(tag: str | None) -> str:
    """The language of ours that a BCP 47 tag asks for (`fr-CA` gives `fr`); empty where there is none."""
    first = (tag or "").lower().replace("_", "-").partition("-")[0]
    return next((one for one in LANGUAGES if one.partition("-")[0] == first), "") if first else ""
