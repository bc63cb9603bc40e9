"""What a card says, as text and marks; how it looks is decided in `card`. The same words serve screen readers."""

import re
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from zlib import crc32

import msgspec

from workstation.domain.cases import Case, Entry, Holder, Status
from workstation.domain.languages import MIXED, UNKNOWN
from workstation.domain.masking import HIDDEN
from workstation.domain.messages import Kind, Mark, Media, MediaKind, Message, Micros, Visibility
from workstation.domain.outbox import Outgoing, State
from workstation.domain.reading import as_written, own_words, title_and_body
from workstation.domain.text import N_
from workstation.i18n import Direction, _, formats, ngettext, own_direction, plain
from workstation.services.clock import MINUTE
from workstation.services.highlights import Colour, Highlight
from workstation.views import masking

BODY_CHARACTERS = 900
"""More than five lines hold; what follows is not laid out at all."""
LINE_CHARACTERS = 120
_BLANKS = re.compile(r"[ \t\r\f\v]+")
_LINES = re.compile(r"\s*\n\s*")
_ACCENTS = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20f0\ufe20-\ufe2f]"
_STACKED = re.compile(f"({_ACCENTS}{{4}}){_ACCENTS}+")
# Short, so that a chip says at a glance how long somebody has waited.
WAITED_LONG, WAITED_TOO_LONG = 15 * MINUTE, 60 * MINUTE


class Tone(StrEnum):
    """What a chip means; the colours follow from it."""

    PLAIN = "plain"
    QUIET = "quiet"
    ACCENT = "accent"
    OK = "ok"
    WARN = "warn"
    DANGER = "danger"
    PRACTICE = "practice"


class Chip(msgspec.Struct, frozen=True):
    """A small label on a card; `icon` may be empty."""

    text: str
    tone: Tone = Tone.PLAIN
    icon: str = ""


class ChannelFace(msgspec.Struct, frozen=True):
    """How a channel shows on a card: its name, and the letter and colour (#RRGGBB) of its network's badge."""

    name: str
    badge: str
    colour: str
    practice: bool = False


NO_CHANNEL = ChannelFace("", "?", "#5E6B78")


class Surroundings(msgspec.Struct, frozen=True):
    """What a card shows beside its entry; given by whoever builds the deck."""

    now: Callable[[], Micros]
    channel: Callable[[int], ChannelFace]
    outgoing: Callable[[int], Outgoing | None]
    announces: Callable[[], bool] = lambda: True
    """Whether screen readers are to be told of what arrives."""


class Content(msgspec.Struct, frozen=True):
    """Everything a card says. `direction` is that of the body by what is written, None for neutral text."""

    name: str
    about: str
    time: str
    body: str
    direction: Direction | None
    initial: str
    hue: int
    """Number of the avatar's colours, any size: the theme takes the remainder."""
    face: ChannelFace
    language: str = ""
    title: str = ""
    spoiler: str = ""
    marks: tuple[str, ...] = ()
    """Icons beside the time."""
    media: tuple[Chip, ...] = ()
    chips: tuple[Chip, ...] = ()
    notice: Chip | None = None
    holder: Holder | None = None
    highlight: Chip | None = None
    """What makes the card catch the eye; its chip comes first."""
    alike: int = 1
    """How many cases the card stands for."""
    own: bool = False
    dimmed: bool = False
    struck: bool = False


@lru_cache(maxsize=4_096)
def one_line(text: str, most: int = LINE_CHARACTERS) -> str:
    """`text` of a stranger fit for one line: no controls of direction, no line breaks, no towers of accents."""
    return _STACKED.sub(r"\1", " ".join(plain(text[: most * 2]).split()))[:most]


def body_text(text: str) -> str:
    """`text` of a stranger fit for a card: line breaks kept one by one, cut where no card shows it any more."""
    cut = plain(text[: BODY_CHARACTERS * 2])
    if "\n" in cut:
        cut = _LINES.sub("\n", cut)
    if not cut.isascii():
        cut = _STACKED.sub(r"\1", cut)
    return _BLANKS.sub(" ", cut).strip()[:BODY_CHARACTERS]


