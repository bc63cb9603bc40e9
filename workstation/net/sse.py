"""Server-sent events (WHATWG HTML, 9.2) from pieces of a byte stream; pure."""

import msgspec

from workstation.net.errors import TooLargeError
from workstation.net.messages import ANSWER_CAP


class Event(msgspec.Struct, frozen=True):
    """An event with its name and data; lines of data are joined by newlines."""

    name: str
    data: bytes
    id: str = ""


class Parser:
    """Feed it bytes, get events; comments and unknown fields are skipped. Caps a line and an event."""

    def __init__(self, cap: int = ANSWER_CAP) -> None:
        self._cap = cap
        self._rest = b""
        self._name = ""
        self._id = ""
        self._data: list[bytes] = []
        self._size = 0

    def feed(self, piece: bytes) -> list[Event]:
        """The events that this piece completes; TooLargeError for one over the cap."""
        text = (self._rest + piece).replace(b"\r\n", b"\n")
        # A lone carriage return at the end may be half of a line's end.
        held = b"\r" if text.endswith(b"\r") else b""
        lines = (text[:-1] if held else text).replace(b"\r", b"\n").split(b"\n")
        self._rest = lines.pop() + held
        if len(self._rest) > self._cap:
            raise TooLargeError(self._cap)
        return [event for line in lines if (event := self._line(line)) is not None]

    def _line(self, line: bytes) -> Event | None:
        if not line:
            return self._dispatch()
        field, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if field == b"data":
            self._size += len(value)
            if self._size > self._cap:
                raise TooLargeError(self._cap)
            self._data.append(value)
        elif field == b"event":
            self._name = value.decode("utf-8", "replace")
        elif field == b"id":
            self._id = value.decode("utf-8", "replace")
        return None

    def _dispatch(self) -> Event | None:
        data, name = self._data, self._name
        self._data, self._name, self._size = [], "", 0
        return Event(name or "message", b"\n".join(data), self._id) if data else None
