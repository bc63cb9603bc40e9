"""Moderation: mutes, reports, answers hidden in our own threads, and events of Ozone for its moderators."""

from contextlib import suppress

import msgspec

from workstation.connectors.base import Sent
from workstation.connectors.bluesky import parse, records, xrpc
from workstation.connectors.bluesky.addresses import REPORT, THREADGATE, Place, known_place
from workstation.connectors.bluesky.directory import Subject
from workstation.connectors.bluesky.entities import Profile, Record
from workstation.connectors.bluesky.media import UNREADABLE
from workstation.connectors.bluesky.ozone import EventView
from workstation.connectors.bluesky.pages import Pages
from workstation.connectors.bluesky.parse import Parser
from workstation.connectors.bluesky.queue import Queue
from workstation.connectors.bluesky.session import Session
from workstation.connectors.bluesky.xrpc import SwapError, TakenError
from workstation.domain.channels import is_on
from workstation.domain.errors import (
    AmbiguousError,
    GoneError,
    InvalidError,
    PermissionDeniedError,
    ProtocolChangedError,
    UnsupportedError,
)
from workstation.domain.messages import Batch
from workstation.domain.outbox import Act, Operation
from workstation.domain.text import N_
from workstation.net.limits import Lane

SENT = "sent"
SWAPS = 4
"""How often a gate is read and written anew while somebody else changes it."""
SKEW = 300_000_000
NO_ACCOUNT = N_("it is not known whose message this is")
NOT_OUR_THREAD = N_("only answers below posts of this account can be hidden")
NOT_MODERATOR = N_("this account is not a moderator of a moderation service")
MUTES = {Act.MUTE: "app.bsky.graph.muteActor", Act.UNMUTE: "app.bsky.graph.unmuteActor"}

_profile = msgspec.json.Decoder(Profile)
_event = msgspec.json.Decoder(EventView)