HIGHLIGHTS: dict[Colour, tuple[Tone, str, str]] = {
    # A shape and a word for each, so that nobody has to tell colours apart.
    Colour.ACCENT: (Tone.ACCENT, "star", N_("Highlight")),
    Colour.OK: (Tone.OK, "circle-check", N_("Good")),
    Colour.WARN: (Tone.WARN, "triangle-alert", N_("Attention")),
    Colour.DANGER: (Tone.DANGER, "circle-alert", N_("Urgent")),
    Colour.NEUTRAL: (Tone.QUIET, "flag", N_("Marked")),
}


def highlighted(highlight: Highlight | None) -> Chip | None:
    """The chip of a highlight; without a label of its own it says what its colour means."""
    if highlight is None:
        return None
    tone, icon, usual = HIGHLIGHTS[highlight.colour]
    return Chip(one_line(highlight.label, 40) or _(usual), tone, icon)


def describe(entry: Entry, around: Surroundings, highlight: Highlight | None = None) -> Content:
    """What the card of `entry` says now, in the language spoken now."""
    entry, chip = masking.entry(entry), highlighted(highlight)
    message, case, now = entry.message, entry.case, around.now()
    face = around.channel(message.channel)
    name = one_line(message.author.name) or one_line(message.author.handle) or _("Unknown")
    handle = one_line(message.author.handle)
    spam = Mark.SPAM in message.marks
    title, body = title_and_body(message)
    content = Content(
        name=name,
        about=_about(handle, message.kind, face),
        time=formats().age(message.created_at, now),
        title=one_line(title),
        body=body_text(own_words(body)) or (_("No text") if not title and not message.media else ""),
        direction=own_direction(body or title),
        initial=_initial(name, handle),
        hue=crc32(f"{message.author.network}/{message.author.remote_id}".encode("utf-8", "replace")),
        face=face,
        language=message.language,
        spoiler=one_line(message.spoiler),
        marks=_marks(message),
        media=_media(message.media, Mark.SENSITIVE in message.marks),
        chips=(chip, *_chips(message, case, now)) if chip is not None else _chips(message, case, now),
        notice=_notice(message, around.outgoing(message.id)),
        holder=case.holder if case is not None and case.status is not Status.SOLVED else None,
        highlight=chip,
        own=message.own,
        dimmed=spam or bool(message.deleted_at) or (case is not None and case.status is Status.SOLVED),
        struck=bool(message.deleted_at),
    )
    return folded(content) if Mark.FOLDED in message.marks else content


def folded(content: Content) -> Content:
    """The card as a rule folds it: who and when; what is said is a key or a click away."""
    why = Chip(_("Folded by a rule"), Tone.QUIET, "minimize-2")
    return msgspec.structs.replace(content, title="", body="", spoiler="", media=(), chips=(why,), dimmed=True)


def gathered(content: Content, alike: int) -> Content:
    """The card of a row that stands for so many cases says so first."""
    if alike < 2:
        return content
    return msgspec.structs.replace(
        content, alike=alike, chips=(Chip(plain(_alike(alike)), Tone.ACCENT, "layers"), *content.chips)
    )


def _alike(count: int) -> str:
    return ngettext("{count} alike", "{count} alike", count)


def _about(handle: str, kind: Kind, face: ChannelFace) -> str:
    at = handle if handle == HIDDEN else as_written(handle, kind)
    return " · ".join(part for part in (at, face.name) if part)


def _initial(name: str, handle: str) -> str:
    return next((char.upper() for char in name + handle if char.isalnum()), "?")


_VISIBILITY_MARK = {Visibility.DIRECT: "mail", Visibility.FOLLOWERS: "lock", Visibility.INTERNAL: "shield"}
_KIND_MARK = {
    Kind.REPORT: "flag",
    Kind.BOOST: "repeat-2",
    Kind.COMMENT: "message-square",
    Kind.MAIL: "mail",
    Kind.ITEM: "list",
    Kind.CALL: "phone",
    Kind.LETTER: "file",
    Kind.TALK: "users",
}


