"""Mastodon's entities to the desk's messages; pure. Every item is decoded by itself: a bad one is a reject.

Authors are known by user@domain, which is the same on every server; what a server calls them is kept in `Directory`.
"""

import re
from datetime import UTC, datetime, timedelta

import msgspec

from workstation.connectors.mastodon import entities
from workstation.connectors.mastodon.directory import SEEN, Directory, Seen
from workstation.domain.errors import ProtocolChangedError
from workstation.domain.messages import (
    Author,
    IncomingMessage,
    Kind,
    Mark,
    Media,
    MediaKind,
    Micros,
    Reject,
    Visibility,
)
from workstation.net.markup import NO_MENTIONS, to_text
from workstation.net.plain import harmless, one_line

NETWORK = "mastodon"
REPORT = "report:"
"""Prefix of the remote ids of reports: their numbers would collide with those of posts."""
QUOTE_CAP = 600

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
VISIBILITY = {
    "public": Visibility.PUBLIC,
    "unlisted": Visibility.UNLISTED,
    "private": Visibility.FOLLOWERS,
    "direct": Visibility.DIRECT,
    "local": Visibility.FOLLOWERS,  # Akkoma: public on its server only, so an answer must not be public everywhere
    "mutuals_only": Visibility.FOLLOWERS,
    "limited": Visibility.FOLLOWERS,
}
VISIBILITY_NAMES = {
    Visibility.PUBLIC: "public",
    Visibility.UNLISTED: "unlisted",
    Visibility.FOLLOWERS: "private",
    Visibility.DIRECT: "direct",
}
MEDIA = {
    "image": MediaKind.IMAGE,
    "gifv": MediaKind.VIDEO,
    "video": MediaKind.VIDEO,
    "audio": MediaKind.AUDIO,
}

_status = msgspec.json.Decoder(entities.Status)
_notification = msgspec.json.Decoder(entities.Notification)
_conversation = msgspec.json.Decoder(entities.Conversation)
_report = msgspec.json.Decoder(entities.AdminReport)
_items = msgspec.json.Decoder(list[msgspec.Raw])
_context = msgspec.json.Decoder(entities.Context)

QUOTE_INLINE = re.compile(r'<p class="quote-inline">.{0,4000}?</p>', re.DOTALL)
TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[\]{},]', re.DOTALL)
FIRST_ID = re.compile(rb'^\s*\{\s*"id"\s*:\s*"?([0-9A-Za-z_-]{1,64})')

UNREADABLE = (msgspec.MsgspecError, RecursionError, ValueError, OverflowError)
"""What decoding and converting hostile data may raise."""


class Noted(msgspec.Struct, frozen=True, gc=False):
    """A notification: its id and type, and the message of a mention."""

    id: str
    type: str
    message: IncomingMessage | None


