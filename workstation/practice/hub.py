"""Who listens to what: channels, their subscribers, and one write per subscriber and turn of the loop."""

import asyncio
from collections import Counter
from typing import Protocol

from workstation.practice.frames import Channel, Event, sse_event, websocket_event

SLOW_CONSUMER_BYTES = 128 << 20
HELD_SECONDS = 0.3  # an event held back for a reordering leaves then at the latest, so that none is lost


class Subscriber(Protocol):
    """An open stream of a client."""

    websocket: bool

    def hides(self, author: int) -> bool:
        """Tell whether the listener has muted or blocked that account."""

    def write(self, data: bytes) -> None:
        """Put bytes on the wire without waiting."""

    def backlog(self) -> int:
        """Return how many bytes wait to be taken by the client."""

    def abort(self) -> None:
        """Cut the connection without a farewell."""


class EventFaults(Protocol):
    """Decides what becomes of a live event on its way out."""

    active: bool

    def mangle(self, subscriber: Subscriber, data: bytes) -> list[bytes]:
        """Return what is really sent: nothing, the event, the event twice, an older one after it, or garbage."""

    def release(self, subscriber: Subscriber) -> bytes:
        """Return what was held back for that subscriber, if it still is."""


class Hub:
    """Hands events to subscribers; encodes each event once per channel and kind of transport."""

    def __init__(self, faults: EventFaults) -> None:
        self._faults = faults
        self._listeners: dict[Channel, set[Subscriber]] = {}
        self._pending: dict[Subscriber, list[bytes]] = {}
        self._scheduled = False
        self.sent: Counter[str] = Counter()
        self.dropped_slow = 0

    def subscribe(self, subscriber: Subscriber, channel: Channel) -> None:
        """Send that channel's events to the subscriber from now on."""
        self._listeners.setdefault(channel, set()).add(subscriber)

    def unsubscribe(self, subscriber: Subscriber, channel: Channel) -> None:
        """Stop sending a channel's events."""
        listeners = self._listeners.get(channel)
        if listeners is not None:
            listeners.discard(subscriber)
            if not listeners:
                del self._listeners[channel]

    def leave(self, subscriber: Subscriber) -> None:
        """Forget a subscriber altogether."""
        for channel in [channel for channel, listeners in self._listeners.items() if subscriber in listeners]:
            self.unsubscribe(subscriber, channel)
        self._pending.pop(subscriber, None)

    def subscribers(self) -> set[Subscriber]:
        """Return everybody who listens."""
        return {subscriber for listeners in self._listeners.values() for subscriber in listeners}

    @property
    def listening(self) -> bool:
        """Tell whether anybody listens to anything."""
        return bool(self._listeners)

    def wanted(self, channels: list[Channel]) -> list[Channel]:
        """Return the channels that somebody listens to."""
        return [channel for channel in channels if channel in self._listeners] if self._listeners else []

    def publish(self, channels: list[Channel], event: Event, author: int = 0) -> None:
        """Send an event to the listeners of the channels at the end of this turn of the loop."""
        for channel in channels:
            listeners = self._listeners.get(channel)
            if not listeners:
                continue
            frame = chunk = b""
            for subscriber in listeners:
                if author and subscriber.hides(author):
                    continue
                if subscriber.websocket:
                    data = frame = frame or websocket_event(channel, event)
                else:
                    data = chunk = chunk or sse_event(event)
                pending = self._pending.setdefault(subscriber, [])
                if self._faults.active:
                    pending += self._faults.mangle(subscriber, data)
                    asyncio.get_running_loop().call_later(HELD_SECONDS, self._release, subscriber)
                else:
                    pending.append(data)
                self.sent[channel[0]] += 1
        if self._pending and not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._flush)

    def _release(self, subscriber: Subscriber) -> None:
        held = self._faults.release(subscriber)
        if held:
            subscriber.write(held)

    def _flush(self) -> None:
        self._scheduled = False
        pending, self._pending = self._pending, {}
        for subscriber, pieces in pending.items():
            if not pieces:
                continue
            subscriber.write(b"".join(pieces))
            if subscriber.backlog() > SLOW_CONSUMER_BYTES:
                self.dropped_slow += 1
                subscriber.abort()
