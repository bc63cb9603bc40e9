"""Reading for ever: a long poll, and the gaps that it leaves in busy rooms, filled page by page behind it."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from typing import TYPE_CHECKING

import msgspec

from workstation.connectors.base import Report
from workstation.connectors.matrix import answers, api, names, unpack
from workstation.connectors.matrix.lookup import HIDDEN
from workstation.connectors.matrix.parse import Item, Parser
from workstation.connectors.matrix.position import RELATIONS, SOURCE, Gap, Position, related_cursor
from workstation.connectors.matrix.rooms import Room, Rooms
from workstation.connectors.matrix.session import Session
from workstation.connectors.matrix.sweep import Sweep, batch, newest
from workstation.domain.channels import Condition, Health
from workstation.domain.errors import (
    ChannelError,
    CursorExpiredError,
    InvalidError,
    ProtocolChangedError,
)
from workstation.domain.messages import Batch, Deletion, Reject
from workstation.net.client import Response
from workstation.net.errors import TooLargeError
from workstation.net.limits import Lane

if TYPE_CHECKING:
    from workstation.domain.text import LazyText

log = logging.getLogger(__name__)

FIRST_PAGE = 20
"""Latest events of a room at the first start."""
LIVE_PAGE = 60
"""Events of a room in one answer; what is more is fetched behind it."""
SMALL_PAGE = 1
PAGES_AT_ONCE = 5
"""Pages of gaps between two looks for what is new."""
DEEPEST = 3_000
"""Pages of one gap at most: a server that does not stop where it is told to would be read to its beginning."""
PACE = 0.05
"""Seconds at least between two questions, and up to SLOWEST where the answers come at once and bring nothing."""
SLOWEST = 1.0
INVITED_KEPT = 500
"""Invitations that are watched for their end."""
INVITATIONS = "invitations"


class Reading:
    """The events of one account from a position on."""

    def __init__(
        self,
        session: Session,
        parser: Parser,
        rooms: Rooms,
        sweep: Sweep,
        report: Report,
        channel: int,
        join: str,
        changed: Callable[[], None],
    ) -> None:
        self._session = session
        self._parser = parser
        self._rooms = rooms
        self._sweep = sweep
        self._report = report
        self._join = join
        self._changed = changed
        self._health = Health(channel, transport="long-poll")
        self._position = Position()
        self._small = False
        self._told_error: LazyText | None = None
        self._moved = False
        self._asked_at = 0.0
        self._idle = 0

    async def run(self, start: Position, first: unpack.Values | None) -> AsyncGenerator[Batch, None]:
        """Batches for ever, each answer's cursor last. `first`: the answer to a first question, if it was asked."""
        self._position = start
        self._set(Condition.CATCHING_UP)
        if first is not None and start.since:
            async for found in self._still_invited(first):
                yield found
        answer = first if first is not None and not start.since else await self._ask(wait=False)
        while True:
            async for found in self._digest(answer):
                yield found
            pages = 0
            while self._position.gaps and pages < PAGES_AT_ONCE:
                pages += 1
                async for found in self._fill(self._position.gaps[0]):
                    yield found
            behind = bool(self._position.gaps)
            self._set(Condition.CATCHING_UP if behind else Condition.LIVE)
            answer = await self._ask(wait=not behind)

    # -- asking --------------------------------------------------------------------------------------------------

    async def _ask(self, *, wait: bool) -> unpack.Values:
        await self._pace()
        since = self._position.since
        limit = SMALL_PAGE if self._small else LIVE_PAGE if since else FIRST_PAGE
        request = self._session.api.sync(since, api.POLL_MILLIS if wait else 0, limit)
        try:
            found = sync_answer(await self._session.ask(request, Lane.CATCH_UP))
        except TooLargeError:
            if self._small:
                raise
            self._small = True  # what is left out of the answer becomes gaps
            return await self._ask(wait=wait)
        except InvalidError:
            if not since:
                raise
            # The server knows the token no more. Its latest page is all there is; people are told.
            log.warning("the position is no longer known")
            self._told_error = CursorExpiredError().text
            self._position = Position("", self._position.gaps, self._position.invited)
            return await self._ask(wait=False)
        self._small = False
        self._idle = 0 if not wait or unpack.values(found, "rooms") else self._idle + 1
        return found

    async def _pace(self) -> None:
        """In a flood one answer for many messages is better than one for each; nor is a server asked again and again
        that answers at once though there is nothing.
        """
        clock = asyncio.get_running_loop()
        least = min(SLOWEST, PACE * 2 ** min(self._idle, 8))
        await asyncio.sleep(max(0.0, self._asked_at + least - clock.time()))
        self._asked_at = clock.time()

    # -- what an answer brings -----------------------------------------------------------------------------------

    async def _digest(self, answer: unpack.Values) -> AsyncGenerator[Batch, None]:
        since, onward = self._position.since, unpack.text(answer, "next_batch")
        rooms = unpack.values(answer, "rooms")
        self._rooms.told(unpack.items(unpack.values(answer, "account_data"), "events"))
        gaps: list[Gap] = []
        for room_id, told in unpack.values(rooms, "join").items():
            async for found in self._of_room(room_id, told, gaps, joined=True):
                yield found
        for room_id, told in unpack.values(rooms, "leave").items():
            async for found in self._of_room(room_id, told, gaps, joined=False):
                yield found
        invitations = unpack.values(rooms, "invite")
        if invitations:
            yield self._invited(invitations)
        if since and gaps:
            log.info("filling gaps", extra={"rooms": len(gaps)})
        else:
            gaps = []
        ended = self._ended(rooms)
        if ended.received:
            yield ended
        waiting = (
            set(self._position.invited) - unpack.values(rooms, "join").keys() - unpack.values(rooms, "leave").keys()
        )
        waiting |= {room_id for room_id in invitations if names.is_id(room_id, "!") and self._join != "ignore"}
        self._position = Position(onward, (*self._position.gaps, *gaps), tuple(sorted(waiting)[:INVITED_KEPT]))
        yield Batch(SOURCE, cursor=self._position.cursor)
        if self._moved:
            self._moved = False
            self._changed()
        for room_id in invitations:
            if self._join == "always" or (self._join == "ask" and self._rooms.succeeds(room_id)):
                await self.join(room_id)

    async def _of_room(
        self, room_id: str, told: object, gaps: list[Gap], *, joined: bool
    ) -> AsyncGenerator[Batch, None]:
        if not names.is_id(room_id, "!") or not isinstance(told, dict):
            yield Batch(SOURCE, rejects=(Reject("protocol_changed", "rooms", len(repr(told))),))
            return
        room = self._rooms.enter(room_id) if joined else self._rooms.leave(room_id)
        timeline = unpack.values(told, "timeline")
        events = unpack.items(timeline, "events")
        self._moved |= learn(room, told) or not joined
        broken = [name for name in ("timeline",) if name in told and not isinstance(told[name], dict)]
        if broken or ("events" in timeline and not isinstance(timeline["events"], list)):
            yield Batch(room.source, rejects=(Reject("protocol_changed", room.source, len(repr(told))),))
        start = unpack.text(timeline, "prev_batch")
        if timeline.get("limited") is True and self._position.since:
            if start:
                gaps.append(Gap(room_id, start, self._position.since))
            else:  # it was not all, and there is no way to the rest
                yield Batch(room.source, rejects=(Reject(CursorExpiredError.code, room.source),))
        async for found in self._read(room, events):
            self._heard(found)
            yield found
        if joined and self._position.since and moves(told):
            await self._follow(room)

    def _invited(self, invitations: unpack.Values) -> Batch:
        """Rooms that we are invited to. They are no rooms of ours yet."""
        found: list[Item] = []
        for room_id, told in invitations.items():
            if self._join == "ignore":
                found.append(None)
            elif not names.is_id(room_id, "!"):
                found.append(Reject("protocol_changed", INVITATIONS, len(repr(told))))
            else:
                state = unpack.items(unpack.values(told, "invite_state"), "events")
                room = Room(room_id, self._rooms.own)
                item = self._parser.invitation(room, state, self._session.now())
                found.append(item)
        return batch(INVITATIONS, found)

    async def _still_invited(self, first: unpack.Values) -> AsyncGenerator[Batch, None]:
        """Invitations that came before the position and were left alone then, or could not be accepted."""
        invitations = unpack.values(unpack.values(first, "rooms"), "invite")
        if self._join == "always":
            for room_id in invitations:
                await self.join(room_id)
        elif self._join == "ask":
            fresh = {room_id: told for room_id, told in invitations.items() if room_id not in self._position.invited}
            known = {room_id for room_id in fresh if names.is_id(room_id, "!")}
            if fresh:
                yield self._invited(fresh)
                invited = tuple(sorted(known | set(self._position.invited)))
                self._position = msgspec.structs.replace(self._position, invited=invited)

    def _ended(self, rooms: unpack.Values) -> Batch:
        """Invitations that were shown and wait no more: accepted, or gone."""
        joined, left = unpack.values(rooms, "join"), unpack.values(rooms, "leave")
        now = self._session.now()
        found: list[Item] = []
        for room_id in self._position.invited:
            if room_id in joined:
                found.append(self._parser.accepted(self._rooms.enter(room_id), now))
            elif room_id in left:
                found.append(Deletion(names.INVITATION + room_id, now))
        return batch(INVITATIONS, found)

    # -- gaps ----------------------------------------------------------------------------------------------------

    async def _fill(self, gap: Gap) -> AsyncGenerator[Batch, None]:
        """One more page of a gap, and the position after it."""
        room = self._rooms.get(gap.room) or Room(gap.room, self._rooms.own)
        try:
            told = await self._page(gap)
        except HIDDEN as error:
            # We were put out of the room: what was said meanwhile is not for us. It is counted.
            self._position = self._position.without(gap)
            yield Batch(room.source, rejects=(Reject(error.code, room.source),), cursor=None)
            yield Batch(SOURCE, cursor=self._position.cursor)
            return
        events = unpack.items(told, "chunk")
        learn_members(room, unpack.items(told, "state"))
        onward = unpack.text(told, "end")
        async for found in self._read(room, events[::-1]):
            yield found
        # A page may be empty and not the last: what we may not see is left out of it.
        done = not onward or onward in {gap.start, gap.end}
        rest = None if done else Gap(gap.room, onward, gap.end, gap.pages + 1)
        if rest is not None and rest.pages > DEEPEST:
            yield Batch(room.source, rejects=(Reject(CursorExpiredError.code, room.source),))
            rest = None
        self._position = self._position.without(gap, rest)
        yield Batch(SOURCE, cursor=self._position.cursor)

    async def _read(self, room: Room, events: list[object]) -> AsyncGenerator[Batch, None]:
        """What events bring; before it, what they are about: it must be known when they are taken back."""
        found = await self._sweep.batches(room, events)
        memory = self._parser.memory
        if memory.fresh:
            yield Batch(RELATIONS, cursor=related_cursor(memory.related))
            memory.fresh = False
        for each in found:
            yield each

    async def _page(self, gap: Gap) -> unpack.Values:
        for limit in (100, 10):
            try:
                request = self._session.api.messages(gap.room, gap.start, gap.end, limit)
                return await self._session.get(request, "messages")
            except TooLargeError:
                continue
        return await self._session.get(self._session.api.messages(gap.room, gap.start, gap.end, 1), "messages")

    # -- rooms ---------------------------------------------------------------------------------------------------

    async def join(self, room_id: str, via: str = "") -> bool:
        """Enter a room; False where that is refused."""
        path = f"{api.V3}/join/{names.part(room_id)}" + (f"?server_name={names.part(via)}" if via else "")
        try:
            await self._session.ask(self._session.api.write("POST", path, repeatable=True), Lane.CATCH_UP)
        except HIDDEN as error:
            log.info("a room cannot be joined: %s", error.code)
            return False
        return True

    async def _follow(self, room: Room) -> None:
        """A room that was upgraded goes on in another one."""
        if self._join != "ignore" and room.replacement and self._rooms.get(room.replacement) is None:
            try:
                await self.join(room.replacement, room.id.partition(":")[2])
            except ChannelError as error:
                log.info("a room's successor cannot be joined for now: %s", error.code)

    # -- health --------------------------------------------------------------------------------------------------

    def _heard(self, found: Batch) -> None:
        now, latest = self._session.now(), newest(found)
        if latest and self._position.since:
            self._health = msgspec.structs.replace(self._health, last_event_at=now, lag=max(0, now - latest))

    def _set(self, condition: Condition) -> None:
        self._health = msgspec.structs.replace(
            self._health,
            condition=condition,
            rate=self._session.rate(answers.SYNC),
            token_expires_at=self._session.expires_at,
            error=self._told_error,
        )
        self._report(self._health)


