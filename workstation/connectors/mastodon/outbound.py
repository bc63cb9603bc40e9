"""Doing things on the network once, and looking for what an unanswered attempt may have done."""

from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress

import msgspec

from workstation.connectors.base import Sent
from workstation.connectors.mastodon import acts, answers, parse
from workstation.connectors.mastodon.directory import Directory, Seen
from workstation.connectors.mastodon.entities import (
    Account,
    AdminAccount,
    Context,
    Found,
    Made,
    Relationship,
    Status,
    StatusSource,
)
from workstation.connectors.mastodon.parse import REPORT, UNREADABLE, Parser
from workstation.connectors.mastodon.requests import part
from workstation.connectors.mastodon.session import Session
from workstation.domain.errors import (
    AmbiguousError,
    GoneError,
    InvalidError,
    PermissionDeniedError,
    ProtocolChangedError,
    UnsupportedError,
)
from workstation.domain.messages import Batch, IncomingMessage, Mark, Micros
from workstation.domain.outbox import Act, Operation
from workstation.domain.text import N_
from workstation.net.client import Response
from workstation.net.limits import Lane

SKEW = 300_000_000
"""How far the server's clock may be off from ours."""
SENT = "sent"
"""The source of what comes back from our own doing."""
LOOK_PAGES = 5
UNSEEN = (PermissionDeniedError, ProtocolChangedError, UnsupportedError)
"""A post that cannot be looked at, which says nothing of whether it can be answered."""
NOT_OWN = N_("it is not a post of this account")
NO_POLLS = N_("posts with a poll cannot be edited here")


