"""Looking again: what stands around a message, what a person wrote, messages as they are now, older pages, files."""

import msgspec

from workstation.connectors.base import FILE_CAP, Earlier
from workstation.connectors.matrix import names, unpack
from workstation.connectors.matrix.api import V3
from workstation.connectors.matrix.lookup import HIDDEN, Lookup
from workstation.connectors.matrix.reading import learn_members
from workstation.connectors.matrix.rooms import Room, Rooms
from workstation.connectors.matrix.session import Session
from workstation.connectors.matrix.sweep import Sweep, as_history, batch
from workstation.domain.errors import GoneError, InvalidError
from workstation.domain.messages import Batch, Deletion, IncomingMessage, Micros, Reject
from workstation.domain.text import N_, lazy
from workstation.net.client import ANSWER_CAP, Request, Response, origin
from workstation.net.limits import Lane

THREAD, HISTORY, REFRESH = "thread", "history", "refresh"
AROUND = 20
THREAD_PAGE = 50
ROOMS_SEARCHED = 8
PAST_PAGE = 100
THUMBNAIL = (("width", "800"), ("height", "600"), ("method", "scale"))
AUTHENTICATED = {"v1.11", "org.matrix.msc3916.stable"}
NO_PICTURE = N_("it is no picture")
NO_ADDRESS = N_("it is no address of a file on Matrix")


