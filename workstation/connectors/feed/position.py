"""What is known of a feed: how its state was called, where it moved to, and which items were told, as they were."""

import hashlib

import msgspec

from workstation.connectors.feed.entries import Entry
from workstation.connectors.feed.session import Stamp
from workstation.domain.messages import Cursor

VERSION = 1
KNOWN = 2_000
LONGEST_ID = 200


class Position(msgspec.Struct, frozen=True):
    """`known` maps digests of ids to digests of title and address, and of the whole item; the oldest come first."""

    url: str = ""
    etag: str = ""
    modified: str = ""
    known: dict[str, str] = {}

    @property
    def stamp(self) -> Stamp:
        """What to ask with."""
        return Stamp(self.etag, self.modified)

    def cursor(self) -> Cursor:
        """As it is stored."""
        return Cursor(VERSION, msgspec.json.encode(self).decode())


def restored(cursor: Cursor | None) -> Position | None:
    """The position that a cursor holds; None where there is none that can be read."""
    if cursor is None or cursor.version != VERSION:
        return None
    try:
        return msgspec.json.decode(cursor.value, type=Position)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


class Told(msgspec.Struct, frozen=True):
    """An item with the id that it has here, and how it was known before: not at all, differently, or just so."""

    entry: Entry
    remote_id: str
    key: str
    state: str
    new: bool
    changed: bool


def digest(*parts: str, size: int = 8) -> str:
    """A short name of a text."""
    return hashlib.blake2b("\0".join(parts).encode(errors="replace"), digest_size=size).hexdigest()


def sorted_out(entries: tuple[Entry, ...], known: dict[str, str]) -> list[Told]:
    """The items as they are known here.

    An id should be its item's alone and last. Where there is none, the address is it, else what the item says; where
    several items have the same, title and address tell them apart, and whoever had it first keeps it.
    """
    shared: dict[str, int] = {}
    for entry in entries:
        shared[_id(entry)] = shared.get(_id(entry), 0) + 1
    found: dict[str, Told] = {}
    for entry in entries:
        told = _told(entry, known, alone=shared[_id(entry)] == 1)
        found.setdefault(told.key, told)
    return list(found.values())


def _id(entry: Entry) -> str:
    return entry.guid or entry.link or f"{entry.title}\0{entry.text[:500]}\0{entry.published}"


def _told(entry: Entry, known: dict[str, str], *, alone: bool) -> Told:
    own = _id(entry)
    identity = digest(entry.title, entry.link, size=4)
    key, special = digest(own), digest(own, identity)
    before = known.get(key, "")
    if special in known or not (alone or not before or before.startswith(identity)) or (not alone and not before):
        key, own = special, f"{own}#{identity}"
    state = identity + digest(entry.title, entry.text, entry.link, entry.author, *_files(entry), size=4)
    before = known.get(key, "")
    return Told(
        entry, _remote_id(entry, own, key), key, state, new=not before, changed=bool(before) and before != state
    )


def _files(entry: Entry) -> list[str]:
    return [media.url for media in entry.media]


def _remote_id(entry: Entry, own: str, key: str) -> str:
    named = bool(entry.guid or entry.link)
    return own if named and len(own) <= LONGEST_ID and own.isprintable() else f"item:{key}"


def remembered(known: dict[str, str], told: list[Told]) -> dict[str, str]:
    """What is known then; what was seen lately is kept longest."""
    now = {each.key: each.state for each in reversed(told)}
    kept = {key: state for key, state in known.items() if key not in now} | now
    surplus = len(kept) - max(KNOWN, 2 * len(now))
    return dict(list(kept.items())[max(0, surplus) :])
