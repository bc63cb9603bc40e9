"""The values in a response: atoms, strings, NIL and lists; pure, capped in depth."""

import re

from workstation.connectors.email.imap.framing import Frame
from workstation.domain.errors import ProtocolChangedError

DEPTH_CAP = 100
"""Lists within lists: a multipart of a multipart takes one each."""

Value = str | bytes | None | list["Value"]
"""Atoms and numbers are str, quoted strings and literals are bytes, NIL is None, a list is a list."""

BLANK = (b" ", b"\t")
SPACES = re.compile(rb"[ \t]*")
ATOM = re.compile(rb"[^ \t()\"\[\]]+")
SECTION = re.compile(rb"[^\]]*\](?:<\d+>)?")
QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*)"', re.DOTALL)
ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
WHERE = "imap"


def unquoted(text: bytes) -> bytes:
    """What stands between the quotes."""
    return ESCAPED.sub(rb"\1", text) if b"\\" in text else text


class Tokens:
    """Reads a frame's values from a position of its first piece on."""

    def __init__(self, frame: Frame, start: int = 0) -> None:
        self._frame, self._piece, self._at = frame, 0, start

    def values(self) -> list[Value]:
        """Everything to the end; ProtocolChangedError where brackets do not match or nest too deep."""
        top: list[Value] = []
        open_lists = [top]
        while True:
            line = self._frame[self._piece]
            if line[self._at : self._at + 1] in BLANK:
                self._at = _end(SPACES, line, self._at)
            if self._at >= len(line):
                if self._piece + 2 >= len(self._frame):
                    break
                open_lists[-1].append(self._frame[self._piece + 1])
                self._piece, self._at = self._piece + 2, 0
                continue
            sign = line[self._at]
            if sign == 0x28:  # (
                inner: list[Value] = []
                open_lists[-1].append(inner)
                open_lists.append(inner)
                if len(open_lists) > DEPTH_CAP:
                    raise ProtocolChangedError(where=WHERE)
                self._at += 1
            elif sign == 0x29:  # )
                if len(open_lists) == 1:
                    raise ProtocolChangedError(where=WHERE)
                open_lists.pop()
                self._at += 1
            else:
                open_lists[-1].append(self._quoted(line) if sign == 0x22 else self._atom(line))
        if len(open_lists) != 1:
            raise ProtocolChangedError(where=WHERE)
        return top

    def _quoted(self, line: bytes) -> bytes:
        found = QUOTED.match(line, self._at)
        if found is None:
            raise ProtocolChangedError(where=WHERE)
        self._at = found.end()
        return unquoted(found[1])

    def _atom(self, line: bytes) -> str | None:
        """An atom; one such as `BODY[HEADER.FIELDS (DATE)]<0>` is one word. NIL is None."""
        start = self._at
        while self._at < len(line):
            end = _end(ATOM, line, self._at)
            if end < len(line) and line[end] == 0x5B:  # [
                end = _end(SECTION, line, end + 1)
                if end == self._at or line[end - 1 : end] not in (b"]", b">"):
                    raise ProtocolChangedError(where=WHERE)
                self._at = end
                continue
            if end == self._at:
                break
            self._at = end
        if self._at == start:
            raise ProtocolChangedError(where=WHERE)
        word = line[start : self._at].decode("latin-1")
        return None if word.upper() == "NIL" else word


def _end(pattern: re.Pattern[bytes], line: bytes, start: int) -> int:
    found = pattern.match(line, start)
    return start if found is None else found.end()
