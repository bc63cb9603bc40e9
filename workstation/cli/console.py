"""Where answers go when a person or a script reads them."""

import sys
from pathlib import Path

from workstation import i18n
from workstation.domain.text import LazyText


def write(text: str, *, error: bool = False) -> None:
    """Write to standard output or standard error; a windowed program on Windows has neither."""
    stream = sys.stderr if error else sys.stdout
    if stream is not None:
        stream.write(text)
        stream.flush()


def one_line(text: LazyText) -> str:
    """A text in the interface's language, as plain text on one line."""
    return " ".join(i18n.plain(i18n.render(text)).split())


def complain(text: LazyText) -> None:
    """The one line that says why something failed."""
    write(f"meridian: {one_line(text)}\n", error=True)


def tell(text: LazyText) -> None:
    """A line for people."""
    write(i18n.plain(i18n.render(text)).replace("\n", " ") + "\n")


class Console:
    """Answers as lines on standard output, reasons on standard error."""

    async def data(self, text: str) -> None:
        """Lines of the result."""
        write(text)

    async def say(self, text: LazyText) -> None:
        """A line for people."""
        tell(text)

    async def fail(self, text: LazyText) -> None:
        """The line that says why."""
        complain(text)


class FileConsole(Console):
    """The result goes to a file, which appears when it is complete."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_name(path.name + ".part")
        self._file = self._part.open("w", encoding="utf-8", newline="")

    async def data(self, text: str) -> None:
        """Lines of the result."""
        self._file.write(text)

    def close(self, *, complete: bool) -> None:
        """Put the file in its place, or away."""
        self._file.close()
        if complete:
            self._part.replace(self._path)
        else:
            self._part.unlink()


class LastLine(Console):
    """Keeps the last line of the result instead of writing it: it is the next step's."""

    text = ""

    async def data(self, text: str) -> None:
        """Lines of the result."""
        self.text = text.strip()


def speak_utf8() -> None:
    """Texts of customers do not fit every console's encoding; better a replaced sign than an end in the middle."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None and stream is not None:
            reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
