"""Answers and moderation: what each act asks of the site, and how to see whether it was done."""

from contextlib import suppress
from typing import TYPE_CHECKING

from workstation.connectors.base import Sent
from workstation.connectors.wordpress import parse
from workstation.connectors.wordpress.entities import Comment
from workstation.connectors.wordpress.measure import markup, measure
from workstation.connectors.wordpress.parse import Parser
from workstation.connectors.wordpress.session import COMMENTS, PAGE, Session
from workstation.domain.channels import LengthUnit
from workstation.domain.errors import (
    AmbiguousError,
    DuplicateError,
    GoneError,
    InvalidError,
    ProtocolChangedError,
    TooLongError,
    UnsupportedError,
)
from workstation.domain.messages import Batch, Micros
from workstation.domain.outbox import Act, Operation
from workstation.domain.text import N_, lazy
from workstation.net.client import Response
from workstation.net.limits import Lane

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

STATUS = {
    Act.APPROVE: "approved",
    Act.HOLD: "hold",
    Act.JUNK: "spam",
    Act.UNJUNK: "unspam",
    Act.RESTORE: "untrash",
}
IS = {Act.APPROVE: ("approved",), Act.HOLD: ("hold",), Act.JUNK: ("spam",), Act.TRASH: ("trash", "post-trashed")}
"""What a comment's status is when an act was done."""
IS_NOT = {Act.UNJUNK: ("spam",), Act.RESTORE: ("trash", "post-trashed")}
SENT = "sent"
NOT_A_COMMENT = N_("it is no comment of this site")
EMPTY = N_("there is no text")
EARLIER: Micros = 600_000_000
"""How far the site's clock may be behind ours."""


def number_of(remote_id: str) -> int:
    """The id of a comment. InvalidError."""
    if not remote_id.isdecimal() or len(remote_id) > 18 or not int(remote_id):
        raise InvalidError(why=lazy(NOT_A_COMMENT))
    return int(remote_id)


