"""Qt speaks the reader's language: one translator for Qt's own texts, and a switch that reaches every window live.

`apply_language` is the only place that changes the language. Widgets get ``QEvent.Type.LanguageChange`` in
``changeEvent`` and set their texts anew; models, painted views, charts listen to ``InterfaceLanguage.localeChanged``.
Nothing else is touched: drafts, caret, selection, scroll positions and undo stacks live on.
"""

from typing import Final

from PySide6.QtCore import QByteArray, QEvent, QLocale, QObject, Qt, QTranslator, Signal
from PySide6.QtWidgets import QApplication

from workstation import i18n
from workstation.i18n import Language

_DIRECTION_QUESTION: Final = "QT_LAYOUT_DIRECTION"
# Qt remembers one font fallback per first family, so the first must be able to write the language. Without these, Han
# characters of a Japanese interface get Chinese shapes.
_FAMILIES: Final = {
    "ja": ("Yu Gothic UI", "Hiragino Sans", "Noto Sans CJK JP", "Noto Sans JP"),
    "ko": ("Malgun Gothic", "Apple SD Gothic Neo", "Noto Sans CJK KR", "Noto Sans KR"),
    "zh-Hans": ("Microsoft YaHei UI", "PingFang SC", "Noto Sans CJK SC", "Noto Sans SC"),
    "zh-Hant": ("Microsoft JhengHei UI", "PingFang TC", "Noto Sans CJK TC", "Noto Sans TC"),
}
_LANGUAGE_FAMILIES: Final = frozenset(name for names in _FAMILIES.values() for name in names)


def families_for(tag: str) -> tuple[str, ...]:
    """Return the font families that must come first for the language `tag` (BCP 47); () where order is no matter."""
    return next((names for known, names in _FAMILIES.items() if tag == known or tag.startswith(f"{known}-")), ())


def number_locale(language: Language) -> QLocale:
    """Return Qt's locale for the number and date fields of `language`, one with its digits if Qt has such."""
    locale = QLocale(language.formats.tag)
    if locale.zeroDigit() == language.formats.number(0):
        return locale
    sample = language.formats.number(12_345.5)
    relatives = QLocale.matchingLocales(locale.language(), QLocale.Script.AnyScript, QLocale.Country.AnyCountry)
    return next((relative for relative in relatives if relative.toString(12_345.5, "f", 1) == sample), locale)


class CatalogTranslator(QTranslator):
    """Answers Qt's questions for its own texts from our catalogs; the context is the name of Qt's class."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.speak(i18n.current_language())

    def speak(self, language: Language) -> None:
        """Answer in `language` from now on."""
        self._spoken = language
        self._answers: dict[tuple[str, str], str | None] = {}
        """Qt asks for the names of keys thousands of times."""

    def isEmpty(self) -> bool:
        """Say no: Qt would not install an empty translator."""
        return False

    def translate(
        self,
        context: bytes | bytearray | memoryview | QByteArray | str,
        source: bytes | bytearray | memoryview | QByteArray | str,
        disambiguation: bytes | bytearray | memoryview | QByteArray | str | None = None,
        n: int = -1,
    ) -> str:
        """Return the translation; None, which Qt reads as "ask the next one", where there is none."""
        if source == _DIRECTION_QUESTION:
            return self._spoken.direction.upper()
        asked = str(context), str(source)
        if asked not in self._answers:
            self._answers[asked] = self._spoken.knows(*asked)
        return self._answers[asked]  # type: ignore[return-value]


class InterfaceLanguage(QObject):
    """The one translator of an application and the signal for everything that is not a widget."""

    localeChanged = Signal(str)

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._translator = CatalogTranslator(self)
        app.installTranslator(self._translator)

    def apply(self, language: Language) -> None:
        """Make everything speak `language`: our texts, Qt's, layout direction, number fields, fonts."""
        i18n.use(language)
        self._translator.speak(language)
        self._set_locale(number_locale(language))
        is_rtl = language.direction == "rtl"
        self._app.setLayoutDirection(Qt.LayoutDirection.RightToLeft if is_rtl else Qt.LayoutDirection.LeftToRight)
        self._put_families_first(families_for(language.tag))
        # Reinstalling would send the event twice: once for the old translator, once for the new.
        QApplication.sendEvent(self._app, QEvent(QEvent.Type.LanguageChange))
        self.localeChanged.emit(language.tag)

    def _set_locale(self, locale: QLocale) -> None:
        QLocale.setDefault(locale)
        # Windows took the default when they were made; number and date fields in them follow.
        for window in self._app.topLevelWidgets():
            window.setLocale(locale)

    def _put_families_first(self, first: tuple[str, ...]) -> None:
        font = self._app.font()
        rest = [name for name in font.families() if name not in _LANGUAGE_FAMILIES]
        wanted = [*first, *rest]
        if wanted != font.families():
            font.setFamilies(wanted)
            self._app.setFont(font)


def interface_language(app: QApplication) -> InterfaceLanguage:
    """Return the language switch of `app`, made at the first call; its ``localeChanged`` carries the new tag."""
    return app.findChild(InterfaceLanguage) or InterfaceLanguage(app)


def apply_language(app: QApplication, language: Language) -> InterfaceLanguage:
    """Switch `app` to `language`, live; returns what to listen to. Main thread only."""
    interface = interface_language(app)
    interface.apply(language)
    return interface
