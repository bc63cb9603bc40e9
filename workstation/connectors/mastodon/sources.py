"""What can be read of an account: for each source its feeds, their REST pages and streams; pure."""

import json
import re
from enum import StrEnum
from urllib.parse import quote

import msgspec

from workstation.domain.errors import ConfigurationError
from workstation.domain.messages import Cursor
from workstation.domain.text import N_

CURSOR_VERSION = 1
PAGE = 40
UNKNOWN_SOURCE = N_(
    "“{source}” is not known; use home, mentions, direct, local, remote, public, hashtag:NAME, list:ID, reports"
)


class Shape(StrEnum):
    """What a page of a feed holds."""

    STATUS = "status"
    NOTIFICATION = "notification"
    CONVERSATION = "conversation"
    REPORT = "report"


class Feed(msgspec.Struct, frozen=True):
    """One REST list with its stream. `source` owns its cursor under `name`; `stream` is empty where none exists."""

    source: str
    name: str
    path: str
    params: tuple[tuple[str, str], ...] = ()
    shape: Shape = Shape.STATUS
    stream: tuple[str, ...] = ()
    limit: int = PAGE


PLAIN = {
    "home": Feed("home", "statuses", "/api/v1/timelines/home", stream=("user",)),
    "local": Feed("local", "statuses", "/api/v1/timelines/public", (("local", "true"),), stream=("public:local",)),
    "remote": Feed("remote", "statuses", "/api/v1/timelines/public", (("remote", "true"),), stream=("public:remote",)),
    "public": Feed("public", "statuses", "/api/v1/timelines/public", stream=("public",)),
    "reports": Feed("reports", "reports", "/api/v1/admin/reports", shape=Shape.REPORT),
}
CONVERSATIONS = Feed(
    "direct", "conversations", "/api/v1/conversations", shape=Shape.CONVERSATION, stream=("direct",), limit=40
)
DEFAULT = ("home", "mentions", "direct")
KNOWN = {*PLAIN, "mentions", "direct"}


def wanted(setting: str, *, reports: bool) -> tuple[str, ...]:
    """The source keys that a setting names, each once; empty: the usual ones. ConfigurationError."""
    names = [name.strip() for name in setting.replace(";", ",").split(",") if name.strip()]
    if not names:
        return (*DEFAULT, "reports") if reports else DEFAULT
    return tuple(dict.fromkeys(_key(name) for name in names))


def _key(name: str) -> str:
    if name.startswith("#"):
        name = f"hashtag:{name}"
    kind, _, argument = name.partition(":")
    kind, argument = kind.strip().lower(), argument.strip().lstrip("#")
    if kind == "hashtag" and argument and "/" not in argument:
        return f"hashtag:{argument.lower()}"
    if kind == "list" and argument and "/" not in argument:
        return f"list:{argument}"
    if kind in KNOWN and not argument:
        return kind
    raise ConfigurationError(field="sources", why=UNKNOWN_SOURCE.format(source=name[:40]))


def feeds(sources: tuple[str, ...], *, conversations: bool) -> tuple[Feed, ...]:
    """The feeds behind the sources. Notifications serve mentions and direct messages alike, so they are read once."""
    found: list[Feed] = []
    if "mentions" in sources or "direct" in sources:
        found.append(_notifications("mentions" if "mentions" in sources else "direct"))
    for source in sources:
        if source == "direct" and conversations:
            found.append(CONVERSATIONS)
        elif source in PLAIN:
            found.append(PLAIN[source])
        elif source.startswith("hashtag:"):
            tag = source.removeprefix("hashtag:")
            found.append(Feed(source, "statuses", f"/api/v1/timelines/tag/{_quoted(tag)}", stream=("hashtag", tag)))
        elif source.startswith("list:"):
            number = source.removeprefix("list:")
            found.append(Feed(source, "statuses", f"/api/v1/timelines/list/{_quoted(number)}", stream=("list", number)))
    return tuple(found)


def _notifications(owner: str) -> Feed:
    return Feed(
        owner,
        "notifications",
        "/api/v1/notifications",
        (("types[]", "mention"),),
        Shape.NOTIFICATION,
        ("user",),
    )


def _quoted(text: str) -> str:
    return quote(text, safe="")


RANDOM_ID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}", re.IGNORECASE)
"""UUIDs of version 4: the only ids in use that do not tell their order."""


def order(position: str) -> tuple[int, str]:
    """Sorts ids by age: decimal ones by value, ULIDs and flakes as text."""
    return (len(position), position)


class Positions:
    """Where reading of each feed goes on, and the cursor of a source that says so for all its feeds."""

    def __init__(self, cursors: dict[str, Cursor]) -> None:
        self._at = {source: _read(cursor) for source, cursor in cursors.items()}

    def get(self, feed: Feed) -> str | None:
        """The id after which a feed goes on; empty where it had nothing when it was begun, None for a new one."""
        return self._at.get(feed.source, {}).get(feed.name)

    def begin(self, feed: Feed) -> None:
        """Note that a feed has been looked at: from now on everything in it counts."""
        self._at.setdefault(feed.source, {}).setdefault(feed.name, "")

    def advance(self, feed: Feed, position: str) -> bool:
        """Move on; never back. Whether it moved."""
        before = self.get(feed) or ""
        if not position or position == before:
            return False
        if not RANDOM_ID.fullmatch(position) and order(position) <= order(before):
            return False
        self._at.setdefault(feed.source, {})[feed.name] = position
        return True

    def note(self, source: str, name: str) -> str:
        """What was remembered for a source under a name that is no feed's."""
        return self._at.get(source, {}).get(name, "")

    def remember(self, source: str, name: str, value: str) -> bool:
        """Remember something with a source's positions. Whether it is new."""
        if self.note(source, name) == value:
            return False
        self._at.setdefault(source, {})[name] = value
        return True

    def cursor(self, source: str) -> Cursor | None:
        """The cursor to save, or None where nothing was read yet."""
        at = self._at.get(source)
        return Cursor(CURSOR_VERSION, json.dumps(at, separators=(",", ":"), sort_keys=True)) if at else None


def _read(cursor: Cursor) -> dict[str, str]:
    """The positions in a cursor; a version or form that is not ours starts anew."""
    if cursor.version != CURSOR_VERSION:
        return {}
    try:
        return msgspec.json.decode(cursor.value, type=dict[str, str])
    except msgspec.MsgspecError:
        return {}