class Outbound:
    """Writes for one account."""

    def __init__(self, session: Session, parser: Parser, me: int, doubtful: set[str]) -> None:
        self._session = session
        self._parser = parser
        self._me = me
        self._doubtful = doubtful
        self._acts: dict[Act, Callable[[Operation], Awaitable[Sent]]] = {
            Act.REPLY: self._reply,
            Act.EDIT: self._edit,
            Act.DELETE: self._remove,
            Act.REMOVE: self._remove,
            Act.TRASH: self._trash,
            **dict.fromkeys(STATUS, self._moderate),
        }

    async def send(self, operation: Operation) -> Sent:
        """See Channel."""
        act = self._acts.get(operation.act)
        if act is None:
            raise UnsupportedError
        if operation.act in (Act.REPLY, Act.EDIT):
            self._check(operation.text)
        return await act(operation)

    def _check(self, text: str) -> None:
        length = measure(text)
        if not text.strip():
            raise InvalidError(why=lazy(EMPTY))
        if not length.fits:
            raise TooLongError(used=length.used, limit=length.limit, unit=LengthUnit.BYTES.value)

    # -- answers -------------------------------------------------------------------------------------------------

    async def _reply(self, operation: Operation) -> Sent:
        parent = number_of(operation.target)
        if operation.id in self._doubtful:
            found = await self._sent(operation, operation.at)
            if found is not None:
                raise DuplicateError(existing=str(found.id))
        body = {
            "post": await self._post_of(parent),
            "parent": parent,
            "content": markup(operation.text),
            "author_user_agent": parse.marker(operation.id),
        }
        try:
            response = await self._session.write(self._session.api.write("POST", COMMENTS, body))
        except DuplicateError:
            found = await self._same(operation)
            raise DuplicateError(existing=str(found.id) if found is not None else "") from None
        except AmbiguousError:
            self._doubtful.add(operation.id)
            raise
        return await self._echo(response)

    async def _post_of(self, number: int) -> int:
        seen = self._session.directory.seen(number)
        if seen is not None and seen.post:
            return seen.post
        return (await self._comment(number)).post or 0

    async def _comment(self, number: int) -> Comment:
        body = await self._session.comment(number, Lane.WRITE)
        try:
            return parse.comment(body)
        except parse.UNREADABLE:
            raise ProtocolChangedError(where="comment") from None

    async def _echo(self, response: Response) -> Sent:
        """What is there now; AmbiguousError where the answer cannot be read, though it was done."""
        try:
            found = parse.comment(response.body)
        except parse.UNREADABLE:
            raise AmbiguousError from None
        return await self._told(found)

    async def _told(self, found: Comment) -> Sent:
        await self._session.learn([found], Lane.WRITE)
        title = self._session.directory.title(found.post or 0) or ""
        message = self._parser.message(found, title, self._session.now())
        return Sent(message.remote_id, message.address, Batch(SENT, (message,)))

    async def _edit(self, operation: Operation) -> Sent:
        found = await self._comment(number_of(operation.target))
        return await self._change(found, {"content": markup(operation.text)})

    async def _change(self, found: Comment, body: dict[str, object]) -> Sent:
        """Change a comment, and nothing else of it.

        WordPress writes the address and the program of whoever asks into it, unless the author's are told again.
        """
        if self._session.rights.moderates:
            if found.author_ip:
                body["author_ip"] = found.author_ip
            if found.author_user_agent:
                body["author_user_agent"] = found.author_user_agent
        request = self._session.api.write("POST", f"{COMMENTS}/{found.id}", body)
        return await self._echo(await self._session.write(request))

    # -- moderation ----------------------------------------------------------------------------------------------

    async def _moderate(self, operation: Operation) -> Sent:
        found = await self._comment(number_of(operation.target))
        if _done(operation.act, found):
            return await self._told(found)
        return await self._change(found, {"status": STATUS[operation.act]})

    async def _trash(self, operation: Operation) -> Sent:
        """By deleting, which is refused where there is no trash; setting the status would delete it for good there."""
        number = number_of(operation.target)
        found = await self._comment(number)
        if _done(operation.act, found):
            return await self._told(found)
        return await self._echo(await self._session.write(self._session.api.write("DELETE", f"{COMMENTS}/{number}")))

    async def _remove(self, operation: Operation) -> Sent:
        number = number_of(operation.target)
        request = self._session.api.write("DELETE", f"{COMMENTS}/{number}", {"force": True})
        with suppress(GoneError):
            await self._session.write(request)
        return Sent(str(number))

    # -- looking -------------------------------------------------------------------------------------------------

    async def find_sent(self, operation: Operation, since: Micros) -> Sent | None:
        """See Channel."""
        if operation.act is Act.REPLY:
            found = await self._sent(operation, since)
            return await self._told(found) if found is not None else None
        return await self._look(operation)

    async def _look(self, operation: Operation) -> Sent | None:
        """Whether the comment is as the act leaves it."""
        ends = operation.act in (Act.DELETE, Act.REMOVE)
        try:
            found = await self._comment(number_of(operation.target))
        except GoneError:
            return Sent(operation.target) if ends else None
        if operation.act is Act.EDIT:
            return await self._told(found) if _says(found, operation.text) else None
        return await self._told(found) if not ends and _done(operation.act, found) else None

    async def _sent(self, operation: Operation, since: Micros) -> Comment | None:
        """Our comment that an operation left; AmbiguousError where the site does not show what waits for approval."""
        parent = number_of(operation.target)
        for found in await self._ours(parent):
            sent_by = parse.operation_of(found)
            if sent_by == operation.id:
                return found
            late = parse.moment(found, self._session.now()) >= since - EARLIER
            if not sent_by and late and found.parent == parent and _says(found, operation.text):
                return found
        rights = self._session.rights
        if not (rights.moderates or rights.edits):
            raise AmbiguousError
        return None

    async def _same(self, operation: Operation) -> Comment | None:
        """Our comment that says the same to the same comment."""
        parent = number_of(operation.target)
        ours = await self._ours(parent)
        return next((found for found in ours if found.parent == parent and _says(found, operation.text)), None)

    async def _ours(self, parent: int) -> list[Comment]:
        """What this account wrote lately below an article."""
        post = await self._post_of(parent)
        rights = self._session.rights
        mine = (("author", str(self._me)),) if self._me and (rights.moderates or rights.edits) else ()
        page = await self._session.page(0, PAGE, Lane.WRITE, (("post", str(post)), *mine))
        found: list[Comment] = []
        for raw in page.items:
            with suppress(*parse.UNREADABLE):
                found.append(parse.comment(raw))
        return [each for each in found if self._parser.own(each) or parse.operation_of(each)]


def _done(act: Act, found: Comment) -> bool:
    status = found.status or ""
    if act in IS:
        return status in IS[act]
    return act in IS_NOT and status not in IS_NOT[act]


def _says(found: Comment, text: str) -> bool:
    """Whether a comment has this text, whatever became of its spaces."""
    raw = found.content.raw
    if raw is not None and raw.split() == markup(text).split():
        return True
    return parse.text_of(found).split() == text.split()
