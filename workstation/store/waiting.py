"""What the outbox has to know of approval while it writes an operation down or takes one back."""

import sqlite3

from workstation.domain.approval import Ended
from workstation.domain.messages import Micros
from workstation.domain.outbox import WRITES_TEXT, Operation, State
from workstation.store.rows import json_text

REQUIRED = "approval_required"
"""Stands beside the hold, so that it is known in the same transaction that queues an operation, whoever queues it."""


def required(connection: sqlite3.Connection) -> bool:
    """Whether what is written waits for approval."""
    return connection.execute("SELECT 1 FROM desk WHERE name = ? AND value = '1'", (REQUIRED,)).fetchone() is not None


def first_state(connection: sqlite3.Connection, operation: Operation) -> State:
    """Where an operation stands when it is written down: words wait where that is agreed upon."""
    waits = operation.act in WRITES_TEXT and required(connection)
    return State.WAITS if waits else State.QUEUED


def begin(connection: sqlite3.Connection, operation: Operation, case: int, message: int, now: Micros) -> None:
    """Open the review of an operation that has just been written down as waiting."""
    connection.execute(
        "INSERT INTO reviews (operation, case_id, message, original, spoiler, waits_since) VALUES (?, ?, ?, ?, ?, ?)",
        (operation.id, case, message, operation.text, operation.spoiler, now),
    )
    audit(connection, case, now, "waits")


def take_back(connection: sqlite3.Connection, operation: str, now: Micros) -> None:
    """Close the review of an operation that whoever wrote it has taken back."""
    connection.execute(
        "UPDATE reviews SET ended = ?, ended_at = ? WHERE operation = ? AND ended IN ('', 'approved')",
        (Ended.TAKEN_BACK, now, operation),
    )


def audit(connection: sqlite3.Connection, case: int, now: Micros, what: str, **detail: str) -> None:
    """A line in the case's timeline, without names."""
    if case:
        connection.execute(
            "INSERT INTO audits (case_id, at, what, detail) VALUES (?, ?, ?, ?)", (case, now, what, json_text(detail))
        )
