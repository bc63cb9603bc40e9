"""Doing things once, and looking for what an unanswered attempt may have done: posts, reactions, blocks, deletions.

A record's key comes from the operation, so a second attempt meets what the first one wrote.
"""

import msgspec

from workstation.connectors.base import Sent
from workstation.connectors.bluesky import parse, records, tid, xrpc
from workstation.connectors.bluesky.addresses import (
    BLOCK,
    POST,
    REPORT,
    Place,
    from_web,
    known_place,
    place,
    web_address,
)
from workstation.connectors.bluesky.entities import (
    Handle,
    PostRecord,
    PostView,
    Record,
    SubjectRecord,
    Written,
)
from workstation.connectors.bluesky.facets import handles
from workstation.connectors.bluesky.measure import measure
from workstation.connectors.bluesky.media import UNREADABLE
from workstation.connectors.bluesky.moderation import Moderation
from workstation.connectors.bluesky.pages import Pages
from workstation.connectors.bluesky.parse import Parser, Whole
from workstation.connectors.bluesky.records import Answered
from workstation.connectors.bluesky.session import Session
from workstation.connectors.bluesky.xrpc import SwapError
from workstation.domain.errors import (
    AmbiguousError,
    GoneError,
    InvalidError,
    PermissionDeniedError,
    ProtocolChangedError,
    ReplyNotAllowedError,
    TooLongError,
)
from workstation.domain.messages import Batch, IncomingMessage, Mark
from workstation.domain.outbox import Act, Operation
from workstation.domain.text import N_
from workstation.net.limits import Lane

SENT = "sent"
"""The source of what comes back from our own doing."""
LOOK_PAGES = 10
REACTIONS = {
    Act.FAVOURITE: Mark.FAVOURITED,
    Act.UNFAVOURITE: Mark.FAVOURITED,
    Act.BOOST: Mark.BOOSTED,
    Act.UNBOOST: Mark.BOOSTED,
}
NOT_OWN = N_("it is not a post of this account")
NO_ANSWER = N_("a report is closed or escalated; whoever wrote it is not told")
CLOSED = N_("its author lets only some accounts answer in this thread")
TAKEN = N_("there is another record under the key of this post")

_subject = msgspec.json.Decoder(SubjectRecord)


class Block(msgspec.Struct):
    """app.bsky.graph.block."""

    subject: str = ""


_block = msgspec.json.Decoder(Block)


