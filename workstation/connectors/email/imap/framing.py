"""Cuts what a server sends into responses: lines with the literals in them; pure, every size has a cap."""

import re
from collections.abc import Iterator

from workstation.domain.errors import ProtocolChangedError
from workstation.domain.text import N_

LINE_CAP = 8 << 20
"""Bytes of a response without its literals: a list of a million numbers fits."""
LITERAL_CAP = 26 << 20
"""Bytes of one literal: the largest file that is handed over, with what stands around it."""
LITERALS_CAP = 1_000
"""Literals in one response."""
TOO_LONG = N_("a line of the mail server is longer than {limit} bytes")
TOO_LARGE = N_("the mail server sent a piece of more than {limit} bytes")

LITERAL = re.compile(rb"~?\{(\d{1,18})\+?\}\Z")
# Text for people may end in braces; only data has literals.
TEXT = re.compile(rb"(?:\+|\* (?:OK|NO|BAD|BYE|PREAUTH)\b|[^*+])", re.IGNORECASE)

Frame = tuple[bytes, ...]
"""A response: pieces of its line and, between them, its literals. Those at odd places are literals."""


class Framer:
    """Takes bytes as they come, gives whole responses. ProtocolChangedError once something is over its cap."""

    def __init__(self, line_cap: int = LINE_CAP, literal_cap: int = LITERAL_CAP) -> None:
        self._line_cap, self._literal_cap = line_cap, literal_cap
        self._buffer = bytearray()
        self._searched = 0
        self._pieces: list[bytes] = []
        self._held = 0
        self._wanted = -1
        """Bytes of the literal that is being read; -1 while a line is."""

    def feed(self, data: bytes) -> Iterator[Frame]:
        """The responses that are whole with these bytes; the iterator must be used up."""
        self._buffer += data
        while True:
            if self._wanted >= 0:
                if len(self._buffer) < self._wanted:
                    return
                self._pieces.append(self._take(self._wanted, 0))
                self._wanted = -1
            line = self._line()
            if line is None:
                return
            frame = self._ended(line)
            if frame is not None:
                yield frame

    def _take(self, size: int, skipped: int) -> bytes:
        taken = bytes(memoryview(self._buffer)[:size])
        del self._buffer[: size + skipped]
        self._searched = 0
        return taken

    def _line(self) -> bytes | None:
        end = self._buffer.find(b"\n", self._searched)
        if self._held + (len(self._buffer) if end < 0 else end) > self._line_cap:
            raise ProtocolChangedError(where=TOO_LONG.format(limit=self._line_cap))
        if end < 0:
            self._searched = len(self._buffer)
            return None
        line = self._take(end, 1)
        return line.removesuffix(b"\r")

    def _ended(self, line: bytes) -> Frame | None:
        """The response that a line ends, or None where a literal follows."""
        found = LITERAL.search(line)
        first = self._pieces[0] if self._pieces else line
        if found is None or (TEXT.match(first) is not None):
            frame = (*self._pieces, line)
            self._pieces, self._held = [], 0
            return frame
        size = int(found[1])
        if size > self._literal_cap or len(self._pieces) > 2 * LITERALS_CAP:
            raise ProtocolChangedError(where=TOO_LARGE.format(limit=self._literal_cap))
        self._pieces.append(line[: found.start()])
        self._held += len(line)
        self._wanted = size
        return None