class Moderation:
    """Acts of one account on others. `queue` is None where it is no moderator."""

    def __init__(self, session: Session, parser: Parser, pages: Pages, queue: Queue | None) -> None:
        self._session = session
        self._parser = parser
        self._pages = pages
        self._queue = queue

    async def send(self, operation: Operation) -> Sent:
        """Do it."""
        match operation.act:
            case Act.MUTE | Act.UNMUTE:
                body: dict[str, object] = {"actor": _account(operation)}
                await self._session.procedure(MUTES[operation.act], body, repeatable=True)
                return Sent(operation.target)
            case Act.REPORT:
                body = records.report(operation, await self.about(operation))
                await self._session.procedure("com.atproto.moderation.createReport", body)
                return Sent(operation.target)
            case Act.HIDE | Act.UNHIDE:
                return await self._gate(operation)
        return await self._emit(operation)

    async def find_sent(self, operation: Operation) -> Sent | None:
        """What an unanswered attempt may have done."""
        match operation.act:
            case Act.MUTE | Act.UNMUTE:
                params = (("actor", _account(operation)),)
                response = await self._session.query("app.bsky.actor.getProfile", params, Lane.WRITE)
                viewer = xrpc.decoded(response, Profile, "getProfile").viewer
                muted = viewer is not None and viewer.muted
                return Sent(operation.target) if muted is (operation.act is Act.MUTE) else None
            case Act.HIDE | Act.UNHIDE:
                at, answer = await self._thread(operation)
                found = await self._gated(at)
                hidden = records.gate(_record(found), "", answer, "", hide=operation.act is Act.HIDE) is None
                return Sent(operation.target) if hidden else None
            case Act.REPORT:
                raise AmbiguousError  # nobody but the moderators can see it
        return await self._find_event(operation)

    # -- what an act is about ----------------------------------------------------------------------------------------

    async def about(self, operation: Operation) -> Subject:
        """The record in its present version, or the account where there is no record."""
        target = operation.target
        if target.startswith(REPORT):
            return await self._moderated().subject(target)
        if is_on(operation.options.get("whole_account", "")) or not target:
            return Subject(_account(operation))
        uri = parse.original(self._parser.directory, target)
        seen = self._parser.directory.post(uri)
        cid = seen.cid if seen is not None else ""
        if not cid:
            view = await self._pages.view(uri, Lane.WRITE)
            cid = view.cid if view is not None else await self._cid(known_place(uri))
        return Subject(known_place(uri).repo, uri, cid)

    async def _cid(self, at: Place) -> str:
        params = (("repo", at.repo), ("collection", at.collection), ("rkey", at.rkey))
        response = await self._session.query("com.atproto.repo.getRecord", params, Lane.WRITE)
        return xrpc.decoded(response, Record, "getRecord").cid

    # -- answers in our own threads ------------------------------------------------------------------------------------

    async def _thread(self, operation: Operation) -> tuple[Place, str]:
        """Where the gate of the thread is, and the answer; PermissionDeniedError where the thread is not ours."""
        answer = parse.original(self._parser.directory, operation.target)
        seen = self._parser.directory.post(answer)
        if seen is None:
            if await self._pages.view(answer, Lane.WRITE) is None:
                raise GoneError
            seen = self._parser.directory.post(answer)
        root = known_place(seen.root) if seen is not None and seen.root else None
        if root is None or root.repo != self._parser.own:
            raise PermissionDeniedError(why=NOT_OUR_THREAD)
        return Place(root.repo, THREADGATE, root.rkey), answer

    async def _gated(self, at: Place) -> Record | None:
        params = (("repo", at.repo), ("collection", at.collection), ("rkey", at.rkey))
        try:
            response = await self._session.query("com.atproto.repo.getRecord", params, Lane.WRITE)
        except GoneError:
            return None
        return xrpc.decoded(response, Record, "getRecord")

    async def _gate(self, operation: Operation) -> Sent:
        at, answer = await self._thread(operation)
        root = f"at://{at.repo}/app.bsky.feed.post/{at.rkey}"
        hide = operation.act is Act.HIDE
        created = parse.iso(operation.at or self._session.now())
        for _ in range(SWAPS):
            found = await self._gated(at)
            record = records.gate(_record(found), root, answer, created, hide=hide)
            if record is None:
                break
            body: dict[str, object] = {
                "repo": at.repo,
                "collection": at.collection,
                "rkey": at.rkey,
                "record": record,
                "swapRecord": found.cid if found is not None else None,
            }
            try:
                await self._session.procedure("com.atproto.repo.putRecord", body)
                break
            except SwapError:
                continue  # somebody else hid another answer meanwhile
        else:
            raise AmbiguousError
        hidden = self._parser.directory.hidden
        hidden.add(answer) if hide else hidden.discard(answer)
        return await self._shown(operation, answer)

    async def _shown(self, operation: Operation, uri: str) -> Sent:
        """The message as it is now."""
        read = await self._pages.posts((uri,), Lane.WRITE)
        return Sent(operation.target, batch=Batch(SENT, read.messages)) if read.messages else Sent(operation.target)

    async def learn_hidden(self) -> None:
        """Read which answers are hidden in our threads, the latest threads first."""
        page = await self._pages.records(self._parser.own, THREADGATE, lane=Lane.CATCH_UP)
        for raw in page.records:
            try:
                value = _record(msgspec.json.decode(raw, type=Record))
            except UNREADABLE:
                continue
            listed = (value or {}).get("hiddenReplies")
            if isinstance(listed, list):
                self._parser.directory.hidden.update(item for item in listed[:1_000] if isinstance(item, str))

    # -- Ozone -------------------------------------------------------------------------------------------------------

    def _moderated(self) -> Queue:
        if self._queue is None:
            raise PermissionDeniedError(why=NOT_MODERATOR)
        return self._queue

    async def _emit(self, operation: Operation) -> Sent:
        if operation.act not in records.EVENTS:
            raise UnsupportedError
        queue = self._moderated()
        about = await self.about(operation)
        body = records.event(operation, about, self._parser.own)
        with suppress(TakenError):  # an attempt before did it, or another moderator
            await self._session.procedure("tools.ozone.moderation.emitEvent", body, proxy=queue.proxy)
        return await self._reported(operation, about, queue)

    async def _reported(self, operation: Operation, about: Subject, queue: Queue) -> Sent:
        """The reports about it as they are now; of an act on a post that nobody reported there are none."""
        try:
            messages, rejects, _ = await queue.about(about.key, Lane.WRITE)
        except (GoneError, InvalidError, ProtocolChangedError):
            return Sent(operation.target)
        return Sent(operation.target, batch=Batch(SENT, messages, (), rejects)) if messages else Sent(operation.target)

    async def _find_event(self, operation: Operation) -> Sent | None:
        name = records.EVENTS.get(operation.act)
        if name is None:
            raise AmbiguousError
        queue = self._moderated()
        about = await self.about(operation)
        since = parse.iso(max(0, (operation.at or self._session.now()) - SKEW))
        params = (
            ("subject", about.key),
            ("createdBy", self._parser.own),
            ("types", f"tools.ozone.moderation.defs#{name}"),
            ("createdAfter", since),
            ("limit", "20"),
        )
        response = await self._session.query(
            "tools.ozone.moderation.queryEvents", params, Lane.WRITE, proxy=queue.proxy
        )
        raws, _ = parse.page(response.body, "queryEvents")
        for raw in raws:
            try:
                _event.decode(raw)
            except UNREADABLE:
                continue
            return await self._reported(operation, about, queue)
        return None


def _account(operation: Operation) -> str:
    if not operation.account:
        raise InvalidError(why=NO_ACCOUNT)
    return operation.account


def _record(found: Record | None) -> dict[str, object] | None:
    if found is None:
        return None
    try:
        return msgspec.json.decode(found.value, type=dict[str, object])
    except UNREADABLE:
        raise ProtocolChangedError(where="getRecord") from None
