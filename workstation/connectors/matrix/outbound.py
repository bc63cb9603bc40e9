"""Doing things in rooms once, and looking for what an unanswered attempt may have done."""

from collections.abc import Awaitable, Callable, Mapping

import msgspec

from workstation.connectors.base import Sent
from workstation.connectors.matrix import acts, names, unpack
from workstation.connectors.matrix.api import V3, room_path
from workstation.connectors.matrix.lookup import HIDDEN, Lookup
from workstation.connectors.matrix.measure import TEXT_CAP, measure
from workstation.connectors.matrix.parse import Parser, redaction_of
from workstation.connectors.matrix.rooms import Room, Rooms
from workstation.connectors.matrix.session import Session
from workstation.domain.errors import (
    AmbiguousError,
    DuplicateError,
    GoneError,
    InvalidError,
    PermissionDeniedError,
    ReplyNotAllowedError,
    TooLongError,
    UnsupportedError,
)
from workstation.domain.messages import Author, Batch, Deletion, IncomingMessage, Kind, Micros
from workstation.domain.outbox import Act, Operation
from workstation.domain.text import N_, lazy
from workstation.net.client import Request
from workstation.net.limits import Lane
from workstation.net.markup import tidy

SENT = "sent"
SKEW: Micros = 300_000_000
"""How far the server's clock may be off from ours."""
LOOK_PAGES = 10
NOT_OWN = N_("it is not a message of this account")
SEALED = N_("the room is encrypted, and Meridian does not encrypt")
NOT_JOINED = N_("the invitation has to be accepted first")
NO_INVITATION = N_("this is no invitation")
NO_RIGHT = N_("this account has no such right in the room")
NO_ROOM = N_("no room is chosen for new posts")
NOT_HERE = N_("an invitation can only be accepted or declined")


