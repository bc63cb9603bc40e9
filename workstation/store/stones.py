"""Tombstones: keyed hashes of what was erased. Without the desk's key they tell nothing of what lies under them."""

import hmac
import secrets
import sqlite3
from collections.abc import Iterable, Sequence

from workstation.domain.filters import handle_key
from workstation.domain.messages import Author, Micros

ERASED = "erased:"
"""How the opaque id of an erased message begins."""
_TOGETHER = 500


def key(connection: sqlite3.Connection) -> bytes:
    """The desk's key."""
    row = connection.execute("SELECT value FROM desk WHERE name = 'tombstone_key'").fetchone()
    if row is None:
        made = secrets.token_hex(32)
        connection.execute("INSERT OR IGNORE INTO desk (name, value) VALUES ('tombstone_key', ?)", (made,))
        return bytes.fromhex(made)
    return bytes.fromhex(row[0])


def _hash(secret: bytes, text: str) -> bytes:
    return hmac.digest(secret, text.encode("utf-8", "replace"), "sha256")


def message(secret: bytes, channel: int, remote_id: str) -> bytes:
    """The tombstone of a message."""
    return _hash(secret, f"{channel}\0{remote_id}")


def address(secret: bytes, canonical: str) -> bytes:
    """The tombstone of a canonical address: the same message seen through whatever account."""
    return _hash(secret, f"address\0{canonical}")


def opaque(secret: bytes, channel: int, remote_id: str) -> str:
    """What stands for the id of an erased message where others refer to it: threads stay together."""
    if not remote_id or remote_id.startswith(ERASED):
        return remote_id
    return ERASED + message(secret, channel, remote_id).hex()[:24]


def of_author(secret: bytes, author: Author) -> list[bytes]:
    """The tombstones that an erased author may lie under: by id, by handle, by handle on whatever network."""
    keys = [_hash(secret, f"author\0{author.network}\0{author.remote_id}")]
    if author.handle:
        keys.append(_hash(secret, f"handle\0{author.network}\0{handle_key(author.handle)}"))
        keys.append(of_handle(secret, author.handle))
    return keys


def of_handle(secret: bytes, handle: str) -> bytes:
    """The tombstone of a handle on whatever network."""
    return _hash(secret, f"handle\0\0{handle_key(handle)}")


def term(secret: bytes, kind: str, text: str) -> bytes:
    """The hash of something that points to an erased person, already folded."""
    return _hash(secret, f"term\0{kind}\0{text}")


def content(secret: bytes, text: str, spoiler: str, media: str) -> bytes:
    """The hash of what a message said before it was masked; `media` as stored."""
    return _hash(secret, f"content\0{text}\0{spoiler}\0{media}")


def put(connection: sqlite3.Connection, keys: Iterable[bytes], now: Micros) -> None:
    """Raise tombstones."""
    connection.executemany("INSERT OR IGNORE INTO tombstones (key, at) VALUES (?, ?)", [(each, now) for each in keys])


def erased(connection: sqlite3.Connection, secret: bytes, channel: int, remote_ids: Iterable[str]) -> set[str]:
    """Which of these messages were erased here."""
    by_key = {message(secret, channel, remote_id): remote_id for remote_id in remote_ids}
    keys = list(by_key)
    return {by_key[each] for each in standing(connection, keys)}


def standing(connection: sqlite3.Connection, keys: Sequence[bytes]) -> set[bytes]:
    """Which of these tombstones there are."""
    found: set[bytes] = set()
    for start in range(0, len(keys), _TOGETHER):
        part = keys[start : start + _TOGETHER]
        marks = ", ".join("?" * len(part))
        found.update(row[0] for row in connection.execute(f"SELECT key FROM tombstones WHERE key IN ({marks})", part))
    return found