class Outbound:
    """Acts of one account."""

    def __init__(self, session: Session, parser: Parser, pages: Pages, moderation: Moderation) -> None:
        self._session = session
        self._parser = parser
        self._pages = pages
        self._moderation = moderation

    async def send(self, operation: Operation) -> Sent:
        """See Channel.send."""
        match operation.act:
            case Act.POST | Act.REPLY:
                return await self._post(operation)
            case Act.EDIT:
                return await self._edit(operation)
            case Act.DELETE:
                return await self._delete(operation)
            case Act.FAVOURITE | Act.BOOST:
                return await self._react(operation)
            case Act.UNFAVOURITE | Act.UNBOOST:
                return await self._take_back(operation)
            case Act.BLOCK:
                await self._made(self._own(operation), records.block(operation.account, self._created(operation)))
                return Sent(operation.target)
            case Act.UNBLOCK:
                for found in await self._blocks(operation.account):
                    await self._remove(found)
                return Sent(operation.target)
        return await self._moderation.send(operation)

    async def find_sent(self, operation: Operation) -> Sent | None:
        """See Channel.find_sent. Whoever asks allows for a server that is still at it."""
        match operation.act:
            case Act.POST | Act.REPLY:
                found = await self.record(self._own(operation))
                return self._found(found, operation) if found is not None else None
            case Act.FAVOURITE | Act.BOOST | Act.BLOCK:
                return Sent(operation.target) if await self.record(self._own(operation)) is not None else None
            case Act.DELETE:
                return Sent(operation.target) if await self.record(known_place(operation.target)) is None else None
            case Act.UNFAVOURITE | Act.UNBOOST:
                return None if await self._reactions(operation) else Sent(operation.target)
            case Act.UNBLOCK:
                return None if await self._blocks(operation.account) else Sent(operation.target)
            case Act.EDIT:
                found = await self.record(known_place(operation.target))
                said = parse.decoded_record(found.value).text if found is not None else ""
                return Sent(operation.target) if said == records.text(operation) else None
        return await self._moderation.find_sent(operation)

    # -- posts -----------------------------------------------------------------------------------------------------

    def _own(self, operation: Operation) -> Place:
        """Where the record of an operation is, or will be."""
        return Place(self._parser.own, records.COLLECTIONS[operation.act], tid.of(operation))

    def _created(self, operation: Operation) -> str:
        return parse.iso(tid.moment(operation, self._session.now()))

    async def _post(self, operation: Operation) -> Sent:
        length = measure(records.text(operation))
        if not length.fits:
            raise TooLongError(used=length.used, limit=length.limit, unit=length.unit.value)
        answered = await self._answered(operation) if operation.act is Act.REPLY else None
        dids = await self._dids(records.text(operation))
        record = records.post(operation, self._created(operation), dids, answered)
        at = self._own(operation)
        try:
            written = await self._put(at, record)
        except SwapError:
            return await self._there_already(at, operation)
        return self._sent(Record(written.uri, msgspec.Raw(msgspec.json.encode(record)), written.cid), operation)

    async def _there_already(self, at: Place, operation: Operation) -> Sent:
        """A server that refuses to write again what is there: it is ours, or a key was met twice."""
        found = await self.record(at)
        if found is not None and _text(found) == records.text(operation):
            return self._found(found, operation)
        raise InvalidError(why=TAKEN)

    async def _answered(self, operation: Operation) -> Answered:
        """What is answered, as it is now on the network: gone or closed is known before, not after."""
        if operation.target.startswith(REPORT):
            raise ReplyNotAllowedError(why=NO_ANSWER)
        uri = parse.original(self._parser.directory, operation.target)
        view = await self._pages.view(uri, Lane.WRITE)
        if view is not None and view.viewer is not None and view.viewer.reply_disabled:
            raise ReplyNotAllowedError(why=CLOSED)
        cid, record = await self._version(uri, view)
        root = record.reply.root if record.reply is not None else None
        return Answered(uri, cid, root.uri if root else uri, root.cid if root else cid)

    async def _version(self, uri: str, view: PostView | None) -> tuple[str, PostRecord]:
        """A post's version and record, also of one that the network shows to others only; GoneError."""
        if view is not None:
            return view.cid, parse.decoded_record(view.record)
        found = await self.record(known_place(uri))
        if found is None:
            raise GoneError
        try:
            return found.cid, parse.decoded_record(found.value)
        except UNREADABLE:
            raise ProtocolChangedError(where="getRecord") from None

    async def _dids(self, text: str) -> dict[str, str]:
        """Accounts behind the handles that a text mentions; handles that lead nowhere are left out."""
        found: dict[str, str] = {}
        for handle in handles(text)[:20]:
            try:
                params = (("handle", handle),)
                response = await self._session.query("com.atproto.identity.resolveHandle", params, Lane.WRITE)
                found[handle] = xrpc.decoded(response, Handle, "resolveHandle").did
            except (GoneError, InvalidError, ProtocolChangedError):
                continue
        return found

    async def record(self, at: Place) -> Record | None:
        """A record as it is now; None: it is certainly not there."""
        params = (("repo", at.repo), ("collection", at.collection), ("rkey", at.rkey))
        try:
            response = await self._session.query("com.atproto.repo.getRecord", params, Lane.WRITE)
        except GoneError:
            return None
        return xrpc.decoded(response, Record, "getRecord")

    async def _put(self, at: Place, record: records.Record, swap: str | None = None) -> Written:
        """Write a record where there is none (`swap` None), or in place of that version."""
        body: dict[str, object] = {
            "repo": at.repo,
            "collection": at.collection,
            "rkey": at.rkey,
            "record": record,
            "swapRecord": swap,
        }
        response = await self._session.procedure("com.atproto.repo.putRecord", body)
        return xrpc.decoded(response, Written, "putRecord", write=True)

    async def _made(self, at: Place, record: records.Record) -> None:
        """Write a record under an operation's own key; one that is there was written by an attempt before."""
        try:
            await self._put(at, record)
        except SwapError:
            if await self.record(at) is None:
                raise

    def _found(self, found: Record, operation: Operation) -> Sent:
        try:
            return self._sent(found, operation)
        except UNREADABLE:
            return Sent(found.uri, web_address(found.uri))

    def _sent(self, found: Record, operation: Operation) -> Sent:
        """The message of what was written, as the network will show it to others."""
        own = self._parser.stranger(self._parser.own)
        record = parse.decoded_record(found.value)
        message = self._parser.message(Whole(found.uri, record, own, found.cid, record.embed, self._session.now()))
        message = msgspec.structs.replace(message, operation=operation.id)
        return Sent(message.remote_id, message.address, Batch(SENT, (message,)))

    async def _edit(self, operation: Operation) -> Sent:
        at = known_place(operation.target)
        if at.repo != self._parser.own or at.collection != POST:
            raise PermissionDeniedError(why=NOT_OWN)
        found = await self.record(at)
        if found is None:
            raise GoneError
        before = msgspec.json.decode(found.value, type=dict[str, object])
        dids = await self._dids(records.text(operation))
        after = records.post(operation, self._created(operation), dids, None)
        kept = {name: value for name, value in before.items() if name not in {"facets", "labels"}}
        kept |= {name: value for name, value in after.items() if name in {"text", "facets", "labels", "langs"}}
        try:
            written = await self._put(at, kept, found.cid)
        except SwapError:
            raise AmbiguousError from None
        return self._found(Record(written.uri, msgspec.Raw(msgspec.json.encode(kept)), written.cid), operation)

    async def _delete(self, operation: Operation) -> Sent:
        at = known_place(operation.target)
        if at.repo != self._parser.own:
            raise PermissionDeniedError(why=NOT_OWN)
        await self._remove(at)
        return Sent(operation.target)

    async def _remove(self, at: Place) -> None:
        body: dict[str, object] = {"repo": at.repo, "collection": at.collection, "rkey": at.rkey}
        await self._session.procedure("com.atproto.repo.deleteRecord", body)

    # -- reactions and blocks --------------------------------------------------------------------------------------

    async def _react(self, operation: Operation) -> Sent:
        uri = await self._aimed(operation)
        view = await self._pages.view(uri, Lane.WRITE)
        cid, _ = await self._version(uri, view)
        at = self._own(operation)
        await self._made(at, records.reaction(at.collection, uri, cid, self._created(operation)))
        return self._reacted(operation, uri, view)

    async def _aimed(self, operation: Operation) -> str:
        """The post that is meant: of a repost what it reposts, or what an address names."""
        if operation.target:
            if operation.target.startswith(REPORT):
                return known_place((await self._moderation.about(operation)).uri).uri
            return parse.original(self._parser.directory, operation.target)
        named = from_web(operation.options.get("address", ""))
        if named is None:
            raise GoneError
        account, rkey = named
        if not account.startswith("did:"):
            account = (await self._dids(f"@{account}")).get(account.lower(), "")
        return known_place(f"at://{account}/{POST}/{rkey}").uri

    def _reacted(self, operation: Operation, uri: str, view: PostView | None) -> Sent:
        if view is None:
            return Sent(operation.target or uri, web_address(uri))
        try:
            message = self._marked(self._parser.view(view), operation.act)
        except UNREADABLE:
            return Sent(operation.target or uri, web_address(uri))
        return Sent(operation.target or uri, message.address, Batch(SENT, (message,)))

    @staticmethod
    def _marked(message: IncomingMessage, act: Act) -> IncomingMessage:
        mark = REACTIONS[act]
        marks = tuple(item for item in message.marks if item is not mark)
        if act in {Act.FAVOURITE, Act.BOOST}:
            marks = (*marks, mark)
        return msgspec.structs.replace(message, marks=marks)

    async def _take_back(self, operation: Operation) -> Sent:
        uri = await self._aimed(operation)
        for found in await self._reactions(operation):
            await self._remove(found)
        return self._reacted(operation, uri, await self._pages.view(uri, Lane.WRITE))

    async def _reactions(self, operation: Operation) -> list[Place]:
        """Our own likes or reposts of a post: what the network tells, and what it may not have seen yet."""
        uri = await self._aimed(operation)
        collection = records.COLLECTIONS[operation.act]
        view = await self._pages.view(uri, Lane.WRITE)
        viewer = view.viewer if view is not None else None
        told = (viewer.like if operation.act is Act.UNFAVOURITE else viewer.repost) if viewer is not None else ""
        found = {told: place(told)} if told else {}
        cursor = ""
        # The newest are not in the view yet; once it names one, older ones need not be looked for.
        for _ in range(1 if told else LOOK_PAGES):
            page = await self._pages.records(self._parser.own, collection, cursor)
            for record in _decoded(page.records):
                try:
                    if _subject.decode(record.value).subject.uri == uri:
                        found[record.uri] = place(record.uri)
                except UNREADABLE:
                    continue
            cursor = page.cursor or ""
            if not cursor:
                break
        return [at for at in found.values() if at is not None and at.repo == self._parser.own]

    async def _blocks(self, did: str) -> list[Place]:
        """Our own blocks of an account."""
        found: list[Place] = []
        cursor = ""
        for _ in range(LOOK_PAGES * 5):
            page = await self._pages.records(self._parser.own, BLOCK, cursor)
            for record in _decoded(page.records):
                at = place(record.uri)
                try:
                    if at is not None and _block.decode(record.value).subject == did:
                        found.append(at)
                except UNREADABLE:
                    continue
            cursor = page.cursor or ""
            if not cursor:
                return found
        raise AmbiguousError


def _decoded(raws: tuple[msgspec.Raw, ...]) -> list[Record]:
    found: list[Record] = []
    for raw in raws:
        try:
            found.append(msgspec.json.decode(raw, type=Record))
        except UNREADABLE:
            continue
    return found


def _text(found: Record) -> str:
    try:
        return parse.decoded_record(found.value).text
    except UNREADABLE:
        return ""
