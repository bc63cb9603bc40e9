"""Puts preferences in force while the desk is open: theme, density, scale, language, digits."""

from pathlib import Path

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from workstation.domain.text import lazy_plural
from workstation.i18n import available, current_language, fetch_language, negotiate
from workstation.qt.tasks import Tasks
from workstation.qt.translator import apply_language
from workstation.services.settings import Preferences, Settings
from workstation.views import theme
from workstation.views.notices import Notices


def wanted_locale(preferences: Preferences) -> str:
    """The tag of the language the interface is to speak: the chosen one, else the system's nearest."""
    wished = [preferences.locale] if preferences.locale else list(QLocale.system().uiLanguages())
    return negotiate(wished, available())


class LivePreferences:
    """Follows the settings of one window."""

    def __init__(
        self, app: QApplication, settings: Settings, tasks: Tasks, notices: Notices, corrections: Path | None = None
    ) -> None:
        self._app = app
        self._tasks = tasks
        self._notices = notices
        self._corrections = corrections
        self._spoken = (current_language().tag, settings.now.digits)
        self._end = settings.subscribe(self.apply)

    def apply(self, preferences: Preferences) -> None:
        """Put all of it in force."""
        theme.apply(
            self._app,
            preferences.theme,
            preferences.density,
            preferences.font_scale,
            preferences.reduced_motion,
        )
        wanted = ((preferences.locale and wanted_locale(preferences)) or self._spoken[0], preferences.digits)
        if wanted != self._spoken:
            self._spoken = wanted
            self._tasks.latest(self._speak(*wanted), "language")

    async def _speak(self, tag: str, digits: str) -> None:
        known = digits if digits in ("latin", "native") else "auto"
        language = await fetch_language(tag, digits=known, corrections=self._corrections)  # type: ignore[arg-type]
        apply_language(self._app, language)
        self.tell_faults()

    def tell_faults(self) -> None:
        """Say what of the team's own texts could not be used."""
        faults = current_language().faults
        if faults:
            text = lazy_plural(
                "{count} correction of the interface’s texts cannot be used: {first}",
                "{count} corrections of the interface’s texts cannot be used, such as: {first}",
                len(faults),
                first=faults[0],
            )
            self._notices.say(text, tone="warn", key="corrections")

    def close(self) -> None:
        """Follow no longer."""
        self._end()
