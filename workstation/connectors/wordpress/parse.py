"""From the REST API's JSON to the desk's messages; pure but for what it remembers of comments seen."""

import hashlib
import re
from datetime import UTC, datetime, timedelta

import msgspec

from workstation.connectors.wordpress import entities, salvage
from workstation.connectors.wordpress.directory import Directory, Seen
from workstation.domain.errors import ProtocolChangedError
from workstation.domain.messages import Author, IncomingMessage, Kind, Mark, Micros, Reject
from workstation.net.html import readable, tidy
from workstation.net.plain import capped, one_line

NETWORK = "wordpress"
NAME_CAP = 80
TITLE_CAP = 160
UNREADABLE = (msgspec.MsgspecError, ValueError, RecursionError, OverflowError)
NO_COMMENTS = {"pingback", "trackback", "order_note", "webhook_delivery", "action_log", "edit-comment"}
"""Kinds that machines leave below articles and orders."""
MARKS = {"hold": (Mark.HELD,), "spam": (Mark.JUNK,), "trash": (Mark.TRASHED,), "post-trashed": (Mark.TRASHED,)}
LINES = re.compile(r"\r\n?|\n")
OPERATION = re.compile(r"^Meridian operation ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
AHEAD = timedelta(hours=26)
"""How far clocks and zones may be ahead; what is dated later is taken for written now."""

_list = msgspec.json.Decoder(list[msgspec.Raw])
_comment = msgspec.json.Decoder(entities.Comment, strict=False)
_named = msgspec.json.Decoder(entities.Named, strict=False)


def items(body: bytes) -> list[msgspec.Raw]:
    """The items of a list, each read on its own later. ProtocolChangedError."""
    try:
        return _list.decode(body)
    except UNREADABLE:
        raise ProtocolChangedError(where="comments") from None


def comment(data: bytes | msgspec.Raw) -> entities.Comment:
    """One comment; raises one of UNREADABLE."""
    try:
        return _comment.decode(data)
    except msgspec.MsgspecError:
        return salvage.comment(data)


def reject(data: bytes | msgspec.Raw, where: str) -> Reject:
    """What stands for an item that cannot be read."""
    return Reject(ProtocolChangedError.code, where, len(bytes(data)), str(number(data) or ""))


def number(data: bytes | msgspec.Raw) -> int:
    """The id of an item that cannot be read otherwise; 0 where there is none."""
    try:
        found = _named.decode(data).id
    except UNREADABLE:
        return 0
    return found if 0 < found < 1 << 63 else 0


def marker(operation: str) -> str:
    """The user agent that a comment of ours is sent with: moderators' answers tell it back."""
    return f"Meridian operation {operation}"


def operation_of(found: entities.Comment) -> str:
    """The operation that a comment was sent by; empty where that is not told."""
    told = OPERATION.match(found.author_user_agent or "")
    return told[1] if told else ""


class Parser:
    """Reads the comments of one site for one account."""

    def __init__(self, site: str, me: int, directory: Directory) -> None:
        self._site = site
        self._me = me
        self.directory = directory

    def wanted(self, found: entities.Comment) -> bool:
        """Whether somebody wrote it."""
        return (found.type or "comment") not in NO_COMMENTS

    def own(self, found: entities.Comment) -> bool:
        """Whether this account wrote it."""
        return bool(self._me) and found.author == self._me

    def message(self, found: entities.Comment, title: str, now: Micros) -> IncomingMessage:
        """A comment with the title of what it is below as its first line; our own answers have none."""
        author = self.author(found)
        remote_id = str(found.id)
        own = self.own(found)
        text = text_of(found) or "…"
        parent = found.parent or 0
        seen = Seen(found.post or 0, parent, author.remote_id, own)
        self.directory.keep(found.id, seen, found.author_email or "", author.avatar_url)
        title = one_line(title, TITLE_CAP)
        titled = bool(title) and not own
        # Sites do not say when a comment was changed: what is told again is as it is now.
        edited_at = now if self.directory.known(found.id) else 0
        self.directory.told(found.id)
        return IncomingMessage(
            remote_id=remote_id,
            kind=Kind.COMMENT,
            author=author,
            text=capped(f"{title}\n{text}" if titled else text),
            created_at=moment(found, now),
            branch=str(self.directory.root(found.id)),
            reply_to=str(parent) if parent else "",
            address=(found.link or "")[:2_000],
            edited_at=edited_at,
            own=own,
            marks=((Mark.TITLED,) if titled else ()) + MARKS.get(found.status or "", ()),
            operation=operation_of(found) if own else "",
        )

    def author(self, found: entities.Comment) -> Author:
        """Who wrote it: by account, else by a digest of the address that was given, else by name."""
        name = one_line(found.author_name or "", NAME_CAP)
        email = (found.author_email or "").strip().casefold()
        if found.author:
            key = f"user:{found.author}"
        elif email:
            key = f"guest:{_digest(email)}"
        else:
            key = f"name:{_digest(name.casefold())}"
        shown = name or "?"
        return Author(NETWORK, f"{self._site}/{key}", shown, shown, "", entities.largest(found.author_avatar_urls))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=12).hexdigest()


def text_of(found: entities.Comment) -> str:
    """What was written; what the site makes of it only where that is not told."""
    raw = found.content.raw
    if raw is None:
        return readable(found.content.rendered)
    if "<" not in raw and "&" not in raw:
        return tidy(LINES.sub("\n", raw))
    return readable(LINES.sub("<br>", raw))


def title(rendered: str) -> str:
    """The title of an article, plain and on one line."""
    return one_line(readable(rendered[:2_000]) if "<" in rendered or "&" in rendered else rendered)


def moment(found: entities.Comment, now: Micros) -> Micros:
    """When it was written; now, where the site tells nothing that can be."""
    for told in (found.date_gmt, found.date):
        try:
            when = datetime.fromisoformat((told or "").removesuffix("Z"))
        except ValueError:
            continue
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        micros = (when - EPOCH) // timedelta(microseconds=1)
        if 0 < micros <= now:
            return micros
        if 0 < micros <= now + AHEAD // timedelta(microseconds=1):
            return now
    return now
