"""Reads XML of strangers as a stream: no entities, nothing loaded, caps on size, depth and length.

What is wrong is told with its line.
"""

from typing import Protocol
from xml.parsers import expat

from workstation.domain.errors import MeridianError
from workstation.domain.text import N_, LazyText, lazy

LARGEST = 64_000_000
"""Bytes of a file."""
DEEPEST = 40
LONGEST = 100_000
"""Characters of one element's text."""
MOST_ELEMENTS = 4_000_000
_PIECE = 1 << 16


class WordFileError(MeridianError):
    """A file of segments or terms cannot be read; `line` counts from 1, 0 where the whole file is meant."""

    code = "word_file"
    sentence = N_("{file} cannot be read: {why}")

    def __init__(self, *, file: str, why: str | LazyText, line: int = 0) -> None:
        super().__init__(file=file, why=why)
        self.line = line

    @property
    def text(self) -> LazyText:
        """The sentence with its line."""
        if not self.line:
            return super().text
        return lazy(N_("{file}, line {line}: {why}"), line=str(self.line), **self.params)


class FlawError(Exception):
    """What is wrong in a line; the file's name is added where it is known."""

    def __init__(self, line: int, why: LazyText) -> None:
        super().__init__(line, why)
        self.line, self.why = line, why


class Handler(Protocol):
    """Told of elements by their names without namespaces, in small letters; attributes likewise."""

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def words(self, text: str) -> None:
        """Characters inside the innermost element; may come in pieces."""


class _Stream:
    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._depth = self._length = self._elements = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._words
        self.parser.EntityDeclHandler = self._entity
        self.parser.ExternalEntityRefHandler = self._external
        self.parser.SkippedEntityHandler = self._entity

    @property
    def line(self) -> int:
        return int(self.parser.CurrentLineNumber)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        self._length = 0
        if self._depth > DEEPEST or self._elements > MOST_ELEMENTS:
            raise FlawError(self.line, lazy(N_("It is nested too deeply, or has too many parts.")))
        self._handler.start(_local(name), {_local(key): value for key, value in attributes.items()}, self.line)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._handler.end(_local(name))

    def _words(self, text: str) -> None:
        self._length += len(text)
        if self._length > LONGEST:
            raise FlawError(self.line, lazy(N_("A text in it is longer than {count} characters."), count=LONGEST))
        self._handler.words(text)

    def _entity(self, *_: object) -> None:
        raise FlawError(self.line, lazy(N_("It defines entities, which are not read.")))

    def _external(self, *_: object) -> int:
        raise FlawError(self.line, lazy(N_("It defines entities, which are not read.")))


def _local(name: str) -> str:
    return name.rpartition(" ")[2].lower()


def read(data: bytes, handler: Handler, format_name: str) -> None:
    """Go through a file. FlawError says what is wrong and in which line."""
    if len(data) > LARGEST:
        raise FlawError(0, lazy(N_("It is larger than {count} MB."), count=LARGEST // 1_000_000))
    stream = _Stream(handler)
    try:
        for start in range(0, len(data), _PIECE):
            stream.parser.Parse(data[start : start + _PIECE], False)
        stream.parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise FlawError(error.lineno, lazy(N_("This is not valid {format}."), format=format_name)) from error
    except (LookupError, ValueError, UnicodeError) as error:
        raise FlawError(stream.line, lazy(N_("This is not valid {format}."), format=format_name)) from error


def escaped(text: str) -> str:
    """Text for an element or an attribute; what XML cannot hold is left out."""
    kept = "".join(sign for sign in text if sign in "\t\n" or (sign >= " " and sign not in "\ufffe\uffff"))
    return kept.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