class Outbound:
    """Acts of one account. `post_room`: where posts go that name no room."""

    def __init__(self, session: Session, parser: Parser, rooms: Rooms, lookup: Lookup, post_room: str) -> None:
        self._session = session
        self._parser = parser
        self._rooms = rooms
        self._lookup = lookup
        self._post_room = post_room

    async def send(self, operation: Operation) -> Sent:
        """See Channel.send."""
        if operation.target.startswith(names.INVITATION):
            return await self._answer_invitation(operation)
        if operation.act is Act.APPROVE:
            raise InvalidError(why=lazy(NO_INVITATION))
        doing = self._ways().get(operation.act)
        if doing is None:
            raise UnsupportedError
        try:
            return await doing(operation)
        except TooLongError:
            used = measure(operation).used
            raise TooLongError(used=max(used, TEXT_CAP + 1), limit=TEXT_CAP, unit="bytes") from None

    def _ways(self) -> Mapping[Act, Callable[[Operation], Awaitable[Sent]]]:
        return {
            Act.POST: self._post,
            Act.REPLY: self._reply,
            Act.EDIT: self._edit,
            Act.DELETE: self._redact,
            Act.REMOVE: self._redact,
            Act.FAVOURITE: self._like,
            Act.UNFAVOURITE: self._unlike,
            Act.KICK: self._membership,
            Act.BAN: self._membership,
            Act.UNBAN: self._membership,
            Act.MUTE: self._ignore,
            Act.UNMUTE: self._ignore,
            Act.REPORT: self._report,
        }

    async def _answer_invitation(self, operation: Operation) -> Sent:
        room = operation.target.removeprefix(names.INVITATION)
        match operation.act:
            case Act.APPROVE:
                request = self._session.api.write("POST", f"{V3}/join/{names.part(room)}")
            case Act.REMOVE:
                request = self._session.api.write("POST", room_path(room, "leave"))
            case Act.REPLY:
                raise ReplyNotAllowedError(why=lazy(NOT_JOINED))
            case Act.MUTE | Act.UNMUTE:
                return await self._ignore(operation)
            case _:
                raise InvalidError(why=lazy(NOT_HERE))
        await self._session.put(request)
        return Sent(operation.target)

    # -- texts ---------------------------------------------------------------------------------------------------

    async def _post(self, operation: Operation) -> Sent:
        room = await self._chosen(operation)
        await self._not_sealed(room)
        return await self._say(operation, room, acts.text_content(operation.text), "", "")

    async def _chosen(self, operation: Operation) -> Room:
        wanted = operation.options.get("room", "").strip() or self._post_room
        if not names.is_id(wanted, "!#"):
            raise InvalidError(why=lazy(NO_ROOM))
        if wanted.startswith("#"):
            path = f"{V3}/directory/room/{names.part(wanted)}"
            wanted = unpack.text(
                await self._session.get(self._session.api.get(path), "directory", Lane.WRITE), "room_id"
            )
            if not names.is_id(wanted, "!"):
                raise GoneError
        return self._rooms.get(wanted) or Room(wanted, self._session.user)

    async def _not_sealed(self, room: Room) -> None:
        """Never write in the open where everybody trusts that nobody can listen."""
        if not room.encrypted and self._rooms.get(room.id) is None:
            try:
                path = room_path(room.id, "state", "m.room.encryption", "")
                await self._session.get(self._session.api.get(path), "encryption", Lane.WRITE)
            except GoneError:
                return
            room.encrypted = True
        if room.encrypted:
            raise ReplyNotAllowedError(why=lazy(SEALED))

    async def _reply(self, operation: Operation) -> Sent:
        room = await self._lookup.place(operation.target, Lane.WRITE)
        await self._not_sealed(room)
        # What is answered, as it is now on the network: gone is known before, not after.
        found = await self._lookup.event(room, operation.target, Lane.WRITE)
        if redaction_of(found) is not None:
            raise GoneError
        relation = unpack.values(unpack.values(found, "content"), "m.relates_to")
        thread = unpack.text(relation, "event_id") if unpack.text(relation, "rel_type") == "m.thread" else ""
        author = unpack.text(found, "sender")
        content = acts.reply_content(
            operation.text, operation.target, author if author != self._session.user else "", thread
        )
        answered = self._parser.message(found, room, self._session.now())
        branch = thread or (answered.branch if answered is not None else "")
        return await self._say(operation, room, content, operation.target, branch)

    async def _say(self, operation: Operation, room: Room, content: acts.Content, reply_to: str, branch: str) -> Sent:
        request = self._session.api.send(room.id, "m.room.message", acts.txn(operation), content)
        event = await self._made(request)
        message = IncomingMessage(
            remote_id=event,
            kind=Kind.DIRECT if room.direct else Kind.POST,
            author=self._ourselves(room),
            text=operation.text,
            created_at=self._session.now(),
            branch=branch or (room.id if room.direct else ""),
            reply_to=reply_to,
            address=names.permalink(room.id, event),
            visibility=room.visibility,
            own=True,
            operation=operation.id,
        )
        return Sent(event, message.address, Batch(SENT, (message,), live=True))

    def _ourselves(self, room: Room) -> Author:
        own = self._session.user
        return Author("matrix", own, names.handle(own), room.called(own), names.permalink(own), room.avatar(own))

    async def _made(self, request: Request) -> str:
        """The id of the event that a request made."""
        told = await self._session.put(request)
        event = unpack.text(told, "event_id")
        if not names.is_id(event, "$"):
            raise AmbiguousError
        return event

    async def _edit(self, operation: Operation) -> Sent:
        room = await self._lookup.place(operation.target, Lane.WRITE)
        await self._not_sealed(room)
        found = await self._lookup.event(room, operation.target, Lane.WRITE)
        if unpack.text(found, "sender") != self._session.user:
            raise PermissionDeniedError(why=lazy(NOT_OWN))
        if redaction_of(found) is not None:
            raise GoneError
        kind = unpack.text(unpack.values(found, "content"), "msgtype")
        content = acts.edit_content(operation.text, operation.target, "m.notice" if kind == "m.notice" else "m.text")
        await self._made(self._session.api.send(room.id, "m.room.message", acts.txn(operation), content))
        address = names.permalink(room.id, operation.target)
        message = self._parser.message(found, room, self._session.now())
        if message is None:
            return Sent(operation.target, address)
        now = self._session.now()
        edited = msgspec.structs.replace(message, text=operation.text, media=(), edited_at=now, operation="")
        return Sent(operation.target, address, Batch(SENT, (edited,), live=True))

    # -- acts on messages ----------------------------------------------------------------------------------------

    async def _redact(self, operation: Operation) -> Sent:
        room = await self._lookup.place(operation.target, Lane.WRITE)
        if operation.act is Act.REMOVE:
            self._check_power(room, operation)
        request = self._session.api.redact(room.id, operation.target, acts.txn(operation), acts.reason(operation))
        await self._made(request)
        return Sent(operation.target, batch=Batch(SENT, deletions=(Deletion(operation.target, self._session.now()),)))

    def _check_power(self, room: Room, operation: Operation) -> None:
        """What is certain to be refused is not asked for."""
        if self._rooms.get(room.id) is not None and not room.may(acts.POWER[operation.act]):
            raise PermissionDeniedError(why=lazy(NO_RIGHT))

    async def _like(self, operation: Operation) -> Sent:
        room = await self._lookup.place(operation.target, Lane.WRITE)
        content = acts.like_content(operation.target)
        try:
            event = await self._made(self._session.api.send(room.id, "m.reaction", acts.txn(operation), content))
            self._parser.memory.relate(event, operation.target)
        except DuplicateError:
            pass  # it is there, which is all that was wanted
        return await self._as_it_is(room, operation)

    async def _unlike(self, operation: Operation) -> Sent:
        room = await self._lookup.place(operation.target, Lane.WRITE)
        for number, event in enumerate(await self._lookup.likes(room, operation.target, Lane.WRITE)):
            await self._made(self._session.api.redact(room.id, event, f"{acts.txn(operation)}.{number}"))
        return await self._as_it_is(room, operation)

    async def _as_it_is(self, room: Room, operation: Operation) -> Sent:
        found = await self._lookup.now(room, operation.target, Lane.WRITE)
        shown = Batch(SENT, (found,)) if isinstance(found, IncomingMessage) else None
        return Sent(operation.target, batch=shown)

    async def _report(self, operation: Operation) -> Sent:
        room = await self._lookup.place(operation.target, Lane.WRITE)
        await self._session.put(acts.report(self._session.api, operation, room.id))
        return Sent(operation.target)

    # -- acts on people ------------------------------------------------------------------------------------------

    async def _membership(self, operation: Operation) -> Sent:
        if not names.is_id(operation.account, "@"):
            raise GoneError
        room = await self._lookup.place(operation.target, Lane.WRITE)
        self._check_power(room, operation)
        await self._session.put(acts.membership(self._session.api, operation, room.id))
        return Sent(operation.target)

    async def _ignore(self, operation: Operation) -> Sent:
        if not names.is_id(operation.account, "@"):
            raise GoneError
        listed = await self._ignored()
        wanted = operation.act is Act.MUTE
        if (operation.account in listed) is not wanted:
            users = {user: found for user, found in listed.items() if user != operation.account}
            users |= {operation.account: {}} if wanted else {}
            path = acts.ignored_path(self._session.user)
            await self._session.put(self._session.api.write("PUT", path, {"ignored_users": users}))
        return Sent(operation.target)

    async def _ignored(self) -> unpack.Values:
        """People who are ignored; everything about them is kept as it is."""
        try:
            path = acts.ignored_path(self._session.user)
            told = await self._session.get(self._session.api.get(path), "ignored", Lane.WRITE)
        except GoneError:
            return unpack.EMPTY
        return unpack.values(told, "ignored_users")

    # -- looking -------------------------------------------------------------------------------------------------

    async def find_sent(self, operation: Operation, since: Micros) -> Sent | None:
        """See Channel.find_sent."""
        if operation.target.startswith(names.INVITATION):
            return await self._find_answer(operation)
        match operation.act:
            case Act.POST | Act.REPLY:
                return await self._find_text(operation, since)
            case Act.EDIT | Act.DELETE | Act.REMOVE | Act.FAVOURITE | Act.UNFAVOURITE:
                return await self._find_on_message(operation)
            case Act.MUTE | Act.UNMUTE:
                done = (operation.account in await self._ignored()) is (operation.act is Act.MUTE)
                return Sent(operation.target) if done else None
            case Act.KICK | Act.BAN | Act.UNBAN:
                return await self._find_membership(operation)
            case _:
                raise AmbiguousError

    async def _find_answer(self, operation: Operation) -> Sent | None:
        """Whether an invitation was accepted; one that was declined leaves no trace."""
        if operation.act is not Act.APPROVE:
            raise AmbiguousError
        told = await self._session.get(self._session.api.get(f"{V3}/joined_rooms"), "joined_rooms", Lane.WRITE)
        room = operation.target.removeprefix(names.INVITATION)
        return Sent(operation.target) if room in unpack.items(told, "joined_rooms") else None

    async def _find_text(self, operation: Operation, since: Micros) -> Sent | None:
        """Our own events since the attempt, by transaction id; by what they say where the server tells none."""
        room = (
            await self._chosen(operation)
            if operation.act is Act.POST
            else await self._lookup.place(operation.target, Lane.WRITE)
        )
        position, own = "", (self._session.user,)
        for _ in range(LOOK_PAGES):
            request = self._session.api.messages(room.id, position, senders=own)
            told = await self._session.get(request, "messages", Lane.WRITE)
            chunk = unpack.items(told, "chunk")
            for event in chunk:
                if self._is_of(event, operation):
                    remote_id = unpack.text(event, "event_id")
                    return Sent(remote_id, names.permalink(room.id, remote_id))
                if unpack.number(event, "origin_server_ts") * 1_000 < since - SKEW:
                    return None
            onward = unpack.text(told, "end")
            if not onward or onward == position:
                return None
            position = onward
        raise AmbiguousError

    def _is_of(self, event: object, operation: Operation) -> bool:
        if unpack.text(event, "type") != "m.room.message" or unpack.text(event, "sender") != self._session.user:
            return False
        told = unpack.text(unpack.values(event, "unsigned"), "transaction_id")
        if told:
            return told == acts.txn(operation)
        content = unpack.values(event, "content")
        relation = unpack.values(content, "m.relates_to")
        answers = unpack.text(unpack.values(relation, "m.in_reply_to"), "event_id")
        wanted = operation.target if operation.act is Act.REPLY else ""
        return unpack.text(content, "body") == operation.text and answers == wanted

    async def _find_on_message(self, operation: Operation) -> Sent | None:
        room = await self._lookup.place(operation.target, Lane.WRITE)
        found = await self._lookup.now(room, operation.target, Lane.WRITE)
        act, gone = operation.act, isinstance(found, Deletion)
        if act in {Act.DELETE, Act.REMOVE}:
            done = gone
        elif act is Act.EDIT:
            done = isinstance(found, IncomingMessage) and found.text == tidy(operation.text)
        else:
            liked = not gone and await self._lookup.liked(room, operation.target, Lane.WRITE)
            done = liked is (act is Act.FAVOURITE)
        return Sent(operation.target) if done else None

    async def _find_membership(self, operation: Operation) -> Sent | None:
        room = await self._lookup.place(operation.target, Lane.WRITE)
        path = room_path(room.id, "state", "m.room.member", operation.account)
        try:
            told = await self._session.get(self._session.api.get(path), "member", Lane.WRITE)
        except HIDDEN:
            raise AmbiguousError from None
        now = unpack.text(told, "membership")
        done = now == "ban" if operation.act is Act.BAN else now == "leave"
        return Sent(operation.target) if done else None
