"""Pages of events to batches: every event counted once, each room's apart."""

import asyncio
from collections.abc import Iterable

import msgspec

from workstation.connectors.matrix import names, unpack
from workstation.connectors.matrix.lookup import HIDDEN, Lookup
from workstation.connectors.matrix.parse import About, Item, Known, Parser
from workstation.connectors.matrix.rooms import Room
from workstation.connectors.matrix.session import Session
from workstation.domain.messages import Batch, Deletion, IncomingMessage, Kind, Reject
from workstation.net.limits import Lane

BREATH = 25
"""Events that are read at a stretch."""
PARENTS = 50
"""Answered messages of a page that are looked at, at most, to learn whether they are ours."""


class Sweep:
    """Turns events of one account into batches."""

    def __init__(self, session: Session, parser: Parser, lookup: Lookup) -> None:
        self._session = session
        self._parser = parser
        self._lookup = lookup

    async def batches(self, room: Room, events: list[object], source: str = "") -> list[Batch]:
        """What a page of events in the order of time brings.

        Pages do not tell of our own reactions: they are marked as live, so that what is known of those stays. What a
        reaction changes comes in a batch of its own.
        """
        source = source or room.source
        now = self._session.now()
        await self._learn_parents(room, events)
        here = {unpack.text(event, "event_id") for event in events}
        plain: list[Item] = []
        marked: list[Item] = []
        for number, event in enumerate(events, 1):
            if number % BREATH == 0:
                await asyncio.sleep(0)  # a long page must not keep the window waiting
            item = self._parser.item(event, room, now)
            if isinstance(item, Deletion) and unpack.text(event, "event_id") != item.remote_id:
                item = item if item.remote_id in here or await self._lookup.holds(room, item.remote_id) else None
            if isinstance(item, About):
                told = await self._lookup.resolve(room, item)
                (plain if item.edit is not None or told is None else marked).append(told)
            else:
                plain.append(item)
        found = [batch(source, plain, live=True)] if plain else []
        return [*found, batch(source, marked)] if marked else found

    async def _learn_parents(self, room: Room, events: list[object]) -> None:
        """An answer to something of ours is for us, also where its writer's client does not name us."""
        if room.direct:
            return
        memory = self._parser.memory
        wanted: list[str] = []
        here = {unpack.text(event, "event_id"): unpack.text(event, "sender") for event in events}
        for event in events:
            content = unpack.values(event, "content")
            relation = unpack.values(content, "m.relates_to")
            answered = unpack.text(unpack.values(relation, "m.in_reply_to"), "event_id")
            for target in {answered, unpack.text(relation, "event_id")} if answered else ():
                known = memory.get(target)
                if known is not None and known.sender:
                    continue
                if target in here:
                    memory.keep(target, Known(room.id, here[target]))
                elif names.is_id(target, "$"):
                    wanted.append(target)
        for target in list(dict.fromkeys(wanted))[:PARENTS]:
            try:
                found = await self._session.get(self._session.api.event(room.id, target), "event", Lane.CATCH_UP)
            except HIDDEN:
                continue
            memory.keep(target, Known(room.id, unpack.text(found, "sender")))


def batch(source: str, items: Iterable[Item], *, live: bool = False) -> Batch:
    """The batch of these items; what is nothing to the desk is counted."""
    messages: list[IncomingMessage] = []
    deletions: list[Deletion] = []
    rejects: list[Reject] = []
    filtered = 0
    for item in items:
        if isinstance(item, IncomingMessage):
            messages.append(item)
        elif isinstance(item, Deletion):
            deletions.append(item)
        elif isinstance(item, Reject):
            rejects.append(item)
        else:
            filtered += 1
    return Batch(source, tuple(messages), tuple(deletions), tuple(rejects), filtered, live=live)


def as_history(found: Batch) -> Batch:
    """The batch as one of older messages."""
    return msgspec.structs.replace(found, history=True, cursor=None)


def newest(found: Batch) -> int:
    """When the latest message of others in a batch was written; 0 for none."""
    return max((each.created_at for each in found.messages if not each.own and each.kind is not Kind.REPORT), default=0)