class Outbound:
    """Acts of one account: `own` is its id on the server of that domain."""

    def __init__(self, session: Session, parser: Parser, own: str, handle: str, domain: str) -> None:
        self._session = session
        self._parser = parser
        self._own, self._handle, self._domain = own, handle, domain

    @property
    def _directory(self) -> Directory:
        return self._parser.directory

    async def send(self, operation: Operation) -> Sent:
        """See Channel.send."""
        if operation.act in {Act.POST, Act.REPLY}:
            return await self._post(operation)
        if operation.act is Act.EDIT:
            return await self._edit(operation)
        operation = self._aimed(await self._found_target(operation))
        account = await self._account(operation) if operation.act in acts.ON_ACCOUNT else ""
        response = await self._session.ask(acts.build(self._session.api, operation, account), Lane.WRITE)
        return self._done(operation, response)

    async def _found_target(self, operation: Operation) -> Operation:
        """A boost of what is known by its address alone: this server is asked what it calls it."""
        address = operation.options.get("address", "")
        if operation.target or operation.act is not Act.BOOST or not address:
            return operation
        params = (("q", address), ("type", "statuses"), ("resolve", "true"), ("limit", "1"))
        response = await self._session.get("/api/v2/search", params, Lane.WRITE)
        for raw in answers.decoded(response, Found, "search").statuses:
            with suppress(*UNREADABLE):
                status = msgspec.json.decode(raw, type=Status)
                return acts.replace_target(operation, self._parser.message(status).remote_id)
        raise GoneError

    def _aimed(self, operation: Operation) -> Operation:
        """Acts on a boost are about the post that is boosted; deleting one's own boost is not."""
        if operation.act not in {*acts.STATUS_PATHS, Act.REPORT}:
            return operation
        seen = self._directory.post(operation.target)
        return acts.replace_target(operation, seen.original) if seen is not None and seen.original else operation

    async def _account(self, operation: Operation) -> str:
        """The server's id of whom an act is about; the post tells it where handles cannot be looked up."""
        target = operation.target
        if target and not target.startswith(REPORT) and not self._directory.account(operation.account):
            with suppress(*UNSEEN, GoneError, *UNREADABLE):
                self._parser.message(await self._status(target))
        return await self.account_id(operation.account)

    async def account_id(self, handle: str) -> str:
        """The server's id of an author; GoneError where it knows none. What is no handle is taken for an id."""
        if "@" not in handle:
            return handle
        known = self._directory.account(handle)
        if known:
            return known
        found = await self._lookup(handle)
        self._directory.learn(handle, found)
        return found

    async def _lookup(self, handle: str) -> str:
        try:
            response = await self._session.get("/api/v1/accounts/lookup", (("acct", handle),), Lane.WRITE)
            return str(answers.decoded(response, Account, "lookup").id)
        except (GoneError, UnsupportedError, InvalidError, ProtocolChangedError):
            pass
        params = (("q", handle), ("limit", "5"), ("resolve", "true"))
        try:
            response = await self._session.get("/api/v1/accounts/search", params, Lane.WRITE)
        except GoneError:
            raise UnsupportedError from None  # there is no such search, which says nothing of the account
        for raw in parse.items(response.body, "accounts/search"):
            try:
                account = msgspec.json.decode(raw, type=Account)
            except UNREADABLE:
                continue
            if self._parser.handle(account.acct) == handle:
                return str(account.id)
        raise GoneError

    async def _post(self, operation: Operation) -> Sent:
        target = await self._target(operation)
        text = acts.outgoing_text(operation, target, self._handle, self._domain)
        body = acts.status_body(operation, text, target)
        request = self._session.api.write("POST", "/api/v1/statuses", body, key=operation.id)
        response = await self._session.ask(request, Lane.WRITE)
        return self._sent(response, operation)

    async def _target(self, operation: Operation) -> Seen | None:
        """What is answered, as it is now on the network: gone is known before, not after."""
        if operation.act is not Act.REPLY:
            return None
        response = await self._session.raw(self._session.api.get(_path(operation.target)), Lane.WRITE)
        if response.status == 404 and not answers.reason(response):
            return self._directory.post(operation.target)  # no such address at all: nothing is said of the post
        try:
            status = answers.decoded(answers.check(response, self._session.now()), Status, "status")
            return self._directory.post(self._parser.message(status).remote_id)
        except (*UNSEEN, *UNREADABLE):
            return self._directory.post(operation.target)

    async def _status(self, remote_id: str) -> Status:
        response = await self._session.get(_path(remote_id), lane=Lane.WRITE)
        return answers.decoded(response, Status, "status")

    async def _edit(self, operation: Operation) -> Sent:
        """Media, and a warning that is not meant to change, must be named again, or the server drops them."""
        before = await self._status(operation.target)
        if str(before.account.id) != self._own:
            raise PermissionDeniedError(why=NOT_OWN)
        if before.poll is not None:
            raise InvalidError(why=NO_POLLS)
        body: dict[str, object] = {
            "status": operation.text,
            "spoiler_text": operation.spoiler or before.spoiler_text or "",
            "sensitive": bool(before.sensitive),
            "media_ids": [str(item.id) for item in before.media_attachments or ()],
        }
        language = operation.language.partition("-")[0] or before.language
        if language:
            body["language"] = language
        request = self._session.api.write("PUT", f"/api/v1/statuses/{part(operation.target)}", body)
        return self._sent(await self._session.ask(request, Lane.WRITE), operation)

    def _sent(self, response: Response, operation: Operation) -> Sent:
        try:
            status = answers.decoded(response, Status, "status", write=True)
            return self._found(status, operation)
        except (AmbiguousError, *UNREADABLE):
            made = answers.decoded(response, Made, "status", write=True)
            if made.id == "":
                raise AmbiguousError from None
            return Sent(str(made.id))  # it exists, the answer only does not show what it looks like

    def _found(self, status: Status, operation: Operation) -> Sent:
        message = msgspec.structs.replace(self._parser.message(status), operation=operation.id)
        return Sent(message.remote_id, status.url or status.uri or "", Batch(SENT, (message,)))

    def _done(self, operation: Operation, response: Response) -> Sent:
        """What an act's answer shows: the post as it is now, the report as it is now, or nothing to store."""
        try:
            if operation.act in {Act.FAVOURITE, Act.UNFAVOURITE, Act.BOOST, Act.UNBOOST}:
                return Sent(operation.target, batch=Batch(SENT, (self._reacted(response, operation),)))
            if operation.act in acts.REPORT_PATHS:
                return Sent(operation.target, batch=Batch(SENT, (self._parser.report(response.body),)))
        except UNREADABLE:
            pass  # it was done, the answer only does not show what it looks like
        return Sent(operation.target)

    def _reacted(self, response: Response, operation: Operation) -> IncomingMessage:
        """The post with our reaction; a boost answers with the new boost around it."""
        status = msgspec.json.decode(response.body, type=Status)
        message = self._parser.message(status.reblog or status)
        mark = {Act.FAVOURITE: Mark.FAVOURITED, Act.BOOST: Mark.BOOSTED}.get(operation.act)
        taken = {Act.UNFAVOURITE: Mark.FAVOURITED, Act.UNBOOST: Mark.BOOSTED}.get(operation.act)
        marks = tuple(item for item in message.marks if item is not taken)
        if mark is not None and mark not in marks:
            marks = (*marks, mark)
        return msgspec.structs.replace(message, marks=marks)

    async def find_sent(self, operation: Operation, since: Micros) -> Sent | None:
        """See Channel.find_sent. Whoever asks allows for a server that is still at it."""
        match operation.act:
            case Act.POST | Act.REPLY:
                return await self._look_for_post(operation, since)
            case Act.EDIT:
                return await self._look_at_source(operation)
            case Act.DELETE | Act.FAVOURITE | Act.UNFAVOURITE | Act.BOOST | Act.UNBOOST:
                return await self._look_at_status(self._aimed(await self._found_target(operation)))
            case Act.MUTE | Act.UNMUTE | Act.BLOCK | Act.UNBLOCK:
                return await self._look_at_relationship(operation)
            case Act.RESOLVE_REPORT | Act.REOPEN_REPORT | Act.ASSIGN_REPORT | Act.UNASSIGN_REPORT:
                return await self._look_at_report(operation)
            case Act.REPORT | Act.WARN_ACCOUNT:
                raise AmbiguousError
            case _:
                return await self._look_at_account(operation)

    async def _look_for_post(self, operation: Operation, since: Micros) -> Sent | None:
        """What was written since the attempt; or an answer that claims to be older than what it answers, as a server
        writes whose clock cannot be trusted.
        """
        wanted = acts.comparable(operation.text)
        older: Status | None = None
        try:
            async with aclosing(self._candidates(operation, since)) as pages:
                async for page in pages:
                    for status in (item for item in page if self._is_ours(item, operation, wanted)):
                        if parse.micros(status.created_at) >= since - SKEW:
                            return self._found(status, operation)
                        older = older or status
        except AmbiguousError:
            if older is None:
                raise
        if older is None or operation.act is not Act.REPLY:
            return None
        answered = await self._status(operation.target)
        return (
            self._found(older, operation)
            if parse.micros(older.created_at) <= parse.micros(answered.created_at)
            else None
        )

    def _is_ours(self, status: Status, operation: Operation, wanted: str) -> bool:
        if str(status.account.id) != self._own or status.reblog is not None:
            return False
        replied = "" if status.in_reply_to_id is None else str(status.in_reply_to_id)
        if replied != (operation.target if operation.act is Act.REPLY else ""):
            return False
        said = acts.comparable(self._parser.message(status).text)
        return said == wanted and (status.spoiler_text or "").strip() == operation.spoiler.strip()

    async def _candidates(self, operation: Operation, since: Micros) -> AsyncGenerator[list[Status], None]:
        """Own posts since the attempt, page by page; of an answer, first what is below the post that it answers.

        AmbiguousError where there are more than can be looked through.
        """
        if operation.act is Act.REPLY:
            with suppress(GoneError, InvalidError, *UNSEEN):
                response = await self._session.get(f"{_path(operation.target)}/context", lane=Lane.WRITE)
                yield _statuses(list(answers.decoded(response, Context, "context").descendants))
        seen: set[str] = set()
        oldest = ""
        for _ in range(LOOK_PAGES):
            params = (("limit", "40"), ("exclude_reblogs", "true"), *((("max_id", oldest),) if oldest else ()))
            response = await self._session.get(f"/api/v1/accounts/{part(self._own)}/statuses", params, Lane.WRITE)
            page = _statuses(parse.items(response.body, "accounts/statuses"))
            yield page
            # A pinned post may come first and is old: only the last of a page tells how far back it reaches.
            if not page or parse.micros(page[-1].created_at) < since - SKEW:
                return
            oldest = str(page[-1].id)
            if oldest in seen:
                break  # this server always gives its newest page
            seen.update(str(status.id) for status in page)
        raise AmbiguousError

    async def _look_at_source(self, operation: Operation) -> Sent | None:
        try:
            response = await self._session.get(f"/api/v1/statuses/{part(operation.target)}/source", lane=Lane.WRITE)
        except UnsupportedError:
            raise AmbiguousError from None
        source = answers.decoded(response, StatusSource, "source")
        if (source.text or "").strip() != operation.text.strip():
            return None
        return self._found(await self._status(operation.target), operation)

    async def _look_at_status(self, operation: Operation) -> Sent | None:
        try:
            status = await self._status(operation.target)
        except GoneError:
            if operation.act is Act.DELETE:
                return Sent(operation.target)
            raise
        done = {
            Act.DELETE: False,
            Act.FAVOURITE: bool(status.favourited),
            Act.UNFAVOURITE: not status.favourited,
            Act.BOOST: bool(status.reblogged),
            Act.UNBOOST: not status.reblogged,
        }[operation.act]
        return Sent(operation.target, batch=Batch(SENT, (self._parser.message(status),))) if done else None

    async def _look_at_relationship(self, operation: Operation) -> Sent | None:
        account = await self.account_id(operation.account)
        response = await self._session.get("/api/v1/accounts/relationships", (("id[]", account),), Lane.WRITE)
        found = answers.decoded(response, list[Relationship], "relationships")
        state = next((item for item in found if str(item.id) == account), None)
        if state is None:
            raise AmbiguousError
        is_so = state.muting if operation.act in {Act.MUTE, Act.UNMUTE} else state.blocking
        wanted = operation.act in {Act.MUTE, Act.BLOCK}
        return Sent(operation.target) if bool(is_so) == wanted else None

    async def _look_at_report(self, operation: Operation) -> Sent | None:
        number = operation.target.removeprefix(REPORT)
        response = await self._session.get(f"/api/v1/admin/reports/{part(number)}", lane=Lane.WRITE)
        found = parse.report_entity(response.body)
        assigned = str(found.assigned_account.id) if found.assigned_account else ""
        done = {
            Act.RESOLVE_REPORT: bool(found.action_taken),
            Act.REOPEN_REPORT: not found.action_taken,
            Act.ASSIGN_REPORT: assigned == self._own,
            Act.UNASSIGN_REPORT: assigned != self._own,
        }[operation.act]
        return Sent(operation.target, batch=Batch(SENT, (self._parser.report(response.body),))) if done else None

    async def _look_at_account(self, operation: Operation) -> Sent | None:
        account = await self.account_id(operation.account)
        response = await self._session.get(f"/api/v1/admin/accounts/{part(account)}", lane=Lane.WRITE)
        state = answers.decoded(response, AdminAccount, "admin/accounts")
        done = {
            Act.FREEZE_ACCOUNT: state.disabled,
            Act.UNFREEZE_ACCOUNT: not state.disabled,
            Act.MARK_SENSITIVE: state.sensitized,
            Act.UNMARK_SENSITIVE: not state.sensitized,
            Act.LIMIT_ACCOUNT: state.silenced,
            Act.UNLIMIT_ACCOUNT: not state.silenced,
            Act.SUSPEND_ACCOUNT: state.suspended,
            Act.UNSUSPEND_ACCOUNT: not state.suspended,
        }[operation.act]
        return Sent(operation.target) if done else None


def _path(remote_id: str) -> str:
    return f"/api/v1/statuses/{part(remote_id)}"


def _statuses(raws: list[msgspec.Raw]) -> list[Status]:
    """Those that can be read: what cannot is none of ours."""
    found: list[Status] = []
    for raw in raws:
        try:
            found.append(msgspec.json.decode(raw, type=Status))
        except UNREADABLE:
            continue
    return found