class Views:
    """Reads of one account that the long poll does not bring."""

    def __init__(self, session: Session, rooms: Rooms, lookup: Lookup, sweep: Sweep) -> None:
        self._session = session
        self._rooms = rooms
        self._lookup = lookup
        self._sweep = sweep

    async def thread(self, remote_id: str) -> Batch:
        """See Channel.thread."""
        if remote_id.startswith(names.INVITATION):
            return Batch(THREAD)
        try:
            room = await self._lookup.place(remote_id, Lane.CATCH_UP)
            told = await self._session.get(self._session.api.context(room.id, remote_id, AROUND), "context")
        except HIDDEN as error:
            if not isinstance(error, GoneError):
                raise
            return Batch(THREAD, deletions=(Deletion(remote_id, self._session.now()),))
        learn_members(room, unpack.items(told, "state"))
        events = unpack.items(told, "events_before")[::-1]
        events += [told.get("event"), *unpack.items(told, "events_after")]
        content = unpack.values(told.get("event"), "content")
        relation = unpack.values(content, "m.relates_to")
        threaded = unpack.text(relation, "rel_type") == "m.thread"
        events += await self._in_thread(room, unpack.text(relation, "event_id") if threaded else remote_id)
        return _joined(THREAD, await self._sweep.batches(room, _each_once(events), THREAD), live=True)

    async def _in_thread(self, room: Room, root: str) -> list[object]:
        """The thread below a message, oldest first, with the message itself."""
        try:
            request = self._session.api.relations(room.id, root, "m.thread", THREAD_PAGE)
            found = unpack.items(await self._session.get(request, "relations"), "chunk")[::-1]
            return [await self._lookup.event(room, root), *found] if found else []
        except HIDDEN:
            return []

    async def history(self, account: str) -> Batch:
        """See Channel.history: what somebody wrote lately in the rooms that we share."""
        found: list[Batch] = []
        if not names.is_id(account, "@"):
            return Batch(HISTORY)
        for room in self._rooms.shared_with(account)[:ROOMS_SEARCHED]:
            try:
                request = self._session.api.messages(room.id, "", senders=(account,))
                told = await self._session.get(request, "messages")
            except HIDDEN:
                continue
            learn_members(room, unpack.items(told, "state"))
            found += await self._sweep.batches(room, unpack.items(told, "chunk")[::-1], HISTORY)
        return as_history(_joined(HISTORY, found, live=True))

    async def refresh(self, remote_ids: tuple[str, ...]) -> Batch:
        """See Channel.refresh."""
        found: list[IncomingMessage | Deletion | Reject | None] = []
        for remote_id in remote_ids:
            if not names.is_id(remote_id, "$"):
                found.append(None)
                continue
            try:
                room = await self._lookup.place(remote_id, Lane.CATCH_UP)
                await self._lookup.event(room, remote_id)
                found.append(await self._lookup.now(room, remote_id))
            except GoneError:
                found.append(Deletion(remote_id, self._session.now()))
            except HIDDEN as error:
                found.append(Reject(error.code, REFRESH, 0, remote_id))
        return batch(REFRESH, found)

    async def earlier(self, source: str, position: str, oldest: str, until: Micros) -> Earlier:
        """See ReadsBack."""
        room = self._rooms.get(source.removeprefix("room:"))
        if room is None:
            return Earlier((), "", 0, more=False)
        api = self._session.api
        if not position and names.is_id(oldest, "$"):
            request = api.context(room.id, oldest, PAST_PAGE)
            told = await self._session.get(request, "context", Lane.BACKFILL)
            events, onward = unpack.items(told, "events_before"), unpack.text(told, "start")
        else:
            request = api.messages(room.id, position, limit=PAST_PAGE)
            told = await self._session.get(request, "messages", Lane.BACKFILL)
            events, onward = unpack.items(told, "chunk"), unpack.text(told, "end")
        learn_members(room, unpack.items(told, "state"))
        now = self._session.now()
        times = [unpack.moment(unpack.number(event, "origin_server_ts"), now) for event in events]
        reached = min(times, default=0)
        found = tuple(as_history(each) for each in await self._sweep.batches(room, events[::-1]))
        more = bool(onward) and onward != position and (reached > until or not events)
        return Earlier(found, onward, reached, more=more)

    # -- files ---------------------------------------------------------------------------------------------------

    async def media(self, url: str) -> bytes:
        """See Channel.media: a thumbnail that our own homeserver makes; nobody else is asked."""
        try:
            response = await self._media("thumbnail", url, ANSWER_CAP, THUMBNAIL)
        except (InvalidError, GoneError):
            response = await self._media("download", url, ANSWER_CAP)
        kind = response.header("content-type").lower().partition(";")[0].strip()
        if not kind.startswith("image/") or kind == "image/svg+xml":  # SVG is a program, not a picture
            raise InvalidError(why=lazy(NO_PICTURE))
        return response.body

    async def file(self, url: str) -> bytes:
        """See HandsOverFiles."""
        return (await self._media("download", url, FILE_CAP)).body

    async def _media(self, what: str, url: str, cap: int, params: tuple[tuple[str, str], ...] = ()) -> Response:
        """From the media endpoints that ask who we are, or the older ones where a server has no others."""
        server, media = names.media_parts(url)
        if not server:
            raise InvalidError(why=lazy(NO_ADDRESS))
        path = f"/{what}/{names.part(server)}/{names.part(media)}"
        new, old = f"{V3.replace('v3', 'v1')}/media{path}", f"/_matrix/media/v3{path}"
        if self._session.versions & AUTHENTICATED:
            try:
                return await self._session.ask(self._request(new, params, cap), Lane.CATCH_UP)
            except HIDDEN as error:
                if isinstance(error, InvalidError):
                    raise
        return await self._session.ask(self._request(old, params, cap), Lane.CATCH_UP)

    def _request(self, path: str, params: tuple[tuple[str, str], ...], cap: int) -> Request:
        request = self._session.api.get(path, params, cap)
        home = origin(self._session.api.base)
        return msgspec.structs.replace(
            request, headers=(("Accept", "*/*"),), redirects=3, public_only=True, home=home, total=120.0
        )


def _each_once(events: list[object]) -> list[object]:
    """The events in the order of time, each once, and none that is no event."""
    found = {unpack.text(event, "event_id"): event for event in events if isinstance(event, dict)}
    return sorted(found.values(), key=lambda event: unpack.number(event, "origin_server_ts"))


def _joined(source: str, batches: list[Batch], *, live: bool) -> Batch:
    """Several batches as one; what reactions changed is told by later ones."""
    return Batch(
        source,
        tuple(message for each in batches for message in each.messages),
        tuple(deletion for each in batches for deletion in each.deletions),
        tuple(reject for each in batches for reject in each.rejects),
        sum(each.filtered for each in batches),
        live=live,
    )
