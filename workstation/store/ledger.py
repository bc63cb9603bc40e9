"""The loss ledger: what became of everything that was received, entered with the rows it speaks of."""

import sqlite3

import msgspec

from workstation.domain.channels import Ledger
from workstation.domain.messages import Batch, Micros, Reject

KEPT_REJECTS = 1_000
"""Rejects per channel that are kept to look at; all are counted."""
LONGEST_PLACE = 500


class Counted(msgspec.Struct, frozen=True):
    """What became of one batch."""

    received: int
    stored: int
    merged: int
    filtered: int
    rejected: int
    erased: int
    """Of the filtered: of people who were erased."""


def enter(
    connection: sqlite3.Connection,
    channel: int,
    source: int,
    batch: Batch,
    rejects: tuple[Reject, ...],
    counted: Counted,
    now: Micros,
) -> None:
    """Add a batch to its source's row, with its cursor and the rejects as they may be kept."""
    version, value = (None, None) if batch.cursor is None else (batch.cursor.version, batch.cursor.value)
    connection.execute(
        "UPDATE sources SET received = received + ?, stored = stored + ?, merged = merged + ?,"
        " filtered = filtered + ?, rejected = rejected + ?, erased = erased + ?,"
        " cursor_version = ifnull(?, cursor_version), cursor_value = ifnull(?, cursor_value) WHERE id = ?",
        (
            counted.received, counted.stored, counted.merged, counted.filtered, counted.rejected,
            counted.erased, version, value, source,
        ),
    )  # fmt: skip
    if rejects:
        _reject(connection, channel, batch.source, rejects, now)


def _reject(
    connection: sqlite3.Connection, channel: int, source: str, rejects: tuple[Reject, ...], now: Micros
) -> None:
    connection.executemany(
        "INSERT INTO rejects (channel, source, at, code, place, size, remote_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(channel, source, now, r.code, _short(r.where), min(r.size, 2**62), _short(r.remote_id)) for r in rejects],
    )
    connection.execute(
        "DELETE FROM rejects WHERE channel = ? AND id <= (SELECT id FROM rejects WHERE channel = ?"
        " ORDER BY id DESC LIMIT 1 OFFSET ?)",
        (channel, channel, KEPT_REJECTS),
    )


def _short(text: str) -> str:
    return text[:LONGEST_PLACE].encode("utf-8", "replace").decode()


def ledgers(connection: sqlite3.Connection, channel: int | None) -> tuple[Ledger, ...]:
    """The ledger of one channel, or of all, a row per source."""
    rows = connection.execute(
        "SELECT channel, key, received, stored, merged, filtered, rejected, erased FROM sources"
        " WHERE ?1 IS NULL OR channel = ?1 ORDER BY channel, key",
        (channel,),
    )
    return tuple(Ledger(*row) for row in rows)


def rejects(connection: sqlite3.Connection, channel: int, limit: int) -> tuple[Reject, ...]:
    """What could not be read lately, newest first."""
    rows = connection.execute(
        "SELECT code, place, size, remote_id FROM rejects WHERE channel = ? ORDER BY id DESC LIMIT ?", (channel, limit)
    )
    return tuple(Reject(*row) for row in rows)
