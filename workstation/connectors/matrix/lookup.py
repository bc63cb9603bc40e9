"""Asking for single events: where they are, what they say now, and what others say of them."""

import msgspec

from workstation.connectors.matrix import unpack
from workstation.connectors.matrix.api import V3, room_path
from workstation.connectors.matrix.names import is_id, part
from workstation.connectors.matrix.parse import LIKES, About, Known, Parser
from workstation.connectors.matrix.rooms import Room, Rooms
from workstation.connectors.matrix.session import Session
from workstation.domain.errors import GoneError, InvalidError, PermissionDeniedError, UnsupportedError
from workstation.domain.messages import Deletion, IncomingMessage, Mark
from workstation.net.limits import Lane

HIDDEN = (GoneError, InvalidError, PermissionDeniedError, UnsupportedError)
"""What a server answers for an event that is not there, or that we may not see."""


class Lookup:
    """Single events of one account."""

    def __init__(self, session: Session, parser: Parser, rooms: Rooms) -> None:
        self._session = session
        self._parser = parser
        self._rooms = rooms

    async def place(self, event: str, lane: Lane) -> Room:
        """The room that an event is in; GoneError where none of ours has it.

        An event's id does not tell. What was seen lately is remembered, some servers find any event, and the others
        are asked room by room.
        """
        known = self._parser.memory.get(event)
        if known is not None:
            return self._room(known.room)
        try:
            path = f"{V3}/events/{part(event)}"
            told = unpack.text(await self._session.get(self._session.api.get(path), "event", lane), "room_id")
            if is_id(told, "!"):
                return self._found(event, told)
        except HIDDEN:
            pass
        for room in list(self._rooms):
            try:
                await self._session.get(self._session.api.event(room.id, event), "event", lane)
            except HIDDEN:
                continue
            return self._found(event, room.id)
        raise GoneError

    def _found(self, event: str, room: str) -> Room:
        self._parser.memory.keep(event, Known(room, ""))
        return self._room(room)

    def _room(self, room_id: str) -> Room:
        return self._rooms.get(room_id) or Room(room_id, self._session.user)

    async def event(self, room: Room, event: str, lane: Lane = Lane.CATCH_UP) -> unpack.Values:
        """An event as the server gives it; one of HIDDEN."""
        found = await self._session.get(self._session.api.event(room.id, event), "event", lane)
        if not is_id(unpack.text(found, "event_id"), "$"):
            raise GoneError
        if unpack.text(found, "sender") not in room.members:
            await self.member(room, unpack.text(found, "sender"), lane)
        return found

    async def holds(self, room: Room, event: str) -> bool:
        """Whether an event is of that room: nobody's rights reach into another one."""
        known = self._parser.memory.get(event)
        if known is not None:
            return known.room == room.id
        try:
            await self._session.get(self._session.api.event(room.id, event), "event")
        except HIDDEN:
            return False
        self._parser.memory.keep(event, Known(room.id, ""))
        return True

    async def member(self, room: Room, user: str, lane: Lane) -> None:
        """Learn what somebody is called in a room, where that can be had."""
        if not is_id(user, "@"):
            return
        try:
            path = room_path(room.id, "state", "m.room.member", user)
            room.learn("m.room.member", user, await self._session.get(self._session.api.get(path), "member", lane))
        except HIDDEN:
            return

    async def now(self, room: Room, event: str, lane: Lane = Lane.CATCH_UP) -> IncomingMessage | Deletion | None:
        """A message as it is now, with our own reaction to it; None where it cannot be seen or is none."""
        try:
            found = await self.event(room, event, lane)
        except HIDDEN:
            return None
        item = self._parser.item(found, room, self._session.now())
        if isinstance(item, IncomingMessage) and await self.liked(room, event, lane):
            return msgspec.structs.replace(item, marks=(*item.marks, Mark.FAVOURITED))
        return item if isinstance(item, IncomingMessage | Deletion) else None

    async def likes(self, room: Room, event: str, lane: Lane) -> list[str]:
        """The ids of our own reactions of favour to a message."""
        request = self._session.api.relations(room.id, event, "m.annotation", 100)
        found = unpack.items(await self._session.get(request, "relations", lane), "chunk")
        return [unpack.text(each, "event_id") for each in found if self._is_like(each)]

    def _is_like(self, found: object) -> bool:
        relation = unpack.values(unpack.values(found, "content"), "m.relates_to")
        return unpack.text(found, "sender") == self._session.user and unpack.text(relation, "key") in LIKES

    async def liked(self, room: Room, event: str, lane: Lane) -> bool:
        """Whether we have favoured a message, as far as the server tells."""
        try:
            return bool(await self.likes(room, event, lane))
        except HIDDEN:
            return False

    async def resolve(self, room: Room, about: About) -> IncomingMessage | Deletion | None:
        """The message that an edit, a reaction of ours, or the end of one of them leaves."""
        if about.edit is None:
            found = await self.now(room, about.target)
            if about.unedited and isinstance(found, IncomingMessage):
                return msgspec.structs.replace(found, edited_at=max(found.edited_at, about.at))
            return found
        known = self._parser.memory.get(about.target)
        if known is not None and known.room != room.id:
            return None
        base = known.message if known is not None else None
        if base is None:
            try:
                item = self._parser.item(await self.event(room, about.target), room, self._session.now())
            except HIDDEN:
                return None
            if not isinstance(item, IncomingMessage):
                return None
            base = item
        return self._parser.edited(base, about, room.called(base.author.remote_id))
