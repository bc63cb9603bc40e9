"""What can be read of an account, and where reading of each source goes on; pure.

Every list is newest first and can only be paged backwards, in the order of the network's time of sorting, into which
something may be put in late. So a position knows the newest time and what was seen around it; reading goes back until
it is past that time by OVERLAP, and takes whatever was not seen. A long way back is a gap whose progress is saved too.
"""

import hashlib
from base64 import b64encode
from enum import StrEnum

import msgspec

from workstation.connectors.bluesky.addresses import HANDLE, place
from workstation.domain.errors import ConfigurationError
from workstation.domain.messages import Cursor, Micros
from workstation.domain.text import N_, LazyText, lazy

CURSOR_VERSION = 1
OVERLAP: Micros = 60_000_000
KEPT = 150
"""Items whose identity a position remembers; the largest page has 100."""
UNKNOWN_SOURCE = N_(
    "“{source}” is not known; use mentions, own, home, search:WORDS, hashtag:TAG, list:ADDRESS, feed:ADDRESS,"
    " jetstream, reports"
)
NO_JETSTREAM = N_("the source jetstream needs the address of a Jetstream server")


class Shape(StrEnum):
    """What a page of a source holds."""

    NOTIFICATION = "notification"
    FEED = "feed"
    POST = "post"
    REPORT = "report"


class Feed(msgspec.Struct, frozen=True):
    """One list. `optional`: somebody else's, whose faults must not stop the account's own."""

    source: str
    nsid: str
    params: tuple[tuple[str, str], ...] = ()
    shape: Shape = Shape.FEED
    limit: int = 50
    optional: bool = False


JETSTREAM = "jetstream"
REPORTS = "reports"
DEFAULT = ("mentions", "own", "home")
PLAIN = {"mentions", "own", "home", JETSTREAM, REPORTS}


def wanted(setting: str, *, jetstream: bool, reports: bool) -> tuple[str, ...]:
    """The source keys that a setting names, each once; empty: the usual ones. ConfigurationError."""
    names = [name.strip() for name in setting.replace(";", ",").split(",") if name.strip()]
    found = dict.fromkeys(map(_key, names or DEFAULT))
    if not names and reports:
        found[REPORTS] = None
    if jetstream:
        found[JETSTREAM] = None  # who gives an address wants it read
    elif JETSTREAM in found:
        raise ConfigurationError(field="jetstream", why=NO_JETSTREAM)
    return tuple(found)


def _key(name: str) -> str:
    if name.startswith(("#", "＃")):
        name = f"hashtag:{name}"
    kind, _, argument = name.partition(":")
    kind, argument = kind.strip().lower(), argument.strip()
    if kind in PLAIN and not argument:
        return kind
    if kind == "hashtag" and (tag := argument.lstrip("#＃")) and " " not in tag:
        return f"hashtag:{tag.lower()}"
    if kind == "search" and argument:
        return f"search:{' '.join(argument.split())}"
    if kind in {"list", "feed"} and (found := _address(kind, argument)):
        return f"{kind}:{found}"
    raise ConfigurationError(field="sources", why=UNKNOWN_SOURCE.format(source=name[:60]))


COLLECTION = {"list": "app.bsky.graph.list", "feed": "app.bsky.feed.generator"}
PAGE_PART = {"list": "lists", "feed": "feed"}


def _address(kind: str, argument: str) -> str:
    """The record's address, also from that of its page."""
    found = place(argument)
    if found is not None:
        return argument if found.collection == COLLECTION[kind] else ""
    parts = argument.partition("://")[2].split("?")[0].strip("/").split("/")
    if len(parts) == 5 and parts[1] == "profile" and parts[3] == PAGE_PART[kind]:
        made = f"at://{parts[2]}/{COLLECTION[kind]}/{parts[4]}"
        valid = parts[2].startswith("did:") or HANDLE.fullmatch(parts[2])
        return made if valid and place(made) is not None else ""
    return ""


def feed(source: str, did: str) -> Feed | None:
    """The list behind a source; None for a stream."""
    kind, _, argument = source.partition(":")
    match kind:
        case "mentions":
            return Feed(source, "app.bsky.notification.listNotifications", shape=Shape.NOTIFICATION)
        case "own":
            return Feed(source, "app.bsky.feed.getAuthorFeed", (("actor", did), ("filter", "posts_with_replies")))
        case "home":
            return Feed(source, "app.bsky.feed.getTimeline")
        case "list":
            return Feed(source, "app.bsky.feed.getListFeed", (("list", argument),), optional=True)
        case "feed":
            return Feed(source, "app.bsky.feed.getFeed", (("feed", argument),), optional=True)
        case "search":
            return _search(source, (("q", argument),))
        case "hashtag":
            return _search(source, (("q", f"#{argument}"), ("tag", argument)))
        case "reports":
            types = (("types", "tools.ozone.moderation.defs#modEventReport"),)
            return Feed(source, "tools.ozone.moderation.queryEvents", types, Shape.REPORT, optional=True)
    return None


def _search(source: str, params: tuple[tuple[str, str], ...]) -> Feed:
    return Feed(source, "app.bsky.feed.searchPosts", (*params, ("sort", "latest")), Shape.POST, optional=True)


def title(source: str) -> LazyText | str:
    """What people call a source whose key does not say it."""
    kind, _, argument = source.partition(":")
    return lazy(N_("Search: {words}"), words=argument) if kind == "search" else ""


def digest(key: str) -> str:
    """A short name for an item, for remembering many."""
    return b64encode(hashlib.sha256(key.encode("utf-8", "replace")).digest()[:6]).decode()


class Gap(msgspec.Struct, frozen=True, omit_defaults=True):
    """On the way back to what is known: where the next page begins, and what will be known at the end."""

    cursor: str
    newest: Micros
    seen: tuple[str, ...] = ()
    floor: Micros = 0


class Position(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far a source was read. `newest` 0: it was begun and had nothing."""

    newest: Micros = 0
    seen: tuple[str, ...] = ()
    floor: Micros = 0
    """Time of the oldest that is remembered: what is older has moved up since, because something was deleted."""
    gap: Gap | None = None
    note: str = ""
    """What a source remembers besides."""


_reader = msgspec.json.Decoder(Position)


def position(cursor: Cursor | None) -> Position | None:
    """The position in a cursor; None for a new source, or a form that is not ours."""
    if cursor is None or cursor.version != CURSOR_VERSION:
        return None
    try:
        return _reader.decode(cursor.value)
    except msgspec.MsgspecError:
        return None


def cursor(at: Position) -> Cursor:
    """The cursor to save."""
    return Cursor(CURSOR_VERSION, msgspec.json.encode(at).decode())
