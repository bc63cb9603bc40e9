"""What is asked for beside reading: conversations, what an author wrote, messages as they are now, pictures."""

import msgspec

from workstation.connectors.wordpress import parse
from workstation.connectors.wordpress.entities import Comment
from workstation.connectors.wordpress.outbound import number_of
from workstation.connectors.wordpress.parse import Parser
from workstation.connectors.wordpress.session import PAGE, Session
from workstation.domain.errors import GoneError, InvalidError, PermissionDeniedError
from workstation.domain.messages import Batch, Deletion, Reject
from workstation.domain.text import N_, lazy
from workstation.net import answers
from workstation.net.client import Client, Request, origin
from workstation.net.limits import Lane

THREAD, HISTORY, REFRESH = "thread", "history", "refresh"
NOT_NAMED = N_("no comment here names this picture")
NO_PICTURE = N_("it is no picture")


class Views:
    """Reads of one account that polling does not bring."""

    def __init__(self, session: Session, parser: Parser, client: Client) -> None:
        self._session = session
        self._parser = parser
        self._client = client

    async def thread(self, remote_id: str) -> Batch:
        """See Channel.thread: the comments below the same article, the newest hundred of them."""
        number = number_of(remote_id)
        try:
            body = await self._session.comment(number)
        except (GoneError, PermissionDeniedError) as error:
            if not isinstance(error, GoneError):
                raise
            return Batch(THREAD, deletions=(Deletion(remote_id, self._session.now()),))
        own, rejects = await self._told([msgspec.Raw(body)], THREAD)
        post = own[0].post if own else 0
        if not post:
            return await self._batch(THREAD, own, rejects)
        page = await self._session.page(0, PAGE, Lane.CATCH_UP, (("post", str(post)),))
        found, more = await self._told(page.items, THREAD)
        known = {each.id for each in found}
        return await self._batch(THREAD, [*(each for each in own if each.id not in known), *found], [*rejects, *more])

    async def history(self, account: str) -> Batch:
        """See Channel.history: by account or address where the role permits to ask so, else by name."""
        rights = self._session.rights
        kind, _, value = account.rpartition("/")[2].partition(":")
        asks = rights.moderates or rights.edits
        extra: tuple[tuple[str, str], ...]
        if kind == "user" and asks and value.isdecimal():
            extra = (("author", value),)
        elif kind == "guest" and rights.moderates and self._session.directory.email(account):
            extra = (("author_email", self._session.directory.email(account)),)
        else:
            extra = ()
        page = await self._session.page(0, PAGE, Lane.CATCH_UP, extra)
        found, rejects = await self._told(page.items, HISTORY)
        wanted = [each for each in found if self._parser.author(each).remote_id == account]
        batch = await self._batch(HISTORY, wanted, rejects)
        return msgspec.structs.replace(batch, history=True, filtered=batch.filtered + len(found) - len(wanted))

    async def refresh(self, remote_ids: tuple[str, ...]) -> Batch:
        """See Channel.refresh."""
        wanted = {number_of(remote_id) for remote_id in remote_ids}
        listed = sorted(wanted)
        found: list[Comment] = []
        rejects: list[Reject] = []
        for start in range(0, len(listed), PAGE):
            include = ",".join(map(str, listed[start : start + PAGE]))
            page = await self._session.page(0, PAGE, Lane.CATCH_UP, (("include", include),))
            some, bad = await self._told(page.items, REFRESH)
            found += some
            rejects += bad
        missing = wanted - {each.id for each in found} - {int(bad.remote_id or 0) for bad in rejects}
        deletions = []
        for number in sorted(missing):  # not to be listed is not yet to be gone
            try:
                some, bad = await self._told([msgspec.Raw(await self._session.comment(number))], REFRESH)
                found += some
                rejects += bad
            except (GoneError, PermissionDeniedError):
                deletions.append(Deletion(str(number), self._session.now()))
        batch = await self._batch(REFRESH, found, rejects)
        now = self._session.now()
        as_now = tuple(msgspec.structs.replace(message, edited_at=now) for message in batch.messages)
        return msgspec.structs.replace(batch, messages=as_now, deletions=tuple(deletions))

    async def _told(self, raws: list[msgspec.Raw], source: str) -> tuple[list[Comment], list[Reject]]:
        found: list[Comment] = []
        rejects: list[Reject] = []
        for raw in raws:
            try:
                found.append(parse.comment(raw))
            except parse.UNREADABLE:
                rejects.append(parse.reject(raw, source))
        return found, rejects

    async def _batch(self, source: str, found: list[Comment], rejects: list[Reject]) -> Batch:
        wanted = sorted((each for each in found if self._parser.wanted(each)), key=lambda each: each.id)
        await self._session.learn(wanted, Lane.CATCH_UP)
        title = self._session.directory.title
        now = self._session.now()
        messages = tuple(self._parser.message(each, title(each.post or 0) or "", now) for each in wanted)
        return Batch(source, messages, (), tuple(rejects), len(found) - len(messages))

    async def media(self, url: str) -> bytes:
        """See Channel.media: only addresses that were named, only pictures, nothing from private networks."""
        if not self._session.directory.names(url):
            raise PermissionDeniedError(why=lazy(NOT_NAMED))
        request = Request(
            url=url,
            headers=(("Accept", "image/*"),),
            redirects=3,
            public_only=True,
            home=origin(self._session.api.root),
            insecure=self._session.api.insecure,
        )
        response = await self._client.request(request)
        if not response.good:
            raise answers.failure(response, self._session.now(), write=False)
        kind = response.header("content-type").lower().partition(";")[0].strip()
        if not kind.startswith("image/") or kind == "image/svg+xml":  # SVG is a program, not a picture
            raise InvalidError(why=lazy(NO_PICTURE))
        return response.body
