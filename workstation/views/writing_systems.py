"""Tells once at the start if this machine cannot draw some customers' letters."""

from workstation.domain.text import lazy
from workstation.i18n import formats
from workstation.views import fonts
from workstation.views.widgets.banner import Banners, BannerText

FONTS = "fonts"
SAMPLES = {"ja": "ひらがな", "ko": "한국어", "zh": "汉字", "ar": "العربية", "he": "עברית", "hi": "हिन्दी", "th": "ไทย"}
"""A word in each writing system that customers are known to use, by language."""


def missing() -> tuple[str, ...]:
    """Languages whose letters no installed font has."""
    return tuple(tag for tag, sample in SAMPLES.items() if not fonts.covers(sample))


def warn_of_fonts(banners: Banners) -> None:
    """Show the strip, or none."""
    absent = missing()
    if absent:
        names = ", ".join(formats().language(tag) for tag in absent)
        text = lazy("No font on this machine can show: {languages}. Install one, such as Noto Sans.", languages=names)
        banners.put(BannerText(FONTS, text, action=lazy("Dismiss")))