def sync_answer(response: Response) -> unpack.Values:
    """What /sync answers; without a position to go on from it is no answer."""
    found = answers.decoded(response, "sync")
    if not unpack.text(found, "next_batch"):
        raise ProtocolChangedError(where="sync")
    return found


def learn_rooms(rooms: Rooms, answer: unpack.Values) -> None:
    """Which rooms there are, and their state, of an answer of /sync."""
    rooms.told(unpack.items(unpack.values(answer, "account_data"), "events"))
    told = unpack.values(answer, "rooms")
    for room_id, found in unpack.values(told, "join").items():
        if names.is_id(room_id, "!") and isinstance(found, dict):
            learn(rooms.enter(room_id), found)
    for room_id in unpack.values(told, "leave"):
        rooms.leave(room_id)


def learn(room: Room, told: unpack.Values) -> bool:
    """State of a room in an answer of /sync: before its timeline and within it.

    Whether it can change what the room is called or permits: other people come and go all the time.
    """
    summary = unpack.values(told, "summary")
    room.summarise(summary)
    found = "m.heroes" in summary
    timeline = unpack.items(unpack.values(told, "timeline"), "events")
    for event in timeline[-1:]:
        room.active_at = max(room.active_at, unpack.number(event, "origin_server_ts"))
    for event in (*unpack.items(unpack.values(told, "state"), "events"), *timeline):
        if isinstance(event, dict) and "state_key" in event:
            learn_state(room, event)
            found |= event.get("type") != "m.room.member" or event["state_key"] == room.own
    return found


def moves(told: unpack.Values) -> bool:
    """Whether an answer says that the room goes on in another one."""
    parts = (unpack.items(unpack.values(told, name), "events") for name in ("state", "timeline"))
    return any(unpack.text(event, "type") == "m.room.tombstone" for events in parts for event in events)


def learn_state(room: Room, event: object) -> None:
    """One state event."""
    key, sender = unpack.text(event, "state_key"), unpack.text(event, "sender")
    room.learn(unpack.text(event, "type"), key, unpack.values(event, "content"), sender)


def learn_members(room: Room, events: list[object]) -> None:
    """Members that a page of older events tells of, where nothing newer is known."""
    for event in events:
        if unpack.text(event, "type") == "m.room.member" and unpack.text(event, "state_key") not in room.members:
            learn_state(room, event)
