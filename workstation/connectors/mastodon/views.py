"""Looking again: the thread around a post, an author's posts, single posts as they are now, thumbnails."""

from urllib.parse import urlsplit

import msgspec

from workstation.connectors.mastodon import answers, parse
from workstation.connectors.mastodon.entities import Context
from workstation.connectors.mastodon.outbound import Outbound
from workstation.connectors.mastodon.parse import REPORT, UNREADABLE, Parser
from workstation.connectors.mastodon.requests import part
from workstation.connectors.mastodon.session import Session
from workstation.domain.errors import GoneError, InvalidError, PermissionDeniedError
from workstation.domain.messages import Batch, Deletion, IncomingMessage, Reject
from workstation.domain.text import N_
from workstation.net.client import Client, Request, origin

THREAD, HISTORY, REFRESH = "thread", "history", "refresh"
HISTORY_LIMIT = "40"
NO_PICTURE = N_("it is no picture")
NOT_NAMED = N_("no message of this channel names this address")


class Views:
    """Reads of one account that the stream does not bring."""

    def __init__(self, session: Session, parser: Parser, outbound: Outbound, client: Client) -> None:
        self._session = session
        self._parser = parser
        self._outbound = outbound
        self._client = client

    async def thread(self, remote_id: str) -> Batch:
        """See Channel.thread."""
        if remote_id.startswith(REPORT):
            return await self.refresh((remote_id,))
        path = f"/api/v1/statuses/{part(remote_id)}"
        try:
            itself = await self._session.get(path)
        except GoneError:
            return Batch(THREAD, deletions=(Deletion(remote_id, self._session.now()),))
        around = answers.decoded(await self._session.get(f"{path}/context"), Context, "context")
        raws = [*around.ancestors, msgspec.Raw(itself.body), *around.descendants]
        return self._batch(THREAD, raws)

    async def history(self, account: str) -> Batch:
        """See Channel.history."""
        number = await self._outbound.account_id(account)
        params = (("limit", HISTORY_LIMIT), ("exclude_reblogs", "true"))
        response = await self._session.get(f"/api/v1/accounts/{part(number)}/statuses", params)
        return self._batch(HISTORY, parse.items(response.body, "accounts/statuses"))

    async def refresh(self, remote_ids: tuple[str, ...]) -> Batch:
        """See Channel.refresh."""
        messages: list[IncomingMessage] = []
        deletions: list[Deletion] = []
        rejects: list[Reject] = []
        for remote_id in remote_ids:
            report = remote_id.startswith(REPORT)
            number = part(remote_id.removeprefix(REPORT))
            path = f"/api/v1/admin/reports/{number}" if report else f"/api/v1/statuses/{number}"
            try:
                body = (await self._session.get(path)).body
                messages.append(self._parser.report(body) if report else self._parser.status(body))
            except GoneError:
                deletions.append(Deletion(remote_id, self._session.now()))
            except UNREADABLE:
                rejects.append(msgspec.structs.replace(parse.reject(body, REFRESH), remote_id=remote_id))
        return Batch(REFRESH, tuple(messages), tuple(deletions), tuple(rejects))

    def _batch(self, source: str, raws: list[msgspec.Raw]) -> Batch:
        messages: list[IncomingMessage] = []
        rejects: list[Reject] = []
        for raw in raws:
            try:
                messages.append(self._parser.status(raw))
            except UNREADABLE:
                rejects.append(parse.reject(raw, source))
        return Batch(source, tuple(messages), (), tuple(rejects))

    async def media(self, url: str) -> bytes:
        """See Channel.media: only addresses that were named, only pictures, nothing from private networks."""
        if not self._parser.directory.names(url):
            raise PermissionDeniedError(why=NOT_NAMED)
        request = Request(
            url=url,
            headers=(("Accept", "image/*"),),
            redirects=3,
            public_only=True,
            home=origin(self._session.api.base),
            insecure=urlsplit(url).scheme == "http" and self._session.api.insecure,
        )
        response = answers.check(await self._client.request(request), self._session.now())
        kind = response.header("content-type").lower().partition(";")[0].strip()
        if not kind.startswith("image/") or kind == "image/svg+xml":  # SVG is a program, not a picture
            raise InvalidError(why=NO_PICTURE)
        return response.body
