"""Events to messages: pure. What needs another event to be understood is named, and looked up by those who can ask."""

import re
from collections import OrderedDict

import msgspec

from workstation.connectors.matrix import names, text, unpack
from workstation.connectors.matrix.rooms import Room
from workstation.domain.messages import (
    Author,
    Deletion,
    IncomingMessage,
    Kind,
    Mark,
    Media,
    MediaKind,
    Micros,
    Reject,
    Visibility,
)
from workstation.net.plain import one_line

NETWORK = "matrix"
MENTIONED = 50
SAID = {"m.room.message", "m.room.encrypted", "m.sticker"} | text.POLL_STARTS
STATES = {"m.room.encryption", "m.room.tombstone", "m.room.member"}
LIKES = {"\N{THUMBS UP SIGN}", "\N{THUMBS UP SIGN}\ufe0f"}
KNOWN_KEPT = 20_000
RELATED_KEPT = 200
LOST = {"leave": Mark.LEFT, "ban": Mark.BANNED}
"""What others can do to our membership."""


class Known(msgspec.Struct, frozen=True):
    """What is remembered of an event: where it is, who wrote it, and what it looks like without its text."""

    room: str
    sender: str
    message: IncomingMessage | None = None


class Memory:
    """Events seen lately, by id; bounded."""

    def __init__(self, most: int = KNOWN_KEPT) -> None:
        self._most = most
        self._known: OrderedDict[str, Known] = OrderedDict()
        self.related: OrderedDict[str, tuple[str, bool]] = OrderedDict()
        """Our reactions and everybody's edits: the event that each is about, and whether it is an edit."""
        self.fresh = False
        """Whether `related` has changed since it was kept last."""

    def keep(self, event: str, known: Known) -> None:
        """Remember an event."""
        self._known[event] = known
        self._known.move_to_end(event)
        if len(self._known) > self._most:
            self._known.popitem(last=False)

    def relate(self, event: str, target: str, *, edit: bool = False) -> None:
        """Remember what an event is about: once it is taken back, the server no longer tells."""
        if self.related.get(event) == (target, edit):
            return
        self.related[event] = target, edit
        self.fresh = True
        if len(self.related) > RELATED_KEPT:
            self.related.popitem(last=False)

    def get(self, event: str) -> Known | None:
        """What is remembered of it."""
        return self._known.get(event)


class About(msgspec.Struct, frozen=True):
    """An event that says something of another one: an edit, a reaction of ours, or that one of them was taken back."""

    target: str
    sender: str
    at: Micros
    kind: str = ""
    """The type of an edit."""
    edit: unpack.Values | None = None
    """The new content."""
    unedited: bool = False
    """An edit was taken back."""


Item = IncomingMessage | Deletion | Reject | About | None
"""What an event is to the desk; None: nothing, by rule."""