def _marks(message: Message) -> tuple[str, ...]:
    found = [
        _KIND_MARK.get(message.kind, ""),
        _VISIBILITY_MARK.get(message.visibility, "") if message.kind is not Kind.REPORT else "",
        "star" if Mark.FAVOURITED in message.marks else "",
        "repeat-2" if Mark.BOOSTED in message.marks else "",
        "bot" if message.author.bot else "",
        "pencil" if message.revision and not message.deleted_at else "",
    ]
    return tuple(dict.fromkeys(mark for mark in found if mark))


_MEDIA_ICON = {
    MediaKind.IMAGE: "image",
    MediaKind.VIDEO: "video",
    MediaKind.AUDIO: "music",
    MediaKind.OTHER: "file",
}


def _media(media: tuple[Media, ...], sensitive: bool) -> tuple[Chip, ...]:
    chips: list[Chip] = []
    for kind in MediaKind:
        count = sum(item.kind is kind for item in media)
        if count:
            chips.append(Chip(_media_words(kind, count), Tone.QUIET, _MEDIA_ICON[kind]))
    described = sum(bool(item.alt) for item in media)
    if described:
        chips.append(Chip(_("ALT"), Tone.QUIET))
    if sensitive and media:
        chips.append(Chip(_("Sensitive"), Tone.WARN, "eye-off"))
    return tuple(chips)


def _media_words(kind: MediaKind, count: int) -> str:
    match kind:
        case MediaKind.IMAGE:
            return ngettext("{count} image", "{count} images", count)
        case MediaKind.VIDEO:
            return ngettext("{count} video", "{count} videos", count)
        case MediaKind.AUDIO:
            return ngettext("{count} recording", "{count} recordings", count)
        case MediaKind.OTHER:
            return ngettext("{count} attachment", "{count} attachments", count)


STATUS_WORDS: dict[Status, str] = {
    Status.NEW: N_("New"),
    Status.OPEN: N_("Open"),
    Status.PENDING: N_("Answered"),
    Status.SNOOZED: N_("Snoozed"),
    Status.SOLVED: N_("Solved"),
}
HOLDER_WORDS: dict[Holder, str] = {
    Holder.FREE: N_("Free to take"),
    Holder.MINE: N_("Yours"),
    Holder.HELD: N_("Somebody else is on it"),
}


MARK_WORDS: dict[Mark, tuple[str, Tone, str]] = {
    Mark.HELD: (N_("Waits for approval"), Tone.WARN, "hourglass"),
    Mark.HIDDEN: (N_("Hidden"), Tone.QUIET, "eye-off"),
    Mark.TRASHED: (N_("In the trash"), Tone.QUIET, "trash-2"),
    Mark.AUTOMATIC: (N_("Automatic"), Tone.QUIET, "bot"),
    Mark.ENCRYPTED: (N_("Encrypted"), Tone.WARN, "lock"),
}
"""What a mark says on a card: words, tone, icon."""


def _language(message: Message, case: Case | None) -> str:
    """The language as a chip says it: with a question mark where the desk is not sure, alone where it knows none."""
    if message.language.lower() == UNKNOWN:
        return "?"
    if message.language.lower() == MIXED:
        return _("Mixed")
    language = (message.language or (case.language if case else "")).partition("-")[0]
    if not language or len(language) > 3 or not language.isalpha():
        return ""
    return language.upper() + ("?" if Mark.GUESSED in message.marks else "")


def _chips(message: Message, case: Case | None, now: Micros) -> tuple[Chip, ...]:
    chips: list[Chip] = []
    language = _language(message, case)
    if language:
        chips.append(Chip(language, Tone.PLAIN))
    if case is not None:
        chips += _clock(case, now)
        if case.status in (Status.PENDING, Status.SNOOZED, Status.SOLVED):
            chips.append(_status(case.status))
        chips += [Chip(one_line(tag, 40), Tone.ACCENT) for tag in case.tags]
        if case.notes:
            chips.append(Chip(formats().number(case.notes), Tone.QUIET, "sticky-note"))
    if Mark.SPAM in message.marks or Mark.JUNK in message.marks:
        chips.append(Chip(_("Spam"), Tone.DANGER))
    chips += [Chip(_(words), tone, icon) for mark, (words, tone, icon) in MARK_WORDS.items() if mark in message.marks]
    return tuple(chips)


