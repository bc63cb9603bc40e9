"""The application object of Qt, which a process has once."""

from PySide6.QtWidgets import QApplication


def application(argv: list[str]) -> QApplication:
    """The application object; the one there is, or a new one."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    app = QApplication(argv)
    app.setApplicationName("Meridian")
    app.setApplicationDisplayName("Meridian")
    app.setDesktopFileName("meridian")
    app.setQuitOnLastWindowClosed(False)
    return app