class Parser:
    """Reads the events of one account: `own` is its user id; `everything` makes cases of all that others write."""

    def __init__(self, own: str, memory: Memory, *, everything: bool = False) -> None:
        self.own = own
        self.memory = memory
        self._everything = everything
        name, _, server = names.handle(own).partition(":")
        self._named = re.compile(rf"(?<![\w/])@{re.escape(name)}(?::{re.escape(server)}(?![\w.:-]*\w)|(?!\w|:\w))")

    def item(self, found: object, room: Room, now: Micros) -> Item:
        """What an event of a room is to the desk; never raises."""
        if not isinstance(found, dict):
            return reject(found, room.source)
        event_id, kind, sender = (unpack.text(found, key) for key in ("event_id", "type", "sender"))
        if not names.is_id(event_id, "$") or not names.is_id(sender, "@") or not kind:
            return reject(found, room.source)
        if not isinstance(found.get("content"), dict):
            return reject(found, room.source, event_id)
        if kind == "m.room.redaction":
            return self._redaction(found, room, now)
        if kind == "m.reaction":
            return self._reaction(found, event_id, sender, now)
        if "state_key" in found:
            return self._state(found, room, now) if kind in STATES else None
        if kind not in SAID:
            return None
        redacted = redaction_of(found)
        if redacted is not None:
            at = unpack.moment(unpack.number(redacted, "origin_server_ts"), now)
            return Deletion(event_id, at)
        return self._said(found, room, now)

    # -- what is said --------------------------------------------------------------------------------------------

    def _said(self, found: unpack.Values, room: Room, now: Micros) -> Item:
        content = unpack.values(found, "content")
        event_id, sender = unpack.text(found, "event_id"), unpack.text(found, "sender")
        relation = unpack.values(content, "m.relates_to")
        target = unpack.text(relation, "event_id")
        if unpack.text(relation, "rel_type") == "m.replace":
            if not names.is_id(target, "$"):
                return reject(found, room.source, event_id)
            self.memory.relate(event_id, target, edit=True)
            if found["type"] == "m.room.encrypted":
                return None  # it replaces what could not be read by what cannot be
            kind = unpack.text(found, "type")
            return About(target, sender, _at(found, now), kind, unpack.values(content, "m.new_content"))
        message = self.message(found, room, now)
        if message is None:
            return reject(found, room.source, event_id)
        return message

    def message(self, found: unpack.Values, room: Room, now: Micros) -> IncomingMessage | None:
        """The message that an event is, with the latest of its edits where the server tells it; None: unreadable."""
        content, edited_at = unpack.values(found, "content"), 0
        event_id, sender = unpack.text(found, "event_id"), unpack.text(found, "sender")
        latest = _latest_edit(found)
        shown = content
        if latest is not None:
            shown, edited_at = unpack.values(unpack.values(latest, "content"), "m.new_content"), _at(latest, now)
            if names.is_id(edit := unpack.text(latest, "event_id"), "$"):
                self.memory.relate(edit, event_id, edit=True)
            if not shown:
                shown, edited_at = content, 0
        said = self.said(unpack.text(found, "type"), shown, room.called(sender))
        if said is None:
            return None
        words, media, marks = said
        message = self._frame(found, room, now)
        message = msgspec.structs.replace(
            message,
            text=words,
            media=media,
            marks=marks,
            edited_at=edited_at,
            author=self._author(room, sender, marks),
        )
        self.memory.keep(event_id, Known(room.id, sender, msgspec.structs.replace(message, text="", media=())))
        return message

    def _frame(self, found: unpack.Values, room: Room, now: Micros) -> IncomingMessage:
        """Everything of a message but what it says."""
        content = unpack.values(found, "content")
        event_id, sender = unpack.text(found, "event_id"), unpack.text(found, "sender")
        relation = unpack.values(content, "m.relates_to")
        answers = unpack.text(unpack.values(relation, "m.in_reply_to"), "event_id")
        thread = unpack.text(relation, "event_id") if unpack.text(relation, "rel_type") == "m.thread" else ""
        thread = thread if names.is_id(thread, "$") else ""
        reply_to = answers if names.is_id(answers, "$") else thread
        own = sender == self.own
        told = self.mentioned(content)
        named = [names.handle(user) for user in told if user != self.own]
        if own and room.partner:
            named.append(names.handle(room.partner))
        return IncomingMessage(
            remote_id=event_id,
            kind=self._kind(room, content, own, reply_to, thread),
            author=self._author(room, sender, ()),
            text="",
            created_at=_at(found, now),
            branch=self.branch(room, sender, thread),
            reply_to=reply_to,
            address=names.permalink(room.id, event_id),
            visibility=room.visibility,
            own=own,
            mentions=tuple(dict.fromkeys(named))[:MENTIONED],
            operation=one_line(unpack.text(unpack.values(found, "unsigned"), "transaction_id")) if own else "",
        )

    def branch(self, room: Room, sender: str, thread: str) -> str:
        """The thread, the whole of a conversation of two, or what this person says in a room with many.

        What we write among many goes where the message is that it answers.
        """
        if thread:
            return thread
        if room.direct:
            return room.id
        return "" if sender == self.own else names.conversation(room.id, sender)

    def _kind(self, room: Room, content: unpack.Values, own: bool, reply_to: str, thread: str) -> Kind:
        if room.direct:
            return Kind.DIRECT
        if own:
            return Kind.POST
        if self.own in self.mentioned(content) or self._answers_us(content, reply_to, thread):
            return Kind.MENTION
        return Kind.COMMENT if self._everything else Kind.POST

    def _answers_us(self, content: unpack.Values, reply_to: str, thread: str) -> bool:
        known = (self.memory.get(event) for event in {reply_to, thread} if event)
        return any(found is not None and found.sender == self.own for found in known) or (
            bool(reply_to) and text.answered(content) == self.own
        )

    def mentioned(self, content: unpack.Values) -> list[str]:
        """Ids of the people that a message names: as it says itself, or as older clients show it."""
        if isinstance(content.get("m.mentions"), dict):
            users = unpack.texts(unpack.items(unpack.values(content, "m.mentions"), "user_ids"), MENTIONED)
            return [user for user in users if names.is_id(user, "@")]
        users = [user for user in text.pills(content)[:MENTIONED] if names.is_id(user, "@")]
        if self.own not in users and self._named.search(text.unquoted(content)):
            users.append(self.own)
        return users

    def _author(self, room: Room, user: str, marks: tuple[Mark, ...]) -> Author:
        return Author(
            NETWORK,
            user,
            names.handle(user),
            room.called(user),
            names.permalink(user),
            room.avatar(user),
            bot=Mark.AUTOMATIC in marks,
        )

    def said(
        self, kind: str, content: unpack.Values, called: str
    ) -> tuple[str, tuple[Media, ...], tuple[Mark, ...]] | None:
        """What an event says: text, files, marks. None where it cannot be read."""
        if kind == "m.room.encrypted":
            return "", (), (Mark.ENCRYPTED,)
        if kind in text.POLL_STARTS:
            return _or_none(text.poll(content), (), ())
        if kind == "m.sticker":
            return _or_none(text.caption(content), text.media(content, MediaKind.IMAGE), ())
        kind = unpack.text(content, "msgtype")
        if kind in text.KINDS:
            return _or_none(text.caption(content), text.media(content, text.KINDS[kind]), ())
        if kind == "m.location":
            return _or_none(text.place(content), (), ())
        words = text.body(content)
        if kind == "m.emote" and words:
            words = f"* {called} {words}"
        return _or_none(words, (), (Mark.AUTOMATIC,) if kind == "m.notice" else ())

    def edited(self, base: IncomingMessage, about: About, called: str) -> IncomingMessage | None:
        """The message as an edit leaves it; None where it is not its author's, or cannot be read."""
        if about.edit is None or about.sender != base.author.remote_id or Mark.ENCRYPTED in base.marks:
            return None
        said = self.said(about.kind, about.edit, called)
        if said is None:
            return None
        words, media, marks = said
        return msgspec.structs.replace(base, text=words, media=media, marks=marks, edited_at=about.at, operation="")

    # -- what is said of others ----------------------------------------------------------------------------------

    def _redaction(self, found: unpack.Values, room: Room, now: Micros) -> Item:
        target = unpack.text(found, "redacts") or unpack.text(unpack.values(found, "content"), "redacts")
        if not names.is_id(target, "$"):
            # One that was redacted itself says no more whom it meant.
            return None if redaction_of(found) is not None else reject(found, room.source)
        at = _at(found, now)
        about, edit = self.memory.related.get(target, ("", False))
        if about:
            return About(about, unpack.text(found, "sender"), at, unedited=edit)
        return Deletion(target, at)

    def _reaction(self, found: unpack.Values, event_id: str, sender: str, now: Micros) -> Item:
        relation = unpack.values(unpack.values(found, "content"), "m.relates_to")
        target = unpack.text(relation, "event_id")
        if sender != self.own or not names.is_id(target, "$") or unpack.text(relation, "key") not in LIKES:
            return None
        self.memory.relate(event_id, target)
        return About(target, sender, _at(found, now))

    # -- the room itself -----------------------------------------------------------------------------------------

    def _state(self, found: unpack.Values, room: Room, now: Micros) -> Item:
        content, kind = unpack.values(found, "content"), found["type"]
        if kind == "m.room.encryption":
            return self.notice(found, room, now, Mark.SEALED)
        if kind == "m.room.tombstone":
            return self.notice(found, room, now, Mark.MOVED, one_line(unpack.text(content, "body")))
        return self._membership(found, room, now) if found.get("state_key") == self.own else None

    def _membership(self, found: unpack.Values, room: Room, now: Micros) -> Item:
        """What others did to our own membership; our own doing is known."""
        content = unpack.values(found, "content")
        lost = LOST.get(unpack.text(content, "membership"))
        if lost is None or unpack.text(found, "sender") == self.own:
            return None
        return self.notice(found, room, now, lost, one_line(unpack.text(content, "reason"), 500))

    def notice(self, found: unpack.Values, room: Room, now: Micros, change: Mark, said: str = "") -> IncomingMessage:
        """A change of the room, and what somebody said of it; it opens no case."""
        message = msgspec.structs.replace(self._frame(found, room, now), kind=Kind.POST, branch="", reply_to="")
        return msgspec.structs.replace(message, text=said, marks=(Mark.AUTOMATIC, change), operation="")

    def invitation(self, room: Room, state: list[object], now: Micros) -> IncomingMessage | Reject:
        """An invitation that waits for us; its author is who invites."""
        inviter, is_direct = "", False
        for event in state:
            content = unpack.values(event, "content")
            room.learn(unpack.text(event, "type"), unpack.text(event, "state_key"), content)
            if unpack.text(event, "state_key") == self.own and unpack.text(content, "membership") == "invite":
                inviter, is_direct = unpack.text(event, "sender"), content.get("is_direct") is True
        if not names.is_id(inviter, "@"):
            return Reject("protocol_changed", "invitations", 0, names.INVITATION + room.id)
        named = room.name or room.alias or ("" if is_direct else room.id)
        message = self._invitation(room, inviter, named or room.called(inviter), now)
        return msgspec.structs.replace(message, marks=(Mark.HELD, Mark.INVITED))

    def accepted(self, room: Room, now: Micros) -> IncomingMessage:
        """The same invitation once we are in the room."""
        message = self._invitation(room, room.partner or self.own, room.title, now)
        return msgspec.structs.replace(message, edited_at=now)

    def _invitation(self, room: Room, inviter: str, named: str, at: Micros) -> IncomingMessage:
        return IncomingMessage(
            remote_id=names.INVITATION + room.id,
            kind=Kind.DIRECT,
            author=self._author(room, inviter, ()),
            text=named,
            created_at=at,
            branch=room.id,
            address=names.permalink(room.id),
            visibility=Visibility.DIRECT,
            marks=(Mark.INVITED,),
        )