def _status(status: Status) -> Chip:
    tone = Tone.OK if status is Status.SOLVED else Tone.QUIET
    icons = {Status.PENDING: "check", Status.SNOOZED: "alarm-clock", Status.SOLVED: "circle-check"}
    return Chip(_(STATUS_WORDS[status]), tone, icons[status])


def _clock(case: Case, now: Micros) -> list[Chip]:
    """The promised time if there is one, and how long the customer has waited for an answer."""
    chips: list[Chip] = []
    if case.status is Status.SOLVED:
        return chips
    if case.due_at:
        late = case.due_at < now
        text = formats().relative(case.due_at, now)
        chips.append(Chip(text, Tone.DANGER if late else Tone.WARN, "alarm-clock"))
    if case.escalated_at:
        chips.append(Chip(_("Escalated"), Tone.WARN, "hourglass"))
    if case.waiting_since:
        waited = now - case.waiting_since
        tone = Tone.OK if waited < WAITED_LONG else Tone.WARN if waited < WAITED_TOO_LONG else Tone.DANGER
        chips.append(Chip(formats().age(case.waiting_since, now), tone, "timer"))
    return chips


_NOTICES: dict[State, tuple[str, Tone, str]] = {
    State.WAITS: (N_("Waits for approval"), Tone.WARN, "hourglass"),
    State.QUEUED: (N_("Waiting to be sent"), Tone.ACCENT, "hourglass"),
    State.SENDING: (N_("Sending…"), Tone.ACCENT, "send"),
    State.FAILED: (N_("Not sent"), Tone.DANGER, "circle-alert"),
    State.UNKNOWN: (N_("Not known whether it was sent"), Tone.WARN, "circle-help"),
}


def _notice(message: Message, outgoing: Outgoing | None) -> Chip | None:
    if outgoing is not None and outgoing.state in _NOTICES:
        words, tone, icon = _NOTICES[outgoing.state]
        return Chip(_(words), tone, icon)
    if message.deleted_at:
        return Chip(_("Deleted on the network"), Tone.DANGER, "trash-2")
    if message.own:
        return Chip(_("Our reply") if message.reply_to else _("Ours"), Tone.ACCENT, "corner-up-left")
    return None


def pictured(entry: Entry) -> str:
    """What the pictures of a card show, as their authors described them, for screen readers."""
    words = {
        MediaKind.IMAGE: _("Picture"),
        MediaKind.VIDEO: _("Film"),
        MediaKind.AUDIO: _("Sound"),
        MediaKind.OTHER: _("File"),
    }
    bare = _("without a description")
    told = (
        _("{kind}: {description}", kind=words[item.kind], description=one_line(item.alt, 500) or bare)
        for item in masking.message(entry.message).media
    )
    return ". ".join(told)


def spoken(entry: Entry, around: Surroundings, highlight: Highlight | None = None, alike: int = 1) -> str:
    """The card as one sentence for screen readers: who, when, what, how it stands, and for how many it stands."""
    content = gathered(describe(entry, around, highlight), alike)
    text = content.body
    if content.spoiler:
        text = _("Content warning: {warning}", warning=content.spoiler)
    states = [_("Practice")] if content.face.practice else []
    if content.notice is not None:
        states.append(content.notice.text)
    if entry.case is not None:
        states += [_(STATUS_WORDS[entry.case.status]), _(HOLDER_WORDS[entry.case.holder])]
    if entry.message.revision:
        states.append(_("Edited"))
    states += [chip.text for chip in (*content.media, *content.chips) if chip.tone is not Tone.PLAIN]
    ago = formats().relative(entry.message.created_at, around.now())
    said = _("{name}, {ago}: {text}", name=content.name, ago=ago, text=text)
    return ". ".join(part for part in (said, formats().list(list(dict.fromkeys(states)))) if part)