def micros(moment: datetime) -> Micros:
    """Microseconds UTC; a time without zone is taken as UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - EPOCH) // MICROSECOND


class Parser:
    """Turns one account's entities into messages; `own` is the account's id, `domain` that of its server."""

    def __init__(self, own: str, domain: str, directory: Directory) -> None:
        self._own = own
        self._domain = domain
        self.directory = directory
        self._authors: dict[str, tuple[entities.Account, Author]] = {}

    def handle(self, acct: str, username: str = "") -> str:
        """user@domain in lower case, which identifies an author on every server; ValueError where there is no name."""
        name = one_line(acct or username, 320).lower().removeprefix("@")
        if not name:
            raise ValueError("an account without a name")
        return name if "@" in name else f"{name}@{self._domain}"

    def author(self, account: entities.Account) -> Author:
        """The author of a post; most are seen again and again, as they were."""
        number = str(account.id)
        known = self._authors.get(number)
        if known is not None and known[0] == account:
            return known[1]
        made = self._author(account, number)
        if len(self._authors) >= SEEN:
            self._authors.clear()
        self._authors[number] = (account, made)
        return made

    def _author(self, account: entities.Account, number: str) -> Author:
        handle = self.handle(account.acct, account.username)
        self.directory.learn(handle, number)
        shown = account.display_name
        avatar = account.avatar_static or account.avatar or ""
        if avatar:
            self.directory.name(avatar)
        return Author(
            NETWORK,
            handle,
            handle,
            (one_line(shown) if shown else "") or one_line((account.acct or account.username).partition("@")[0]),
            account.url or "",
            avatar,
            bool(account.bot),
            max(0, account.followers_count or 0),
        )

    def status(self, data: bytes | str | msgspec.Raw) -> IncomingMessage:
        """The message of a Status; raises one of UNREADABLE."""
        return self.message(_status.decode(data))

    def message(self, status: entities.Status) -> IncomingMessage:
        """The message of a decoded Status."""
        if status.reblog is not None:
            return self._boost(status, status.reblog)
        post = str(status.id)
        mentions = status.mentions or ()
        author = self.author(status.account)
        own = str(status.account.id) == self._own
        visibility = VISIBILITY.get(status.visibility or "", Visibility.FOLLOWERS)
        named = self._named(mentions) if mentions else ()
        reply_to = "" if status.in_reply_to_id is None else str(status.in_reply_to_id)
        spoiler = one_line(status.spoiler_text, 500) if status.spoiler_text else ""
        language = one_line(status.language, 35) if status.language else ""
        self.directory.keep(post, Seen(author.handle, visibility))
        return IncomingMessage(
            remote_id=post,
            kind=self._kind(status, own, visibility),
            author=author,
            text=self._text(status),
            created_at=micros(status.created_at),
            reply_to=reply_to,
            address=status.uri or status.url or "",
            language=language,
            visibility=visibility,
            spoiler=spoiler,
            edited_at=micros(status.edited_at) if status.edited_at else 0,
            own=own,
            marks=_marks(status),
            media=self._attachments(status.media_attachments) if status.media_attachments else (),
            mentions=named,
        )

    def _named(self, mentions: tuple[entities.Mention, ...]) -> tuple[str, ...]:
        """Who is mentioned besides us; a mention without a name is passed over."""
        others = (item for item in mentions if str(item.id) != self._own and (item.acct or item.username))
        return tuple(self.handle(item.acct, item.username) for item in others)

    def _attachments(self, found: tuple[entities.MediaAttachment, ...]) -> tuple[Media, ...]:
        media = tuple(map(_media, found))
        for item in media:
            if item.preview_url:
                self.directory.name(item.preview_url)
        return media

    def _boost(self, status: entities.Status, original: entities.Status) -> IncomingMessage:
        if original.reblog is not None:
            raise ValueError("a boost of a boost")
        inner = self.message(original)
        seen = self.directory.post(inner.remote_id)
        if seen is not None:
            self.directory.keep(str(status.id), msgspec.structs.replace(seen, original=inner.remote_id))
        return msgspec.structs.replace(
            inner,
            remote_id=str(status.id),
            kind=Kind.BOOST,
            author=self.author(status.account),
            created_at=micros(status.created_at),
            edited_at=0,
            own=str(status.account.id) == self._own,
            address=status.uri or status.url or "",
            subject=inner.remote_id,
        )

    def _kind(self, status: entities.Status, own: bool, visibility: Visibility) -> Kind:
        """The same from whichever source a post comes, so that it does not change when it is seen again."""
        if visibility is Visibility.DIRECT:
            return Kind.DIRECT
        if not own:
            for item in status.mentions or ():
                if str(item.id) == self._own:
                    return Kind.MENTION
        return Kind.POST

    def _text(self, status: entities.Status) -> str:
        mentions = NO_MENTIONS
        if status.mentions:
            mentions = {item.url: self.handle(item.acct) for item in status.mentions if item.url and "@" in item.acct}
        quote = status.quote
        quoted = quote.quoted_status if isinstance(quote, entities.Quote) else None
        content = status.content or ""
        # The address of what is quoted, for software that shows no quotes.
        text = to_text(QUOTE_INLINE.sub("", content) if quoted is not None else content, mentions)
        if status.poll is not None and status.poll.options:
            options = "\n".join(f"○ {one_line(option.title or '')}" for option in status.poll.options[:50])
            text = f"{text}\n\n{options}".strip()
        if quoted is not None:
            text = f"{text}\n\n{self._quoted(quoted)}".strip()
        return text

    def _quoted(self, quoted: entities.Quoted) -> str:
        said = to_text(quoted.content or "")
        said = said if len(said) <= QUOTE_CAP else said[:QUOTE_CAP] + "…"
        lines = [f"@{self.handle(quoted.account.acct, quoted.account.username)}:", *said.split("\n")]
        return "\n".join(f"> {line}" if line else ">" for line in lines)

    def notification(self, data: bytes | str | msgspec.Raw) -> Noted:
        """What a Notification tells; of other kinds than mentions only that it was there."""
        found = _notification.decode(data)
        mention = found.type == "mention" and found.status is not None
        return Noted(str(found.id), found.type, self.message(found.status) if mention and found.status else None)

    def conversation(self, data: bytes | str | msgspec.Raw) -> IncomingMessage | None:
        """The latest message of a Conversation; None where it is deleted."""
        found = _conversation.decode(data)
        return None if found.last_status is None else self.message(found.last_status)

    def report(self, data: bytes | msgspec.Raw) -> IncomingMessage:
        """The message of an Admin::Report: who is reported and why, and the posts it names.

        Its author is the reported account: that is whom history and acts are about.
        """
        found = _report.decode(data)
        target = self.author(found.target_account.account)
        reporter = self.handle(found.account.account.acct, found.account.account.username)
        posts = [self._reported(item) for item in found.statuses or ()]
        reasons = [found.category or "", *(one_line(rule.text or "") for rule in found.rules or ())]
        head = " · ".join(filter(None, (f"⚑ @{reporter} → @{target.handle}", *reasons)))
        comment = harmless((found.comment or "")[:5_000]).strip()
        report = f"{REPORT}{found.id}"
        changed = micros(found.updated_at) if found.updated_at else 0
        created = micros(found.created_at)
        return IncomingMessage(
            remote_id=report,
            kind=Kind.REPORT,
            author=target,
            text="\n\n".join(filter(None, (head, comment, *(text for _, text in posts)))),
            created_at=created,
            branch=report,
            visibility=Visibility.INTERNAL,
            edited_at=changed if changed > created else 0,
            marks=(Mark.RESOLVED,) if found.action_taken else (),
            subject=next((post for post, _ in posts if post), ""),
        )

    def _reported(self, data: msgspec.Raw) -> tuple[str, str]:
        try:
            message = self.status(data)
        except UNREADABLE:
            return "", ""
        self.directory.keep(message.remote_id, Seen(message.author.handle, message.visibility))
        said = message.text if len(message.text) <= QUOTE_CAP else message.text[:QUOTE_CAP] + "…"
        return message.remote_id, "\n".join(f"> {line}" if line else ">" for line in said.split("\n"))


def _marks(status: entities.Status) -> tuple[Mark, ...]:
    if not (status.favourited or status.reblogged or status.sensitive):
        return ()
    flags = (
        (status.favourited, Mark.FAVOURITED),
        (status.reblogged, Mark.BOOSTED),
        (status.sensitive, Mark.SENSITIVE),
    )
    return tuple(mark for flag, mark in flags if flag)


def _media(attachment: entities.MediaAttachment) -> Media:
    meta = attachment.meta
    size = (meta.original or meta.small) if meta is not None else None
    width, height = (size.width or 0, size.height or 0) if size is not None else (0, 0)
    return Media(
        MEDIA.get(attachment.type or "", MediaKind.OTHER),
        attachment.url or attachment.remote_url or "",
        attachment.preview_url or "",
        harmless((attachment.description or "")[:3_000]),
        _pixels(width),
        _pixels(height),
        (attachment.blurhash or "")[:200],
    )


def _pixels(value: float) -> int:
    return int(value) if 0 < value < 100_000 else 0


def items(body: bytes, where: str) -> list[msgspec.Raw]:
    """The items of a page, not decoded; ProtocolChangedError if it is no list."""
    try:
        return _items.decode(body)
    except UNREADABLE:
        raise ProtocolChangedError(where=where) from None


def split(body: bytes) -> tuple[list[bytes], bool]:
    """The whole items of a list, and whether it is whole itself: for pages that nest too deep or break off.

    Counts brackets instead of descending into them, so that depth does not matter.
    """
    found: list[bytes] = []
    depth, start = 0, 0
    for token in TOKEN.finditer(body):
        sign = token[0]
        if sign in (b"[", b"{"):
            depth += 1
            if depth == 1:
                if sign != b"[":
                    return [], False
                start = token.end()
        elif sign in (b"]", b"}"):
            depth -= 1
            if depth == 0:
                last = body[start : token.start()].strip()
                return ([*found, last] if last else found), not body[token.end() :].strip()
        elif sign == b"," and depth == 1:
            found.append(body[start : token.start()].strip())
            start = token.end()
    return found, False


def context(body: bytes) -> entities.Context:
    """The posts around one; ProtocolChangedError."""
    try:
        return _context.decode(body)
    except UNREADABLE:
        raise ProtocolChangedError(where="context") from None


def reject(data: bytes | msgspec.Raw, where: str) -> Reject:
    """The ledger's entry for an item that cannot be read, with its id if that much can be read."""
    return Reject(ProtocolChangedError.code, where, len(bytes(data)), item_id(data))


class _Identified(msgspec.Struct, gc=False):
    id: str | int = ""


_identified = msgspec.json.Decoder(_Identified)


def item_id(data: bytes | msgspec.Raw) -> str:
    """The id of an item, or empty where it has none that can be read."""
    try:
        return str(_identified.decode(data).id)[:200]
    except UNREADABLE:
        found = FIRST_ID.match(bytes(data)[:200])
        return found[1].decode() if found else ""


def report_entity(data: bytes) -> entities.AdminReport:
    """A decoded Admin::Report; ProtocolChangedError."""
    try:
        return _report.decode(data)
    except UNREADABLE:
        raise ProtocolChangedError(where="report") from None