def _or_none(
    words: str, media: tuple[Media, ...], marks: tuple[Mark, ...]
) -> tuple[str, tuple[Media, ...], tuple[Mark, ...]] | None:
    return (words, media, marks) if words or media else None


def _at(found: unpack.Values, now: Micros) -> Micros:
    return unpack.moment(unpack.number(found, "origin_server_ts"), now)


def _latest_edit(found: unpack.Values) -> unpack.Values | None:
    """The latest edit that the server bundles with an event, if it is the author's and can be read."""
    if found.get("type") == "m.room.encrypted":
        return None
    related = unpack.values(unpack.values(unpack.values(found, "unsigned"), "m.relations"), "m.replace")
    return related if related and related.get("sender") == found.get("sender") else None


def redaction_of(found: unpack.Values) -> unpack.Values | None:
    """The redaction that emptied an event; None where nobody did."""
    because = unpack.values(unpack.values(found, "unsigned"), "redacted_because")
    if because:
        return because
    # Some servers keep no reason; an event that says anything has a content.
    return unpack.EMPTY if found.get("content") == {} and found.get("type") in SAID else None


def reject(found: object, where: str, remote_id: str = "") -> Reject:
    """An entry for what cannot be read."""
    return Reject("protocol_changed", where, min(len(repr(found)), 1 << 30), remote_id)
