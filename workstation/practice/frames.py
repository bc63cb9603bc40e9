"""Bytes of a live event, encoded once and shared by every socket: WebSocket frames and server-sent events."""

import struct
from typing import NamedTuple

import msgspec

Channel = tuple[str, str]  # a stream's name and, for hashtag, list and what belongs to an account, its argument


class Event(NamedTuple):
    """A live event: its name, and its payload as text (for most events JSON of an entity)."""

    name: str
    payload: str


def websocket_text(payload: bytes) -> bytes:
    """Return an unmasked text frame as a server sends it (RFC 6455, 5.2)."""
    size = len(payload)
    if size < 126:
        return bytes((0x81, size)) + payload
    if size < 65_536:
        return b"\x81\x7e" + struct.pack("!H", size) + payload
    return b"\x81\x7f" + struct.pack("!Q", size) + payload


def websocket_event(channel: Channel, event: Event) -> bytes:
    """Return the frame of an event on a channel; the payload is a string inside the JSON, as Mastodon has it."""
    body = {"stream": wire_stream(channel), "event": event.name, "payload": event.payload}
    return websocket_text(msgspec.json.encode(body))


def sse_event(event: Event) -> bytes:
    """Return an event of text/event-stream."""
    return f"event: {event.name}\ndata: {event.payload}\n\n".encode()


def wire_stream(channel: Channel) -> list[str]:
    """Return a channel as clients know it: the account's own streams carry no argument."""
    name, argument = channel
    return [name, argument] if name in ("hashtag", "hashtag:local", "list") else [name]
